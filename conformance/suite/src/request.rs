//! A delivery ready to leave, and what the driver must do to it on the way.

use alloc::{string::String, vec::Vec};
use core::time::Duration;

use crate::EventName;

/// A signed delivery. A driver adds `host`, `content-length` and `connection`, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The event that it carries.
    pub event: EventName,
    /// Header lines in order, spelled as they must be sent.
    pub headers: Vec<(String, String)>,
    /// The exact body.
    pub body: Vec<u8>,
    /// How it must travel.
    pub transport: Transport,
    /// What it is for.
    pub intent: Intent,
    /// One line for the evidence.
    pub summary: String,
    /// Right MACs in this request, which no report may show.
    pub(crate) confidential: Vec<String>,
}

/// How a request must travel; a driver that cannot do it answers [`crate::Told::Cannot`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transport {
    /// Keep and reuse the connection of this lane. Lanes are numbered within a check.
    pub lane: Option<(u16, u8)>,
    /// Close the connection without reading, once the request has been written.
    pub cut_before_answer: bool,
    /// How long after the last byte was written it is closed.
    pub cut_after: Duration,
    /// Write the body in two parts, the second 50 ms after the first, which ends at this byte.
    pub split_at: Option<usize>,
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
