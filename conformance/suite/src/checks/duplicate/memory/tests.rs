use alloc::{vec, vec::Vec};

use super::*;
use crate::scene::{assert_verdicts, bench, drafts, play};

#[test]
fn an_aged_event_is_remembered_as_any_other() {
    assert_verdicts(
        &AGED_REDELIVERY,
        &bench("turratech"),
        &[
            (&["200", "1", "200", "1"], "pass"),
            (&["200", "1", "409", "503", "200", "1"], "pass"),
            (&["200", "1", "500", "500", "500"], "fail: 200, 500, 500, 500"),
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
            (&["200", "1", "advanced", "200", "409", "409", "200", "1"], "pass"),
            // The clock did not obey, or something else does not bear it.
            (&["200", "1", "advanced", "401"], "unknown: --advance-clock-cmd"),
            (&["200", "1", "cannot"], "unknown: --advance-clock-cmd"),
            (&["200", "1", "broke"], "unknown: the command ended with 1"),
            (&["500"], "unknown: the first copy was not acknowledged"),
            (&["200", "0"], "unknown: the first copy had no effect"),
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
    let mut starting = vec!["200", "1", "1", "restarted"];
    starting.extend(["closed"; MOST_TRIES]);
    let twice_busy =
        ["200", "1", "1", "restarted", "200", "409", "409", "409", "200", "1", "restarted", "200"];
    assert_verdicts(
        &RESTART,
        &bench("turnstay"),
        &[
            (&["200", "1", "1", "restarted", "200", "200", "1"], "pass"),
            // A proxy answers before the endpoint does, in whatever way.
            (&["200", "1", "1", "restarted", "502", "closed", "404", "200", "200", "1"], "pass"),
            (
                &starting,
                "unknown: no event was acknowledged within 10 s after the restart (connection closed",
            ),
            (&["200", "1", "1", "restarted", "502", "200", "409", "500", "200", "1"], "pass"),
            (&["200", "1", "1", "cannot"], "unknown: --restart-cmd"),
            (&["200", "1", "1", "broke"], "unknown: the command ended with 1"),
            (&["500"], "unknown: the first copy was not acknowledged"),
            (&["200", "0"], "unknown: the first copy had no effect"),
            (&["200", "no-observer"], "unknown: nothing observes effects"),
            // Whoever is caught has a second round.
            (
                &[CAUGHT, &["200", "1", "restarted", "200", "200", "2"]].concat(),
                "fail: 200, 200, 200, and two effects",
            ),
            (
                &["200", "1", "1", "restarted", "200", "404", "200", "1", "restarted", "200", "404"],
                "fail: 200, 200, 404",
            ),
            (&[&twice_busy[..], &["409", "409", "409"]].concat(), "fail: 200, 200, 409, 409, 409"),
            (&[CAUGHT, RESTED_AND_SOUND].concat(), "unknown: stopped as soon as its effect had shown"),
            (&[&twice_busy[..], &["200", "1"]].concat(), "unknown: dealt with the event anew (200, 200, 409"),
            (&[CAUGHT, &["500"]].concat(), "unknown: was not acknowledged"),
        ],
    );
}

#[test]
fn before_it_is_stopped_again_it_has_some_seconds_of_rest() {
    let replies = [CAUGHT, RESTED_AND_SOUND].concat();
    let played = play(&RESTART, &bench("turratech"), &replies);
    let sent: Vec<_> = drafts(&played).iter().map(|draft| draft.event.number).collect();
    assert_eq!(sent, [1, 2, 1, 3, 4, 3], "another event shows that it runs");
    let before: Vec<_> = played.steps.windows(2).filter(|pair| matches!(pair[1], Step::Restart)).collect();
    let name = bench("turratech").name(1);
    assert!(matches!(before[0][0], Step::Observe(event, Expecting::Quiet) if event == name), "{before:?}");
    assert!(matches!(before[1][0], Step::Pause(SOME_SECONDS)), "{before:?}");
}

#[test]
fn an_effect_that_only_the_last_count_shows_is_not_tried_again() {
    let bench = bench("turratech");
    let replies = ["200", "1", "1", "restarted", "200", "200", "1"];
    let mut seen = play(&RESTART, &bench, &replies).seen;
    let Some(Seen::Effects(last)) = seen.last_mut() else { panic!("{seen:?}") };
    last.count = 2;
    let Step::Decide(Verdict::Fail { actual, .. }) = restart(&bench, &seen) else { panic!("{seen:?}") };
    assert!(actual.contains("two effects"), "{actual}");
}

/// The first round of an endpoint that books twice.
const CAUGHT: &[&str] = &["200", "1", "1", "restarted", "200", "200", "2"];

/// The second round of one that does not.
const RESTED_AND_SOUND: &[&str] = &["200", "1", "restarted", "200", "200", "1"];
