use super::*;
use crate::{
    Setting,
    scene::{assert_verdicts, bench_with, drafts, play, setting},
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
            (&[NONE, a, "200 x 7, 422 x 1"], "unknown: event 16 was not acknowledged (422)"),
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
    let once = "1 x 20";
    assert_verdicts(
        &MANY,
        &twenty(),
        &[
            (&[NONE, busy, rest, b, c, once, a, busy, rest, c, once], "pass"),
            // It breaks down under them now and then.
            (&[NONE, "200 x 7, 500 x 1", "500 x 1", "200 x 1", b, c, once, a, b, c, once], "pass"),
            (&[NONE, a, b, c, once, "200 x 7, 500 x 1", "200 x 1", b, "502 x 4", "200 x 4", once], "pass"),
            (&[NONE, a, "500 x 8", "500 x 8", "500 x 8"], "unknown: event 9 was not acknowledged (500)"),
            (&[NONE, a, b, c, once, "200 x 7, 500 x 1", "500 x 1", "500 x 1"], "fail: event 8"),
            (&[NONE, busy, "429 x 2", rest, b, c, once, a, b, c, once], "pass"),
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
fn in_the_first_round_effects_are_awaited_and_in_the_second_no_more_come() {
    let [a, b, c] = ROUND;
    let once = "1 x 20";
    let played = play(&MANY, &twenty(), &[NONE, a, b, c, once, a, b, c, once]);
    let expected: Vec<Expecting> = played
        .steps
        .iter()
        .filter_map(|step| if let Step::ObserveEach(_, expecting) = step { Some(*expecting) } else { None })
        .collect();
    assert_eq!(expected.last_chunk(), Some(&[Expecting::Some, Expecting::Quiet]));
}
