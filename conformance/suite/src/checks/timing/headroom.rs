//! Far from the limit on an ordinary day.

use alloc::{format, vec::Vec};
use core::time::Duration;

use super::tells_time;
use crate::{
    Basis, Bench, Check, Exchange, Failure, Feature, Harm, Judge, Level, Outcome, Phase, Verdict,
    report::span,
};

pub(crate) const HEADROOM: Check = Check {
    id: "timing/headroom",
    title: "all but one in a hundred answers come within a sixth of the time limit",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-6"],
    phase: Phase::Alone,
    rests_on: &[Feature::TimeLimit],
    needs: &[],
    explain: include_str!("../explain/timing-headroom.md"),
    judge: Judge::Whole(headroom),
};

fn headroom(bench: &Bench, exchanges: &[Exchange]) -> Verdict {
    let Some(limit) = bench.time_limit() else {
        return Verdict::NotApplicable("no time limit is known".into());
    };
    let mut times: Vec<Duration> = exchanges
        .iter()
        .filter(|exchange| tells_time(exchange))
        .filter(|exchange| {
            matches!(exchange.outcome, Outcome::Answered(_) | Outcome::Failed(Failure::TimedOut { .. }))
        })
        .map(|exchange| exchange.took)
        .collect();
    times.sort_unstable();
    // The 99th percentile by nearest rank: of fewer than a hundred it is the slowest.
    let rank = times.len().saturating_mul(99).div_ceil(100);
    let Some(slowest) = rank.checked_sub(1).and_then(|place| times.get(place)) else {
        return Verdict::Unknown("no delivery was answered".into());
    };
    if *slowest <= limit / HEADROOM_OF {
        return Verdict::Pass;
    }
    Verdict::Fail {
        expected: format!("99 of 100 answers within {}", span(limit / HEADROOM_OF)),
        actual: format!("of {} answers, 99 of 100 came within {}", times.len(), span(*slowest)),
    }
}

/// What is left for a database that is slow today, for a cold start, and for the network.
const HEADROOM_OF: u32 = 6;

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::{
        Intent,
        scene::{assert_verdict, bench, exchange, outcome},
    };

    #[test]
    fn ninety_nine_of_a_hundred_answers_leave_headroom() {
        let bench = bench("turratech");
        let took = |text: &str, millis| Exchange {
            took: Duration::from_millis(millis),
            ..exchange(&bench, &bench.event(1), outcome(text))
        };
        let many = |slow: usize| {
            let slow = vec![took("200", 5_001); slow];
            [vec![took("200", 20); 100 - slow.len()], slow].concat()
        };
        for (exchanges, expected) in [
            (vec![took("200", 5_000)], "pass"),
            (vec![took("200", 5_001)], "fail: of 1 answers, 99 of 100 came within 5.0 s"),
            (many(1), "pass"),
            (many(2), "fail: of 100 answers"),
            (vec![took("late", 30_000)], "fail: within 30 s"),
            (vec![took("500", 20)], "pass"),
            (vec![took("200", 20), took("cut", 9_000), took("closed", 9_000)], "pass"),
            (vec![took("200", 20), Exchange { slowed: true, ..took("200", 9_000) }], "pass"),
            (vec![took("200", 20), Exchange { intent: Intent::Refusable, ..took("200", 9_000) }], "pass"),
            (vec![took("closed", 20)], "unknown: no delivery was answered"),
            (vec![], "unknown: no delivery was answered"),
        ] {
            assert_verdict(&headroom(&bench, &exchanges), expected, expected);
        }
    }

    #[test]
    fn without_a_limit_it_does_not_apply() {
        assert_verdict(&headroom(&bench("turnstay"), &[]), "n/a: no time limit", "turnstay");
    }
}
