//! Wycheproof's vectors for HMAC-SHA-256, with its truncated and modified tags.
//!
//! Its keys are any bytes and its messages stand alone, and no construction takes both: a secret is a text, or the
//! message has an id and a time in front. So the files that make and read a MAC are compiled in here as they are.

extern crate alloc;

#[path = "../src/signature/hex.rs"]
mod hex;
#[path = "../src/signature/mac.rs"]
mod mac;
#[path = "../src/sha256.rs"]
mod sha256;

use mac::Key;
use wycheproof::{
    TestResult,
    mac::{TestName, TestSet},
};

/// Whether a tag, written in hexadecimal as in a header, is taken for the MAC of a message.
fn accepts(key: &[u8], message: &[u8], tag: &[u8]) -> bool {
    let written: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    hex::mac(written.as_bytes()).is_some_and(|claimed| Key::new(key).mac(&[message]).is_among(&[claimed]))
}

#[test]
fn every_vector_is_judged_right_and_truncated_tags_are_refused() {
    let set = TestSet::load(TestName::HmacSha256).expect("the vectors");
    let (mut accepted, mut truncated, mut refused) = (0, 0, 0);
    for group in &set.test_groups {
        for vector in &group.tests {
            let (key, message, tag) = (&vector.key, &vector.msg, &vector.tag);
            let right = vector.result != TestResult::Invalid && group.tag_size == 256;
            assert_eq!(accepts(key, message, tag), right, "vector {}: {}", vector.tc_id, vector.comment);
            match (right, vector.result) {
                (true, _) => accepted += 1,
                (false, TestResult::Invalid) => refused += 1,
                (false, _) => truncated += 1,
            }
        }
    }
    assert_eq!(accepted + truncated + refused, 174);
    assert!(accepted > 0 && truncated > 0 && refused > 0, "{accepted} {truncated} {refused}");
}

#[test]
fn the_mac_that_we_write_is_the_tag_and_parts_are_one_message() {
    let set = TestSet::load(TestName::HmacSha256).expect("the vectors");
    for group in set.test_groups.iter().filter(|group| group.tag_size == 256) {
        for vector in group.tests.iter().filter(|vector| vector.result != TestResult::Invalid) {
            let tag: String = vector.tag.iter().map(|byte| format!("{byte:02x}")).collect();
            let key = Key::new(&vector.key);
            let (front, back) = vector.msg.split_at(vector.msg.len() / 2);
            assert_eq!(hex::encode(&key.mac(&[front, b"", back]).0), tag, "vector {}", vector.tc_id);
        }
    }
}

#[test]
fn a_key_never_shows_itself() {
    assert_eq!(format!("{:?}", Key::new(b"whsec_shop")), "Key(…)");
}
