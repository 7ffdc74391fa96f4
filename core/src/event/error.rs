//! Why a rightly signed body is no event.

use alloc::string::String;
use core::fmt;

use crate::{ScanError, decimal::with_numbers};

/// Why a body is no event of the provider's. Each says where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventError {
    /// The body is not JSON in UTF-8.
    NotJson(ScanError),
    /// The body is JSON, but no object.
    NotAnObject,
    /// A field is absent or empty; its pointer or header.
    MissingField(String),
    /// A field is of another type.
    WrongType {
        /// Its pointer or header.
        at: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A field is longer than 1,024 bytes.
    TooLong {
        /// Its pointer or header.
        at: String,
        /// Its bytes.
        length: usize,
    },
    /// A name stands twice in the envelope, and readers disagree about which counts; its pointer.
    RepeatedKey(String),
}

impl EventError {
    /// A stable name, the same in Rust, JSON and JavaScript.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotJson(_) => "not_json",
            Self::NotAnObject => "not_an_object",
            Self::MissingField(_) => "missing_field",
            Self::WrongType { .. } => "wrong_type",
            Self::TooLong { .. } => "too_long",
            Self::RepeatedKey(_) => "repeated_key",
        }
    }

    /// What [`Display`](fmt::Display) shows, for where its machinery is too much to load.
    pub fn message(&self) -> String {
        let (at, what) = match self {
            Self::NotJson(error) => ("the body is not JSON: ", error.message()),
            Self::NotAnObject => ("the body is JSON, but no object", String::new()),
            Self::MissingField(at) => (&**at, " is missing or empty".into()),
            Self::WrongType { at, wanted } => (&**at, [" is not ", wanted].concat()),
            Self::TooLong { at, length } => {
                let length = u64::try_from(*length).unwrap_or(u64::MAX);
                (&**at, with_numbers(" has # bytes, more than the 1024 allowed", [length, 0]))
            }
            Self::RepeatedKey(at) => {
                (&**at, " stands twice, and readers disagree about which one counts".into())
            }
        };
        [at, &what].concat()
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for EventError {}
