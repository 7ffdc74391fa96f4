//! The report for CI servers: `JUnit` XML, one case a check, the evidence inside of the failure.
//!
//! The format has no word for "unknown" and none for a recommendation. A case is a failure exactly where the
//! verdict makes the run fail; anything else that does not hold is skipped, with the reason. That is how CI servers show
//! best what is known to fail, too: told beside the others, and red for nobody.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{
    fmt::{self, Write},
    time::Duration,
};

use super::{
    Event, Reporter, Subject,
    case::{Case, Standing},
    visible::is_unseen,
};
use crate::{Level, Verdict};

/// One XML document, written when the run is over.
#[derive(Debug, Default)]
pub struct Junit {
    strict: bool,
    require_observed: bool,
    subject: Option<Subject>,
    cases: Vec<Written>,
}

/// A case as it stands in the document.
#[derive(Debug)]
pub(super) struct Written {
    text: String,
    took: Duration,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Holds,
    Fails,
    Errs,
    Skipped,
}

impl Junit {
    /// With `strict` a SHOULD counts as a MUST; with `require_observed` what could not be judged counts as failed.
    pub fn new(strict: bool, require_observed: bool) -> Self {
        Self { strict, require_observed, ..Self::default() }
    }

    fn kind(&self, case: &Case) -> Kind {
        let counts = case.level == Level::Must || (self.strict && case.level == Level::Should);
        match (case.standing(), &case.verdict) {
            (Standing::Known, _) => Kind::Skipped,
            (Standing::Mended, _) => Kind::Fails,
            (_, Verdict::Pass) => Kind::Holds,
            (_, Verdict::Fail { .. }) if counts => Kind::Fails,
            (_, Verdict::Unknown(_)) if counts && self.require_observed => Kind::Fails,
            (_, Verdict::Fail { .. } | Verdict::Unknown(_) | Verdict::NotApplicable(_)) => Kind::Skipped,
        }
    }

    fn case(&self, case: &Case) -> Result<Written, fmt::Error> {
        let kind = self.kind(case);
        let (area, rule) = case.id.split_once('/').unwrap_or(("", &case.id));
        let mut text = String::new();
        write!(
            text,
            "    <testcase classname=\"{}\" name=\"{}\" time=\"{}\"",
            attribute(area),
            attribute(&format!("{rule}: {}", case.title)),
            seconds(case.took)
        )?;
        let Some(message) = message(case) else {
            text.push_str("/>\n");
            return Ok(Written { text, took: case.took, kind });
        };
        let message = format!("{} {message}", case.level.name());
        let rows = lines(case);
        text.push_str(">\n");
        if kind == Kind::Fails {
            let what = if case.standing() == Standing::Mended { "mended" } else { case.verdict.name() };
            writeln!(
                text,
                "      <failure type=\"{what}\" message=\"{}\">{}</failure>",
                attribute(&message),
                escaped(&rows)
            )?;
        } else {
            writeln!(text, "      <skipped message=\"{}\"/>", attribute(&message))?;
            if case.verdict.is_fail() {
                writeln!(text, "      <system-out>{}</system-out>", escaped(&rows))?;
            }
        }
        text.push_str("    </testcase>\n");
        Ok(Written { text, took: case.took, kind })
    }

    fn document(&self, subject: &Subject, out: &mut dyn Write) -> fmt::Result {
        let suite = Suite {
            name: format!("{} at {}", subject.provider.title, subject.target),
            properties: alloc::vec![("seed", subject.seed.to_string())],
            notes: &subject.notes,
            cases: &self.cases,
        };
        write_suites(&[suite], out)
    }

    /// Every case, as it makes a run fail.
    pub(super) fn cases(&self, cases: &[Case]) -> Result<Vec<Written>, fmt::Error> {
        cases.iter().map(|case| self.case(case)).collect()
    }
}

/// One suite of a document.
pub(super) struct Suite<'a> {
    pub(super) name: String,
    pub(super) properties: Vec<(&'static str, String)>,
    pub(super) notes: &'a [String],
    pub(super) cases: &'a [Written],
}

/// Writes a document.
pub(super) fn write_suites(suites: &[Suite<'_>], out: &mut dyn Write) -> fmt::Result {
    let all: Vec<&Written> = suites.iter().flat_map(|suite| suite.cases).collect();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"hookproof\" {}>", counts(&all))?;
    for suite in suites {
        let cases: Vec<&Written> = suite.cases.iter().collect();
        writeln!(out, "  <testsuite name=\"{}\" {}>", attribute(&suite.name), counts(&cases))?;
        let notes = suite.notes.iter().map(|note| ("note", note.as_str()));
        let properties = suite.properties.iter().map(|(name, value)| (*name, value.as_str()));
        writeln!(out, "    <properties>")?;
        for (name, value) in properties.chain(notes) {
            writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", attribute(value))?;
        }
        writeln!(out, "    </properties>")?;
        for case in suite.cases {
            out.write_str(&case.text)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn counts(cases: &[&Written]) -> String {
    let count = |kind| cases.iter().filter(|case| case.kind == kind).count();
    let time: Duration = cases.iter().map(|case| case.took).sum();
    format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\"",
        cases.len(),
        count(Kind::Fails),
        count(Kind::Errs),
        count(Kind::Skipped),
        seconds(time)
    )
}

/// A case that stands for a whole run without verdicts: an error with the reason, or skipped with it.
pub(super) fn without_verdicts(why: &str, is_error: bool, took: Duration) -> Written {
    let (element, kind) = if is_error { ("error", Kind::Errs) } else { ("skipped", Kind::Skipped) };
    let text = format!(
        "    <testcase classname=\"run\" name=\"the endpoint is judged\" time=\"{}\">\n      <{element} message=\"{}\"/>\n    </testcase>\n",
        seconds(took),
        attribute(why)
    );
    Written { text, took, kind }
}

impl Reporter for Junit {
    fn event(&mut self, event: &Event<'_>, out: &mut dyn Write) -> fmt::Result {
        match (event, &self.subject) {
            (Event::RunStarted(subject), _) => self.subject = Some((*subject).clone()),
            (Event::CheckFinished(finding), Some(subject)) => {
                let case = self.case(&Case::of(finding, subject))?;
                self.cases.push(case);
            }
            (Event::RunFinished(_), Some(subject)) => self.document(subject, out)?,
            (Event::CheckFinished(_) | Event::RunFinished(_), None) => {}
        }
        Ok(())
    }
}

/// What a case says beside its name; nothing where it holds.
fn message(case: &Case) -> Option<String> {
    let said = match &case.verdict {
        Verdict::Pass => return case.known_words(),
        Verdict::Fail { expected, actual } => format!("expected {expected}; actual: {actual}"),
        Verdict::Unknown(why) => format!("unknown: {why}"),
        Verdict::NotApplicable(why) => format!("not applicable: {why}"),
    };
    Some(match (case.standing(), case.known_words()) {
        (Standing::Known, Some(words)) => format!("known failure ({words}): {said}"),
        _ => said,
    })
}

/// The evidence, a line each.
fn lines(case: &Case) -> String {
    let rows: Vec<String> = case
        .evidence
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("{name}: {text}"))
        .collect();
    rows.join("\n")
}

fn seconds(duration: Duration) -> String {
    format!("{}.{:03}", duration.as_secs(), duration.subsec_millis())
}

/// A text as content of an element.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, letter| {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            // Only "]]>" may not stand in content, and nobody looks for that.
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' => escaped.push(letter),
            letter if is_character(letter) && !is_unseen(letter) => escaped.push(letter),
            letter => escaped.extend(letter.escape_default()),
        }
        escaped
    })
}

/// A text as the value of an attribute between double quotes: on one line, because a reader of XML makes
/// spaces of the rest.
fn attribute(text: &str) -> String {
    escaped(text).replace('"', "&quot;").replace('\n', "&#10;").replace('\t', "&#9;")
}

/// XML 1.0, production 2, without the carriage return, which a reader would change, and without the characters
/// that it discourages.
fn is_character(letter: char) -> bool {
    let allowed =
        matches!(letter, '\t' | '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let discouraged = matches!(letter, '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}');
    allowed && !discouraged && u32::from(letter) & 0xfffe != 0xfffe
}
