//! A delivery ready to leave, and what the driver must do to it on the way.

use crate::{EventName, Transport};
use alloc::{string::String, vec::Vec};

/// A signed delivery. A driver adds `host`, `connection`, and `content-length` or `transfer-encoding`, as its
/// [`Framing`](crate::Framing) wants, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The event that it carries.
    pub event: EventName,
    /// `POST`, as a rule.
    pub method: &'static str,
    /// Added to the endpoint's own query, without a question mark; mostly nothing.
    pub query: Option<&'static str>,
    /// Header lines in order, spelled as they must be sent.
    pub headers: Vec<(String, String)>,
    /// The exact body.
    pub body: Vec<u8>,
    /// How it must travel.
    pub transport: Transport,
    /// What it is for.
    pub intent: Intent,
    /// The provider itself could have made it, now or at another time: its signature is right, and nobody changed its body.
    pub authentic: bool,
    /// Whether it is one of so many at once that the time of its answer says nothing.
    pub(crate) crowded: bool,
    /// One line for the evidence.
    pub summary: String,
    /// Right MACs in this request, which no report may show.
    pub(crate) confidential: Vec<String>,
    /// The MACs by which the endpoint judges this request, where it must refuse it.
    pub(crate) due: Vec<[u8; 32]>,
}

impl Request {
    /// Whether we keep the endpoint waiting ourselves, so that the time of its answer and of its effect says nothing.
    pub(crate) fn is_slowed(&self) -> bool {
        self.transport.is_slowed() || self.crowded
    }
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// What a provider sends, or could.
    Ordinary,
    /// Must not be believed.
    Refusable,
    /// An ordinary event that only tells whether the endpoint is still well.
    Canary,
}
