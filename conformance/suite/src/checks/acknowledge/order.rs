//! Events need not come in the order in which they happened.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use crate::{
    Basis, Bench, Check, Expecting, Feature, Harm, Judge, Level, Need, Phase, Seen, Step, Verdict,
    checks::{all_acknowledged, otherwise},
    step::{fail, pass},
};

pub(crate) const OUT_OF_ORDER: Check = Check {
    id: "acknowledge/out-of-order",
    title: "events that come newest first have their effects, each its own",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::EffectLost,
    clauses: &["TT-8"],
    phase: Phase::Sound,
    rests_on: &[Feature::CreationTime],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/acknowledge-out-of-order.md"),
    judge: Judge::Script(out_of_order),
};

/// Of objects that have nothing to do with each other, so that none supersedes another.
fn out_of_order(bench: &Bench, seen: &[Seen]) -> Step {
    let events = [1, 2, 3];
    let drafts = events.map(|number| bench.event(number).created_ago(MINUTE * u32::from(number)));
    let deliveries = seen.get(..events.len()).unwrap_or(seen);
    match (all_acknowledged(bench, deliveries, drafts.to_vec()), seen.get(events.len()..)) {
        (Step::Decide(Verdict::Pass), None | Some([])) => {
            Step::ObserveEach(events.map(|number| bench.name(number)).to_vec(), Expecting::Some)
        }
        (Step::Decide(Verdict::Pass), Some([Seen::Tallied(effects)])) => {
            let lost: Vec<String> = effects
                .iter()
                .zip(deliveries)
                .filter(|(effects, _)| effects.count == 0)
                .filter_map(|(_, delivery)| match delivery {
                    Seen::Answer(answer) => {
                        Some(format!("{}: {}, and no effect", answer.sent.summary, answer.result()))
                    }
                    _ => None,
                })
                .collect();
            if lost.is_empty() { pass() } else { fail("an effect of each", lost.join("; ")) }
        }
        (Step::Decide(Verdict::Pass), _) => otherwise(seen),
        (step, _) => step,
    }
}

/// Longer apart than any two events that are delivered by chance in the wrong order, and far from old.
const MINUTE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::scene::{assert_verdicts, bench, drafts, play};

    #[test]
    fn each_has_its_effect_whatever_came_before() {
        assert_verdicts(
            &OUT_OF_ORDER,
            &bench("turratech"),
            &[
                (&["200", "200", "200", "1 x 3"], "pass"),
                (&["200", "202", "200", "2 x 3"], "pass"),
                (
                    &["200", "200", "200", "1 x 2, 0 x 1"],
                    "fail: event 3, created 3 min ago: 200, and no effect",
                ),
                (
                    &["200", "200", "200", "0 x 2, 1 x 1"],
                    "fail: event 1, created 1 min ago: 200, and no effect; event 2",
                ),
                (&["200", "400", "200"], "fail: event 2, created 2 min ago: 400"),
                (&["200", "closed", "409"], "fail: 409"),
                (&["200", "200", "429"], "unknown: come back later"),
                (&["200", "503 retry-after 1", "400"], "fail: 400"),
                (&["200", "200", "200", "no-observer"], "unknown: nothing observes effects"),
                (&["200", "200", "200", "not-wired"], "unknown: is it wired"),
                (&["200", "200", "200", "unsettled"], "unknown: raise --effect-wait"),
            ],
        );
    }

    #[test]
    fn the_newest_comes_first_and_no_two_share_an_object() {
        let bench = bench("turratech");
        let played = play(&OUT_OF_ORDER, &bench, &["200", "200", "200", "1 x 3"]);
        let drafts = drafts(&played);
        let ages: Vec<u64> = drafts.iter().map(|draft| draft.created_ago.as_secs()).collect();
        assert_eq!(ages, [60, 120, 180]);
        let mut tokens: Vec<_> = drafts.iter().flat_map(|draft| bench.tokens(draft.event)).collect();
        tokens.sort_unstable();
        let all = tokens.len();
        tokens.dedup();
        assert_eq!(tokens.len(), all);
        let observed = vec![bench.name(1), bench.name(2), bench.name(3)];
        assert!(
            matches!(&played.steps[3], Step::ObserveEach(events, Expecting::Some) if *events == observed)
        );
    }
}
