//! What single values must be.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::time::Duration;

use toml::de::DeValue;

use super::{
    ProfileError, ProfileFault, Span,
    field::{HEADER, IN_PLACE},
    table::{Placed, Raw},
    word::ANY_SUCCESS,
};
use crate::{Acknowledgement, At, Text};

impl<'s> Raw<'s> {
    /// The name of a provider.
    pub(super) fn name(self) -> Result<Placed<'s, String>, ProfileError> {
        self.text()?.try_map(|name| {
            let is_sound = matches!(name.len(), 1..=LONGEST_NAME)
                && name.starts_with(|first: char| first.is_ascii_lowercase())
                && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
            if is_sound { Ok(name) } else { Err(ProfileFault::NotAName(name)) }
        })
    }

    /// A text for people.
    pub(super) fn title(self) -> Result<Placed<'s, String>, ProfileError> {
        self.text()?.try_map(|title| {
            let is_sound = matches!(title.chars().count(), 1..=LONGEST_NAME)
                && !title.chars().any(char::is_control)
                && title.trim() == title;
            if is_sound { Ok(title) } else { Err(ProfileFault::NotATitle(title)) }
        })
    }

    /// The name of a header that a delivery may bear.
    pub(super) fn header(self) -> Result<Placed<'s, Text>, ProfileError> {
        self.text()?.try_map(|name| {
            if !matches!(name.len(), 1..=LONGEST_HEADER_NAME) || !name.bytes().all(is_token) {
                return Err(ProfileFault::NotAHeader(name));
            }
            if RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
                return Err(ProfileFault::ReservedHeader(name));
            }
            Ok(name.into())
        })
    }

    /// A JSON pointer to a value in the body.
    pub(super) fn pointer(self) -> Result<Placed<'s, Text>, ProfileError> {
        self.object_pointer()?.try_map(|pointer| match &*pointer {
            // The body itself is no text.
            "" => Err(ProfileFault::NotAPointer(pointer.into_owned())),
            _ => Ok(pointer),
        })
    }

    /// A JSON pointer to an object, which may be the body itself.
    pub(super) fn object_pointer(self) -> Result<Placed<'s, Text>, ProfileError> {
        self.text()?.try_map(|pointer| {
            if is_pointer(&pointer) { Ok(pointer.into()) } else { Err(ProfileFault::NotAPointer(pointer)) }
        })
    }

    /// Several JSON pointers, at least one and none twice.
    pub(super) fn pointers(self, instead: &'static str) -> Result<Vec<Placed<'s, Text>>, ProfileError> {
        self.items(instead, Raw::pointer)
    }

    /// A pointer, or a header: `{ header = "x-shop-event" }`.
    pub(super) fn at(self) -> Result<Placed<'s, At>, ProfileError> {
        if !matches!(self.value, DeValue::Table(_)) {
            return self.pointer()?.try_map(|pointer| Ok(At::Body(pointer)));
        }
        let place = self.place.clone();
        let header = self.table(IN_PLACE)?.need(&HEADER)?.header()?;
        Ok(Placed { place, value: At::Header(header.value) })
    }

    /// The type of an event. It becomes part of a JSON text, and with some providers of a header.
    fn event_type(self) -> Result<Placed<'s, Text>, ProfileError> {
        self.text()?.try_map(|kind| {
            let is_odd =
                |letter: char| letter.is_control() || letter.is_whitespace() || matches!(letter, '"' | '\\');
            if matches!(kind.len(), 1..=LONGEST_TYPE) && !kind.contains(is_odd) {
                Ok(kind.into())
            } else {
                Err(ProfileFault::NotAnEventType(kind))
            }
        })
    }

    /// The types of a provider's events, at least one and none twice.
    pub(super) fn event_types(self) -> Result<Vec<Text>, ProfileError> {
        let types =
            self.items("name the ordinary type, or leave the list and event.type out", Raw::event_type)?;
        Ok(types.into_iter().map(|kind| kind.value).collect())
    }

    /// What stands before a MAC.
    pub(super) fn prefix(self) -> Result<Placed<'s, String>, ProfileError> {
        self.text()?.try_map(|prefix| {
            let is_sound = prefix.len() <= LONGEST_PREFIX
                && prefix.bytes().all(|byte| matches!(byte, b' '..=b'~'))
                && !prefix.starts_with(' ');
            if is_sound { Ok(prefix) } else { Err(ProfileFault::NotAPrefix(prefix)) }
        })
    }

    /// One of several values, each of which has a word for it.
    pub(super) fn word<T: Copy>(
        self,
        values: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<Placed<'s, T>, ProfileError> {
        self.text()?.try_map(|found| {
            let value = values.iter().copied().find(|value| word(*value) == found);
            let choices = values.iter().copied().map(word).collect();
            value.ok_or(ProfileFault::UnknownChoice { found, choices })
        })
    }

    /// `"any-2xx"`, or one status of success.
    pub(super) fn acknowledgement(self) -> Result<Acknowledgement, ProfileError> {
        let rule = match &self.value {
            DeValue::Integer(number) => {
                let status = u16::from_str_radix(number.as_str(), number.radix()).ok();
                let status = status.filter(|status| (200..=299).contains(status));
                status
                    .map(Acknowledgement::Exactly)
                    .ok_or_else(|| ProfileFault::NotASuccess(number.to_string()))
            }
            DeValue::String(word) if word == ANY_SUCCESS => Ok(Acknowledgement::AnySuccess),
            DeValue::String(word) => Err(ProfileFault::UnknownChoice {
                found: word.to_string(),
                choices: vec![ANY_SUCCESS, "a status such as 200"],
            }),
            _ => return Err(self.wrong_type()),
        };
        rule.map_err(|fault| self.place.refuse(fault))
    }

    /// A span of time.
    pub(super) fn span(self) -> Result<Placed<'s, Duration>, ProfileError> {
        self.text()?.try_map(|text| match text.parse::<Span>() {
            Ok(span) => Ok(span.0),
            Err(_) if text.strip_prefix('-').is_some_and(|rest| rest.parse::<Span>().is_ok()) => {
                Err(ProfileFault::NegativeSpan)
            }
            Err(error) => Err(ProfileFault::NotASpan(error)),
        })
    }

    /// The limit for one attempt.
    pub(super) fn time_limit(self) -> Result<Duration, ProfileError> {
        let limit = self.span()?.try_map(|limit| {
            if limit.is_zero() || limit > LONGEST_LIMIT {
                Err(ProfileFault::LimitOutOfRange)
            } else {
                Ok(limit)
            }
        });
        Ok(limit?.value)
    }

    /// The delays of a schedule.
    pub(super) fn delays(self) -> Result<Vec<Duration>, ProfileError> {
        let list = self.list()?;
        if list.value.is_empty() {
            return Err(list.refuse(ProfileFault::EmptyList("write \"never\" where nothing is retried")));
        }
        let mut delays = Vec::new();
        let mut left = Duration::from_millis(u64::MAX);
        for item in list.value {
            let delay = item.span()?.try_map(|delay| {
                left = left.checked_sub(delay).ok_or(ProfileFault::ScheduleTooLong)?;
                Ok(delay)
            });
            delays.push(delay?.value);
        }
        Ok(delays)
    }

    /// Items of one kind, at least one and none twice.
    fn items(
        self,
        instead: &'static str,
        read: impl Fn(Self) -> Result<Placed<'s, Text>, ProfileError>,
    ) -> Result<Vec<Placed<'s, Text>>, ProfileError> {
        let list = self.list()?;
        if list.value.is_empty() {
            return Err(list.refuse(ProfileFault::EmptyList(instead)));
        }
        let mut items: Vec<Placed<'s, Text>> = Vec::new();
        for item in list.value {
            let item = read(item)?;
            if items.iter().any(|before| before.value == item.value) {
                let twice = item.value.as_ref().to_owned();
                return Err(item.refuse(ProfileFault::Repeated(twice)));
            }
            items.push(item);
        }
        Ok(items)
    }
}

/// RFC 6901: empty, or `/` before each token, and after a `~` a 0 or a 1.
fn is_pointer(text: &str) -> bool {
    let is_token = |token: &str| token.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    text.is_empty()
        || text.starts_with('/')
            && text.split('/').all(is_token)
            && text.split('/').skip(1).count() <= DEEPEST_POINTER
}

/// RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What frames a request or says what its body is: one that carried an event's id would break the delivery.
const RESERVED: [&str; 12] = [
    "host",
    "content-length",
    "content-type",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "trailer",
    "te",
    "expect",
    "user-agent",
];

const LONGEST_NAME: usize = 64;
const LONGEST_HEADER_NAME: usize = 128;
const LONGEST_PREFIX: usize = 128;
const LONGEST_TYPE: usize = 256;

/// Bodies may be 128 levels deep; half of them leave room for what checks add.
const DEEPEST_POINTER: usize = 64;

/// No provider waits longer; a run that did would never end.
const LONGEST_LIMIT: Duration = Duration::from_secs(3_600);
