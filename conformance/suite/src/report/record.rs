//! A JSON report, read again: what reports over a fleet are made of, by this run or an earlier one.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::{
    Bar, Case, Subject, Summary,
    evidence::{Delivery, Failure},
};
use crate::{Finding, Level, Verdict, clause};

/// What one run came to, without its deliveries.
#[derive(Clone, Debug)]
pub struct Record {
    /// The provider's name.
    pub provider: String,
    /// The endpoint, as it was named.
    pub target: String,
    /// What was to know before the verdicts.
    pub notes: Vec<String>,
    /// The status with which the command ended, where one ran.
    pub exit_status: Option<u8>,
    /// Why it is that status, where the summary does not say it.
    pub why: Option<String>,
    /// What made the run fail beside a MUST that does.
    pub bar: Bar,
    /// Verdicts, counted.
    pub summary: Summary,
    /// Every check that was chosen.
    pub cases: Vec<Case>,
}

impl Record {
    /// What is to keep of a run that is just over.
    pub fn of(subject: &Subject, findings: &[Finding]) -> Self {
        Self {
            provider: subject.provider.name.to_string(),
            target: subject.target.clone(),
            notes: subject.notes.clone(),
            exit_status: subject.exit_status,
            why: subject.why.clone(),
            bar: subject.bar,
            summary: subject.summary(findings),
            cases: findings.iter().map(|finding| Case::of(finding, subject)).collect(),
        }
    }

    /// What stands in a JSON report.
    ///
    /// # Errors
    ///
    /// In words, when it is no report, or one of another schema.
    pub fn read(report: &Value) -> Result<Self, String> {
        demand_schema(report)?;
        let Written { provider, target, seed, command, extent, exit_status, why, bar, notes, checks } =
            Written::deserialize(report).map_err(|error| error.to_string())?;
        let cases: Result<Vec<Case>, String> =
            checks.into_iter().map(|check| check.case(&command, &extent, seed)).collect();
        let cases = cases?;
        let summary =
            Summary::count(cases.iter().map(|case| (case.level, &case.verdict, case.known.is_some())));
        Ok(Self { provider, target, notes, exit_status, why, bar, summary, cases })
    }
}

/// Holds that this program can read a report, of one endpoint or of many.
pub(super) fn demand_schema(report: &Value) -> Result<(), String> {
    match report.get("schema").and_then(Value::as_u64) {
        Some(1) => Ok(()),
        Some(other) => Err(alloc::format!("its schema is {other}, and this program reads 1")),
        None => Err("it is no report of Hookproof".to_owned()),
    }
}

#[derive(Deserialize)]
struct Written {
    provider: String,
    target: String,
    seed: u64,
    command: String,
    #[serde(default)]
    extent: String,
    exit_status: Option<u8>,
    why: Option<String>,
    #[serde(flatten)]
    bar: Bar,
    notes: Vec<String>,
    checks: Vec<WrittenCheck>,
}

#[derive(Deserialize)]
struct WrittenCheck {
    id: String,
    title: String,
    level: String,
    clauses: Vec<String>,
    verdict: String,
    known_failing: Option<String>,
    #[serde(default)]
    expected: String,
    #[serde(default)]
    actual: String,
    #[serde(default)]
    why: String,
    took_millis: u64,
    exchanges: Vec<WrittenExchange>,
}

#[derive(Deserialize)]
struct WrittenExchange {
    event: String,
    id: String,
    sent: String,
}

impl WrittenCheck {
    fn case(self, command: &str, extent: &str, seed: u64) -> Result<Case, String> {
        let verdict = match self.verdict.as_str() {
            "pass" => Verdict::Pass,
            "fail" => Verdict::Fail { expected: self.expected.clone(), actual: self.actual.clone() },
            "unknown" => Verdict::Unknown(self.why.clone()),
            "not_applicable" => Verdict::NotApplicable(self.why.clone()),
            other => return Err(alloc::format!("\"{}\" is no verdict", other.escape_debug())),
        };
        let level =
            [Level::Must, Level::Should, Level::May].into_iter().find(|level| level.name() == self.level);
        let level = level.ok_or_else(|| alloc::format!("\"{}\" is no level", self.level.escape_debug()))?;
        let evidence = if verdict.is_fail() { self.evidence(command, extent, seed) } else { Vec::new() };
        Ok(Case {
            id: self.id.into(),
            title: self.title.into(),
            level,
            verdict,
            known: self.known_failing,
            took: Duration::from_millis(self.took_millis),
            evidence,
        })
    }

    fn evidence(&self, command: &str, extent: &str, seed: u64) -> Vec<(&'static str, String)> {
        let deliveries = self.exchanges.iter().map(|exchange| Delivery {
            event: exchange.event.clone(),
            id: &exchange.id,
            summary: &exchange.sent,
        });
        let failure = Failure {
            check: &self.id,
            expected: &self.expected,
            actual: &self.actual,
            deliveries: deliveries.collect(),
            clauses: self.clauses.iter().filter_map(|id| clause(id)).collect(),
            command,
            extent,
            seed,
        };
        failure.evidence()
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;
    use crate::{
        KnownFailing,
        report::{
            Json,
            tests::{findings, subject, written},
        },
    };

    #[test]
    fn a_report_is_read_back_as_what_was_told() {
        let known = KnownFailing::parse("duplicate/sequential issue 12").expect("it is sound");
        let subject = Subject {
            known,
            exit_status: Some(1),
            why: Some("SHOULDs that fail".into()),
            bar: Bar { strict: true, require_observed: false },
            ..subject("turratech")
        };
        let text = written(&mut Json::default(), &subject, &findings());
        let read = Record::read(&serde_json::from_str(&text).expect("it is JSON")).expect("it is a report");
        assert_eq!(format!("{read:?}"), format!("{:?}", Record::of(&subject, &findings())));
    }

    #[test]
    fn what_is_no_report_is_refused_with_the_reason() {
        for (text, said) in [
            ("[]", "it is no report of Hookproof"),
            (r#"{"schema": 2}"#, "its schema is 2, and this program reads 1"),
            (r#"{"schema": 1}"#, "missing field `provider`"),
        ] {
            let error =
                Record::read(&serde_json::from_str(text).expect("it is JSON")).expect_err("it is none");
            assert_eq!(error, said);
        }
    }
}
