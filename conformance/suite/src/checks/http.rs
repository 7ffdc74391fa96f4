//! Whatever comes, the next good event is served.

use alloc::format;

use crate::{
    Basis, Bench, Check, Exchange, Failure, Harm, Intent, Judge, Level, Need, Outcome, Phase, Verdict,
};

pub(crate) const SURVIVES: Check = Check {
    id: "http/survives",
    title: "after everything that was sent, an ordinary event is acknowledged",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-4", "TS-3"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("explain/http-survives.md"),
    judge: Judge::Whole(survives),
};

/// Judged by the last canary. A canary that was not acknowledged was followed by another a second later.
fn survives(_: &Bench, exchanges: &[Exchange]) -> Verdict {
    let Some(last) = exchanges.iter().rfind(|exchange| exchange.intent == Intent::Canary) else {
        return Verdict::Unknown("no ordinary event was sent after the others".into());
    };
    let dead = match &last.outcome {
        Outcome::Answered(_) if last.is_acknowledged() => return Verdict::Pass,
        Outcome::Answered(answer) => answer.status >= 500,
        Outcome::Failed(failure) => {
            matches!(
                failure,
                Failure::Refused | Failure::Closed { .. } | Failure::TimedOut { .. } | Failure::NotHttp(_)
            )
        }
        Outcome::Cut => false,
    };
    if dead {
        Verdict::Fail {
            expected: "an ordinary event is acknowledged".into(),
            actual: format!("twice, a second apart: {}", last.result()),
        }
    } else {
        Verdict::Unknown(format!(
            "an ordinary event was not acknowledged any more ({}); something before the endpoint seems to block us",
            last.result()
        ))
    }
}
