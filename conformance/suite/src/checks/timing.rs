//! An answer that comes too late is no answer.

use alloc::{format, vec::Vec};

use crate::{
    Basis, Bench, Check, Exchange, Failure, Feature, Harm, Intent, Judge, Level, Outcome, Phase, Verdict,
    report::span,
};

pub(crate) const WITHIN_LIMIT: Check = Check {
    id: "timing/within-limit",
    title: "every answer comes within the provider's time limit",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::AttemptFailed,
    clauses: &["TT-6"],
    phase: Phase::Alone,
    rests_on: &[Feature::TimeLimit],
    needs: &[],
    explain: include_str!("explain/timing-within-limit.md"),
    judge: Judge::Whole(within_limit),
};

fn within_limit(bench: &Bench, exchanges: &[Exchange]) -> Verdict {
    let Some(limit) = bench.time_limit() else {
        return Verdict::NotApplicable("no time limit is known".into());
    };
    // A stranger who is kept waiting is not the provider.
    let exchanges: Vec<&Exchange> =
        exchanges.iter().filter(|exchange| exchange.intent != Intent::Refusable).collect();
    let late = |exchange: &&&Exchange| match exchange.outcome {
        Outcome::Answered(_) => exchange.took > limit,
        Outcome::Failed(Failure::TimedOut { .. }) => true,
        Outcome::Cut | Outcome::Failed(_) => false,
    };
    let answered = exchanges.iter().filter(|exchange| exchange.status().is_some()).count();
    let count = exchanges.iter().filter(late).count();
    match exchanges.iter().find(late) {
        Some(first) => Verdict::Fail {
            expected: format!("an answer within {} every time", span(limit)),
            actual: format!(
                "{count} of {} came too late or never; the first was {}",
                exchanges.len(),
                first.sent.summary
            ),
        },
        None if answered == 0 => Verdict::Unknown("no delivery was answered".into()),
        None => Verdict::Pass,
    }
}
