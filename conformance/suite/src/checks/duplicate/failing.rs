//! What becomes of an event whose downstream fails.

use alloc::{format, vec};
use core::time::Duration;

use super::{met, not_yet};
use crate::{
    Basis, Bench, Check, Downstream, Effects, Expecting, Harm, Judge, Level, Need, Phase, Seen, Step,
    checks::{answers, exactly_one, otherwise, statuses, tally},
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
            in_the_end(bench, seen, copies.iter().any(crate::Exchange::is_acknowledged), rest)
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
    match copies.last() {
        _ if acknowledged => effect(bench, seen),
        Some(last) if last.is_acknowledged() => effect(bench, seen),
        Some(_) if matches!(rest.last(), Some(Seen::Answer(_))) => not_yet(
            bench,
            seen,
            &copies,
            "a success status for the redelivery, when the downstream is sound again",
        ),
        None if rest.is_empty() => Step::Set(bench.name(1), Downstream::SOUND),
        _ => match rest.last() {
            Some(Seen::Set(_) | Seen::Paused(_)) => {
                Step::Send(bench.event(1).noted("again, the downstream sound"))
            }
            _ => otherwise(seen),
        },
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
mod tests {
    use super::*;
    use crate::{
        Setting,
        scene::{assert_verdicts, bench, bench_with, drafts, play, setting},
    };

    fn knowing(own_retry: Duration) -> Bench {
        bench_with("turratech", Setting { own_retry_within: Some(own_retry), ..setting() })
    }

    #[test]
    fn an_event_whose_downstream_failed_has_its_effect_at_the_redelivery() {
        assert_verdicts(
            &FAILED_EFFECT,
            &bench("turratech"),
            &[
                (&["set", "500", "set", "200", "1"], "pass"),
                (&["set", "503", "set", "200", "1"], "pass"),
                (&["set", "closed", "set", "200", "1"], "pass"),
                (&["set", "late", "set", "200", "1"], "pass"),
                // It tries again at once, or from a queue of its own.
                (&["set", "200", "1"], "pass"),
                // Whoever was turned away for another reason did not meet the failing downstream.
                (&["set", "429", "set", "200", "1 untouched"], "unknown: did not call its downstream"),
                (&["set", "200", "1 untouched"], "unknown: did not call its downstream"),
                (&["set", "500", "set", "200", "2"], "fail: 500, 200, and two effects"),
                (&["set", "200", "2"], "fail: 200, and two effects"),
                (&["set", "500", "set", "500"], "fail: 500, 500"),
                (&["set", "500", "set", "400"], "fail: 500, 400"),
                // A lease may have to run out first.
                (&["set", "500", "set", "409", "200", "1"], "pass"),
                (
                    &["set", "500", "set", "409", "409 retry-after 60", "409"],
                    "unknown: still not acknowledged",
                ),
                (&["set", "500", "set", "late"], "unknown: was not answered"),
                (&["set", "refused"], "unknown: did not reach"),
                (&["no-downstream"], "unknown: --effects-listen"),
                (&["not-wired"], "unknown: is it wired"),
                (&["set", "500", "set", "200", "unsettled"], "unknown: raise --effect-wait"),
            ],
        );
    }

    #[test]
    fn whether_an_acknowledged_event_is_lost_rests_on_the_endpoints_own_retry() {
        let lost: &[&[&str]] = &[&["set", "200", "0"], &["set", "500", "set", "200", "0"]];
        for replies in lost {
            assert_verdicts(&FAILED_EFFECT, &bench("turratech"), &[(replies, "unknown: --own-retry-within")]);
            assert_verdicts(
                &FAILED_EFFECT,
                &knowing(Duration::ZERO),
                &[(replies, "fail: 200, and no effect")],
            );
        }
        assert_verdicts(
            &FAILED_EFFECT,
            &knowing(Duration::from_secs(60)),
            &[
                (&["set", "200", "0", "1"], "pass"),
                (&["set", "200", "0", "0"], "fail: 200, and no effect, 1 min later neither"),
                (&["set", "200", "0", "2"], "fail: 200, and two effects"),
            ],
        );
    }

    #[test]
    fn a_copy_that_was_acknowledged_while_the_first_failed_has_an_effect() {
        assert_verdicts(
            &OVERLAP_WITH_FAILURE,
            &knowing(Duration::ZERO),
            &[
                (&["set", "500 x 1, 409 x 1", "set", "200", "1"], "pass"),
                (&["set", "500 x 2", "set", "200", "1"], "pass"),
                (&["set", "500 x 1, 409 x 1", "set", "409", "200", "1"], "pass"),
                // The second copy took over, or both wait in a queue.
                (&["set", "500 x 1, 200 x 1", "1"], "pass"),
                (&["set", "202 x 2", "1"], "pass"),
                (&["set", "500 x 1, 200 x 1", "0"], "fail: 500 (1 of 2), 200 (1 of 2), and no effect"),
                (&["set", "200 x 2", "2"], "fail: 200 (2 of 2), and two effects"),
                (&["set", "500 x 1, 409 x 1", "set", "400"], "fail: 400"),
                (&["set", "500 x 1, 429 x 1", "set", "200", "1 untouched"], "unknown: did not call"),
                (&["set", "500 x 1, refused x 1"], "unknown: no two copies reached"),
                (&["no-downstream"], "unknown: --effects-listen"),
            ],
        );
        let lost: (&[&str], &str) = (&["set", "500 x 1, 200 x 1", "0"], "unknown: --own-retry-within");
        assert_verdicts(&OVERLAP_WITH_FAILURE, &bench("turratech"), &[lost]);
    }

    #[test]
    fn the_copies_are_the_same_bytes_and_the_redelivery_is_signed_anew() {
        let played = play(&OVERLAP_WITH_FAILURE, &bench("turratech"), &["set", "500 x 2", "set", "200", "1"]);
        let repeats: Vec<bool> = drafts(&played).iter().map(|draft| draft.repeats).collect();
        assert_eq!(repeats, [true, true, false]);
        let set = |step: &Step| match step {
            Step::Set(_, downstream) => Some(*downstream),
            _ => None,
        };
        let set: Vec<Downstream> = played.steps.iter().filter_map(set).collect();
        assert_eq!(set, [Downstream { delay: OVERLAP, failures: 1 }, Downstream::SOUND]);
    }

    use alloc::vec::Vec;
}
