//! What a merchant does.

use std::time::Duration;

use super::{CallId, RequestId, TimerId};

/// What a merchant does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Call the downstream; tell the end as [`Input::Called`](super::Input::Called).
    Call {
        /// The call's name.
        call: CallId,
        /// `POST`.
        method: String,
        /// `/fulfil`.
        path: String,
        /// Header lines.
        headers: Vec<(String, String)>,
        /// JSON.
        body: Vec<u8>,
    },
    /// Answer a request. One that hung up meanwhile is passed over.
    Answer {
        /// Which request.
        request: RequestId,
        /// The status.
        status: u16,
        /// Header lines.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// Close the connection of a request without an answer.
    Close(RequestId),
    /// Tell [`Input::Timer`](super::Input::Timer) after this time.
    Wake {
        /// The timer's name.
        timer: TimerId,
        /// From now.
        after: Duration,
    },
}
