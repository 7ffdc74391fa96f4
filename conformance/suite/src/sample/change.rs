//! Values that the caller wants in every event, with holes for what differs from event to event.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

/// A value of the caller's at one place of every event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its JSON pointer.
    pub(crate) at: String,
    /// With holes.
    text: String,
    /// The text is a JSON value, and not the value itself.
    is_json: bool,
}

impl Change {
    /// Reads `path=value`. The path is a JSON pointer, `/data/object/customer`, or the same with dots,
    /// `data.object.customer`. The value is JSON, and a text where it is none. In it stand the holes `{id}` (the event's
    /// id), `{n}` (15 digits that no other event has), `{type}` and `{created}`.
    ///
    /// # Errors
    ///
    /// [`ChangeError`], with what to write instead.
    pub fn parse(text: &str) -> Result<Self, ChangeError> {
        let (path, value) = text.split_once('=').ok_or(ChangeError::NoValue)?;
        let pointer = match path {
            "" => return Err(ChangeError::NoPath),
            pointer if pointer.starts_with('/') => pointer.into(),
            dotted => dotted.split('.').fold(String::new(), |pointer, name| pointer + "/" + &escaped(name)),
        };
        if let Some(hole) = unknown_hole(value) {
            return Err(ChangeError::UnknownHole(hole));
        }
        Ok(Self { at: pointer, text: value.into(), is_json: is_json(&Holes::EXAMPLE.fill(value)) })
    }

    /// This text with holes at this pointer.
    pub(super) fn text(at: String, text: String) -> Self {
        Self { at, text, is_json: false }
    }

    /// This JSON value with holes at this pointer.
    pub(super) fn json(at: String, text: String) -> Self {
        Self { at, text, is_json: true }
    }

    /// The value of one event.
    pub(crate) fn value(&self, holes: &Holes<'_>) -> String {
        let filled = holes.fill(&self.text);
        // Some providers' times are no numbers.
        if self.is_json && is_json(&filled) { filled } else { serde_json::Value::from(filled).to_string() }
    }

    /// The words of its value that name one event and no other, as a downstream call repeats them.
    pub(crate) fn names(&self, holes: &Holes<'_>) -> Vec<String> {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
        let value = self.value(holes);
        let fresh = [(ID, holes.id), (NUMBER, holes.number)];
        let used: Vec<&str> =
            fresh.iter().filter(|(hole, _)| self.text.contains(hole)).map(|(_, value)| *value).collect();
        value
            .split(|letter| !is_part(letter))
            .filter(|word| used.iter().any(|fresh| !fresh.is_empty() && word.contains(fresh)))
            .map(ToString::to_string)
            .collect()
    }
}

/// What stands in the holes of one event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holes<'a> {
    pub(crate) id: &'a str,
    pub(crate) number: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) created: &'a str,
}

impl Holes<'_> {
    /// To see whether a text is JSON. Ids and types are texts, even where they are digits.
    const EXAMPLE: Self = Self { id: "evt_1", number: "1", kind: "a.b", created: "1" };

    fn fill(&self, text: &str) -> String {
        let values = [(ID, self.id), (NUMBER, self.number), (KIND, self.kind), (CREATED, self.created)];
        values.iter().fold(text.into(), |filled: String, (hole, value)| filled.replace(hole, value))
    }
}

fn is_json(text: &str) -> bool {
    hookproof_core::scan(text.as_bytes()).is_ok()
}

/// Whether a text has one of our holes.
pub(super) fn has_hole(text: &str) -> bool {
    HOLES.iter().any(|hole| text.contains(hole))
}

/// The first of our holes that a text begins with.
pub(super) fn hole_at(text: &str) -> Option<&'static str> {
    HOLES.into_iter().find(|hole| text.starts_with(hole))
}

/// A word in braces that is none of our holes, but looks as if it was meant to be one.
pub(super) fn unknown_hole(text: &str) -> Option<String> {
    text.match_indices('{').find_map(|(start, _)| {
        let rest = text.get(start..)?;
        let end = rest.find('}')?;
        let hole = rest.get(..=end)?;
        let word = rest.get(1..end)?;
        let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        (is_word && !HOLES.contains(&hole)).then(|| hole.into())
    })
}

/// RFC 6901, section 3.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Why a change is none: always the caller's words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeError {
    /// No `=`.
    NoValue,
    /// Nothing before it.
    NoPath,
    /// A hole that there is not.
    UnknownHole(String),
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue => f.write_str("is not PATH=VALUE, such as data.object.customer=cus_7"),
            Self::NoPath => f.write_str("has no path before its value, such as data.object.customer=cus_7"),
            Self::UnknownHole(hole) => f.write_str(&unknown(hole)),
        }
    }
}

impl core::error::Error for ChangeError {}

/// What to say of a hole that there is not.
pub(super) fn unknown(hole: &str) -> String {
    let word = hole.trim_start_matches('{');
    format!(
        "has the hole {hole}, which there is not; there are {}; in a JSON text, for these words themselves write \\u007b{word}",
        HOLES.join(", ")
    )
}

const ID: &str = "{id}";
const NUMBER: &str = "{n}";
const KIND: &str = "{type}";
const CREATED: &str = "{created}";
const HOLES: [&str; 4] = [ID, NUMBER, KIND, CREATED];

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Holes<'_> =
        Holes { id: "evt_hp_1", number: "100000000000007", kind: "a.b", created: "1767225600" };

    #[test]
    fn a_path_is_a_pointer_or_has_dots_and_a_value_is_json_or_a_text() {
        for (text, at, value) in [
            ("data.object.customer=cus_7", "/data/object/customer", r#""cus_7""#),
            ("/data/object/a.b=7", "/data/object/a.b", "7"),
            ("a/b.c~d=true", "/a~1b/c~0d", "true"),
            (r#"items={"a":[1,null]}"#, "/items", r#"{"a":[1,null]}"#),
            ("ref=a=b", "/ref", r#""a=b""#),
            ("ref=", "/ref", r#""""#),
            (r#"ref="7""#, "/ref", r#""7""#),
            (r#"ref="/a/\u007bb}""#, "/ref", r#""/a/\u007bb}""#),
            (r#"ref=say "hi""#, "/ref", r#""say \"hi\"""#),
            ("ref={n}", "/ref", "100000000000007"),
            ("ref=BOOK-{n}", "/ref", r#""BOOK-100000000000007""#),
            ("ref={id}/{type}", "/ref", r#""evt_hp_1/a.b""#),
            ("at={created}", "/at", "1767225600"),
            ("ref={id}", "/ref", r#""evt_hp_1""#),
            (r#"ref=["{id}",{n}]"#, "/ref", r#"["evt_hp_1",100000000000007]"#),
        ] {
            let change = Change::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((change.at.as_str(), change.value(&HERE).as_str()), (at, value), "{text}");
        }
    }

    #[test]
    fn a_value_is_json_whatever_the_provider_fills_its_holes_with() {
        let elsewhere = Holes { id: "71902", created: "2026-01-01T00:00:00Z", ..HERE };
        for (text, value) in [("ref={id}", "\"71902\""), ("at={created}", "\"2026-01-01T00:00:00Z\"")] {
            assert_eq!(Change::parse(text).expect("it is one").value(&elsewhere), value);
        }
    }

    #[test]
    fn what_is_no_change_is_told_with_what_to_write() {
        for (text, words) in [
            ("customer", "is not PATH=VALUE"),
            ("=7", "no path"),
            ("ref={number}", "has the hole {number}, which there is not; there are {id}, {n}"),
            ("ref=x-{ID}", "{ID}"),
        ] {
            let error = Change::parse(text).expect_err(text).to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn the_words_around_its_holes_name_an_event() {
        for (text, names) in [
            ("ref=BOOK-{n}", &["BOOK-100000000000007"] as &[&str]),
            ("ref={n}/{id}?a", &["100000000000007", "evt_hp_1"]),
            (r#"ref={"a":"{n}","b":"cus_7"}"#, &["100000000000007"]),
            ("ref=cus_7", &[]),
            ("ref={type}", &[]),
        ] {
            assert_eq!(Change::parse(text).expect("it is one").names(&HERE), names, "{text}");
        }
    }
}
