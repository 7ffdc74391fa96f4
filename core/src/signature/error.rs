//! Why a request is refused (the peer's fault), and why a verifier cannot be made (the caller's).

use alloc::string::String;
use core::{fmt, time::Duration};

use crate::decimal::with_numbers;

/// Why a request is refused. No variant holds a secret or a right MAC.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// A header that the scheme needs is absent; its name.
    MissingHeader(String),
    /// A header is not of the scheme's form; what is wrong with it.
    MalformedHeader(&'static str),
    /// A header is larger than 8 KiB.
    HeaderTooLarge {
        /// Its bytes.
        length: usize,
    },
    /// There are more than 32 candidates.
    TooManyCandidates,
    /// No candidate is the MAC of these bytes by any of the secrets.
    NoMatch,
    /// The MAC is right and the request too old.
    TooOld {
        /// How long ago it was signed.
        age: Duration,
        /// How long is allowed.
        tolerance: Duration,
    },
    /// The MAC is right and the request from the future.
    TooNew {
        /// How far ahead of now it was signed.
        ahead: Duration,
        /// How far is allowed.
        tolerance: Duration,
    },
}

impl VerifyError {
    /// A stable name, the same in Rust, JSON and JavaScript.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingHeader(_) => "missing_header",
            Self::MalformedHeader(_) => "malformed_header",
            Self::HeaderTooLarge { .. } => "header_too_large",
            Self::TooManyCandidates => "too_many_candidates",
            Self::NoMatch => "no_match",
            Self::TooOld { .. } => "too_old",
            Self::TooNew { .. } => "too_new",
        }
    }

    /// What [`Display`](fmt::Display) shows, for where its machinery is too much to load.
    pub fn message(&self) -> String {
        match self {
            Self::MissingHeader(name) => ["there is no header ", name].concat(),
            Self::MalformedHeader(what) => (*what).into(),
            Self::HeaderTooLarge { length } => {
                let length = u64::try_from(*length).unwrap_or(u64::MAX);
                with_numbers("the signature header has # bytes, more than the 8192 allowed", [length, 0])
            }
            Self::TooManyCandidates => "the header has more than the 32 signatures allowed".into(),
            Self::NoMatch => "no signature matches these bytes: another secret, or a body that is not the one that was sent (parsed and printed again?)".into(),
            Self::TooOld { age, tolerance } => {
                with_numbers("timestamp is #s old, more than the #s allowed", [age.as_secs(), tolerance.as_secs()])
            }
            Self::TooNew { ahead, tolerance } => with_numbers(
                "timestamp is #s in the future, more than the #s allowed",
                [ahead.as_secs(), tolerance.as_secs()],
            ),
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for VerifyError {}

/// Why a verifier cannot be made, or a message not be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// No secret was given.
    NoSecret,
    /// A secret is empty or white space.
    BlankSecret,
    /// A secret has white space around it, as a file's last newline.
    SecretWhitespace,
    /// The scheme decodes the secret, and it is not base64.
    SecretNotBase64,
    /// The scheme decodes the secret, and nothing is left.
    SecretEmptyKey,
    /// A tolerance of zero.
    ToleranceZero,
    /// The id is empty, or has a character that makes it ambiguous in what is signed.
    UnsignableId,
}

impl ConfigError {
    /// A stable name, the same in Rust, JSON and JavaScript.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSecret => "no_secret",
            Self::BlankSecret => "blank_secret",
            Self::SecretWhitespace => "secret_whitespace",
            Self::SecretNotBase64 => "secret_not_base64",
            Self::SecretEmptyKey => "secret_empty_key",
            Self::ToleranceZero => "tolerance_zero",
            Self::UnsignableId => "unsignable_id",
        }
    }

    /// What [`Display`](fmt::Display) shows, for where its machinery is too much to load.
    pub const fn message(&self) -> &'static str {
        match self {
            Self::NoSecret => "no secret was given; give the one that the provider shows for this endpoint",
            Self::BlankSecret => "is blank; give the one that the provider shows for this endpoint",
            Self::SecretWhitespace => {
                "has white space around it, perhaps a file's last newline; remove it, because it would be part of the key"
            }
            Self::SecretNotBase64 => "is not base64 (after an optional whsec_), as this scheme needs",
            Self::SecretEmptyKey => "has nothing behind its whsec_ prefix",
            Self::ToleranceZero => {
                "a tolerance of 0 refuses every event; give whole seconds above 0, or switch the check off by name"
            }
            Self::UnsignableId => {
                "the message's id is empty or has a dot or a character that headers cannot carry"
            }
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for ConfigError {}
