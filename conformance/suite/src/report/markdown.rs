//! The report for the summary of a CI job: Markdown that is no longer than such a page may be.

use alloc::{borrow::Cow, format, string::String, vec::Vec};
use core::fmt::{self, Write};

use super::{
    Event, Reporter, Subject, Summary,
    case::{Case, Standing},
    harmless,
};
use crate::{Level, Verdict};

/// What fails first and in full, then what could not be judged, then the rest in one table to unfold.
#[derive(Debug, Default)]
pub struct Markdown {
    subject: Option<Subject>,
    failed: Vec<Failed>,
    known: String,
    unknown: String,
    rows: String,
}

/// A section on a check that fails.
#[derive(Debug)]
struct Failed {
    id: Cow<'static, str>,
    text: String,
}

impl Reporter for Markdown {
    fn event(&mut self, event: &Event<'_>, out: &mut dyn Write) -> fmt::Result {
        match (event, self.subject.take()) {
            (Event::RunStarted(subject), _) => self.subject = Some((*subject).clone()),
            (Event::CheckFinished(finding), Some(subject)) => {
                self.add(&Case::of(finding, &subject))?;
                self.subject = Some(subject);
            }
            (Event::RunFinished(summary), Some(subject)) => self.document(&subject, summary, out)?,
            (Event::CheckFinished(_) | Event::RunFinished(_), None) => {}
        }
        Ok(())
    }
}

impl Markdown {
    fn document(&self, subject: &Subject, summary: &Summary, out: &mut dyn Write) -> fmt::Result {
        let mut head = String::new();
        writeln!(head, "## Hookproof: {} at {}\n", prose(&subject.provider.title), code(&subject.target))?;
        writeln!(head, "**{}**\n", prose(&format!("{summary}")))?;
        for note in &subject.notes {
            writeln!(head, "- {}", prose(note))?;
        }
        let mut tail = String::new();
        if !self.known.is_empty() {
            writeln!(tail, "\n### Known failures\n\n{}", self.known.trim_end())?;
        }
        if !self.unknown.is_empty() {
            writeln!(tail, "\n### Unknown\n\n{}", self.unknown.trim_end())?;
        }
        writeln!(tail, "\n<details><summary>Every check</summary>\n")?;
        writeln!(
            tail,
            "| check | level | verdict | |\n| --- | --- | --- | --- |\n{}\n</details>",
            self.rows
        )?;

        let mut room = LONGEST.saturating_sub(head.len() + tail.len() + ROOM_FOR_NAMES);
        let mut left_out: Vec<String> = Vec::new();
        out.write_str(&head)?;
        for Failed { id, text } in &self.failed {
            if text.len() <= room {
                room -= text.len();
                out.write_str(text)?;
            } else {
                left_out.push(format!("`{id}`"));
            }
        }
        if !left_out.is_empty() {
            writeln!(
                out,
                "\n### Cut short\n\nThe summary of a job may be no longer. Not shown, but not met either: {}.",
                left_out.join(", ")
            )?;
        }
        out.write_str(&tail)
    }

    fn add(&mut self, case: &Case) -> fmt::Result {
        let level = case.level;
        let word = match (case.standing(), &case.verdict) {
            (Standing::Known, _) => "known failure",
            (Standing::Mended, _) => "**mended**",
            (_, Verdict::Pass) => "pass",
            (_, Verdict::Fail { .. }) => "**fail**",
            (_, Verdict::Unknown(_)) => "unknown",
            (_, Verdict::NotApplicable(_)) => "n/a",
        };
        writeln!(self.rows, "| `{}` | {} | {word} | {} |", case.id, level.name(), prose(&case.title))?;
        match (case.standing(), &case.verdict) {
            (Standing::Known | Standing::Mended, _) => {
                let words = case.known_words().unwrap_or_default();
                writeln!(self.known, "- {} `{}`: {}", level.name(), case.id, prose(&words))?;
            }
            (_, Verdict::Fail { .. }) => {
                let text = section(case, "###")?;
                self.failed.push(Failed { id: case.id.clone(), text });
            }
            (_, Verdict::Unknown(why)) => {
                writeln!(self.unknown, "- {} `{}`: {}", level.name(), case.id, prose(why))?;
            }
            (_, Verdict::Pass | Verdict::NotApplicable(_)) => {}
        }
        Ok(())
    }
}

/// What there is to see of a failure, under a heading of this depth.
pub(super) fn section(case: &Case, depth: &str) -> Result<String, fmt::Error> {
    let mut section = String::new();
    writeln!(section, "\n{depth} {} `{}`: {}\n", mark(case.level), case.id, prose(&case.title))?;
    for (name, text) in case.rows() {
        let text = if matches!(name, "cure" | "again") { code(&text) } else { prose(&text) };
        writeln!(section, "- **{name}** {text}")?;
    }
    Ok(section)
}

const fn mark(level: Level) -> &'static str {
    match level {
        Level::Must => "MUST, not met:",
        Level::Should => "SHOULD, not met:",
        Level::May => "MAY, not met:",
    }
}

/// A text from outside on one line, in which nothing is markup: no link, no image, no element, no cell's end, and
/// nobody is mentioned.
pub(super) fn prose(text: &str) -> String {
    let escaped = harmless(text).chars().fold(String::new(), |mut escaped, letter| {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // Where these stand before a word, code hosts make a mention or a reference of them.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => escaped.extend(['\\', letter]),
            letter => escaped.push(letter),
        }
        escaped
    });
    // Renderers make links of these without being asked.
    escaped.replace("://", "&#58;//").replace("www.", "www&#46;")
}

/// A text from outside as code: between more backticks than it has in a row.
pub(super) fn code(text: &str) -> String {
    let text = harmless(text).replace('|', "\\|");
    let runs: Vec<usize> = text.split(|letter| letter != '`').map(str::len).collect();
    let fence = "`".repeat(runs.into_iter().max().unwrap_or_default() + 1);
    format!("{fence} {text} {fence}")
}

/// In bytes. GitHub takes 1 MiB a step and shows nothing of a longer one.
pub(super) const LONGEST: usize = 1_000_000;

/// For the ids of every check there is.
const ROOM_FOR_NAMES: usize = 10_000;
