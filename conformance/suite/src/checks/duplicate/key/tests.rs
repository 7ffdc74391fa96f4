use alloc::vec::Vec;

use super::*;
use crate::scene::{STARTED, assert_verdicts, bench, drafts, exchange, outcome, play};

#[test]
fn an_unsigned_header_decides_nothing() {
    assert_verdicts(
        &UNSIGNED_KEY,
        &bench("turratech"),
        &[
            (&["200", "200", "200", "1 x 2"], "pass"),
            (&["200", "200", "200", "1 x 1, 0 x 1"], "fail: event 2: no effect"),
            (&["200", "200", "200", "2 x 1, 1 x 1"], "fail: event 1: two effects"),
            (
                &["200", "422"],
                "unknown: event 2, another event with the same unsigned key was not acknowledged (422)",
            ),
            (&["400"], "unknown: event 1, with an unsigned key was not acknowledged (400)"),
            // It may be at work on the first one.
            (&["200", "200", "409", "200", "1 x 2"], "pass"),
            (&["200", "200", "500", "409", "200", "2 x 1, 1 x 1"], "fail: event 1: two effects"),
            (&["200", "200", "409", "409", "409"], "unknown: event 1"),
            (&["200", "200", "422"], "unknown: event 1"),
            (&["200", "200", "200", "no-observer"], "unknown: nothing observes effects"),
        ],
    );
    for provider in ["github", "standard-webhooks"] {
        assert_verdicts(&UNSIGNED_KEY, &bench(provider), &[(&[], "n/a: own event id is a header")]);
    }
}

#[test]
fn the_key_is_the_same_on_two_events_and_another_on_a_copy() {
    let bench = bench("turratech");
    let played = play(&UNSIGNED_KEY, &bench, &["200", "200", "200", "1 x 2"]);
    let sent: Vec<_> = drafts(&played)
        .iter()
        .map(|draft| {
            let request = bench.seal(draft, STARTED);
            let key = |name: &str| request.headers.iter().find(|(key, _)| key == name).unwrap().1.clone();
            assert_eq!(key("x-request-id"), key("idempotency-key"));
            (request.event, key("x-request-id"))
        })
        .collect();
    let [(first, one), (second, same), (again, other)] = sent.as_slice() else { panic!("{sent:?}") };
    assert!(first == again && first != second && one == same && one != other, "{sent:?}");
}

#[test]
fn another_body_under_a_processed_id_has_no_effect_of_its_own() {
    assert_verdicts(
        &SAME_ID_OTHER_BODY,
        &bench("turratech"),
        &[
            (&["200", "1", "200", "1"], "pass"),
            (&["200", "1", "409", "1"], "pass"),
            (&["200", "1", "500", "1"], "pass"),
            (&["200", "1", "200", "2"], "fail: 200, 200, and two effects"),
            (&["200", "1", "400", "2"], "fail: two effects"),
            (&["400"], "unknown: first body was not acknowledged"),
            (&["200", "0"], "unknown: the first body had no effect"),
            (&["200", "1", "429"], "unknown: come back later"),
            (&["200", "1", "refused"], "unknown: did not reach"),
            (&["200", "no-observer"], "unknown: nothing observes effects"),
        ],
    );
    assert_verdicts(&SAME_ID_OTHER_BODY, &bench("turnstay"), &[(&[], "n/a: have no id")]);
    let bench = bench("turratech");
    let played = play(&SAME_ID_OTHER_BODY, &bench, &["200", "1", "200", "1"]);
    let [first, second] = drafts(&played)[..] else { panic!("{played:?}") };
    let [first, second] = [first, second].map(|draft| exchange(&bench, draft, outcome("200")).sent);
    assert_eq!(first.id, second.id);
    assert_ne!(first.body, second.body);
}
