//! Why a URL is no endpoint.

use alloc::string::String;
use core::fmt;

/// Why a URL is no endpoint, with what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// No `http://` or `https://` in front.
    NoScheme,
    /// Another scheme.
    OtherScheme(String),
    /// A name or password before the host.
    Credentials,
    /// A `#` part, which is never sent.
    Fragment,
    /// A character that must be percent-encoded or cannot stand in a URL.
    ForbiddenCharacter(char),
    /// No host.
    NoHost,
    /// A host that is no name and no address.
    BadHost(String),
    /// A host with letters beyond ASCII.
    NonAsciiHost(String),
    /// A port that is not a number from 1 to 65535.
    BadPort,
    /// Plain HTTP to another machine (TT-9).
    PlainHttp,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoScheme => f.write_str("begins with neither http:// nor https://"),
            Self::OtherScheme(scheme) => {
                write!(
                    f,
                    "has the scheme \"{}\"; only http and https are delivered to",
                    scheme.escape_debug()
                )
            }
            Self::Credentials => f.write_str("has a name or password in it; providers do not send one"),
            Self::Fragment => f.write_str("has a # part, which is never sent; leave it out"),
            Self::ForbiddenCharacter(letter) => {
                write!(f, "has the character {letter:?} in it; percent-encode it or leave it out")
            }
            Self::NoHost => f.write_str("names no host"),
            Self::BadHost(host) => {
                write!(f, "has a host that is no name and no address: \"{}\"", host.escape_debug())
            }
            Self::NonAsciiHost(host) => {
                write!(f, "has a host beyond ASCII: \"{}\"; write its xn-- form", host.escape_debug())
            }
            Self::BadPort => f.write_str("has a port that is not a number from 1 to 65535"),
            Self::PlainHttp => {
                f.write_str("is plain HTTP, which providers take for this machine only; use https")
            }
        }
    }
}

impl core::error::Error for UrlError {}
