//! Whether the events of a history had the effects that they are due.

use alloc::{format, string::String, vec::Vec};

use super::play::{Course, Trial};
use crate::{Effects, Exchange, checks::is_busy, report::harmless};

/// What a history shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// One effect for each event.
    Holds,
    /// The promise is broken.
    Broken(Fault),
    /// Something was not seen; why.
    Open(String),
}

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) kind: Kind,
    /// Of which event, and what came of it.
    pub(super) said: String,
}

/// Which promise is broken, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// More than one effect.
    Doubled,
    /// Acknowledged, and no effect.
    Lost,
    /// Never acknowledged, however often it came.
    Refused,
}

/// Which count of effects is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counts {
    /// The one that was taken then, on which everything behind it was built.
    Taken,
    /// The last one of the run.
    Last,
}

impl Kind {
    /// What a sound endpoint does.
    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Doubled => "one effect for each event, however it is delivered",
            Self::Lost => "an effect for each event that was acknowledged",
            Self::Refused => {
                "a success status for an event that comes again, once nothing stands in its way any more"
            }
        }
    }
}

impl Trial<'_, '_> {
    /// The gravest fault among its events; without one, what was not seen.
    pub(super) fn judge(&self, counts: Counts) -> Judgement {
        let mut faults = Vec::new();
        let mut open = None;
        for course in &self.courses {
            match course.judge(counts) {
                Judgement::Holds => {}
                Judgement::Broken(fault) => faults.push(fault),
                Judgement::Open(why) => open = open.or(Some(why)),
            }
        }
        match (faults.into_iter().min_by_key(|fault| fault.kind), open) {
            (Some(fault), _) => Judgement::Broken(fault),
            (None, Some(why)) => Judgement::Open(why),
            (None, None) => Judgement::Holds,
        }
    }
}

impl Course<'_> {
    fn judge(&self, counts: Counts) -> Judgement {
        let Some(effects) = self.effects else { return Judgement::Holds };
        let count = match counts {
            Counts::Taken => effects.at_first,
            Counts::Last => effects.count,
        };
        match (count, self.attempts.last()) {
            (2.., _) => self.broken(Kind::Doubled, effects),
            (0, _) if self.is_acknowledged() => match &self.excuse {
                Some(why) => Judgement::Open(why.clone()),
                None => self.broken(Kind::Lost, effects),
            },
            (_, Some(last)) if !self.is_acknowledged() => self.unacknowledged(last, effects),
            _ => Judgement::Holds,
        }
    }

    fn unacknowledged(&self, last: &Exchange, effects: &Effects) -> Judgement {
        let result = last.result();
        match &self.excuse {
            Some(why) => Judgement::Open(why.clone()),
            None if is_busy(last) => Judgement::Open(format!(
                "an event was still not acknowledged when it came for the last time ({result})"
            )),
            None if last.status().is_none() => Judgement::Open(format!(
                "an event was not answered when it came for the last time ({result})"
            )),
            None => self.broken(Kind::Refused, effects),
        }
    }

    fn broken(&self, kind: Kind, effects: &Effects) -> Judgement {
        let results: Vec<String> =
            self.attempts.iter().map(|attempt| attempt.result().into_owned()).collect();
        let id = self.attempts.first().map_or("", |first| first.sent.id.as_str());
        let said = format!("event {} ({id}): {}, and {}", self.number, results.join(", "), effects.phrase());
        Judgement::Broken(Fault { kind, said: harmless(&said) })
    }
}
