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
    /// Keeps every promise in ways that a careless check would hold against it.
    Sound(Variants),
    /// Keeps no promise, but gives an answer that a careless check would believe.
    Fraud(Fraud),
}

impl Nature {
    /// A sound merchant with all of these ways at once.
    pub fn sound(variants: impl IntoIterator<Item = Variant>) -> Self {
        Self::Sound(variants.into_iter().collect())
    }
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
        matches!(self.nature, Nature::Sound(variants) if variants.contains(variant))
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
    /// A lease ends by itself and not when work fails, so that nothing need be undone.
    KeepsFailedEvents = "keeps-failed-events",
        "answers 500 to an event whose work failed until its lease is over, a minute later";
    /// Exactly once is the downstream's affair.
    DownstreamDedupes = "downstream-dedupes",
        "does not dedupe itself, but gives its downstream an idempotency key, and that dedupes";
    /// The event is stored, and a job that failed stays in its table until the next round.
    OwnJobRetry = "own-job-retry",
        "acknowledges an event whose work failed, and does the work again by itself after 60 s";
    /// A cap against floods, set by somebody who looked at ordinary events.
    CapsAtHundredKb = "caps-at-100-kb", "closes the connection on bodies of more than 100 KB";
    /// The same cap with more room.
    CapsAtOneMb = "caps-at-1-mb", "closes the connection on bodies of more than 1 MB";
    /// A gateway protects what stands behind it.
    FiftyASecond = "fifty-a-second",
        "takes 50 requests a second and answers 429 with Retry-After to those beyond";
    /// So does a firewall that counts failures.
    BansAfterTwenty = "bans-after-20-refusals", "answers 403 to everything after 20 refusals";
    /// Types that it did not enable are none of its business.
    TwoTypes = "two-types", "is subscribed to two types and answers 400 to all others";
    /// An old state must not replace a newer one.
    NewestWins = "newest-wins",
        "acknowledges an event without effect when it saw a newer one of the same object";
    /// A payment is booked once, whatever events tell of it.
    BusinessKey = "business-key",
        "takes a second event of the same type and object for a duplicate, beside its dedupe by id";
    /// Whoever calls is believed only as far as the provider confirms it.
    ConfirmsByApi = "confirms-by-api", "asks the provider for each event before it acts on it";
    /// No client waits for ever.
    TenSecondClient = "ten-second-client",
        "gives up a downstream call after 10 s and makes it again, under one idempotency key";
    /// A column for ids of one form.
    PrefixedIds = "prefixed-ids", "answers 400 to ids that do not begin as the first one did (evt_)";
    /// The live shop books nothing that is a test.
    IgnoresTestEvents = "ignores-test-events", "acknowledges test events and does nothing about them";
}

/// A set of variants: the ways of one merchant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Variants(u32);

impl Variants {
    /// Whether this variant is one of them.
    pub const fn contains(self, variant: Variant) -> bool {
        self.0 & (1 << variant as u32) != 0
    }

    /// Each of them, in the order of [`Variant::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Variant> {
        Variant::ALL.iter().copied().filter(move |variant| self.contains(*variant))
    }
}

impl FromIterator<Variant> for Variants {
    fn from_iter<I: IntoIterator<Item = Variant>>(variants: I) -> Self {
        Self(variants.into_iter().fold(0, |set, variant| set | 1 << variant as u32))
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
