//! A MAC over the body alone: GitHub's `sha256=<hex>`, and its base64 kin. Nothing tells a replay.

use alloc::{vec, vec::Vec};

use super::{Draft, Encoding, SignedHeaders, VerifyError};

/// Reads the header: one MAC, and no time.
pub(super) fn read(header: &[u8], prefix: &str, encoding: Encoding) -> Result<SignedHeaders, VerifyError> {
    let Some(value) = header.strip_prefix(prefix.as_bytes()) else {
        return Err(VerifyError::MalformedHeader(
            "the signature header does not begin as this scheme's does",
        ));
    };
    let Some(candidate) = encoding.mac(value) else {
        return Err(VerifyError::MalformedHeader("the signature is not 32 bytes in this scheme's spelling"));
    };
    Ok(SignedHeaders { signed_at: None, before: Vec::new(), candidates: vec![candidate] })
}

/// What is signed before a body, and what its header's value is before the MAC.
pub(super) fn draft(prefix: &str, encoding: Encoding) -> Draft {
    Draft { before: Vec::new(), value: prefix.into(), encoding }
}
