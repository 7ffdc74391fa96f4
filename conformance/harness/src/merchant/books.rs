//! Which events a merchant has processed: one [`Claim`] an event, and the ways to keep such books badly.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use hookproof_core::{Claim, Claimed, KEEP_DEFAULT, LeaseLost, Timestamp, Token};

use super::{A_DAY, Character, Defect, Nature, Notice, Variant};

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
    /// Each key is held under its token.
    Claimed(Vec<(String, Token)>),
}

/// The claims on every event.
#[derive(Debug, Default)]
pub(super) struct Books {
    claims: BTreeMap<String, Claim>,
    /// The keys of processed events, the latest last, and when they were noted.
    done: Vec<(String, Timestamp)>,
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
        self.forget(character, notice, now);
        let attempts = if character.has(Defect::BlocksAbandonedEvents) { FEW } else { ATTEMPTS };
        let business = notice.object.as_ref().filter(|_| character.is(Variant::BusinessKey));
        let business = business.map(|object| format!("{} {object}", notice.kind));
        let mut held = Vec::new();
        for key in [key.clone()].into_iter().chain(business) {
            match self.claim(&key, owner, now, attempts) {
                Ok(token) => held.push((key, token)),
                Err(refusal) => {
                    // They were claimed a moment ago.
                    let _ = self.release(&Hold::Claimed(held));
                    return refusal;
                }
            }
        }
        if character.has(Defect::RemembersTwoEvents) {
            self.remember(key.clone());
        }
        Entry::Begin(Hold::Claimed(held))
    }

    fn claim(&mut self, key: &str, owner: &str, now: Timestamp, attempts: u32) -> Result<Token, Entry> {
        match self.claims.entry(key.to_owned()).or_default().claim(owner, now, LEASE, attempts) {
            Claimed::Acquired { token, .. } => Ok(token),
            Claimed::Busy { .. } => Err(Entry::Busy),
            Claimed::Done => Err(Entry::Done),
            Claimed::Poisoned => Err(Entry::Poisoned),
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
            Hold::Claimed(held) => held.iter().try_for_each(|(key, token)| {
                self.done.push((key.clone(), now));
                self.claims.get_mut(key).map_or(Ok(()), |claim| claim.commit(*token, now, KEEP_DEFAULT))
            }),
        }
    }

    /// Notes an event as processed that nobody worked on.
    pub(super) fn note(&mut self, key: &str, now: Timestamp) {
        let claim = self.claims.entry(key.to_owned()).or_default();
        if let Claimed::Acquired { token, .. } = claim.claim("nobody", now, LEASE, ATTEMPTS) {
            // It was acquired a moment ago.
            let _ = claim.commit(token, now, KEEP_DEFAULT);
        }
    }

    /// Loses what defects of memory lose.
    fn forget(&mut self, character: &Character, notice: &Notice, now: Timestamp) {
        let Nature::Flawed(defect) = character.nature else { return };
        let count = self.done.len();
        let is_old = |then: Timestamp| now.saturating_since(then) > A_DAY;
        let claims = &mut self.claims;
        let mut place = 0;
        self.done.retain(|(key, noted)| {
            place += 1;
            let is_forgotten = match defect {
                Defect::RemembersAHundred => place + REMEMBERED <= count,
                Defect::ForgetsAfterADay => is_old(*noted),
                Defect::ExpiresByCreation => *key == notice.key && notice.created.is_some_and(is_old),
                _ => false,
            };
            if is_forgotten {
                claims.remove(key);
            }
            !is_forgotten
        });
    }

    /// Gives the right back unused.
    pub(super) fn release(&mut self, hold: &Hold) -> Result<(), LeaseLost> {
        match hold {
            Hold::Unbooked | Hold::Unclaimed(_) => Ok(()),
            Hold::Claimed(held) => held.iter().try_for_each(|(key, token)| {
                self.claims.get_mut(key).map_or(Ok(()), |claim| claim.release(*token))
            }),
        }
    }
}

/// Longer than any provider waits for an answer.
const LEASE: Duration = Duration::from_secs(60);

/// As often as TurraTech tries.
const ATTEMPTS: u32 = 8;

/// Fewer than that.
const FEW: u32 = 3;

/// How many processed events a short memory holds.
const REMEMBERED: usize = 100;
