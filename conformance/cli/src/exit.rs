//! How the command ends: the statuses that scripts and CI rely on.

use std::{fmt, process::ExitCode};

/// The exit status of a command that did what it was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Holds,
    Fails,
    Usage,
    Unreachable,
    Tool,
    Interrupted,
}

impl Status {
    /// Every status, in the order of their numbers.
    pub(crate) const ALL: [Self; 6] =
        [Self::Holds, Self::Fails, Self::Usage, Self::Unreachable, Self::Tool, Self::Interrupted];

    /// What it tells the caller.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Holds => "no MUST failed, or the command did what it was asked to do",
            Self::Fails => "a MUST failed, no event was acknowledged, or a signature was refused",
            Self::Usage => "the call is wrong",
            Self::Unreachable => "no connection to the endpoint could be made",
            Self::Tool => "the tool itself failed: a file that cannot be written, a port that cannot be had",
            Self::Interrupted => "interrupted with Ctrl-C or SIGTERM; what was known by then is told",
        }
    }

    /// The status that the system knows by this number.
    pub(crate) fn of(code: u8) -> Self {
        Self::ALL.into_iter().find(|status| status.code() == code).unwrap_or(Self::Tool)
    }

    /// As the system knows it.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Holds => 0,
            Self::Fails => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Tool => 4,
            Self::Interrupted => 130,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status.code())
    }
}

/// Why a command could not do what it was asked to do. Each text says what was wrong and what to do.
#[derive(Debug)]
pub(crate) enum Error {
    /// The call is wrong.
    Usage(String),
    /// No TCP connection to the endpoint.
    Unreachable(String),
    /// The tool itself failed: a file that cannot be written, a port that cannot be had.
    Tool(String),
}

impl Error {
    pub(crate) fn status(&self) -> Status {
        match self {
            Self::Usage(_) => Status::Usage,
            Self::Unreachable(_) => Status::Unreachable,
            Self::Tool(_) => Status::Tool,
        }
    }

    /// An error of the call, from anything that can say what is wrong.
    pub(crate) fn usage(what: impl fmt::Display) -> Self {
        Self::Usage(what.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(what) | Self::Unreachable(what) | Self::Tool(what) => f.write_str(what),
        }
    }
}
