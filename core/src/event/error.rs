//! Why a rightly signed body is no event.

use alloc::string::String;
use core::fmt;

use crate::ScanError;

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
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(error) => write!(f, "the body is not JSON: {error}"),
            Self::NotAnObject => f.write_str("the body is JSON, but no object"),
            Self::MissingField(at) => write!(f, "{at} is missing or empty"),
            Self::WrongType { at, wanted } => write!(f, "{at} is not {wanted}"),
            Self::TooLong { at, length } => write!(f, "{at} has {length} bytes, more than the 1024 allowed"),
            Self::RepeatedKey(at) => {
                write!(f, "{at} stands twice, and readers disagree about which one counts")
            }
        }
    }
}

impl core::error::Error for EventError {}
