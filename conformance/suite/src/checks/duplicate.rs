//! However often an event comes, it has one effect.

pub(crate) mod distinct;
pub(crate) mod failing;
pub(crate) mod forged;
pub(crate) mod key;
pub(crate) mod many;
pub(crate) mod memory;

use alloc::{format, vec::Vec};
use core::time::Duration;

use crate::{
    Basis, Bench, Check, Draft, EventName, Exchange, Expecting, Feature, Harm, Judge, Level, Need, Phase,
    Seen, Step,
    checks::{answers, exactly_one, is_busy, is_passing, otherwise, statuses, tally, throttled, until_free},
    step::{fail, out_of_step, unknown, unknown_without},
};

pub(crate) const SEQUENTIAL: Check = Check {
    id: "duplicate/sequential",
    title: "an event delivered again has one effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectDoubled,
    clauses: &["TT-8", "TS-6"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("explain/duplicate-sequential.md"),
    judge: Judge::Script(sequential),
};

pub(crate) const RESIGNED: Check = Check {
    id: "duplicate/resigned",
    title: "an event delivered again with a new signature has one effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectDoubled,
    clauses: &["TT-8", "TS-6"],
    phase: Phase::Sound,
    rests_on: &[Feature::SignedTimestamp],
    needs: &[Need::Accepted],
    explain: include_str!("explain/duplicate-resigned.md"),
    judge: Judge::Script(resigned),
};

pub(crate) const CONCURRENT: Check = Check {
    id: "duplicate/concurrent",
    title: "copies of an event that arrive at once have one effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectDoubled,
    clauses: &["TT-8", "TS-6"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("explain/duplicate-concurrent.md"),
    judge: Judge::Script(concurrent),
};

pub(crate) const LOST_ANSWER: Check = Check {
    id: "duplicate/lost-answer",
    title: "an event whose answer was lost and that comes again has one effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectDoubled,
    clauses: &["TT-8", "TT-12", "TS-6", "TS-7"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("explain/duplicate-lost-answer.md"),
    judge: Judge::Script(lost_answer),
};

fn sequential(bench: &Bench, seen: &[Seen]) -> Step {
    redelivered(bench, seen, bench.event(1), &bench.event(1).repeated().noted("again, the same bytes"))
}

fn resigned(bench: &Bench, seen: &[Seen]) -> Step {
    let first = bench.event(1).signed_ago(Duration::from_secs(2)).noted("signed two seconds ago");
    redelivered(bench, seen, first, &bench.event(1).noted("again, signed anew"))
}

/// Once, and when its effect has shown again on the same connection and on another one. An endpoint may turn a copy
/// away once or twice for now, because what it does after its answer is its own affair.
fn redelivered(bench: &Bench, seen: &[Seen], first: Draft, again: &Draft) -> Step {
    let copies = answers(seen);
    let acknowledged = copies.iter().filter(|copy| copy.is_acknowledged()).count();
    match (copies.as_slice(), seen.last()) {
        ([], _) => Step::Send(first.on_connection(1)),
        ([only], _) if !only.is_acknowledged() => unknown("the first copy was not acknowledged"),
        ([_], Some(Seen::Answer(_))) => Step::Observe(bench.name(1), Expecting::Some),
        ([_], _) => Step::Send(again.clone().on_connection(1)),
        ([_, .., last], Some(Seen::Answer(_))) if !last.is_acknowledged() => {
            not_yet(bench, seen, &copies, "a success status for an event that was already processed")
        }
        (_, Some(Seen::Paused(_))) if acknowledged < 2 => Step::Send(again.clone().on_connection(1)),
        (_, Some(Seen::Answer(_) | Seen::Paused(_))) if acknowledged < 3 => {
            Step::Send(again.clone().noted("on another connection"))
        }
        (_, Some(Seen::Answer(_))) => Step::Observe(bench.name(1), Expecting::Quiet),
        (_, Some(Seen::Effects(effects))) => exactly_one(effects, &statuses(seen)),
        _ => otherwise(seen),
    }
}

/// A redelivery was not acknowledged. Where no effect was looked for yet, an earlier copy may still be at work, and then
/// this one may be told anything; an endpoint that is busy or breaks down may get over it. Those are tried again,
/// twice at the most.
fn not_yet(bench: &Bench, seen: &[Seen], copies: &[&Exchange], expected: &str) -> Step {
    let Some(last) = copies.last() else { return otherwise(seen) };
    let waits = waits(seen, last.event);
    match last {
        unanswered if unanswered.status().is_none() => {
            unknown(format!("the redelivery was not answered ({})", unanswered.result()))
        }
        early if (is_passing(early) || !is_settled(seen)) && waits < 2 => {
            Step::Pause(until_free(bench, [*early]))
        }
        slowed if slowed.is_throttled() => throttled(slowed),
        early if is_passing(early) && !is_settled(seen) => still_refused(early),
        _ => fail(expected, statuses(seen)),
    }
}

/// How often a copy of this event was turned away and we waited for that to pass.
fn waits(seen: &[Seen], event: EventName) -> usize {
    let turned_away = |copy: &Exchange| copy.event == event && !copy.is_acknowledged();
    let pairs = seen.windows(2);
    pairs.filter(|pair| matches!(pair, [Seen::Answer(copy), Seen::Paused(_)] if turned_away(copy))).count()
}

/// Whether effects were counted, so that nobody is at work any more.
fn is_settled(seen: &[Seen]) -> bool {
    seen.iter().any(|seen| matches!(seen, Seen::Effects(_)))
}

fn still_refused(last: &Exchange) -> Step {
    unknown(format!("the redelivery was still not acknowledged ({})", last.result()))
}

/// Losers may answer anything, as long as a redelivery is acknowledged in the end.
fn concurrent(bench: &Bench, seen: &[Seen]) -> Step {
    let again = || Step::Send(bench.event(1).repeated().noted("again, after all"));
    match seen {
        [] => Step::SendTogether(
            (1..=COPIES).map(|_| bench.event(1).repeated().noted("one of 16 copies at once")).collect(),
        ),
        [Seen::Together(_)] => Step::Observe(bench.name(1), Expecting::Some),
        // Where its effect was not seen, the endpoint may still be at work.
        [Seen::Together(copies), Seen::Cannot(_)] if !copies.iter().all(Exchange::is_acknowledged) => {
            Step::Pause(until_free(bench, copies))
        }
        [_, _] | [.., Seen::Paused(_)] => again(),
        [.., Seen::Answer(last)] if last.is_acknowledged() => Step::Observe(bench.name(1), Expecting::Quiet),
        [_, _, Seen::Answer(last)] if is_passing(last) => Step::Pause(until_free(bench, [last])),
        [.., Seen::Answer(last)] if is_busy(last) || last.status().is_none() => still_refused(last),
        [.., Seen::Answer(last)] if is_passing(last) && !is_settled(seen) => still_refused(last),
        [.., Seen::Answer(_)] => {
            fail("a success status for a redelivery after all copies were answered", statuses(seen))
        }
        [Seen::Together(copies), _, .., Seen::Effects(effects)] if effects.count == 1 && !met(copies) => {
            unknown(format!("no two copies reached the endpoint at once ({})", tally(copies)))
        }
        [_, _, .., Seen::Effects(effects)] => exactly_one(effects, &statuses(seen)),
        _ => otherwise(seen),
    }
}

/// Whether at least two copies reached the endpoint.
fn met(copies: &[Exchange]) -> bool {
    copies.iter().filter(|copy| copy.arrived()).count() > 1
}

/// As many as meet when a provider's retry storm reaches several instances.
const COPIES: usize = 16;

/// Cut at once, when a slow endpoint is still at work, and cut later, when a fast one has answered.
fn lost_answer(bench: &Bench, seen: &[Seen]) -> Step {
    let counted = seen.iter().filter(|seen| matches!(seen, Seen::Effects(_))).count();
    match seen {
        [] => Step::Send(bench.event(1).signed_ago(Duration::from_secs(2)).cut_before_answer(Duration::ZERO)),
        [_] => Step::Send(
            bench.event(2).signed_ago(Duration::from_secs(2)).cut_before_answer(Duration::from_millis(100)),
        ),
        [Seen::Answer(cut), ..] | [_, Seen::Answer(cut), ..] if !cut.arrived() => {
            unknown(format!("the first delivery did not reach the endpoint ({})", cut.result()))
        }
        [_, _] => Step::Pause(Duration::from_millis(400)),
        [.., Seen::Cannot(need)] => unknown_without(*need),
        [_, _, _, rest @ ..] => redelivery(bench, rest, 1)
            .or_else(|| redelivery(bench, rest, 2))
            .or_else(|| {
                (counted < 2)
                    .then(|| Step::Observe(bench.name(if counted == 0 { 1 } else { 2 }), Expecting::Some))
            })
            .unwrap_or_else(|| {
                let mut effects = seen.iter().filter_map(|seen| match seen {
                    Seen::Effects(effects) => Some(effects),
                    _ => None,
                });
                let wrong = effects.clone().find(|effects| effects.count != 1).or(effects.next());
                wrong.map_or_else(out_of_step, |effects| exactly_one(effects, &statuses(seen)))
            }),
    }
}

/// The next step until a redelivery of this event is acknowledged; nothing when it is.
fn redelivery(bench: &Bench, seen: &[Seen], number: u16) -> Option<Step> {
    let copies: Vec<&Exchange> =
        answers(seen).into_iter().filter(|copy| copy.event == bench.name(number)).collect();
    match (copies.last(), seen.last()) {
        (Some(last), _) if last.is_acknowledged() => None,
        (Some(_), Some(Seen::Answer(_))) => {
            Some(not_yet(bench, seen, &copies, "a success status for the redelivery"))
        }
        _ => Some(Step::Send(bench.event(number).noted("again, signed anew"))),
    }
}

#[cfg(test)]
mod tests;
