//! Which events a merchant has processed: one [`Claim`] an event, and the ways to keep such books badly.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use hookproof_core::{Claim, Claimed, KEEP_DEFAULT, LeaseLost, Timestamp, Token};

use super::{Character, Defect, Notice, Variant};

/// What the books say to a merchant that wants to work on an event.
#[derive(Debug)]
pub(super) enum Entry {
    /// Work, then [`Books::close`] or [`Books::release`] the hold.
    Begin(Hold),
    /// Somebody works on it.
    Busy,
    /// It was processed.
    Done,
    /// It failed too often.
    Poisoned,
}

/// The right to work on one event.
#[derive(Clone, Debug)]
pub(super) enum Hold {
    /// Nothing was asked and nothing will be noted.
    Unbooked,
    /// Nothing was held; the key will be noted.
    Unclaimed(String),
    /// The key is held under this token.
    Claimed(String, Token),
}

/// The claims on every event.
#[derive(Debug, Default)]
pub(super) struct Books {
    claims: BTreeMap<String, Claim>,
    noted: BTreeSet<String>,
    /// All that [`Defect::RemembersTwoEvents`] knows of, the latest last.
    recent: VecDeque<String>,
}

impl Books {
    /// Asks for the right to work on an event; `owner` is unlike that of any other request.
    pub(super) fn open(
        &mut self,
        character: &Character,
        notice: &Notice,
        owner: &str,
        now: Timestamp,
    ) -> Entry {
        if character.has(Defect::NoDedupe) || character.is(Variant::DownstreamDedupes) {
            return Entry::Begin(Hold::Unbooked);
        }
        if character.has(Defect::CheckThenAct) {
            let key = notice.key.clone();
            return if self.noted.contains(&key) { Entry::Done } else { Entry::Begin(Hold::Unclaimed(key)) };
        }
        let key = match &notice.signature {
            Some(signature) if character.has(Defect::DedupesBySignature) => signature,
            _ => &notice.key,
        };
        match self.claims.entry(key.clone()).or_default().claim(owner, now, LEASE, ATTEMPTS) {
            Claimed::Acquired { token, .. } => {
                let hold = Hold::Claimed(key.clone(), token);
                if character.has(Defect::RemembersTwoEvents) {
                    self.remember(key.clone());
                }
                Entry::Begin(hold)
            }
            Claimed::Busy { .. } => Entry::Busy,
            Claimed::Done => Entry::Done,
            Claimed::Poisoned => Entry::Poisoned,
        }
    }

    /// Forgets all but the last two.
    fn remember(&mut self, key: String) {
        self.recent.retain(|known| *known != key);
        self.recent.push_back(key);
        while self.recent.len() > 2 {
            if let Some(oldest) = self.recent.pop_front() {
                self.claims.remove(&oldest);
            }
        }
    }

    /// Notes that the event was processed.
    pub(super) fn close(&mut self, hold: &Hold, now: Timestamp) -> Result<(), LeaseLost> {
        match hold {
            Hold::Unbooked => Ok(()),
            Hold::Unclaimed(key) => {
                self.noted.insert(key.clone());
                Ok(())
            }
            Hold::Claimed(key, token) => {
                self.claims.get_mut(key).map_or(Ok(()), |claim| claim.commit(*token, now, KEEP_DEFAULT))
            }
        }
    }

    /// Gives the right back unused.
    pub(super) fn release(&mut self, hold: &Hold) -> Result<(), LeaseLost> {
        match hold {
            Hold::Unbooked | Hold::Unclaimed(_) => Ok(()),
            Hold::Claimed(key, token) => {
                self.claims.get_mut(key).map_or(Ok(()), |claim| claim.release(*token))
            }
        }
    }
}

/// Longer than any provider waits for an answer.
const LEASE: Duration = Duration::from_secs(60);

/// As often as TurraTech tries.
const ATTEMPTS: u32 = 8;
