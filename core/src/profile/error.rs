//! Why a file is no profile: where, and what would be right.

use alloc::{string::String, vec::Vec};
use core::fmt;

use super::SpanError;
use crate::EventError;

/// Why a file is no profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileError {
    /// The line, from 1. Of a field that is missing, the line where its table begins.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The field as a dotted path, `signature.header`, an item of a list with its place from 0: `retries[2]`. Empty
    /// where the file is no TOML.
    pub field: String,
    /// What is wrong with it.
    pub fault: ProfileFault,
}

impl ProfileError {
    /// A stable name, the same in Rust, JSON and JavaScript.
    pub const fn code(&self) -> &'static str {
        self.fault.code()
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        write!(f, "{}", self.fault)
    }
}

impl core::error::Error for ProfileError {}

/// What is wrong with a field of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileFault {
    /// The file is not TOML; what its parser says.
    NotToml(String),
    /// No such field exists here.
    UnknownField {
        /// The one that is spelled nearly so.
        meant: Option<&'static str>,
        /// Those that exist here.
        known: Vec<&'static str>,
    },
    /// A field that must be there is not; how it would be written.
    MissingField(String),
    /// A field is of another type.
    WrongType {
        /// What it is: `a whole number`.
        found: &'static str,
        /// How it would be written.
        example: String,
    },
    /// The provider's name is empty, too long, or has other characters than lower-case letters, digits and hyphens.
    NotAName(String),
    /// The name is a built-in provider's, and the profile is not that provider's own.
    NameTaken(String),
    /// A text for people is empty, longer than 64 characters, or has a control character in it.
    NotATitle(String),
    /// A header's name is no token of HTTP.
    NotAHeader(String),
    /// A header that HTTP itself needs; the name.
    ReservedHeader(String),
    /// The header is used by another field; that field.
    SameHeader(&'static str),
    /// What stands before a MAC has a character that a header cannot carry, or is longer than 128 bytes.
    NotAPrefix(String),
    /// No JSON pointer of RFC 6901, or one of more than 64 levels; the pointer.
    NotAPointer(String),
    /// The pointer is another field's; that field.
    SamePlace(&'static str),
    /// The pointer leads through a value that is a text; the field of that text.
    InsideText(&'static str),
    /// A value of which only some are known.
    UnknownChoice {
        /// What was written.
        found: String,
        /// What there is.
        choices: Vec<&'static str>,
    },
    /// A status that is not a 2xx.
    NotASuccess(String),
    /// No span of time.
    NotASpan(SpanError),
    /// A span below zero.
    NegativeSpan,
    /// A time limit of zero, in which nothing can be answered, or of more than an hour.
    LimitOutOfRange,
    /// All delays of a schedule together are longer than a [`crate::Timestamp`] can hold.
    ScheduleTooLong,
    /// A list with nothing in it; what to do instead.
    EmptyList(&'static str),
    /// An item that stands in the list before.
    Repeated(String),
    /// An event type that is empty, longer than 256 bytes, or has white space, a quote or a backslash in it.
    NotAnEventType(String),
    /// The field is there although another one is not, which says why it means nothing.
    Without {
        /// The field that is not there.
        other: &'static str,
        /// Why this one needs it.
        because: &'static str,
    },
    /// Of what makes two deliveries the same event, nothing differs from event to event.
    TellsNothingApart,
    /// The sample is no event by this profile.
    NotAnEvent(EventError),
    /// The sample is of another type than the first of `event-types`.
    OtherType {
        /// What the sample says.
        found: String,
        /// The first of `event-types`.
        first: String,
    },
    /// The object of the sample is no JSON object; its pointer.
    NotAnObject(String),
    /// A value that must differ from event to event is absent from the sample, or neither a plain text nor a whole
    /// number; its pointer.
    NotReplaceable(String),
}

impl ProfileFault {
    /// A stable name, the same in Rust, JSON and JavaScript.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotToml(_) => "not_toml",
            Self::UnknownField { .. } => "unknown_field",
            Self::MissingField(_) => "missing_field",
            Self::WrongType { .. } => "wrong_type",
            Self::NotAName(_) => "not_a_name",
            Self::NameTaken(_) => "name_taken",
            Self::NotATitle(_) => "not_a_title",
            Self::NotAHeader(_) => "not_a_header",
            Self::ReservedHeader(_) => "reserved_header",
            Self::SameHeader(_) => "same_header",
            Self::NotAPrefix(_) => "not_a_prefix",
            Self::NotAPointer(_) => "not_a_pointer",
            Self::SamePlace(_) => "same_place",
            Self::InsideText(_) => "inside_text",
            Self::UnknownChoice { .. } => "unknown_choice",
            Self::NotASuccess(_) => "not_a_success",
            Self::NotASpan(_) => "not_a_span",
            Self::NegativeSpan => "negative_span",
            Self::LimitOutOfRange => "limit_out_of_range",
            Self::ScheduleTooLong => "schedule_too_long",
            Self::EmptyList(_) => "empty_list",
            Self::Repeated(_) => "repeated",
            Self::NotAnEventType(_) => "not_an_event_type",
            Self::Without { .. } => "without",
            Self::TellsNothingApart => "tells_nothing_apart",
            Self::NotAnEvent(_) => "not_an_event",
            Self::OtherType { .. } => "other_type",
            Self::NotAnObject(_) => "not_an_object",
            Self::NotReplaceable(_) => "not_replaceable",
        }
    }
}

impl fmt::Display for ProfileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotToml(why) => write!(f, "the file is not TOML: {why}"),
            Self::UnknownField { meant: Some(meant), .. } => {
                write!(f, "there is no such field; did you mean {meant}?")
            }
            Self::UnknownField { meant: None, known } => {
                write!(f, "there is no such field; there are {}", known.join(", "))
            }
            Self::MissingField(example) => write!(f, "is missing; write {example}"),
            Self::WrongType { found, example } => write!(f, "is {found}; write {example}"),
            Self::NotAName(name) => write!(
                f,
                "{} is no name; write 1 to 64 lower-case letters, digits and hyphens, a letter first",
                Quoted(name)
            ),
            Self::NameTaken(name) => write!(
                f,
                "{} is built in, and this profile differs from it; give yours another name, because reports and keys bear it",
                Quoted(name)
            ),
            Self::NotATitle(title) => {
                write!(f, "{} is no title; write 1 to 64 characters that can be printed", Quoted(title))
            }
            Self::NotAHeader(name) => write!(
                f,
                "{} is no header's name; write letters, digits and hyphens, such as x-shop-signature",
                Quoted(name)
            ),
            Self::ReservedHeader(name) => {
                write!(f, "{name} is a header that HTTP itself needs; it cannot carry anything else")
            }
            Self::SameHeader(other) => write!(f, "is the header of {other} too; each needs its own"),
            Self::NotAPrefix(prefix) => write!(
                f,
                "{} cannot stand before a MAC; write at most 128 printable ASCII characters, no space first",
                Quoted(prefix)
            ),
            Self::NotAPointer(pointer) => write!(
                f,
                "{} is no JSON pointer; write / before each name, ~1 for a / in it and ~0 for a ~, at most 64 levels deep",
                Quoted(pointer)
            ),
            Self::SamePlace(other) => write!(f, "is where {other} stands; each needs a place of its own"),
            Self::InsideText(other) => write!(f, "leads into {other}, which is a value without members"),
            Self::UnknownChoice { found, choices } => {
                write!(f, "{} is not known; there are {}", Quoted(found), choices.join(", "))
            }
            Self::NotASuccess(status) => {
                write!(f, "{status} is no status of success; write one from 200 to 299, or \"any-2xx\"")
            }
            Self::NotASpan(error) => write!(f, "{error}"),
            Self::NegativeSpan => f.write_str("is negative; nothing is sent before the attempt that failed"),
            Self::LimitOutOfRange => f.write_str(
                "is no limit; write a time from 1ms to 1h, or leave it out where none is published",
            ),
            Self::ScheduleTooLong => {
                f.write_str("the delays together are longer than a time can hold; write shorter ones")
            }
            Self::EmptyList(instead) => write!(f, "is an empty list; {instead}"),
            Self::Repeated(item) => write!(f, "{} stands in the list twice; write it once", Quoted(item)),
            Self::NotAnEventType(kind) => write!(
                f,
                "{} cannot be the type of an event; write it as the provider does, such as payment.succeeded",
                Quoted(kind)
            ),
            Self::Without { other, because } => write!(f, "means nothing without {other}: {because}"),
            Self::TellsNothingApart => f.write_str(
                "names nothing that differs from event to event, so all would be one; add the pointer of the object's id, or of a value in sample.fresh",
            ),
            Self::NotAnEvent(error) => write!(f, "is no event by this profile: {error}"),
            Self::OtherType { found, first } => write!(
                f,
                "is an event of the type {}, but the first of event-types, which it stands for, is {}",
                Quoted(found),
                Quoted(first)
            ),
            Self::NotAnObject(pointer) => {
                write!(f, "has no object at {}, where event.object says that one is", Quoted(pointer))
            }
            Self::NotReplaceable(pointer) => write!(
                f,
                "has at {} neither a text without escapes nor a whole number, which each event needs another of",
                Quoted(pointer)
            ),
        }
    }
}

/// A text of the file's, harmless on a terminal.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cut = self.0.chars().nth(LONGEST_SHOWN).is_some();
        let shown = self.0.chars().take(LONGEST_SHOWN).flat_map(char::escape_debug);
        f.write_str("\"")?;
        for letter in shown {
            write!(f, "{letter}")?;
        }
        f.write_str(if cut { "…\"" } else { "\"" })
    }
}

/// Longer texts would hide what is wrong with them.
const LONGEST_SHOWN: usize = 80;
