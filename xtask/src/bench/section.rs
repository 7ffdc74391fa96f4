//! Sections of `docs/benchmarks.md`: each begins with a mark that names the command that makes it, and ends where the
//! next one begins. What stands before the first mark is the npm package's.

use std::fs;
use std::path::PathBuf;

use crate::command::{Fallible, root};

/// Writes the section that `command` makes, anew or for the first time.
///
/// # Errors
///
/// When the page cannot be read or written.
pub(crate) fn write(command: &str, text: &str) -> Fallible {
    let page = read()?;
    fs::write(path(), with(&page, command, text)).map_err(|error| unwritable(&error))
}

/// Writes what stands before the first mark, and keeps the rest.
///
/// # Errors
///
/// When the page cannot be read or written.
pub(crate) fn write_beginning(text: &str) -> Fallible {
    let page = read()?;
    let rest = page.find(MARK).and_then(|at| page.get(at..)).map(|rest| format!("\n{rest}"));
    fs::write(path(), format!("{text}{}", rest.unwrap_or_default())).map_err(|error| unwritable(&error))
}

fn with(page: &str, command: &str, text: &str) -> String {
    let mark = format!("{MARK}{command} -->\n");
    let section = format!("{mark}\n{}\n", text.trim_end());
    let Some((before, behind)) = page.split_once(&mark) else {
        return format!("{}\n\n{section}", page.trim_end());
    };
    match behind.find(MARK).and_then(|at| behind.get(at..)) {
        Some(rest) => format!("{before}{section}\n{rest}"),
        None => format!("{before}{section}"),
    }
}

fn read() -> Fallible<String> {
    fs::read_to_string(path()).map_err(|error| format!("{} cannot be read: {error}", path().display()))
}

fn unwritable(error: &std::io::Error) -> String {
    format!("{} cannot be written: {error}", path().display())
}

fn path() -> PathBuf {
    root().join("docs/benchmarks.md")
}

const MARK: &str = "<!-- made by: ";

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn a_section_is_put_in_its_place_and_the_others_stay() {
        let first = with("# Page\n", "bench a", "## A\n\nold");
        assert_eq!(first, "# Page\n\n<!-- made by: bench a -->\n\n## A\n\nold\n");
        let both = with(&first, "bench b", "## B");
        let again = with(&both, "bench a", "## A\n\nnew\n");
        assert_eq!(again, both.replace("old", "new"));
        assert_eq!(with(&again, "bench b", "## B"), again);
    }
}
