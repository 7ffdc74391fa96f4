//! Several signatures in one header: while a secret is rotated, and when a newer version of them comes.

use alloc::vec::Vec;

use hookproof_core::Scheme;

use crate::{
    Basis, Bench, Check, Draft, Feature, Harm, Judge, Level, Need, Phase, Spelling, checks::all_acknowledged,
};

pub(crate) const ACCEPTS_ROTATED: Check = Check {
    id: "signature/accepts-rotated",
    title: "an event is acknowledged when any one of its signatures is right",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-7"],
    phase: Phase::Sound,
    rests_on: &[Feature::Signature, Feature::SignatureList],
    needs: &[Need::Accepted, Need::Refuses],
    explain: include_str!("../explain/signature-accepts-rotated.md"),
    judge: Judge::Script(|bench, seen| all_acknowledged(bench, seen, rotated(bench))),
};

pub(crate) const ACCEPTS_EXTRA_SCHEME: Check = Check {
    id: "signature/accepts-extra-scheme",
    title: "a signature of an unknown version beside the right one does no harm",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-7"],
    phase: Phase::Sound,
    rests_on: &[Feature::Signature, Feature::SignatureList],
    needs: &[Need::Accepted, Need::Refuses],
    explain: include_str!("../explain/signature-accepts-extra-scheme.md"),
    judge: Judge::Script(|bench, seen| all_acknowledged(bench, seen, extra_scheme(bench))),
};

/// What a provider sends while two secrets are in force, the endpoint's being either of them.
fn rotated(bench: &Bench) -> Vec<Draft> {
    let [second, first] = match bench.provider.signature {
        Some(Scheme::Timestamped { .. }) => [
            Spelling { signatures: &["t=<t>,v1=<other>,v1=<mac>"], ..Spelling::TIMESTAMPED },
            Spelling { signatures: &["t=<t>,v1=<mac>,v1=<other>"], ..Spelling::TIMESTAMPED },
        ],
        _ => [
            Spelling { signatures: &["v1,<other> v1,<mac>"], ..Spelling::STANDARD },
            Spelling { signatures: &["v1,<mac> v1,<other>"], ..Spelling::STANDARD },
        ],
    };
    alloc::vec![
        bench.event(1).spelled(second).noted("with two signatures, the second one right"),
        bench.event(2).spelled(first).noted("with two signatures, the first one right"),
    ]
}

/// What a provider sends while it moves on to another construction.
fn extra_scheme(bench: &Bench) -> Vec<Draft> {
    let [behind, before] = match bench.provider.signature {
        Some(Scheme::Timestamped { .. }) => [
            Spelling { signatures: &["t=<t>,v1=<mac>,v2=<other>"], ..Spelling::TIMESTAMPED },
            Spelling { signatures: &["t=<t>,v2=<other>,v1=<mac>"], ..Spelling::TIMESTAMPED },
        ],
        _ => [
            Spelling { signatures: &["v1,<mac> v2,<other>"], ..Spelling::STANDARD },
            Spelling { signatures: &["v2,<other> v1,<mac>"], ..Spelling::STANDARD },
        ],
    };
    alloc::vec![
        bench.event(1).spelled(behind).noted("with a v2 signature behind the right one"),
        bench.event(2).spelled(before).noted("with a v2 signature before the right one"),
    ]
}

#[cfg(test)]
mod tests;
