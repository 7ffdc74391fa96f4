//! What was seen: exchanges, effects, and what could not be done.

use alloc::{borrow::Cow, format, string::String, vec::Vec};
use core::{fmt, net::IpAddr, time::Duration};

use hookproof_core::Acknowledgement;

use crate::{Downstream, Effects, EventName, Intent, Need};

/// The answer to one [`crate::Step`].
#[derive(Clone, Debug)]
pub enum Seen {
    /// To [`crate::Step::Send`].
    Answer(Exchange),
    /// To [`crate::Step::SendTogether`].
    Together(Vec<Exchange>),
    /// To [`crate::Step::Observe`].
    Effects(Effects),
    /// To [`crate::Step::ObserveEach`].
    Tallied(Vec<Effects>),
    /// To [`crate::Step::Set`].
    Set(Downstream),
    /// To [`crate::Step::Restart`].
    Restarted,
    /// To [`crate::Step::AdvanceClock`].
    Advanced(Duration),
    /// To [`crate::Step::Pause`].
    Paused(Duration),
    /// To [`crate::Step::InspectTls`].
    Tls(TlsFacts),
    /// To [`crate::Step::LookUp`].
    Addresses(Vec<IpAddr>),
    /// The step could not be done.
    Cannot(Need),
    /// The step was tried and went wrong; why, in a sentence fragment.
    Failed(String),
}

/// One request and what became of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The event that was delivered.
    pub event: EventName,
    /// What the request was for.
    pub intent: Intent,
    /// What was sent, with secrets and right MACs removed.
    pub sent: Sent,
    /// What came back.
    pub outcome: Outcome,
    /// When the request left, since the run began.
    pub at: Duration,
    /// From before the name was looked up to the last byte of the answer.
    pub took: Duration,
    /// Whether we kept the endpoint waiting ourselves, so that `took` says nothing of it.
    pub slowed: bool,
    /// The answer shows the MAC that would have been right, and we had not sent it.
    pub(crate) shows_mac: bool,
    /// The request bore no MAC that was right.
    pub(crate) forged: bool,
    pub(crate) rule: Acknowledgement,
    pub(crate) limit: Option<Duration>,
}

/// The part of a request that reports show.
#[derive(Clone, Debug)]
pub struct Sent {
    /// How the endpoint knows the event: its id, or its object's where the provider's events have none.
    pub id: String,
    /// One line: which event, and what is special about this delivery.
    pub summary: String,
    /// Header lines, right MACs replaced.
    pub headers: Vec<(String, String)>,
    /// The body, [`MOST_EVIDENCE`] bytes of it at most.
    pub body: Vec<u8>,
}

/// How much of a body is kept as evidence, in bytes.
pub const MOST_EVIDENCE: usize = 20_000;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A whole answer.
    Answered(Answer),
    /// We closed the connection ourselves before the answer, as the check wanted.
    Cut,
    /// No whole answer.
    Failed(Failure),
}

/// An answer as read from the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Header lines in order; bytes beyond ASCII replaced.
    pub headers: Vec<(String, String)>,
    /// The body, 20,000 bytes of it at most.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why there is no whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The name has no address, or the address no route; the system's words.
    Unreachable(String),
    /// Nothing listens there.
    Refused,
    /// The connection was not made in time.
    ConnectTimeout,
    /// The TLS handshake failed; why.
    Tls(String),
    /// The peer closed or reset the connection before a whole answer.
    Closed {
        /// Whether any byte of an answer had come.
        partial: bool,
    },
    /// The deadline passed.
    TimedOut {
        /// Whether the whole request had been written: then the event may have been processed.
        sent: bool,
    },
    /// What came was no HTTP/1.1 answer; what was wrong with it.
    NotHttp(String),
}

/// What a look at the endpoint's TLS tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFacts {
    /// The target is plain HTTP.
    Plain,
    /// A handshake was made, in TLS 1.2 or 1.3: older versions are not offered.
    Made(Handshake),
    /// The endpoint offers TLS 1.1 at best.
    Outdated,
    /// The endpoint refused the handshake, or does not speak TLS; why, in a sentence fragment.
    Refused(String),
    /// The handshake was not reached; why.
    Unreached(String),
}

/// What a TLS handshake showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// Whether chain and name hold, and why not, in a sentence fragment.
    pub trust: Result<(), String>,
    /// How long the endpoint's own certificate is still valid; nothing where that could not be read.
    pub expires_in: Option<Duration>,
}

impl Exchange {
    /// Whether the provider counts this delivery as done.
    pub fn is_acknowledged(&self) -> bool {
        self.status().is_some_and(|status| self.rule.accepts(status))
    }

    /// Whether the whole request can have reached the endpoint.
    pub fn arrived(&self) -> bool {
        match &self.outcome {
            Outcome::Answered(_)
            | Outcome::Cut
            | Outcome::Failed(Failure::Closed { .. } | Failure::NotHttp(_)) => true,
            Outcome::Failed(Failure::TimedOut { sent }) => *sent,
            Outcome::Failed(
                Failure::Unreachable(_) | Failure::Refused | Failure::ConnectTimeout | Failure::Tls(_),
            ) => false,
        }
    }

    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match &self.outcome {
            Outcome::Answered(answer) => Some(answer.status),
            Outcome::Cut | Outcome::Failed(_) => None,
        }
    }

    /// Whether the endpoint asks to come back later (429, or 503 with Retry-After).
    pub fn is_throttled(&self) -> bool {
        match &self.outcome {
            Outcome::Answered(answer) => {
                answer.status == 429 || (answer.status == 503 && answer.header("retry-after").is_some())
            }
            Outcome::Cut | Outcome::Failed(_) => false,
        }
    }

    /// The seconds of a Retry-After header, where one was sent as a number.
    pub fn retry_after(&self) -> Option<Duration> {
        let Outcome::Answered(answer) = &self.outcome else { return None };
        answer.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
    }

    /// A fragment for reports: `200`, `no answer within 30 s`.
    pub fn result(&self) -> Cow<'static, str> {
        match (&self.outcome, self.limit) {
            (Outcome::Answered(answer), _) => format!("{}", answer.status).into(),
            (Outcome::Cut, _) => "cut by us before the answer".into(),
            (Outcome::Failed(Failure::TimedOut { .. }), Some(limit)) => {
                format!("no answer within {}", crate::report::span(limit)).into()
            }
            (Outcome::Failed(failure), _) => format!("{failure}").into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(why) => write!(f, "unreachable ({why})"),
            Self::Refused => f.write_str("connection refused"),
            Self::ConnectTimeout => f.write_str("no connection in time"),
            Self::Tls(why) => write!(f, "TLS failed ({why})"),
            Self::Closed { partial: false } => f.write_str("connection closed without an answer"),
            Self::Closed { partial: true } => f.write_str("connection closed in the middle of the answer"),
            Self::TimedOut { .. } => f.write_str("no answer in time"),
            Self::NotHttp(why) => write!(f, "an answer that is not HTTP/1.1 ({why})"),
        }
    }
}
