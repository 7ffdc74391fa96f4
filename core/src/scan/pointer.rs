//! Where values stand in a body, by JSON pointer (RFC 6901): found while the body is judged, in the same pass.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::ops::Range;

use super::{DEEPEST, Judged, ScanError, ScanErrorKind, Scanner, decoded, unescaped, whole};
use crate::decimal;

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
pub(crate) struct Walk<'p> {
    /// The value at each pointer.
    pub(crate) found: [Option<Range<usize>>; PLACES],
    /// The pointer of a name that stands twice in an object around the watched one.
    pub(crate) repeated: Option<String>,
    /// The integers that a double does not hold.
    pub(crate) wide_integers: Vec<Range<usize>>,
    watched: &'p str,
}

/// What is left of the pointers on the way to a value: of those whose values are looked for, and of the watched one, which
/// is the last.
type Rests<'p> = [&'p [u8]; PLACES + 1];

impl<'p> Walk<'p> {
    /// Judges a body, and looks for `pointers` and for repeated names in every object around `watched`.
    pub(crate) fn through(
        json: &[u8],
        pointers: [&'p str; PLACES],
        watched: &'p str,
    ) -> Result<Self, ScanError> {
        let mut walk = Self { watched, ..Self::default() };
        whole(json, &mut |scanner| {
            let [id, kind, created, object] = pointers;
            walk.visit(scanner, &[id, kind, created, object, watched].map(str::as_bytes), 0)
        })?;
        Ok(walk)
    }

    /// Goes past the value that comes next, which stands inside so many levels.
    fn visit(&mut self, scanner: &mut Scanner<'_>, rests: &Rests<'_>, levels: u32) -> Judged {
        let opens = scanner.token();
        let start = scanner.at;
        match opens {
            Some(b'{' | b'[') if rests.iter().any(|rest| rest.starts_with(b"/")) => {
                self.children(scanner, rests, levels)?;
            }
            _ => scanner.value_within(levels, &mut self.wide_integers)?,
        }
        for (found, rest) in self.found.iter_mut().zip(rests) {
            if rest.is_empty() {
                *found = Some(start..scanner.at);
            }
        }
        Ok(())
    }

    fn children(&mut self, scanner: &mut Scanner<'_>, rests: &Rests<'_>, levels: u32) -> Judged {
        if levels >= DEEPEST {
            return Err(ScanErrorKind::TooDeep);
        }
        let close = if scanner.peek() == Some(b'{') { b'}' } else { b']' };
        scanner.skip(1);
        let [.., watched] = rests;
        let is_watched = close == b'}' && watched.starts_with(b"/");
        let mut names = Vec::with_capacity(FEW);
        let mut index = 0_u64;
        let mut next = scanner.token();
        while next != Some(close) {
            let name = if close == b'}' { name(scanner)? } else { digits(index) };
            let mut inner = [NOTHING.as_bytes(); PLACES + 1];
            for (at, (rest, inner)) in rests.iter().zip(&mut inner).enumerate() {
                let Some(rest) = behind(rest, &name) else { continue };
                *inner = rest;
                // A later member of the same name hides an earlier one, with all that was found in it.
                if let Some(found) = self.found.get_mut(at) {
                    *found = None;
                }
            }
            if is_watched {
                names.push(name);
            }
            self.visit(scanner, &inner, levels.saturating_add(1))?;
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
            // What led here is the pointer that is watched, without its rest.
            let here = self.watched.len().saturating_sub(watched.len());
            let here = self.watched.get(..here).unwrap_or_default();
            self.repeated = Some([here, "/", core::str::from_utf8(&name).unwrap_or_default()].concat());
        }
        Ok(())
    }
}

/// Goes past a member's name and its colon; the name, escapes undone.
fn name<'a>(scanner: &mut Scanner<'a>) -> Judged<Cow<'a, [u8]>> {
    scanner.token();
    let start = scanner.at;
    scanner.string()?;
    let name = scanner.json.get(start..scanner.at).and_then(unescaped);
    scanner.token();
    scanner.take(b':')?;
    Ok(name.unwrap_or_default())
}

/// What names an element of an array.
fn digits<'a>(index: u64) -> Cow<'a, [u8]> {
    let mut digits = String::new();
    decimal::push(&mut digits, index);
    Cow::Owned(digits.into_bytes())
}

/// A name that stands twice, if one does.
fn repeated(mut names: Vec<Cow<'_, [u8]>>) -> Option<Cow<'_, [u8]>> {
    // Of few names each is compared with those before it, and hardly two have a length in common.
    if names.len() <= FEW {
        let mut before = names.as_slice();
        while let [rest @ .., last] = before {
            if rest.contains(last) {
                return Some(last.clone());
            }
            before = rest;
        }
        return None;
    }
    names.sort_unstable_by(|one, other| (**one).cmp(other));
    let mut neighbours = names.iter().zip(names.iter().skip(1));
    neighbours.find(|(one, other)| one == other).map(|(name, _)| name.clone())
}

/// Names of an object that are compared faster than they are sorted.
const FEW: usize = 16;

/// What is left of a pointer if its first token names this child: `~1` in it is a slash, `~0` a tilde.
fn behind<'p>(pointer: &'p [u8], name: &[u8]) -> Option<&'p [u8]> {
    let mut rest = pointer.strip_prefix(b"/")?;
    for byte in name {
        let (meant, behind) = match rest {
            [b'~', b'1', behind @ ..] => (b'/', behind),
            [b'~', b'0', behind @ ..] => (b'~', behind),
            [b'/', ..] | [] => return None,
            [plain, behind @ ..] => (*plain, behind),
        };
        if meant != *byte {
            return None;
        }
        rest = behind;
    }
    matches!(rest, [] | [b'/', ..]).then_some(rest)
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
            // On the way to what is only looked for, nothing is watched.
            for pointer in [NOTHING, "/data/object/a/b", "/id/x"] {
                let walk = Walk::through(json, [pointer; PLACES], "/data/object").expect("sound");
                assert_eq!(walk.repeated.as_deref(), place);
            }
        }
    }

    #[test]
    fn of_few_names_and_of_many_the_one_that_stands_twice_is_told_wherever_it_stands() {
        for count in [2, FEW - 1, FEW, FEW + 1, 3 * FEW] {
            for (first, second) in
                [(0, 1), (0, count - 1), (count / 2 - 1, count - 1), (count - 2, count - 1)]
            {
                let name = |at| if at == second { first } else { at };
                let members: Vec<String> =
                    (0..count).map(|at| alloc::format!("\"n{:02}\":{at}", name(at))).collect();
                let json = alloc::format!("{{{},\"data\":{{}}}}", members.join(","));
                let walk = Walk::through(json.as_bytes(), [NOTHING; PLACES], "/data/object").expect("sound");
                assert_eq!(walk.repeated, Some(alloc::format!("/n{first:02}")), "{json}");
            }
            let members: Vec<String> = (0..count).map(|at| alloc::format!("\"n{at:02}\":{at}")).collect();
            let json = alloc::format!("{{{}}}", members.join(","));
            let walk = Walk::through(json.as_bytes(), [NOTHING; PLACES], "/data/object").expect("sound");
            assert_eq!(walk.repeated, None, "{json}");
        }
    }
}
