//! How many events an endpoint remembers.

use alloc::{format, vec::Vec};
use core::time::Duration;

use crate::{
    Basis, Bench, Check, Effects, EventName, Exchange, Expecting, Harm, Judge, Level, Need, Phase, Seen,
    Step,
    checks::{is_busy, is_passing, otherwise, throttled, until_free},
    step::{fail, pass, unknown},
};

pub(crate) const MANY: Check = Check {
    id: "duplicate/many",
    title: "many events that all come again have one effect each",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::EffectDoubled,
    clauses: &["TT-8"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/duplicate-many.md"),
    judge: Judge::Script(many),
};

/// All events once, in batches of as many as may be in flight; their effects; all again; their effects.
fn many(bench: &Bench, seen: &[Seen]) -> Step {
    match seen {
        // Without an observer nothing can be proven, so nothing need be sent.
        [] => Step::ObserveEach(Vec::new(), Expecting::Quiet),
        [Seen::Tallied(_), rest @ ..] => two_rounds(bench, rest),
        _ => otherwise(seen),
    }
}

fn two_rounds(bench: &Bench, seen: &[Seen]) -> Step {
    let all = usize::from(bench.setting.many);
    let round =
        if seen.iter().any(|seen| matches!(seen, Seen::Tallied(_))) { Round::Second } else { Round::First };
    let landed = seen.iter().map(|seen| match seen {
        Seen::Together(batch) => batch.iter().filter(|copy| copy.is_acknowledged()).count(),
        _ => 0,
    });
    let landed = landed.sum::<usize>().saturating_sub(if round == Round::Second { all } else { 0 });
    let next = || names(bench, (1..=bench.setting.many).skip(landed).take(bench.jobs));
    match seen.last() {
        Some(Seen::Together(batch)) if !batch.iter().all(Exchange::is_acknowledged) => {
            stopped(bench, seen, round, batch)
        }
        Some(Seen::Paused(_)) => {
            let refused = seen.iter().rev().find_map(|seen| match seen {
                Seen::Together(batch) => Some(batch.iter().filter(|copy| !copy.is_acknowledged())),
                _ => None,
            });
            send(bench, round, refused.into_iter().flatten().map(|copy| copy.event).collect())
        }
        None | Some(Seen::Together(_)) if landed < all => send(bench, round, next()),
        Some(Seen::Tallied(effects)) if landed < all => {
            lost(effects).unwrap_or_else(|| send(bench, round, next()))
        }
        Some(Seen::Together(_)) => {
            let expecting = if round == Round::First { Expecting::Some } else { Expecting::Quiet };
            Step::ObserveEach(counted(bench), expecting)
        }
        Some(Seen::Tallied(effects)) => {
            lost(effects).or_else(|| doubled(bench, effects)).unwrap_or_else(pass)
        }
        _ => otherwise(seen),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Round {
    First,
    Second,
}

fn names(bench: &Bench, numbers: impl Iterator<Item = u16>) -> Vec<EventName> {
    numbers.map(|number| bench.name(number)).collect()
}

/// Those whose effects are counted: all where that is cheap, otherwise some that the seed chooses.
fn counted(bench: &Bench) -> Vec<EventName> {
    let all: Vec<u16> = (1..=bench.setting.many).collect();
    if bench.counts_dearly {
        names(bench, bench.shuffled(&all).into_iter().take(SAMPLED))
    } else {
        names(bench, all.into_iter())
    }
}

/// Each on a connection that stays open, as a busy provider sends.
fn send(bench: &Bench, round: Round, events: Vec<EventName>) -> Step {
    let drafts = events.into_iter().zip(1..=u8::MAX).map(|(event, lane)| {
        let draft = bench.event(event.number).on_connection(lane);
        match round {
            Round::First => draft.signed_ago(SOME_SECONDS),
            Round::Second => draft.noted("again, after all the others"),
        }
    });
    Step::SendTogether(drafts.collect())
}

/// Some of a batch were not acknowledged. They are tried again as long as the endpoint is busy, and twice where it
/// breaks down under them.
fn stopped(bench: &Bench, seen: &[Seen], round: Round, batch: &[Exchange]) -> Step {
    let refused: Vec<&Exchange> = batch.iter().filter(|copy| !copy.is_acknowledged()).collect();
    let pauses = seen.iter().filter(|seen| matches!(seen, Seen::Paused(_))).count();
    let in_a_row = seen.rchunks(2).take_while(|last| matches!(last, [Seen::Paused(_), _])).count();
    let is_busy = refused.iter().all(|copy| is_busy(copy));
    let is_passing = refused.iter().all(|copy| is_passing(copy));
    match refused.first() {
        Some(_) if pauses < MOST_PAUSES && (is_busy || is_passing && in_a_row < 2) => {
            Step::Pause(until_free(bench, refused.iter().copied()))
        }
        Some(first) if first.is_throttled() => throttled(first),
        Some(first) if round == Round::Second && first.status().is_some() && !is_busy => fail(
            "a success status for each redelivery",
            format!("{}: {}", first.sent.summary, first.result()),
        ),
        Some(first) => unknown(format!("{} was not acknowledged ({})", first.sent.summary, first.result())),
        None => otherwise(&[]),
    }
}

fn lost(effects: &[Effects]) -> Option<Step> {
    let none: Vec<&Effects> = effects.iter().filter(|effects| effects.count == 0).collect();
    let first = none.first()?;
    let actual = format!("{} of {} had none; the first was {}", none.len(), effects.len(), first.event);
    Some(fail("one effect for each event", actual))
}

fn doubled(bench: &Bench, effects: &[Effects]) -> Option<Step> {
    let more: Vec<&Effects> = effects.iter().filter(|effects| effects.count > 1).collect();
    let first = more.first()?;
    let actual = format!(
        "{} of {} had more; the first was {}: {}",
        more.len(),
        effects.len(),
        first.event,
        first.phrase()
    );
    Some(fail(format!("one effect for each of {} events that came twice", bench.setting.many), actual))
}

/// So many counts of a command or a URL take a second or two.
const SAMPLED: usize = 20;

/// How often many events may wait for a busy endpoint in all.
const MOST_PAUSES: usize = 10;

/// So that a copy bears another signature.
const SOME_SECONDS: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests;
