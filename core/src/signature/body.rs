//! A MAC over the body alone: GitHub's `sha256=<hex>`, and its base64 kin. Nothing tells a replay.

use alloc::{format, string::String, vec};

use super::{Claim, Encoding, Message, VerifyError, base64, hex, mac::Key};

/// Reads the header: one MAC, and no time.
pub(super) fn read<'v>(header: &'v [u8], prefix: &str, encoding: Encoding) -> Result<Claim<'v>, VerifyError> {
    let Some(value) = header.strip_prefix(prefix.as_bytes()) else {
        return Err(VerifyError::MalformedHeader(
            "the signature header does not begin as this scheme's does",
        ));
    };
    let candidate = match encoding {
        Encoding::Hex => hex::mac(value),
        Encoding::Base64 => base64::mac(value),
    };
    let Some(candidate) = candidate else {
        return Err(VerifyError::MalformedHeader("the signature is not 32 bytes in this scheme's spelling"));
    };
    Ok(Claim { signed_at: None, before: [b""; 4], candidates: vec![candidate] })
}

/// The value of the header that signs a message.
pub(super) fn header(key: &Key, prefix: &str, encoding: Encoding, message: &Message<'_>) -> String {
    let mac = key.mac(&[message.body]);
    match encoding {
        Encoding::Hex => format!("{prefix}{}", hex::encode(&mac.0)),
        Encoding::Base64 => format!("{prefix}{}", base64::encode(&mac.0)),
    }
}
