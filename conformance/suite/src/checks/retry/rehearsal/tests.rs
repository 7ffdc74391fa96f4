use alloc::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    Setting, Verdict,
    scene::{
        STARTED, assert_verdict, assert_verdicts, bench, bench_with, effects, exchange, outcome, setting,
    },
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
    let all: BTreeSet<String> = patterns.iter().map(|pattern| words(pattern)).collect();
    assert_eq!(all.len(), patterns.len(), "each of them once");
}

#[test]
fn a_seed_chooses_the_same_patterns_in_every_version() {
    let patterns = patterns(&bench("turratech"), 8);
    let short = |pattern: &Vec<Attempt>| -> String {
        let letters = pattern.iter().map(|attempt| match attempt {
            Attempt::Undelivered => 'u',
            Attempt::AnswerLost => 'l',
            Attempt::Delivered => 'd',
        });
        letters.collect()
    };
    let long: Vec<String> = patterns.iter().map(short).filter(|pattern| pattern.len() > SHORT).collect();
    assert_eq!(long, ["luuud", "uullud", "ulullld", "uuuullld", "lllud"]);
}

#[test]
fn attempts_leave_in_batches_with_a_pause_behind_those_that_are_cut() {
    use Attempt::{AnswerLost, Delivered, Undelivered};
    let patterns = [
        vec![Delivered],
        vec![Undelivered, Delivered],
        vec![AnswerLost, Delivered],
        vec![Undelivered, Undelivered, Delivered],
        vec![AnswerLost, Undelivered, Delivered],
    ];
    let told = |jobs| -> String {
        let mut bench = bench("turratech");
        bench.jobs = jobs;
        let parts = rounds(&bench, &patterns).into_iter().map(|part| match part {
            Part::Batch { round, numbers } => alloc::format!("{round}: {numbers:?}"),
            Part::Pause => "pause".into(),
        });
        parts.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(told(8), "0: [1, 3, 5], pause, 1: [2, 3], 2: [4, 5]");
    assert_eq!(told(5), "0: [1, 3], 0: [5], pause, 1: [2, 3], 2: [4, 5]");
    assert_eq!(told(1), "0: [1], 0: [3], 0: [5], pause, 1: [2], 1: [3], 2: [4], 2: [5]");
}

#[test]
fn what_is_cut_is_cut_at_once_and_a_moment_later_in_turn() {
    let bench = bench("turratech");
    let lost = [Attempt::AnswerLost; 3];
    let cut = |number, round| {
        let draft = attempt(&bench, schedule(&bench), number, &lost, round).expect("it leaves");
        draft.cut_after.expect("it is cut")
    };
    assert_eq!((cut(1, 0), cut(2, 0)), (LATER, Duration::ZERO));
    for number in 1..=3 {
        for round in 0..2 {
            assert_ne!(cut(number, round), cut(number, round + 1));
            assert_ne!(cut(number, round), cut(number + 1, round));
        }
    }
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
        let signed: BTreeSet<_> = of.iter().map(|draft| draft.signed_ago).collect();
        assert_eq!(signed.len(), left, "every attempt is signed anew");
        assert!(
            of.iter()
                .zip(of.iter().skip(1))
                .all(|(one, next)| one.signed_ago >= next.signed_ago + BETWEEN_SIGNATURES),
            "and later than the one before: {signed:?}"
        );
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
fn whoever_is_busy_is_tried_twice_more_and_not_for_ever() {
    let bench = bench("turratech");
    for status in ["409", "503 retry-after 1"] {
        let (sent, _) = rehearse(&bench, |number, _| if number == 3 { status } else { "200" }, |_, _| 1);
        let summary = |draft: &Draft| bench.seal(draft, STARTED).summary;
        let again = sent.iter().filter(|draft| summary(draft).contains("once more after"));
        assert_eq!(again.count(), 2, "{status}");
    }
}

#[test]
fn without_a_schedule_there_is_nothing_to_rehearse() {
    assert_verdicts(&REHEARSAL, &bench("turnstay"), &[(&[], "unknown: no retry schedule")]);
}
