use alloc::collections::BTreeSet;

use hookproof_core::locate;

use super::*;
use crate::scene::{STARTED, assert_verdicts, bench};

const ALL_ANSWERED: [&str; 2] = ["200 x 5", "200 x 3"];

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
            // It told its downstream of the object twice: for an event of either type.
            (&[first, second, "1 x 6, 2 x 1"], "pass"),
            // Ids of another form are ignored, both of them.
            (&[first, second, "1 x 2, 0 x 1, 1 x 1, 0 x 1, 1 x 2"], "unknown: seem to be ignored"),
            // Whoever refuses the type that nobody has heard of is asked about the object all the same.
            (&["200 x 4, 400 x 1", second, "1 x 7"], "pass"),
            (&[first, "200 x 2, 400 x 1"], "fail: event 8, about an object"),
            // Not for what was said of it.
            (&["200 x 3, 400 x 2", "200 x 2, 400 x 1"], "unknown: event 5"),
            (&[first, "400 x 3"], "unknown: event 4"),
            (&[first, "400 x 1, 200 x 2"], "unknown: event 4"),
            (&[first, "200 x 2, 429 x 1"], "unknown: come back later"),
            (&[first, "200 x 2, 409 x 1"], "unknown: event 8"),
            (&["500 x 1, 200 x 4", second], "unknown: event 1"),
            (&[first, second, "no-observer"], "unknown: nothing observes effects"),
        ],
    );
}

#[test]
fn the_last_of_them_is_the_one_about_an_object() {
    for provider in ["turratech", "standard-webhooks", "stripe"] {
        let bench = bench(provider);
        let [_, second] = crowd(&bench);
        assert_eq!(second.last().map(|draft| draft.event), Some(bench.name(ABOUT)), "{provider}");
    }
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
            (&["200 x 4", "200 x 2", "1 x 1, 2 x 1, 1 x 3"], "fail: event 2, the other: two effects"),
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
