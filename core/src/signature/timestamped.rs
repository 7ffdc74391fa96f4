//! `t=<unix seconds>,v1=<hex>` over `<t>.<body>`: Stripe's construction, and our reading of TurraTech's (TT-7).

use super::{Candidates, Draft, Encoding, SignedHeaders, VerifyError, seconds};

/// Reads the header.
///
/// Items stand between commas, their names before the first `=`, and nothing is trimmed. Exactly one `t` is needed.
/// A `v1` that is not 64 lower-case hexadecimal digits is skipped; items of other names, and those without
/// `=`, are ignored, because a provider may add some.
pub(super) fn read(header: &[u8]) -> Result<SignedHeaders, VerifyError> {
    let mut timestamp: Option<&[u8]> = None;
    let mut candidates = Candidates::default();
    for item in header.split(|byte| *byte == b',') {
        match item {
            [b't', b'=', ..] if timestamp.is_some() => {
                return Err(VerifyError::MalformedHeader("the signature header has two timestamps"));
            }
            [b't', b'=', value @ ..] => timestamp = Some(value),
            [b'v', b'1', b'=', value @ ..] => candidates.offer(Encoding::Hex, value),
            _ => {}
        }
    }
    let Some(timestamp) = timestamp else {
        return Err(VerifyError::MalformedHeader("the signature header has no timestamp (t=)"));
    };
    let Some(signed_at) = seconds(timestamp) else {
        return Err(VerifyError::MalformedHeader("the timestamp (t=) is not a whole number of Unix seconds"));
    };
    Ok(SignedHeaders {
        signed_at: Some(signed_at),
        before: [timestamp, b"."].concat(),
        candidates: candidates
            .some("the signature header has no v1 signature of 64 lower-case hex digits")?,
    })
}

/// What is signed before a body, and what its header's value is before the MAC.
pub(super) fn draft(at: &str) -> Draft {
    Draft { before: [at, "."].concat().into(), value: ["t=", at, ",v1="].concat(), encoding: Encoding::Hex }
}
