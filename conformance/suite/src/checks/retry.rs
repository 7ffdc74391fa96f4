//! What comes late, because earlier attempts failed, still counts.

pub(crate) mod rehearsal;

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

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::scene::{assert_verdicts, bench, drafts, play};

    #[test]
    fn an_old_event_has_its_effect_like_a_fresh_one() {
        assert_verdicts(
            &AGED_EVENT,
            &bench("turratech"),
            &[
                (&["200", "1"], "pass"),
                (&["202", "2"], "pass"),
                (&["400"], "fail: 400"),
                (&["409"], "fail: 409"),
                (&["500"], "fail: 500"),
                (&["closed"], "fail: connection closed"),
                (&["200", "0"], "fail: 200, and no effect"),
                (&["429"], "unknown: come back later"),
                (&["503 retry-after 9"], "unknown: come back later"),
                (&["200", "no-observer"], "unknown: nothing observes effects"),
                (&["200", "not-wired"], "unknown: is it wired"),
                (&["200", "unsettled"], "unknown: raise --effect-wait"),
            ],
        );
    }

    #[test]
    fn it_is_as_old_as_the_last_attempt_can_make_it_and_freshly_signed() {
        let bench = bench("turratech");
        let played = play(&AGED_EVENT, &bench, &["200", "1"]);
        let draft = drafts(&played)[0];
        // 37 h 35 min of delays and eight attempts of 30 s.
        assert_eq!((draft.created_ago, draft.signed_ago), (Duration::from_secs(135_540), Duration::ZERO));
    }

    #[test]
    fn without_a_schedule_there_is_nothing_to_judge() {
        for provider in ["turnstay", "github", "stripe", "standard-webhooks"] {
            assert_verdicts(&AGED_EVENT, &bench(provider), &[(&[], "unknown: no retry schedule")]);
        }
    }
}
