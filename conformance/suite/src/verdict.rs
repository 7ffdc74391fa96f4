//! What a check concludes.

use alloc::string::String;

/// What a check concludes about one promise. How binding the promise is stands in [`crate::Level`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The promise was seen to hold.
    Pass,
    /// The promise was seen broken.
    Fail {
        /// What a sound endpoint does.
        expected: String,
        /// What this one did.
        actual: String,
    },
    /// Neither could be seen; why, and what would settle it.
    Unknown(String),
    /// The promise does not exist for this provider or target; why.
    NotApplicable(String),
}

impl Verdict {
    /// The name in machine-readable reports: `pass`, `fail`, `unknown` or `not_applicable`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail { .. } => "fail",
            Self::Unknown(_) => "unknown",
            Self::NotApplicable(_) => "not_applicable",
        }
    }

    /// Whether the promise was seen broken.
    pub const fn is_fail(&self) -> bool {
        matches!(self, Self::Fail { .. })
    }

    /// Whether the promise was seen to hold.
    pub const fn is_pass(&self) -> bool {
        matches!(self, Self::Pass)
    }

    /// Whether this is a judgement that later evidence can overturn.
    pub(crate) const fn is_judgement(&self) -> bool {
        matches!(self, Self::Pass | Self::Fail { .. })
    }
}
