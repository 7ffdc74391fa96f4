//! A delivery as JSON.
//!
//! Only what cannot be told from the log is written beside it: how many attempts were the schedule's, and how the
//! delivery ended, follow from the log, so that no text can say two things.

use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Attempt, Conclusion, Delivery, Jitter, Outcome};
use crate::{
    Acknowledgement, RetrySchedule, Timestamp,
    saved::{Millis, Schema, number_or_word},
};

/// ```json
/// {
///   "schema": 1,
///   "delays_millis": [300000, 1800000],
///   "time_limit_millis": 30000,
///   "acknowledgement": "any-2xx",
///   "jitter_per_mille": 0,
///   "due_millis": 1704067500000,
///   "resending": false,
///   "log": [{ "number": 1, "ended_millis": 1704067200000, "outcome": 500, "by_hand": false }]
/// }
/// ```
///
/// An `acknowledgement` is `"any-2xx"` or one status; an `outcome` is the status of the answer, `"timed-out"` or
/// `"unreachable"`. Moments and spans are whole milliseconds, what is finer is left off; those beyond 2^53 - 1 are
/// written as that.
impl Serialize for Delivery {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Saved {
            schema: Schema,
            delays_millis: self.schedule.delays().iter().copied().map(Millis::from).collect(),
            time_limit_millis: self.time_limit.into(),
            acknowledgement: self.acknowledgement,
            jitter_per_mille: self.jitter,
            due_millis: self.due.into(),
            resending: self.resending,
            log: self.log.clone(),
        }
        .serialize(serializer)
    }
}

/// Refused are a text of another form, attempts that are not numbered from 1 on, and a log that no delivery by this
/// schedule can have.
impl<'de> Deserialize<'de> for Delivery {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = Saved::deserialize(deserializer)?;
        let delays: Vec<Duration> = saved.delays_millis.into_iter().map(Duration::from).collect();
        let mut delivery = Self::new(
            RetrySchedule::new(delays),
            saved.time_limit_millis.into(),
            saved.acknowledgement,
            Timestamp::default(),
        );
        for attempt in saved.log {
            delivery.replay(attempt).map_err(de::Error::custom)?;
        }
        delivery.jitter = saved.jitter_per_mille;
        delivery.due = saved.due_millis.into();
        delivery.resending = saved.resending;
        Ok(delivery)
    }
}

impl Delivery {
    /// Records an attempt of a log once more.
    fn replay(&mut self, attempt: Attempt) -> Result<(), &'static str> {
        if attempt.number != self.awaited() {
            return Err("the attempts of the log are not numbered from 1 on");
        }
        self.resending = attempt.by_hand;
        match (self.record(attempt.number, attempt.ended, attempt.outcome), self.conclusion) {
            (super::Recorded::Applied, _) => Ok(()),
            (super::Recorded::Ignored, Some(Conclusion::Exhausted)) => {
                Err("the log has more attempts than the schedule")
            }
            (super::Recorded::Ignored, _) => {
                Err("the log goes on behind an acknowledged attempt, and not by hand")
            }
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    schema: Schema,
    delays_millis: Vec<Millis>,
    time_limit_millis: Millis,
    acknowledgement: Acknowledgement,
    jitter_per_mille: Jitter,
    due_millis: Millis,
    resending: bool,
    log: Vec<Attempt>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedAttempt {
    number: u32,
    ended_millis: Millis,
    outcome: Outcome,
    by_hand: bool,
}

/// As in the log of a [`Delivery`].
impl Serialize for Attempt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { number, ended, outcome, by_hand } = *self;
        SavedAttempt { number, ended_millis: ended.into(), outcome, by_hand }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Attempt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let SavedAttempt { number, ended_millis, outcome, by_hand } =
            SavedAttempt::deserialize(deserializer)?;
        Ok(Self { number, ended: ended_millis.into(), outcome, by_hand })
    }
}

/// The status of the answer, `"timed-out"` or `"unreachable"`.
impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Answered(status) => serializer.serialize_u16(*status),
            Self::TimedOut => serializer.serialize_str(TIMED_OUT),
            Self::Unreachable => serializer.serialize_str(UNREACHABLE),
        }
    }
}

impl<'de> Deserialize<'de> for Outcome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EXPECTING: &str = "a status, \"timed-out\" or \"unreachable\"";
        number_or_word(deserializer, EXPECTING, Self::Answered, |word| match word {
            TIMED_OUT => Some(Self::TimedOut),
            UNREACHABLE => Some(Self::Unreachable),
            _ => None,
        })
    }
}

/// `"any-2xx"`, or the one status that acknowledges.
impl Serialize for Acknowledgement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AnySuccess => serializer.serialize_str(ANY_SUCCESS),
            Self::Exactly(status) => serializer.serialize_u16(*status),
        }
    }
}

impl<'de> Deserialize<'de> for Acknowledgement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EXPECTING: &str = "\"any-2xx\" or a status";
        number_or_word(deserializer, EXPECTING, Self::Exactly, |word| {
            (word == ANY_SUCCESS).then_some(Self::AnySuccess)
        })
    }
}

/// Thousandths, from -200 to 200.
impl Serialize for Jitter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(self.thousandths())
    }
}

impl<'de> Deserialize<'de> for Jitter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let share = i32::deserialize(deserializer)?;
        Self::per_mille(share).ok_or_else(|| {
            de::Error::custom(format_args!("a jitter of {share} thousandths is not within -200 and 200"))
        })
    }
}

const ANY_SUCCESS: &str = "any-2xx";
const TIMED_OUT: &str = "timed-out";
const UNREACHABLE: &str = "unreachable";
