//! Everything in which two platforms differ, as one value.

mod github;
mod standard_webhooks;
mod stripe;
mod turnstay;
mod turratech;

use alloc::borrow::Cow;
use core::{fmt, time::Duration};

use crate::{EventShape, RetrySchedule, Scheme};

/// A text that is known when the program is built or read from a user's profile.
pub type Text = Cow<'static, str>;

/// A platform that sends webhooks. Another platform is another value, never a change of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The name on the command line: `turratech`.
    pub name: Text,
    /// The name in prose: `TurraTech`.
    pub title: Text,
    /// What the ids of its clauses begin with, where its documents are numbered: `TT`.
    pub clause_prefix: Option<Text>,
    /// How deliveries are signed; nothing where they are not (TS-1).
    pub signature: Option<Scheme>,
    /// What counts as acknowledged (TT-5, TS-4).
    pub acknowledgement: Acknowledgement,
    /// The limit for one attempt, its answer's body included, where it is published (TT-6).
    pub time_limit: Option<Duration>,
    /// When failed attempts are repeated (TT-12, TS-7).
    pub retries: Retries,
    /// Where an event's fields stand (TT-1, TS-1).
    pub shape: EventShape,
    /// What makes two deliveries the same event (TT-8, TS-6).
    pub key: KeyRule,
    /// The types that its documents name, the ordinary one first (TT-2, TS-2).
    pub event_types: Cow<'static, [Text]>,
    /// An event of the first of these types as it is really sent, where a profile brings one. Those of the built-in
    /// providers are fixtures.
    pub sample: Option<EventSample>,
}

impl Provider {
    /// Every provider that is built in.
    pub const BUILT_IN: [&'static Self; 5] = [
        &turratech::TURRATECH,
        &turnstay::TURNSTAY,
        &standard_webhooks::STANDARD_WEBHOOKS,
        &stripe::STRIPE,
        &github::GITHUB,
    ];

    /// The built-in provider of this name.
    pub fn built_in(name: &str) -> Option<&'static Self> {
        Self::BUILT_IN.into_iter().find(|provider| provider.name == name)
    }

    /// Whether deliveries are signed. An unsigned endpoint cannot tell the provider from anyone else.
    pub const fn is_signed(&self) -> bool {
        self.signature.is_some()
    }
}

/// Which statuses acknowledge a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    /// Any 2xx (TT-5).
    AnySuccess,
    /// This status and no other (TS-4).
    Exactly(u16),
}

impl Acknowledgement {
    /// Whether `status` acknowledges a delivery.
    pub const fn accepts(self, status: u16) -> bool {
        match self {
            Self::AnySuccess => 200 <= status && status <= 299,
            Self::Exactly(only) => status == only,
        }
    }
}

impl fmt::Display for Acknowledgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnySuccess => f.write_str("any 2xx"),
            Self::Exactly(only) => write!(f, "exactly {only}"),
        }
    }
}

/// What happens after a failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retries {
    /// The delivery is retried, but steps and count are not published (TS-7).
    Unspecified,
    /// The delivery is not retried.
    Never,
    /// The delivery is retried after these delays (TT-12).
    Schedule(RetrySchedule),
}

/// An event as a provider really sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSample {
    /// Its exact body.
    pub body: Text,
    /// Pointers to the values in it, beside the ids that the shape names, that name this event and no other.
    pub fresh: Cow<'static, [Text]>,
}

/// What makes two deliveries the same event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyRule {
    /// The event's own id (TT-8).
    EventId,
    /// The type and the values at these JSON pointers, because events have no id. Where the object's own id is
    /// missing, the SHA-256 of the exact body stands in (our reading of TS-6).
    Derived(Cow<'static, [Text]>),
}

/// A catalogue of types as a constant.
macro_rules! texts {
    ($($text:literal),* $(,)?) => {
        alloc::borrow::Cow::Borrowed(const { &[$(alloc::borrow::Cow::Borrowed($text)),*] })
    };
}
use texts;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turratech_takes_any_success_and_turnstay_200_alone() {
        let rule = |name| Provider::built_in(name).expect("built in").acknowledgement;
        for (status, turratech, turnstay) in [
            (199, false, false),
            (200, true, true),
            (201, true, false),
            (299, true, false),
            (302, false, false),
        ] {
            assert_eq!(rule("turratech").accepts(status), turratech, "{status}");
            assert_eq!(rule("turnstay").accepts(status), turnstay, "{status}");
        }
    }

    #[test]
    fn turratechs_schedule_is_its_table_and_not_its_prose() {
        let Retries::Schedule(schedule) = &turratech::TURRATECH.retries else { unreachable!("published") };
        assert_eq!(schedule.attempts(), 8);
        assert_eq!(schedule.total(), Duration::from_secs(135_300));
        assert_ne!(schedule.total(), Duration::from_secs(3 * 86_400));
        assert_eq!(schedule.longest(Duration::from_secs(30)), Duration::from_secs(37 * 3_600 + 39 * 60));
    }
}
