//! What happens to a merchant.

/// Names a request; the driver chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Names a downstream call; the merchant chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub(super) u64);

/// Names a timer; the merchant chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerId(pub(super) u64);

/// A whole request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// `POST`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Header lines, spelled as they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// How many bytes of the body came in its first piece.
    pub first_read: usize,
    /// How many requests came on its connection before it.
    pub earlier: usize,
    /// The body, or its framing, ended otherwise than it should; what came is there.
    pub is_broken: bool,
}

/// What happens to a merchant.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// The head of a request is there. What follows is [`Input::Request`], or [`Input::Disconnected`].
    Head(RequestId),
    /// A request is complete.
    Request {
        /// Its name.
        id: RequestId,
        /// The request.
        request: &'a Incoming,
    },
    /// A downstream call is over, with this status if it was answered.
    Called {
        /// Which call.
        call: CallId,
        /// The status.
        status: Option<u16>,
    },
    /// The time of [`Output::Wake`](super::Output::Wake) has passed.
    Timer(TimerId),
    /// The client hung up before its answer.
    Disconnected(RequestId),
    /// The process ended, as in a crash, and runs again. What was asked for before is lost: calls, timers
    /// and requests.
    Restarted,
}
