//! The signed time: a capture must grow old, and a delivery may be a little late.

use core::time::Duration;

use hookproof_core::Scheme;

use super::{forged::written, trial::Trial};
use crate::{
    Basis, Bench, Check, Draft, Feature, Harm, Judge, Level, Need, Phase, Seen, Spelling, Step, Verdict,
    checks::all_acknowledged, step::unknown,
};

pub(crate) const REJECTS_TWO_TIMESTAMPS: Check = Check {
    id: "signature/rejects-two-timestamps",
    title: "an old signature does not become fresh by a second timestamp",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature, Feature::SignedTimestamp],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/signature-rejects-two-timestamps.md"),
    judge: Judge::Script(two_timestamps),
};

pub(crate) const REJECTS_NON_NUMERIC_TIMESTAMP: Check = Check {
    id: "signature/rejects-non-numeric-timestamp",
    title: "an event whose signed time is no number has no effect",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature, Feature::SignedTimestamp],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/signature-rejects-non-numeric-timestamp.md"),
    judge: Judge::Script(|bench, seen| {
        let draft = written(bench, 1, |scheme| Spelling { time: "abc", ..Spelling::of(scheme) });
        super::without_effect(bench, seen, draft.noted("signed at \"abc\""))
    }),
};

pub(crate) const REJECTS_STALE: Check = Check {
    id: "signature/rejects-stale",
    title: "an event signed an hour ago has no effect",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature, Feature::SignedTimestamp],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/signature-rejects-stale.md"),
    judge: Judge::Script(|bench, seen| super::without_effect(bench, seen, stale(bench))),
};

pub(crate) const REJECTS_FUTURE: Check = Check {
    id: "signature/rejects-future",
    title: "an event signed an hour ahead of now has no effect",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-7"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature, Feature::SignedTimestamp],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/signature-rejects-future.md"),
    judge: Judge::Script(|bench, seen| {
        let draft = bench.event(1).refusable().signed_ahead(AN_HOUR).noted("signed an hour ahead of now");
        super::without_effect(bench, seen, draft)
    }),
};

pub(crate) const ACCEPTS_SKEW: Check = Check {
    id: "signature/accepts-skew",
    title: "an event signed a minute ago is acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-7"],
    phase: Phase::Sound,
    rests_on: &[Feature::Signature, Feature::SignedTimestamp],
    needs: &[Need::Accepted, Need::Refuses],
    explain: include_str!("../explain/signature-accepts-skew.md"),
    judge: Judge::Script(|bench, seen| {
        let draft = bench.event(1).signed_ago(Duration::from_secs(60)).noted("signed a minute ago");
        all_acknowledged(bench, seen, alloc::vec![draft])
    }),
};

fn stale(bench: &Bench) -> Draft {
    bench.event(1).refusable().signed_ago(AN_HOUR).noted("signed an hour ago")
}

/// An old capture by itself, and one with a fresh timestamp put behind the old one. Where the first is believed,
/// the second shows nothing.
fn two_timestamps(bench: &Bench, seen: &[Seen]) -> Step {
    let draft = |number| if number == 1 { stale(bench) } else { made_fresh(bench) };
    Trial::step(bench, seen, 2, draft, |trial| match trial.verdict(1, 1) {
        Step::Decide(Verdict::Pass) => trial.verdict(2, 2),
        Step::Decide(Verdict::Fail { actual, .. }) => unknown(alloc::format!(
            "a signature of an hour ago is believed by itself ({actual}), so a second timestamp shows nothing"
        )),
        undecided => undecided,
    })
}

fn made_fresh(bench: &Bench) -> Draft {
    let draft = written(bench, 2, |scheme| {
        let signatures: &[&str] = match scheme {
            Scheme::Timestamped { .. } => &["t=<t>,v1=<mac>,t=<now>"],
            Scheme::Standard { .. } | Scheme::Body { .. } => Spelling::of(scheme).signatures,
        };
        Spelling { times: &["<t>", "<now>"], signatures, ..Spelling::of(scheme) }
    });
    draft.signed_ago(AN_HOUR).noted("signed an hour ago, with a second, fresh timestamp")
}

const AN_HOUR: Duration = Duration::from_secs(60 * 60);

#[cfg(test)]
mod tests;
