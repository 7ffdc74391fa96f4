//! From a provider to a file that explains itself.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    Span,
    field::{
        ACKNOWLEDGEMENT, BODY, CONSTRUCTION, CREATED, CREATED_FORMAT, ENCODING, EVENT, EVENT_TYPES, FRESH,
        Field, HEADER, ID, ID_HEADER, KEY, NAME, OBJECT, OBJECT_ID, PREFIX, RETRIES, SAMPLE, SIGNATURE,
        TIME_LIMIT, TIMESTAMP_HEADER, TITLE, TYPE,
    },
    word,
};
use crate::{Acknowledgement, At, EventSample, EventShape, KeyRule, Provider, Retries, Scheme, Text};

/// The whole profile.
pub(super) fn profile(provider: &Provider) -> String {
    let mut page = Page(String::new());
    page.comment(&format!("How {} sends webhooks, for hookproof --profile FILE.", one_line(&provider.title)));
    page.comment("A field that is left out stands behind a # as it would be written.");
    page.field(&NAME, text(&provider.name));
    page.field(&TITLE, text(&provider.title));
    page.field(
        &ACKNOWLEDGEMENT,
        match provider.acknowledgement {
            Acknowledgement::AnySuccess => text(word::ANY_SUCCESS),
            Acknowledgement::Exactly(status) => status.to_string(),
        },
    );
    page.optional(&TIME_LIMIT, provider.time_limit.map(|limit| text(&Span(limit).to_string())));
    page.field(
        &RETRIES,
        match &provider.retries {
            Retries::Never => text(word::NEVER),
            Retries::Unspecified => text(word::UNSPECIFIED),
            Retries::Schedule(schedule) => {
                list(schedule.delays().iter().map(|delay| Span(*delay).to_string()).collect())
            }
        },
    );
    page.field(
        &KEY,
        match &provider.key {
            KeyRule::EventId => text(word::EVENT_ID),
            KeyRule::Derived(pointers) => texts(pointers),
        },
    );
    page.optional(&EVENT_TYPES, (!provider.event_types.is_empty()).then(|| texts(&provider.event_types)));
    page.event(&provider.shape);
    page.signature(provider.signature.as_ref());
    page.sample(provider.sample.as_ref());
    page.0
}

/// A file as it grows.
struct Page(String);

impl Page {
    fn event(&mut self, shape: &EventShape) {
        self.heading(&EVENT, true);
        self.optional(&ID, at(&shape.id));
        self.optional(&TYPE, at(&shape.kind));
        self.optional(&CREATED, at(&shape.created));
        let format = text(word::time_format(shape.created_format));
        self.optional(&CREATED_FORMAT, (shape.created != At::Nowhere).then_some(format));
        self.field(&OBJECT, text(&shape.object));
        self.optional(&OBJECT_ID, shape.object_id.as_deref().map(text));
    }

    fn signature(&mut self, scheme: Option<&Scheme>) {
        self.heading(&SIGNATURE, scheme.is_some());
        let Some(scheme) = scheme else {
            self.optional(&CONSTRUCTION, None);
            return self.optional(&HEADER, None);
        };
        let construction = match scheme {
            Scheme::Timestamped { .. } => word::TIMESTAMPED,
            Scheme::Standard { .. } => word::STANDARD,
            Scheme::Body { .. } => word::BODY,
        };
        self.field(&CONSTRUCTION, text(construction));
        self.field(&HEADER, text(scheme.signature_header()));
        match scheme {
            Scheme::Timestamped { .. } => {}
            Scheme::Standard { id, timestamp, .. } => {
                self.field(&ID_HEADER, text(id));
                self.field(&TIMESTAMP_HEADER, text(timestamp));
            }
            Scheme::Body { prefix, encoding, .. } => {
                self.field(&PREFIX, text(prefix));
                self.field(&ENCODING, text(word::encoding(*encoding)));
            }
        }
    }

    fn sample(&mut self, sample: Option<&EventSample>) {
        self.heading(&SAMPLE, sample.is_some());
        self.optional(&BODY, sample.map(|sample| long_text(&sample.body)));
        let fresh = sample.map(|sample| &sample.fresh).filter(|fresh| !fresh.is_empty());
        self.optional(&FRESH, fresh.map(|fresh| texts(fresh)));
    }

    fn heading(&mut self, field: &Field, is_there: bool) {
        self.0.push('\n');
        self.comment(field.says);
        self.line(is_there, &format!("[{}]", field.name));
    }

    fn field(&mut self, field: &Field, value: String) {
        self.optional(field, Some(value));
    }

    /// A field, or a comment that shows how it would be written.
    fn optional(&mut self, field: &Field, value: Option<String>) {
        self.0.push('\n');
        self.comment(field.says);
        let is_there = value.is_some();
        let value = value.unwrap_or_else(|| field.example.to_owned());
        self.line(is_there, &format!("{} = {value}", field.name));
    }

    fn line(&mut self, is_there: bool, line: &str) {
        self.0.push_str(if is_there { "" } else { "# " });
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// A comment in lines that a terminal shows whole.
    fn comment(&mut self, sentence: &str) {
        let mut length = usize::MAX;
        for word in sentence.split(' ') {
            let longer = length.saturating_add(word.chars().count()).saturating_add(1);
            if longer > WIDTH {
                self.0.push_str(if length == usize::MAX { "# " } else { "\n# " });
                length = word.chars().count().saturating_add(2);
            } else {
                self.0.push(' ');
                length = longer;
            }
            self.0.push_str(word);
        }
        self.0.push('\n');
    }
}

fn at(at: &At) -> Option<String> {
    match at {
        At::Body(pointer) => Some(text(pointer)),
        At::Header(name) => Some(format!("{{ header = {} }}", text(name))),
        At::Nowhere => None,
    }
}

fn texts(items: &[Text]) -> String {
    list(items.iter().map(|item| item.clone().into_owned()).collect())
}

/// A list in one line, or in one line an item where that would be too long.
fn list(items: Vec<String>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| text(&item)).collect();
    let line = format!("[{}]", items.join(", "));
    if line.chars().count() <= LONGEST_LIST {
        return line;
    }
    let lines: String = items.iter().map(|item| format!("    {item},\n")).collect();
    format!("[\n{lines}]")
}

/// A text over several lines as it is, where TOML can hold it so.
fn long_text(body: &str) -> String {
    let is_plain = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
    if body.contains('\n') && body.chars().all(is_plain) && !body.contains("'''") && !body.ends_with('\'') {
        format!("'''\n{body}'''")
    } else if !body.contains('\'') && !body.chars().any(char::is_control) {
        format!("'{body}'")
    } else {
        text(body)
    }
}

fn text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            control if control.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(control))),
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

/// A name that ends no comment.
fn one_line(text: &str) -> String {
    if text.chars().any(char::is_control) { "this provider".to_owned() } else { text.to_owned() }
}

const WIDTH: usize = 110;
const LONGEST_LIST: usize = 90;
