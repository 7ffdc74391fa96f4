//! Deliveries as JSON: the names, what is refused, and that nothing is lost.

use std::time::Duration;

use hookproof_core::{Acknowledgement, Delivery, Jitter, Outcome, Recorded, RetrySchedule, Timestamp};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

const START: Timestamp = Timestamp::from_unix_secs(1_704_067_200);

/// What a delivery went through.
#[derive(Clone, Debug)]
enum Act {
    Record { off: u32, outcome: Outcome, millis: u64 },
    Resend,
    Jitter(i32),
}

/// Deliveries with every kind of past, all of whose moments JSON holds.
pub(crate) fn deliveries() -> impl Strategy<Value = Delivery> {
    let outcome = prop_oneof![
        3 => Just(Outcome::Answered(500)),
        1 => any::<u16>().prop_map(Outcome::Answered),
        1 => Just(Outcome::TimedOut),
        1 => Just(Outcome::Unreachable),
    ];
    let act = prop_oneof![
        6 => (prop_oneof![9 => Just(0_u32), 1 => 1..3_u32], outcome, 0..100_000_000_u64)
            .prop_map(|(off, outcome, millis)| Act::Record { off, outcome, millis }),
        1 => Just(Act::Resend),
        1 => (-200..=200).prop_map(Act::Jitter),
    ];
    let rule =
        prop_oneof![Just(Acknowledgement::AnySuccess), (100..600_u16).prop_map(Acknowledgement::Exactly),];
    (vec(0..50_000_000_u64, 0..6), 0..100_000_u64, rule, vec(act, 0..12)).prop_map(
        |(delays, limit, rule, acts)| {
            let schedule = RetrySchedule::new(delays.into_iter().map(Duration::from_millis).collect());
            let mut delivery = Delivery::new(schedule, Duration::from_millis(limit), rule, START);
            for act in acts {
                match act {
                    Act::Resend => delivery.resend(),
                    Act::Jitter(share) => delivery.set_jitter(Jitter::per_mille(share).expect("within")),
                    Act::Record { off, outcome, millis } => {
                        let awaited = u32::try_from(delivery.log().len()).expect("few") + 1;
                        let _ = delivery.record(awaited + off, Timestamp::from_unix_millis(millis), outcome);
                    }
                }
            }
            delivery
        },
    )
}

fn started() -> Delivery {
    let schedule = RetrySchedule::new(vec![Duration::from_secs(300), Duration::from_secs(1_800)]);
    let mut delivery = Delivery::new(schedule, Duration::from_secs(30), Acknowledgement::AnySuccess, START);
    assert_eq!(delivery.record(1, START, Outcome::Answered(500)), Recorded::Applied);
    delivery
}

/// What a started delivery is, as JSON.
pub(crate) fn text() -> Value {
    json!({
        "schema": 1,
        "delays_millis": [300_000, 1_800_000],
        "time_limit_millis": 30_000,
        "acknowledgement": "any-2xx",
        "jitter_per_mille": 0,
        "due_millis": 1_704_067_500_000_u64,
        "resending": false,
        "log": [{ "number": 1, "ended_millis": 1_704_067_200_000_u64, "outcome": 500, "by_hand": false }],
    })
}

#[test]
fn the_names_are_the_documented_ones() {
    assert_eq!(serde_json::to_value(started()).expect("writes"), text());

    let schedule = RetrySchedule::new(vec![Duration::from_secs(60)]);
    let mut other = Delivery::new(schedule, Duration::ZERO, Acknowledgement::Exactly(200), START);
    other.set_jitter(Jitter::per_mille(-200).expect("within"));
    assert_eq!(other.record(1, START, Outcome::TimedOut), Recorded::Applied);
    other.resend();
    assert_eq!(other.record(2, START, Outcome::Unreachable), Recorded::Applied);
    other.resend();
    let written = serde_json::to_value(other).expect("writes");
    assert_eq!((&written["acknowledgement"], &written["jitter_per_mille"]), (&json!(200), &json!(-200)));
    assert_eq!(
        (&written["resending"], &written["due_millis"]),
        (&json!(true), &json!(1_704_067_248_000_u64))
    );
    assert_eq!(written["log"][0]["outcome"], "timed-out");
    assert_eq!(
        (&written["log"][1]["outcome"], &written["log"][1]["by_hand"]),
        (&json!("unreachable"), &json!(true))
    );
}

#[test]
fn what_no_delivery_can_be_is_refused_with_the_reason() {
    let attempt = |number: u32, outcome: u16| json!({ "number": number, "ended_millis": 0, "outcome": outcome, "by_hand": false });
    let cases = [
        ("schema", json!(2), "schema 2 is not known here, only schema 1"),
        ("log", json!([attempt(2, 500)]), "the attempts of the log are not numbered from 1 on"),
        (
            "log",
            json!([attempt(1, 500), attempt(2, 500), attempt(3, 500), attempt(4, 500)]),
            "the log has more attempts than the schedule",
        ),
        (
            "log",
            json!([attempt(1, 200), attempt(2, 500)]),
            "the log goes on behind an acknowledged attempt, and not by hand",
        ),
        ("jitter_per_mille", json!(201), "a jitter of 201 thousandths is not within -200 and 200"),
        ("due_millis", json!(1_u64 << 53), "a number beyond 2^53 - 1 is not exact in JSON"),
        ("due_millis", json!(-1), "invalid value: integer `-1`, expected u64"),
        ("due_millis", json!(0.5), "invalid type: floating point `0.5`, expected u64"),
        ("acknowledgement", json!("2xx"), "invalid value: string \"2xx\", expected \"any-2xx\" or a status"),
        (
            "acknowledgement",
            json!(65_536),
            "invalid value: integer `65536`, expected \"any-2xx\" or a status",
        ),
        ("resending", Value::Null, "invalid type: null, expected a boolean"),
    ];
    for (field, value, message) in cases {
        let mut text = text();
        text[field] = value;
        let refused = serde_json::from_value::<Delivery>(text).expect_err(message);
        assert_eq!(refused.to_string(), message, "{field}");
    }
    let mut more = text();
    more["conclusion"] = json!("delivered");
    let refused = serde_json::from_value::<Delivery>(more).expect_err("a field too many");
    assert!(refused.to_string().starts_with("unknown field `conclusion`"), "{refused}");
}

#[test]
fn moments_that_json_cannot_hold_are_written_as_the_last_one_it_can() {
    let schedule = RetrySchedule::new(vec![Duration::MAX]);
    let mut delivery = Delivery::new(
        schedule,
        Duration::MAX,
        Acknowledgement::AnySuccess,
        Timestamp::from_unix_secs(u64::MAX),
    );
    assert_eq!(delivery.record(1, Timestamp::from_unix_secs(u64::MAX), Outcome::TimedOut), Recorded::Applied);
    let written = serde_json::to_value(&delivery).expect("writes");
    let last = json!((1_u64 << 53) - 1);
    for pointer in ["/delays_millis/0", "/time_limit_millis", "/due_millis", "/log/0/ended_millis"] {
        assert_eq!(written.pointer(pointer), Some(&last), "{pointer}");
    }
    let read: Delivery = serde_json::from_value(written.clone()).expect("reads");
    assert_eq!(serde_json::to_value(read).expect("writes"), written);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_delivery_read_again_is_the_delivery(delivery in deliveries()) {
        let text = serde_json::to_string(&delivery).expect("writes");
        let read: Delivery = serde_json::from_str(&text).expect("reads");
        prop_assert_eq!(read, delivery, "{}", text);
    }
}
