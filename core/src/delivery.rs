//! One delivery: an event on its way to one endpoint, attempt by attempt.
//!
//! Rule 1: every state and every transition of a delivery is in this file.
//! Rule 2: this file knows no HTTP beyond a status code, and no clock.
//!
//! ```text
//!            due                acknowledged
//! Wait ──────────────▶ Send ──────────────────▶ Done(Delivered)
//!   ▲                    │ anything else
//!   ├── retries left ────┤
//!   │                    └── none left ───────▶ Done(Exhausted)
//! ```
//!
//! A resend by hand ([`Delivery::resend`]) adds one `Send` to any state; when it fails, the state is what it was.

mod attempt;
#[cfg(feature = "serde")]
mod saved;

use alloc::vec::Vec;
use core::time::Duration;

pub use self::attempt::{Attempt, Jitter, Outcome};
use crate::{Acknowledgement, RetrySchedule, Timestamp};

/// An event on its way to one endpoint.
///
/// Ask [`next`](Self::next) what to do, do it, and tell [`record`](Self::record) what came of it. No order of calls
/// is wrong: asking changes nothing, and a report that comes late or twice is ignored. A sender that crashed
/// between sending and recording sends again, so an event arrives at least once.
///
/// ```
/// use core::time::Duration;
/// use hookproof_core::{Acknowledgement, Delivery, Next, Outcome, Provider, Retries, Timestamp};
///
/// let Some(Provider { retries: Retries::Schedule(schedule), .. }) = Provider::built_in("turratech") else { return };
/// let start = Timestamp::from_unix_secs(1_704_067_200);
/// let mut delivery =
///     Delivery::new(schedule.clone(), Duration::from_secs(30), Acknowledgement::AnySuccess, start);
///
/// assert!(matches!(delivery.next(start), Next::Send { attempt: 1, .. }));
/// delivery.record(1, start, Outcome::Answered(500));
/// assert_eq!(delivery.next(start), Next::Wait { until: start.saturating_add(Duration::from_secs(300)) });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    schedule: RetrySchedule,
    time_limit: Duration,
    acknowledgement: Acknowledgement,
    jitter: Jitter,
    due: Timestamp,
    /// Attempts of the schedule's own, without those sent by hand.
    scheduled: usize,
    resending: bool,
    conclusion: Option<Conclusion>,
    log: Vec<Attempt>,
}

/// What the sender should do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send this attempt, sign it with the time at which it leaves, and record it by the deadline.
    Send {
        /// Counted from 1.
        attempt: u32,
        /// When its time limit passes, if it is sent now.
        deadline: Timestamp,
    },
    /// Nothing to do before this moment.
    Wait {
        /// When the next attempt is due.
        until: Timestamp,
    },
    /// Over, unless somebody resends it.
    Done(Conclusion),
}

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// An attempt was acknowledged (TT-5, TS-4).
    Delivered,
    /// The last retry failed (TT-13).
    Exhausted,
}

/// What a report changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a report that was ignored may mean two senders at work"]
pub enum Recorded {
    /// The attempt is in the log.
    Applied,
    /// It was not the attempt that is awaited: a late or repeated report changes nothing.
    Ignored,
}

impl Delivery {
    /// A delivery whose first attempt is due at `due`. Each attempt may take `time_limit`.
    pub fn new(
        schedule: RetrySchedule,
        time_limit: Duration,
        acknowledgement: Acknowledgement,
        due: Timestamp,
    ) -> Self {
        let log = Vec::with_capacity(schedule.attempts());
        Self {
            schedule,
            time_limit,
            acknowledgement,
            jitter: Jitter::NONE,
            due,
            scheduled: 0,
            resending: false,
            conclusion: None,
            log,
        }
    }

    /// The delays of retries from now on are longer or shorter by this much, so that many deliveries which
    /// failed together do not come back together.
    pub fn set_jitter(&mut self, jitter: Jitter) {
        self.jitter = jitter;
    }

    /// What to do at `now`. Asking changes nothing.
    pub fn next(&self, now: Timestamp) -> Next {
        match self.conclusion {
            _ if self.resending => self.send(now),
            Some(conclusion) => Next::Done(conclusion),
            None if now < self.due => Next::Wait { until: self.due },
            None => self.send(now),
        }
    }

    /// Takes what came of an attempt, which ended at `now`: its answer was read, or its time limit passed. The delay of
    /// a retry counts from there.
    pub fn record(&mut self, attempt: u32, now: Timestamp, outcome: Outcome) -> Recorded {
        let by_hand = self.resending;
        if attempt != self.awaited() || (self.conclusion.is_some() && !by_hand) {
            return Recorded::Ignored;
        }
        self.log.push(Attempt { number: attempt, ended: now, outcome, by_hand });
        self.resending = false;
        let delay = self.schedule.delays().get(self.scheduled).copied();
        if !by_hand {
            self.scheduled = self.scheduled.saturating_add(1);
        }
        match delay {
            _ if outcome.is_acknowledged(self.acknowledgement) => {
                self.conclusion = Some(Conclusion::Delivered);
            }
            // What failed by hand leaves the schedule where it was.
            _ if by_hand => {}
            Some(delay) => self.due = now.saturating_add(self.jitter.applied_to(delay)),
            None => self.conclusion = Some(Conclusion::Exhausted),
        }
        Recorded::Applied
    }

    /// Adds one attempt by hand, due at once and in any state (TT-14). Asking again before it was made adds no other.
    pub fn resend(&mut self) {
        self.resending = true;
    }

    /// Every attempt that was recorded, first to last (TT-16).
    pub fn log(&self) -> &[Attempt] {
        &self.log
    }

    fn send(&self, now: Timestamp) -> Next {
        Next::Send { attempt: self.awaited(), deadline: now.saturating_add(self.time_limit) }
    }

    fn awaited(&self) -> u32 {
        u32::try_from(self.log.len()).unwrap_or(u32::MAX).saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Provider;

    const START: Timestamp = Timestamp::from_unix_secs(1_704_067_200);
    const LIMIT: Duration = Duration::from_secs(30);

    fn delivery() -> Delivery {
        let turratech = Provider::built_in("turratech").expect("built in");
        let crate::Retries::Schedule(schedule) = &turratech.retries else { unreachable!("published") };
        Delivery::new(schedule.clone(), LIMIT, turratech.acknowledgement, START)
    }

    #[test]
    fn retries_on_schedule_then_gives_up() {
        let mut delivery = delivery();
        let mut now = START;
        for (attempt, delay) in (1..).zip([300_u64, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000]) {
            assert_eq!(delivery.next(now), Next::Send { attempt, deadline: now.saturating_add(LIMIT) });
            now = now.saturating_add(LIMIT);
            assert_eq!(delivery.record(attempt, now, Outcome::TimedOut), Recorded::Applied);
            let due = now.saturating_add(Duration::from_secs(delay));
            assert_eq!(delivery.next(now), Next::Wait { until: due });
            now = due;
        }
        assert!(matches!(delivery.next(now), Next::Send { attempt: 8, .. }));
        assert_eq!(delivery.record(8, now, Outcome::Answered(302)), Recorded::Applied);
        assert_eq!(delivery.next(now), Next::Done(Conclusion::Exhausted));
        assert_eq!(now.saturating_since(START), Duration::from_secs(135_300 + 7 * 30));
        assert_eq!(delivery.log().len(), 8);
    }

    #[test]
    fn a_late_or_repeated_report_changes_nothing() {
        let mut delivery = delivery();
        assert_eq!(delivery.record(1, START, Outcome::Answered(500)), Recorded::Applied);
        let before = delivery.clone();
        for (attempt, outcome) in
            [(1, Outcome::Answered(200)), (3, Outcome::Answered(200)), (0, Outcome::TimedOut)]
        {
            assert_eq!(delivery.record(attempt, START, outcome), Recorded::Ignored);
        }
        assert_eq!(delivery, before);
        assert_eq!(delivery.record(2, START, Outcome::Answered(204)), Recorded::Applied);
        let done = delivery.clone();
        assert_eq!(delivery.record(3, START, Outcome::Answered(500)), Recorded::Ignored);
        assert_eq!((delivery.next(START), &delivery), (Next::Done(Conclusion::Delivered), &done));
    }

    #[test]
    fn a_resend_adds_one_attempt_to_any_state() {
        let mut delivery = delivery();
        assert_eq!(delivery.record(1, START, Outcome::Answered(500)), Recorded::Applied);
        let waiting = delivery.next(START);
        delivery.resend();
        delivery.resend();
        assert!(matches!(delivery.next(START), Next::Send { attempt: 2, .. }));
        assert_eq!(delivery.record(2, START, Outcome::Unreachable), Recorded::Applied);
        assert_eq!(delivery.next(START), waiting, "the schedule stays where it was");
        assert!(delivery.log()[1].by_hand && !delivery.log()[0].by_hand);

        let mut now = START;
        for attempt in 3..=9 {
            now = now.saturating_add(Duration::from_secs(40_000));
            assert_eq!(delivery.record(attempt, now, Outcome::Answered(500)), Recorded::Applied);
        }
        assert_eq!(delivery.next(now), Next::Done(Conclusion::Exhausted));
        delivery.resend();
        assert!(matches!(delivery.next(now), Next::Send { attempt: 10, .. }));
        assert_eq!(delivery.record(10, now, Outcome::Answered(200)), Recorded::Applied);
        assert_eq!(delivery.next(now), Next::Done(Conclusion::Delivered));
    }

    #[test]
    fn jitter_lengthens_or_shortens_a_delay_by_its_share() {
        for (per_mille, wait) in [(0, 300_000), (200, 360_000), (-200, 240_000)] {
            let mut delivery = delivery();
            delivery.set_jitter(Jitter::per_mille(per_mille).expect("within a fifth"));
            assert_eq!(delivery.record(1, START, Outcome::Unreachable), Recorded::Applied);
            let until = START.saturating_add(Duration::from_millis(wait));
            assert_eq!(delivery.next(START), Next::Wait { until });
        }
        assert_eq!(Jitter::per_mille(201), None);
        assert_eq!(Jitter::per_mille(-201), None);
    }
}
