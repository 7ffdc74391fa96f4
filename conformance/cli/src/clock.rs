//! The one place that reads the clock.

use std::time::SystemTime;

use hookproof_core::Timestamp;

/// Now, or the moment that the caller named in Unix seconds.
pub(crate) fn now_or(secs: Option<u64>) -> Timestamp {
    match secs {
        Some(secs) => Timestamp::from_unix_secs(secs),
        None => {
            let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            Timestamp::from_unix_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
        }
    }
}
