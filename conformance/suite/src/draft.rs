//! A delivery that is not yet signed: it speaks of ages, never of dates.

mod edit;
mod signing;

use alloc::{borrow::Cow, format, string::String, vec::Vec};
use core::time::Duration;

use hookproof_core::Timestamp;

use self::edit::Edit;
pub(crate) use self::edit::{apply, put};
pub use self::signing::{HeaderCase, Signing};
use crate::{EventName, Framing, Intent, Pace, Spelling, Stop};

/// A delivery not yet signed. The run signs it as it leaves; see [`crate::Bench::seal`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub(crate) event: EventName,
    pub(crate) kind: String,
    /// Its id, where that is not made from its name.
    pub(crate) id: Option<String>,
    /// The event whose object it is about, where that is not its own.
    pub(crate) about: Option<EventName>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) created_ago: Duration,
    /// In place of what the caller chose for every event.
    pub(crate) livemode: Option<bool>,
    /// How far the clock had been moved when the event was first sent.
    pub(crate) born_ahead: Duration,
    pub(crate) signed_ago: Duration,
    pub(crate) signed_ahead: Duration,
    pub(crate) signing: Signing,
    pub(crate) edits: Vec<Edit>,
    pub(crate) tampering: Vec<Edit>,
    pub(crate) header_case: HeaderCase,
    pub(crate) method: &'static str,
    pub(crate) query: Option<&'static str>,
    pub(crate) content_type: Option<&'static str>,
    /// Header lines beside those of every delivery.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) lane: Option<u8>,
    pub(crate) cut_after: Option<Duration>,
    pub(crate) delay: Duration,
    pub(crate) crowded: bool,
    pub(crate) framing: Framing,
    pub(crate) pacing: Pacing,
    pub(crate) stop: Option<Stop>,
    pub(crate) patience: Option<Duration>,
    pub(crate) repeats: bool,
    pub(crate) intent: Intent,
    notes: Vec<Cow<'static, str>>,
}

/// How fast a body is written, before its bytes are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pacing {
    /// As said.
    Whole(Pace),
    /// In two parts, the first of which ends inside a character of several bytes.
    InsideACharacter,
}

impl Draft {
    pub(crate) fn new(event: EventName, kind: &str) -> Self {
        Self {
            event,
            kind: kind.into(),
            id: None,
            about: None,
            body: None,
            created_ago: Duration::ZERO,
            livemode: None,
            born_ahead: Duration::ZERO,
            signed_ago: Duration::ZERO,
            signed_ahead: Duration::ZERO,
            signing: Signing::Right,
            edits: Vec::new(),
            tampering: Vec::new(),
            header_case: HeaderCase::AsIs,
            method: "POST",
            query: None,
            content_type: Some("application/json"),
            headers: Vec::new(),
            lane: None,
            cut_after: None,
            delay: Duration::ZERO,
            crowded: false,
            framing: Framing::Length,
            pacing: Pacing::Whole(Pace::AtOnce),
            stop: None,
            patience: None,
            repeats: false,
            intent: Intent::Ordinary,
            notes: Vec::new(),
        }
    }

    /// Says in the evidence what is special about this delivery.
    #[must_use]
    pub fn noted(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With this id in place of an ordinary one. Without effect where the provider's events have none. Effects are
    /// matched to an event by the id of its first delivery.
    #[must_use]
    pub(crate) fn called(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// About the object of another event. Downstream calls that name the object count for that one.
    #[must_use]
    pub(crate) fn about(mut self, other: EventName) -> Self {
        self.about = Some(other);
        self
    }

    /// These bytes in place of a sample's.
    #[must_use]
    pub fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self
    }

    /// The event was created this long before the run began.
    #[must_use]
    pub fn created_ago(mut self, age: Duration) -> Self {
        self.created_ago = age;
        self.noted(format!("created {} ago", crate::report::span(age)))
    }

    /// The signature was made this long before the delivery leaves.
    #[must_use]
    pub fn signed_ago(mut self, age: Duration) -> Self {
        self.signed_ago = age;
        self
    }

    /// The signature says that it was made this long after the delivery leaves.
    #[must_use]
    pub(crate) fn signed_ahead(mut self, ahead: Duration) -> Self {
        self.signed_ahead = ahead;
        self
    }

    /// With the same bytes as the first delivery of this event in the run, its signature included.
    #[must_use]
    pub fn repeated(mut self) -> Self {
        self.repeats = true;
        self
    }

    /// Signed with a secret that the endpoint does not know.
    #[must_use]
    pub fn forged(mut self) -> Self {
        self.signing = Signing::Forged;
        self.intent = Intent::Refusable;
        self.noted("signed with another secret")
    }

    /// Signed with a mistake that a receiver may make too: one that believes this has made it.
    #[must_use]
    pub(crate) fn mistaken(mut self, mistake: usize, cause: &str) -> Self {
        self.signing = Signing::Mistaken(mistake);
        self.intent = Intent::Refusable;
        self.noted(format!("signed as if {cause}"))
    }

    /// Signed with the endpoint's secret, in headers that are written so.
    #[must_use]
    pub(crate) fn spelled(mut self, spelling: Spelling) -> Self {
        self.signing = Signing::Spelled(spelling);
        self
    }

    /// Not to be believed, for all that it is signed with the endpoint's secret.
    #[must_use]
    pub(crate) fn refusable(mut self) -> Self {
        self.intent = Intent::Refusable;
        self
    }

    /// Sent without the signature's headers.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.signing = Signing::Missing;
        self.intent = Intent::Refusable;
        self.noted("without a signature")
    }

    /// Changed after it was signed, in a way that keeps it sound JSON.
    #[must_use]
    pub fn tampered(mut self, into: &str) -> Self {
        self.tampering.push(Edit::Member { into: into.into(), text: r#""tampered":true"#.into() });
        self.intent = Intent::Refusable;
        self.noted("its body changed after signing")
    }

    /// A member more, first in the object at `into`; `text` is `"name":value`.
    #[must_use]
    pub fn with_member(mut self, into: &str, text: impl Into<Cow<'static, str>>) -> Self {
        self.edits.push(Edit::Member { into: into.into(), text: text.into() });
        self
    }

    /// This text, a JSON value, in place of the value at the pointer.
    #[must_use]
    pub fn with_value(mut self, at: &str, text: impl Into<Cow<'static, str>>) -> Self {
        self.edits.push(Edit::Value { at: at.into(), text: text.into() });
        self
    }

    /// A new field in the object at `into` that makes the body this long, in bytes; one that is longer already
    /// grows by the empty field.
    #[must_use]
    pub fn padded(mut self, into: &str, size: usize) -> Self {
        self.edits.push(Edit::Padding { into: into.into(), size });
        self
    }

    /// A live event or a test event, whatever the caller chose for the others.
    #[must_use]
    pub fn live(mut self, is_live: bool) -> Self {
        self.livemode = Some(is_live);
        self.noted(if is_live { "a live event" } else { "a test event" })
    }

    /// A member without its comma, in bytes that need not be UTF-8, first in the object at `into`.
    #[must_use]
    pub(crate) fn with_bytes(mut self, into: &str, member: &'static [u8]) -> Self {
        self.edits.push(Edit::Bytes { into: into.into(), member });
        self
    }

    /// Without the last byte of its body.
    #[must_use]
    pub(crate) fn without_its_end(mut self) -> Self {
        self.edits.push(Edit::WithoutEnd);
        self
    }

    /// With this behind its body, signed as part of it.
    #[must_use]
    pub(crate) fn with_end(mut self, text: &'static str) -> Self {
        self.edits.push(Edit::Append(text));
        self
    }

    /// Its body compressed, and signed so.
    #[must_use]
    pub(crate) fn gzipped(mut self) -> Self {
        self.edits.push(Edit::Gzip);
        self
    }

    /// White space inside the body.
    #[must_use]
    pub fn spaced(mut self) -> Self {
        self.edits.push(Edit::Spaced);
        self
    }

    /// A newline after the body, signed as part of it.
    #[must_use]
    pub fn with_final_newline(mut self) -> Self {
        self.edits.push(Edit::Append("\n"));
        self
    }

    /// The signature's headers spelled so.
    #[must_use]
    pub fn with_headers(mut self, case: HeaderCase) -> Self {
        self.header_case = case;
        self
    }

    /// On the connection of this number, kept open from delivery to delivery; without it, on its own.
    #[must_use]
    pub fn on_connection(mut self, lane: u8) -> Self {
        self.lane = Some(lane);
        self
    }

    /// The connection is closed this long after the request was written, and no answer is read.
    #[must_use]
    pub fn cut_before_answer(mut self, after: Duration) -> Self {
        self.cut_after = Some(after);
        if after.is_zero() {
            self.noted("the connection cut as soon as it was written")
        } else {
            self.noted(format!("the connection cut {} after it was written", crate::report::span(after)))
        }
    }

    /// The body leaves in two writes with a moment between, split inside a character of several bytes.
    #[must_use]
    pub fn split_inside_a_character(mut self) -> Self {
        self.pacing = Pacing::InsideACharacter;
        self.noted("its body in two writes, split inside a character")
    }

    /// With another method than POST.
    #[must_use]
    pub fn with_method(mut self, method: &'static str) -> Self {
        self.method = method;
        self.noted(method)
    }

    /// To the endpoint's address with this query behind it.
    #[must_use]
    pub fn with_query(mut self, query: &'static str) -> Self {
        self.query = Some(query);
        self.noted(format!("with the query ?{query}"))
    }

    /// With another `content-type` than `application/json`, or with none.
    #[must_use]
    pub fn with_content_type(mut self, content_type: Option<&'static str>) -> Self {
        self.content_type = content_type;
        self
    }

    /// With one more header line, which no signature covers.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Written this long after the others that are sent together with it.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// One of so many at once that the time of its answer says nothing.
    #[must_use]
    pub fn in_a_crowd(mut self) -> Self {
        self.crowded = true;
        self
    }

    /// The length of its body told so.
    #[must_use]
    pub fn framed(mut self, framing: Framing) -> Self {
        self.framing = framing;
        self
    }

    /// Its body in this many parts, with a pause before each.
    #[must_use]
    pub fn dripped(mut self, parts: u16, pause: Duration) -> Self {
        self.pacing = Pacing::Whole(Pace::Dripped { parts, pause });
        self.noted(format!("its body in {parts} parts, {} between them", crate::report::span(pause)))
    }

    /// Written up to this byte of its framed body, and no further.
    #[must_use]
    pub fn stopped(mut self, stop: Stop) -> Self {
        self.stop = Some(stop);
        self
    }

    /// The answer is awaited for this long at the most.
    #[must_use]
    pub fn awaited(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// The time that it is signed with, when it leaves at `now`.
    pub(crate) fn signed_at(&self, now: Timestamp) -> Timestamp {
        now.saturating_sub(self.signed_ago).saturating_add(self.signed_ahead)
    }

    /// Whether the provider itself could have made it, now or at another time. An endpoint must refuse some such events
    /// too: one that is too old, or of which half never comes.
    pub(crate) fn is_authentic(&self) -> bool {
        let must_be_believed = self.intent != Intent::Refusable;
        self.tampering.is_empty() && (must_be_believed || self.signing == Signing::Right)
    }

    /// One line for the evidence: `event 1, signed with another secret`.
    pub(crate) fn summary(&self) -> String {
        let mut line = format!("{}", self.event);
        for note in &self.notes {
            line.push_str(", ");
            line.push_str(note);
        }
        line
    }
}
