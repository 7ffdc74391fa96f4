//! How fast deliveries may follow each other.

use core::time::Duration;

/// At most so many deliveries a second. Without a rate it holds nobody back.
#[derive(Debug)]
pub(super) struct Pace {
    /// Between two deliveries.
    gap: Option<Duration>,
    /// When the next one may leave.
    next: Duration,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Free,
    /// Somebody wanted to leave too early.
    HeldBack,
    /// A pause until the next departure is under way.
    Pausing,
}

impl Pace {
    /// `rate` deliveries a second.
    pub(super) fn new(rate: Option<f64>) -> Self {
        let gap = rate.and_then(|rate| Duration::try_from_secs_f64(1.0 / rate).ok());
        Self { gap, next: Duration::ZERO, state: State::Free }
    }

    /// Whether this many deliveries may leave at `now`; if so, they are on their way.
    pub(super) fn admits(&mut self, deliveries: usize, now: Duration) -> bool {
        let Some(gap) = self.gap else { return true };
        if now < self.next {
            if self.state == State::Free {
                self.state = State::HeldBack;
            }
            return false;
        }
        let deliveries = u32::try_from(deliveries).unwrap_or(u32::MAX);
        self.next = now.saturating_add(gap.saturating_mul(deliveries));
        true
    }

    /// How long to pause, if somebody was held back and nobody waits for it yet.
    pub(super) fn pause(&mut self, now: Duration) -> Option<Duration> {
        if self.state != State::HeldBack {
            return None;
        }
        self.state = State::Pausing;
        Some(self.next.saturating_sub(now))
    }

    /// The pause is over.
    pub(super) fn resume(&mut self) {
        self.state = State::Free;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn without_a_rate_everybody_leaves_at_once() {
        let mut pace = Pace::new(None);
        assert!(pace.admits(1_000, at(0)) && pace.admits(1_000, at(0)));
        assert_eq!(pace.pause(at(0)), None);
    }

    #[test]
    fn deliveries_follow_each_other_at_the_rate() {
        let mut pace = Pace::new(Some(50.0));
        assert!(pace.admits(1, at(0)));
        assert!(!pace.admits(1, at(19)));
        assert_eq!(pace.pause(at(19)), Some(at(1)));
        assert_eq!(pace.pause(at(19)), None, "one pause is enough");
        pace.resume();
        assert!(pace.admits(16, at(20)));
        assert!(!pace.admits(1, at(339)), "sixteen at once take sixteen turns");
        assert!(pace.admits(1, at(340)));
    }
}
