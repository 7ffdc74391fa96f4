//! A server that a benchmark is run against: an example of the harness, in a process of its own.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::command::{self, Fallible, cargo};

/// A server that runs, until this is dropped.
pub(super) struct Server {
    child: Child,
    /// What it printed of itself when it was ready.
    pub(super) address: String,
}

impl Server {
    /// Builds the example and starts it.
    ///
    /// # Errors
    ///
    /// When it does not build, cannot be started or does not tell its address.
    pub(super) fn start(example: &str, arguments: &[impl AsRef<OsStr>]) -> Fallible<Self> {
        let package = ["--package", "hookproof-conformance", "--example", example];
        command::run(cargo(["build", "--quiet", "--release"]).args(package))?;
        let program = command::target().join("release/examples").join(example);
        let mut child = Command::new(&program)
            .args(arguments)
            // Some of them end when this is closed.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} cannot be started: {error}", program.display()))?;
        let mut address = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut address).map_err(|error| format!("no address: {error}"))?;
        }
        Ok(Self { child, address: address.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Of the endpoints: known to whoever sends them events.
pub(super) const SECRET: &str = "whsec_YSBzZWNyZXQgb2YgdGhlIGJlbmNobWFyaw==";
