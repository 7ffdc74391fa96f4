//! What a delivery says: the typed envelope over the exact bytes of its body.

mod error;

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::ops::Range;

pub use self::error::EventError;
use crate::{
    Header, Text, Timestamp, decimal,
    scan::{NOTHING, Walk, decoded, locate, text_in},
};

/// Where an event's fields stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventShape {
    /// Its id; nowhere where events have none (TS-1).
    pub id: At,
    /// Its type.
    pub kind: At,
    /// When it was created.
    pub created: At,
    /// How that time is written.
    pub created_format: TimeFormat,
    /// The pointer of the object that it is about.
    pub object: Text,
    /// The pointer of that object's id.
    pub object_id: Option<Text>,
}

/// Where one field stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// In the body, at this JSON pointer.
    Body(Text),
    /// In the header of this name.
    Header(Text),
    /// The provider does not send it.
    Nowhere,
}

impl At {
    fn pointer(&self) -> &str {
        match self {
            Self::Body(pointer) => pointer,
            Self::Header(_) | Self::Nowhere => NOTHING,
        }
    }

    /// As errors name it.
    fn place(&self) -> String {
        match self {
            Self::Body(pointer) => pointer.as_ref().into(),
            Self::Header(name) => ["header ", name].concat(),
            Self::Nowhere => String::new(),
        }
    }
}

/// How a time is written in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFormat {
    /// A whole number of seconds since the Unix epoch.
    UnixSecs,
    /// A string such as `2024-01-01T00:00:00Z`.
    Rfc3339,
}

/// An event that borrows the exact bytes of its delivery. Unknown fields are kept, because nothing is rewritten.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    id: Option<Cow<'a, str>>,
    kind: Cow<'a, str>,
    created: Option<Timestamp>,
    object: &'a [u8],
    body: &'a [u8],
    wide_integers: Vec<Range<usize>>,
}

impl<'a> Event<'a> {
    /// Reads a delivery whose signature was verified.
    ///
    /// # Errors
    ///
    /// [`EventError`] with the place: a body that is not JSON or no object, a name that stands twice in the
    /// envelope, an id or type that is missing, empty, too long or no text.
    pub fn parse(shape: &EventShape, headers: &[Header<'a>], body: &'a [u8]) -> Result<Self, EventError> {
        let EventShape { id, kind, created, object, .. } = shape;
        let walk = Walk::through(body, [id.pointer(), kind.pointer(), created.pointer(), object], object)
            .map_err(EventError::NotJson)?;
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(EventError::NotAnObject);
        }
        if let Some(place) = walk.repeated {
            return Err(EventError::RepeatedKey(place));
        }
        let [id, kind, created, object] = walk.found.map(|range| body.get(range?));
        let object = object.ok_or_else(|| EventError::MissingField(shape.object.as_ref().into()))?;
        Ok(Self {
            id: text(&shape.id, id, headers)?,
            kind: text(&shape.kind, kind, headers)?.unwrap_or_default(),
            created: time(shape, created)?,
            object,
            body,
            wide_integers: walk.wide_integers,
        })
    }

    /// The event's id, where the provider's events have one.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The event's type, escapes undone; empty where the provider's events have none.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// When the event was created, where it says so. Not when it was sent.
    pub fn created(&self) -> Option<Timestamp> {
        self.created
    }

    /// The exact bytes of the object that the event is about.
    pub fn object(&self) -> &'a [u8] {
        self.object
    }

    /// The exact bytes of the body.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The exact bytes of the value at a JSON pointer (RFC 6901) into the body.
    pub fn field(&self, pointer: &str) -> Option<&'a [u8]> {
        self.body.get(locate(self.body, pointer)?)
    }

    /// The places of the integers beyond ±(2^53 - 1) in the body, first to last: JavaScript's numbers do not hold them.
    pub fn wide_integers(&self) -> &[Range<usize>] {
        &self.wide_integers
    }

    /// The text of the string at a JSON pointer into the body, escapes undone.
    pub fn text(&self, pointer: &str) -> Option<Cow<'a, str>> {
        text_in(self.body, &locate(self.body, pointer)?)
    }
}

/// A field that must be a text, not empty and not longer than 1,024 bytes.
fn text<'a>(
    at: &At,
    found: Option<&'a [u8]>,
    headers: &[Header<'a>],
) -> Result<Option<Cow<'a, str>>, EventError> {
    let (text, wanted) = match at {
        At::Nowhere => return Ok(None),
        At::Body(_) => (found.map(decoded), "a string"),
        At::Header(name) => {
            let mut values = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
            let value = values.next();
            if values.next().is_some() {
                return Err(EventError::RepeatedKey(at.place()));
            }
            let text = value.map(|header| core::str::from_utf8(header.value).ok().map(Cow::Borrowed));
            (text, "UTF-8 text")
        }
    };
    let Some(text) = text else { return Err(EventError::MissingField(at.place())) };
    let Some(text) = text else { return Err(EventError::WrongType { at: at.place(), wanted }) };
    match text.len() {
        0 => Err(EventError::MissingField(at.place())),
        1..=LONGEST_TEXT => Ok(Some(text)),
        length => Err(EventError::TooLong { at: at.place(), length }),
    }
}

/// A time that is absent is no error: no promise rests on it.
fn time(shape: &EventShape, found: Option<&[u8]>) -> Result<Option<Timestamp>, EventError> {
    let Some(raw) = found else { return Ok(None) };
    let (time, wanted) = match shape.created_format {
        TimeFormat::UnixSecs => (decimal::number(raw).map(Timestamp::from_unix_secs), "whole Unix seconds"),
        TimeFormat::Rfc3339 => (
            decoded(raw).and_then(|text| Timestamp::parse_rfc3339(&text)),
            "a time such as 2024-01-01T00:00:00Z",
        ),
    };
    time.map(Some).ok_or_else(|| EventError::WrongType { at: shape.created.place(), wanted })
}

/// Longer ids and types are somebody's attack: the longest that providers send have under a hundred bytes.
const LONGEST_TEXT: usize = 1_024;
