//! What a delivery says: the typed envelope over the exact bytes of its body.

mod error;

use alloc::borrow::Cow;
use core::ops::Range;

pub use self::error::EventError;
use crate::{
    Header, Text, Timestamp,
    scan::{NOTHING, Walk, WideIntegers, decoded, locate, text_in},
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
    has_long_number: bool,
}

impl<'a> Event<'a> {
    /// Reads a delivery whose signature was verified.
    ///
    /// # Errors
    ///
    /// [`EventError`] with the place: a body that is not JSON or no object, a name that stands twice in the
    /// envelope, an id or type that is missing, empty, too long or no text.
    pub fn parse(shape: &EventShape, headers: &[Header<'a>], body: &'a [u8]) -> Result<Self, EventError> {
        let in_body = |at: &'_ At| match at {
            At::Body(pointer) => pointer.clone(),
            At::Header(_) | At::Nowhere => Text::Borrowed(NOTHING),
        };
        let pointers =
            [in_body(&shape.id), in_body(&shape.kind), in_body(&shape.created), shape.object.clone()];
        let walk = Walk::through(body, pointers.each_ref().map(AsRef::as_ref), &shape.object)
            .map_err(EventError::NotJson)?;
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(EventError::NotAnObject);
        }
        if let Some(place) = walk.repeated {
            return Err(EventError::RepeatedKey(place));
        }
        let [id, kind, created, object] = walk.found;
        let Some(object) = object.and_then(|range| body.get(range)) else {
            return Err(EventError::MissingField(shape.object.clone().into_owned()));
        };
        Ok(Self {
            id: text(&shape.id, id, headers, body)?,
            kind: text(&shape.kind, kind, headers, body)?.unwrap_or_default(),
            created: time(shape, created, body)?,
            object,
            body,
            has_long_number: walk.has_long_number,
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

    /// The places of the integers in the body that JavaScript's numbers do not hold exactly.
    pub fn wide_integers(&self) -> WideIntegers<'a> {
        // A body without a long number has none: it is not read again.
        WideIntegers::within(if self.has_long_number { self.body } else { b"" })
    }

    /// The text of the string at a JSON pointer into the body, escapes undone.
    pub fn text(&self, pointer: &str) -> Option<Cow<'a, str>> {
        text_in(self.body, &locate(self.body, pointer)?)
    }
}

/// A field that must be a text, not empty and not longer than 1,024 bytes.
fn text<'a>(
    at: &At,
    found: Option<Range<usize>>,
    headers: &[Header<'a>],
    body: &'a [u8],
) -> Result<Option<Cow<'a, str>>, EventError> {
    let (place, text) = match at {
        At::Nowhere => return Ok(None),
        At::Body(pointer) => {
            let place = pointer.clone().into_owned();
            match found.map(|range| text_in(body, &range)) {
                None => return Err(EventError::MissingField(place)),
                Some(None) => return Err(EventError::WrongType { at: place, wanted: "a string" }),
                Some(Some(text)) => (place, text),
            }
        }
        At::Header(name) => {
            let place = alloc::format!("header {name}");
            let mut found = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
            let Some(header) = found.next() else { return Err(EventError::MissingField(place)) };
            if found.next().is_some() {
                return Err(EventError::RepeatedKey(place));
            }
            match core::str::from_utf8(header.value) {
                Err(_) => return Err(EventError::WrongType { at: place, wanted: "UTF-8 text" }),
                Ok(text) => (place, Cow::Borrowed(text)),
            }
        }
    };
    match text.len() {
        0 => Err(EventError::MissingField(place)),
        1..=LONGEST_TEXT => Ok(Some(text)),
        length => Err(EventError::TooLong { at: place, length }),
    }
}

/// A time that is absent is no error: no promise rests on it.
fn time(
    shape: &EventShape,
    found: Option<Range<usize>>,
    body: &[u8],
) -> Result<Option<Timestamp>, EventError> {
    let At::Body(pointer) = &shape.created else { return Ok(None) };
    let Some(raw) = found.and_then(|range| body.get(range)) else { return Ok(None) };
    let (time, wanted) = match shape.created_format {
        TimeFormat::UnixSecs => (
            core::str::from_utf8(raw)
                .ok()
                .and_then(|digits| digits.parse().ok())
                .map(Timestamp::from_unix_secs),
            "whole Unix seconds",
        ),
        TimeFormat::Rfc3339 => (
            decoded(raw).and_then(|text| Timestamp::parse_rfc3339(&text)),
            "a time such as 2024-01-01T00:00:00Z",
        ),
    };
    time.map(Some).ok_or_else(|| EventError::WrongType { at: pointer.clone().into_owned(), wanted })
}

/// Longer ids and types are somebody's attack: the longest that providers send have under a hundred bytes.
const LONGEST_TEXT: usize = 1_024;
