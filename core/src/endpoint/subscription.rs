//! Which events an endpoint receives.

use alloc::{collections::BTreeSet, string::String};
use core::fmt;

/// The types that an endpoint enabled (`enabled_events`); it receives no others (TT-11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription(Types);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Types {
    All,
    Named(BTreeSet<String>),
}

impl Subscription {
    /// Every type, those that do not exist yet included.
    pub const fn all() -> Self {
        Self(Types::All)
    }

    /// These types, or every one where `*` is among them. Naming one twice is naming it once.
    ///
    /// # Errors
    ///
    /// [`SubscriptionError`] for no type at all, and for one that is blank or has white space in it.
    pub fn new<T: AsRef<str>>(types: impl IntoIterator<Item = T>) -> Result<Self, SubscriptionError> {
        let mut named = BTreeSet::new();
        for kind in types {
            let kind = kind.as_ref();
            if kind.is_empty() || kind.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
                return Err(SubscriptionError::BadType(kind.into()));
            }
            named.insert(String::from(kind));
        }
        match named.len() {
            0 => Err(SubscriptionError::Empty),
            _ if named.contains("*") => Ok(Self::all()),
            _ => Ok(Self(Types::Named(named))),
        }
    }

    /// Whether an event of this type is delivered.
    pub fn receives(&self, kind: &str) -> bool {
        match &self.0 {
            Types::All => true,
            Types::Named(named) => named.contains(kind),
        }
    }
}

/// Why a list of types is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubscriptionError {
    /// No type: the endpoint would never receive anything.
    Empty,
    /// A type that no event can have.
    BadType(String),
}

impl fmt::Display for SubscriptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => {
                f.write_str("names no type, so nothing would be delivered; name some, or * for all")
            }
            Self::BadType(kind) => write!(f, "names \"{}\", which is no type of event", kind.escape_debug()),
        }
    }
}

impl core::error::Error for SubscriptionError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_receives_what_it_enabled_and_nothing_else() {
        let subscription =
            Subscription::new(["payment.succeeded", "payment.failed", "payment.failed"]).expect("types");
        for (kind, received) in [
            ("payment.succeeded", true),
            ("payment.failed", true),
            ("payment", false),
            ("Payment.failed", false),
            ("", false),
        ] {
            assert_eq!(subscription.receives(kind), received, "{kind}");
        }
        assert!(Subscription::all().receives("anything"));
        assert_eq!(Subscription::new(["payment.failed", "*"]), Ok(Subscription::all()));
    }

    #[test]
    fn a_list_that_can_receive_nothing_is_refused() {
        assert_eq!(Subscription::new([""; 0]), Err(SubscriptionError::Empty));
        for kind in ["", " ", "payment succeeded", "a\n"] {
            assert_eq!(Subscription::new([kind]), Err(SubscriptionError::BadType(kind.into())));
        }
    }
}
