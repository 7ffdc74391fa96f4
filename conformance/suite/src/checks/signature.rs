//! Who may be believed: a right signature over the bytes as sent, and nobody else.

mod forged;
mod list;
mod malformed;
mod oracle;
mod time;
mod trial;

use alloc::{format, string::String, vec, vec::Vec};

pub(crate) use self::{
    forged::{REJECTS_DOWNGRADE, REJECTS_EMPTY, REJECTS_TAMPERED_TIMESTAMP, REJECTS_TRUNCATED},
    list::{ACCEPTS_EXTRA_SCHEME, ACCEPTS_ROTATED},
    malformed::REJECTS_MALFORMED,
    oracle::NO_ORACLE,
    time::{
        ACCEPTS_SKEW, REJECTS_FUTURE, REJECTS_NON_NUMERIC_TIMESTAMP, REJECTS_STALE, REJECTS_TWO_TIMESTAMPS,
    },
};
use crate::{
    Basis, Bench, Check, Draft, Exchange, Expecting, Feature, Harm, HeaderCase, Judge, Level, Need, Outcome,
    Phase, Seen, Step,
    checks::{all_acknowledged, answers, otherwise, throttled},
    step::{fail, pass, unknown},
};

pub(crate) const REJECTS_MISSING: Check = Check {
    id: "signature/rejects-missing",
    title: "an event without a signature has no effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::ForgeryBelieved,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted],
    explain: include_str!("explain/signature-rejects-missing.md"),
    judge: Judge::Script(|bench, seen| without_effect(bench, seen, bench.event(1).unsigned())),
};

pub(crate) const REJECTS_FORGED: Check = Check {
    id: "signature/rejects-forged",
    title: "an event signed with another secret has no effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::ForgeryBelieved,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted],
    explain: include_str!("explain/signature-rejects-forged.md"),
    judge: Judge::Script(|bench, seen| without_effect(bench, seen, bench.event(1).forged())),
};

pub(crate) const REJECTS_TAMPERED_BODY: Check = Check {
    id: "signature/rejects-tampered-body",
    title: "an event whose body changed after signing has no effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::ForgeryBelieved,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted],
    explain: include_str!("explain/signature-rejects-tampered-body.md"),
    judge: Judge::Script(|bench, seen| without_effect(bench, seen, bench.event(1).tampered(bench.object()))),
};

pub(crate) const RAW_BODY: Check = Check {
    id: "signature/raw-body",
    title: "the signature is verified over the bytes as sent",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-7"],
    phase: Phase::Sound,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted, Need::Refuses],
    explain: include_str!("explain/signature-raw-body.md"),
    judge: Judge::Script(raw_body),
};

pub(crate) const HEADER_CASE: Check = Check {
    id: "signature/header-case",
    title: "the signature's header is found in any case",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-7"],
    phase: Phase::Sound,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted, Need::Refuses],
    explain: include_str!("explain/signature-header-case.md"),
    judge: Judge::Script(header_case),
};

pub(crate) const REFUSAL_STATUS: Check = Check {
    id: "signature/refusal-status",
    title: "a forgery is refused with 400, 401 or 403",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted],
    explain: include_str!("explain/signature-refusal-status.md"),
    judge: Judge::Script(refusal_status),
};

/// Whatever the answer, the event must do nothing. Without an observer a refusal is proof enough; a success
/// status proves nothing, because some endpoints acknowledge forgeries and ignore them. A forgery that did not
/// reach the code that verifies proves nothing either.
fn without_effect(bench: &Bench, seen: &[Seen], draft: Draft) -> Step {
    match seen {
        [] => Step::Send(draft),
        [Seen::Answer(_)] => Step::Observe(bench.name(1), Expecting::Quiet),
        [Seen::Answer(answer), Seen::Effects(effects)] if effects.count > 0 => {
            fail("no effect", format!("{}, and {}", answer.result(), effects.phrase()))
        }
        [Seen::Answer(answer), _] if answer.is_throttled() => throttled(answer),
        [Seen::Answer(answer), _] if !answer.arrived() => {
            unknown(format!("it did not reach the endpoint ({})", answer.result()))
        }
        [_, Seen::Effects(_)] => pass(),
        [Seen::Answer(answer), Seen::Cannot(need)] => match &answer.outcome {
            Outcome::Answered(_) if answer.is_acknowledged() => unknown(format!(
                "it was answered {}, and whether it had an effect could not be seen: {}",
                answer.result(),
                need.why_missing()
            )),
            Outcome::Answered(_) => pass(),
            _ => unknown(format!("it was not answered ({})", answer.result())),
        },
        _ => otherwise(seen),
    }
}

/// Spellings that a parser forgets: whoever verifies what a parser printed again gets another MAC.
fn raw_body(bench: &Bench, seen: &[Seen]) -> Step {
    let member = |number, text: &'static str| bench.event(number).with_member(bench.object(), text);
    let drafts = vec![
        member(1, r#""hookproof_note":{"alpha":"A","zeta":"a/b"}"#)
            .noted("with a new field, plainly printed"),
        bench.event(2).spaced().noted("with white space between its members"),
        bench.event(3).with_final_newline().noted("with a newline behind it"),
        member(4, r#""hookproof_note":{"zeta":"a\/b","alpha":"\u0041","number":1.0e3}"#)
            .noted(r"with keys out of order, \/, \u0041 and 1.0e3"),
    ];
    // An endpoint that refuses new fields says nothing about the spelling of one.
    if let [Seen::Answer(plain), _, _] = seen
        && !plain.is_acknowledged()
    {
        let judged: Vec<Draft> = drafts.into_iter().skip(1).take(2).collect();
        return all_acknowledged(bench, seen.get(1..).unwrap_or_default(), judged);
    }
    all_acknowledged(bench, seen, drafts)
}

fn header_case(bench: &Bench, seen: &[Seen]) -> Step {
    let drafts = [
        (HeaderCase::Lower, "header names in lower case"),
        (HeaderCase::Upper, "header names in upper case"),
        (HeaderCase::Title, "header names in title case"),
    ];
    let drafts = (1..)
        .zip(drafts)
        .map(|(number, (case, note))| bench.event(number).with_headers(case).noted(note))
        .collect();
    all_acknowledged(bench, seen, drafts)
}

fn refusal_status(bench: &Bench, seen: &[Seen]) -> Step {
    match seen {
        [] => Step::Send(bench.event(1).forged()),
        [Seen::Answer(_)] => Step::Send(bench.event(2).unsigned()),
        [Seen::Answer(_), Seen::Answer(_)] => judge_refusals(&answers(seen)),
        _ => otherwise(seen),
    }
}

fn judge_refusals(answers: &[&Exchange]) -> Step {
    let odd: Vec<String> = answers
        .iter()
        .filter(|answer| matches!(answer.status(), Some(300..=399 | 402 | 404..=428 | 430..=499)))
        .map(|answer| format!("{}: {}", answer.sent.summary, answer.result()))
        .collect();
    if !odd.is_empty() {
        return fail("400, 401 or 403", odd.join("; "));
    }
    match answers.iter().find(|answer| !matches!(answer.status(), Some(400 | 401 | 403))) {
        None => pass(),
        Some(answer) if answer.is_acknowledged() => {
            unknown(format!("a forgery was answered {}, which refuses nothing", answer.result()))
        }
        Some(answer) => unknown(format!(
            "a forgery was answered {}: refused, or an error while it was looked at; from outside both look alike",
            answer.result()
        )),
    }
}

#[cfg(test)]
mod tests;
