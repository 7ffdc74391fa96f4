//! Whatever comes, the next good event is served.

pub(crate) mod framing;
pub(crate) mod method;
pub(crate) mod nonsense;
pub(crate) mod odd;

use alloc::format;

use crate::{
    Basis, Bench, Check, Draft, Exchange, Failure, Harm, Intent, Judge, Level, Need, Outcome, Phase, Verdict,
    step::pass,
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

/// What the checks of what no provider sends have in common.
const HOSTILE: Check = Check {
    id: "",
    title: "",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-4"],
    phase: Phase::Hostile,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: "",
    judge: Judge::Script(|_, _| pass()),
};

/// What no provider sends: whatever becomes of it says nothing about ordinary traffic.
fn hostile(mut draft: Draft) -> Draft {
    draft.intent = Intent::Refusable;
    draft
}

#[cfg(test)]
mod tests {
    use alloc::{vec, vec::Vec};

    use super::*;
    use crate::scene::{assert_verdict, bench, exchange, outcome};

    #[test]
    fn the_last_canary_tells_whether_the_endpoint_is_well() {
        let bench = bench("turratech");
        let sent = |text: &str| exchange(&bench, &bench.event(1), outcome(text));
        let canary = |text: &str| Exchange { intent: Intent::Canary, ..sent(text) };
        for (exchanges, expected) in [
            (vec![canary("200")], "pass"),
            (vec![canary("500"), canary("204"), sent("500")], "pass"),
            (vec![canary("200"), canary("500")], "fail: twice, a second apart: 500"),
            (vec![canary("503")], "fail: 503"),
            (vec![canary("refused")], "fail: connection refused"),
            (vec![canary("closed")], "fail: connection closed"),
            (vec![canary("half-closed")], "fail: connection closed"),
            (vec![canary("late")], "fail: no answer within 30 s"),
            (vec![canary("not-http")], "fail: not HTTP/1.1"),
            // Something before the endpoint has had enough of us.
            (vec![canary("403")], "unknown: seems to block us"),
            (vec![canary("429")], "unknown: seems to block us"),
            (vec![canary("connect-timeout")], "unknown: seems to block us"),
            (vec![canary("unreachable")], "unknown: seems to block us"),
            (vec![canary("tls")], "unknown: seems to block us"),
            (vec![sent("200")], "unknown: no ordinary event was sent after the others"),
            (vec![], "unknown: no ordinary event was sent after the others"),
        ] {
            let said = format!("{:?}", exchanges.iter().map(Exchange::result).collect::<Vec<_>>());
            assert_verdict(&survives(&bench, &exchanges), expected, &said);
        }
    }
}
