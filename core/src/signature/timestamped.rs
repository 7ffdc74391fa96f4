//! `t=<unix seconds>,v1=<hex>` over `<t>.<body>`: Stripe's construction, and our reading of TurraTech's (TT-7).

use alloc::{format, string::String, vec::Vec};

use super::{
    Claim, MOST_CANDIDATES, Message, VerifyError, hex,
    mac::{Key, Mac},
    seconds,
};

/// Reads the header.
///
/// Items stand between commas, their names before the first `=`, and nothing is trimmed. Exactly one `t` is needed.
/// A `v1` that is not 64 lower-case hexadecimal digits is skipped; items of other names, and those without
/// `=`, are ignored, because a provider may add some.
pub(super) fn read(header: &[u8]) -> Result<Claim<'_>, VerifyError> {
    let mut timestamp: Option<&[u8]> = None;
    let mut candidates: Vec<Mac> = Vec::new();
    let mut offered: usize = 0;
    for item in header.split(|byte| *byte == b',') {
        let mut halves = item.splitn(2, |byte| *byte == b'=');
        let (Some(name), Some(value)) = (halves.next(), halves.next()) else { continue };
        match name {
            b"t" if timestamp.is_some() => {
                return Err(VerifyError::MalformedHeader("the signature header has two timestamps"));
            }
            b"t" => timestamp = Some(value),
            b"v1" => {
                offered = offered.saturating_add(1);
                candidates.extend(hex::mac(value));
            }
            _ => {}
        }
    }
    let Some(timestamp) = timestamp else {
        return Err(VerifyError::MalformedHeader("the signature header has no timestamp (t=)"));
    };
    let Some(signed_at) = seconds(timestamp) else {
        return Err(VerifyError::MalformedHeader("the timestamp (t=) is not a whole number of Unix seconds"));
    };
    if offered > MOST_CANDIDATES {
        return Err(VerifyError::TooManyCandidates);
    }
    if candidates.is_empty() {
        return Err(VerifyError::MalformedHeader(
            "the signature header has no v1 signature of 64 lower-case hex digits",
        ));
    }
    Ok(Claim { signed_at: Some(signed_at), before: [timestamp, b".", b"", b""], candidates })
}

/// The value of the header that signs a message.
pub(super) fn header(key: &Key, message: &Message<'_>) -> String {
    let timestamp = format!("{}", message.at.as_unix_secs());
    let mac = key.mac(&[timestamp.as_bytes(), b".", message.body]);
    format!("t={timestamp},v1={}", hex::encode(&mac.0))
}
