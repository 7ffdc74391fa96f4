//! An event of the merchant's own: captured or written by hand, with holes for what differs from event to event.

use alloc::{borrow::Cow, format, string::String, vec::Vec};
use core::fmt;

use hookproof_core::{At, EventSample, Provider, Text};
use serde_json::Value;

use super::change::{Change, escaped, has_hole, hole_at, unknown, unknown_hole};

/// An event from which all others are made. Its id, its object's id, its type and its time of creation are made fresh
/// as for any sample; what else must differ has a hole, as in [`Change::parse`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    kind: Option<String>,
    body: String,
    holes: Vec<Change>,
}

impl Template {
    /// Reads the body of an event of this provider. A hole may stand in a text, or where a number would.
    ///
    /// # Errors
    ///
    /// [`TemplateError`]. Whether it is an event that can be told from another is for [`crate::Bench::rehearse`].
    pub fn parse(text: &str, provider: &Provider) -> Result<Self, TemplateError> {
        if let Some(hole) = unknown_hole(text) {
            return Err(TemplateError::UnknownHole(hole));
        }
        let (body, marked) = without_bare_holes(text);
        let value: Value = serde_json::from_str(&marked).map_err(|error| TemplateError::NotJson {
            line: error.line(),
            why: String::from(format!("{error}").split(" at line ").next().unwrap_or_default()),
        })?;
        let kind = match &provider.shape.kind {
            At::Body(pointer) => value.pointer(pointer).and_then(Value::as_str).map(String::from),
            At::Header(_) | At::Nowhere => None,
        };
        let mut holes = Vec::new();
        collect(&value, String::new(), &mut holes)?;
        Ok(Self { kind: kind.filter(|kind| !has_hole(kind)), body, holes })
    }

    /// Its type, where it says one.
    pub fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// Makes it the provider's sample, and its type the ordinary one. What was made fresh in the sample before it is made
    /// fresh in it too, where it has that. What stands in its holes is for
    /// [`crate::Setting::changes`].
    pub fn into_sample_of(self, provider: &mut Provider) -> Vec<Change> {
        let fresh = provider.sample.take().map(|sample| sample.fresh).unwrap_or_default();
        provider.sample = Some(EventSample { body: self.body.into(), fresh });
        if let Some(kind) = self.kind {
            let others = provider.event_types.iter().filter(|known| **known != kind).cloned();
            let types: Vec<Text> = [Cow::Owned(kind.clone())].into_iter().chain(others).collect();
            provider.event_types = types.into();
        }
        self.holes
    }
}

/// Every text with a hole becomes a change at its place.
fn collect(value: &Value, at: String, holes: &mut Vec<Change>) -> Result<(), TemplateError> {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if has_hole(name) {
                    return Err(TemplateError::HoleInName(name.clone()));
                }
                collect(value, format!("{at}/{}", escaped(name)), holes)?;
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                collect(value, format!("{at}/{index}"), holes)?;
            }
        }
        Value::String(text) => {
            if let Some(bare) = text.strip_prefix(BARE) {
                holes.push(Change::json(at, bare.into()));
            } else if has_hole(text) {
                holes.push(Change::text(at, text.clone()));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

/// The text with 0 in place of every hole outside of texts, and with a marked text in place of each.
fn without_bare_holes(text: &str) -> (String, String) {
    let (mut body, mut marked) = (String::new(), String::new());
    let (mut rest, mut is_inside, mut is_escaped) = (text, false, false);
    while let Some(letter) = rest.chars().next() {
        if let Some(hole) = hole_at(rest).filter(|_| !is_inside) {
            body.push('0');
            marked.push_str(&format!("\"{BARE}{hole}\""));
            rest = rest.get(hole.len()..).unwrap_or_default();
            continue;
        }
        is_inside ^= letter == '"' && !is_escaped;
        is_escaped = is_inside && letter == '\\' && !is_escaped;
        body.push(letter);
        marked.push(letter);
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    (body, marked)
}

/// Why a template is none: always the caller's words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TemplateError {
    /// Not JSON, but for its holes.
    NotJson {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong there.
        why: String,
    },
    /// A hole in the name of a member.
    HoleInName(String),
    /// A hole that there is not.
    UnknownHole(String),
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { line, why } => write!(f, "is no JSON on line {line}: {why}"),
            Self::HoleInName(name) => {
                write!(f, "has a hole in the name \"{}\"; holes are for values", name.escape_debug())
            }
            Self::UnknownHole(hole) => f.write_str(&unknown(hole)),
        }
    }
}

impl core::error::Error for TemplateError {}

/// Marks a text that stands for a hole outside of texts. It is kept for private use, and no event has it first.
const BARE: char = '\u{e000}';

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::scene::provider;

    fn parse(text: &str) -> Result<Template, TemplateError> {
        Template::parse(text, &provider("turratech"))
    }

    #[test]
    fn every_hole_becomes_a_change_at_its_place_and_the_rest_stays_byte_for_byte() {
        let text = "{ \"type\": \"invoice.paid\",\n\"data\": {\"object\": {\"a/b\": [\"x\", \"B-{n}\"], \"n\": {n}, \
                    \"q\": \"\\\"{\"}}}";
        let template = parse(text).unwrap();
        assert_eq!(template.kind(), Some("invoice.paid"));
        assert_eq!(template.body, text.replace(": {n}", ": 0"));
        let changes: Vec<_> = ["data.object.n={n}", "/data/object/a~1b/1=B-{n}"].map(Change::parse).to_vec();
        for change in changes {
            assert!(template.holes.contains(&change.unwrap()), "{:?}", template.holes);
        }
        assert_eq!(template.holes.len(), 2);
    }

    #[test]
    fn its_type_becomes_the_ordinary_one() {
        let mut provider = provider("turratech");
        let types = provider.event_types.len();
        parse(r#"{"type":"payout.paid"}"#).unwrap().into_sample_of(&mut provider);
        assert_eq!((provider.event_types[0].as_ref(), provider.event_types.len()), ("payout.paid", types));
        let before = provider.event_types.clone();
        parse(r#"{"type":"{type}"}"#).unwrap().into_sample_of(&mut provider);
        assert_eq!(provider.event_types, before);
    }

    #[test]
    fn a_brace_that_is_no_hole_is_written_as_json_can() {
        let text = r#"{"url": "/pay/\u007bCHECKOUT_ID}", "note": "{", "set": "{a, b}", "empty": "{}"}"#;
        let template = parse(text).unwrap();
        assert_eq!((template.body.as_str(), template.holes.len()), (text, 0));
        let refused = parse(&text.replace("\\u007b", "{")).expect_err("a hole").to_string();
        assert!(refused.ends_with("for these words themselves write \\u007bCHECKOUT_ID}"), "{refused}");
    }

    #[test]
    fn what_is_no_template_is_told_with_its_place() {
        for (text, words) in [
            ("{\n\"id\": \"{id}\",\n}", "is no JSON on line 3: "),
            ("", "is no JSON on line 1: EOF"),
            (r#"{"{n}": 1}"#, "has a hole in the name \"{n}\""),
            (r#"{"a": "{amount}"}"#, "has the hole {amount}, which there is not"),
            (r#"{"a": {amount}}"#, "has the hole {amount}, which there is not"),
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
