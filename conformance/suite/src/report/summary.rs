//! What a run comes to in one line.

use alloc::{format, string::String};
use core::fmt;

use hookproof_core::Provider;
use serde::{Deserialize, Serialize};

use crate::{Finding, Level, Verdict};

/// The verdicts of a run, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Of all these, the checks that are listed as known to fail; nothing where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_failing: Option<Known>,
    /// MUSTs that pass.
    #[serde(skip)]
    pub(super) must_pass: usize,
}

/// What became of the checks that are listed as known to fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// They fail, as was expected.
    pub fail: usize,
    /// MUSTs among those.
    pub must_fail: usize,
    /// SHOULDs among those.
    pub should_fail: usize,
    /// They pass, and the list is wrong: a run that has such a check fails.
    pub pass: usize,
    /// They were not judged, or do not apply: neither expected nor an error.
    pub unjudged: usize,
}

impl Summary {
    /// Counts verdicts; levels are those for `provider`.
    pub fn of(findings: &[Finding], provider: &Provider) -> Self {
        Self::count(findings.iter().map(|finding| {
            let level = finding.check.level_for(provider);
            (level, &finding.verdict, false)
        }))
    }

    /// Counts levels and verdicts, and whether each check is listed as known to fail.
    pub(super) fn count<'a>(checks: impl Iterator<Item = (Level, &'a Verdict, bool)>) -> Self {
        let mut summary = Self::default();
        for (level, verdict, listed) in checks {
            let (must, should) = (usize::from(level == Level::Must), usize::from(level == Level::Should));
            if listed {
                summary.known_failing.get_or_insert_default().add(verdict, must, should);
            }
            match verdict {
                Verdict::Pass => {
                    summary.pass += 1;
                    summary.must_pass += must;
                }
                Verdict::Fail { .. } => {
                    summary.fail += 1;
                    summary.must_fail += must;
                    summary.should_fail += should;
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

    /// MUSTs that fail and are not known to.
    pub fn new_must_fail(&self) -> usize {
        self.must_fail - self.known().must_fail
    }

    /// SHOULDs that fail and are not known to.
    pub fn new_should_fail(&self) -> usize {
        self.should_fail - self.known().should_fail
    }

    /// Checks that pass and are listed as known to fail.
    pub fn mended(&self) -> usize {
        self.known().pass
    }

    /// Of those that are listed as known to fail.
    pub(super) fn known(&self) -> Known {
        self.known_failing.unwrap_or_default()
    }

    /// MUSTs that apply.
    pub(super) fn musts(&self) -> usize {
        self.must_pass + self.must_fail + self.must_unknown
    }

    /// What the run came to.
    pub(super) fn word(&self) -> &'static str {
        match (self.new_must_fail() + self.mended(), self.must_unknown) {
            (0, 1..) if self.must_pass == 0 => "undecided",
            (0, _) if self.must_fail > 0 => "holds but for what is known to fail",
            (0, 0) => "holds",
            (0, _) => "holds as far as was seen",
            _ => "fails",
        }
    }
}

impl Known {
    fn add(&mut self, verdict: &Verdict, must: usize, should: usize) {
        match verdict {
            Verdict::Pass => self.pass += 1,
            Verdict::Fail { .. } => {
                self.fail += 1;
                self.must_fail += must;
                self.should_fail += should;
            }
            Verdict::Unknown(_) | Verdict::NotApplicable(_) => self.unjudged += 1,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = match self.known().must_fail {
            0 => String::new(),
            known => format!(" ({known} of them known)"),
        };
        write!(
            f,
            "{}: {} of {} MUSTs proven, {} failed{known}, {} unknown",
            self.word(),
            self.must_pass,
            self.musts(),
            self.must_fail,
            self.must_unknown
        )
    }
}
