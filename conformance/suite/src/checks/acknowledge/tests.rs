use core::time::Duration;

use super::*;
use crate::{
    Setting,
    scene::{
        assert_verdict, assert_verdicts, bench, bench_of, bench_with, drafts, exchange, outcome, play,
        setting,
    },
};

#[test]
fn the_opening_event_must_get_a_success_status() {
    assert_verdicts(
        &SUCCESS_STATUS,
        &bench("turratech"),
        &[
            (&["200", "1", "1"], "pass"),
            (&["204", "3", "3"], "pass"),
            (&["299", "0"], "pass"),
            (&["200", "no-observer"], "pass"),
            (&["199"], "fail: 199"),
            (&["301"], "fail: 301"),
            // No status of HTTP: its body was not what was wrong.
            (&["999"], "fail: 999"),
            (&["400"; 6], "fail: 400"),
            (&["409"; 6], "fail: 409"),
            (&["500"; 6], "fail: 500"),
            (&["503"; 6], "fail: 503"),
            (&["closed"], "fail: connection closed without an answer"),
            (&["half-closed"], "fail: in the middle of the answer"),
            (&["not-http"], "fail: not HTTP/1.1 (no status line)"),
            (&["late"], "fail: no answer within 30 s"),
            (&["tls"], "fail: TLS failed (expired)"),
            (&["429"], "unknown: come back later (429)"),
            (&["503 retry-after 5"], "unknown: come back later (503)"),
            (&["refused"], "unknown: could not be reached: connection refused"),
            (&["unreachable"], "unknown: could not be reached: unreachable (no such name)"),
            (&["connect-timeout"], "unknown: could not be reached: no connection in time"),
        ],
    );
}

#[test]
fn an_endpoint_that_believes_a_mistake_is_told_which() {
    let mistakes = bench("turratech").mistakes();
    assert_eq!(mistakes.len(), 5);
    for (place, mistake) in mistakes.iter().enumerate() {
        let mut replies = vec!["401"; place + 1];
        replies.push("200");
        let played = play(&SUCCESS_STATUS, &bench("turratech"), &replies);
        assert_verdict(
            &played.verdict,
            &format!("fail: 401; signed as if {mistake}, it is acknowledged"),
            mistake,
        );
        let drafts = drafts(&played);
        assert!(drafts[1..].iter().all(|draft| draft.intent == crate::Intent::Refusable));
        let numbers: Vec<u16> = drafts.iter().map(|draft| draft.event.number).collect();
        assert_eq!(numbers, (1..).take(place + 2).collect::<Vec<u16>>(), "each is an event of its own");
        let sealed = drafts.iter().map(|draft| bench("turratech").seal(draft, crate::scene::STARTED));
        let macs: alloc::collections::BTreeSet<_> = sealed.map(|request| request.headers).collect();
        assert_eq!(macs.len(), drafts.len(), "each is signed in its own way");
    }
}

#[test]
fn turnstay_wants_exactly_200_and_its_limit_is_our_assumption() {
    assert_verdicts(
        &SUCCESS_STATUS,
        &bench("turnstay"),
        &[
            (&["200", "1", "1"], "pass"),
            (&["201"], "fail: 201"),
            (&["204"], "fail: 204"),
            (&["late"], "unknown: no answer within 30 s, which is our assumption"),
        ],
    );
    let promised = Setting { time_limit: Some(Duration::from_secs(3)), ..setting() };
    let bench = bench_with("turnstay", promised);
    assert_verdicts(&SUCCESS_STATUS, &bench, &[(&["late"], "fail: no answer within 3 s")]);
}

#[test]
fn a_type_that_we_only_know_by_name_is_refused_with_reason() {
    let named = Setting { events: vec!["payment.invented".into()], ..setting() };
    let bench = bench_with("turratech", named);
    assert_verdicts(
        &SUCCESS_STATUS,
        &bench,
        &[(&["422"], "unknown: the type payment.invented was answered 422"), (&["200", "0"], "pass")],
    );
    assert_verdicts(&SUBSCRIBED_TYPES, &bench, &[(&["400"], "unknown: no sample"), (&["200"], "pass")]);
}

#[test]
fn each_named_type_must_be_acknowledged() {
    let named = ["payment.succeeded", "payment.failed", "payout.paid"];
    let bench = bench_with("turratech", Setting { events: named.map(Into::into).into(), ..setting() });
    assert_verdicts(
        &SUBSCRIBED_TYPES,
        &bench,
        &[
            (&["200", "204", "200"], "pass"),
            (&["200", "500", "200"], "fail: 500"),
            (&["200", "refused", "200"], "fail: connection refused"),
            (&["200", "429", "200"], "unknown: come back later"),
            // One that is held against it is enough.
            (&["429", "400", "200"], "fail: 400"),
            (&["429", "503 retry-after 1", "200"], "unknown: come back later (429)"),
        ],
    );
    let played = play(&SUBSCRIBED_TYPES, &bench, &["200"; 3]);
    let mut kinds: Vec<&str> = drafts(&played).into_iter().map(|draft| draft.kind.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["payment.failed", "payment.succeeded", "payout.paid"]);
}

#[test]
fn a_guess_beside_a_known_type_excuses_only_itself() {
    let named = Setting { events: vec!["payment.invented".into(), "payout.paid".into()], ..setting() };
    let bench = bench_with("turratech", named);
    let played = play(&SUBSCRIBED_TYPES, &bench, &["200"; 2]);
    let first = drafts(&played)[0].kind.clone();
    let [guess, known] = if first == "payout.paid" {
        [["200", "400"], ["400", "200"]]
    } else {
        [["400", "200"], ["200", "400"]]
    };
    assert_verdicts(
        &SUBSCRIBED_TYPES,
        &bench,
        &[(&guess, "unknown: no sample"), (&known, "fail: payout.paid: 400"), (&["400", "400"], "fail: 400")],
    );
}

#[test]
fn the_whole_catalogue_is_sent_once_a_type() {
    let bench = bench("turratech");
    let played = play(&EVERY_TYPE, &bench, &["200"; 12]);
    assert_eq!(played.verdict, Verdict::Pass);
    let drafts = drafts(&played);
    let kinds: Vec<&str> = drafts.iter().map(|draft| draft.kind.as_str()).collect();
    for kind in bench.provider.event_types.iter() {
        assert_eq!(kinds.iter().filter(|sent| *sent == kind).count(), 1, "{kind}");
    }
    let mut replies = ["200"; 12];
    replies[7] = "404";
    let failed = play(&EVERY_TYPE, &bench, &replies).verdict;
    assert_verdict(&failed, &format!("fail: type {}: 404", kinds[7]), "the eighth");
}

#[test]
fn what_is_new_must_be_acknowledged() {
    for (check, type_sent) in
        [(&UNKNOWN_TYPE, "hookproof.unheard_of"), (&UNKNOWN_FIELDS, "payment.succeeded")]
    {
        let bench = bench("turratech");
        assert_verdicts(
            check,
            &bench,
            &[
                (&["200"], "pass"),
                (&["202"], "pass"),
                (&["400"], "fail: 400"),
                (&["500"], "fail: 500"),
                (&["late"], "fail: no answer within 30 s"),
                (&["429"], "unknown: come back later"),
                (&["503 retry-after 2"], "unknown: come back later"),
                (&["503"], "fail: 503"),
            ],
        );
        assert_eq!(drafts(&play(check, &bench, &["200"]))[0].kind, type_sent);
    }
}

#[test]
fn new_fields_stand_in_the_envelope_and_in_the_object() {
    for name in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
        let bench = bench(name);
        let played = play(&UNKNOWN_FIELDS, &bench, &["200"]);
        let sent = exchange(&bench, drafts(&played)[0], outcome("200")).sent.body;
        let object = format!("{}/hookproof_new_field/nested", bench.object());
        for pointer in [object.as_str(), "/hookproof_new_envelope_field"] {
            assert!(hookproof_core::locate(&sent, pointer).is_some(), "{name}: {pointer}");
        }
    }
}

#[test]
fn a_body_in_two_pieces_is_held_against_its_twin_in_one() {
    let bench = bench("turratech");
    assert_verdicts(
        &SEGMENTATION,
        &bench,
        &[
            (&["200"], "pass"),
            (&["400", "200"], "fail: 400"),
            (&["closed", "200"], "fail: connection closed"),
            (&["late", "200"], "fail: no answer within 30 s"),
            (&["400", "400"], "unknown: in one piece was not acknowledged either"),
            (&["500", "closed"], "unknown: in one piece was not acknowledged either"),
            (&["429"], "unknown: come back later"),
            (&["503 retry-after 1"], "unknown: come back later"),
        ],
    );
    let played = play(&SEGMENTATION, &bench, &["400", "200"]);
    let [split, whole] = drafts(&played)[..] else { panic!("{played:?}") };
    assert_ne!(split.event, whole.event);
    let request = bench.seal(split, crate::scene::STARTED);
    assert!(matches!(request.transport.pace, crate::Pace::SplitAt(_)));
}

#[test]
fn a_redirect_of_an_ordinary_delivery_fails_and_of_a_forgery_does_not() {
    let bench = bench("turratech");
    let Judge::Whole(judge) = NO_REDIRECT.judge else { panic!("it is judged as a whole") };
    let sent = |text: &str| exchange(&bench, &bench.event(1), outcome(text));
    let forged = |text: &str| exchange(&bench, &bench.event(2).forged(), outcome(text));
    let mut canary = bench.event(3);
    canary.intent = Intent::Canary;
    for (exchanges, expected) in [
        (vec![sent("200"), sent("500")], "pass"),
        (
            vec![sent("200"), sent("301 location https://shop.example/login")],
            "fail: 301 to https://shop.example/login",
        ),
        (vec![sent("307")], "fail: 307 to nowhere"),
        (vec![sent("304")], "fail: 304"),
        (vec![sent("200"), exchange(&bench, &canary, outcome("302"))], "fail: 302"),
        (vec![sent("200"), forged("302")], "pass"),
        (vec![forged("200")], "unknown: no delivery was answered"),
        (vec![sent("closed"), sent("cut"), sent("late")], "unknown: no delivery was answered"),
        (vec![], "unknown: no delivery was answered"),
    ] {
        let said = format!("{:?}", exchanges.iter().map(Exchange::result).collect::<Vec<_>>());
        assert_verdict(&judge(&bench, &exchanges), expected, &said);
    }
}

#[test]
fn what_is_drawn_from_a_profile_may_be_refused_and_what_the_profile_brings_may_not() {
    let profile = "name = 'shop'\nacknowledgement = 204\nevent-types = ['paid', 'lost']\n[event]\nid = '/id'\ntype = '/type'\n";
    let drawn = bench_of(profile);
    let own = bench_of(&format!("{profile}[sample]\nbody = '{{\"id\": \"e_1\", \"type\": \"paid\"}}'"));
    assert_verdicts(
        &SUCCESS_STATUS,
        &drawn,
        &[
            (&["204", "1", "1"], "pass"),
            (
                &["422"],
                "unknown: of the type paid was answered 422, but its body was made of the profile's pointers",
            ),
            (&["500"], "unknown: give the profile a [sample]"),
            // A body is no reason for these.
            (&["200"], "fail: 200"),
            (&["302 location /login"], "fail: 302"),
        ],
    );
    assert_verdicts(&SUCCESS_STATUS, &own, &[(&["204", "1", "1"], "pass"), (&["422"], "fail: 422")]);
    let refused_lost = |bench: &Bench| {
        let played = play(&EVERY_TYPE, bench, &["204", "204"]);
        if drafts(&played)[0].kind == "lost" { ["422", "204"] } else { ["204", "422"] }
    };
    assert_verdicts(
        &EVERY_TYPE,
        &own,
        &[(&refused_lost(&own), "unknown: of the type lost"), (&["422", "422"], "fail: 422")],
    );
    assert_verdicts(&EVERY_TYPE, &drawn, &[(&["422", "422"], "unknown: give the profile a [sample]")]);
}

#[test]
fn without_a_type_there_are_no_types_to_judge() {
    let bench = bench_of("name = 'shop'\n[event]\nid = '/id'");
    for check in [&SUBSCRIBED_TYPES, &EVERY_TYPE, &UNKNOWN_TYPE] {
        let why = check.not_applicable(&bench.provider, &bench.setting);
        assert_eq!(why.as_deref(), Some("shop's events have no type"), "{}", check.id);
    }
    assert_eq!(UNKNOWN_FIELDS.not_applicable(&bench.provider, &bench.setting), None);
    assert_verdicts(
        &SUCCESS_STATUS,
        &bench,
        &[(&["400"], "unknown: an event was answered 400, but its body"), (&["200", "1", "1"], "pass")],
    );
}
