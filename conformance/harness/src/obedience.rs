//! What the merchant's downstream was told to do about which events. Both stand-ins for it ask here.

use std::{collections::HashMap, time::Duration};

use hookproof_suite::{Call, Downstream};

/// The commands of a run, by the tokens that name their events.
#[derive(Debug, Default)]
pub(crate) struct Obedience {
    commands: Vec<Downstream>,
    by_token: HashMap<String, usize>,
}

impl Obedience {
    /// From now on calls that bear one of these tokens are answered so.
    pub(crate) fn set(&mut self, tokens: Vec<String>, downstream: Downstream) {
        let place = self.commands.len();
        self.commands.push(downstream);
        self.by_token.extend(tokens.into_iter().map(|token| (token, place)));
    }

    /// How long this call waits for its answer, and its status. A failure that was commanded is used up.
    pub(crate) fn answer(&mut self, call: &Call) -> (Duration, u16) {
        if self.commands.is_empty() {
            return (Duration::ZERO, SERVED);
        }
        let mut place = None;
        call.each_token(|token| place = place.or_else(|| self.by_token.get(token).copied()));
        match place.and_then(|place| self.commands.get_mut(place)) {
            None => (Duration::ZERO, SERVED),
            Some(Downstream { delay, failures: 0 }) => (*delay, SERVED),
            Some(Downstream { delay, failures }) => {
                *failures -= 1;
                (*delay, FAILED)
            }
        }
    }
}

/// What a sound downstream answers.
const SERVED: u16 = 200;

/// What it answers when it was told to fail.
const FAILED: u16 = 503;

#[cfg(test)]
mod tests {
    use super::*;

    fn call(body: &str) -> Call {
        Call {
            method: "POST".into(),
            target: "/ledger/evt_2".into(),
            headers: Vec::new(),
            body: body.into(),
            status: 0,
            ago: Duration::ZERO,
        }
    }

    #[test]
    fn only_calls_that_name_the_event_are_answered_so_and_a_new_command_takes_the_place_of_the_old() {
        let mut downstream = Obedience::default();
        let late = Duration::from_secs(3);
        assert_eq!(downstream.answer(&call("evt_1")), (Duration::ZERO, 200));
        downstream.set(vec!["evt_1".into(), "pay_1".into()], Downstream { delay: late, failures: 2 });
        assert_eq!(downstream.answer(&call("{\"event\":\"evt_1\"}")), (late, 503));
        assert_eq!(downstream.answer(&call("evt_11 pay_12")), (Duration::ZERO, 200));
        assert_eq!(downstream.answer(&call("payment=pay_1")), (late, 503));
        assert_eq!(downstream.answer(&call("evt_1")), (late, 200), "two failures, and slow as before");
        downstream.set(vec!["evt_2".into()], Downstream::failing(1));
        assert_eq!(downstream.answer(&call("")), (Duration::ZERO, 503), "the path names it");
        downstream.set(vec!["evt_1".into(), "pay_1".into()], Downstream::SOUND);
        assert_eq!(downstream.answer(&call("evt_1")), (Duration::ZERO, 200));
    }
}
