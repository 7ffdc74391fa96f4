//! When a failed delivery is tried again.

use alloc::{borrow::Cow, vec::Vec};
use core::time::Duration;

/// The delay before each retry. It counts from the end of the attempt that failed (an answer, or its limit passed).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetrySchedule(Cow<'static, [Duration]>);

impl RetrySchedule {
    /// A schedule known when the program is built.
    pub const fn fixed(delays: &'static [Duration]) -> Self {
        Self(Cow::Borrowed(delays))
    }

    /// A schedule of the user's.
    pub fn new(delays: Vec<Duration>) -> Self {
        Self(Cow::Owned(delays))
    }

    /// The delay before each retry, first to last.
    pub fn delays(&self) -> &[Duration] {
        &self.0
    }

    /// Attempts in all: the first one and every retry.
    pub fn attempts(&self) -> usize {
        self.0.len().saturating_add(1)
    }

    /// All delays together. For TurraTech 135,300 s, which is 37 h 35 min and not the "3 days" of its prose (TT-12).
    pub fn total(&self) -> Duration {
        self.0.iter().fold(Duration::ZERO, |sum, delay| sum.saturating_add(*delay))
    }

    /// From the start of the first attempt to the latest possible end of the last one, when every attempt
    /// runs into `time_limit`: 37 h 39 min for TurraTech.
    pub fn longest(&self, time_limit: Duration) -> Duration {
        let attempts = u32::try_from(self.attempts()).unwrap_or(u32::MAX);
        self.total().saturating_add(time_limit.saturating_mul(attempts))
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn a_schedule_is_its_delays_wherever_they_are_kept() {
        static DELAYS: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(25)];
        let fixed = RetrySchedule::fixed(&DELAYS);
        assert_eq!(fixed, RetrySchedule::new(DELAYS.to_vec()));
        assert_eq!((fixed.attempts(), fixed.total()), (3, Duration::from_secs(30)));
        // Three attempts of 10 s each, and the delays between them.
        assert_eq!(fixed.longest(Duration::from_secs(10)), Duration::from_secs(60));
    }

    #[test]
    fn a_schedule_without_delays_is_one_attempt() {
        let once = RetrySchedule::new(vec![]);
        assert_eq!((once.attempts(), once.total()), (1, Duration::ZERO));
        assert_eq!(once.longest(Duration::from_secs(30)), Duration::from_secs(30));
    }

    #[test]
    fn delays_that_no_span_holds_together_end_with_the_longest_span() {
        let endless = RetrySchedule::new(vec![Duration::MAX; 2]);
        assert_eq!(endless.total(), Duration::MAX);
        assert_eq!(endless.longest(Duration::MAX), Duration::MAX);
    }
}
