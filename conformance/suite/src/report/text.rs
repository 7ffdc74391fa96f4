//! The report for a person at a terminal: a line for what holds, and for what does not all that is needed to mend it.

use alloc::{format, string::String, vec::Vec};
use core::fmt::{self, Write};

use super::{Event, Reporter, Subject, harmless};
use crate::{Check, Exchange, Finding, Judge, Verdict, clause};

/// Plain text. The first word of a verdict's line is `pass`, `FAIL`, `unknown` or `n/a`.
#[derive(Debug, Default)]
pub struct Text {
    subject: Option<Subject>,
}

impl Reporter for Text {
    fn event(&mut self, event: &Event<'_>, out: &mut dyn Write) -> fmt::Result {
        match event {
            Event::RunStarted(subject) => {
                writeln!(out, "{} at {}", subject.provider.title, harmless(&subject.target))?;
                for note in &subject.notes {
                    writeln!(out, "note: {}", harmless(note))?;
                }
                self.subject = Some((*subject).clone());
                writeln!(out)
            }
            Event::CheckFinished(finding) => match &self.subject {
                Some(subject) => verdict(finding, subject, out),
                None => Ok(()),
            },
            Event::RunFinished(summary) => {
                writeln!(out, "\n{summary}")?;
                let applied = summary.pass + summary.fail + summary.unknown;
                let checks = if applied == 1 { "check" } else { "checks" };
                writeln!(
                    out,
                    "       {applied} {checks} applied: {} pass, {} fail ({} of them SHOULDs), {} unknown; {} do not apply",
                    summary.pass, summary.fail, summary.should_fail, summary.unknown, summary.not_applicable
                )
            }
        }
    }
}

fn verdict(finding: &Finding, subject: &Subject, out: &mut dyn Write) -> fmt::Result {
    let check = finding.check;
    let word = match finding.verdict {
        Verdict::Pass => "pass",
        Verdict::Fail { .. } => "FAIL",
        Verdict::Unknown(_) => "unknown",
        Verdict::NotApplicable(_) => "n/a",
    };
    let level = check.level_for(&subject.provider).name();
    writeln!(out, "{word:<8}{level:<7} {:<32} {}", check.id, check.title)?;
    match &finding.verdict {
        Verdict::Pass => Ok(()),
        Verdict::Unknown(why) | Verdict::NotApplicable(why) => row(out, "why", why),
        Verdict::Fail { expected, actual } => {
            row(out, "sent", &sent(&finding.exchanges))?;
            row(out, "ids", &ids(&finding.exchanges))?;
            row(out, "expected", expected)?;
            row(out, "actual", actual)?;
            for id in check.clauses_for(&subject.provider) {
                if let Some(clause) = clause(id) {
                    row(out, "clause", &format!("{id}: {}", clause.paraphrase))?;
                }
            }
            row(out, "cure", &format!("hookproof explain {}", check.id))?;
            row(out, "again", &again(check, subject))
        }
    }
}

fn row(out: &mut dyn Write, name: &str, text: &str) -> fmt::Result {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(out, "        {name:<9} {}", harmless(text))
}

/// The command that shows a failure again. What all of the run showed needs all of it.
fn again(check: &Check, subject: &Subject) -> String {
    let only = match check.judge {
        Judge::Script(_) => format!(" --only {}", check.id),
        Judge::Whole(_) => String::new(),
    };
    format!("{}{only} --seed {}", subject.command, subject.seed)
}

/// How the endpoint's own logs call the events.
fn ids(exchanges: &[Exchange]) -> String {
    let mut names: Vec<String> = Vec::new();
    for exchange in exchanges {
        let name = format!("{} is {}", exchange.event, exchange.sent.id);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("; ")
}

/// What was sent, equal deliveries counted once: `event 1; event 1, again (2 times)`.
fn sent(exchanges: &[Exchange]) -> String {
    let mut lines: Vec<(&str, usize)> = Vec::new();
    for exchange in exchanges {
        match lines.iter_mut().find(|(line, _)| *line == exchange.sent.summary) {
            Some((_, times)) => *times += 1,
            None => lines.push((&exchange.sent.summary, 1)),
        }
    }
    if lines.is_empty() {
        return "no delivery of its own; judged by all of the run".into();
    }
    let lines: Vec<String> = lines
        .into_iter()
        .map(|(line, times)| if times == 1 { line.into() } else { format!("{line} ({times} times)") })
        .collect();
    lines.join("; ")
}
