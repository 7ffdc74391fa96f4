//! What is counted under load. Adding up knows no order, so every thread counts for itself.

use std::{collections::BTreeMap, fmt, time::Duration};

use hdrhistogram::Histogram;
use hookproof_suite::Failure;

/// What came of a load.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Deliveries that left.
    pub sent: u64,
    /// Of those, repetitions of an event that had been sent before.
    pub again: u64,
    /// Those with an acknowledgement.
    pub acknowledged: u64,
    /// Those that left more than [`LATE`] behind their time, for want of a free connection.
    pub late: u64,
    /// Those that were never sent: no connection was free for them within the time that one answer may take, or before
    /// the end.
    pub dropped: u64,
    /// Bytes written, heads included.
    pub bytes: u64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Deliveries without an answer, by what was in the way.
    pub troubles: BTreeMap<Trouble, u64>,
    /// Deliveries that met a kept connection which the endpoint had just closed, and were sent again on another.
    pub resent: u64,
    /// From the schedule to the end of the answer, or to when it was given up, dropped ones included: without those the
    /// slowest would be missing. In a closed loop the same as [`Figures::service`].
    pub response: Times,
    /// From when it left to the end of the answer, or to the end of the time that one may take.
    pub service: Times,
    /// What happened in each second since the beginning.
    pub seconds: Vec<Second>,
    /// From the beginning to the last answer.
    pub took: Duration,
}

/// One second of a load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Second {
    /// Acknowledged in it.
    pub acknowledged: u64,
    /// Answered otherwise in it, or given up.
    pub failed: u64,
    /// The longest response time of those.
    pub longest: Duration,
}

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// The endpoint, in words.
    Endpoint(String),
    /// This machine has no more sockets or files for us: it says nothing of the endpoint.
    OutOfFiles,
}

impl Trouble {
    /// What this failure is.
    pub(super) fn of(failure: &Failure) -> Self {
        let text = failure.to_string();
        if text.contains("Too many open files") || text.contains("os error 24") {
            Self::OutOfFiles
        } else {
            Self::Endpoint(text)
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(words) => f.write_str(words),
            Self::OutOfFiles => f.write_str("this machine allows no more open files (see ulimit -n)"),
        }
    }
}

impl Figures {
    /// Deliveries that were not acknowledged.
    pub fn failed(&self) -> u64 {
        self.sent - self.acknowledged
    }

    /// Adds what another thread counted.
    pub(super) fn add(&mut self, other: &Self) {
        for (own, its) in [
            (&mut self.sent, other.sent),
            (&mut self.again, other.again),
            (&mut self.acknowledged, other.acknowledged),
            (&mut self.late, other.late),
            (&mut self.dropped, other.dropped),
            (&mut self.bytes, other.bytes),
            (&mut self.resent, other.resent),
        ] {
            *own += its;
        }
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        for (trouble, count) in &other.troubles {
            *self.troubles.entry(trouble.clone()).or_default() += count;
        }
        self.response.0 += &other.response.0;
        self.service.0 += &other.service.0;
        for (second, its) in other.seconds.iter().enumerate() {
            let own = self.second(second);
            own.acknowledged += its.acknowledged;
            own.failed += its.failed;
            own.longest = own.longest.max(its.longest);
        }
    }

    /// Notes that a delivery is over, so long after the beginning.
    pub(super) fn over(&mut self, at: Duration, acknowledged: bool, response: Duration) {
        let second = self.second(usize::try_from(at.as_secs()).unwrap_or(usize::MAX).min(LONGEST));
        if acknowledged {
            second.acknowledged += 1;
        } else {
            second.failed += 1;
        }
        second.longest = second.longest.max(response);
        self.acknowledged += u64::from(acknowledged);
    }

    fn second(&mut self, second: usize) -> &mut Second {
        if self.seconds.len() <= second {
            self.seconds.resize(second + 1, Second::default());
        }
        &mut self.seconds[second]
    }
}

/// Times in a histogram of three significant digits, in microseconds.
#[derive(Clone, Debug)]
pub struct Times(Histogram<u64>);

impl Default for Times {
    fn default() -> Self {
        Self(Histogram::new(3).expect("three digits can be had"))
    }
}

impl Times {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The longest; zero where there is none.
    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.0.max())
    }

    /// The time within which this share of all was answered; nothing where there are too few to tell: a share is told
    /// when ten lie beyond it, so the 99.9th percentile from 10,000 on.
    pub fn within(&self, share: f64) -> Option<Duration> {
        let enough = (1.0 - share) * self.samples() >= BEYOND - 1e-6;
        enough.then(|| Duration::from_micros(self.0.value_at_quantile(share)))
    }

    /// Every time that there is, shortest first, and how many had it.
    pub fn each(&self) -> impl Iterator<Item = (Duration, u64)> {
        self.0
            .iter_recorded()
            .map(|step| (Duration::from_micros(step.value_iterated_to()), step.count_at_value()))
    }

    pub(super) fn note(&mut self, time: Duration) {
        self.note_each(1, time);
    }

    /// Notes the same time so many times.
    pub(super) fn note_each(&mut self, count: u64, time: Duration) {
        // It grows as it must; a day is more than any limit.
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX).min(A_DAY);
        self.0.record_n(micros, count).expect("it grows");
    }

    #[expect(clippy::cast_precision_loss, reason = "2^53 samples are more than anybody takes")]
    fn samples(&self) -> f64 {
        self.count() as f64
    }
}

/// A delivery that leaves later than this behind its time is told as late: timers are as exact as that.
pub const LATE: Duration = Duration::from_millis(10);

/// How many samples must lie beyond a share that is told.
const BEYOND: f64 = 10.0;

/// In microseconds.
const A_DAY: u64 = 86_400_000_000;

/// Seconds that are kept apart: a day.
const LONGEST: usize = 86_400;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn times(millis: impl IntoIterator<Item = u64>) -> Times {
        let mut times = Times::default();
        millis.into_iter().for_each(|millis| times.note(Duration::from_millis(millis)));
        times
    }

    #[test]
    fn a_share_is_told_when_ten_lie_beyond_it() {
        for (count, told) in [
            (19, [false, false, false, false]),
            (20, [true, false, false, false]),
            (100, [true, true, false, false]),
            (999, [true, true, false, false]),
            (1_000, [true, true, true, false]),
            (9_999, [true, true, true, false]),
            (10_000, [true, true, true, true]),
        ] {
            let times = times(1..=count);
            assert_eq!([0.5, 0.9, 0.99, 0.999].map(|share| times.within(share).is_some()), told, "{count}");
        }
    }

    #[test]
    fn times_of_any_length_are_kept_to_three_digits() {
        let times = times([vec![40; 980], vec![30_000; 20]].concat());
        let about = |time: Option<Duration>, millis: u64| {
            let (time, wanted) = (time.unwrap().as_secs_f64(), Duration::from_millis(millis).as_secs_f64());
            assert!((time / wanted - 1.0).abs() < 0.001, "{time} is not {wanted}");
        };
        about(times.within(0.5), 40);
        about(times.within(0.99), 30_000);
        about(Some(times.longest()), 30_000);
        assert_eq!(times.each().map(|(_, count)| count).sum::<u64>(), 1_000);
    }

    #[test]
    fn what_this_machine_lacks_is_not_the_endpoints_failure() {
        let refused = Trouble::of(&Failure::Unreachable("Too many open files (os error 24)".into()));
        assert_eq!(refused, Trouble::OutOfFiles);
        assert_eq!(Trouble::of(&Failure::Refused), Trouble::Endpoint("connection refused".into()));
    }

    proptest! {
        #[test]
        fn it_does_not_matter_which_thread_saw_what(seen: Vec<(u8, bool, u16)>, at in 0..10_usize) {
            let note = |figures: &mut Figures, (second, acknowledged, millis): (u8, bool, u16)| {
                let took = Duration::from_millis(millis.into());
                figures.sent += 1;
                figures.response.note(took);
                figures.over(Duration::from_secs(second.into()), acknowledged, took);
            };
            let (mut alone, mut one, mut other) = (Figures::default(), Figures::default(), Figures::default());
            for (place, what) in seen.iter().enumerate() {
                note(&mut alone, *what);
                note(if place % 10 < at { &mut one } else { &mut other }, *what);
            }
            one.add(&other);
            prop_assert_eq!((one.sent, one.acknowledged, one.failed()), (alone.sent, alone.acknowledged, alone.failed()));
            prop_assert_eq!(&one.seconds, &alone.seconds);
            prop_assert_eq!(one.response.longest(), alone.response.longest());
            prop_assert_eq!(one.response.within(0.5), alone.response.within(0.5));
        }
    }
}
