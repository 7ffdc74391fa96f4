//! One attempt: how it ended, and by how much the next one is shifted.

use core::time::Duration;

use crate::{Acknowledgement, Timestamp};

/// One attempt that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Counted from 1, those by hand included.
    pub number: u32,
    /// When its outcome was known.
    pub ended: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether somebody sent it by hand.
    pub by_hand: bool,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// With an answer of this status, its body included.
    Answered(u16),
    /// The time limit passed.
    TimedOut,
    /// No connection, or one that broke before the answer.
    Unreachable,
}

impl Outcome {
    /// Whether the endpoint acknowledged the event by this rule. A redirect did not: it is never followed (TT-5).
    pub const fn is_acknowledged(self, rule: Acknowledgement) -> bool {
        match self {
            Self::Answered(status) => rule.accepts(status),
            Self::TimedOut | Self::Unreachable => false,
        }
    }
}

/// A share by which delays are longer or shorter. The sender draws the number; this crate has no randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jitter(i32);

impl Jitter {
    /// Delays as they are published.
    pub const NONE: Self = Self(0);

    /// From -200 (a fifth shorter) to 200 (a fifth longer) thousandths; nothing beyond.
    pub const fn per_mille(share: i32) -> Option<Self> {
        if -200 <= share && share <= 200 { Some(Self(share)) } else { None }
    }

    /// What [`per_mille`](Self::per_mille) was given.
    #[cfg(feature = "serde")]
    pub(super) const fn thousandths(self) -> i32 {
        self.0
    }

    pub(super) fn applied_to(self, delay: Duration) -> Duration {
        let shift = delay.saturating_mul(self.0.unsigned_abs()).checked_div(1_000).unwrap_or_default();
        if self.0 < 0 { delay.saturating_sub(shift) } else { delay.saturating_add(shift) }
    }
}
