//! What the model checker moves: the store's row, two receivers, a clock, and what may still go wrong.

use std::time::Duration;

use hookproof_core::{Claim, Claimed, Timestamp, Token};

pub(crate) const LEASE: Duration = Duration::from_secs(60);

/// TurraTech delivers eight times.
pub(crate) const MAX_ATTEMPTS: u32 = 8;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) claim: Claim,
    pub(crate) now: Timestamp,
    pub(crate) receivers: [Receiver; 2],
    pub(crate) delivered: u8,
    pub(crate) acknowledged: bool,
    pub(crate) effects: u8,
    /// The token that was issued last.
    pub(crate) latest: Token,
    pub(crate) stale_commit: bool,
    pub(crate) lives: Lives,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Receiver {
    #[default]
    Idle,
    Received {
        delivery: u8,
    },
    Holds {
        token: Token,
        until: Timestamp,
        effect: bool,
    },
}

/// What may still go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Lives {
    pub(crate) crashes: u8,
    pub(crate) lease_ends: u8,
    pub(crate) lost_replies: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Deliver(usize),
    Claim(usize),
    /// The claim is made and its answer lost.
    LoseClaim(usize),
    Effect(usize),
    Commit(usize),
    /// The commit is made and its answer lost.
    LoseCommit(usize),
    /// The effect failed.
    Release(usize),
    Crash(usize),
    /// So much time passes that every lease has ended.
    EndLease,
}

impl World {
    /// A receiver hears the answer to its claim.
    pub(crate) fn hear(&mut self, at: usize, claimed: Claimed) {
        self.receivers[at] = match claimed {
            Claimed::Acquired { token, .. } => {
                Receiver::Holds { token, until: self.now.saturating_add(LEASE), effect: false }
            }
            Claimed::Done => {
                self.acknowledged = true;
                Receiver::Idle
            }
            Claimed::Busy { .. } | Claimed::Poisoned => Receiver::Idle,
        };
    }

    /// Receivers that hold the key and whose lease has not ended.
    pub(crate) fn live_holders(&self) -> usize {
        let is_live =
            |receiver: &&Receiver| matches!(receiver, Receiver::Holds { until, .. } if self.now < *until);
        self.receivers.iter().filter(is_live).count()
    }
}

impl Default for Lives {
    fn default() -> Self {
        Self { crashes: 2, lease_ends: 2, lost_replies: 1 }
    }
}

impl Lives {
    pub(crate) fn allow(&self, step: &Step) -> bool {
        match step {
            Step::Crash(_) => self.crashes > 0,
            Step::EndLease => self.lease_ends > 0,
            Step::LoseClaim(_) | Step::LoseCommit(_) => self.lost_replies > 0,
            _ => true,
        }
    }

    pub(crate) fn spend(&mut self, step: &Step) {
        match step {
            Step::Crash(_) => self.crashes -= 1,
            Step::EndLease => self.lease_ends -= 1,
            Step::LoseClaim(_) | Step::LoseCommit(_) => self.lost_replies -= 1,
            _ => {}
        }
    }
}
