//! Where a value stands in a body, by JSON pointer (RFC 6901).

use alloc::{borrow::Cow, collections::BTreeSet};
use core::ops::Range;

use super::{Scanner, decoded, scan};

/// The bytes of the value at a pointer, `""` being the whole value without the white space around it. Where a
/// name is repeated in an object, the last one counts, as in JavaScript. Nothing where there is no such value,
/// or where `json` is not JSON by [`scan`].
pub fn locate(json: &[u8], pointer: &str) -> Option<Range<usize>> {
    scan(json).ok()?;
    walk(json, pointer)
}

/// The text of the string at a pointer of a body that is known to be sound.
pub(crate) fn text_at<'a>(json: &'a [u8], pointer: &str) -> Option<Option<Cow<'a, str>>> {
    let range = walk(json, pointer)?;
    Some(json.get(range).and_then(decoded))
}

/// As [`locate`], in a body that is known to be sound.
pub(crate) fn walk(json: &[u8], pointer: &str) -> Option<Range<usize>> {
    let mut range = value_from(json, 0)?;
    if pointer.is_empty() {
        return Some(range);
    }
    for token in pointer.strip_prefix('/')?.split('/') {
        let name = token.replace("~1", "/").replace("~0", "~");
        let mut found = None;
        each_child(json, range.start, |child| {
            if child.is(&name) {
                found = Some(child.value.clone());
            }
        })?;
        range = found?;
    }
    Some(range)
}

/// The name that stands twice in the object at a pointer of a sound body, if one does.
pub(crate) fn members_repeat<'a>(json: &'a [u8], pointer: &str) -> Option<Cow<'a, str>> {
    let range = walk(json, pointer)?;
    let mut names = BTreeSet::new();
    let mut repeated = None;
    each_child(json, range.start, |child| {
        if let Key::Name(name) = child.key
            && !names.insert(name.clone())
        {
            repeated.get_or_insert(name);
        }
    })?;
    repeated
}

struct Child<'a> {
    key: Key<'a>,
    value: Range<usize>,
}

enum Key<'a> {
    Name(Cow<'a, str>),
    Index(usize),
}

impl Child<'_> {
    fn is(&self, token: &str) -> bool {
        match &self.key {
            Key::Name(name) => name == token,
            Key::Index(index) => token.parse() == Ok(*index) && (token == "0" || !token.starts_with('0')),
        }
    }
}

/// Shows each member or element of the object or array that begins at `start`; nothing for a scalar.
fn each_child<'a>(json: &'a [u8], start: usize, mut show: impl FnMut(Child<'a>)) -> Option<()> {
    let mut scanner = Scanner { json, at: start };
    let object = match scanner.peek()? {
        b'{' => true,
        b'[' => false,
        _ => return Some(()),
    };
    scanner.bump();
    for index in 0.. {
        scanner.space();
        if let b'}' | b']' = scanner.peek()? {
            break;
        }
        let key = if object {
            let from = scanner.at;
            scanner.string().ok()?;
            let name = decoded(json.get(from..scanner.at)?)?;
            scanner.space();
            scanner.take(b':').ok()?;
            Key::Name(name)
        } else {
            Key::Index(index)
        };
        let value = value_from(json, scanner.at)?;
        scanner.at = value.end;
        show(Child { key, value });
        scanner.space();
        if scanner.peek()? == b',' {
            scanner.bump();
        }
    }
    Some(())
}

fn value_from(json: &[u8], at: usize) -> Option<Range<usize>> {
    let mut scanner = Scanner { json, at };
    scanner.space();
    let start = scanner.at;
    scanner.value().ok()?;
    Some(start..scanner.at)
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
            ("/a/b/01", None),
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
}
