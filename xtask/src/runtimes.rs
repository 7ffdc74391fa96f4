//! `cargo xtask runtimes`: the npm package, packed, in an empty project for each runtime that people have.
//!
//! The runtimes and bundlers come from the lock file beside `run.mjs`, save Node.js and Chromium, which the machine brings.

use std::path::PathBuf;
use std::process::Command;

use crate::build;
use crate::command::{self, Fallible, root};
use crate::install::{self, Runtime};

/// Builds the package and runs its cases on the runtimes named (all, when none is); `--update` writes `docs/runtimes.md`.
///
/// # Errors
///
/// A runtime cannot be had, with the command that brings it; a case fails on one; or the page is not current.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    build::package()?;
    prove(arguments)
}

/// As [`run`], with the package as it was built before.
///
/// # Errors
///
/// As [`run`].
pub(crate) fn prove(arguments: &[&str]) -> Fallible {
    install::require_chromium()?;
    install::make_ready(Runtime::Node, &folder(), "the runtimes and bundlers of the npm package")?;
    // What judges the runtimes is judged first.
    command::run_quietly(node().args(["--test", "judge.test.mjs"]))?;
    command::run(node().arg("run.mjs").args(arguments))
}

fn node() -> Command {
    let mut command = Command::new(install::interpreter(Runtime::Node, &folder()));
    command.current_dir(folder());
    command
}

fn folder() -> PathBuf {
    root().join("wasm/npm/test/runtimes")
}
