//! The provider's schedule played through with faults between.

use alloc::{format, string::String, vec, vec::Vec};
use core::time::Duration;

use hookproof_core::{Retries, RetrySchedule};

use crate::{
    Basis, Bench, Check, Draft, Effects, EventName, Exchange, Expecting, Feature, Harm, Judge, Level, Need,
    Phase, Seen, Step,
    checks::{is_busy, otherwise, throttled, until_free},
    step::{fail, pass, unknown},
};

pub(crate) const REHEARSAL: Check = Check {
    id: "retry/rehearsal",
    title: "whichever attempts of a schedule fail, an event that is acknowledged has one effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectMiscounted,
    clauses: &["TT-12", "TT-13"],
    phase: Phase::Sound,
    rests_on: &[Feature::Schedule],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/retry-rehearsal.md"),
    judge: Judge::Script(rehearsal),
};

/// What becomes of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attempt {
    /// It never arrives.
    Undelivered,
    /// It arrives, and its answer does not.
    AnswerLost,
    /// It arrives, and we read its answer.
    Delivered,
}

impl Attempt {
    const fn name(self) -> &'static str {
        match self {
            Self::Undelivered => "not delivered",
            Self::AnswerLost => "answer lost",
            Self::Delivered => "delivered",
        }
    }
}

/// Every pattern side by side, attempt by attempt; then the effects of all.
fn rehearsal(bench: &Bench, seen: &[Seen]) -> Step {
    let Retries::Schedule(schedule) = &bench.provider.retries else {
        return unknown("the provider publishes no retry schedule");
    };
    let patterns = patterns(bench, schedule.attempts());
    let rounds = rounds(bench, &patterns);
    match (rounds.get(seen.len()), seen.get(rounds.len()..)) {
        (Some(Part::Pause), _) => Step::Pause(A_MOMENT),
        (Some(Part::Batch { round, numbers }), _) => {
            let sent = numbers.iter().filter_map(|number| {
                let pattern = patterns.get(usize::from(*number) - 1)?;
                attempt(bench, schedule, *number, pattern, *round)
            });
            Step::SendTogether(sent.collect())
        }
        (None, Some(rest)) => conclusion(bench, schedule, &patterns, seen, rest),
        (None, None) => otherwise(seen),
    }
}

/// One step of the rehearsal.
enum Part {
    /// The attempts of this round of the events of these numbers.
    Batch { round: usize, numbers: Vec<u16> },
    /// Behind those that we cut.
    Pause,
}

/// Every pattern of up to four attempts that ends with a delivery, some longer ones that the seed chooses, and one
/// of which no answer ever comes.
fn patterns(bench: &Bench, attempts: usize) -> Vec<Vec<Attempt>> {
    let short = (0..SHORT).flat_map(|before| (0..1_u16 << before).map(move |faults| (before, faults)));
    let choices: Vec<u16> = (0..1 << (LONGEST - 1)).collect();
    let long = bench.shuffled(&choices).into_iter().zip((SHORT..LONGEST).cycle()).take(LONG);
    let faults = |(before, faults): (usize, u16)| {
        let lost = (0..before).map(move |attempt| faults >> attempt & 1 == 1);
        lost.map(|lost| if lost { Attempt::AnswerLost } else { Attempt::Undelivered })
    };
    let delivered = short.chain(long.map(|(faults, before)| (before, faults)));
    let delivered = delivered.map(|pattern| faults(pattern).chain([Attempt::Delivered]).collect::<Vec<_>>());
    let silent = vec![Attempt::AnswerLost; SHORT];
    delivered.chain([silent]).filter(|pattern| pattern.len() <= attempts).collect()
}

/// The deliveries of each attempt, in batches that leave room for others.
fn rounds(bench: &Bench, patterns: &[Vec<Attempt>]) -> Vec<Part> {
    let batch = (bench.jobs / 2).max(1);
    let mut parts = Vec::new();
    for round in 0..patterns.iter().map(Vec::len).max().unwrap_or_default() {
        let sent = |wanted: &dyn Fn(Attempt) -> bool| -> Vec<u16> {
            let all = (1..).zip(patterns);
            let sent = all.filter(|(_, pattern)| pattern.get(round).is_some_and(|attempt| wanted(*attempt)));
            sent.map(|(number, _)| number).collect()
        };
        let numbers = sent(&|attempt| attempt != Attempt::Undelivered);
        parts.extend(numbers.chunks(batch).map(|numbers| Part::Batch { round, numbers: numbers.to_vec() }));
        if !sent(&|attempt| attempt == Attempt::AnswerLost).is_empty() {
            parts.push(Part::Pause);
        }
    }
    parts
}

/// The delivery of one attempt, if it leaves. The event is as old as it is at its last attempt: its bytes stay the
/// same from one to the next, as the provider's do.
fn attempt(
    bench: &Bench,
    schedule: &RetrySchedule,
    number: u16,
    pattern: &[Attempt],
    round: usize,
) -> Option<Draft> {
    let attempt = *pattern.get(round)?;
    let draft = delivery(bench, schedule, number, pattern).noted(format!(
        "attempt {} of: {}",
        round + 1,
        words(pattern)
    ));
    // No two attempts of an event bear one signature.
    let draft = draft.signed_ago(BETWEEN_SIGNATURES * u32::try_from(LONGEST - round).unwrap_or_default());
    match attempt {
        Attempt::Undelivered => None,
        Attempt::Delivered => Some(draft),
        Attempt::AnswerLost => {
            let at_once = number.is_multiple_of(2) == round.is_multiple_of(2);
            Some(draft.cut_before_answer(if at_once { Duration::ZERO } else { LATER }))
        }
    }
}

fn delivery(bench: &Bench, schedule: &RetrySchedule, number: u16, pattern: &[Attempt]) -> Draft {
    let before = schedule.delays().iter().take(pattern.len().saturating_sub(1));
    bench.event(number).created_ago(before.sum())
}

fn words(pattern: &[Attempt]) -> String {
    pattern.iter().map(|attempt| attempt.name()).collect::<Vec<_>>().join(", ")
}

/// What was sent is over: whoever is busy is tried again, and the effects are counted.
fn conclusion(
    bench: &Bench,
    schedule: &RetrySchedule,
    patterns: &[Vec<Attempt>],
    seen: &[Seen],
    rest: &[Seen],
) -> Step {
    let sent = || {
        seen.iter().flat_map(|seen| match seen {
            Seen::Together(exchanges) => exchanges.as_slice(),
            _ => &[],
        })
    };
    let is_acknowledged = |event: EventName| sent().any(|copy| copy.event == event && copy.is_acknowledged());
    let numbered = || (1..).zip(patterns).map(|(number, pattern)| (number, bench.name(number), pattern));
    let due: Vec<_> = numbered()
        .filter(|(_, event, pattern)| pattern.contains(&Attempt::Delivered) && !is_acknowledged(*event))
        .collect();
    let last = |event: EventName| sent().rfind(|copy| copy.event == event);
    if !due.is_empty() {
        let refused: Vec<&Exchange> = due.iter().filter_map(|(_, event, _)| last(*event)).collect();
        if let Some(Seen::Paused(_)) = rest.last() {
            let again = due.iter().map(|(number, _, pattern)| {
                delivery(bench, schedule, *number, pattern)
                    .noted(format!("once more after: {}", words(pattern)))
            });
            return Step::SendTogether(again.take(bench.jobs).collect());
        }
        let cut = |pattern: &[Attempt]| pattern.contains(&Attempt::AnswerLost);
        let is_over = numbered().any(|(_, event, pattern)| cut(pattern) && is_acknowledged(event));
        return refusal(bench, &refused, is_over, rest);
    }
    let (done, silent): (Vec<EventName>, Vec<EventName>) =
        numbered().map(|(_, event, _)| event).partition(|event| is_acknowledged(*event));
    let tallied: Vec<&[Effects]> = rest
        .iter()
        .filter_map(|seen| match seen {
            Seen::Tallied(effects) => Some(effects.as_slice()),
            _ => None,
        })
        .collect();
    match (tallied.as_slice(), rest.last()) {
        (_, Some(Seen::Cannot(_) | Seen::Failed(_))) => otherwise(rest),
        ([], _) => Step::ObserveEach(done, Expecting::Some),
        ([_], _) => Step::ObserveEach(silent, Expecting::Quiet),
        ([done, silent, ..], _) => {
            let of = |event: EventName| {
                numbered()
                    .find(|(_, name, _)| *name == event)
                    .map_or_else(String::new, |(_, _, pattern)| words(pattern))
            };
            let wrong: Vec<String> = done
                .iter()
                .filter(|effects| effects.count != 1)
                .chain(silent.iter().filter(|effects| effects.count > 1))
                .map(|effects| format!("{} ({}): {}", effects.event, of(effects.event), effects.phrase()))
                .collect();
            if wrong.is_empty() {
                pass()
            } else {
                fail(
                    "one effect of each event that was acknowledged, and at most one of the others",
                    wrong.join("; "),
                )
            }
        }
    }
}

/// Attempts that we read to their end were not acknowledged. One that was cut may still be at work, and as long as it is
/// the endpoint may tell others anything; what it tells after two pauses is its last word, if that work was over by then
/// where other events were concerned.
fn refusal(bench: &Bench, refused: &[&Exchange], is_over: bool, rest: &[Seen]) -> Step {
    let pauses = rest.iter().filter(|seen| matches!(seen, Seen::Paused(_))).count();
    let told = |copy: &Exchange| format!("{}: {}", copy.sent.summary, copy.result());
    let definite = refused.iter().find(|copy| copy.status().is_some() && !is_busy(copy));
    match (definite, refused.first()) {
        (_, Some(_)) if pauses < MOST_PAUSES && refused.iter().all(|copy| copy.status().is_some()) => {
            Step::Pause(until_free(bench, refused.iter().copied()))
        }
        (Some(copy), _) if is_over => fail("a success status for an attempt that is delivered", told(copy)),
        (None, Some(copy)) if copy.is_throttled() => throttled(copy),
        (_, Some(copy)) => unknown(format!("an attempt was not acknowledged ({})", told(copy))),
        (_, None) => otherwise(rest),
    }
}

/// Patterns of up to so many attempts are all tried.
const SHORT: usize = 4;

/// As many attempts as TurraTech makes.
const LONGEST: usize = 8;

/// How many longer ones are.
const LONG: usize = 5;

/// For an endpoint that is still at work when we have hung up.
const A_MOMENT: Duration = Duration::from_millis(200);

/// When a fast endpoint has answered.
const LATER: Duration = Duration::from_millis(100);

const BETWEEN_SIGNATURES: Duration = Duration::from_secs(2);

const MOST_PAUSES: usize = 2;

#[cfg(test)]
mod tests;
