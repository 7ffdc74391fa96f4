//! One event's life: a provider's schedule played against an endpoint, with faults of the caller's choosing.
//!
//! [`crate::Run`] plays it behind an ordinary event, as the only check; [`crate::Run::life`] tells what became of
//! it, attempt by attempt, with the dates that the provider's retries would have had.

mod play;

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, iter, str::FromStr};

use hookproof_core::{Conclusion, Timestamp};

pub(crate) use self::play::{REHEARSAL, life};
use crate::Exchange;

/// What is to be played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsal {
    /// What befalls each attempt, the first one first; those behind the last of them meet nothing.
    pub faults: Faults,
    /// The endpoint's clock is moved ahead by the time that passes between attempts. Otherwise the event is made as old
    /// as it is at the first attempt that meets nothing.
    pub moves_clock: bool,
}

/// What befalls one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: it arrives, and its answer counts.
    Nothing,
    /// It does not arrive.
    Undelivered,
    /// It arrives, and the connection is cut before its answer.
    AnswerLost,
    /// It arrives twice at the same moment.
    Twice,
    /// It arrives, and the endpoint's downstream fails while it works on it.
    DownstreamFails,
    /// The endpoint is restarted, and then it arrives.
    Restart,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 6] = [
        Self::Nothing,
        Self::Undelivered,
        Self::AnswerLost,
        Self::Twice,
        Self::DownstreamFails,
        Self::Restart,
    ];

    /// How a caller names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Undelivered => "undelivered",
            Self::AnswerLost => "answer-lost",
            Self::Twice => "twice",
            Self::DownstreamFails => "downstream-fails",
            Self::Restart => "restart",
        }
    }

    /// What a reader is told of it; nothing of [`Fault::Nothing`].
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Undelivered => "not delivered",
            Self::AnswerLost => "answer lost",
            Self::Twice => "delivered twice at once",
            Self::DownstreamFails => "downstream fails",
            Self::Restart => "after a restart",
        }
    }
}

/// Faults as a caller writes them: `undelivered,answer-lost*2,none`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let mut faults = Vec::new();
        for part in text.split(',') {
            let (name, times) = part.split_once('*').unwrap_or((part, "1"));
            let fault = Fault::ALL.into_iter().find(|fault| fault.name() == name);
            let fault = fault.ok_or_else(|| FaultsError::NoSuchFault(name.to_owned()))?;
            let times = times.parse().ok().filter(|times| (1..=MOST).contains(times));
            let times = times.ok_or_else(|| FaultsError::NoNumber(part.to_owned()))?;
            faults.extend(iter::repeat_n(fault, times));
        }
        if faults.len() > MOST { Err(FaultsError::TooMany) } else { Ok(Self(faults)) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, run) in self.0.chunk_by(|one, next| one == next).enumerate() {
            let comma = if place == 0 { "" } else { "," };
            match run {
                [fault] => write!(f, "{comma}{}", fault.name())?,
                [fault, ..] => write!(f, "{comma}{}*{}", fault.name(), run.len())?,
                [] => {}
            }
        }
        Ok(())
    }
}

/// Why a list of faults is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultsError {
    /// No fault has this name.
    NoSuchFault(String),
    /// Behind the `*` of this part stands no number that makes sense.
    NoNumber(String),
    /// Longer than any schedule.
    TooMany,
}

impl fmt::Display for FaultsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchFault(name) => {
                let known = Fault::ALL.map(Fault::name).join(", ");
                write!(f, "there is no fault \"{}\"; there are {known}", name.escape_debug())
            }
            Self::NoNumber(part) => {
                write!(f, "\"{}\": behind * stands how often, from 1 to {MOST}", part.escape_debug())
            }
            Self::TooMany => write!(f, "no schedule has more than {MOST} attempts"),
        }
    }
}

impl core::error::Error for FaultsError {}

/// What became of the event.
#[derive(Clone, Debug)]
pub struct Life {
    /// How the endpoint knows it.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// When it was created, and the first attempt was due.
    pub created: Timestamp,
    /// Every attempt so far.
    pub attempts: Vec<Attempt>,
    /// How it ended, if it did.
    pub conclusion: Option<Conclusion>,
    /// How many effects it had in the end, where anybody observes them.
    pub effects: Option<u64>,
}

/// One attempt, when the provider would have made it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Counted from 1.
    pub number: u32,
    /// When it left.
    pub at: Timestamp,
    /// What befell it.
    pub fault: Fault,
    /// What was sent and what came back: nothing, one delivery, or two at once.
    pub exchanges: Vec<Exchange>,
    /// How many effects the event had a moment later, where anybody observes them.
    pub effects: Option<u64>,
}

impl Attempt {
    /// Whether the provider read an acknowledgement.
    pub fn is_acknowledged(&self) -> bool {
        self.exchanges.iter().any(Exchange::is_acknowledged)
    }

    /// What a reader is told of its answers: `200`, or `200 and 409`; nothing where none could come.
    pub fn results(&self) -> String {
        let heard = |fault| !matches!(fault, Fault::Undelivered | Fault::AnswerLost);
        let results =
            self.exchanges.iter().filter(|_| heard(self.fault)).map(|sent| sent.result().to_string());
        results.collect::<Vec<_>>().join(" and ")
    }
}

/// More attempts than any schedule has.
const MOST: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_in_order_and_repeated_as_asked() {
        let read: Faults = "undelivered,answer-lost*2,none,twice,downstream-fails,restart".parse().unwrap();
        assert_eq!(
            read.0,
            [
                Fault::Undelivered,
                Fault::AnswerLost,
                Fault::AnswerLost,
                Fault::Nothing,
                Fault::Twice,
                Fault::DownstreamFails,
                Fault::Restart
            ]
        );
        assert_eq!(read.to_string(), "undelivered,answer-lost*2,none,twice,downstream-fails,restart");
    }

    #[test]
    fn what_is_no_fault_is_refused_with_what_there_is() {
        let refused = |text: &str| text.parse::<Faults>().unwrap_err().to_string();
        assert_eq!(
            refused("undelivered,lost"),
            "there is no fault \"lost\"; there are none, undelivered, answer-lost, twice, downstream-fails, restart"
        );
        assert!(refused("").starts_with("there is no fault \"\""));
        for wrong in ["twice*", "twice*0", "twice*-1", "twice*101", "twice*2*2"] {
            assert_eq!(
                refused(wrong),
                alloc::format!("\"{wrong}\": behind * stands how often, from 1 to 100")
            );
        }
        assert_eq!(refused("none*60,twice*41"), "no schedule has more than 100 attempts");
    }
}
