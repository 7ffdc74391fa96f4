//! How long an endpoint remembers an event, and through what.

use alloc::format;
use core::time::Duration;

use hookproof_core::Retries;

use super::not_yet;
use crate::{
    Basis, Bench, Check, Draft, Expecting, Feature, Harm, Judge, Level, Need, Phase, Seen, Step, Verdict,
    checks::{answers, exactly_one, otherwise, statuses},
    step::unknown,
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

/// An endpoint that was stopped while it noted what it had done may do it again: who is caught is tried once more, and
/// has some seconds of rest before it is stopped.
fn restart(bench: &Bench, seen: &[Seen]) -> Step {
    let rounds = (0..=seen.len()).filter_map(|end| seen.split_at_checked(end));
    let caught = rounds.into_iter().find_map(|(first, second)| match stopped(bench, first, 1) {
        Step::Decide(Verdict::Fail { .. }) => Some((first, second)),
        _ => None,
    });
    match caught {
        None => stopped(bench, seen, 1),
        // What the last count of the run adds cannot be tried again.
        Some((first, [])) if !was_seen_then(first) => stopped(bench, first, 1),
        Some((first, second)) => match stopped(bench, second, RESTED) {
            Step::Decide(Verdict::Pass) => unknown(format!(
                "stopped as soon as its effect had shown, the endpoint dealt with the event anew ({}), and after {} s of rest it did not: either it notes late what it did, or the command stops it in the middle of its work",
                statuses(first),
                SOME_SECONDS.as_secs()
            )),
            step => step,
        },
    }
}

/// Whether the last count was what it is when it was made.
fn was_seen_then(seen: &[Seen]) -> bool {
    !matches!(seen.last(), Some(Seen::Effects(effects)) if effects.count != effects.at_first)
}

/// One event that is processed, a restart, and the event again. The first answers of an endpoint that starts may be
/// another's: a proxy's, or none.
fn stopped(bench: &Bench, seen: &[Seen], event: u16) -> Step {
    match seen {
        [] => Step::Send(bench.event(event).signed_ago(SOME_SECONDS)),
        [Seen::Answer(first)] if !first.is_acknowledged() => unknown("the first copy was not acknowledged"),
        [Seen::Answer(_)] => Step::Observe(bench.name(event), Expecting::Some),
        [_, Seen::Effects(effects)] if effects.count == 0 => unseen(),
        [_, Seen::Effects(_)] if event == RESTED => Step::Pause(SOME_SECONDS),
        // Its effect shows before the endpoint has noted it.
        [_, Seen::Effects(_)] => Step::Observe(bench.name(event), Expecting::Quiet),
        [_, Seen::Effects(_), Seen::Effects(_) | Seen::Paused(_)] => Step::Restart,
        [_, Seen::Effects(_), _, Seen::Restarted, rest @ ..] => match rest.iter().position(is_acknowledged) {
            None => starting(bench, rest, event + 1),
            Some(runs) => {
                let rest = rest.get(runs + 1..).unwrap_or_default();
                again(bench, seen, rest, bench.event(event).noted("again, after a restart"))
            }
        },
        _ => otherwise(seen),
    }
}

/// Another event tells when it runs.
fn starting(bench: &Bench, tried: &[Seen], other: u16) -> Step {
    match tried.last() {
        None | Some(Seen::Paused(_)) => {
            Step::Send(bench.event(other).noted("another event, to see whether it runs again"))
        }
        Some(Seen::Answer(_)) if answers(tried).len() < MOST_TRIES => Step::Pause(A_SECOND),
        Some(Seen::Answer(last)) => unknown(format!(
            "no event was acknowledged within {MOST_TRIES} s after the restart ({})",
            last.result()
        )),
        _ => otherwise(tried),
    }
}

fn is_acknowledged(seen: &Seen) -> bool {
    matches!(seen, Seen::Answer(exchange) if exchange.is_acknowledged())
}

/// What had no effect the first time cannot be remembered by it.
fn unseen() -> Step {
    unknown("the first copy had no effect that was seen")
}

/// The copy that comes late: acknowledged, and without an effect of its own.
fn again(bench: &Bench, seen: &[Seen], rest: &[Seen], copy: Draft) -> Step {
    let copies = answers(rest);
    match rest.last() {
        None | Some(Seen::Paused(_)) => Step::Send(copy),
        Some(Seen::Answer(last)) if !last.is_acknowledged() => {
            not_yet(bench, seen, &copies, "a success status for an event that was already processed")
        }
        Some(Seen::Answer(last)) => Step::Observe(last.event, Expecting::Quiet),
        Some(Seen::Effects(effects)) => exactly_one(effects, &statuses(seen)),
        _ => otherwise(seen),
    }
}

/// For what a store sweeps out in the background; and so that a copy bears another signature.
const SOME_SECONDS: Duration = Duration::from_secs(2);

const HOUR: u64 = 60 * 60;

/// The event of the second round of restarts.
const RESTED: u16 = 3;

const A_SECOND: Duration = Duration::from_secs(1);

/// How often a restarted endpoint is tried, a second apart.
const MOST_TRIES: usize = 10;

#[cfg(test)]
mod tests;
