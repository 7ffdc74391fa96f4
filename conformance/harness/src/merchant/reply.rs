//! The answers that a merchant gives.

use hookproof_core::Acknowledgement;

use super::{Output, RequestId};

/// An answer that is not yet addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// None closes the connection instead.
    status: Option<u16>,
    headers: Vec<(String, String)>,
    body: String,
}

impl Reply {
    pub(super) fn new(status: u16, body: &str) -> Self {
        Self {
            status: Some(status),
            headers: vec![("content-type".into(), "text/plain".into())],
            body: body.into(),
        }
    }

    /// What the provider takes as an acknowledgement: 200, if it is not another status alone.
    pub(super) fn done(rule: Acknowledgement) -> Self {
        match rule {
            Acknowledgement::AnySuccess => Self::new(200, "ok"),
            // These two have no body.
            Acknowledgement::Exactly(status @ (204 | 205)) => Self::new(status, ""),
            Acknowledgement::Exactly(status) => Self::new(status, "ok"),
        }
    }

    /// 409: never a success, because whoever works on the event may yet fail.
    pub(super) fn busy() -> Self {
        Self::new(409, "another copy of this event is being processed").with("retry-after", "1")
    }

    /// No answer: the connection is closed.
    pub(super) fn none() -> Self {
        Self { status: None, headers: Vec::new(), body: String::new() }
    }

    #[must_use]
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(super) fn to(self, request: RequestId) -> Output {
        match self.status {
            None => Output::Close(request),
            Some(status) => {
                Output::Answer { request, status, headers: self.headers, body: self.body.into_bytes() }
            }
        }
    }
}
