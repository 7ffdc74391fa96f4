//! Whatever happens to a handful of events on their way, each has one effect in the end.
//!
//! Histories are drawn from the seed and played one after the other; all their effects are counted at once.
//! One that breaks the promise is played again, and where it breaks it again it is shrunk: smaller ones are
//! played as long as one of them breaks it in the same way. The smallest is played a last time, with all
//! patience, and printed as a script.

mod generate;
mod history;
mod judge;
mod play;
mod script;
mod shrink;

use alloc::{format, vec::Vec};
use core::ops::ControlFlow;

pub use self::{history::History, script::ScriptError};
use self::{
    judge::{Counts, Fault, Judgement},
    play::{Care, Next, Stage, Trial},
};
use crate::{
    Basis, Bench, Check, Downstream, Expecting, Harm, Judge, Level, Need, Phase, Seen, Setting, Step,
    Verdict, checks::otherwise, step::unknown_without,
};

pub(crate) const ANY_HISTORY: Check = Check {
    id: "property/any-history",
    title: "whatever happens to its deliveries, an event has one effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectMiscounted,
    clauses: &["TT-8", "TT-12", "TS-6"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("explain/property-any-history.md"),
    judge: Judge::Script(any_history),
};

fn any_history(bench: &Bench, seen: &[Seen]) -> Step {
    match verdict(&mut Stage::new(bench, seen)) {
        ControlFlow::Break(step) => step,
        ControlFlow::Continue(verdict) => Step::Decide(verdict),
    }
}

fn verdict(stage: &mut Stage<'_>) -> Next<Verdict> {
    let obeys = prepared(stage)?;
    let setting = &stage.bench().setting;
    if let Some(history) = &setting.replay {
        if history.commands_downstream() && !obeys {
            return ControlFlow::Break(unknown_without(Need::Downstream));
        }
        return ControlFlow::Continue(concluded(&stage.replay(core::slice::from_ref(history), Care::Full)?));
    }
    let cases = cases(setting, obeys);
    let trials = stage.play(&cases, Care::Full)?;
    let mut suspicious: Vec<History> =
        broken(&trials, Counts::Taken).into_iter().map(|(history, _)| history.clone()).collect();
    if suspicious.is_empty() {
        return ControlFlow::Continue(concluded(&trials));
    }
    suspicious.sort_by_key(History::size);
    suspicious.truncate(BATCH);
    let mut again = Vec::new();
    for history in &suspicious {
        again.extend(stage.replay(core::slice::from_ref(history), Care::Full)?);
        if !broken(&again, Counts::Taken).is_empty() {
            break;
        }
    }
    let mut replays = again.len();
    if broken(&again, Counts::Taken).is_empty() {
        stage.count_late(&mut again)?;
    }
    let Some((known, fault)) = broken(&again, Counts::Taken).into_iter().next() else {
        let first = broken(&trials, Counts::Taken).into_iter().next();
        let said = first.map(|(_, fault)| fault.said).unwrap_or_default();
        return ControlFlow::Continue(Verdict::Unknown(format!(
            "in one of {} histories {said}; played again, none that went wrong went wrong again",
            trials.len()
        )));
    };
    let smallest = shrunk(stage, known, &fault, &mut replays)?;
    // What is a matter of luck gets more than one chance.
    for _ in 0..MOST_REPLAYS.saturating_sub(replays).min(3) {
        let last = stage.replay(core::slice::from_ref(&smallest), Care::Full)?;
        if broken(&last, Counts::Taken).iter().any(|(_, last)| last.kind == fault.kind) {
            return ControlFlow::Continue(concluded(&last));
        }
    }
    let known: Vec<Trial<'_, '_>> = again.into_iter().filter(|trial| trial.history == known).collect();
    ControlFlow::Continue(concluded(&known))
}

fn cases(setting: &Setting, obeys: bool) -> Vec<History> {
    let cases = 0..setting.cases.min(MOST_CASES);
    cases.map(|case| generate::generate(setting.seed, u64::from(case), obeys)).collect()
}

/// Whether the downstream obeys us. Without an observer there is nothing to judge.
fn prepared(stage: &mut Stage<'_>) -> Next<bool> {
    match stage.take(|_| Step::ObserveEach(Vec::new(), Expecting::Quiet))? {
        Seen::Tallied(_) => {}
        other => return ControlFlow::Break(otherwise(core::slice::from_ref(other))),
    }
    match stage.take(|bench| Step::Set(bench.name(1), Downstream::SOUND))? {
        Seen::Set(_) => ControlFlow::Continue(true),
        Seen::Cannot(Need::Downstream) => ControlFlow::Continue(false),
        other => ControlFlow::Break(otherwise(core::slice::from_ref(other))),
    }
}

/// The smallest history that was found to break the promise in the same way, while replays are left.
fn shrunk(stage: &mut Stage<'_>, known: &History, fault: &Fault, replays: &mut usize) -> Next<History> {
    let mut smallest = known.clone();
    let mut tried: Vec<History> = Vec::new();
    loop {
        // Some are kept for the last time.
        let left = MOST_REPLAYS.saturating_sub(*replays + 3).min(BATCH);
        let mut candidates = shrink::shrink(&smallest);
        candidates.retain(|candidate| !tried.contains(candidate));
        candidates.truncate(left);
        if candidates.is_empty() {
            return ControlFlow::Continue(smallest);
        }
        *replays += candidates.len();
        let trials = stage.replay(&candidates, Care::Quick)?;
        let same = |(_, other): &(&History, Fault)| other.kind == fault.kind;
        let broken = broken(&trials, Counts::Taken).into_iter().filter(same);
        if let Some((smaller, _)) = broken.min_by_key(|(history, _)| history.size()) {
            smallest = smaller.clone();
        }
        tried.extend(candidates);
    }
}

/// The histories that broke the promise, and how.
fn broken<'h>(trials: &[Trial<'h, '_>], counts: Counts) -> Vec<(&'h History, Fault)> {
    let faults = trials.iter().filter_map(|trial| match trial.judge(counts) {
        Judgement::Broken(fault) => Some((trial.history, fault)),
        Judgement::Holds | Judgement::Open(_) => None,
    });
    faults.collect()
}

/// The verdict on what was played last, by the last count of its effects.
fn concluded(trials: &[Trial<'_, '_>]) -> Verdict {
    if let Some((history, fault)) = broken(trials, Counts::Last).into_iter().next() {
        return Verdict::Fail {
            expected: fault.kind.expected().into(),
            actual: format!("{}, after this history\n{history}", fault.said),
        };
    }
    let open = trials.iter().find_map(|trial| match trial.judge(Counts::Last) {
        Judgement::Open(why) => Some(why),
        Judgement::Holds | Judgement::Broken(_) => None,
    });
    open.map_or(Verdict::Pass, Verdict::Unknown)
}

/// How often histories are played again in all, in search of the smallest one.
const MOST_REPLAYS: usize = 64;

/// As many are played before their effects are counted together.
const BATCH: usize = 8;

/// So that every event of every history and of its replays has a number of its own.
pub(crate) const MOST_CASES: u16 = 1_000;

#[cfg(test)]
mod tests;
