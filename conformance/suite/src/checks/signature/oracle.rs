//! A refusal that explains itself to a forger.

use alloc::{string::String, vec::Vec};

use super::trial::{listed, said};
use crate::{
    Basis, Bench, Check, Exchange, Feature, Harm, Intent, Judge, Level, Need, Outcome, Phase, Verdict,
};

pub(crate) const NO_ORACLE: Check = Check {
    id: "signature/no-oracle",
    title: "no refusal shows the signature that would have been right",
    level: Level::Must,
    basis: Basis::Hookproof,
    harm: Harm::ForgeryBelieved,
    clauses: &["TT-7"],
    phase: Phase::Hostile,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted, Need::Refuses],
    explain: include_str!("../explain/signature-no-oracle.md"),
    judge: Judge::Whole(no_oracle),
};

/// Judged by what was noted of each answer as it came; the evidence no longer shows a MAC.
fn no_oracle(_: &Bench, exchanges: &[Exchange]) -> Verdict {
    let forgeries: Vec<&Exchange> =
        exchanges.iter().filter(|exchange| exchange.intent == Intent::Refusable).collect();
    let shown: Vec<String> =
        forgeries.iter().filter(|answer| answer.shows_mac).map(|answer| said(answer)).collect();
    if !shown.is_empty() {
        return Verdict::Fail {
            expected: "a refusal that does not show the right signature".into(),
            actual: alloc::format!("it stands in the answer to {}", listed(&shown)),
        };
    }
    // A body that is no event, or a request cut short, is refused for that.
    let refusals = || forgeries.iter().filter(|answer| answer.forged && !answer.is_acknowledged());
    let bodies = || {
        refusals().filter_map(|answer| match &answer.outcome {
            Outcome::Answered(answer) => Some(&answer.body),
            Outcome::Cut | Outcome::Failed(_) => None,
        })
    };
    if bodies().any(|body| body.len() >= READ) {
        return Verdict::Unknown(alloc::format!("of a refusal only the first {READ} bytes were read"));
    }
    match bodies().next() {
        Some(_) => Verdict::Pass,
        None => Verdict::Unknown("no forgery was answered with a refusal".into()),
    }
}

/// So much of an answer's body is read at most.
const READ: usize = 20_000;

#[cfg(test)]
mod tests;
