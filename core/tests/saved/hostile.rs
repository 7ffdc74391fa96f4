//! JSON that somebody else wrote, or half wrote: it is refused, or it is a sound delivery or claim.

use std::{fmt::Debug, time::Duration};

use hookproof_core::{Claim, Delivery, Next, Outcome, Timestamp, Token};
use proptest::{prelude::*, sample::Index};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{claim, delivery};

/// Values that stand where others should.
fn wrong() -> impl Strategy<Value = Value> {
    let numbers = prop_oneof![
        Just(0_u64),
        Just(1),
        Just(2),
        Just((1 << 53) - 1),
        Just(u64::from(u32::MAX)),
        Just(u64::MAX),
        any::<u64>(),
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        numbers.prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![Just("done"), Just("absent"), Just("any-2xx"), Just("timed-out"), Just("")]
            .prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([0, 0, 0])),
    ]
}

/// Puts a value somewhere, or takes one away.
fn change(value: &mut Value, at: Index, new: Option<Value>) {
    let mut places = Vec::new();
    pointers(value, String::new(), &mut places);
    let pointer = at.get(&places).clone();
    match (new, pointer.rsplit_once('/')) {
        (Some(new), _) => *value.pointer_mut(&pointer).expect("a place of it") = new,
        (None, Some((parent, name))) => match value.pointer_mut(parent) {
            Some(Value::Object(members)) => drop(members.remove(name)),
            Some(Value::Array(elements)) => drop(elements.pop()),
            _ => {}
        },
        (None, None) => *value = Value::Null,
    }
}

fn pointers(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| pointers(member, format!("{pointer}/{name}"), found));
        }
        Value::Array(elements) => {
            elements
                .iter()
                .enumerate()
                .for_each(|(at, element)| pointers(element, format!("{pointer}/{at}"), found));
        }
        _ => {}
    }
    found.push(pointer);
}

/// What was read is written as what reads the same.
fn settles<T: Serialize + DeserializeOwned + PartialEq + Debug>(read: &T) -> Result<(), TestCaseError> {
    let text = serde_json::to_string(read).expect("writes");
    prop_assert_eq!(&serde_json::from_str::<T>(&text).expect("reads what it wrote"), read);
    Ok(())
}

fn changes() -> impl Strategy<Value = Vec<(Index, Option<Value>)>> {
    proptest::collection::vec((any::<Index>(), proptest::option::weighted(0.8, wrong())), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_changed_delivery_is_refused_or_sound(
        delivery in delivery::deliveries(), changes in changes(), now in any::<u64>(),
    ) {
        let mut text = serde_json::to_value(delivery).expect("writes");
        changes.into_iter().for_each(|(at, new)| change(&mut text, at, new));
        let Ok(mut read) = serde_json::from_value::<Delivery>(text) else { return Ok(()) };
        settles(&read)?;
        let now = Timestamp::from_unix_millis(now);
        let before = read.next(now);
        if let Next::Send { attempt, .. } = before {
            let _ = read.record(attempt, now, Outcome::TimedOut);
            prop_assert_ne!(read.next(now), before);
        }
        read.resend();
        let sends = matches!(read.next(now), Next::Send { .. });
        prop_assert!(sends);
    }

    #[test]
    fn a_changed_claim_is_refused_or_sound(
        claim in claim::claims(), changes in changes(), now in any::<u64>(), token in any::<u64>(),
    ) {
        let mut text = serde_json::to_value(claim).expect("writes");
        changes.into_iter().for_each(|(at, new)| change(&mut text, at, new));
        let Ok(mut read) = serde_json::from_value::<Claim>(text) else { return Ok(()) };
        settles(&read)?;
        let now = Timestamp::from_unix_millis(now);
        read.claim("b", now, Duration::from_secs(1), 8);
        let _ = read.release(Token(token));
        let _ = read.commit(Token(token), now, Duration::MAX);
    }
}

#[test]
fn most_changes_are_refused_and_some_are_not() {
    let mut texts = [delivery::text(), claim::text()];
    assert!(serde_json::from_value::<Delivery>(texts[0].clone()).is_ok());
    assert!(serde_json::from_value::<Claim>(texts[1].clone()).is_ok());
    texts[0]["due_millis"] = json!(0);
    texts[1]["lease_until_millis"] = json!(0);
    assert!(serde_json::from_value::<Delivery>(texts[0].clone()).is_ok(), "an earlier moment is a moment");
    assert!(
        serde_json::from_value::<Claim>(texts[1].clone()).is_ok(),
        "F16: no lease left is an ended lease"
    );
}
