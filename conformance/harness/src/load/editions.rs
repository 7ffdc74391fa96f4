//! The moulds of a load. One tells ten million events apart; those behind them get another nonce.

use std::{
    cell::RefCell,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
};

use hookproof_suite::{Bench, Mould};

use crate::nonce;

/// What every thread makes its moulds of.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) bench: Bench,
    /// The types in turn.
    kinds: Vec<String>,
    /// The nonces of the editions.
    nonces: Mutex<Vec<String>>,
}

impl Source {
    /// The events of `bench`: of the types that were named in turn, or of the ordinary one.
    ///
    /// # Errors
    ///
    /// As [`Bench::mould`], so that what is wrong is told before anything is sent.
    pub(super) fn new(bench: Bench) -> Result<Self, String> {
        let named = &bench.setting.events;
        let kinds = if named.is_empty() { vec![bench.ordinary_type().to_owned()] } else { named.clone() };
        for kind in &kinds {
            bench.mould(kind)?;
        }
        let nonces = Mutex::new(vec![bench.setting.nonce.clone()]);
        Ok(Self { bench, kinds, nonces })
    }

    fn nonce(&self, edition: usize) -> String {
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        while nonces.len() <= edition {
            nonces.push(nonce());
        }
        nonces[edition].clone()
    }
}

/// The moulds that one thread has made.
pub(super) struct Editions {
    source: Arc<Source>,
    made: RefCell<Vec<Option<Rc<[Mould]>>>>,
}

impl Editions {
    pub(super) fn new(source: Arc<Source>) -> Self {
        Self { source, made: RefCell::default() }
    }

    /// Has `write` pour the event of this number, which it is told within its edition.
    pub(super) fn pour(&self, event: u64, write: impl FnOnce(&Mould, u32)) {
        let most = u64::from(Mould::MOST);
        let moulds = self.edition(usize::try_from(event / most).unwrap_or(usize::MAX));
        let kinds = u64::try_from(moulds.len()).unwrap_or(1);
        let kind = usize::try_from(event % kinds).unwrap_or_default();
        write(&moulds[kind], u32::try_from(event % most).unwrap_or_default());
    }

    fn edition(&self, number: usize) -> Rc<[Mould]> {
        let mut made = self.made.borrow_mut();
        if made.len() <= number {
            made.resize(number + 1, None);
        }
        Rc::clone(made[number].get_or_insert_with(|| {
            let bench = self.source.bench.renamed(self.source.nonce(number));
            let mould = |kind: &String| {
                bench.mould(kind).expect("with another nonce it is numbered in the same places")
            };
            self.source.kinds.iter().map(mould).collect()
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hookproof_core::{Provider, Secret, Timestamp};
    use hookproof_suite::Setting;

    use super::*;

    const STARTED: Timestamp = Timestamp::from_unix_secs(1_800_000_000);

    fn ids(editions: &Editions, events: impl IntoIterator<Item = u64>) -> BTreeSet<Vec<u8>> {
        let mut ids = BTreeSet::new();
        for event in events {
            let (mut head, mut body) = (Vec::new(), Vec::new());
            editions.pour(event, |mould, number| {
                mould.pour(number, STARTED, &mut head, &mut body);
            });
            assert!(ids.insert(body), "{event} is like another");
        }
        ids
    }

    #[test]
    fn events_beyond_ten_million_are_unlike_those_before_and_the_same_in_every_thread() {
        let provider = Provider::built_in("turratech").unwrap();
        let secret = Secret::new("whsec_YSBzZWNyZXQgb2YgdGhlIGJlbmNobWFyaw==").unwrap();
        let events = ["payment.succeeded", "payment.failed"].map(str::to_owned).to_vec();
        let setting = Setting { events, nonce: nonce(), ..Setting::default() };
        let bench = Bench::new(provider.clone(), Some(&secret), setting, STARTED);
        let source = Arc::new(Source::new(bench.unwrap()).unwrap());
        let most = u64::from(Mould::MOST);
        let events = [0, 1, 2, most - 1, most, most + 1, 3 * most + 2];
        let one = ids(&Editions::new(Arc::clone(&source)), events);
        let other = ids(&Editions::new(source), events.into_iter().rev());
        assert_eq!(one, other);
    }
}
