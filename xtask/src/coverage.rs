//! `cargo xtask coverage`: how many of the core's lines its own tests run, and which they do not.
//!
//! Unit and integration tests count. Examples in the documentation run in `cargo test`, but a stable compiler does
//! not count what they run.

mod report;
mod tool;

use std::fs;
use std::path::Path;

use self::report::{Report, percent};
use self::tool::Tool;
use crate::command::{self, Fallible, root, target};

/// Runs the core's tests, counts the lines that ran, and prints a row for each file.
///
/// # Errors
///
/// When something is needed that cannot be installed, when a test fails, and when fewer lines ran than are due.
pub(crate) fn measure() -> Fallible {
    let folder = target().join("coverage");
    let written = folder.join("core.lcov");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let mut tests = Tool::make_ready()?.command(&folder);
    tests.args(["--package", "hookproof-core", "--all-features", "--quiet", "--lcov", "--output-path"]);
    command::run_quietly(tests.arg(&written))?;

    let lcov = read(&written)?;
    let report = Report::of(&lcov, &root().join("core/src"), read)?;
    print!("{report}");
    let (run, lines) = report.sum();
    if lines == 0 {
        return Err("no line was counted".to_owned());
    }
    // Compared as integers: 96.96 % is not 97 %, however it is printed.
    if run * 100 < lines * DUE_PERCENT {
        return Err(format!(
            "the core's tests run {} of its lines, and {DUE_PERCENT} % are due",
            percent(run, lines)
        ));
    }
    Ok(())
}

fn read(path: &Path) -> Fallible<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// What is left are lines that no input reaches: an error that its caller excludes, a number beyond 32 bits.
const DUE_PERCENT: usize = 97;
