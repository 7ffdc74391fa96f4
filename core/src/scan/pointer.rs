//! Where values stand in a body, by JSON pointer (RFC 6901).

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::ops::Range;

use super::{Judged, Scanner, decoded, scan};

/// The bytes of the value at a pointer, `""` being the whole value without the white space around it. Where a
/// name is repeated in an object, the last one counts, as in JavaScript. Nothing where there is no such value,
/// or where `json` is not JSON by [`scan`].
pub fn locate(json: &[u8], pointer: &str) -> Option<Range<usize>> {
    scan(json).ok()?;
    walk(json, pointer)
}

/// As [`locate`], in a body that is known to be sound.
pub(crate) fn walk(json: &[u8], pointer: &str) -> Option<Range<usize>> {
    let [found, ..] = Walk::through(json, [pointer, NOTHING, NOTHING, NOTHING], "").found;
    found
}

/// The text of the string at a range of a sound body.
pub(crate) fn text_in<'a>(json: &'a [u8], range: &Range<usize>) -> Option<Cow<'a, str>> {
    json.get(range.clone()).and_then(decoded)
}

/// How many values one pass finds: id, type, creation time and object of an event.
pub(crate) const PLACES: usize = 4;

/// A pointer that leads nowhere: every other one begins with a slash.
pub(crate) const NOTHING: &str = "-";

/// What one pass over a sound body finds.
pub(crate) struct Walk {
    /// The value at each pointer.
    pub(crate) found: [Option<Range<usize>>; PLACES],
    /// The pointer of a name that stands twice in an object around the watched one.
    pub(crate) repeated: Option<String>,
}

impl Walk {
    /// Looks for `pointers` in one pass, and for repeated names in every object around `watched`.
    pub(crate) fn through(json: &[u8], pointers: [&str; PLACES], watched: &str) -> Self {
        let mut walk = Self { found: [const { None }; PLACES], repeated: None };
        let mut scanner = Scanner::new(json);
        // The body is sound: nothing is refused on the way.
        let _ = walk.visit(&mut scanner, pointers.map(Some), Some(watched), "");
        walk
    }

    /// Goes past the value that comes next, whose own pointer is `here`; `wanted` and `watched` are what is left of
    /// the pointers that lead into it.
    fn visit(
        &mut self,
        scanner: &mut Scanner<'_>,
        wanted: [Option<&str>; PLACES],
        watched: Option<&str>,
        here: &str,
    ) -> Judged {
        let leads_on = |rest: &Option<&str>| rest.is_some_and(|rest| !rest.is_empty());
        let is_around = leads_on(&watched);
        let opens = scanner.token();
        let start = scanner.at;
        match opens {
            Some(open @ (b'{' | b'[')) if is_around || wanted.iter().any(leads_on) => {
                scanner.skip(1);
                self.children(scanner, open == b'{', wanted, watched.filter(|_| is_around), here)?;
            }
            _ => scanner.value()?,
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
        here: &str,
    ) -> Judged {
        let mut names: Vec<Cow<'_, str>> = Vec::new();
        for index in 0_usize.. {
            if let Some(b'}' | b']') | None = scanner.token() {
                break;
            }
            let key = if in_object { Key::Name(name(scanner)?) } else { Key::Index(index) };
            let inner = wanted.map(|rest| rest.and_then(|rest| key.opens(rest)));
            for ((found, before), now) in self.found.iter_mut().zip(wanted).zip(inner) {
                // A later member of the same name hides an earlier one, with all that was found in it.
                if before.is_some() && now.is_some() {
                    *found = None;
                }
            }
            let around = watched.and_then(|rest| key.opens(rest));
            let below = around.map(|_| alloc::format!("{here}/{}", key.token()));
            self.visit(scanner, inner, around, below.as_deref().unwrap_or_default())?;
            if let (Key::Name(name), Some(_)) = (key, watched) {
                names.push(name);
            }
            if scanner.token() == Some(b',') {
                scanner.skip(1);
            }
        }
        names.sort_unstable();
        let twice = names.iter().zip(names.iter().skip(1)).find(|(one, other)| one == other);
        if let (Some((name, _)), None) = (twice, &self.repeated) {
            self.repeated = Some(alloc::format!("{here}/{name}"));
        }
        // Past what closes it.
        scanner.skip(1);
        Ok(())
    }
}

/// Goes past a member's name and its colon; the name, escapes undone.
fn name<'a>(scanner: &mut Scanner<'a>) -> Judged<Cow<'a, str>> {
    let start = scanner.at;
    scanner.string()?;
    let name = scanner.json.get(start..scanner.at).and_then(decoded).unwrap_or_default();
    scanner.token();
    scanner.take(b':')?;
    Ok(name)
}

enum Key<'a> {
    Name(Cow<'a, str>),
    Index(usize),
}

impl Key<'_> {
    /// What is left of a pointer if its first token names this child.
    fn opens<'p>(&self, pointer: &'p str) -> Option<&'p str> {
        let rest = pointer.strip_prefix('/')?;
        let end = rest.find('/').unwrap_or(rest.len());
        let (token, rest) = rest.split_at_checked(end)?;
        let is_this = match self {
            Self::Name(name) => unescaped(token).eq(name.bytes()),
            Self::Index(index) => {
                token.parse() == Ok(*index) && (token == "0" || !token.starts_with(['0', '+']))
            }
        };
        is_this.then_some(rest)
    }

    fn token(&self) -> Cow<'_, str> {
        match self {
            Self::Name(name) => Cow::Borrowed(name),
            Self::Index(index) => Cow::Owned(alloc::format!("{index}")),
        }
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
    fn what_stood_in_a_hidden_member_is_not_found() {
        for (json, found) in [
            (&br#"{"data":{"object":1},"data":{}}"#[..], None),
            (br#"{"data":{"object":1},"data":2}"#, None),
            (br#"{"data":{},"data":{"object":2}}"#, Some("2")),
        ] {
            let range = walk(json, "/data/object");
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
            assert_eq!(Walk::through(json, [NOTHING; PLACES], "/data/object").repeated.as_deref(), place);
        }
    }
}
