//! How a delivery is signed, and how the names of its signature's headers are spelled.

use alloc::string::String;

use crate::Spelling;

/// How a delivery is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// With the endpoint's secret, as the provider does.
    Right,
    /// With a secret that the endpoint does not know.
    Forged,
    /// Not at all: the signature's headers are absent.
    Missing,
    /// With the mistake of this number among those that receivers make too; see [`crate::Bench::mistakes`].
    Mistaken(usize),
    /// With the endpoint's secret, in headers that are written otherwise than the provider writes them.
    Spelled(Spelling),
}

/// How the names of the signature's headers are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderCase {
    /// As the provider spells them.
    AsIs,
    /// `turratech-signature`
    Lower,
    /// `TURRATECH-SIGNATURE`
    Upper,
    /// `Turratech-Signature`
    Title,
}

impl HeaderCase {
    /// A header's name in this case.
    pub(crate) fn spelled(self, name: &str) -> String {
        match self {
            Self::AsIs => name.into(),
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Title => {
                let mut start = true;
                name.chars()
                    .map(|letter| {
                        let spelled =
                            if start { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
                        start = letter == '-';
                        spelled
                    })
                    .collect()
            }
        }
    }
}
