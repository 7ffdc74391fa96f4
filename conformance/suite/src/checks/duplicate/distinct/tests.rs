use alloc::collections::BTreeSet;

use hookproof_core::locate;

use super::*;
use crate::{
    Signing,
    scene::{STARTED, assert_verdicts, bench, drafts, exchange, outcome, play},
};

const ALL_ANSWERED: [&str; 2] = ["200 x 5", "200 x 3"];

#[test]
fn a_genuine_event_has_its_effect_behind_a_forged_copy() {
    assert_verdicts(
        &FORGED_FIRST,
        &bench("turratech"),
        &[
            (&["400", "0", "200", "1"], "pass"),
            (&["200", "0", "200", "1"], "pass"),
            (&["400", "0", "409", "200", "1"], "pass"),
            (&["400", "0", "200", "0"], "fail: 400, 200, and no effect"),
            (&["400", "0", "200", "2"], "fail: two effects"),
            (&["400", "0", "400"], "fail: 400, 400"),
            // A status tells even where nothing observes effects.
            (&["400", "no-observer", "400"], "fail: 400, 400"),
            (&["400", "no-observer", "200", "no-observer"], "unknown: nothing observes effects"),
            (&["200", "1"], "unknown: see signature/rejects-forged"),
            (&["refused"], "unknown: did not reach"),
            (&["400", "0", "429", "429", "429"], "unknown: come back later"),
            (&["400", "0", "late"], "unknown: was not answered"),
        ],
    );
    let bench = bench("turratech");
    let played = play(&FORGED_FIRST, &bench, &["400", "0", "200", "1"]);
    let signed: Vec<_> = drafts(&played).iter().map(|draft| (draft.event, draft.signing)).collect();
    assert_eq!(signed, [(bench.name(1), Signing::Forged), (bench.name(1), Signing::Right)]);
}

#[test]
fn events_that_are_alike_have_an_effect_each() {
    let [first, second] = ALL_ANSWERED;
    assert_verdicts(
        &DISTINCT_EVENTS,
        &bench("turratech"),
        &[
            (&[first, second, "1 x 7"], "pass"),
            // In the order of `crowd`: 1, 2, 3, 5, 4, 6, 8.
            (&[first, second, "1 x 4, 0 x 1, 1 x 2"], "fail: event 4, its id ends with the same letter"),
            (&[first, second, "1 x 5, 0 x 1, 1 x 1"], "fail: event 6, its id begins with that of event 5"),
            (&[first, second, "1 x 6, 0 x 1"], "fail: event 8, about an object"),
            (&[first, second, "1 x 1, 0 x 1, 1 x 5"], "fail: event 2, the other: no effect"),
            (&[first, second, "2 x 1, 1 x 6"], "fail: event 1, one of two in one second: two effects"),
            // Ids of another form are ignored, both of them.
            (&[first, second, "1 x 2, 0 x 1, 1 x 1, 0 x 1, 1 x 2"], "unknown: seem to be ignored"),
            // Whoever refuses the type that nobody has heard of is asked about the object all the same.
            (&["200 x 4, 400 x 1", second, "1 x 7"], "pass"),
            (&[first, "200 x 2, 400 x 1"], "fail: event 8, about an object"),
            (&[first, "400 x 1, 200 x 2"], "unknown: event 4"),
            (&[first, "200 x 2, 409 x 1"], "unknown: event 8"),
            (&["500 x 1, 200 x 4", second], "unknown: event 1"),
            (&[first, second, "no-observer"], "unknown: nothing observes effects"),
        ],
    );
}

#[test]
fn without_an_id_of_their_own_two_events_of_one_second_remain() {
    assert_verdicts(
        &DISTINCT_EVENTS,
        &bench("turnstay"),
        &[
            (&["200 x 2", "1 x 2"], "pass"),
            (&["200 x 2", "1 x 1, 0 x 1"], "fail: event 2, the other: no effect"),
        ],
    );
}

#[test]
fn a_command_that_finds_an_id_within_another_one_accuses_nobody() {
    let mut bench = bench("turratech");
    bench.counts_dearly = true;
    assert_verdicts(
        &DISTINCT_EVENTS,
        &bench,
        &[
            // 1, 2, 5, 6, 8: those that differ in case are left out.
            (&["200 x 4", "200 x 2", "1 x 5"], "pass"),
            (&["200 x 4", "200 x 2", "1 x 2, 2 x 1, 1 x 2"], "pass"),
            (&["200 x 4", "200 x 2", "1 x 2, 2 x 1, 0 x 1, 1 x 1"], "fail: event 5"),
            (&["200 x 4", "200 x 2", "1 x 3, 0 x 1, 1 x 1"], "fail: event 6"),
        ],
    );
}

#[test]
fn the_crowd_is_alike_as_it_is_said_to_be() {
    // GUIDs are written in either case.
    assert!(crowd(&bench("github")).iter().flatten().all(|draft| draft.id.is_none()));
    let bench = bench("turratech");
    let [first, second] = crowd(&bench);
    let all: Vec<&Draft> = first.iter().chain(&second).collect();
    let said = |number: u16, pointer: &str| -> String {
        let draft = all.iter().find(|draft| draft.event == bench.name(number)).unwrap();
        let body = bench.seal(draft, STARTED).body;
        locate(&body, pointer)
            .map(|range| String::from_utf8_lossy(&body[range]).trim_matches('"').into())
            .unwrap()
    };
    let ids: BTreeSet<String> = (1..=8).map(|number| said(number, "/id")).collect();
    assert_eq!(ids.len(), 8);
    assert_eq!(said(3, "/id").to_lowercase(), said(4, "/id").to_lowercase());
    assert!(said(6, "/id").starts_with(&said(5, "/id")));
    assert_eq!(said(7, "/data/object/id"), said(8, "/data/object/id"));
    assert_ne!(said(7, "/type"), said(8, "/type"));
    assert_eq!(said(1, "/created"), said(2, "/created"));
    // A downstream call that names the object counts for the event that is judged.
    let tokens =
        |number: u16| bench.tokens_of(all.iter().find(|draft| draft.event == bench.name(number)).unwrap());
    assert_eq!(tokens(7), [said(7, "/id")]);
    assert!(tokens(8).contains(&said(8, "/data/object/id")));
    assert_eq!(tokens(4)[0], said(4, "/id"));
}

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
            (&["200", "200", "409"], "unknown: event 1"),
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
