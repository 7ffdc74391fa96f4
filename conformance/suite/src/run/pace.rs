//! How fast deliveries may follow each other.

use core::time::Duration;

/// At most so many deliveries a second. Without a rate it holds nobody back.
#[derive(Debug)]
pub(super) struct Pace {
    /// Between two deliveries.
    gap: Option<Duration>,
    /// When the next one may leave.
    next: Duration,
    /// When the first of those who were held back may.
    wanted: Duration,
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
        Self { gap, next: Duration::ZERO, wanted: Duration::ZERO, state: State::Free }
    }

    /// Whether this many deliveries may leave at `now`, all at once; if so, they are on their way. Before several and
    /// behind them, as much time passes as they would have taken one by one: so no second has more than its share.
    pub(super) fn admits(&mut self, deliveries: usize, now: Duration) -> bool {
        let Some(gap) = self.gap else { return true };
        let deliveries = u32::try_from(deliveries).unwrap_or(u32::MAX);
        let due = self.next.saturating_add(gap.saturating_mul(deliveries.saturating_sub(1)));
        if now < due && self.next > Duration::ZERO {
            match self.state {
                State::Free => (self.state, self.wanted) = (State::HeldBack, due),
                State::HeldBack => self.wanted = self.wanted.min(due),
                State::Pausing => {}
            }
            return false;
        }
        self.next = now.saturating_add(gap.saturating_mul(deliveries));
        true
    }

    /// How long to pause, if somebody was held back and nobody waits for it yet.
    pub(super) fn pause(&mut self, now: Duration) -> Option<Duration> {
        if self.state != State::HeldBack {
            return None;
        }
        self.state = State::Pausing;
        Some(self.wanted.saturating_sub(now))
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
        assert!(pace.admits(1, at(20)));
        assert!(!pace.admits(1, at(25)));
        assert_eq!(pace.pause(at(25)), Some(at(15)), "and over it makes room for the next");
    }

    #[test]
    fn those_that_leave_together_take_their_turns_before_and_behind_them() {
        let mut pace = Pace::new(Some(50.0));
        assert!(pace.admits(1, at(0)));
        assert!(!pace.admits(16, at(319)), "sixteen turns have not passed");
        assert_eq!(pace.pause(at(319)), Some(at(1)));
        pace.resume();
        assert!(pace.admits(16, at(320)));
        assert!(!pace.admits(1, at(639)), "nor have they behind them");
        assert!(pace.admits(1, at(640)));
    }

    #[test]
    fn the_first_of_those_who_were_held_back_is_waited_for() {
        let mut pace = Pace::new(Some(50.0));
        assert!(pace.admits(16, at(0)), "nobody left before the first");
        assert!(!pace.admits(8, at(100)) && !pace.admits(1, at(100)));
        assert_eq!(pace.pause(at(100)), Some(at(220)));
    }
}
