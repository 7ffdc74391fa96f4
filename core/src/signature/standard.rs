//! The Standard Webhooks construction: `v1,<base64>` over `<id>.<timestamp>.<body>`.

use alloc::{format, string::String, vec::Vec};

use super::{
    Claim, ConfigError, MOST_CANDIDATES, Message, VerifyError, base64,
    mac::{Key, Mac},
    seconds,
};

/// Reads the headers.
///
/// Tokens stand between single spaces, their version before the first comma; only `v1` counts. An id with a dot
/// is refused, because the text that is signed could be read in two ways.
pub(super) fn read<'v>(
    id: &'v [u8],
    timestamp: &'v [u8],
    signatures: &'v [u8],
) -> Result<Claim<'v>, VerifyError> {
    if !is_sound(id) {
        return Err(VerifyError::MalformedHeader("the message's id is empty or has a dot in it"));
    }
    let Some(signed_at) = seconds(timestamp) else {
        return Err(VerifyError::MalformedHeader("the timestamp is not a whole number of Unix seconds"));
    };
    let mut candidates: Vec<Mac> = Vec::new();
    let mut offered: usize = 0;
    for token in signatures.split(|byte| *byte == b' ') {
        if let Some(value) = token.strip_prefix(b"v1,") {
            offered = offered.saturating_add(1);
            candidates.extend(base64::mac(value));
        }
    }
    if offered > MOST_CANDIDATES {
        return Err(VerifyError::TooManyCandidates);
    }
    if candidates.is_empty() {
        return Err(VerifyError::MalformedHeader(
            "the signature header has no v1 signature of 32 bytes in base64",
        ));
    }
    Ok(Claim { signed_at: Some(signed_at), before: [id, b".", timestamp, b"."], candidates })
}

/// The value of the signature's header for a message.
pub(super) fn header(key: &Key, message: &Message<'_>) -> Result<String, ConfigError> {
    let id = message.id.as_bytes();
    if !is_sound(id) || !id.iter().all(u8::is_ascii_graphic) {
        return Err(ConfigError::UnsignableId);
    }
    let timestamp = format!("{}", message.at.as_unix_secs());
    let mac = key.mac(&[id, b".", timestamp.as_bytes(), b".", message.body]);
    Ok(format!("v1,{}", base64::encode(&mac.0)))
}

fn is_sound(id: &[u8]) -> bool {
    !id.is_empty() && !id.contains(&b'.')
}
