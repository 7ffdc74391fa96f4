//! The reports on a fleet: JSON grows with it, the others are written when it is over.

use hookproof_suite::report::fleet::{Head, Target, html, junit, markdown};

use super::journal::Journal;
use crate::{
    check::reports::{Kind, Report},
    exit::Error,
    terminal, whole_file,
};

/// The reports that a call wants. One that cannot be written stops no other; all that cannot are told in the end.
pub(crate) struct Reports {
    pages: Vec<Report>,
    journals: Vec<Journal>,
    failed: Vec<String>,
}

impl Reports {
    /// Begins them, with the lines of targets that are done.
    pub(crate) fn begin(reports: Vec<Report>, head: &Head, lines: &[&str]) -> Self {
        let (json, pages): (Vec<_>, Vec<_>) =
            reports.into_iter().partition(|report| report.kind == Kind::Json);
        let mut begun = Self { pages, journals: Vec::new(), failed: Vec::new() };
        for Report { path, .. } in json {
            match Journal::begin(&path, head, lines.iter().copied()) {
                Ok(journal) => begun.journals.push(journal),
                Err(error) => begun.fail(&path, &error),
            }
        }
        begun
    }

    /// Adds a target.
    pub(crate) fn add(&mut self, line: &str) {
        let mut failed = Vec::new();
        self.journals.retain_mut(|journal| match journal.add(line) {
            Ok(()) => true,
            Err(error) => {
                failed.push(format!("the report {} cannot be written: {error}", journal.path().display()));
                false
            }
        });
        self.failed.append(&mut failed);
    }

    /// Writes to stdout; that it cannot be written is told in the end, too.
    pub(crate) fn print(&mut self, text: &str) {
        if let Err(error) = terminal::print(&terminal::painted(text)) {
            let said = error.to_string();
            if !self.failed.contains(&said) {
                self.failed.push(said);
            }
        }
    }

    /// Ends them.
    pub(crate) fn end(mut self, targets: &[Target]) -> Result<(), Error> {
        for journal in std::mem::take(&mut self.journals) {
            let path = journal.path().to_owned();
            match journal.end() {
                Ok(()) => terminal::say(&format!("the report is in {}", path.display())),
                Err(error) => self.fail(&path, &error),
            }
        }
        for Report { kind, path } in std::mem::take(&mut self.pages) {
            let text = match kind {
                Kind::Html => html(targets),
                Kind::Markdown => markdown(targets),
                Kind::Junit => junit(targets),
                Kind::Json => continue,
            };
            match whole_file::write(&path, &text) {
                Ok(()) => terminal::say(&format!("the report is in {}", path.display())),
                Err(error) => self.fail(&path, &error),
            }
        }
        if self.failed.is_empty() { Ok(()) } else { Err(Error::Tool(self.failed.join("\n"))) }
    }

    fn fail(&mut self, path: &std::path::Path, error: &std::io::Error) {
        self.failed.push(format!("the report {} cannot be written: {error}", path.display()));
    }
}
