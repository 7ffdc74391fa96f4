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

/// From `Variant = name, description;`: the enumeration, and what is said of each.
macro_rules! variants {
    ($($(#[$reason:meta])+ $variant:ident = $name:literal, $description:literal;)+) => {
        /// A way to be sound that looks odd from outside. None may ever get a `Fail`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Variant {
            $($(#[$reason])+ $variant,)+
        }

        impl Variant {
            /// Every variant.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in reports and tests.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it does, as a sentence fragment.
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $description),+ }
            }
        }
    };
}

variants! {
    /// An order is fulfilled, written into the ledger, and confirmed by mail.
    ThreeDownstreamCalls = "three-downstream-calls", "calls three downstream services for one event";
    /// The queue is durable, so the answer need not wait for the work.
    PolledQueue = "polled-queue",
        "stores the event durably, acknowledges it, and acts when its queue is polled";
    /// A stranger learns nothing.
    IgnoresForgeries = "ignores-forgeries", "answers forgeries 200 and ignores them";
    /// The verifying library throws, and the framework makes that a 500.
    Answers500ToForgeries = "answers-500-to-forgeries", "answers 500 to forgeries";
    /// Nobody must act on everything.
    ActsOnOneType = "acts-on-one-type", "acts on one type and acknowledges the rest";
    /// The database refuses the second insert, and nobody caught that.
    Answers500ToCopies = "answers-500-to-copies",
        "answers 500 to a copy that comes while the first is worked on, because of a unique constraint";
    /// Exactly once is the downstream's affair.
    DownstreamDedupes = "downstream-dedupes",
        "does not dedupe itself, but gives its downstream an idempotency key, and that dedupes";
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
