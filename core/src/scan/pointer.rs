//! Where values stand in a body, by JSON pointer (RFC 6901): found while the body is judged, in the same pass.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::ops::Range;

use super::{DEEPEST, Judged, ScanError, ScanErrorKind, Scanner, decoded, whole};

/// The bytes of the value at a pointer, `""` being the whole value without the white space around it. Where a
/// name is repeated in an object, the last one counts, as in JavaScript. Nothing where there is no such value,
/// or where `json` is not JSON by [`scan`](super::scan).
pub fn locate(json: &[u8], pointer: &str) -> Option<Range<usize>> {
    let [found, ..] = Walk::through(json, [pointer, NOTHING, NOTHING, NOTHING], "").ok()?.found;
    found
}

/// The text of the string at a range of a sound body.
pub(crate) fn text_in<'a>(json: &'a [u8], range: &Range<usize>) -> Option<Cow<'a, str>> {
    json.get(range.clone()).and_then(decoded)
}

/// How many values one pass finds: id, type, creation time and object of an event.
pub(super) const PLACES: usize = 4;

/// A pointer that leads nowhere: every other one begins with a slash.
pub(crate) const NOTHING: &str = "-";

/// What one pass over a body finds.
#[derive(Default)]
pub(crate) struct Walk {
    /// The value at each pointer.
    pub(crate) found: [Option<Range<usize>>; PLACES],
    /// The pointer of a name that stands twice in an object around the watched one.
    pub(crate) repeated: Option<String>,
    /// Whether a number is written with so many characters that a double may not hold it.
    pub(crate) has_long_number: bool,
}

impl Walk {
    /// Judges a body, and looks for `pointers` and for repeated names in every object around `watched`.
    pub(crate) fn through(json: &[u8], pointers: [&str; PLACES], watched: &str) -> Result<Self, ScanError> {
        whole(json, |scanner| {
            let mut walk = Self::default();
            walk.visit(scanner, pointers.map(Some), Some(watched), &Here::Root)?;
            walk.has_long_number = scanner.long_number;
            Ok(walk)
        })
    }

    /// Goes past the value that comes next; `wanted` and `watched` are what is left of the pointers that lead into it.
    fn visit(
        &mut self,
        scanner: &mut Scanner<'_>,
        wanted: [Option<&str>; PLACES],
        watched: Option<&str>,
        here: &Here<'_>,
    ) -> Judged {
        let leads_on = |rest: &Option<&str>| rest.is_some_and(|rest| !rest.is_empty());
        let watched = watched.filter(|rest| !rest.is_empty());
        let opens = scanner.token();
        let start = scanner.at;
        match opens {
            Some(open @ (b'{' | b'[')) if watched.is_some() || wanted.iter().any(leads_on) => {
                self.children(scanner, open == b'{', wanted, watched, here)?;
            }
            _ => scanner.value_within(here.levels())?,
        }
        for (found, rest) in self.found.iter_mut().zip(wanted) {
            if rest == Some("") {
                *found = Some(start..scanner.at);
            }
        }
        Ok(())
    }

    fn children(
        &mut self,
        scanner: &mut Scanner<'_>,
        in_object: bool,
        wanted: [Option<&str>; PLACES],
        watched: Option<&str>,
        here: &Here<'_>,
    ) -> Judged {
        if here.levels() >= DEEPEST {
            return Err(ScanErrorKind::TooDeep);
        }
        scanner.skip(1);
        let close = if in_object { b'}' } else { b']' };
        let mut names = Vec::new();
        let mut index = 0_usize;
        let mut next = scanner.token();
        while next != Some(close) {
            let key = if in_object { Key::Name(name(scanner)?) } else { Key::Index(index) };
            let inner = wanted.map(|rest| rest.and_then(|rest| key.opens(rest)));
            for ((found, before), now) in self.found.iter_mut().zip(wanted).zip(inner) {
                // A later member of the same name hides an earlier one, with all that was found in it.
                if before.is_some() && now.is_some() {
                    *found = None;
                }
            }
            let around = watched.and_then(|rest| key.opens(rest));
            self.visit(scanner, inner, around, &Here::In { parent: here, key: &key })?;
            if let (Key::Name(name), true) = (key, watched.is_some()) {
                names.push(name);
            }
            index = index.saturating_add(1);
            next = scanner.token();
            match next {
                Some(b',') => {
                    scanner.skip(1);
                    // Something must follow, and the close does not.
                    next = None;
                }
                Some(byte) if byte == close => {}
                Some(_) => return Err(ScanErrorKind::UnexpectedByte),
                None => return Err(ScanErrorKind::UnexpectedEnd),
            }
        }
        scanner.skip(1);
        if let (Some(name), None) = (repeated(names), &self.repeated) {
            self.repeated = Some(here.pointer(&name));
        }
        Ok(())
    }
}

/// Goes past a member's name and its colon; the name, escapes undone.
fn name<'a>(scanner: &mut Scanner<'a>) -> Judged<Cow<'a, [u8]>> {
    scanner.token();
    let start = scanner.at;
    scanner.string()?;
    let name = scanner.json.get(start..scanner.at).unwrap_or_default();
    scanner.token();
    scanner.take(b':')?;
    Ok(match name {
        [b'"', plain @ .., b'"'] if !plain.contains(&b'\\') => Cow::Borrowed(plain),
        escaped => Cow::Owned(decoded(escaped).unwrap_or_default().into_owned().into_bytes()),
    })
}

/// A name that stands twice, if one does.
fn repeated<'a>(mut names: Vec<Cow<'a, [u8]>>) -> Option<Cow<'a, [u8]>> {
    names.sort_unstable();
    let mut neighbours = names.iter().zip(names.iter().skip(1));
    neighbours.find(|(one, other)| one == other).map(|(name, _)| name.clone())
}

/// The way from the root to a value: its pointer is only written where it is told.
enum Here<'a> {
    Root,
    In { parent: &'a Self, key: &'a Key<'a> },
}

impl Here<'_> {
    /// How many arrays and objects are around it.
    fn levels(&self) -> u32 {
        match self {
            Self::Root => 0,
            Self::In { parent, .. } => parent.levels().saturating_add(1),
        }
    }

    /// The pointer of this name in it.
    fn pointer(&self, name: &[u8]) -> String {
        let mut pointer = match self {
            Self::Root => String::new(),
            Self::In { parent, key: Key::Name(key) } => parent.pointer(key),
            Self::In { parent, key: Key::Index(index) } => {
                parent.pointer(alloc::format!("{index}").as_bytes())
            }
        };
        pointer.push('/');
        pointer.push_str(core::str::from_utf8(name).unwrap_or_default());
        pointer
    }
}

enum Key<'a> {
    Name(Cow<'a, [u8]>),
    Index(usize),
}

impl Key<'_> {
    /// What is left of a pointer if its first token names this child.
    fn opens<'p>(&self, pointer: &'p str) -> Option<&'p str> {
        let rest = pointer.strip_prefix('/')?;
        let end = rest.bytes().position(|byte| byte == b'/').unwrap_or(rest.len());
        let (token, rest) = rest.split_at_checked(end)?;
        let is_this = match self {
            Self::Name(name) if token.as_bytes().contains(&b'~') => unescaped(token).eq(name.iter().copied()),
            Self::Name(name) => token.as_bytes() == &**name,
            Self::Index(index) => {
                token.parse() == Ok(*index) && (token == "0" || !token.starts_with(['0', '+']))
            }
        };
        is_this.then_some(rest)
    }
}

/// The bytes that a pointer's token means: `~1` is a slash, `~0` a tilde.
fn unescaped(token: &str) -> impl Iterator<Item = u8> {
    let mut bytes = token.bytes().peekable();
    core::iter::from_fn(move || {
        let byte = bytes.next()?;
        let meant = match (byte, bytes.peek()) {
            (b'~', Some(b'1')) => b'/',
            (b'~', Some(b'0')) => b'~',
            _ => return Some(byte),
        };
        bytes.next();
        Some(meant)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_finds_the_exact_bytes_of_its_value() {
        let json = br#" {"a": {"b": [10, {"c": "x"}]}, "a/b": 1, "~": 2, "\u0061\n": 3, "r": 1, "r": [2]} "#;
        for (pointer, value) in [
            ("/a/b/0", Some("10")),
            ("/a/b/1/c", Some("\"x\"")),
            ("/a~1b", Some("1")),
            ("/~0", Some("2")),
            ("/a\n", Some("3")),
            ("/r", Some("[2]")),
            ("/r/0", Some("2")),
            ("/a/b/01", None),
            ("/a/b/+1", None),
            ("/a/b/2", None),
            ("/missing", None),
            ("/r/0/x", None),
            ("a", None),
        ] {
            let found = locate(json, pointer).map(|range| core::str::from_utf8(&json[range]).expect("UTF-8"));
            assert_eq!(found, value, "{pointer}");
        }
        assert_eq!(locate(json, ""), Some(1..json.len() - 1));
        assert_eq!(locate(b"{", ""), None);
    }

    #[test]
    fn nesting_ends_at_128_levels_on_the_way_of_a_pointer_too() {
        for levels in [1, 127, 128, 129, 130] {
            for (open, token, close) in [("[", "/0", "]"), ("{\"a\":", "/a", "}")] {
                let json = alloc::format!("{}7{}", open.repeat(levels), close.repeat(levels));
                let start = json.find('7').expect("it stands there");
                // To the innermost value, and to one on the way, so that the rest is gone past.
                for tokens in [levels, levels / 2] {
                    let found = locate(json.as_bytes(), &token.repeat(tokens));
                    assert_eq!(found.is_some(), levels <= 128, "{tokens} of {levels} levels");
                    assert!(found.is_none_or(|range| range.contains(&start)));
                }
            }
        }
    }

    #[test]
    fn what_stood_in_a_hidden_member_is_not_found() {
        for (json, found) in [
            (&br#"{"data":{"object":1},"data":{}}"#[..], None),
            (br#"{"data":{"object":1},"data":2}"#, None),
            (br#"{"data":{},"data":{"object":2}}"#, Some("2")),
        ] {
            let range = locate(json, "/data/object");
            assert_eq!(range.map(|range| core::str::from_utf8(&json[range]).expect("UTF-8")), found);
        }
    }

    #[test]
    fn a_name_that_stands_twice_around_the_watched_object_is_told_with_its_place() {
        for (json, place) in [
            (&br#"{"id":1,"data":{"object":{"a":1,"a":2}}}"#[..], None),
            (br#"{"id":1,"\u0069d":1,"data":{}}"#, Some("/id")),
            (br#"{"data":{"object":{},"object":{}}}"#, Some("/data/object")),
            (br#"{"data":{"object":{}},"data":{"object":{}}}"#, Some("/data")),
        ] {
            let walk = Walk::through(json, [NOTHING; PLACES], "/data/object").expect("sound");
            assert_eq!(walk.repeated.as_deref(), place);
        }
    }
}
