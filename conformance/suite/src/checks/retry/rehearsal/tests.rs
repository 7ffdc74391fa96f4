use alloc::collections::BTreeMap;

use super::*;
use crate::{
    Setting, Verdict,
    scene::{assert_verdict, assert_verdicts, bench, bench_with, effects, exchange, outcome, setting},
};

fn schedule(bench: &Bench) -> &RetrySchedule {
    match &bench.provider.retries {
        Retries::Schedule(schedule) => schedule,
        other => panic!("{other:?}"),
    }
}

/// Plays it against an endpoint that answers each attempt that we read by `status` of its event's number and of how
/// often it was read before, and whose events have so many effects. The drafts that left, and the verdict.
fn rehearse(
    bench: &Bench,
    status: impl Fn(u16, usize) -> &'static str,
    count: impl Fn(u16, bool) -> u64,
) -> (Vec<Draft>, Verdict) {
    let (mut seen, mut sent, mut read): (Vec<Seen>, Vec<Draft>, BTreeMap<u16, usize>) = Default::default();
    loop {
        seen.push(match rehearsal(bench, &seen) {
            Step::SendTogether(drafts) => {
                assert!(drafts.len() <= bench.jobs);
                let answers = drafts.iter().map(|draft| {
                    let before = read.entry(draft.event.number).or_default();
                    let answer =
                        if draft.cut_after.is_some() { "cut" } else { status(draft.event.number, *before) };
                    *before += usize::from(draft.cut_after.is_none());
                    exchange(bench, draft, outcome(answer))
                });
                let answers = answers.collect();
                sent.extend(drafts);
                Seen::Together(answers)
            }
            Step::Pause(duration) => Seen::Paused(duration),
            Step::ObserveEach(events, expecting) => Seen::Tallied(
                events
                    .iter()
                    .map(|event| effects(*event, count(event.number, expecting == Expecting::Some)))
                    .collect(),
            ),
            Step::Decide(verdict) => return (sent, verdict),
            other => panic!("{other:?}"),
        });
    }
}

#[test]
fn every_pattern_of_up_to_four_attempts_is_tried_and_some_longer_ones() {
    let bench = bench("turratech");
    let patterns = patterns(&bench, 8);
    for length in 1..=SHORT {
        let short = patterns
            .iter()
            .filter(|pattern| pattern.len() == length && pattern.contains(&Attempt::Delivered));
        assert_eq!(short.count(), 1 << (length - 1), "of {length}");
    }
    assert!(patterns.iter().filter(|pattern| pattern.len() > SHORT).count() == LONG);
    assert!(patterns.iter().any(|pattern| pattern.len() == LONGEST));
    assert!(patterns.iter().any(|pattern| !pattern.contains(&Attempt::Delivered)));
    let longer = |seed| {
        let bench = bench_with("turratech", Setting { seed, ..setting() });
        super::patterns(&bench, 8)
    };
    assert_ne!(longer(1), longer(2), "the seed chooses");
    assert!(super::patterns(&bench, 2).iter().all(|pattern| pattern.len() <= 2));
}

#[test]
fn an_event_keeps_its_bytes_and_is_as_old_as_at_its_last_attempt() {
    let bench = bench("turratech");
    let (sent, verdict) = rehearse(&bench, |_, _| "200", |_, _| 1);
    assert_verdict(&verdict, "pass", "a sound endpoint");
    let patterns = patterns(&bench, 8);
    for (number, pattern) in (1..).zip(&patterns) {
        let of: Vec<&Draft> = sent.iter().filter(|draft| draft.event == bench.name(number)).collect();
        let left = pattern.iter().filter(|attempt| **attempt != Attempt::Undelivered).count();
        assert_eq!(of.len(), left, "{pattern:?}");
        let delays = schedule(&bench).delays();
        let age: Duration = delays[..pattern.len() - 1].iter().sum();
        assert!(of.iter().all(|draft| draft.created_ago == age), "{pattern:?}");
        let signed: alloc::collections::BTreeSet<_> = of.iter().map(|draft| draft.signed_ago).collect();
        assert_eq!(signed.len(), left, "every attempt is signed anew");
    }
}

#[test]
fn an_acknowledged_event_has_one_effect_and_any_other_one_at_the_most() {
    let bench = bench("turratech");
    let last = u16::try_from(patterns(&bench, 8).len()).unwrap();
    let judge = |count: &dyn Fn(u16, bool) -> u64| rehearse(&bench, |_, _| "200", count).1;
    // Number 3 is: answer lost, delivered.
    for (count, expected) in [
        (&(|number, _| u64::from(number != last)) as &dyn Fn(u16, bool) -> u64, "pass"),
        (&|_, _| 1, "pass"),
        (&|number, _| if number == 3 { 2 } else { 1 }, "fail: event 3 (answer lost, delivered): two effects"),
        (&|number, _| u64::from(number != 3), "fail: event 3 (answer lost, delivered): no effect"),
        (&|number, _| if number == last { 2 } else { 1 }, "answer lost, answer lost): two effects"),
    ] {
        let expected =
            if expected.starts_with("answer") { alloc::format!("fail: {expected}") } else { expected.into() };
        assert_verdict(&judge(count), &expected, "effects");
    }
}

#[test]
fn an_attempt_that_is_delivered_must_be_acknowledged_once_the_endpoint_is_free() {
    let bench = bench("turratech");
    let judge = |status: &dyn Fn(u16, usize) -> &'static str| rehearse(&bench, status, |_, _| 1).1;
    for (status, expected) in [
        (
            &(|number: u16, read: usize| if number == 3 && read == 0 { "409" } else { "200" })
                as &dyn Fn(u16, usize) -> _,
            "pass",
        ),
        (&|number, read| if number == 3 && read < 2 { "503 retry-after 1" } else { "200" }, "pass"),
        (&|number, _| if number == 3 { "409" } else { "200" }, "unknown: an attempt was not acknowledged"),
        (&|number, _| if number == 3 { "429" } else { "200" }, "unknown: come back later"),
        (&|number, _| if number == 3 { "late" } else { "200" }, "unknown: an attempt was not acknowledged"),
        (&|number, _| if number == 3 { "500" } else { "200" }, "fail: answer lost, delivered: 500"),
        // The attempt that was cut may still be worked on.
        (&|number, read| if number == 3 && read < 2 { "500" } else { "200" }, "pass"),
        (&|number, read| if number == 3 && read < 1 { "400" } else { "200" }, "pass"),
        // Perhaps it takes as long for every event whose sender hung up.
        (&|number, _| if number < 3 { "200" } else { "500" }, "unknown: an attempt was not acknowledged"),
        (&|number, _| if number == 3 { "400" } else { "409" }, "unknown: an attempt was not acknowledged"),
        (&|number, _| if number == 3 { "400" } else { "200" }, "fail: answer lost, delivered: 400"),
    ] {
        assert_verdict(&judge(status), expected, "answers");
    }
}

#[test]
fn without_a_schedule_there_is_nothing_to_rehearse() {
    assert_verdicts(&REHEARSAL, &bench("turnstay"), &[(&[], "unknown: no retry schedule")]);
}
