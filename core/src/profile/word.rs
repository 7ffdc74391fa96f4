//! The words of a profile: each with what it means, for the reader and the writer alike.

use crate::{Encoding, TimeFormat};

/// For [`crate::Acknowledgement::AnySuccess`].
pub(super) const ANY_SUCCESS: &str = "any-2xx";

/// For [`crate::Retries::Never`].
pub(super) const NEVER: &str = "never";

/// For [`crate::Retries::Unspecified`].
pub(super) const UNSPECIFIED: &str = "unspecified";

/// For [`crate::KeyRule::EventId`].
pub(super) const EVENT_ID: &str = "event-id";

/// For [`crate::Scheme::Timestamped`].
pub(super) const TIMESTAMPED: &str = "timestamped";

/// For [`crate::Scheme::Standard`].
pub(super) const STANDARD: &str = "standard";

/// For [`crate::Scheme::Body`].
pub(super) const BODY: &str = "body";

pub(super) const fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Hex => "hex",
        Encoding::Base64 => "base64",
    }
}

pub(super) const fn time_format(format: TimeFormat) -> &'static str {
    match format {
        TimeFormat::UnixSecs => "unix-seconds",
        TimeFormat::Rfc3339 => "rfc3339",
    }
}
