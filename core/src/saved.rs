//! What outlives a process, as JSON: what the forms of a [`Delivery`](crate::Delivery) and a [`Claim`](crate::Claim)
//! have in common.
//!
//! The names are the same in every language, so that a row which one wrote can be read by another. A form has a
//! number, and a reader that knows another number refuses it: two versions of a program may share one store, and what
//! is not understood must not look like a key that nobody claimed. Fields that are not known are refused for the same
//! reason.

use core::{fmt, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Timestamp;

/// The number of the form; 1 is the only one there is.
pub(crate) struct Schema;

/// A moment or a span in whole milliseconds.
///
/// JSON's readers hold integers up to 2^53 - 1 exactly (RFC 8259, section 6). What is later or longer, from the year
/// 287396 on, is written as that; a number beyond is refused, because a reader may have changed it.
#[derive(Clone, Copy)]
pub(crate) struct Millis(pub(crate) u64);

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(1)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            1 => Ok(Self),
            other => Err(de::Error::custom(format_args!("schema {other} is not known here, only schema 1"))),
        }
    }
}

impl Serialize for Millis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0.min(LARGEST_EXACT))
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            millis if millis <= LARGEST_EXACT => Ok(Self(millis)),
            _ => Err(de::Error::custom("a number beyond 2^53 - 1 is not exact in JSON")),
        }
    }
}

impl From<Timestamp> for Millis {
    fn from(moment: Timestamp) -> Self {
        Self(moment.as_unix_millis())
    }
}

impl From<Millis> for Timestamp {
    fn from(Millis(millis): Millis) -> Self {
        Self::from_unix_millis(millis)
    }
}

impl From<Duration> for Millis {
    fn from(span: Duration) -> Self {
        Self(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
    }
}

impl From<Millis> for Duration {
    fn from(Millis(millis): Millis) -> Self {
        Self::from_millis(millis)
    }
}

/// Reads what is either a number or one of some words: `200`, `"any-2xx"`.
pub(crate) fn number_or_word<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expecting: &'static str,
    number: fn(u16) -> T,
    word: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(NumberOrWord { expecting, number, word })
}

struct NumberOrWord<T> {
    expecting: &'static str,
    number: fn(u16) -> T,
    word: fn(&str) -> Option<T>,
}

impl<T> de::Visitor<'_> for NumberOrWord<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        let small = u16::try_from(number);
        small.map(self.number).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(number), &self))
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<T, E> {
        (self.word)(word).ok_or_else(|| E::invalid_value(de::Unexpected::Str(word), &self))
    }
}

const LARGEST_EXACT: u64 = (1 << 53) - 1;
