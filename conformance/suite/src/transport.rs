//! How a request must travel, where that is not the ordinary way.

use core::time::Duration;

/// How a request must travel; a driver that cannot do it answers [`crate::Told::Cannot`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transport {
    /// Keep and reuse the connection of this lane. Lanes are numbered within a check.
    pub lane: Option<(u16, u8)>,
    /// Close the connection without reading, once the request has been written.
    pub cut_before_answer: bool,
    /// How long after the last byte was written it is closed.
    pub cut_after: Duration,
    /// How long after the others of its batch it is written.
    pub delay: Duration,
    /// How the body's length is told.
    pub framing: Framing,
    /// How fast the body is written.
    pub pace: Pace,
    /// Where the writing ends too early.
    pub stop: Option<Stop>,
    /// How long to wait for the answer at the most, where the limit of the run is too long.
    pub patience: Option<Duration>,
}

/// How the length of a body is told (RFC 9112, section 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// `content-length`, as it is.
    #[default]
    Length,
    /// `content-length` that announces this many bytes more than there are.
    Beyond(usize),
    /// `transfer-encoding: chunked`, in several chunks.
    Chunked,
    /// The same, but in place of the last chunk's size stands something that is no number.
    BadChunk,
}

/// How fast a body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// With the head, as fast as it goes.
    #[default]
    AtOnce,
    /// In two parts, the second 50 ms after the first, which ends at this byte.
    SplitAt(usize),
    /// The head alone, and then this many parts of about the same length with a pause before each.
    Dripped {
        /// At least one.
        parts: u16,
        /// Before each part.
        pause: Duration,
    },
}

/// Where the writing of a body ends before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// How many bytes of the body, as it is framed, are written.
    pub at: usize,
    /// What follows.
    pub then: Then,
}

/// What follows a body that was not written to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Our half of the connection is closed, and the answer is read.
    HalfClose,
    /// Nothing for this long, or until everything that was sent together with it and is not held itself is over;
    /// then the connection is closed, and no answer is read.
    Hold(Duration),
}

impl Transport {
    /// Whether we kept the endpoint waiting for the request's end ourselves, so that the time of its answer says
    /// nothing.
    pub fn is_slowed(&self) -> bool {
        self.stop.is_some() || matches!(self.pace, Pace::Dripped { .. })
    }

    /// For how long the connection is held at most, if the request is never to end.
    pub fn hold(&self) -> Option<Duration> {
        match self.stop {
            Some(Stop { then: Then::Hold(time), .. }) => Some(time),
            _ => None,
        }
    }

    /// Whether the request is no whole HTTP message.
    pub fn is_broken(&self) -> bool {
        self.stop.is_some() || matches!(self.framing, Framing::Beyond(_) | Framing::BadChunk)
    }

    /// From the head to the last byte of the body.
    pub fn writing_time(&self) -> Duration {
        match self.pace {
            Pace::AtOnce => Duration::ZERO,
            Pace::SplitAt(_) => SPLIT_PAUSE,
            Pace::Dripped { parts, pause } => pause.saturating_mul(u32::from(parts)),
        }
    }
}

/// Long enough that the two parts do not arrive as one, short beside any limit.
pub const SPLIT_PAUSE: Duration = Duration::from_millis(50);
