use alloc::vec::Vec;

use super::*;
use crate::{
    Setting,
    scene::{assert_verdicts, bench, bench_with, drafts, play, setting},
};

fn knowing(own_retry: Duration) -> Bench {
    bench_with("turratech", Setting { own_retry_within: Some(own_retry), ..setting() })
}

#[test]
fn an_event_whose_downstream_failed_has_its_effect_at_the_redelivery() {
    assert_verdicts(
        &FAILED_EFFECT,
        &bench("turratech"),
        &[
            (&["set", "500", "set", "200", "1"], "pass"),
            (&["set", "503", "set", "200", "1"], "pass"),
            (&["set", "closed", "set", "200", "1"], "pass"),
            (&["set", "late", "set", "200", "1"], "pass"),
            // It tries again at once, or from a queue of its own.
            (&["set", "200", "1"], "pass"),
            // Whoever was turned away for another reason did not meet the failing downstream.
            (&["set", "429", "set", "200", "1 untouched"], "unknown: did not call its downstream"),
            (&["set", "200", "1 untouched"], "unknown: did not call its downstream"),
            (&["set", "500", "set", "200", "2"], "fail: 500, 200, and two effects"),
            (&["set", "200", "2"], "fail: 200, and two effects"),
            (&["set", "500", "set", "400", "400", "400"], "fail: 500, 400, 400, 400"),
            (&["set", "500", "set", "400", "200", "1"], "pass"),
            // A lease may have to run out first.
            (&["set", "500", "set", "409", "200", "1"], "pass"),
            (&["set", "500", "set", "409", "409 retry-after 60", "409"], "unknown: still not acknowledged"),
            (&["set", "500", "set", "late"], "unknown: was not answered"),
            (&["set", "refused"], "unknown: did not reach"),
            (&["no-downstream"], "unknown: --effects-listen"),
            (&["not-wired"], "unknown: is it wired"),
            (&["set", "500", "set", "200", "unsettled"], "unknown: raise --effect-wait"),
        ],
    );
}

#[test]
fn whether_an_acknowledged_event_is_lost_rests_on_the_endpoints_own_retry() {
    let lost: &[&[&str]] = &[&["set", "200", "0"], &["set", "500", "set", "200", "0"]];
    for replies in lost {
        assert_verdicts(&FAILED_EFFECT, &bench("turratech"), &[(replies, "unknown: --own-retry-within")]);
        assert_verdicts(&FAILED_EFFECT, &knowing(Duration::ZERO), &[(replies, "fail: 200, and no effect")]);
    }
    assert_verdicts(
        &FAILED_EFFECT,
        &knowing(Duration::from_secs(60)),
        &[
            (&["set", "200", "0", "1"], "pass"),
            (&["set", "200", "0", "0"], "fail: 200, and no effect, 1 min later neither"),
            (&["set", "200", "0", "2"], "fail: 200, and two effects"),
            // Who asks for time keeps nothing to itself.
            (&["set", "500", "set", "429", "429", "429"], "unknown: come back later"),
        ],
    );
}

#[test]
fn for_how_long_a_failed_event_may_be_kept_rests_on_it_too() {
    for kept in ["500", "409", "503"] {
        let never_free = ["set", "500", "set", kept, kept, kept];
        for bench in [bench("turratech"), knowing(Duration::ZERO)] {
            assert_verdicts(&FAILED_EFFECT, &bench, &[(&never_free, "unknown: --own-retry-within")]);
        }
        let a_minute = knowing(Duration::from_secs(60));
        let freed = ["set", "500", "set", kept, kept, kept, "200", "1"];
        assert_verdicts(&FAILED_EFFECT, &a_minute, &[(&freed, "pass")]);
        let played = play(&FAILED_EFFECT, &a_minute, &freed);
        assert!(played.steps.iter().any(|step| matches!(step, Step::Pause(pause) if pause.as_secs() == 60)));
        let never_free = ["set", "500", "set", kept, kept, kept, kept];
        assert_verdicts(&FAILED_EFFECT, &a_minute, &[(&never_free, "fail: 500, ")]);
    }
    let throttled = ["set", "500", "set", "500", "500", "500", "429"];
    assert_verdicts(&FAILED_EFFECT, &knowing(Duration::from_secs(60)), &[(&throttled, "unknown: come back")]);
    let throttled = ["set", "500", "set", "429", "429", "429"];
    assert_verdicts(&FAILED_EFFECT, &knowing(Duration::from_secs(60)), &[(&throttled, "unknown: come back")]);
}

#[test]
fn a_copy_that_was_acknowledged_while_the_first_failed_has_an_effect() {
    assert_verdicts(
        &OVERLAP_WITH_FAILURE,
        &knowing(Duration::ZERO),
        &[
            (&["set", "500 x 1, 409 x 1", "set", "200", "1"], "pass"),
            (&["set", "500 x 2", "set", "200", "1"], "pass"),
            (&["set", "500 x 1, 409 x 1", "set", "409", "200", "1"], "pass"),
            // The second copy took over, or both wait in a queue.
            (&["set", "500 x 1, 200 x 1", "1"], "pass"),
            (&["set", "202 x 2", "1"], "pass"),
            (&["set", "500 x 1, 200 x 1", "0"], "fail: 500 (1 of 2), 200 (1 of 2), and no effect"),
            (&["set", "200 x 2", "2"], "fail: 200 (2 of 2), and two effects"),
            (&["set", "500 x 1, 409 x 1", "set", "400", "400", "400"], "fail: 400"),
            (&["set", "500 x 1, 429 x 1", "set", "200", "1 untouched"], "unknown: did not call"),
            (&["set", "500 x 1, refused x 1"], "unknown: no two copies reached"),
            (&["no-downstream"], "unknown: --effects-listen"),
        ],
    );
    let lost: (&[&str], &str) = (&["set", "500 x 1, 200 x 1", "0"], "unknown: --own-retry-within");
    assert_verdicts(&OVERLAP_WITH_FAILURE, &bench("turratech"), &[lost]);
}

#[test]
fn the_copies_are_the_same_bytes_and_the_redelivery_is_signed_anew() {
    let played = play(&OVERLAP_WITH_FAILURE, &bench("turratech"), &["set", "500 x 2", "set", "200", "1"]);
    let repeats: Vec<bool> = drafts(&played).iter().map(|draft| draft.repeats).collect();
    assert_eq!(repeats, [true, true, false]);
    let set = |step: &Step| match step {
        Step::Set(_, downstream) => Some(*downstream),
        _ => None,
    };
    let set: Vec<Downstream> = played.steps.iter().filter_map(set).collect();
    assert_eq!(set, [Downstream { delay: OVERLAP, failures: 1 }, Downstream::SOUND]);
}
