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
    /// Those that were never sent: no connection was free for them within the time that one answer may take.
    pub dropped: u64,
    /// Bytes written, heads included.
    pub bytes: u64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Deliveries without an answer, by what was in the way.
    pub troubles: BTreeMap<Trouble, u64>,
    /// Deliveries that met a kept connection which the endpoint had just closed, and were sent again on another.
    pub resent: u64,
    /// From the schedule to the end of the answer; in a closed loop the same as [`Figures::service`].
    pub response: Times,
    /// From when it left to the end of the answer.
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
        self.0.saturating_record(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
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

/// Seconds that are kept apart: a day.
const LONGEST: usize = 86_400;
