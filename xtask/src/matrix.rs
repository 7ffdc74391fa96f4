//! `cargo xtask matrix`: every merchant that we understand under every check, on a virtual clock.

use crate::command::{self, Fallible, cargo};

/// Plays the matrix and compares it with `docs/matrix.md`, or with `--update` writes that page anew.
///
/// # Errors
///
/// What does not hold, or that the page is not current.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    let mut tests = cargo(["test", "--quiet", "--package", "hookproof-conformance", "--test", "matrix"]);
    match arguments {
        [] => {}
        ["--update"] => {
            tests.env("HOOKPROOF_UPDATE", "1");
        }
        _ => return Err("usage: cargo xtask matrix [--update]".into()),
    }
    command::run(&mut tests)
}
