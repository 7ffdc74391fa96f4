//! What a stranger's copy leaves behind.

use alloc::format;

use super::not_yet;
use crate::{
    Basis, Bench, Check, Exchange, Expecting, Feature, Harm, Judge, Level, Need, Phase, Seen, Step,
    checks::{answers, exactly_one, is_busy, otherwise, statuses},
    step::unknown,
};

pub(crate) const FORGED_FIRST: Check = Check {
    id: "duplicate/forged-first",
    title: "a forged copy that comes first does not suppress the genuine event",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-7", "TT-8"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/duplicate-forged-first.md"),
    judge: Judge::Script(forged_first),
};

/// Whoever notes an id before the signature is verified lets any stranger suppress any event.
fn forged_first(bench: &Bench, seen: &[Seen]) -> Step {
    let copies = answers(seen);
    match (copies.as_slice(), seen.last()) {
        ([], _) => Step::Send(bench.event(1).forged()),
        ([forged, ..], _) if !forged.arrived() => {
            unknown(format!("the forged copy did not reach the endpoint ({})", forged.result()))
        }
        ([_], Some(Seen::Answer(_))) => Step::Observe(bench.name(1), Expecting::Quiet),
        ([_], Some(Seen::Effects(effects))) if effects.count > 0 => unknown(
            "the forged copy had the effect itself, so the genuine one could not; see signature/rejects-forged",
        ),
        // Without an observer, a genuine event that is refused still tells.
        ([_], Some(Seen::Effects(_) | Seen::Cannot(_))) => {
            Step::Send(bench.event(1).noted("the genuine event"))
        }
        ([_, .., last], Some(Seen::Answer(_))) if !last.is_acknowledged() => {
            refused(bench, seen, &copies, last)
        }
        ([_, .., last], Some(Seen::Answer(_))) if last.event == bench.name(1) => {
            Step::Observe(bench.name(1), Expecting::Some)
        }
        ([_, ..], Some(Seen::Paused(_) | Seen::Answer(_))) => {
            Step::Send(bench.event(1).noted("the genuine event again"))
        }
        (_, Some(Seen::Effects(effects))) => exactly_one(effects, &statuses(seen)),
        _ => otherwise(seen),
    }
}

/// A genuine event was refused: for what the forged copy left behind, or because whoever sent that is kept out for a
/// while. Another event tells.
fn refused(bench: &Bench, seen: &[Seen], copies: &[&Exchange], last: &Exchange) -> Step {
    let other = bench.name(2);
    if last.event == other {
        return unknown(format!(
            "behind a forged copy no ordinary event was acknowledged either ({})",
            last.result()
        ));
    }
    let is_definite = last.status().is_some() && !is_busy(last);
    if is_definite && !copies.iter().any(|copy| copy.event == other) {
        return Step::Send(bench.event(2).noted("another event, to see whether any is acknowledged"));
    }
    not_yet(bench, seen, copies, "a success status for the genuine event behind a forged copy")
}

#[cfg(test)]
mod tests;
