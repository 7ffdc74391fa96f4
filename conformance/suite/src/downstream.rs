//! What the merchant's downstream does about one event, on command.

use core::time::Duration;

/// How the stand-in for the merchant's downstream answers calls that name one event. A driver that cannot
/// command a downstream answers [`crate::Told::Cannot`] with [`crate::Need::Downstream`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Downstream {
    /// How long each call waits for its answer.
    pub delay: Duration,
    /// How many calls from now on are answered 503, once they have waited; those behind them succeed.
    pub failures: u32,
}

impl Downstream {
    /// Answers at once and with success, as it does where nothing was set.
    pub const SOUND: Self = Self { delay: Duration::ZERO, failures: 0 };

    /// Fails this many calls at once.
    pub const fn failing(failures: u32) -> Self {
        Self { delay: Duration::ZERO, failures }
    }

    /// Takes this long for each call.
    pub const fn slow(delay: Duration) -> Self {
        Self { delay, failures: 0 }
    }
}
