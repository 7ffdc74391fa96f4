//! The report for people who were not there: one HTML file that asks for nothing from anywhere.
//!
//! It reads without its script, which only adds filters, a search and a switch of colours. Its content security
//! policy allows the style sheet and the script in it by their hashes and nothing else, so that even a mistake in
//! [`markup`] would run nothing.

mod check;
mod exchange;
mod filters;
mod life;
pub mod markup;
mod overview;
mod page;
mod prose;
mod timeline;
mod times;

use alloc::{format, string::String, vec::Vec};
use core::{
    fmt::{self, Write},
    time::Duration,
};

use self::{
    check::Shown,
    exchange::Room,
    markup::{Markup, tag},
    timeline::Mark,
};
pub use self::{life::write_life, page::page, times::histogram};
use super::{Event, Reporter, Subject, Summary};
use crate::{Finding, Outcome};

/// One page, written when the run is over.
#[derive(Debug, Default)]
pub struct Html {
    subject: Option<Subject>,
    checks: Vec<Shown>,
    marks: Vec<Mark>,
    answers: Vec<Duration>,
    patience: Option<Duration>,
    room: Room,
}

impl Reporter for Html {
    fn event(&mut self, event: &Event<'_>, out: &mut dyn Write) -> fmt::Result {
        match (event, &self.subject) {
            (Event::RunStarted(subject), _) => self.subject = Some((*subject).clone()),
            (Event::CheckFinished(finding), Some(subject)) => {
                self.checks.push(Shown::of(finding, subject, &mut self.room));
                self.observe(finding);
            }
            (Event::RunFinished(summary), Some(subject)) => {
                out.write_str(&self.document(subject, summary))?;
            }
            (Event::CheckFinished(_) | Event::RunFinished(_), None) => {}
        }
        Ok(())
    }
}

impl Html {
    fn observe(&mut self, finding: &Finding) {
        self.marks.extend(finding.exchanges.iter().map(|exchange| Mark::of(finding.check, exchange)));
        // What we slowed ourselves says nothing of the endpoint.
        let own = finding.exchanges.iter().filter(|exchange| !exchange.slowed);
        let answered = own.filter(|exchange| matches!(exchange.outcome, Outcome::Answered(_)));
        self.answers.extend(answered.map(|exchange| exchange.took));
        self.patience =
            self.patience.max(finding.exchanges.iter().filter_map(|exchange| exchange.limit).max());
    }

    fn document(&self, subject: &Subject, summary: &Summary) -> String {
        let title = format!("{} at {}: {}", subject.provider.title, subject.target, summary.word());
        page(&title, |body| {
            overview::overview(body, subject, summary, &self.checks, timeline::end(&self.marks));
            if !self.marks.is_empty() {
                timeline::timeline(body, &self.marks);
            }
            if !self.answers.is_empty() {
                times::answer_times(body, &self.answers, self.patience);
            }
            body.put(tag("section").with("id", "checks").with("aria-labelledby", "checks-title"), |body| {
                body.say(tag("h2").with("id", "checks-title"), "Every check");
                filters::filters(body, &self.checks);
                check::areas(body, &self.checks);
            });
        })
    }
}

/// Writes a figure's number under its name.
pub(super) fn figure(page: &mut Markup, name: &str, value: impl fmt::Display) {
    page.put(tag("div"), |page| {
        page.say(tag("dt"), name);
        page.say(tag("dd"), value);
    });
}

/// A text, or so much of it as says what it is about.
fn beginning(text: &str) -> String {
    match text.char_indices().nth(LONG) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.into(),
    }
}

/// In characters: two lines of a desk's screen.
const LONG: usize = 180;

/// A name at the beginning of a line.
pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// A place on an axis from 0 to `whole`, as SVG wants it: `12.34%`. Percentages let a drawing be as wide as its page
/// while its letters stay as large as they are.
fn percent(part: Duration, whole: Duration) -> String {
    let hundredths =
        part.as_nanos().saturating_mul(10_000).checked_div(whole.as_nanos()).unwrap_or(0).min(10_000);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests;
