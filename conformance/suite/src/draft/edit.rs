//! Changes to the bytes of a body. What does not fit the body leaves it as it is.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use hookproof_core::locate;

use super::Draft;

/// A change to the bytes of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Puts this text, a member without its comma, first into the object at the pointer.
    Member { into: String, text: Cow<'static, str> },
    /// Puts this text, a JSON value, in place of the value at the pointer.
    Value { at: String, text: Cow<'static, str> },
    /// Puts a member first into the object at the pointer that makes the whole body this long, in bytes.
    Padding { into: String, size: usize },
    /// Puts white space behind the opening brace and at the end.
    Spaced,
    /// Appends this text.
    Append(&'static str),
    /// Puts these bytes, a member without its comma, first into the object at the pointer.
    Bytes { into: String, member: &'static [u8] },
    /// Leaves the last byte off.
    WithoutEnd,
    /// Compresses the body.
    Gzip,
}

/// The body after these edits, made in this order.
pub(crate) fn apply(mut body: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        match edit {
            Edit::Member { into, text } => insert(&mut body, into, text.as_bytes()),
            Edit::Bytes { into, member } => insert(&mut body, into, member),
            Edit::Value { at, text } => {
                if let Some(range) = locate(&body, at) {
                    body.splice(range, text.bytes());
                }
            }
            Edit::Padding { into, size } => {
                let mut least = body.clone();
                insert(&mut least, into, br#""hookproof_padding":"""#);
                let padding = "x".repeat(size.saturating_sub(least.len()));
                insert(&mut body, into, format!(r#""hookproof_padding":"{padding}""#).as_bytes());
            }
            Edit::Spaced => {
                let inside = body.iter().position(|byte| *byte == b'{').map_or(0, |brace| brace + 1);
                body.splice(inside..inside, *b"\n \t ");
                let end = body.len().saturating_sub(1);
                body.splice(end..end, *b"  ");
            }
            Edit::Append(text) => body.extend_from_slice(text.as_bytes()),
            Edit::WithoutEnd => {
                body.pop();
            }
            Edit::Gzip => body = gzip(&body),
        }
    }
    body
}

impl Draft {
    /// The same event before anybody tampered with it.
    pub(crate) fn untampered(mut self) -> Self {
        self.tampering.clear();
        self
    }

    /// The same event as it would be without this delivery's peculiarities.
    pub(crate) fn unedited(mut self) -> Self {
        self.body = None;
        self.edits.clear();
        self
    }
}

/// Puts a JSON value at a pointer: in place of the one that stands there, or as a new member of the object that it would
/// stand in.
pub(crate) fn put(body: &mut Vec<u8>, at: &str, value: &str) {
    if let Some(range) = locate(body, at) {
        body.splice(range, value.bytes());
        return;
    }
    let Some((into, name)) = at.rsplit_once('/') else { return };
    let object = locate(body, into).and_then(|range| body.get(range));
    if object.is_some_and(|text| text.starts_with(b"{")) {
        let name = serde_json::Value::from(name.replace("~1", "/").replace("~0", "~"));
        insert(body, into, format!("{name}:{value}").as_bytes());
    }
}

/// Puts a member first into the object at a pointer.
fn insert(body: &mut Vec<u8>, into: &str, member: &[u8]) {
    if let Some(range) = locate(body, into) {
        let inner = body.get(range.start + 1..range.end - 1).unwrap_or_default();
        let comma = if inner.trim_ascii().is_empty() { "" } else { "," };
        let (before, behind) = body.split_at(range.start + 1);
        *body = [before, member, comma.as_bytes(), behind].concat();
    }
}

/// A gzip file (RFC 1952) of stored blocks (RFC 1951, section 3.2.4): whoever decompresses it gets the body, and
/// nobody needs it small.
fn gzip(body: &[u8]) -> Vec<u8> {
    let mut file = Vec::from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
    let mut blocks = body.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        file.push(u8::from(blocks.peek().is_none()));
        file.extend(length.to_le_bytes());
        file.extend((!length).to_le_bytes());
        file.extend_from_slice(block);
    }
    file.extend(crc32(body).to_le_bytes());
    file.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes());
    file
}

/// RFC 1952, section 8.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    })
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn a_padded_body_is_as_long_as_asked_and_says_the_same_otherwise() {
        for (body, into) in [(r#"{"a":{"b":1}}"#, "/a"), (r#"{"a":{}}"#, "/a"), (r#"{"a":{}}"#, "")] {
            for size in [64, 65, 16 * 1024] {
                let padding = Edit::Padding { into: into.into(), size };
                let padded = apply(body.into(), &[padding]);
                assert_eq!(padded.len(), size, "{body}");
                assert_eq!(hookproof_core::scan(&padded), Ok(()), "{body}");
                assert!(locate(&padded, &format!("{into}/hookproof_padding")).is_some(), "{body}");
            }
        }
        let short = apply(b"{}".into(), &[Edit::Padding { into: String::new(), size: 3 }]);
        assert_eq!(short, br#"{"hookproof_padding":""}"#);
    }

    #[test]
    fn a_checksum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn a_gzip_file_holds_the_body_in_blocks_with_their_lengths() {
        for length in [1, 100, 65_535, 65_536, 200_000] {
            let body = vec![b'x'; length];
            let file = apply(body.clone(), &[Edit::Gzip]);
            let (mut rest, mut held) = (&file[10..], Vec::new());
            loop {
                let size = u16::from_le_bytes([rest[1], rest[2]]);
                assert_eq!(!size, u16::from_le_bytes([rest[3], rest[4]]));
                let (block, behind) = rest[5..].split_at(usize::from(size));
                held.extend_from_slice(block);
                let is_last = rest[0] == 1;
                rest = behind;
                if is_last {
                    break;
                }
            }
            assert_eq!(held, body);
            assert_eq!(rest[..4], crc32(&body).to_le_bytes());
            assert_eq!(rest[4..], u32::try_from(length).unwrap().to_le_bytes());
        }
    }

    #[test]
    fn a_value_is_put_in_place_of_another_or_into_the_object_that_lacks_it() {
        for (at, after) in [
            ("/a/b", r#"{"a":{"b":"x"},"c":[1]}"#),
            ("/a/d~1\"", r#"{"a":{"d/\"":"x","b":1},"c":[1]}"#),
            ("/d", r#"{"d":"x","a":{"b":1},"c":[1]}"#),
            ("/c/0", r#"{"a":{"b":1},"c":["x"]}"#),
            ("/c/1", r#"{"a":{"b":1},"c":[1]}"#),
            ("/a/b/c", r#"{"a":{"b":1},"c":[1]}"#),
            ("/x/y", r#"{"a":{"b":1},"c":[1]}"#),
        ] {
            let mut body = br#"{"a":{"b":1},"c":[1]}"#.to_vec();
            put(&mut body, at, r#""x""#);
            assert_eq!(core::str::from_utf8(&body), Ok(after), "{at}");
        }
    }

    #[test]
    fn bytes_that_no_text_has_are_put_like_a_member() {
        let edit = Edit::Bytes { into: "/a".into(), member: b"\"b\":\"\xff\"" };
        assert_eq!(apply(br#"{"a":{}}"#.into(), &[edit, Edit::WithoutEnd]), b"{\"a\":{\"b\":\"\xff\"}");
    }

    #[test]
    fn a_value_changes_where_it_stands_and_nothing_else_does() {
        let value = |at: &str| vec![Edit::Value { at: at.into(), text: "9007199254740993".into() }];
        for (at, after) in [
            ("/a/b", r#"{ "a" : {"b": 9007199254740993 ,"c":"1"}}"#),
            ("/a/c", r#"{ "a" : {"b": 1 ,"c":9007199254740993}}"#),
            ("/a/d", r#"{ "a" : {"b": 1 ,"c":"1"}}"#),
        ] {
            let body = apply(br#"{ "a" : {"b": 1 ,"c":"1"}}"#.into(), &value(at));
            assert_eq!(core::str::from_utf8(&body), Ok(after), "{at}");
        }
    }
}
