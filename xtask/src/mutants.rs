//! `cargo xtask mutants`: what of the suite's judgement could be wrong without a test that fails.
//!
//! cargo-mutants changes one place of a check or a verdict at a time and runs the suite's own tests. What may
//! survive bears `#[cfg_attr(test, mutants::skip)]` and a comment with the reason beside it.

use std::fs;
use std::process::Command;

use crate::command::{self, Fallible, root, target};
use crate::install;

/// Changes everything that judges (no argument), or the files named, and demands that the tests notice.
///
/// # Errors
///
/// The changes that no test noticed.
pub(crate) fn run(files: &[&str]) -> Fallible {
    let program = install::cargo_subcommand("mutants", VERSION)?;
    let output = target().join("mutants");
    fs::create_dir_all(&output).map_err(|error| format!("cannot make {}: {error}", output.display()))?;
    let changes = |rest: &[&str]| {
        let mut mutants = Command::new(&program);
        mutants.arg("mutants").current_dir(root());
        mutants.args(["--package", "hookproof-suite", "--jobs", "2", "--no-shuffle"]);
        // A run that a change sends in circles ends by itself, but half a minute is more than any test takes.
        mutants.args(["--minimum-test-timeout", "30", "--output"]).arg(&output);
        for file in if files.is_empty() { JUDGES } else { files } {
            mutants.args(["--file", file]);
        }
        // Each change is compiled once and run for seconds.
        for (name, value) in QUICK_TO_COMPILE {
            mutants.env(name, value);
        }
        mutants.args(rest);
        mutants
    };
    // The unit tests notice almost all and are linked fastest; what they miss, all of the suite's tests are shown.
    if command::run(&mut changes(&["--", "--lib"])).is_ok() {
        return Ok(());
    }
    command::run(&mut changes(&["--iterate"])).map_err(|_| {
        format!("{} names what no test noticed", output.join("mutants.out/missed.txt").display())
    })
}

/// The checks and everything between what was seen and a verdict.
const JUDGES: &[&str] = &[
    "conformance/suite/src/checks.rs",
    "conformance/suite/src/checks/**/*.rs",
    "conformance/suite/src/effects.rs",
    "conformance/suite/src/run.rs",
    "conformance/suite/src/run/*.rs",
    "conformance/suite/src/seen.rs",
    "conformance/suite/src/verdict.rs",
];

const QUICK_TO_COMPILE: [(&str, &str); 3] = [
    ("CARGO_INCREMENTAL", "1"),
    ("CARGO_PROFILE_DEV_DEBUG", "0"),
    ("CARGO_PROFILE_DEV_PACKAGE_HOOKPROOF_SUITE_OPT_LEVEL", "0"),
];

const VERSION: &str = "27.1.0";
