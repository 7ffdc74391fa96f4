//! The report for machines; its shape is `fixtures/schema/report.json`.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{
    fmt::{self, Write},
    time::Duration,
};

use serde::Serialize;

use super::{Bar, Event, Reporter, Subject, Summary, room::Room, visible::is_unseen};
use crate::{Exchange, Finding, Outcome, Verdict};

/// One JSON object, written when the run is over.
#[derive(Debug, Default)]
pub struct Json {
    subject: Option<Subject>,
    checks: Vec<Check>,
    room: Room,
}

#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    schema: u32,
    hookproof: &'static str,
    began: String,
    provider: &'a str,
    target: &'a str,
    seed: u64,
    command: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    extent: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_status: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    #[serde(flatten)]
    bar: Bar,
    notes: &'a [String],
    summary: &'a Summary,
    checks: &'a [Check],
}

#[derive(Debug, Serialize)]
struct Check {
    id: &'static str,
    title: &'static str,
    level: &'static str,
    basis: &'static str,
    clauses: Vec<&'static str>,
    verdict: &'static str,
    /// Why the check is known to fail, where it is listed so.
    #[serde(skip_serializing_if = "Option::is_none")]
    known_failing: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    took_millis: u64,
    exchanges: Vec<Shown>,
    /// Exchanges beyond the cap of a report.
    #[serde(skip_serializing_if = "is_zero")]
    exchanges_left_out: usize,
}

#[derive(Debug, Serialize)]
struct Shown {
    event: String,
    id: String,
    sent: String,
    request_headers: Vec<String>,
    request_body: String,
    result: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answer_headers: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    answer_body: String,
    at_millis: u64,
    took_millis: u64,
}

impl Reporter for Json {
    fn event(&mut self, event: &Event<'_>, out: &mut dyn Write) -> fmt::Result {
        match event {
            Event::RunStarted(subject) => self.subject = Some((*subject).clone()),
            Event::CheckFinished(finding) => self.add(finding),
            Event::RunFinished(summary) => {
                let Some(report) = self.report(summary) else { return Ok(()) };
                let text = serde_json::to_string_pretty(&report).map_err(|_| fmt::Error)?;
                out.write_str(&visible_json(&text))?;
                out.write_char('\n')?;
            }
        }
        Ok(())
    }
}

impl Json {
    /// All of a report, for another JSON text to have in it.
    pub(super) fn of(subject: &Subject, findings: &[Finding]) -> Self {
        let mut json = Self { subject: Some(subject.clone()), ..Self::default() };
        findings.iter().for_each(|finding| json.add(finding));
        json
    }

    pub(super) fn report<'a>(&'a self, summary: &'a Summary) -> Option<Report<'a>> {
        let subject = self.subject.as_ref()?;
        Some(Report {
            schema: 1,
            hookproof: env!("CARGO_PKG_VERSION"),
            began: subject.began.rfc3339(),
            provider: &subject.provider.name,
            target: &subject.target,
            seed: subject.seed,
            command: &subject.command,
            extent: &subject.extent,
            exit_status: subject.exit_status,
            why: subject.why.as_deref(),
            bar: subject.bar,
            notes: &subject.notes,
            summary,
            checks: &self.checks,
        })
    }

    fn add(&mut self, finding: &Finding) {
        let Some(subject) = &self.subject else { return };
        let check = finding.check;
        let (expected, actual, why) = match &finding.verdict {
            Verdict::Pass => (None, None, None),
            Verdict::Fail { expected, actual } => (Some(expected.clone()), Some(actual.clone()), None),
            Verdict::Unknown(why) | Verdict::NotApplicable(why) => (None, None, Some(why.clone())),
        };
        let kept = self.room.take(finding.exchanges.len());
        self.checks.push(Check {
            id: check.id,
            title: check.title,
            level: check.level_for(&subject.provider).name(),
            basis: check.basis_for(&subject.provider).name(),
            clauses: check.clauses_for(&subject.provider),
            verdict: finding.verdict.name(),
            known_failing: subject.known.reason(check.id).map(ToString::to_string),
            expected,
            actual,
            why,
            took_millis: millis(finding.took),
            exchanges: finding.exchanges.iter().take(kept).map(shown).collect(),
            exchanges_left_out: finding.exchanges.len() - kept,
        });
    }
}

/// The same JSON, in which what cannot be seen is escaped: it stands in strings only, and there that changes nothing.
pub fn visible_json(json: &str) -> String {
    let mut visible = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter == '\n' || !is_unseen(letter) {
            visible.push(letter);
        } else {
            let mut units = [0; 2];
            visible.extend(letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    visible
}

fn shown(exchange: &Exchange) -> Shown {
    let answer = match &exchange.outcome {
        Outcome::Answered(answer) => Some(answer),
        Outcome::Cut | Outcome::Failed(_) => None,
    };
    Shown {
        event: exchange.event.to_string(),
        id: exchange.sent.id.clone(),
        sent: exchange.sent.summary.clone(),
        request_headers: lines(&exchange.sent.headers),
        request_body: text(&exchange.sent.body),
        result: exchange.result().into_owned(),
        status: exchange.status(),
        answer_headers: answer.map(|answer| lines(&answer.headers)).unwrap_or_default(),
        answer_body: answer.map(|answer| text(&answer.body)).unwrap_or_default(),
        at_millis: millis(exchange.at),
        took_millis: millis(exchange.took),
    }
}

fn lines(headers: &[(String, String)]) -> Vec<String> {
    headers.iter().map(|(name, value)| format!("{name}: {value}")).collect()
}

fn text(body: &[u8]) -> String {
    let kept = body.get(..MOST_BYTES).unwrap_or(body);
    String::from_utf8_lossy(kept).into_owned()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

const MOST_BYTES: usize = 20_000;
