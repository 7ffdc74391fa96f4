//! Headers that no provider writes and a lenient parser takes.

mod headers;

use alloc::{format, string::String, vec::Vec};

use self::headers::Malformed;
use super::{
    forged::written,
    trial::{Trial, listed, said},
};
use crate::{
    Basis, Bench, Check, Draft, Exchange, Feature, Harm, Judge, Level, Need, Phase, Seen, Step, Verdict,
    checks::{answers, otherwise},
    step::{fail, unknown},
};

pub(crate) const REJECTS_MALFORMED: Check = Check {
    id: "signature/rejects-malformed",
    title: "malformed signature headers have no effect and break nothing",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-7"],
    // So many refusals make some endpoints shut us out, and then the phase shows nothing.
    phase: Phase::Hostile,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/signature-rejects-malformed.md"),
    judge: Judge::Script(rejects_malformed),
};

fn rejects_malformed(bench: &Bench, seen: &[Seen]) -> Step {
    let all = bench.provider.signature.as_ref().map(headers::of).unwrap_or_default();
    let last = u16::try_from(all.len()).unwrap_or(u16::MAX);
    let numbered = |number: u16| match all.get(usize::from(number - 1)) {
        Some(malformed) => draft(bench, number, malformed),
        // There is no number beyond the last.
        None => bench.event(number).forged(),
    };
    Trial::step(bench, seen, last, numbered, |trial| match trial.verdict(1, last) {
        failed @ Step::Decide(Verdict::Fail { .. }) => failed,
        verdict => errors(bench, &all, &trial).unwrap_or(verdict),
    })
}

fn draft(bench: &Bench, number: u16, (name, spelling): &Malformed) -> Draft {
    written(bench, number, |_| *spelling).noted(format!("its signature malformed ({name})"))
}

/// What follows from errors, if there were any. They are held against an endpoint only if it answers a well-formed
/// forgery otherwise, and answers an error again: some answer 500 to whatever they refuse, and others once in a while
/// to anything.
fn errors(bench: &Bench, all: &[Malformed], trial: &Trial<'_>) -> Option<Step> {
    let broken: Vec<(&Exchange, &Malformed)> =
        trial.sent.iter().copied().zip(all).filter(|(answer, _)| is_error(answer)).collect();
    broken.first()?;
    let behind = |count: usize| u16::try_from(all.len() + count).unwrap_or(u16::MAX);
    Some(match trial.since {
        [] => Step::Send(bench.event(behind(1)).forged()),
        [Seen::Answer(forged), ..] if is_error(forged) => unknown(format!(
            "{} of them were answered with an error, and so is a plain forgery ({}): from outside that looks like a refusal",
            broken.len(),
            forged.result()
        )),
        [Seen::Answer(_), repeated @ ..] => match broken.iter().take(REPEATED).nth(repeated.len()) {
            Some((_, malformed)) => {
                Step::Send(draft(bench, behind(2 + repeated.len()), malformed).noted("once more"))
            }
            None => {
                let broken: Vec<String> =
                    answers(repeated).into_iter().filter(|answer| is_error(answer)).map(said).collect();
                if broken.is_empty() {
                    unknown("some were answered with an error, and not when they were sent again")
                } else {
                    fail("a refusal, as a plain forgery gets, and no error", listed(&broken))
                }
            }
        },
        since => otherwise(since),
    })
}

/// An error of the endpoint's own. 503 is what a busy one answers.
fn is_error(answer: &Exchange) -> bool {
    matches!(answer.status(), Some(500..=502 | 504..=599))
}

/// Of many errors a few prove the case.
const REPEATED: usize = 3;

#[cfg(test)]
mod tests;
