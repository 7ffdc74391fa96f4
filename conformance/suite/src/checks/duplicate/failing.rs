//! What becomes of an event whose downstream fails.

use alloc::{format, vec};
use core::time::Duration;

use super::{met, not_yet, waits};
use crate::{
    Basis, Bench, Check, Downstream, Effects, Exchange, Expecting, Harm, Judge, Level, Need, Phase, Seen,
    Step,
    checks::{answers, exactly_one, is_passing, otherwise, statuses, tally},
    report::span,
    step::{fail, unknown},
};

pub(crate) const OVERLAP_WITH_FAILURE: Check = Check {
    id: "duplicate/overlap-with-failure",
    title: "a copy that comes while the first one is failing is not acknowledged for nothing",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-8", "TS-6"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted, Need::Downstream],
    explain: include_str!("../explain/duplicate-overlap-with-failure.md"),
    judge: Judge::Script(overlap_with_failure),
};

pub(crate) const FAILED_EFFECT: Check = Check {
    id: "duplicate/failed-effect",
    title: "an event whose effect failed at first has it in the end, and once",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-8", "TS-6"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted, Need::Downstream],
    explain: include_str!("../explain/duplicate-failed-effect.md"),
    judge: Judge::Script(failed_effect),
};

/// Two copies at once. One of them reaches the downstream first, which takes its time and then fails.
fn overlap_with_failure(bench: &Bench, seen: &[Seen]) -> Step {
    let copy =
        || bench.event(1).repeated().noted("one of 2 copies at once; the downstream is slow, then fails");
    match seen {
        [] => Step::Set(bench.name(1), Downstream { delay: OVERLAP, failures: 1 }),
        [Seen::Set(_)] => Step::SendTogether(vec![copy(), copy()]),
        [Seen::Set(_), Seen::Together(copies), ..] if !met(copies) => {
            unknown(format!("no two copies reached the endpoint at once ({})", tally(copies)))
        }
        [Seen::Set(_), Seen::Together(copies), rest @ ..] => {
            in_the_end(bench, seen, copies.iter().any(Exchange::is_acknowledged), rest)
        }
        _ => otherwise(seen),
    }
}

fn failed_effect(bench: &Bench, seen: &[Seen]) -> Step {
    match seen {
        [] => Step::Set(bench.name(1), Downstream::failing(1)),
        [Seen::Set(_)] => Step::Send(bench.event(1).noted("its downstream fails once")),
        [Seen::Set(_), Seen::Answer(first), ..] if !first.arrived() => {
            unknown(format!("the event did not reach the endpoint ({})", first.result()))
        }
        [Seen::Set(_), Seen::Answer(first), rest @ ..] => {
            in_the_end(bench, seen, first.is_acknowledged(), rest)
        }
        _ => otherwise(seen),
    }
}

/// Whoever acknowledged must see to the effect; whoever did not is given the event again.
fn in_the_end(bench: &Bench, seen: &[Seen], acknowledged: bool, rest: &[Seen]) -> Step {
    let copies = answers(rest);
    match (copies.last(), rest.last()) {
        _ if acknowledged => effect(bench, seen),
        (Some(last), _) if last.is_acknowledged() => effect(bench, seen),
        (Some(last), Some(Seen::Answer(_))) => refused(bench, seen, &copies, last),
        (None, None) => Step::Set(bench.name(1), Downstream::SOUND),
        (_, Some(Seen::Set(_) | Seen::Paused(_))) => {
            Step::Send(bench.event(1).noted("again, the downstream sound"))
        }
        _ => otherwise(seen),
    }
}

/// An endpoint may keep an event whose work failed to itself for a while, with a lease or for a next try of its own.
fn refused(bench: &Bench, seen: &[Seen], copies: &[&Exchange], last: &Exchange) -> Step {
    let expected = "a success status for the redelivery, when the downstream is sound again";
    let is_kept = is_passing(last) && !last.is_throttled();
    match (bench.setting.own_retry_within.filter(|within| !within.is_zero()), waits(seen, last.event)) {
        (Some(within), 2) if is_kept => Step::Pause(within),
        (Some(_), 3..) if is_kept => fail(expected, statuses(seen)),
        (None, 2..) if is_kept => unknown(format!(
            "the redelivery was still not acknowledged ({}); for how long the endpoint keeps to itself what its \
             downstream failed to do, --own-retry-within says",
            last.result()
        )),
        _ => not_yet(bench, seen, copies, expected),
    }
}

/// The effect must come: at once, or where the endpoint tries again by itself as soon as it says.
fn effect(bench: &Bench, seen: &[Seen]) -> Step {
    let counted = seen.iter().filter(|seen| matches!(seen, Seen::Effects(_))).count();
    match seen.last() {
        Some(Seen::Answer(_) | Seen::Together(_) | Seen::Paused(_)) => {
            Step::Observe(bench.name(1), Expecting::Some)
        }
        Some(Seen::Effects(effects)) if effects.count == 0 => {
            absent(bench.setting.own_retry_within, effects, &statuses(seen), counted > 1)
        }
        Some(Seen::Effects(effects)) if effects.count == 1 && effects.refused == 0 => {
            unknown("the endpoint did not call its downstream while that was to fail")
        }
        Some(Seen::Effects(effects)) => exactly_one(effects, &statuses(seen)),
        _ => otherwise(seen),
    }
}

/// An event was acknowledged and has no effect: lost, if nobody tries it again.
fn absent(own_retry: Option<Duration>, effects: &Effects, statuses: &str, waited: bool) -> Step {
    let phrase = effects.phrase();
    match own_retry {
        None => unknown(format!(
            "{statuses}, and {phrase} yet; within which time the endpoint tries again by itself what its \
             downstream failed to do, --own-retry-within says (0s: never)"
        )),
        Some(within) if waited || within.is_zero() => {
            let by_itself = if waited {
                format!(", {} later neither", span(within))
            } else {
                alloc::string::String::new()
            };
            fail("one effect in the end", format!("{statuses}, and {phrase}{by_itself}"))
        }
        Some(within) => Step::Pause(within),
    }
}

/// Long enough for the second copy to come meanwhile, and shorter than anybody's patience.
const OVERLAP: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests;
