use super::*;
use crate::{
    checks::signature::forged::tests::refusal,
    scene::{assert_verdicts, bench, drafts, play},
};

const TIMED: [&str; 3] = ["turratech", "standard-webhooks", "stripe"];

#[test]
fn what_was_signed_at_another_time_has_no_effect() {
    for check in [&REJECTS_STALE, &REJECTS_FUTURE, &REJECTS_NON_NUMERIC_TIMESTAMP] {
        assert_verdicts(
            check,
            &bench("turratech"),
            &[
                (&["400", "0"], "pass"),
                (&["200", "0"], "pass"),
                (&["401", "no-observer"], "pass"),
                (&["200", "1"], "fail: 200, and one effect"),
                (&["200", "no-observer"], "unknown: answered 200"),
                (&["503 retry-after 1", "0"], "unknown: come back later"),
                (&["connect-timeout", "0"], "unknown: did not reach the endpoint"),
            ],
        );
    }
}

#[test]
fn a_second_timestamp_is_judged_only_where_the_first_is_refused() {
    assert_verdicts(
        &REJECTS_TWO_TIMESTAMPS,
        &bench("turratech"),
        &[
            (&["400 x 2", "0 x 2"], "pass"),
            (&["200 x 2", "0 x 2"], "pass"),
            (&["400 x 1, 200 x 1", "0 x 1, 1 x 1"], "fail: event 2, signed an hour ago, with a second"),
            (&["400 x 1, 400 x 1", "0 x 1, 1 x 1"], "fail: 400, and one effect"),
            (&["200 x 2", "1 x 2"], "unknown: believed by itself (event 1, signed an hour ago: 200"),
            (&["200 x 1, 400 x 1", "1 x 1, 0 x 1"], "unknown: believed by itself"),
            (&["429 x 1, 200 x 1", "0 x 1, 1 x 1"], "unknown: come back later"),
            (&["400 x 1, 429 x 1", "0 x 2"], "unknown: come back later"),
            (&["400 x 2", "no-observer"], "pass"),
            (&["400 x 1, 200 x 1", "no-observer"], "unknown: event 2"),
            (&["200 x 1, 400 x 1", "no-observer"], "unknown: event 1"),
        ],
    );
}

#[test]
fn a_delivery_may_be_a_minute_late() {
    assert_verdicts(
        &ACCEPTS_SKEW,
        &bench("turratech"),
        &[
            (&["200"], "pass"),
            (&["204"], "pass"),
            (&["400"], "fail: event 1, signed a minute ago: 400"),
            (&["429"], "unknown: come back later"),
        ],
    );
}

#[test]
fn each_delivery_is_what_its_check_says() {
    for name in TIMED {
        let bench = bench(name);
        for (check, replies, codes) in [
            (&REJECTS_STALE, &["400", "0"][..], &["too_old"][..]),
            (&REJECTS_FUTURE, &["400", "0"], &["too_new"]),
            (&REJECTS_NON_NUMERIC_TIMESTAMP, &["400", "0"], &["malformed_header"]),
            (&REJECTS_TWO_TIMESTAMPS, &["400 x 2", "0 x 2"], &["too_old", "malformed_header"]),
            (&ACCEPTS_SKEW, &["200"], &["ok"]),
        ] {
            let played = play(check, &bench, replies);
            let found: alloc::vec::Vec<_> =
                drafts(&played).into_iter().map(|draft| refusal(&bench, draft)).collect();
            assert_eq!(found, codes, "{name} {}", check.id);
        }
    }
}

#[test]
fn a_fresh_time_is_put_behind_the_old_one() {
    use crate::scene::STARTED;
    let bench = bench("turratech");
    let request = bench.seal(&made_fresh(&bench), STARTED);
    let (_, value) = request.headers.last().unwrap();
    let now = STARTED.as_unix_secs();
    assert!(value.starts_with(&alloc::format!("t={},v1=", now - 3_600)), "{value}");
    assert!(value.ends_with(&alloc::format!(",t={now}")), "{value}");
}
