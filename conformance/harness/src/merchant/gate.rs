//! What stands before a sound merchant and looks at no event: a limit on the rate, a cap on bodies, a ban.

use std::{collections::VecDeque, time::Duration};

use hookproof_core::Timestamp;

use super::{Character, Incoming, Reply, Variant};

/// What the gate remembers.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// When those came that were let in during the last second.
    let_in: VecDeque<Timestamp>,
}

impl Gate {
    /// Lets a request in or answers it, `refused` being how many forgeries were refused so far.
    pub(super) fn admit(
        &mut self,
        character: &Character,
        request: &Incoming,
        refused: u32,
        now: Timestamp,
    ) -> Result<(), Reply> {
        if character.is(Variant::BansAfterTwenty) && refused >= MOST_REFUSALS {
            return Err(Reply::new(403, "banned"));
        }
        if character.is(Variant::FiftyASecond) && self.is_crowded(now) {
            return Err(Reply::new(429, "too many requests").with("retry-after", "1"));
        }
        let caps = [(Variant::CapsAtHundredKb, 100_000), (Variant::CapsAtOneMb, 1_000_000)];
        let is_capped = |(variant, cap)| character.is(variant) && request.body.len() > cap;
        if caps.into_iter().any(is_capped) { Err(Reply::none()) } else { Ok(()) }
    }

    /// Whether as many as may came within the last second; if not, one more has come now.
    fn is_crowded(&mut self, now: Timestamp) -> bool {
        while self.let_in.front().is_some_and(|then| now.saturating_since(*then) >= A_SECOND) {
            self.let_in.pop_front();
        }
        let is_crowded = self.let_in.len() >= A_SECONDS_REQUESTS;
        if !is_crowded {
            self.let_in.push_back(now);
        }
        is_crowded
    }
}

const A_SECOND: Duration = Duration::from_secs(1);

const A_SECONDS_REQUESTS: usize = 50;

const MOST_REFUSALS: u32 = 20;
