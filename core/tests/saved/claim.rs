//! Claims as JSON: the names, what is refused, and that nothing is lost.

use std::time::Duration;

use hookproof_core::{Claim, Claimed, Timestamp, Token};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

/// What a key went through.
#[derive(Clone, Debug)]
enum Act {
    Claim { owner: String, millis: u64, lease: u64, max: u32 },
    Commit { token: u64, millis: u64 },
    Release { token: u64 },
}

/// Claims with every kind of past.
pub(crate) fn claims() -> impl Strategy<Value = Claim> {
    let millis = || prop_oneof![0..100_u64, Just(1 << 40), Just(1 << 50)];
    let act = prop_oneof![
        4 => (prop_oneof!["[ab]", any::<String>()], millis(), 0..50_u64, 0..4_u32)
            .prop_map(|(owner, millis, lease, max)| Act::Claim { owner, millis, lease, max }),
        2 => (1..5_u64, millis()).prop_map(|(token, millis)| Act::Commit { token, millis }),
        1 => (1..5_u64).prop_map(|token| Act::Release { token }),
    ];
    vec(act, 0..12).prop_map(|acts| {
        let mut claim = Claim::default();
        for act in acts {
            match act {
                Act::Claim { owner, millis, lease, max } => {
                    let now = Timestamp::from_unix_millis(millis);
                    let _: Claimed = claim.claim(&owner, now, Duration::from_millis(lease), max);
                }
                Act::Commit { token, millis } => {
                    let _ = claim.commit(Token(token), Timestamp::from_unix_millis(millis), Duration::ZERO);
                }
                Act::Release { token } => {
                    let _ = claim.release(Token(token));
                }
            }
        }
        claim
    })
}

/// What a key is that `a` claimed first, as JSON.
pub(crate) fn text() -> Value {
    json!({
        "schema": 1,
        "issued": 1,
        "attempts": 1,
        "state": "processing",
        "owner": "a",
        "lease_until_millis": 31_000,
    })
}

#[test]
fn the_names_are_the_documented_ones() {
    let written = |claim: &Claim| serde_json::to_value(claim).expect("writes");
    let absent = json!({ "schema": 1, "issued": 0, "attempts": 0, "state": "absent" });
    let mut claim = Claim::default();
    assert_eq!(written(&claim), absent);

    claim.claim("a", Timestamp::from_unix_secs(1), Duration::from_secs(30), 8);
    assert_eq!(written(&claim), text());

    claim.commit(Token(1), Timestamp::from_unix_secs(1), hookproof_core::KEEP_DEFAULT).expect("its own");
    let done =
        json!({ "schema": 1, "issued": 1, "attempts": 1, "state": "done", "until_millis": 604_801_000 });
    assert_eq!(written(&claim), done);
}

#[test]
fn what_no_claim_can_be_is_refused_with_the_reason() {
    const FIELDS: &str = "the claim's state has not exactly the fields that belong to it";
    const COUNTS: &str =
        "no claim has these counts: each attempt is issued a token, and only a token gets a key";
    for (changes, message) in [
        (json!({ "schema": 0 }), "schema 0 is not known here, only schema 1"),
        (json!({ "owner": null }), FIELDS),
        (json!({ "state": "absent" }), FIELDS),
        (json!({ "state": "done", "until_millis": 1 }), FIELDS),
        (json!({ "until_millis": 1 }), FIELDS),
        (json!({ "attempts": 2 }), COUNTS),
        (json!({ "attempts": 0 }), COUNTS),
        (json!({ "issued": 0 }), COUNTS),
        (json!({ "issued": u64::MAX }), "a number beyond 2^53 - 1 is not exact in JSON"),
        (
            json!({ "state": "poisoned" }),
            "unknown variant `poisoned`, expected one of `absent`, `processing`, `done`",
        ),
    ] {
        let mut text = text();
        let members = text.as_object_mut().expect("an object");
        members.extend(changes.as_object().expect("an object").clone());
        let refused = serde_json::from_value::<Claim>(text).expect_err(message);
        assert_eq!(refused.to_string(), message);
    }
    // F34: a newer version's row is no key that nobody claimed.
    assert!(serde_json::from_value::<Claim>(json!({})).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_claim_read_again_is_the_claim(claim in claims()) {
        let text = serde_json::to_string(&claim).expect("writes");
        let read: Claim = serde_json::from_str(&text).expect("reads");
        prop_assert_eq!(read, claim, "{}", text);
    }
}
