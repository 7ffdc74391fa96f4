//! How the command ends: the statuses that scripts and CI rely on.

use std::{fmt, process::ExitCode};

/// The exit status of a command that did what it was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// 0: no MUST failed, or the command did its work.
    Holds,
    /// 1: a MUST failed, or a signature was refused.
    Fails,
    /// 2: the call is wrong.
    Usage,
    /// 3: no TCP connection to the endpoint.
    Unreachable,
    /// 4: the tool itself failed.
    Tool,
    /// 130: Ctrl-C.
    Interrupted,
}

impl Status {
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
