//! How many events an endpoint remembers, how long, and through what.

use alloc::{format, vec::Vec};
use core::time::Duration;

use hookproof_core::Retries;

use super::not_yet;
use crate::{
    Basis, Bench, Check, Effects, EventName, Exchange, Expecting, Feature, Harm, Judge, Level, Need, Phase,
    Seen, Step,
    checks::{answers, exactly_one, is_busy, otherwise, statuses, throttled, until_free},
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

pub(crate) const AGED_REDELIVERY: Check = Check {
    id: "duplicate/aged-redelivery",
    title: "an event that was created long ago is remembered as long as any other",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectDoubled,
    clauses: &["TT-8", "TT-12"],
    phase: Phase::Sound,
    rests_on: &[Feature::Schedule, Feature::CreationTime],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/duplicate-aged-redelivery.md"),
    judge: Judge::Script(aged_redelivery),
};

pub(crate) const RETENTION: Check = Check {
    id: "duplicate/retention",
    title: "a processed event is remembered for as long as retries of it may come",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::EffectDoubled,
    clauses: &["TT-8", "TT-12"],
    phase: Phase::Alone,
    rests_on: &[Feature::Schedule],
    needs: &[Need::Accepted, Need::Clock],
    explain: include_str!("../explain/duplicate-retention.md"),
    judge: Judge::Script(retention),
};

pub(crate) const RESTART: Check = Check {
    id: "duplicate/restart",
    title: "a processed event is remembered when the endpoint is stopped and started",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectDoubled,
    clauses: &["TT-8", "TS-6"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[Need::Accepted, Need::Restart],
    explain: include_str!("../explain/duplicate-restart.md"),
    judge: Judge::Script(restart),
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
            let pauses = seen.iter().filter(|seen| matches!(seen, Seen::Paused(_))).count();
            stopped(bench, round, batch, pauses)
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

/// Some of a batch were not acknowledged.
fn stopped(bench: &Bench, round: Round, batch: &[Exchange], pauses: usize) -> Step {
    let refused: Vec<&Exchange> = batch.iter().filter(|copy| !copy.is_acknowledged()).collect();
    let busy = refused.iter().all(|copy| is_busy(copy));
    match refused.first() {
        Some(_) if busy && pauses < MOST_PAUSES => Step::Pause(until_free(bench, refused.iter().copied())),
        Some(first) if first.is_throttled() => throttled(first),
        Some(first) if round == Round::Second && first.status().is_some() && !busy => fail(
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

/// A memory that is measured from the event's creation is over before it begins.
fn aged_redelivery(bench: &Bench, seen: &[Seen]) -> Step {
    let Retries::Schedule(schedule) = &bench.provider.retries else {
        return unknown("the provider publishes no retry schedule");
    };
    let draft = || bench.event(1).created_ago(schedule.longest(bench.patience()));
    match seen {
        [] => Step::Send(draft()),
        [Seen::Answer(first)] if !first.is_acknowledged() => {
            unknown(format!("the first copy was not acknowledged ({}); see retry/aged-event", first.result()))
        }
        [Seen::Answer(_)] => Step::Observe(bench.name(1), Expecting::Some),
        [_, Seen::Effects(effects)] if effects.count == 0 => unseen(),
        [_, Seen::Effects(_)] => Step::Pause(SOME_SECONDS),
        [_, Seen::Effects(_), rest @ ..] => again(bench, seen, rest, draft().noted("again, signed anew")),
        _ => otherwise(seen),
    }
}

/// The retry after the longest outage, measured by the endpoint's own clock.
fn retention(bench: &Bench, seen: &[Seen]) -> Step {
    let Retries::Schedule(schedule) = &bench.provider.retries else {
        return unknown("the provider publishes no retry schedule");
    };
    let hours = schedule.longest(bench.patience()).as_secs().div_ceil(HOUR);
    match seen {
        [] => Step::Send(bench.event(1).signed_ago(SOME_SECONDS)),
        [Seen::Answer(first)] if !first.is_acknowledged() => unknown("the first copy was not acknowledged"),
        [Seen::Answer(_)] => Step::Observe(bench.name(1), Expecting::Some),
        [_, Seen::Effects(effects)] if effects.count == 0 => unseen(),
        [_, Seen::Effects(_)] => Step::AdvanceClock(Duration::from_secs(hours * HOUR)),
        [_, Seen::Effects(_), Seen::Advanced(_)] => {
            Step::Send(bench.event(2).noted("another event, to see whether the clock obeyed"))
        }
        [_, Seen::Effects(_), Seen::Advanced(_), Seen::Answer(fresh), ..] if !fresh.is_acknowledged() => {
            unknown(format!(
                "after its clock was moved by {hours} h, the endpoint did not acknowledge a fresh event ({}): does it go by the clock that --advance-clock-cmd moves?",
                fresh.result()
            ))
        }
        [_, Seen::Effects(_), Seen::Advanced(_), Seen::Answer(_), rest @ ..] => {
            again(bench, seen, rest, bench.event(1).noted(format!("again, {hours} h later")))
        }
        _ => otherwise(seen),
    }
}

/// The first answers of an endpoint that starts may be another's: a proxy's, or none.
fn restart(bench: &Bench, seen: &[Seen]) -> Step {
    match seen {
        [] => Step::Send(bench.event(1).signed_ago(SOME_SECONDS)),
        [Seen::Answer(first)] if !first.is_acknowledged() => unknown("the first copy was not acknowledged"),
        [Seen::Answer(_)] => Step::Observe(bench.name(1), Expecting::Some),
        [_, Seen::Effects(effects)] if effects.count == 0 => unseen(),
        [_, Seen::Effects(_)] => Step::Restart,
        [_, Seen::Effects(_), Seen::Restarted, rest @ ..] => {
            let tries = answers(rest).len();
            match rest.last() {
                Some(Seen::Answer(last)) if is_starting(last) && tries < MOST_TRIES => Step::Pause(A_SECOND),
                Some(Seen::Answer(last)) if is_starting(last) => {
                    unknown(format!("it was not acknowledged after the restart ({})", last.result()))
                }
                _ => again(bench, seen, rest, bench.event(1).noted("again, after a restart")),
            }
        }
        _ => otherwise(seen),
    }
}

fn is_starting(answer: &Exchange) -> bool {
    !answer.is_acknowledged() && answer.status().is_none_or(|status| status >= 500)
}

/// What had no effect the first time cannot be remembered by it.
fn unseen() -> Step {
    unknown("the first copy had no effect that was seen")
}

/// The copy that comes late: acknowledged, and without an effect of its own.
fn again(bench: &Bench, seen: &[Seen], rest: &[Seen], copy: crate::Draft) -> Step {
    let copies = answers(rest);
    match rest.last() {
        None | Some(Seen::Paused(_)) => Step::Send(copy),
        Some(Seen::Answer(last)) if !last.is_acknowledged() => {
            not_yet(bench, seen, &copies, "a success status for an event that was already processed")
        }
        Some(Seen::Answer(_)) => Step::Observe(bench.name(1), Expecting::Quiet),
        Some(Seen::Effects(effects)) => exactly_one(effects, &statuses(seen)),
        _ => otherwise(seen),
    }
}

/// So many counts of a command or a URL take a second or two.
const SAMPLED: usize = 20;

/// How often many events may wait for a busy endpoint in all.
const MOST_PAUSES: usize = 10;

/// For what a store sweeps out in the background; and so that a copy bears another signature.
const SOME_SECONDS: Duration = Duration::from_secs(2);

const HOUR: u64 = 60 * 60;

const A_SECOND: Duration = Duration::from_secs(1);

/// How often a restarted endpoint is tried, a second apart.
const MOST_TRIES: usize = 10;

#[cfg(test)]
mod tests;
