//! What a run comes to in one line.

use core::fmt;

use hookproof_core::Provider;
use serde::Serialize;

use crate::{Finding, Level, Verdict};

/// The verdicts of a run, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Checks that pass.
    pub pass: usize,
    /// Checks that fail, of every level.
    pub fail: usize,
    /// Checks without a judgement.
    pub unknown: usize,
    /// Checks that do not exist for this provider, target or call.
    pub not_applicable: usize,
    /// MUSTs that fail.
    pub must_fail: usize,
    /// MUSTs without a judgement.
    pub must_unknown: usize,
    /// SHOULDs that fail.
    pub should_fail: usize,
    /// MUSTs that pass.
    #[serde(skip)]
    pub(super) must_pass: usize,
}

impl Summary {
    /// Counts verdicts; levels are those for `provider`.
    pub fn of(findings: &[Finding], provider: &Provider) -> Self {
        let mut summary = Self::default();
        for finding in findings {
            let level = finding.check.level_for(provider);
            let must = usize::from(level == Level::Must);
            match finding.verdict {
                Verdict::Pass => {
                    summary.pass += 1;
                    summary.must_pass += must;
                }
                Verdict::Fail { .. } => {
                    summary.fail += 1;
                    summary.must_fail += must;
                    summary.should_fail += usize::from(level == Level::Should);
                }
                Verdict::Unknown(_) => {
                    summary.unknown += 1;
                    summary.must_unknown += must;
                }
                Verdict::NotApplicable(_) => summary.not_applicable += 1,
            }
        }
        summary
    }

    /// MUSTs that apply.
    pub(super) fn musts(&self) -> usize {
        self.must_pass + self.must_fail + self.must_unknown
    }

    /// What the run came to.
    pub(super) fn word(&self) -> &'static str {
        match (self.must_fail, self.must_unknown) {
            (0, 0) => "holds",
            (0, _) if self.must_pass == 0 => "undecided",
            (0, _) => "holds as far as was seen",
            _ => "fails",
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} of {} MUSTs proven, {} failed, {} unknown",
            self.word(),
            self.must_pass,
            self.musts(),
            self.must_fail,
            self.must_unknown
        )
    }
}
