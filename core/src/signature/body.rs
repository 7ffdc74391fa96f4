//! A MAC over the body alone: GitHub's `sha256=<hex>`, and its base64 kin. Nothing tells a replay.

use alloc::{format, string::String};

use super::{Encoding, Message, VerifyError, any_matches, base64, hex, mac::Key};

/// Judges the one MAC of the header.
pub(super) fn authenticate(
    header: &[u8],
    prefix: &str,
    encoding: Encoding,
    body: &[u8],
    keys: &[Key],
) -> Result<(), VerifyError> {
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
    any_matches(keys, &[body], &[candidate])
}

/// The value of the header that signs a message.
pub(super) fn header(key: &Key, prefix: &str, encoding: Encoding, message: &Message<'_>) -> String {
    let mac = key.mac(&[message.body]);
    match encoding {
        Encoding::Hex => format!("{prefix}{}", hex::text(&mac)),
        Encoding::Base64 => format!("{prefix}{}", base64::encode(&mac.0)),
    }
}
