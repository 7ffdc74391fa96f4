//! One effect for each event: its key, and the life of that key.

mod claim;

use alloc::{format, string::String};

use sha2::{Digest, Sha256};

pub use self::claim::{Claim, Claimed, KEEP_DEFAULT, KEEP_MINIMUM, LeaseLost, Token};
use crate::{Event, KeyRule, Provider, scan::decoded};

/// The key under which an event is claimed: the same for every delivery of it, another for every other event.
/// It is scoped by provider and endpoint, because two providers may use one id.
///
/// Parts stand between colons, and what could be mistaken for one is percent-encoded, so no id can forge the key
/// of another event or reach outside it in a store. Parts of more than 200 bytes are hashed.
pub fn idempotency_key(provider: &Provider, endpoint: &str, event: &Event<'_>) -> String {
    let mut key = format!("{}:{}", part(&provider.name), part(endpoint));
    match (&provider.key, event.id()) {
        (KeyRule::EventId, Some(id)) => push(&mut key, id),
        (KeyRule::EventId, None) => key.push_str(&body_hash(event)),
        (KeyRule::Derived(pointers), _) => {
            push(&mut key, event.kind());
            let id = provider.shape.object_id.as_deref().and_then(|pointer| event.field(pointer));
            if id.is_none_or(|id| matches!(id, b"null" | b"\"\"")) {
                key.push_str(&body_hash(event));
                return key;
            }
            for pointer in pointers.iter() {
                key.push(':');
                match event.field(pointer) {
                    None => {}
                    // A text and the number that looks like it are different values.
                    Some(raw) => match decoded(raw) {
                        Some(text) => key.push_str(&format!("={}", part(&text))),
                        None => key.push_str(&part(&String::from_utf8_lossy(raw))),
                    },
                }
            }
        }
    }
    key
}

fn push(key: &mut String, text: &str) {
    key.push(':');
    key.push_str(&part(text));
}

/// A text without colons: other than letters, digits, `.`, `_`, `-` and `/` are percent-encoded.
fn part(text: &str) -> String {
    if text.len() > LONGEST_PART {
        return format!("%sha256-{}", hex(&Sha256::digest(text.as_bytes())));
    }
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02x}"));
        }
    }
    encoded
}

fn body_hash(event: &Event<'_>) -> String {
    format!(":%sha256-{}", hex(&Sha256::digest(event.body())))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const LONGEST_PART: usize = 200;
