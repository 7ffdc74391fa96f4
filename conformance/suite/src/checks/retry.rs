//! What comes late, because earlier attempts failed, still counts.

use alloc::format;

use hookproof_core::Retries;

use crate::{
    Basis, Bench, Check, Expecting, Feature, Harm, Judge, Level, Need, Phase, Seen, Step,
    checks::{excused, otherwise},
    step::{fail, pass, unknown},
};

pub(crate) const AGED_EVENT: Check = Check {
    id: "retry/aged-event",
    title: "an event that was created before the first retry has its effect at the last one",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-12"],
    phase: Phase::Sound,
    rests_on: &[Feature::Schedule, Feature::CreationTime],
    needs: &[Need::Accepted],
    explain: include_str!("explain/retry-aged-event.md"),
    judge: Judge::Script(aged_event),
};

fn aged_event(bench: &Bench, seen: &[Seen]) -> Step {
    let Retries::Schedule(schedule) = &bench.provider.retries else {
        return unknown("the provider publishes no retry schedule");
    };
    let age = schedule.longest(bench.patience());
    match seen {
        [] => Step::Send(bench.event(1).created_ago(age).noted("freshly signed")),
        [Seen::Answer(only), ..] if !only.is_acknowledged() => excused(bench, only).unwrap_or_else(|| {
            fail(format!("{}, as for a fresh event", bench.provider.acknowledgement), only.result())
        }),
        [_] => Step::Observe(bench.name(1), Expecting::Some),
        [Seen::Answer(only), Seen::Effects(effects)] if effects.count == 0 => {
            fail("an effect, as for a fresh event", format!("{}, and no effect", only.result()))
        }
        [_, Seen::Effects(_)] => pass(),
        _ => otherwise(seen),
    }
}
