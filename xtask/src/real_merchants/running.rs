//! A merchant as a running process: started on a free port, ready when it says so, always ended.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::merchant::Merchant;
use crate::command::{self, Fallible};
use crate::install;

/// A merchant that answers at [`Running::url`] until it is stopped or dropped.
pub(super) struct Running {
    child: Child,
    url: String,
}

impl Running {
    /// Starts the merchant and waits until it listens; it tells its effects to `downstream`.
    ///
    /// # Errors
    ///
    /// When it ends or says nothing within [`READY_WITHIN`]; what it wrote on stderr is in `log`.
    pub(super) fn start(
        merchant: &Merchant,
        merchants: &Path,
        downstream: &str,
        log: &Path,
    ) -> Fallible<Self> {
        let folder = merchants.join(&merchant.folder);
        let failed = |why: &str| format!("{} {why}; what it wrote is in {}", merchant.name, log.display());
        let stderr = File::create(log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
        let mut command = Command::new(install::interpreter(merchant.runtime, &folder));
        command
            .args(merchant.command.iter().skip(1))
            .current_dir(&folder)
            .env("DOWNSTREAM_URL", downstream)
            .env("PORT", "0")
            // As on a shop's server, and so that no desk's setting changes a report.
            .env("NODE_ENV", "production")
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1")
            .env("WEBHOOK_SECRET", merchant.secret.as_deref().unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr);
        let mut child = command.spawn().map_err(|error| command::not_started(&command, &error))?;
        let lines = child.stdout.take().map(lines);
        // Made at once: from here on, leaving this function ends the process.
        let mut running = Self { child, url: String::new() };
        let line = lines.and_then(|lines| lines.recv_timeout(READY_WITHIN).ok());
        let line = line.ok_or_else(|| {
            failed(&format!("ended before it listened, or took longer than {READY_WITHIN:?}"))
        })?;
        running.url = url_of(&line)
            .ok_or_else(|| failed(&format!("said `{line}` and not where it listens")))?
            .to_owned();
        Ok(running)
    }

    /// Where it takes webhooks.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Asks the process to end, as an operator would.
    ///
    /// # Errors
    ///
    /// When it had ended before, or does not end within [`STOPPED_WITHIN`].
    pub(super) fn stop(mut self) -> Fallible {
        if let Ok(Some(status)) = self.child.try_wait() {
            return Err(format!("the merchant at {} ended by itself ({status})", self.url));
        }
        terminate(&mut self.child)?;
        match command::wait_within(&mut self.child, STOPPED_WITHIN)? {
            Some(_) => Ok(()),
            None => {
                Err(format!("the merchant at {} did not stop within {STOPPED_WITHIN:?} of SIGTERM", self.url))
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only for a process that has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The lines of the process as they come. The pipe is read to its end, so that no merchant blocks on it.
fn lines(stdout: ChildStdout) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Nobody listens after the first line.
            drop(sender.send(line));
        }
    });
    receiver
}

fn url_of(line: &str) -> Option<&str> {
    line.strip_prefix("listening on ").filter(|url| url.starts_with("http://127.0.0.1:"))
}

#[cfg(unix)]
fn terminate(child: &mut Child) -> Fallible {
    // Of the ways to send a signal this one needs neither unsafe code nor a package: every shell has `kill`.
    command::run(Command::new("sh").args(["-c", "kill -TERM \"$0\"", &child.id().to_string()]))
}

#[cfg(not(unix))]
fn terminate(child: &mut Child) -> Fallible {
    child.kill().map_err(|error| format!("cannot end process {}: {error}", child.id()))
}

/// A cold start of Node or Python on a busy machine takes a few seconds.
const READY_WITHIN: Duration = Duration::from_secs(30);
const STOPPED_WITHIN: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::url_of;

    #[test]
    fn only_a_line_that_says_where_is_taken_for_ready() {
        assert_eq!(url_of("listening on http://127.0.0.1:4000/hook"), Some("http://127.0.0.1:4000/hook"));
        assert_eq!(url_of("listening on http://0.0.0.0:4000/hook"), None);
        assert_eq!(url_of("express deprecated something"), None);
    }
}
