//! What a diagnosis says, each cause with its cure.

use alloc::vec::Vec;
use core::fmt;

use super::{VerifyError, reprint::Style};
use crate::Text;

/// What [`super::diagnose`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Diagnosis {
    /// The request is right; nothing refuses it now.
    Sound,
    /// With these mistakes undone the MAC holds. More than one only where no single one is enough.
    Caused(Vec<Cause>),
    /// None of the mistakes that we know explains it.
    Unexplained(VerifyError),
}

/// A mistake that, undone, makes the request right.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The configured secret has white space around it.
    SecretWhitespace,
    /// The sender's secret has white space around it, and signs with it.
    SecretSignedWithWhitespace,
    /// The sender decodes the secret from base64, and this scheme does not.
    SecretDecoded,
    /// The sender takes the secret's text, and this scheme decodes it.
    SecretNotDecoded,
    /// The sender removes `whsec_` from the secret, and this scheme does not.
    SecretPrefixRemoved,
    /// Another secret is the right one.
    OtherSecret {
        /// Which of those that were given, counted from 0.
        place: usize,
    },
    /// The body had a byte order mark when it was signed.
    ByteOrderMarkLost,
    /// A byte order mark came before the body after it was signed.
    ByteOrderMarkGained,
    /// The body ended in a newline when it was signed.
    NewlineLost,
    /// A newline came behind the body after it was signed.
    NewlineGained,
    /// Newlines within the body became others.
    NewlinesChanged,
    /// The body was parsed and printed again.
    Reprinted {
        /// How it was printed when it was signed.
        style: Style,
    },
    /// The signed time is in milliseconds.
    Milliseconds,
    /// The MAC is written in upper-case digits.
    UpperCaseDigits,
    /// The request is right by another provider's construction.
    OtherProvider {
        /// The provider.
        title: Text,
    },
    /// The MAC covers the body alone, without a time.
    BodyAlone,
}

impl Cause {
    /// A stable name, the same in Rust, JSON and JavaScript.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SecretWhitespace => "secret_whitespace",
            Self::SecretSignedWithWhitespace => "secret_signed_with_whitespace",
            Self::SecretDecoded => "secret_decoded",
            Self::SecretNotDecoded => "secret_not_decoded",
            Self::SecretPrefixRemoved => "secret_prefix_removed",
            Self::OtherSecret { .. } => "other_secret",
            Self::ByteOrderMarkLost => "bom_lost",
            Self::ByteOrderMarkGained => "bom_gained",
            Self::NewlineLost => "newline_lost",
            Self::NewlineGained => "newline_gained",
            Self::NewlinesChanged => "newlines_changed",
            Self::Reprinted { .. } => "reprinted",
            Self::Milliseconds => "milliseconds",
            Self::UpperCaseDigits => "upper_case_digits",
            Self::OtherProvider { .. } => "other_provider",
            Self::BodyAlone => "body_alone",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretWhitespace => f.write_str(
                "the configured secret has white space around it, perhaps a file's last newline; without it the signature holds",
            ),
            Self::SecretSignedWithWhitespace => f.write_str(
                "the sender's secret has white space around it; with it the signature holds, so correct it on both sides",
            ),
            Self::SecretDecoded => f.write_str(
                "the sender decodes the secret from base64; this scheme takes its text as it is (sign with the whole text)",
            ),
            Self::SecretNotDecoded => f.write_str(
                "the sender signs with the secret's text; this scheme decodes what follows whsec_ from base64",
            ),
            Self::SecretPrefixRemoved => f.write_str(
                "the sender removes whsec_ from the secret; in this scheme it belongs to the key",
            ),
            Self::OtherSecret { place } => write!(
                f,
                "another secret is the right one, number {} of those given: rotated, or another endpoint's; configure both while both are in use",
                place.saturating_add(1)
            ),
            Self::ByteOrderMarkLost => f.write_str(
                "the body had a byte order mark when it was signed, and lost it on the way; hand the verifier the bytes as received",
            ),
            Self::ByteOrderMarkGained => f.write_str(
                "a byte order mark came before the body after it was signed; hand the verifier the bytes as received",
            ),
            Self::NewlineLost => f.write_str(
                "the body ended in a newline when it was signed, and something trimmed it; hand the verifier the bytes as received",
            ),
            Self::NewlineGained => f.write_str(
                "a newline came behind the body after it was signed; hand the verifier the bytes as received",
            ),
            Self::NewlinesChanged => f.write_str(
                "newlines within the body were changed after it was signed; hand the verifier the bytes as received",
            ),
            Self::Reprinted { style } => write!(
                f,
                "the body was parsed and printed again: it was signed {style}; take the raw body before any JSON parser does"
            ),
            Self::Milliseconds => f.write_str(
                "the signed time is in milliseconds; this scheme counts Unix seconds",
            ),
            Self::UpperCaseDigits => f.write_str(
                "the signature is right but written in upper-case hexadecimal digits; this scheme writes them in lower case",
            ),
            Self::OtherProvider { title } => {
                write!(f, "the request is right by {title}'s construction; verify it as that provider's")
            }
            Self::BodyAlone => f.write_str(
                "the signature covers the body alone; this scheme signs the time of sending with it",
            ),
        }
    }
}
