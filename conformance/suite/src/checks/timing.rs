//! An answer that comes too late is no answer.

pub(crate) mod burst;
pub(crate) mod headroom;
pub(crate) mod senders;
pub(crate) mod slow;

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
    let exchanges: Vec<&Exchange> = exchanges.iter().filter(|exchange| tells_time(exchange)).collect();
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

/// Whether the time of an answer says something about the endpoint: a stranger who is kept waiting is not the
/// provider, and who is slow must not hurry others.
fn tells_time(exchange: &Exchange) -> bool {
    exchange.intent != Intent::Refusable && !exchange.slowed
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::scene::{assert_verdict, bench, exchange, outcome};

    #[test]
    fn every_answer_to_the_provider_comes_within_the_limit() {
        let bench = bench("turratech");
        let took = |text: &str, millis: u64| {
            let took = core::time::Duration::from_millis(millis);
            Exchange { took, ..exchange(&bench, &bench.event(1), outcome(text)) }
        };
        let forged = |text: &str, millis| Exchange { intent: Intent::Refusable, ..took(text, millis) };
        for (exchanges, expected) in [
            (vec![took("200", 5), took("500", 29_999)], "pass"),
            (vec![took("200", 30_000)], "pass"),
            (vec![took("200", 30_001)], "fail: 1 of 1 came too late or never; the first was event 1"),
            (vec![took("200", 5), took("late", 30_000), took("late", 30_000)], "fail: 2 of 3"),
            (vec![took("500", 31_000)], "fail: 1 of 1"),
            (vec![took("late-unsent", 30_000)], "fail: 1 of 1"),
            // We hung up, or nobody answered: that says nothing about time.
            (vec![took("200", 5), took("cut", 40_000), took("closed", 40_000)], "pass"),
            (vec![took("cut", 1), took("refused", 1)], "unknown: no delivery was answered"),
            // So may whoever was slow himself.
            (vec![took("200", 5), Exchange { slowed: true, ..took("200", 40_000) }], "pass"),
            // A stranger may wait.
            (vec![took("200", 5), forged("400", 40_000), forged("late", 30_000)], "pass"),
            (vec![forged("400", 5)], "unknown: no delivery was answered"),
            (vec![], "unknown: no delivery was answered"),
        ] {
            let said = format!("{:?}", exchanges.iter().map(Exchange::result).collect::<Vec<_>>());
            assert_verdict(&within_limit(&bench, &exchanges), expected, &said);
        }
    }

    #[test]
    fn without_a_limit_it_does_not_apply() {
        assert_verdict(&within_limit(&bench("turnstay"), &[]), "n/a: no time limit", "turnstay");
    }
}
