//! One idempotency key, kept by the caller as JSON between the calls.

use std::time::Duration;

use hookproof_core::{Claim, Claimed, KEEP_DEFAULT, LeaseLost, Timestamp, Token};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{answer, kept};
use crate::failure::Failure;

/// Claims the key: `{"owner": "a", "now_millis": 0, "lease_millis": 30000, "max": 8}`, and behind it the claim, or
/// nothing for a key that nobody claimed.
#[wasm_bindgen]
pub fn claim_claim(request: usize, end: usize) -> i32 {
    answer(request, end, |asked: Asked, text| {
        let mut claim = read(text)?;
        let now = Timestamp::from_unix_millis(asked.now_millis);
        let lease = Duration::from_millis(asked.lease_millis);
        let answer = match claim.claim(&asked.owner, now, lease, asked.max) {
            Claimed::Acquired { token: Token(token), attempt } => Answer::Acquired { token, attempt },
            Claimed::Busy { retry_after } => {
                // It was a number of milliseconds, less another.
                let left = u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX);
                Answer::Busy { retry_after_millis: left }
            }
            Claimed::Done => Answer::Done,
            Claimed::Poisoned => Answer::Poisoned,
        };
        Ok(Told { answer, claim })
    })
}

/// The effect is done: `{"token": 1, "now_millis": 1000, "keep_millis": 604800000}`, and behind it the claim. Without
/// `keep_millis`, the default counts.
#[wasm_bindgen]
pub fn claim_commit(request: usize, end: usize) -> i32 {
    answer(request, end, |asked: Commit, text| {
        let mut claim = read(text)?;
        let now = Timestamp::from_unix_millis(asked.now_millis);
        let keep = asked.keep_millis.map_or(KEEP_DEFAULT, Duration::from_millis);
        let kept = claim.commit(Token(asked.token), now, keep);
        Ok(Told { answer: Held::from(kept), claim })
    })
}

/// The effect failed: `{"token": 1}`, and behind it the claim.
#[wasm_bindgen]
pub fn claim_release(request: usize, end: usize) -> i32 {
    answer(request, end, |Release { token }, text| {
        let mut claim = read(text)?;
        let released = claim.release(Token(token));
        Ok(Told { answer: Held::from(released), claim })
    })
}

fn read(text: &[u8]) -> Result<Claim, Failure> {
    if text.is_empty() { Ok(Claim::default()) } else { kept(text) }
}

#[derive(Deserialize)]
struct Asked {
    owner: String,
    now_millis: u64,
    lease_millis: u64,
    max: u32,
}

#[derive(Deserialize)]
struct Commit {
    token: u64,
    now_millis: u64,
    keep_millis: Option<u64>,
}

#[derive(Deserialize)]
struct Release {
    token: u64,
}

/// What was answered, and the claim as it is now.
#[derive(Serialize)]
struct Told<T> {
    answer: T,
    claim: Claim,
}

#[derive(Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
enum Answer {
    Acquired { token: u64, attempt: u32 },
    Busy { retry_after_millis: u64 },
    Done,
    Poisoned,
}

/// Whether the token still held; otherwise why not, in a sentence.
#[derive(Serialize)]
struct Held {
    #[serde(skip_serializing_if = "Option::is_none")]
    lease_lost: Option<String>,
}

impl From<Result<(), LeaseLost>> for Held {
    fn from(result: Result<(), LeaseLost>) -> Self {
        Self { lease_lost: result.err().map(|lost| lost.to_string()) }
    }
}
