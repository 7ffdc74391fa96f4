//! What a merchant thinks that events of a type contain, generated from the first one it saw: a common
//! practice, and the root of two defects.

use std::{collections::BTreeSet, ops::Range};

use hookproof_core::locate;
use serde_json::Value;

/// The members of the envelope and of its object, as pointers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Schema(BTreeSet<String>);

impl Schema {
    /// What this body contains, the object standing at `object`.
    pub(super) fn of(body: &[u8], object: &str) -> Self {
        let whole: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut members = BTreeSet::new();
        for parent in ["", object] {
            let names =
                whole.pointer(parent).and_then(Value::as_object).into_iter().flat_map(|map| map.keys());
            members
                .extend(names.map(|name| format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"))));
        }
        Self(members)
    }

    /// Whether it contains nothing that `other` lacks.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// The body with every member cut out that this schema lacks, and every other byte as it was.
    pub(super) fn strip(&self, body: &[u8], object: &str) -> Vec<u8> {
        let mut left = body.to_vec();
        for pointer in Self::of(body, object).0.difference(&self.0) {
            if let Some(range) = member(&left, pointer) {
                left.drain(range);
            }
        }
        left
    }
}

/// Where a member stands, from its name's quote through the comma behind it, or from the comma before it.
fn member(body: &[u8], pointer: &str) -> Option<Range<usize>> {
    let value = locate(body, pointer)?;
    let name = format!("\"{}\"", pointer.rsplit('/').next()?.replace("~1", "/").replace("~0", "~"));
    let before = body.get(..value.start)?;
    let start = before.windows(name.len()).rposition(|window| window == name.as_bytes())?;
    let behind = body.get(value.end..)?;
    let gap = behind.iter().position(|byte| !byte.is_ascii_whitespace())?;
    if behind.get(gap) == Some(&b',') {
        return Some(start..value.end + gap + 1);
    }
    let comma = body.get(..start)?.iter().rposition(|byte| !byte.is_ascii_whitespace())?;
    let is_comma = body.get(comma) == Some(&b',');
    Some(if is_comma { comma..value.end } else { start..value.end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_cut_out_and_nothing_else_changes() {
        let known = Schema::of(br#"{"id": "e", "data": {"object": {"a": 1, "b": [2]}}}"#, "/data/object");
        for (body, left) in [
            (
                r#"{"new":1,"id": "e",  "data": {"object": {"a": 1, "b": [2]}}}"#,
                r#"{"id": "e",  "data": {"object": {"a": 1, "b": [2]}}}"#,
            ),
            (r#"{"data": {"object": {"t":true,"b": [2]}}}"#, r#"{"data": {"object": {"b": [2]}}}"#),
            (
                r#"{"data": {"object": {"b": [2] , "t" : {"x":[]} }}}"#,
                r#"{"data": {"object": {"b": [2]  }}}"#,
            ),
            (r#"{"data": {"object": {"t":1}}}"#, r#"{"data": {"object": {}}}"#),
        ] {
            assert_eq!(String::from_utf8_lossy(&known.strip(body.as_bytes(), "/data/object")), left);
            assert!(!Schema::of(body.as_bytes(), "/data/object").is_within(&known));
            assert!(Schema::of(left.as_bytes(), "/data/object").is_within(&known));
        }
    }
}
