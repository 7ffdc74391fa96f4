//! Who a merchant is: the reference, one that is sound in its own way, one with a defect, or a fraud.

use std::{fmt, time::Duration};

use super::Defect;

/// Everything in which two merchants differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Character {
    /// What kind of merchant it is.
    pub nature: Nature,
    /// The provider's limit for one attempt, which only slowness needs to know.
    pub limit: Duration,
    /// How often [`Variant::PolledQueue`] looks into its queue; 5 s unless set.
    pub poll: Duration,
}

/// What kind of merchant it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Keeps every promise in the plainest way.
    Reference,
    /// Breaks one promise.
    Flawed(Defect),
    /// Keeps every promise in a way that a careless check would hold against it.
    Sound(Variant),
    /// Keeps no promise, but gives an answer that a careless check would believe.
    Fraud(Fraud),
}

impl Character {
    /// A merchant of this nature that knows of the limit.
    pub const fn new(nature: Nature, limit: Duration) -> Self {
        Self { nature, limit, poll: Duration::from_secs(5) }
    }

    pub(super) fn has(&self, defect: Defect) -> bool {
        self.nature == Nature::Flawed(defect)
    }

    pub(super) fn is(&self, variant: Variant) -> bool {
        self.nature == Nature::Sound(variant)
    }
}

/// A way to be sound that looks odd from outside. None may ever get a `Fail`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// Calls three downstream services for one event.
    ThreeDownstreamCalls,
    /// Stores the event durably, acknowledges it, and acts when its queue is polled.
    PolledQueue,
    /// Answers forgeries 200 and ignores them, so that a stranger learns nothing.
    IgnoresForgeries,
    /// An exception of the verifying library becomes a 500.
    Answers500ToForgeries,
    /// Acts on one type and acknowledges the rest.
    ActsOnOneType,
    /// A copy that comes while the first is worked on runs into a unique constraint, which becomes a 500.
    Answers500ToCopies,
    /// Does not dedupe itself, but gives its downstream an idempotency key, and that dedupes.
    DownstreamDedupes,
}

impl Variant {
    /// Every variant.
    pub const ALL: [Self; 7] = [
        Self::ThreeDownstreamCalls,
        Self::PolledQueue,
        Self::IgnoresForgeries,
        Self::Answers500ToForgeries,
        Self::ActsOnOneType,
        Self::Answers500ToCopies,
        Self::DownstreamDedupes,
    ];

    /// Its name in reports and tests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ThreeDownstreamCalls => "three-downstream-calls",
            Self::PolledQueue => "polled-queue",
            Self::IgnoresForgeries => "ignores-forgeries",
            Self::Answers500ToForgeries => "answers-500-to-forgeries",
            Self::ActsOnOneType => "acts-on-one-type",
            Self::Answers500ToCopies => "answers-500-to-copies",
            Self::DownstreamDedupes => "downstream-dedupes",
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An endpoint that does nothing at all. It may never get a `Pass` on a signature or a duplicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fraud {
    /// 400 to all: it does reject forgeries.
    RefuseEverything,
    /// 200 to all: it does acknowledge everything, and nothing is ever done twice.
    AcceptEverything,
}

impl Fraud {
    /// Both frauds.
    pub const ALL: [Self; 2] = [Self::RefuseEverything, Self::AcceptEverything];

    /// Its name in reports and tests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RefuseEverything => "refuse-everything",
            Self::AcceptEverything => "accept-everything",
        }
    }
}

impl fmt::Display for Fraud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
