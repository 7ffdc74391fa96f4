//! Requests whose signature is not the one of what they say.

use core::time::Duration;

use hookproof_core::Scheme;

use super::trial::Trial;
use crate::{Basis, Bench, Check, Draft, Feature, Harm, Judge, Level, Need, Phase, Seen, Spelling, Step};

pub(crate) const REJECTS_TAMPERED_TIMESTAMP: Check = Check {
    id: "signature/rejects-tampered-timestamp",
    title: "an event whose time of sending changed after signing has no effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::ForgeryBelieved,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature, Feature::SignedTimestamp],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/signature-rejects-tampered-timestamp.md"),
    judge: Judge::Script(|bench, seen| super::without_effect(bench, seen, tampered_timestamp(bench))),
};

pub(crate) const REJECTS_TRUNCATED: Check = Check {
    id: "signature/rejects-truncated",
    title: "an event whose signature is only the beginning of the right one has no effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::ForgeryBelieved,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/signature-rejects-truncated.md"),
    judge: Judge::Script(|bench, seen| neither_has_an_effect(bench, seen, truncated)),
};

pub(crate) const REJECTS_EMPTY: Check = Check {
    id: "signature/rejects-empty",
    title: "an event whose signature is empty has no effect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::ForgeryBelieved,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/signature-rejects-empty.md"),
    judge: Judge::Script(|bench, seen| neither_has_an_effect(bench, seen, empty)),
};

pub(crate) const REJECTS_DOWNGRADE: Check = Check {
    id: "signature/rejects-downgrade",
    title: "an event signed only under another version's name has no effect",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/signature-rejects-downgrade.md"),
    judge: Judge::Script(|bench, seen| super::without_effect(bench, seen, downgraded(bench))),
};

/// Signed as it leaves, and said to be a minute older: both times would be fresh enough.
fn tampered_timestamp(bench: &Bench) -> Draft {
    let draft = written(bench, 1, |scheme| {
        let signatures: &[&str] = match scheme {
            Scheme::Timestamped { .. } => &["t=<t>,v1=<mac>"],
            Scheme::Standard { .. } | Scheme::Body { .. } => Spelling::of(scheme).signatures,
        };
        Spelling { time: "<now>", times: &["<t>"], signatures, ..Spelling::of(scheme) }
    });
    draft.signed_ago(Duration::from_secs(60)).noted("its time of sending changed after signing")
}

/// First half of the right MAC, then all of it but the last byte.
fn truncated(bench: &Bench, number: u16) -> Draft {
    let [half, most]: [&[&str]; 2] = match bench.provider.signature {
        Some(Scheme::Timestamped { .. }) => [&["t=<t>,v1=<mac/16>"], &["t=<t>,v1=<mac/31>"]],
        Some(Scheme::Standard { .. }) => [&["v1,<mac/16>"], &["v1,<mac/31>"]],
        _ => [&["<prefix><mac/16>"], &["<prefix><mac/31>"]],
    };
    let (signatures, note) = match number {
        1 => (half, "with the first 16 bytes of its signature"),
        _ => (most, "with the first 31 bytes of its signature"),
    };
    written(bench, number, |scheme| Spelling { signatures, ..Spelling::of(scheme) }).noted(note)
}

/// First a signature of no characters, then a header of none.
fn empty(bench: &Bench, number: u16) -> Draft {
    let empty: &[&str] = match bench.provider.signature {
        Some(Scheme::Timestamped { .. }) => &["t=<t>,v1="],
        Some(Scheme::Standard { .. }) => &["v1,"],
        _ => &["<prefix>"],
    };
    let (signatures, note): (&[&str], &str) = match number {
        1 => (empty, "with an empty signature"),
        _ => (&[""], "with an empty signature header"),
    };
    written(bench, number, |scheme| Spelling { signatures, ..Spelling::of(scheme) }).noted(note)
}

/// The right MAC where an older or another construction has its own.
fn downgraded(bench: &Bench) -> Draft {
    let signatures: &[&str] = match bench.provider.signature {
        Some(Scheme::Timestamped { .. }) => &["t=<t>,v0=<mac>"],
        Some(Scheme::Standard { .. }) => &["v0,<mac>"],
        _ => &["sha1=<mac>"],
    };
    let draft = written(bench, 1, |scheme| Spelling { signatures, ..Spelling::of(scheme) });
    draft.noted("signed under another version's name only")
}

/// An event that must not be believed, its signature's headers written so.
pub(super) fn written(bench: &Bench, number: u16, spelling: impl Fn(&Scheme) -> Spelling) -> Draft {
    let draft = bench.event(number).refusable();
    // Without a signature the check does not apply and nothing is sent.
    match &bench.provider.signature {
        Some(scheme) => draft.spelled(spelling(scheme)),
        None => draft,
    }
}

fn neither_has_an_effect(bench: &Bench, seen: &[Seen], draft: fn(&Bench, u16) -> Draft) -> Step {
    Trial::step(bench, seen, 2, |number| draft(bench, number), |trial| trial.verdict(1, 2))
}

#[cfg(test)]
pub(crate) mod tests;
