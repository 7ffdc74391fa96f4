//! The report for a person at a terminal: a line for what holds, and for what does not all that is needed to mend it.

use core::fmt::{self, Write};

use super::{Event, Reporter, Subject, evidence::evidence, harmless};
use crate::{Finding, Verdict};

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
    writeln!(out, "{word:<8}{level:<7} {:<41} {}", check.id, check.title)?;
    match &finding.verdict {
        Verdict::Pass => Ok(()),
        Verdict::Unknown(why) | Verdict::NotApplicable(why) => row(out, "why", why),
        Verdict::Fail { .. } => {
            evidence(finding, subject).iter().try_for_each(|(name, text)| row(out, name, text))
        }
    }
}

fn row(out: &mut dyn Write, name: &str, text: &str) -> fmt::Result {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(out, "        {name:<9} {}", harmless(text))
}
