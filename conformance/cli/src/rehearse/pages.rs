//! The timeline as a file.

use std::path::PathBuf;

use hookproof_suite::{
    Verdict,
    life::Life,
    report::{Subject, html},
};

use crate::{exit::Error, terminal, whole_file};

/// A page that the caller wants.
pub(super) struct Page(PathBuf);

/// Reads `html=FILE`.
pub(super) fn parse(wanted: &[String]) -> Result<Vec<Page>, Error> {
    let read = |text: &String| match text.split_once('=') {
        Some(("html", path)) if !path.is_empty() => Ok(Page(path.into())),
        _ => Err(Error::Usage(format!(
            "--report \"{}\" is not html=FILE, the one kind that a rehearsal has",
            text.escape_debug()
        ))),
    };
    wanted.iter().map(read).collect()
}

/// Writes every page. One that cannot be written stops no other; all that cannot are told.
pub(super) fn write_all(
    pages: &[Page],
    life: &Life,
    verdict: &Verdict,
    subject: &Subject,
) -> Result<(), Error> {
    let mut failed = Vec::new();
    for Page(path) in pages {
        let mut text = String::new();
        html::write_life(life, verdict, subject, &mut text).expect("a string takes every text");
        match whole_file::write(path, &text) {
            Ok(()) => terminal::say(&format!("the report is in {}", path.display())),
            Err(error) => failed.push(format!("the report {} cannot be written: {error}", path.display())),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Error::Tool(failed.join("\n"))) }
}
