use alloc::{string::ToString, vec, vec::Vec};

use super::*;

const FIRST: EventName = EventName { check: 1, number: 1 };
const SECOND: EventName = EventName { check: 1, number: 2 };

#[test]
fn a_second_effect_is_a_route_called_more_often_than_the_first_event_called_it() {
    let three = ["POST /fulfil", "POST /ledger", "PUT /mail"];
    for (usual, later, effects) in [
        (&three[..], &three[..], 1),
        (&three, &["POST /ledger", "PUT /mail", "POST /fulfil"], 1),
        (&three, &["POST /fulfil"], 1),
        (&three, &["POST /fulfil", "POST /ledger", "PUT /mail", "POST /ledger"], 2),
        (&three, &["POST /fulfil", "POST /fulfil", "POST /fulfil"], 3),
        (&three, &[], 0),
        // A usual route is called twice for one event.
        (&["POST /line", "POST /line"], &["POST /line", "POST /line"], 1),
        (&["POST /line", "POST /line"], &["POST /line", "POST /line", "POST /line"], 2),
        (&["POST /line", "POST /line"], &["POST /line"], 1),
        // A route is a method and a path; the query does not make another one.
        (&["POST /ledger"], &["POST /ledger?n=1", "POST /ledger?n=2"], 2),
        (&["POST /ledger"], &["POST /ledger", "PUT /ledger"], 1),
    ] {
        assert_eq!(after(usual, later), effects, "{later:?} after {usual:?}");
    }
}

#[test]
fn a_route_outside_the_shape_counts_from_its_second_call() {
    for (later, effects) in [
        (&["POST /notice"][..], 0),
        (&["POST /fulfil", "POST /notice"], 1),
        (&["POST /notice", "POST /notice"], 2),
        (&["POST /fulfil", "POST /notice", "POST /notice", "POST /notice"], 3),
        (&["POST /one", "POST /two", "POST /three"], 0),
    ] {
        assert_eq!(after(&["POST /fulfil"], later), effects, "{later:?}");
    }
}

#[test]
fn look_ups_count_only_when_the_shape_has_nothing_else() {
    for (usual, later, effects) in [
        (&["GET /order", "POST /fulfil"][..], &["GET /order", "GET /order", "POST /fulfil"][..], 1),
        (&["GET /order", "POST /fulfil"], &["GET /order"], 0),
        (&["POST /fulfil"], &["GET /order", "HEAD /order", "OPTIONS /order", "GET /order"], 0),
        (&["GET /book", "HEAD /book", "OPTIONS /book"], &["GET /book"], 1),
        (&["GET /book"], &["GET /book", "GET /book"], 2),
        (&["HEAD /book"], &["HEAD /book", "HEAD /book"], 2),
        (&["OPTIONS /book"], &["OPTIONS /book", "OPTIONS /book"], 2),
    ] {
        assert_eq!(after(usual, later), effects, "{later:?} after {usual:?}");
    }
}

#[test]
fn before_a_shape_is_known_any_number_of_calls_is_one_effect() {
    let mut ledger = ledger();
    assert_eq!(ledger.effects(FIRST).count, 0);
    take(&mut ledger, calls_of("evt_1", &["POST /fulfil", "POST /fulfil", "POST /ledger"]));
    assert_eq!(ledger.effects(FIRST).count, 1);
    ledger.learn_shape(FIRST);
    assert_eq!(ledger.effects(FIRST).count, 1);
}

#[test]
fn calls_that_the_downstream_refused_do_not_count() {
    for (status, effects) in [(200, 1), (201, 1), (299, 1), (199, 0), (302, 0), (404, 0), (500, 0), (503, 0)]
    {
        let mut ledger = with_shape(&["POST /fulfil"]);
        take(&mut ledger, vec![Call { status, ..call("POST", "/fulfil", "evt_2") }]);
        assert_eq!(ledger.effects(SECOND).count, effects, "{status}");
        assert_eq!(ledger.unmatched, 0, "{status}");
    }
}

#[test]
fn one_idempotency_key_counts_once_a_route() {
    for (later, effects) in [
        (&[("/fulfil", "k-1"), ("/fulfil", "k-1")][..], 1),
        (&[("/fulfil", "k-1"), ("/fulfil", "k-2")], 2),
        (&[("/fulfil", "k-1"), ("/fulfil", "k-1"), ("/fulfil", "k-2")], 2),
        // Each route has its own, so another one is called once.
        (&[("/fulfil", "k-1"), ("/notice", "k-1")], 1),
        (&[("/notice", "k-1"), ("/notice", "k-1")], 0),
        (&[("/notice", "k-1"), ("/notice", "k-2")], 2),
    ] {
        let mut ledger = with_shape(&["POST /fulfil"]);
        let calls = later.iter().map(|(path, key)| {
            let mut call = call("POST", path, "evt_2");
            call.headers.push(("Idempotency-Key".into(), (*key).into()));
            call
        });
        take(&mut ledger, calls.collect());
        assert_eq!(ledger.effects(SECOND).count, effects, "{later:?}");
    }
}

#[test]
fn two_events_may_use_one_idempotency_key() {
    let mut ledger = ledger();
    for id in ["evt_1", "evt_2"] {
        let mut call = call("POST", "/fulfil", id);
        call.headers.push(("idempotency-key".into(), "constant".into()));
        take(&mut ledger, vec![call]);
    }
    assert_eq!((ledger.effects(FIRST).count, ledger.effects(SECOND).count), (1, 1));
}

#[test]
fn an_id_is_found_as_a_whole_token_wherever_it_stands() {
    for (target, header, body, found) in [
        ("/evt_1", "", "", true),
        ("/orders/evt_1/lines", "", "", true),
        ("/orders?event=evt_1&n=2", "", "", true),
        ("/orders?event=%65vt%5F1", "", "", true),
        ("/orders?event=%65vt%5f1", "", "", true),
        ("/", "evt_1", "", true),
        ("/", "key evt_1;v=1", "", true),
        ("/", "%65vt_1", "", true),
        ("/", "", r#"{"event":"evt_1"}"#, true),
        ("/", "", r#"{"event":"\u0065vt\u005F1"}"#, true),
        ("/", "", r#"{"note":"Zo\u00eb \ud83d\ude00 paid: evt_1"}"#, true),
        ("/", "", "event=evt_1&amount=5", true),
        ("/", "", r#"{"text":"Paid.\nevt_1\tis done"}"#, true),
        ("/", "", r#"{"json":"{\"text\":\"Paid.\\nevt_1\"}"}"#, true),
        ("/", "", r"C:\new\evt_1", true),
        ("/", "", "é€evt_1é", true),
        // The object's id names the event as well.
        ("/", "", "pay_1", true),
        ("/evt_10", "", "", false),
        ("/xevt_1", "", "", false),
        ("/evt_1-copy", "", "", false),
        ("/_evt_1", "", "", false),
        ("/EVT_1", "", "", false),
        ("/", "evt_11", "evt_", false),
        ("/", "", r"evt_\u0031\u0030", false),
        ("/", "%+5vt_1 evt_%+1", r"evt_\u+031", false),
        ("/evt_%3", "", "%zz \\u12 \\u{41} %", false),
    ] {
        let mut ledger = ledger();
        let seen = Call {
            headers: vec![("x-ref".into(), header.into())],
            body: body.into(),
            ..call("POST", target, "")
        };
        take(&mut ledger, vec![seen]);
        assert_eq!(ledger.effects(FIRST).count, u64::from(found), "{target} {header} {body}");
        assert_eq!(ledger.effects(SECOND).count, 0, "{target} {header} {body}");
        assert_eq!(ledger.unmatched, usize::from(!found), "{target} {header} {body}");
    }
}

#[test]
fn a_body_that_is_no_text_still_names_its_event() {
    let mut ledger = ledger();
    take(&mut ledger, vec![Call { body: b"\xff\x00evt_1\xfe".to_vec(), ..call("POST", "/", "") }]);
    assert_eq!(ledger.effects(FIRST).count, 1);
}

#[test]
fn a_token_that_two_events_share_names_neither() {
    let mut ledger = Ledger::default();
    ledger.expect(FIRST, &tokens(["evt_1", "cus_9"]), Duration::ZERO);
    take(&mut ledger, vec![call("POST", "/one", "cus_9")]);
    assert_eq!((ledger.effects(FIRST).count, ledger.unmatched), (1, 0), "as long as it is its own");
    ledger.expect(SECOND, &tokens(["evt_2", "cus_9"]), Duration::ZERO);
    take(&mut ledger, vec![call("POST", "/two", "cus_9")]);
    assert_eq!((ledger.effects(SECOND).count, ledger.unmatched), (0, 1));
    // A third one does not get it back.
    ledger.expect(EventName { check: 1, number: 3 }, &tokens(["evt_3", "cus_9"]), Duration::ZERO);
    take(&mut ledger, vec![call("POST", "/three", "cus_9"), call("POST", "/four", "evt_2 cus_9")]);
    assert_eq!((ledger.effects(SECOND).count, ledger.unmatched), (1, 2));
}

#[test]
fn a_call_that_names_two_events_is_one_of_each() {
    let mut ledger = ledger();
    take(&mut ledger, vec![call("POST", "/batch", "evt_1,evt_2")]);
    assert_eq!((ledger.effects(FIRST).count, ledger.effects(SECOND).count), (1, 1));
}

#[test]
fn a_path_with_the_id_is_one_route_for_all_events() {
    for (paths, effects) in [
        (&["/orders/evt_2/lines"][..], 1),
        (&["/orders/pay_2/lines"], 1),
        (&["/orders/%65vt_2/lines"], 1),
        (&["/orders/evt_2/lines", "/orders/evt_2/lines?again=1"], 2),
    ] {
        let mut ledger = ledger();
        take(&mut ledger, vec![call("POST", "/orders/evt_1/lines", "")]);
        ledger.learn_shape(FIRST);
        take(&mut ledger, paths.iter().map(|path| call("POST", path, "")).collect());
        assert_eq!(ledger.effects(SECOND).count, effects, "{paths:?}");
    }
}

#[test]
fn a_count_is_measured_by_that_of_the_first_event() {
    for (unit, count, effects) in
        [(3, 0, 0), (3, 1, 1), (3, 3, 1), (3, 4, 2), (3, 6, 2), (3, 7, 3), (1, 1, 1), (1, 2, 2), (0, 2, 2)]
    {
        let mut ledger = ledger();
        ledger.record(FIRST, Reading::Count(unit), Duration::ZERO);
        ledger.learn_shape(FIRST);
        ledger.record(SECOND, Reading::Count(count), Duration::ZERO);
        assert_eq!(ledger.effects(SECOND).count, effects, "{count} where {unit} is one effect");
    }
}

#[test]
fn what_the_first_event_had_more_than_once_is_named() {
    for (usual, named) in [
        (&["POST /ledger"][..], None),
        (&["POST /ledger", "POST /ledger", "GET /orders", "GET /orders"], Some("POST /ledger twice")),
        (&["POST /a", "PUT /b", "PUT /b", "PUT /b"], Some("PUT /b 3 times")),
    ] {
        assert_eq!(with_shape(usual).repeated_in_one().as_deref(), named);
    }
    for (unit, named) in [(0, None), (1, None), (2, Some("the observer counts 2"))] {
        let mut ledger = ledger();
        ledger.record(FIRST, Reading::Count(unit), Duration::ZERO);
        ledger.learn_shape(FIRST);
        assert_eq!(ledger.repeated_in_one().as_deref(), named);
    }
}

#[test]
fn the_latest_count_is_the_one_that_counts_and_a_failed_reading_is_none() {
    let mut ledger = ledger();
    for (reading, effects) in [
        (Reading::Count(1), 1),
        (Reading::Failed("no route".into()), 1),
        (Reading::Count(2), 2),
        (Reading::Count(1), 1),
    ] {
        ledger.record(FIRST, reading.clone(), Duration::ZERO);
        assert_eq!(ledger.effects(FIRST).count, effects, "{reading:?}");
    }
    assert_eq!(ledger.effects(FIRST).evidence, "the observer counts 1");
}

#[test]
fn an_effect_is_measured_from_the_delivery_before_it() {
    for (departures, effect, slowest) in [
        (&[0][..], 40, 40),
        (&[0, 1_000], 1_070, 70),
        // The second delivery left after it: it is the first one's.
        (&[0, 1_000], 600, 600),
        (&[0, 1_000, 2_000], 2_000, 0),
        // Before every delivery it is nobody's.
        (&[500], 400, 0),
    ] {
        for counts in [false, true] {
            let mut ledger = Ledger::default();
            for at in departures {
                ledger.expect(FIRST, &tokens(["evt_1"]), Duration::from_millis(*at));
            }
            let now = Duration::from_millis(effect);
            if counts {
                ledger.record(FIRST, Reading::Count(0), Duration::ZERO);
                ledger.record(FIRST, Reading::Count(1), now);
                ledger.record(FIRST, Reading::Count(2), now * 100);
            } else {
                // It is read later than it came; what follows it measures nothing.
                let ago = Duration::from_millis(5_000);
                let calls = vec![
                    Call { ago, ..call("POST", "/fulfil", "evt_1") },
                    Call { ago: Duration::ZERO, ..call("POST", "/mail", "evt_1") },
                ];
                ledger.record(FIRST, Reading::Calls(calls), now + ago);
            }
            assert_eq!(ledger.slowest(), Duration::from_millis(slowest), "{effect} after {departures:?}");
        }
    }
}

#[test]
fn a_hindered_event_measures_nothing() {
    let mut ledger = ledger();
    ledger.hinder(FIRST);
    for event in [FIRST, SECOND] {
        let after = Duration::from_millis(if event == FIRST { 2_000 } else { 30 });
        ledger.record(event, Reading::Count(1), after);
    }
    assert_eq!(ledger.slowest(), Duration::from_millis(30));
    assert_eq!(ledger.effects(FIRST).count, 1);
}

#[test]
fn an_absence_is_believed_after_three_times_the_slowest_effect_and_never_under_250_ms() {
    for (slowest, quiet) in [(0, 250), (10, 250), (83, 250), (84, 252), (2_000, 6_000)] {
        let mut ledger = ledger();
        ledger.record(FIRST, Reading::Count(1), Duration::from_millis(slowest));
        // A faster one does not shorten it.
        ledger.record(SECOND, Reading::Count(1), Duration::from_millis(slowest / 2));
        assert_eq!(ledger.quiet(), Duration::from_millis(quiet), "{slowest}");
    }
}

#[test]
fn effects_are_said_with_what_was_seen() {
    let mut ledger = with_shape(&["POST /orders"]);
    assert_eq!(ledger.effects(SECOND).phrase(), "no effect");
    take(&mut ledger, calls_of("evt_2", &["GET /stock", "PUT /stock"]));
    for phrase in [
        "one effect",
        "two effects (POST /orders twice, PUT /stock once)",
        "3 effects (POST /orders 3 times, PUT /stock once)",
    ] {
        take(&mut ledger, calls_of("evt_2", &["POST /orders"]));
        assert_eq!(ledger.effects(SECOND).phrase(), phrase);
    }
}

/// The effects of an event that made the calls `later`, where the first one made those of `usual`.
fn after(usual: &[&str], later: &[&str]) -> u64 {
    let mut ledger = with_shape(usual);
    take(&mut ledger, calls_of("evt_2", later));
    ledger.effects(SECOND).count
}

fn with_shape(usual: &[&str]) -> Ledger {
    let mut ledger = ledger();
    take(&mut ledger, calls_of("evt_1", usual));
    ledger.learn_shape(FIRST);
    ledger
}

/// Two events are known; neither has had an effect.
fn ledger() -> Ledger {
    let mut ledger = Ledger::default();
    ledger.expect(FIRST, &tokens(["evt_1", "pay_1"]), Duration::ZERO);
    ledger.expect(SECOND, &tokens(["evt_2", "pay_2"]), Duration::ZERO);
    ledger
}

fn tokens<const N: usize>(tokens: [&str; N]) -> Vec<String> {
    tokens.map(ToString::to_string).into()
}

fn take(ledger: &mut Ledger, calls: Vec<Call>) {
    ledger.record(FIRST, Reading::Calls(calls), Duration::ZERO);
}

/// Calls in short, `POST /ledger`, that name an event in their bodies.
fn calls_of(id: &str, routes: &[&str]) -> Vec<Call> {
    let parts = routes.iter().map(|route| route.split_once(' ').expect("a method and a path"));
    parts.map(|(method, target)| call(method, target, id)).collect()
}

fn call(method: &str, target: &str, body: &str) -> Call {
    Call {
        method: method.into(),
        target: target.into(),
        headers: Vec::new(),
        body: body.into(),
        status: 200,
        ago: Duration::ZERO,
    }
}

#[test]
fn a_number_that_was_none_before_tells_how_soon_effects_come_also_when_others_were_asked_first() {
    let at = Duration::from_secs;
    let quiet_after = |readings: &[(u64, u64)]| {
        let mut ledger = ledger();
        for (count, now) in readings {
            ledger.record_late(FIRST, Reading::Count(*count), at(*now));
        }
        ledger.quiet()
    };
    let unknown = quiet_after(&[]);
    assert_eq!(quiet_after(&[(1, 3)]), unknown, "nobody knows since when it was there");
    assert_eq!(quiet_after(&[(0, 2)]), unknown);
    assert!(quiet_after(&[(0, 2), (1, 3)]) > unknown);
}
