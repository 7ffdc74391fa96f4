//! The life of one idempotency key.
//!
//! ```text
//!            claim                    commit
//! Absent ───────────▶ Processing ───────────────▶ Done
//!    ▲                 │      ▲ │ lease over, claim    │ kept long enough
//!    └─────────────────┘      └─┘ (a new token)        ▼
//!          release                                  Absent
//! ```
//!
//! Every store behaves as this machine does. Attempts are counted when they begin, so that an event that kills
//! its process each time ends too.

#[cfg(feature = "serde")]
mod saved;

use alloc::{borrow::ToOwned, string::String};
use core::{fmt, time::Duration};

use crate::Timestamp;

/// How long a processed key is kept unless the caller says otherwise: 7 days.
pub const KEEP_DEFAULT: Duration = Duration::from_secs(7 * 86_400);

/// A processed key is never kept shorter than 48 h: TurraTech's last retry can end 37 h 39 min after the first
/// attempt, and with jitter 45 h 10 min after it.
pub const KEEP_MINIMUM: Duration = Duration::from_secs(48 * 3_600);

/// Proof of one acquisition. Later ones are greater, so that an effect can be fenced by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u64);

/// One idempotency key. The default is a key that nobody has claimed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Claim {
    issued: u64,
    attempts: u32,
    state: State,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
enum State {
    #[default]
    Absent,
    Processing {
        owner: String,
        lease_until: Timestamp,
    },
    Done {
        until: Timestamp,
    },
}

/// The one answer to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// The event is yours to process; hand the token back with [`Claim::commit`] or [`Claim::release`].
    Acquired {
        /// Proof of this acquisition.
        token: Token,
        /// Counted from 1.
        attempt: u32,
    },
    /// Somebody else is processing it. Never answer 2xx: if they die, the event would be lost.
    /// 409 with Retry-After is right.
    Busy {
        /// What is left of their lease.
        retry_after: Duration,
    },
    /// It was processed; acknowledge it.
    Done,
    /// It failed as often as is allowed; answer 500, and the provider's schedule ends by itself.
    Poisoned,
}

/// The token is not the latest: the lease ended and somebody else claimed the key. What this holder did may be
/// done again, and must be told, not swallowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseLost;

impl Claim {
    /// Claims the key for `owner` until `now + lease`, in one step. A live owner that asks again, because the
    /// first answer was lost, gets its own token again. A lease with nothing left has ended; it is not absent.
    /// `max` attempts are allowed.
    pub fn claim(&mut self, owner: &str, now: Timestamp, lease: Duration, max: u32) -> Claimed {
        match &self.state {
            State::Done { until } if now < *until => return Claimed::Done,
            State::Done { .. } => self.attempts = 0,
            State::Processing { owner: holder, lease_until } if now < *lease_until => {
                return if holder == owner {
                    Claimed::Acquired { token: Token(self.issued), attempt: self.attempts }
                } else {
                    Claimed::Busy { retry_after: lease_until.saturating_since(now) }
                };
            }
            State::Processing { .. } | State::Absent => {}
        }
        if self.attempts >= max {
            return Claimed::Poisoned;
        }
        self.attempts = self.attempts.saturating_add(1);
        self.issued = self.issued.saturating_add(1);
        self.state = State::Processing { owner: owner.to_owned(), lease_until: now.saturating_add(lease) };
        Claimed::Acquired { token: Token(self.issued), attempt: self.attempts }
    }

    /// The effect is done: duplicates are recognised for `keep`, and for 48 h at least. Telling it twice is the
    /// same as telling it once.
    ///
    /// # Errors
    ///
    /// [`LeaseLost`] when somebody else claimed the key since.
    pub fn commit(&mut self, token: Token, now: Timestamp, keep: Duration) -> Result<(), LeaseLost> {
        match self.state {
            State::Done { .. } if token == Token(self.issued) => Ok(()),
            State::Processing { .. } if token == Token(self.issued) => {
                self.state = State::Done { until: now.saturating_add(keep.max(KEEP_MINIMUM)) };
                Ok(())
            }
            _ => Err(LeaseLost),
        }
    }

    /// The effect failed: the next delivery may try. The attempt stays counted.
    ///
    /// # Errors
    ///
    /// [`LeaseLost`] when somebody else claimed the key since; their claim is untouched.
    pub fn release(&mut self, token: Token) -> Result<(), LeaseLost> {
        match self.state {
            State::Processing { .. } if token == Token(self.issued) => {
                self.state = State::Absent;
                Ok(())
            }
            _ => Err(LeaseLost),
        }
    }
}

impl fmt::Display for LeaseLost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the lease ended and the key was claimed again: what was done under it may be done twice")
    }
}

impl core::error::Error for LeaseLost {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_for_seven_days_unless_the_caller_says_otherwise() {
        let lease = Duration::from_secs(60);
        let mut claim = Claim::default();
        let Claimed::Acquired { token, .. } = claim.claim("a", Timestamp::default(), lease, 1) else {
            panic!("nobody holds it: {claim:?}");
        };
        claim.commit(token, Timestamp::default(), KEEP_DEFAULT).expect("the token is the last one");
        let mut at = |secs| claim.claim("b", Timestamp::from_unix_secs(secs), lease, u32::MAX);
        assert!(matches!(at(7 * 24 * 60 * 60 - 1), Claimed::Done), "a second less");
        assert!(matches!(at(7 * 24 * 60 * 60), Claimed::Acquired { .. }), "seven days");
    }
}
