use alloc::vec;

use super::*;
use crate::{
    HeaderCase, Setting, Signing, Verdict,
    scene::{self, assert_verdicts, bench, bench_with, drafts, play, setting},
};

#[test]
fn an_event_that_comes_again_has_one_effect() {
    for check in [&SEQUENTIAL, &RESIGNED] {
        assert_verdicts(
            check,
            &bench("turratech"),
            &[
                (&["200", "1", "200", "200", "1"], "pass"),
                (&["204", "1", "200", "208", "1"], "pass"),
                (&["200", "1", "200", "200", "2"], "fail: 200, 200, 200, and two effects (POST /fulfil)"),
                (&["200", "1", "200", "200", "3"], "fail: 3 effects"),
                // The first copy was acknowledged and its effect never came.
                (&["200", "0", "200", "200", "0"], "fail: 200, 200, 200, and no effect"),
                // It came with the redelivery, so in the end it is one.
                (&["200", "0", "200", "200", "1"], "pass"),
                (&["200", "1", "400"], "fail: 200, 400"),
                (&["200", "1", "500", "500", "500"], "fail: 200, 500, 500, 500"),
                (&["200", "1", "302"], "fail: 200, 302"),
                (&["200", "1", "200", "404"], "fail: 200, 200, 404"),
                // Nobody knows what became of a copy that was not acknowledged.
                (&["500"], "unknown: the first copy was not acknowledged"),
                (&["429"], "unknown: the first copy was not acknowledged"),
                (&["late"], "unknown: the first copy was not acknowledged"),
                (&["200", "1", "closed"], "unknown: was not answered (connection closed without an answer)"),
                (&["200", "1", "200", "late"], "unknown: was not answered (no answer within 30 s)"),
            ],
        );
    }
}

#[test]
fn a_busy_endpoint_is_tried_again_twice_at_the_most() {
    for check in [&SEQUENTIAL, &RESIGNED] {
        assert_verdicts(
            check,
            &bench("turratech"),
            &[
                (&["200", "1", "409", "200", "200", "1"], "pass"),
                (&["200", "1", "409 retry-after 1", "409", "200", "200", "1"], "pass"),
                (&["200", "1", "425", "200", "200", "1"], "pass"),
                (&["200", "1", "503", "200", "200", "1"], "pass"),
                (&["200", "1", "429 retry-after 2", "503 retry-after 2", "200", "200", "1"], "pass"),
                (
                    &["200", "1", "409", "200", "409", "200", "2"],
                    "fail: 200, 409, 200, 409, 200, and two effects",
                ),
                // Its effect has shown, so a 409 for ever makes the provider retry for ever.
                (&["200", "1", "409", "409", "409"], "fail: 200, 409, 409, 409"),
                (&["200", "1", "503", "503", "503"], "fail: 200, 503, 503, 503"),
                (&["200", "1", "429", "429", "429"], "unknown: come back later (429)"),
                (
                    &["200", "1", "503 retry-after 1", "409", "503 retry-after 1"],
                    "unknown: come back later (503)",
                ),
                (&["200", "1", "409", "409", "500"], "fail: 500"),
                // A constraint stands in its way for as long as the first copy is worked on.
                (&["200", "1", "500", "200", "200", "1"], "pass"),
                (&["200", "1", "502", "500", "200", "200", "1"], "pass"),
                (&["200", "1", "409", "closed"], "unknown: was not answered"),
            ],
        );
    }
}

#[test]
fn without_an_observer_nobody_knows_how_often_it_was_booked() {
    for check in [&SEQUENTIAL, &RESIGNED] {
        assert_verdicts(
            check,
            &bench("turratech"),
            &[
                (&["200", "no-observer", "200", "200", "no-observer"], "unknown: nothing observes effects"),
                (&["200", "not-wired", "200", "200", "not-wired"], "unknown: is it wired"),
                (&["200", "unsettled", "200", "200", "unsettled"], "unknown: raise --effect-wait"),
                (&["200", "no-observer", "400", "400", "400"], "fail: 200, 400, 400, 400"),
                (&["200", "no-observer", "400", "200", "200", "no-observer"], "unknown: nothing observes"),
                (&["200", "no-observer", "500", "500", "500"], "unknown: still not acknowledged (500)"),
                (&["200", "no-observer", "409", "409", "409"], "unknown: still not acknowledged (409)"),
                (&["200", "no-observer", "503", "503", "503"], "unknown: still not acknowledged (503)"),
            ],
        );
    }
}

#[test]
fn a_redelivery_has_the_same_bytes_or_a_new_signature_as_the_check_says() {
    let bench = bench("turratech");
    for (check, repeats) in [(&SEQUENTIAL, true), (&RESIGNED, false)] {
        let played = play(check, &bench, &["200", "1", "200", "200", "1"]);
        let drafts = drafts(&played);
        assert_eq!(drafts.iter().map(|draft| draft.repeats).collect::<Vec<_>>(), [false, repeats, repeats]);
        assert!(drafts.iter().all(|draft| draft.event == bench.name(1)), "{drafts:?}");
        assert!(drafts.iter().all(|draft| draft.signing == Signing::Right), "{drafts:?}");
        assert!(drafts.iter().all(|draft| draft.header_case == HeaderCase::AsIs), "{drafts:?}");
        let lanes: Vec<Option<u8>> = drafts.iter().map(|draft| draft.lane).collect();
        assert_eq!(lanes, [Some(1), Some(1), None], "once on the same connection and once on another");
        let played = play(check, &bench, &["200", "1", "409", "200", "409", "200", "1"]);
        let lanes: Vec<Option<u8>> = scene::drafts(&played).iter().map(|draft| draft.lane).collect();
        assert_eq!(lanes, [Some(1), Some(1), Some(1), None, None], "also where it is busy at first");
        let older = drafts[0].signed_ago > drafts[1].signed_ago;
        assert_eq!(older, !repeats, "two signatures of one second are the same");
    }
}

#[test]
fn a_pause_is_as_long_as_asked_and_no_longer_than_effects_may_take() {
    let secs = Duration::from_secs;
    for (busy, wait, pause) in [
        ("409", secs(10), secs(1)),
        ("409 retry-after 3", secs(10), secs(3)),
        ("409 retry-after 3600", secs(10), secs(10)),
        ("409 retry-after soon", secs(10), secs(1)),
        ("409", Duration::from_millis(300), Duration::from_millis(300)),
    ] {
        let bench = bench_with("turratech", Setting { effect_wait: wait, ..setting() });
        let played = play(&SEQUENTIAL, &bench, &["200", "1", busy, "200", "200", "1"]);
        assert_eq!(pauses(&played.steps), [pause], "{busy} with {wait:?}");
        let together = format!("200 x 1, {busy} x 15");
        let played = play(&CONCURRENT, &bench, &[&together, "no-observer", "200", "no-observer"]);
        assert_eq!(pauses(&played.steps), [pause], "{busy} with {wait:?}");
    }
    let played = play(&CONCURRENT, &bench("turratech"), &["200 x 16", "no-observer", "200", "no-observer"]);
    assert_eq!(pauses(&played.steps), [], "nobody is at work any more");
}

#[test]
fn copies_at_once_have_one_effect_whatever_the_losers_are_told() {
    assert_verdicts(
        &CONCURRENT,
        &bench("turratech"),
        &[
            (&["200 x 16", "1", "200", "1"], "pass"),
            (&["200 x 1, 409 x 15", "1", "200", "1"], "pass"),
            (&["200 x 1, 500 x 15", "1", "200", "1"], "pass"),
            (&["200 x 1, 400 x 15", "1", "200", "1"], "pass"),
            (&["200 x 1, 429 x 15", "1", "200", "1"], "pass"),
            (&["200 x 1, closed x 10, late x 5", "1", "200", "1"], "pass"),
            (&["409 x 16", "0", "200", "1"], "pass"),
            (&["200 x 2, refused x 14", "1", "200", "1"], "pass"),
            (
                &["200 x 1, refused x 15", "1", "200", "1"],
                "unknown: no two copies reached the endpoint at once",
            ),
            (&["refused x 16", "0", "200", "1"], "unknown: connection refused (16 of 16)"),
            (&["200 x 1, refused x 15", "2", "200", "2"], "fail: two effects"),
            (&["200 x 1, 409 x 15", "1", "409", "200", "1"], "pass"),
            (&["200 x 1, 409 x 15", "1", "503 retry-after 1", "200", "1"], "pass"),
            (&["200 x 16", "2", "200", "2"], "fail: 200 (16 of 16), 200, and two effects"),
            (&["200 x 16", "16", "200", "16"], "fail: 16 effects"),
            (
                &["200 x 1, 409 x 15", "1", "200", "2"],
                "fail: 200 (1 of 16), 409 (15 of 16), 200, and two effects",
            ),
            (&["200 x 16", "0", "200", "0"], "fail: no effect"),
            (&["200 x 1, 409 x 15", "1", "400"], "fail: 200 (1 of 16), 409 (15 of 16), 400"),
            (&["200 x 1, 409 x 15", "1", "500", "500"], "fail: 500, 500"),
            (&["200 x 1, 500 x 15", "1", "500", "200", "1"], "pass"),
            (&["200 x 1, 409 x 15", "1", "409", "400"], "fail: 409, 400"),
            (&["200 x 1, 409 x 15", "1", "409", "409"], "unknown: still not acknowledged (409)"),
            (&["200 x 1, 409 x 15", "1", "429", "429"], "unknown: still not acknowledged (429)"),
            (&["200 x 1, 409 x 15", "1", "closed"], "unknown: still not acknowledged (connection closed"),
            (&["200 x 1, 409 x 15", "1", "late"], "unknown: still not acknowledged (no answer within 30 s)"),
            (&["200 x 16", "no-observer", "200", "no-observer"], "unknown: nothing observes effects"),
            (
                &["200 x 1, 409 x 15", "no-observer", "200", "no-observer"],
                "unknown: nothing observes effects",
            ),
            (&["200 x 1, 409 x 15", "no-observer", "409"], "unknown: still not acknowledged (409)"),
            (&["200 x 1, 500 x 15", "no-observer", "500"], "unknown: still not acknowledged (500)"),
            (&["200 x 16", "unsettled", "200", "unsettled"], "unknown: raise --effect-wait"),
            (&["200 x 16", "no-observer", "400"], "fail: 400"),
        ],
    );
    let bench = bench("turratech");
    let played = play(&CONCURRENT, &bench, &["200 x 16", "1", "200", "1"]);
    let drafts = drafts(&played);
    assert!(drafts.len() == 17 && drafts.iter().all(|draft| draft.repeats && draft.event == bench.name(1)));
}

#[test]
fn an_event_whose_answer_was_lost_has_one_effect_after_it_came_again() {
    assert_verdicts(
        &LOST_ANSWER,
        &bench("turratech"),
        &[
            (&["cut", "cut", "200", "200", "1", "1"], "pass"),
            (&["cut", "cut", "409", "200", "200", "1", "1"], "pass"),
            (&["cut", "cut", "409", "503", "200", "200", "1", "1"], "pass"),
            (&["cut", "cut", "200", "409", "200", "1", "1"], "pass"),
            (&["cut", "cut", "200", "200", "2", "1"], "fail: two effects"),
            (&["cut", "cut", "200", "200", "1", "2"], "fail: two effects"),
            (&["cut", "cut", "200", "200", "0", "1"], "fail: no effect"),
            (&["cut", "cut", "200", "200", "1", "0"], "fail: no effect"),
            (&["closed", "half-closed", "200", "200", "1", "1"], "pass"),
            // What never came was not lost on the way back.
            (
                &["refused", "cut"],
                "unknown: the first delivery did not reach the endpoint (connection refused)",
            ),
            (&["cut", "connect-timeout"], "unknown: the first delivery did not reach the endpoint"),
            (&["cut", "cut", "400", "400", "400"], "fail: 400, 400, 400"),
            (&["cut", "cut", "200", "400", "400", "400"], "fail: 400"),
            // As long as the first copy may be worked on, a second one may be told anything.
            (&["cut", "cut", "400", "200", "500", "200", "1", "1"], "pass"),
            (&["cut", "cut", "500", "500", "500"], "unknown: still not acknowledged (500)"),
            (&["cut", "cut", "409", "409", "409"], "unknown: still not acknowledged (409)"),
            (&["cut", "cut", "429", "429", "429"], "unknown: come back later"),
            (&["cut", "cut", "closed"], "unknown: was not answered"),
            (&["cut", "cut", "200", "late"], "unknown: was not answered"),
            (&["cut", "cut", "200", "200", "no-observer"], "unknown: nothing observes effects"),
            (&["cut", "cut", "200", "200", "1", "unsettled"], "unknown: raise --effect-wait"),
        ],
    );
}

#[test]
fn an_answer_is_lost_once_early_and_once_late() {
    let bench = bench("turratech");
    let played = play(&LOST_ANSWER, &bench, &["cut", "cut", "200", "200", "1", "1"]);
    let cuts: Vec<Option<Duration>> = drafts(&played).iter().map(|draft| draft.cut_after).collect();
    assert_eq!(cuts, [Some(Duration::ZERO), Some(Duration::from_millis(100)), None, None]);
    let events: Vec<_> = drafts(&played).iter().map(|draft| draft.event.number).collect();
    assert_eq!(events, [1, 2, 1, 2]);
    let counted = played.steps.iter().filter_map(|step| match step {
        Step::Observe(event, _) => Some(event.number),
        _ => None,
    });
    assert_eq!(counted.collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_transcript_that_no_run_makes_is_no_judgement() {
    let bench = bench("turratech");
    for check in [&SEQUENTIAL, &RESIGNED, &CONCURRENT, &LOST_ANSWER] {
        let Judge::Script(script) = check.judge else { panic!("{} is a script", check.id) };
        for odd in [Seen::Tls(crate::TlsFacts::Plain), Seen::Paused(Duration::ZERO)] {
            for seen in [vec![odd.clone(); 4], vec![odd.clone(); 6]] {
                let judged =
                    matches!(script(&bench, &seen), Step::Decide(Verdict::Pass | Verdict::Fail { .. }));
                assert!(!judged, "{}: {seen:?}", check.id);
            }
        }
    }
}

fn pauses(steps: &[Step]) -> Vec<Duration> {
    let pauses =
        steps.iter().map(|step| if let Step::Pause(duration) = step { Some(*duration) } else { None });
    pauses.flatten().collect()
}
