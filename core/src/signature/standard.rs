//! The Standard Webhooks construction: `v1,<base64>` over `<id>.<timestamp>.<body>`.

use super::{Candidates, ConfigError, Draft, Encoding, SignedHeaders, VerifyError, seconds};

/// Reads the headers.
///
/// Tokens stand between single spaces, their version before the first comma; only `v1` counts. An id with a dot
/// is refused, because the text that is signed could be read in two ways.
pub(super) fn read(id: &[u8], timestamp: &[u8], signatures: &[u8]) -> Result<SignedHeaders, VerifyError> {
    if !is_sound(id) {
        return Err(VerifyError::MalformedHeader("the message's id is empty or has a dot in it"));
    }
    let Some(signed_at) = seconds(timestamp) else {
        return Err(VerifyError::MalformedHeader("the timestamp is not a whole number of Unix seconds"));
    };
    let mut candidates = Candidates::default();
    for token in signatures.split(|byte| *byte == b' ') {
        if let Some(value) = token.strip_prefix(b"v1,") {
            candidates.offer(Encoding::Base64, value);
        }
    }
    Ok(SignedHeaders {
        signed_at: Some(signed_at),
        before: [id, b".", timestamp, b"."].concat(),
        candidates: candidates.some("the signature header has no v1 signature of 32 bytes in base64")?,
    })
}

/// What is signed before a body, and what its header's value is before the MAC.
pub(super) fn draft(id: &str, at: &str) -> Result<Draft, ConfigError> {
    if !is_sound(id.as_bytes()) || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ConfigError::UnsignableId);
    }
    let before = [id, ".", at, "."].concat().into();
    Ok(Draft { before, value: "v1,".into(), encoding: Encoding::Base64 })
}

fn is_sound(id: &[u8]) -> bool {
    !id.is_empty() && !id.contains(&b'.')
}
