use alloc::collections::BTreeSet;

use hookproof_core::{Event, Header, locate};

use super::*;
use crate::{
    Setting,
    scene::{STARTED, assert_verdicts, bench, bench_of, bench_with, drafts, play, setting},
};

#[test]
fn letters_of_every_kind_are_held_against_a_plain_note() {
    assert_verdicts(
        &UNICODE,
        &bench("turratech"),
        &[
            (&["200", "200", "204", "200"], "pass"),
            (&["200", "500", "200", "200", "200"], "fail: event 2, with emoji in a note: 500"),
            (&["400", "200", "closed", "200", "200"], "fail: connection closed"),
            (&["200", "late", "200", "200", "200"], "fail: no answer within 30 s"),
            (
                &["422", "422", "422", "422", "422"],
                "unknown: with a plain note was not acknowledged either (422)",
            ),
            (&["200", "500", "200", "200", "429"], "unknown: either (429)"),
            (&["429", "200", "200", "200"], "unknown: come back later"),
            // One that is held against it is enough.
            (&["429", "500", "200", "200", "200"], "fail: emoji in a note: 500"),
        ],
    );
    assert_verdicts(
        &UNICODE,
        &bench("turnstay"),
        &[(&["200", "late", "200", "200"], "unknown: our assumption")],
    );
}

#[test]
fn the_notes_are_sound_json_without_nul_or_lone_surrogate() {
    for name in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
        let bench = bench(name);
        let played = play(&UNICODE, &bench, &["200", "200", "200", "200"]);
        let mut notes = BTreeSet::new();
        for draft in drafts(&played) {
            let request = bench.seal(draft, STARTED);
            let headers: Vec<Header<'_>> = request
                .headers
                .iter()
                .map(|(name, value)| Header { name, value: value.as_bytes() })
                .collect();
            let pointer = format!("{}/hookproof_note", bench.object());
            let event = Event::parse(&bench.provider.shape, &headers, &request.body).expect("it is an event");
            let note = event.text(&pointer).expect("it has a note").into_owned();
            assert!(!note.contains('\0'), "{name}: {note}");
            notes.insert(note);
        }
        assert_eq!(notes.len(), 4, "{name}");
        assert!(notes.contains("Zo\u{eb} \u{1f600} said \"20\u{20ac}\" \\ / \t"), "{name}: {notes:?}");
        assert!(notes.iter().any(|note| note.contains('\u{2028}')), "{name}");
    }
}

#[test]
fn live_and_test_events_are_both_acknowledged() {
    let bench = bench_with("turratech", Setting { livemode: true, ..setting() });
    assert_eq!(TEST_MODE.not_applicable(&bench.provider, &bench.setting), None);
    assert_verdicts(
        &TEST_MODE,
        &bench,
        &[
            (&["200", "200"], "pass"),
            (&["200", "400"], "fail: event 2, a test event: 400"),
            (&["403", "200"], "fail: event 1, a live event: 403"),
            (&["200", "429"], "unknown: come back later"),
        ],
    );
    let played = play(&TEST_MODE, &bench, &["200", "200"]);
    let said = drafts(&played).into_iter().map(|draft| {
        let body = bench.seal(draft, STARTED).body;
        locate(&body, "/livemode").map(|range| body[range].to_vec())
    });
    assert_eq!(said.collect::<Vec<_>>(), [Some(b"true".to_vec()), Some(b"false".to_vec())]);
}

#[test]
fn test_mode_is_judged_only_where_live_events_were_asked_for_and_events_tell() {
    let why = |name: &str, livemode| {
        let bench = bench_with(name, Setting { livemode, ..setting() });
        TEST_MODE.not_applicable(&bench.provider, &bench.setting)
    };
    for name in ["turratech", "stripe"] {
        assert!(why(name, false).is_some_and(|why| why.contains("--livemode")), "{name}");
        assert_eq!(why(name, true), None, "{name}");
    }
    for livemode in [false, true] {
        assert!(why("turnstay", livemode).is_some_and(|why| why.contains("do not say whether")));
    }
}

#[test]
fn unusual_amounts_are_held_against_a_usual_one() {
    assert_verdicts(
        &AMOUNTS,
        &bench("turratech"),
        &[
            (&["200", "200", "200", "200"], "pass"),
            (&["400", "200", "200", "200"], "fail: event 1, over 0: 400"),
            (&["200", "500", "200", "200"], "fail: event 2, over 1: 500"),
            (&["400", "400", "200", "200"], "fail: event 1, over 0: 400; event 2, over 1: 400"),
            (&["200", "200", "500", "200"], "fail: event 3, over 500 jpy: 500"),
            (&["400", "200", "400", "200", "200"], "fail: event 1, over 0: 400; event 3, over 500 jpy: 400"),
            // It compares amounts with its own books, or knows one currency only.
            (&["400", "400", "200", "422"], "unknown: another amount was not acknowledged either (422)"),
            (&["200", "200", "422", "422"], "unknown: another amount was not acknowledged either (422)"),
            (&["200", "200", "429"], "unknown: come back later"),
            // What a double cannot hold may be refused.
            (&["200", "200", "200", "400"], "pass"),
            (&["200", "200", "200", "500"], "unknown: from outside both look alike"),
            (&["200", "200", "200", "302"], "unknown: was answered 302"),
            (&["200", "200", "200", "closed"], "fail: event 4, over 9007199254740993: connection closed"),
            (&["200", "200", "200", "late"], "fail: no answer within 30 s"),
            (&["200", "200", "200", "503 retry-after 1"], "unknown: come back later"),
        ],
    );
    assert_verdicts(
        &AMOUNTS,
        &bench("turnstay"),
        &[(&["200", "200", "200", "late"], "unknown: our assumption")],
    );
}

#[test]
fn every_amount_and_currency_of_an_event_is_changed_as_its_provider_spells_them() {
    for (name, pointers, jpy) in [
        ("turratech", &["/data/object/amount"][..], ("/data/object/currency", "\"jpy\"")),
        (
            "turnstay",
            &["/data/object/billing_amount", "/data/object/processing_amount"],
            ("/data/object/processing_currency", "\"JPY\""),
        ),
        (
            "stripe",
            &["/data/object/amount", "/data/object/amount_received"],
            ("/data/object/currency", "\"jpy\""),
        ),
    ] {
        let bench = bench(name);
        let played = play(&AMOUNTS, &bench, &["200", "200", "200", "200"]);
        let bodies: Vec<Vec<u8>> =
            drafts(&played).into_iter().map(|draft| bench.seal(draft, STARTED).body).collect();
        let said = |body: &[u8], at: &str| locate(body, at).map(|range| body[range].to_vec());
        for (body, amount) in bodies.iter().zip(["0", "1", "500", "9007199254740993"]) {
            assert_eq!(hookproof_core::scan(body), Ok(()));
            for at in pointers {
                assert_eq!(said(body, at), Some(amount.into()), "{name}: {at}");
            }
        }
        assert_eq!(said(&bodies[2], jpy.0), Some(jpy.1.into()), "{name}");
    }
}

#[test]
fn without_an_amount_there_are_no_amounts_to_judge() {
    for name in ["standard-webhooks", "github"] {
        let bench = bench(name);
        let why = AMOUNTS.not_applicable(&bench.provider, &bench.setting);
        assert!(why.is_some_and(|why| why.ends_with("ordinary event has no amount")), "{name}");
    }
    let named = Setting { events: vec!["customer.created".into()], ..setting() };
    let bench = bench_with("turratech", named);
    assert!(AMOUNTS.not_applicable(&bench.provider, &bench.setting).is_some());
}

#[test]
fn an_amount_without_a_currency_is_tried_in_none() {
    let bench = bench_of(
        "name = 'shop'\n[event]\nid = '/id'\nobject = ''\n[sample]\nbody = '{\"id\": \"e_1\", \"amount\": 5}'",
    );
    assert_verdicts(
        &AMOUNTS,
        &bench,
        &[(&["200", "200", "200"], "pass"), (&["400", "200", "200"], "fail: over 0")],
    );
}
