//! What people and machines read of a run.

mod case;
mod evidence;
pub mod fleet;
pub mod html;
mod json;
mod junit;
mod life;
mod markdown;
mod record;
mod room;
mod summary;
mod text;
mod visible;

use alloc::{format, string::String, vec::Vec};
use core::{fmt, time::Duration};

use hookproof_core::{Provider, Timestamp};

pub use self::{
    case::Case,
    html::Html,
    json::{Json, visible_json},
    junit::Junit,
    life::write_life,
    markdown::Markdown,
    record::Record,
    summary::{Known, Summary},
    text::Text,
    visible::{harmless, visible, visible_lines},
};
use crate::{Finding, KnownFailing};

/// What a report is about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Whose promises were checked.
    pub provider: Provider,
    /// The endpoint, as the caller named it.
    pub target: String,
    /// When the run began.
    pub began: Timestamp,
    /// The seed of the run's choices.
    pub seed: u64,
    /// The command that repeats a check of the run, to which `--only ID --seed N` is added.
    pub command: String,
    /// What is added to it to repeat the whole run beside the seed: which checks it had, as options; empty for all.
    pub extent: String,
    /// What the reader should know before the verdicts.
    pub notes: Vec<String>,
    /// The checks that are known to fail.
    pub known: KnownFailing,
    /// The status with which the command ends, where a command ran.
    pub exit_status: Option<u8>,
    /// Why it is that status, where the summary does not say it.
    pub why: Option<String>,
    /// What makes the run fail beside a MUST that does.
    pub bar: Bar,
}

/// How high a run must jump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Bar {
    /// A SHOULD counts as a MUST.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub strict: bool,
    /// What could not be judged counts as failed.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub require_observed: bool,
}

impl Subject {
    /// The command that repeats all of the run.
    pub(crate) fn whole(&self) -> String {
        whole(&self.command, &self.extent, self.seed)
    }

    /// What these findings come to.
    pub fn summary(&self, findings: &[Finding]) -> Summary {
        Summary::count(findings.iter().map(|finding| {
            let known = self.known.reason(finding.check.id).is_some();
            (finding.check.level_for(&self.provider), &finding.verdict, known)
        }))
    }
}

/// What happens to a report, in this order.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Once, first.
    RunStarted(&'a Subject),
    /// Once a check, in the order of the catalogue.
    CheckFinished(&'a Finding),
    /// Once, last.
    RunFinished(&'a Summary),
}

/// Turns what happened into text. Files, colours and terminals are the caller's affair.
pub trait Reporter {
    /// Writes what this event adds to the report.
    ///
    /// # Errors
    ///
    /// Whatever `out` refuses.
    fn event(&mut self, event: &Event<'_>, out: &mut dyn fmt::Write) -> fmt::Result;
}

/// Writes a whole report at once.
///
/// # Errors
///
/// Whatever `out` refuses.
pub fn write(
    reporter: &mut dyn Reporter,
    subject: &Subject,
    findings: &[Finding],
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    reporter.event(&Event::RunStarted(subject), out)?;
    for finding in findings {
        reporter.event(&Event::CheckFinished(finding), out)?;
    }
    reporter.event(&Event::RunFinished(&subject.summary(findings)), out)
}

/// A span of time as people say it: `250 ms`, `30 s`, `5 min`, `37 h 39 min`.
pub fn span(duration: Duration) -> String {
    let (secs, millis) = (duration.as_secs(), duration.subsec_millis());
    match (secs / 3600, secs / 60 % 60, secs % 60) {
        (0, 0, 0) => format!("{millis} ms"),
        (0, 0, _) if millis > 0 => format!("{secs}.{} s", millis / 100),
        (0, 0, secs) => format!("{secs} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, secs) => format!("{minutes} min {secs} s"),
        (hours, 0, 0) => format!("{hours} h"),
        (hours, minutes, 0) => format!("{hours} h {minutes} min"),
        (hours, minutes, secs) => format!("{hours} h {minutes} min {secs} s"),
    }
}

fn whole(command: &str, extent: &str, seed: u64) -> String {
    let parts = [command, extent].into_iter().filter(|part| !part.is_empty());
    parts.chain([format!("--seed {seed}").as_str()]).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
