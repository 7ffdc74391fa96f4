//! `cargo xtask pages` and `cargo xtask screenshots`: the HTML report in a browser, as its readers meet it.

use std::path::PathBuf;
use std::process::Command;

use crate::command::{self, Fallible, root};
use crate::hookproof::{self, Profile};
use crate::install;

/// Writes reports, opens them in headless Chromium and works them.
///
/// # Errors
///
/// When Node.js or Chromium is missing, or a test fails.
pub(crate) fn prove() -> Fallible {
    command::run_quietly(node()?.args(["--test", "report.test.mjs", "others.test.mjs", "png.test.mjs"]))
}

/// Takes the pictures in `docs/screenshots` anew.
///
/// # Errors
///
/// As [`prove`].
pub(crate) fn screenshots() -> Fallible {
    command::run(node()?.arg("screenshots.mjs").arg(root().join("docs/screenshots")))
}

/// Node.js in the folder of the browser's tests, with the command under test.
fn node() -> Fallible<Command> {
    install::require_chromium()?;
    let mut command = Command::new("node");
    command.current_dir(folder()).env("HOOKPROOF", hookproof::build(Profile::Dev)?);
    Ok(command)
}

fn folder() -> PathBuf {
    root().join("conformance/cli/tests/browser")
}
