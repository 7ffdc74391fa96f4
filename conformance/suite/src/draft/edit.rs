//! Changes to the bytes of a body. What does not fit the body leaves it as it is.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use hookproof_core::locate;

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
}

/// The body after these edits, made in this order.
pub(crate) fn apply(mut body: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        match edit {
            Edit::Member { into, text } => insert(&mut body, into, text),
            Edit::Value { at, text } => {
                if let Some(range) = locate(&body, at) {
                    body.splice(range, text.bytes());
                }
            }
            Edit::Padding { into, size } => {
                let mut least = body.clone();
                insert(&mut least, into, r#""hookproof_padding":"""#);
                let padding = "x".repeat(size.saturating_sub(least.len()));
                insert(&mut body, into, &format!(r#""hookproof_padding":"{padding}""#));
            }
            Edit::Spaced => {
                let inside = body.iter().position(|byte| *byte == b'{').map_or(0, |brace| brace + 1);
                body.splice(inside..inside, *b"\n \t ");
                let end = body.len().saturating_sub(1);
                body.splice(end..end, *b"  ");
            }
            Edit::Append(text) => body.extend_from_slice(text.as_bytes()),
        }
    }
    body
}

/// Puts a member first into the object at a pointer.
fn insert(body: &mut Vec<u8>, into: &str, member: &str) {
    if let Some(range) = locate(body, into) {
        let inner = body.get(range.start + 1..range.end - 1).unwrap_or_default();
        let comma = if inner.trim_ascii().is_empty() { "" } else { "," };
        let (before, behind) = body.split_at(range.start + 1);
        *body = [before, member.as_bytes(), comma.as_bytes(), behind].concat();
    }
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
