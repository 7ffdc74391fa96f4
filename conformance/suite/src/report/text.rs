//! The report for a person at a terminal: a line for what holds, and for what does not all that is needed to mend it.

use alloc::{format, string::String};
use core::fmt::{self, Write};

use super::{
    Event, Known, Reporter, Subject,
    case::{Case, Standing},
    harmless,
};
use crate::Verdict;

/// Plain text. The first word of a verdict's line is `pass`, `FAIL`, `unknown` or `n/a`; of a check that is listed as
/// known to fail it is `known` where it does, and `MENDED` where it does not.
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
                Some(subject) => verdict(&Case::of(finding, subject), out),
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
                )?;
                match summary.known_failing {
                    None => Ok(()),
                    Some(known) => writeln!(out, "       {}", sentence(&known)),
                }
            }
        }
    }
}

fn verdict(case: &Case, out: &mut dyn Write) -> fmt::Result {
    let word = match (case.standing(), &case.verdict) {
        (Standing::Known, _) => "known",
        (Standing::Mended, _) => "MENDED",
        (_, Verdict::Pass) => "pass",
        (_, Verdict::Fail { .. }) => "FAIL",
        (_, Verdict::Unknown(_)) => "unknown",
        (_, Verdict::NotApplicable(_)) => "n/a",
    };
    writeln!(out, "{word:<8}{:<7} {:<41} {}", case.level.name(), case.id, case.title)?;
    case.rows().iter().try_for_each(|(name, text)| row(out, name, text))
}

/// What the list of known failures came to.
fn sentence(known: &Known) -> String {
    let failures = if known.fail == 1 { "failure" } else { "failures" };
    format!(
        "{} known {failures}; of the checks on the list {} pass and should be taken off, {} were not judged",
        known.fail, known.pass, known.unjudged
    )
}

fn row(out: &mut dyn Write, name: &str, text: &str) -> fmt::Result {
    writeln!(out, "        {name:<9} {}", harmless(text))
}
