//! One effect for each event: its key, and the life of that key.

mod claim;

use alloc::string::String;

pub use self::claim::{Claim, Claimed, KEEP_DEFAULT, KEEP_MINIMUM, LeaseLost, Token};
use crate::{Event, KeyRule, Provider, scan::decoded, sha256::Sha256, signature::hex};

/// The key under which an event is claimed: the same for every delivery of it, another for every other event.
/// It is scoped by provider and endpoint, because two providers may use one id.
///
/// Parts stand between colons, and what could be mistaken for one is percent-encoded, so no id can forge the key
/// of another event or reach outside it in a store. Parts of more than 200 bytes are hashed.
pub fn idempotency_key(provider: &Provider, endpoint: &str, event: &Event<'_>) -> String {
    let mut key = part(&provider.name);
    push(&mut key, endpoint);
    match (&provider.key, event.id()) {
        (KeyRule::EventId, Some(id)) => push(&mut key, id),
        (KeyRule::EventId, None) => push_body(&mut key, event),
        (KeyRule::Derived(pointers), _) => {
            push(&mut key, event.kind());
            let id = provider.shape.object_id.as_deref().and_then(|pointer| event.field(pointer));
            if id.is_none_or(|id| matches!(id, b"null" | b"\"\"")) {
                push_body(&mut key, event);
                return key;
            }
            for pointer in pointers.iter() {
                key.push(':');
                match event.field(pointer) {
                    None => {}
                    // A text and the number that looks like it are different values.
                    Some(raw) => match decoded(raw) {
                        Some(text) => {
                            key.push('=');
                            key.push_str(&part(&text));
                        }
                        None => key.push_str(&part(core::str::from_utf8(raw).unwrap_or_default())),
                    },
                }
            }
        }
    }
    key
}

fn push_body(key: &mut String, event: &Event<'_>) {
    key.push(':');
    key.push_str(&hashed(event.body()));
}

fn push(key: &mut String, text: &str) {
    key.push(':');
    key.push_str(&part(text));
}

/// A text without colons: other than letters, digits, `.`, `_`, `-` and `/` are percent-encoded.
fn part(text: &str) -> String {
    if text.len() > LONGEST_PART {
        return hashed(text.as_bytes());
    }
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&hex::encode(&[byte]));
        }
    }
    encoded
}

fn hashed(bytes: &[u8]) -> String {
    ["%sha256-", &hex::encode(&Sha256::of(bytes))].concat()
}

const LONGEST_PART: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::At;

    /// A profile may promise ids and then not say where they stand.
    #[test]
    fn an_event_without_the_id_that_its_rule_wants_is_told_by_its_body() {
        let mut provider = Provider::built_in("turratech").expect("built in").clone();
        provider.shape.id = At::Nowhere;
        let key = |body: &[u8]| {
            let event = Event::parse(&provider.shape, &[], body).expect("an event");
            idempotency_key(&provider, "shop", &event)
        };
        let body = br#"{"id":"evt_1","type":"a","data":{"object":{}}}"#;
        let hash = "e13c43030cb4e3fabf53ce517abd1c395cae4cc8f463aa6ed30d8c313c7c43c3";
        assert_eq!(key(body), alloc::format!("turratech:shop:%sha256-{hash}"));
        assert_ne!(key(body), key(br#"{"id":"evt_2","type":"a","data":{"object":{}}}"#));
    }
}
