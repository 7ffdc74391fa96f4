use alloc::vec;

use super::*;
use crate::{
    Setting,
    scene::{assert_verdicts, bench, bench_with, drafts, play, setting},
};

/// Twenty events, in batches of eight, eight and four.
fn twenty() -> Bench {
    bench_with("turratech", Setting { many: 20, ..setting() })
}

const NONE: &str = "";
const ROUND: [&str; 3] = ["200 x 8", "200 x 8", "200 x 4"];

#[test]
fn many_events_that_all_come_again_have_one_effect_each() {
    let [a, b, c] = ROUND;
    let once = "1 x 20";
    assert_verdicts(
        &MANY,
        &twenty(),
        &[
            (&[NONE, a, b, c, once, a, b, c, once], "pass"),
            (
                &[NONE, a, b, c, once, a, b, c, "1 x 15, 2 x 5"],
                "fail: 5 of 20 had more; the first was event 16: two",
            ),
            (
                &[NONE, a, b, c, once, a, b, c, "1 x 19, 0 x 1"],
                "fail: 1 of 20 had none; the first was event 20",
            ),
            (&[NONE, a, b, c, "1 x 12, 0 x 8"], "fail: 8 of 20 had none; the first was event 13"),
            (&[NONE, a, b, c, once, "200 x 7, 400 x 1"], "fail: event 8, again, after all the others: 400"),
            (&[NONE, a, "200 x 7, 500 x 1"], "unknown: event 16 was not acknowledged (500)"),
            (&[NONE, a, b, c, once, "200 x 7, closed x 1"], "unknown: event 8"),
            (&["no-observer"], "unknown: nothing observes effects"),
            (&["not-wired"], "unknown: is it wired"),
            (&[NONE, a, b, c, "unsettled"], "unknown: raise --effect-wait"),
        ],
    );
}

#[test]
fn who_is_busy_gets_the_rest_of_the_batch_later() {
    let [a, b, c] = ROUND;
    let rest = "200 x 2";
    let busy = "200 x 6, 503 retry-after 1 x 2";
    assert_verdicts(
        &MANY,
        &twenty(),
        &[
            (&[NONE, busy, rest, b, c, "1 x 20", a, busy, rest, c, "1 x 20"], "pass"),
            (&[NONE, busy, "429 x 2", rest, b, c, "1 x 20", a, b, c, "1 x 20"], "pass"),
        ],
    );
    let for_ever: Vec<&str> = [NONE, "429 x 8"].into_iter().chain([("429 x 8"); MOST_PAUSES]).collect();
    assert_verdicts(&MANY, &twenty(), &[(for_ever.as_slice(), "unknown: come back later")]);
}

#[test]
fn each_event_is_sent_twice_and_no_batch_is_larger_than_the_jobs() {
    let [a, b, c] = ROUND;
    let mut bench = twenty();
    let played = play(&MANY, &bench, &[NONE, a, b, c, "1 x 20", a, b, c, "1 x 20"]);
    let mut sent: Vec<_> = drafts(&played).iter().map(|draft| draft.event).collect();
    sent.sort_unstable();
    let twice = (1..=20).flat_map(|number| [bench.name(number); 2]);
    assert_eq!(sent, twice.collect::<Vec<_>>());
    // What a command counts is counted by a sample.
    bench.setting.many = 1_000;
    assert_eq!(counted(&bench).len(), 1_000);
    bench.counts_dearly = true;
    let sample = counted(&bench);
    assert_eq!(sample.len(), SAMPLED);
    bench.setting.seed = 2;
    assert_ne!(counted(&bench), sample);
}

#[test]
fn an_aged_event_is_remembered_as_any_other() {
    assert_verdicts(
        &AGED_REDELIVERY,
        &bench("turratech"),
        &[
            (&["200", "1", "200", "1"], "pass"),
            (&["200", "1", "409", "200", "1"], "pass"),
            (&["200", "1", "200", "2"], "fail: 200, 200, and two effects"),
            (&["200", "0"], "unknown: the first copy had no effect"),
            (&["200", "1", "400"], "fail: 200, 400"),
            (&["400"], "unknown: see retry/aged-event"),
            (&["200", "no-observer"], "unknown: nothing observes effects"),
        ],
    );
    let played = play(&AGED_REDELIVERY, &bench("turratech"), &["200", "1", "200", "1"]);
    let ages: Vec<_> = drafts(&played).iter().map(|draft| draft.created_ago.as_secs()).collect();
    assert_eq!(ages, [135_540, 135_540]);
    assert!(played.steps.iter().any(|step| matches!(step, Step::Pause(pause) if *pause == SOME_SECONDS)));
}

#[test]
fn an_event_is_remembered_for_as_long_as_retries_come() {
    assert_verdicts(
        &RETENTION,
        &bench("turratech"),
        &[
            (&["200", "1", "advanced", "200", "200", "1"], "pass"),
            (&["200", "1", "advanced", "200", "200", "2"], "fail: 200, 200, 200, and two effects"),
            (&["200", "1", "advanced", "200", "400"], "fail: 200, 200, 400"),
            // The clock did not obey, or something else does not bear it.
            (&["200", "1", "advanced", "401"], "unknown: --advance-clock-cmd"),
            (&["200", "1", "cannot"], "unknown: --advance-clock-cmd"),
            (&["200", "1", "broke"], "unknown: the command ended with 1"),
            (&["500"], "unknown: the first copy was not acknowledged"),
            (&["200", "no-observer"], "unknown: nothing observes effects"),
        ],
    );
    let played = play(&RETENTION, &bench("turratech"), &["200", "1", "advanced", "200", "200", "1"]);
    let advanced = played.steps.iter().find_map(|step| match step {
        Step::AdvanceClock(by) => Some(by.as_secs()),
        _ => None,
    });
    assert_eq!(advanced, Some(38 * HOUR));
}

#[test]
fn an_event_is_remembered_over_a_restart() {
    let mut starting = vec!["200", "1", "restarted"];
    starting.extend(["closed"; MOST_TRIES]);
    assert_verdicts(
        &RESTART,
        &bench("turnstay"),
        &[
            (&["200", "1", "restarted", "200", "1"], "pass"),
            (&["200", "1", "restarted", "200", "2"], "fail: 200, 200, and two effects"),
            // A proxy answers before the endpoint does.
            (&["200", "1", "restarted", "502", "closed", "200", "1"], "pass"),
            (&starting, "unknown: it was not acknowledged after the restart (connection closed"),
            (&["200", "1", "restarted", "404"], "fail: 200, 404"),
            (&["200", "1", "restarted", "409", "200", "1"], "pass"),
            (&["200", "1", "cannot"], "unknown: --restart-cmd"),
            (&["200", "1", "broke"], "unknown: the command ended with 1"),
            (&["500"], "unknown: the first copy was not acknowledged"),
            (&["200", "no-observer"], "unknown: nothing observes effects"),
        ],
    );
}
