//! An answer that waits for the work behind it.

use alloc::format;
use core::time::Duration;

use crate::{
    Basis, Bench, Check, Downstream, Exchange, Expecting, Failure, Feature, Harm, Judge, Level, Need,
    Outcome, Phase, Seen, Step,
    checks::otherwise,
    report::span,
    step::{fail, pass, unknown},
};

pub(crate) const SLOW_EFFECT: Check = Check {
    id: "timing/slow-effect",
    title: "an answer does not wait for a downstream that takes three seconds",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-6"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[Need::Accepted, Need::Downstream],
    explain: include_str!("../explain/timing-slow-effect.md"),
    judge: Judge::Script(slow_effect),
};

pub(crate) const SLOW_EFFECT_LIMIT: Check = Check {
    id: "timing/slow-effect-limit",
    title: "an answer comes in time even while the downstream takes longer than the limit",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::AttemptFailed,
    clauses: &["TT-6"],
    phase: Phase::Alone,
    rests_on: &[Feature::TimeLimit, Feature::Patience],
    needs: &[Need::Accepted, Need::Downstream],
    explain: include_str!("../explain/timing-slow-effect-limit.md"),
    judge: Judge::Script(slow_effect_limit),
};

fn slow_effect(bench: &Bench, seen: &[Seen]) -> Step {
    match seen {
        [] => Step::Set(bench.name(1), Downstream::slow(SLOW)),
        [Seen::Set(_)] => Step::Send(bench.event(1).noted("its downstream takes three seconds")),
        // It may be as slow without that.
        [Seen::Set(_), Seen::Answer(slowed)] if waited(slowed) => {
            Step::Send(bench.event(2).noted("its downstream as usual"))
        }
        [Seen::Set(_), Seen::Answer(slowed), Seen::Answer(usual), ..] => {
            if usual.status().is_none() || usual.took >= SLOW * 2 / 3 {
                unknown(format!(
                    "{} after {}, but {} after {} where the downstream was not slow",
                    slowed.result(),
                    span(slowed.took),
                    usual.result(),
                    span(usual.took)
                ))
            } else {
                fail(
                    "an answer before the downstream's",
                    format!("{} after {}", slowed.result(), span(slowed.took)),
                )
            }
        }
        [Seen::Set(_), Seen::Answer(slowed), ..] if !slowed.is_acknowledged() => unknown(format!(
            "the event was not acknowledged while its downstream was slow ({})",
            slowed.result()
        )),
        [Seen::Set(_), Seen::Answer(_)] => Step::Observe(bench.name(1), Expecting::Some),
        [Seen::Set(_), Seen::Answer(_), Seen::Effects(effects)] if effects.count == 0 => {
            unknown("the endpoint did not call its downstream, so nothing was slow")
        }
        [Seen::Set(_), Seen::Answer(_), Seen::Effects(_)] => pass(),
        _ => otherwise(seen),
    }
}

/// Whether an answer came no earlier than that of the downstream, or not at all.
fn waited(slowed: &Exchange) -> bool {
    slowed.took >= SLOW
}

/// Any status will do: a failed attempt is repeated, and one without an answer has cost the provider its patience.
fn slow_effect_limit(bench: &Bench, seen: &[Seen]) -> Step {
    let limit = bench.patience();
    match seen {
        [] => Step::Set(bench.name(1), Downstream::slow(limit + A_SECOND)),
        [Seen::Set(_)] => {
            Step::Send(bench.event(1).noted(format!("its downstream takes {}", span(limit + A_SECOND))))
        }
        [Seen::Set(_), Seen::Answer(_)] => Step::Set(bench.name(1), Downstream::SOUND),
        [Seen::Set(_), Seen::Answer(answer), Seen::Set(_), rest @ ..] => match (&answer.outcome, rest) {
            (Outcome::Failed(Failure::TimedOut { sent: true }), _) => {
                fail(format!("an answer of any status within {}", span(limit)), answer.result())
            }
            (Outcome::Answered(_), _) if answer.took > limit => fail(
                format!("an answer of any status within {}", span(limit)),
                format!("{} after {}", answer.result(), span(answer.took)),
            ),
            (Outcome::Answered(_), []) => Step::Observe(bench.name(1), Expecting::Some),
            (Outcome::Answered(_), [Seen::Effects(effects)]) if effects.count == 0 => {
                unknown("the endpoint did not call its downstream, so nothing was slow")
            }
            (Outcome::Answered(_), [Seen::Effects(_)]) => pass(),
            (Outcome::Answered(_), _) => otherwise(seen),
            _ => unknown(format!("there was no answer at all ({})", answer.result())),
        },
        _ => otherwise(seen),
    }
}

/// Nobody waits so long on purpose, and no endpoint that answers at once takes a third of it.
const SLOW: Duration = Duration::from_secs(3);

const A_SECOND: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::{
        Verdict,
        scene::{self, assert_verdict, assert_verdicts, bench, drafts, exchange, outcome, play},
    };

    fn set() -> Seen {
        Seen::Set(Downstream::SOUND)
    }

    fn answer(bench: &Bench, number: u16, text: &str, millis: u64) -> Seen {
        let took = Duration::from_millis(millis);
        Seen::Answer(Exchange { took, ..exchange(bench, &bench.event(number), outcome(text)) })
    }

    fn effects(bench: &Bench, count: u64) -> Seen {
        Seen::Effects(scene::effects(bench.name(1), count))
    }

    fn verdict(step: Step) -> Verdict {
        match step {
            Step::Decide(verdict) => verdict,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_answer_that_comes_no_earlier_than_the_downstreams_has_waited_for_it() {
        let bench = bench("turratech");
        for (transcript, expected) in [
            (vec![set(), answer(&bench, 1, "200", 1_000), effects(&bench, 1)], "pass"),
            (vec![set(), answer(&bench, 1, "202", 2_999), effects(&bench, 3)], "pass"),
            (
                vec![set(), answer(&bench, 1, "200", 5), effects(&bench, 0)],
                "unknown: did not call its downstream",
            ),
            (vec![set(), answer(&bench, 1, "200", 3_010), answer(&bench, 2, "200", 10)], "fail: 200 after 3"),
            (
                vec![set(), answer(&bench, 1, "500", 3_010), answer(&bench, 2, "200", 1_999)],
                "fail: 500 after",
            ),
            (vec![set(), answer(&bench, 1, "late", 30_000), answer(&bench, 2, "200", 10)], "fail: no answer"),
            // It takes as long at other times too.
            (
                vec![set(), answer(&bench, 1, "200", 3_010), answer(&bench, 2, "200", 2_000)],
                "unknown: 200 after 2",
            ),
            (
                vec![set(), answer(&bench, 1, "200", 3_010), answer(&bench, 2, "late", 10)],
                "unknown: no answer",
            ),
            (vec![set(), answer(&bench, 1, "500", 1_000)], "unknown: was not acknowledged while"),
            (vec![set(), answer(&bench, 1, "closed", 5)], "unknown: was not acknowledged while"),
            (vec![Seen::Cannot(Need::Downstream)], "unknown: --effects-listen"),
        ] {
            assert_verdict(&verdict(slow_effect(&bench, &transcript)), expected, "slow-effect");
        }
    }

    #[test]
    fn before_an_answer_is_held_to_have_waited_one_beside_no_slow_downstream_is_asked_for() {
        let bench = bench("turratech");
        for (millis, asks) in [(2_999, false), (3_000, true), (3_010, true)] {
            let step = slow_effect(&bench, &[set(), answer(&bench, 1, "200", millis)]);
            match step {
                Step::Send(draft) => assert!(asks && draft.event == bench.name(2), "{millis}: {draft:?}"),
                Step::Observe(event, Expecting::Some) => assert!(!asks && event == bench.name(1), "{millis}"),
                other => panic!("{millis}: {other:?}"),
            }
        }
    }

    #[test]
    fn only_an_answer_that_comes_too_late_or_never_is_held_against_the_endpoint() {
        let bench = bench("turratech");
        for (transcript, expected) in [
            (vec![set(), answer(&bench, 1, "200", 1_000), set(), effects(&bench, 1)], "pass"),
            (vec![set(), answer(&bench, 1, "500", 10_000), set(), effects(&bench, 2)], "pass"),
            (vec![set(), answer(&bench, 1, "200", 30_000), set(), effects(&bench, 1)], "pass"),
            (vec![set(), answer(&bench, 1, "200", 30_001), set()], "fail: 200 after 30"),
            (vec![set(), answer(&bench, 1, "late", 30_000), set()], "fail: no answer within 30 s"),
            (vec![set(), answer(&bench, 1, "200", 5), set(), effects(&bench, 0)], "unknown: did not call"),
            (
                vec![set(), answer(&bench, 1, "200", 5), set(), Seen::Cannot(Need::SettledEffects)],
                "unknown: raise --effect-wait",
            ),
            (vec![set(), answer(&bench, 1, "late-unsent", 30_000), set()], "unknown: no answer at all"),
            (vec![set(), answer(&bench, 1, "closed", 5), set()], "unknown: no answer at all"),
        ] {
            assert_verdict(&verdict(slow_effect_limit(&bench, &transcript)), expected, "slow-effect-limit");
        }
        assert_verdicts(&SLOW_EFFECT_LIMIT, &bench, &[(&["no-downstream"], "unknown: --effects-listen")]);
    }

    #[test]
    fn the_downstream_takes_a_second_more_than_the_provider_waits() {
        let bench = bench("turratech");
        let played = play(&SLOW_EFFECT_LIMIT, &bench, &["set", "200", "set", "1"]);
        let [Step::Set(of, slow), ..] = played.steps.as_slice() else { panic!("{played:?}") };
        assert_eq!((*of, *slow), (drafts(&played)[0].event, Downstream::slow(Duration::from_secs(31))));
    }
}
