//! One check as reports tell of it, whether it was judged just now or stands in an earlier report.

use alloc::{
    borrow::Cow,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;

use super::{Subject, evidence::evidence};
use crate::{Finding, Level, Verdict};

/// A check, its verdict, and what a person needs to see of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The check's id.
    pub id: Cow<'static, str>,
    /// The rule that should hold.
    pub title: Cow<'static, str>,
    /// How binding that is for this provider.
    pub level: Level,
    /// What the check concludes.
    pub verdict: Verdict,
    /// The reason that was given where the check is listed as known to fail; empty where none was.
    pub known: Option<String>,
    /// From its first step to its last.
    pub took: Duration,
    /// Names and texts, of a failure only.
    pub(super) evidence: Vec<(&'static str, String)>,
}

/// What a verdict means beside the list of checks that are known to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is what it is.
    Ordinary,
    /// A failure that is known.
    Known,
    /// A pass that the list does not know of.
    Mended,
}

impl Standing {
    /// Whether a person should look at a check that stands so: at a failure that is not known, or at a pass that the list of
    /// known failures does not know of.
    pub(super) fn is_red(self, fails: bool) -> bool {
        match self {
            Self::Ordinary => fails,
            Self::Known => false,
            Self::Mended => true,
        }
    }
}

impl Case {
    /// What is to tell of a finding.
    pub(super) fn of(finding: &Finding, subject: &Subject) -> Self {
        let check = finding.check;
        Self {
            id: check.id.into(),
            title: check.title.into(),
            level: check.level_for(&subject.provider),
            verdict: finding.verdict.clone(),
            known: subject.known.reason(check.id).map(ToString::to_string),
            took: finding.took,
            evidence: evidence(finding, subject),
        }
    }

    pub(super) fn standing(&self) -> Standing {
        match (&self.known, &self.verdict) {
            (Some(_), Verdict::Fail { .. }) => Standing::Known,
            (Some(_), Verdict::Pass) => Standing::Mended,
            _ => Standing::Ordinary,
        }
    }

    /// Whether a person should look at it: a failure that is not known, or a pass that the list of known failures
    /// does not know of.
    pub fn is_red(&self) -> bool {
        self.standing().is_red(self.verdict.is_fail())
    }

    /// What was seen, or why there is no judgement, in one line.
    pub fn said(&self) -> String {
        match &self.verdict {
            Verdict::Fail { actual, .. } => actual.lines().next().unwrap_or_default().into(),
            Verdict::Unknown(why) | Verdict::NotApplicable(why) => why.clone(),
            Verdict::Pass => self.known_words().unwrap_or_default(),
        }
    }

    /// What there is to say of it beside its name, each with what it is about.
    pub(super) fn rows(&self) -> Vec<(&'static str, String)> {
        let why = match &self.verdict {
            Verdict::Unknown(why) | Verdict::NotApplicable(why) => Some(("why", why.clone())),
            Verdict::Pass | Verdict::Fail { .. } => None,
        };
        let known = self.known_words().map(|words| ("known", words));
        let evidence = self.evidence.iter().filter(|(_, text)| !text.is_empty()).cloned();
        why.into_iter().chain(known).chain(evidence).collect()
    }

    /// What the list has to do with the verdict, where it names the check.
    pub(super) fn known_words(&self) -> Option<String> {
        let reason = self.known.as_ref()?;
        Some(match (self.standing(), reason.as_str()) {
            (Standing::Mended, _) => MENDED.into(),
            (Standing::Known, "") => "listed as known to fail".into(),
            (Standing::Known, reason) => reason.into(),
            (Standing::Ordinary, _) => "listed as known to fail, which could not be seen".into(),
        })
    }
}

const MENDED: &str = "listed as known to fail, but it passes: take it off the list";

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use serde_json::Value;

    use crate::{
        KnownFailing, Verdict,
        report::{
            Html, Json, Junit, Markdown, Subject, Text,
            tests::{finding, findings, json, schema, subject, written},
        },
    };

    #[test]
    fn what_is_known_to_fail_is_marked_in_every_report_and_red_in_none() {
        let list = "duplicate/sequential  issue 12\nduplicate/lost-answer\n";
        let subject =
            Subject { known: KnownFailing::parse(list).expect("it is sound"), ..subject("turratech") };
        let text = written(&mut Text::default(), &subject, &findings());
        for line in [
            "known   MUST    duplicate/sequential ",
            "        known     issue 12\n",
            "unknown MUST    duplicate/lost-answer ",
            "        known     listed as known to fail, which could not be seen\n",
            "fails: 2 of 6 MUSTs proven, 3 failed (1 of them known), 1 unknown\n",
            "       1 known failure; of the checks on the list 0 pass and should be taken off, 1 were not judged\n",
        ] {
            assert!(text.contains(line), "{line:?} is not in\n{text}");
        }
        let report = json(&written(&mut Json::default(), &subject, &findings()));
        assert!(schema().is_valid(&report));
        assert_eq!(report["checks"][5]["known_failing"], "issue 12");
        assert_eq!(report["checks"][0]["known_failing"], Value::Null);
        let counts =
            serde_json::json!({"fail": 1, "must_fail": 1, "should_fail": 0, "pass": 0, "unjudged": 1});
        assert_eq!(report["summary"]["known_failing"], counts);
        let text = written(&mut Junit::new(true, false), &subject, &findings());
        assert!(
            text.contains(
                "<skipped message=\"MUST known failure (issue 12): expected one effect; actual: 200,"
            )
        );
        assert!(text.contains("tests=\"9\" failures=\"3\""), "{text}");
        let text = written(&mut Markdown::default(), &subject, &findings());
        assert!(text.contains("\n### Known failures\n\n- MUST `duplicate/sequential`: issue 12\n"), "{text}");
        assert!(!text.contains("not met: `duplicate/sequential`"), "{text}");
        let text = written(&mut Html::default(), &subject, &findings());
        assert!(text.contains("<span class=\"level\">known</span>") && text.contains("issue 12"));
    }

    #[test]
    fn what_is_known_to_fail_and_passes_makes_every_report_fail() {
        let known = KnownFailing::parse("signature/rejects-forged").expect("it is sound");
        let subject = Subject { known, ..subject("turratech") };
        let findings = [finding("signature/rejects-forged", Verdict::Pass, Vec::new())];
        let text = written(&mut Text::default(), &subject, &findings);
        assert!(text.contains("MENDED  MUST    signature/rejects-forged"), "{text}");
        assert!(
            text.contains("it passes: take it off the list") && text.contains("\nfails: 1 of 1"),
            "{text}"
        );
        let text = written(&mut Junit::default(), &subject, &findings);
        assert!(
            text.contains("<failure type=\"mended\" message=\"MUST listed as known to fail, but"),
            "{text}"
        );
        let text = written(&mut Markdown::default(), &subject, &findings);
        assert!(text.contains("| **mended** |") && text.contains("take it off the list"), "{text}");
        let text = written(&mut Html::default(), &subject, &findings);
        assert!(text.contains("A check that is known to fail passes") && text.contains("no longer fails"));
    }
}
