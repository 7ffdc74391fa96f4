//! A merchant as a running process: started on a free port, ready when it says so, always ended.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::merchant::Merchant;
use crate::command::{self, Fallible};
use crate::install;

/// How a merchant is started.
pub(super) struct Launch {
    pub(super) merchant: Merchant,
    /// Where it is installed, and runs.
    pub(super) folder: PathBuf,
    /// What it calls with its effects.
    pub(super) downstream: String,
    /// Where it may keep its events.
    pub(super) database: PathBuf,
    /// What it writes on stderr.
    pub(super) log: PathBuf,
}

/// A merchant that answers at [`Running::url`] until it is stopped or dropped.
pub(super) struct Running {
    launch: Launch,
    child: Child,
    url: String,
}

impl Running {
    /// Starts the merchant without any event and waits until it listens.
    ///
    /// # Errors
    ///
    /// When it ends or says nothing within [`READY_WITHIN`].
    pub(super) fn start(launch: Launch) -> Fallible<Self> {
        forget(&launch.database)?;
        File::create(&launch.log)
            .map_err(|error| format!("cannot write {}: {error}", launch.log.display()))?;
        let (child, url) = launch.begin(ANY_PORT)?;
        Ok(Self { launch, child, url })
    }

    /// Where it takes webhooks.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Kills the process without a warning and starts it again, with its port and its events.
    ///
    /// # Errors
    ///
    /// When it does not listen there again within [`READY_WITHIN`].
    pub(super) fn restart(&mut self) -> Fallible {
        end(&mut self.child);
        let port = port_of(&self.url).ok_or_else(|| format!("{} has no port", self.url))?;
        let (child, url) = self.launch.begin(port)?;
        self.child = child;
        if url == self.url {
            Ok(())
        } else {
            Err(format!("{} listened on {}, and now on {url}", self.launch.merchant.name, self.url))
        }
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
        end(&mut self.child);
    }
}

impl Launch {
    /// The process, and the URL that it says.
    fn begin(&self, port: &str) -> Fallible<(Child, String)> {
        let failed =
            |why: &str| format!("{} {why}; what it wrote is in {}", self.merchant.name, self.log.display());
        let mut command = self.command(port)?;
        let mut child = command.spawn().map_err(|error| command::not_started(&command, &error))?;
        let line = child.stdout.take().map(lines).and_then(|lines| lines.recv_timeout(READY_WITHIN).ok());
        let url = match &line {
            None => Err(failed(&format!("ended before it listened, or took longer than {READY_WITHIN:?}"))),
            Some(line) => url_of(line)
                .map(str::to_owned)
                .ok_or_else(|| failed(&format!("said `{line}` and not where it listens"))),
        };
        match url {
            Ok(url) => Ok((child, url)),
            Err(error) => {
                end(&mut child);
                Err(error)
            }
        }
    }

    fn command(&self, port: &str) -> Fallible<Command> {
        let stderr = File::options()
            .append(true)
            .open(&self.log)
            .map_err(|error| format!("cannot write {}: {error}", self.log.display()))?;
        let mut command = Command::new(install::interpreter(self.merchant.runtime, &self.folder));
        command
            .args(self.merchant.command.iter().skip(1))
            .current_dir(&self.folder)
            .env("DATABASE", &self.database)
            .env("DOWNSTREAM_URL", &self.downstream)
            .env("PORT", port)
            // As on a shop's server, and so that no desk's setting changes a report.
            .env("NODE_ENV", "production")
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1")
            .env("WEBHOOK_SECRET", self.merchant.secret.as_deref().unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr);
        Ok(command)
    }
}

/// Removes a database of an earlier run, with the files that `SQLite` keeps beside it.
fn forget(database: &Path) -> Fallible {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = database.as_os_str().to_owned();
        file.push(suffix);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(format!("cannot remove {}: {error}", file.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn end(child: &mut Child) {
    // Both fail only for a process that has ended already.
    drop(child.kill());
    drop(child.wait());
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
    line.strip_prefix("listening on ").filter(|url| url.starts_with(ON_LOOPBACK))
}

fn port_of(url: &str) -> Option<&str> {
    url.strip_prefix(ON_LOOPBACK)?.split('/').next()
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

const ANY_PORT: &str = "0";
const ON_LOOPBACK: &str = "http://127.0.0.1:";

/// A cold start of Node or Python on a busy machine takes a few seconds.
const READY_WITHIN: Duration = Duration::from_secs(30);
const STOPPED_WITHIN: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::{port_of, url_of};

    #[test]
    fn only_a_line_that_says_where_is_taken_for_ready() {
        assert_eq!(url_of("listening on http://127.0.0.1:4000/hook"), Some("http://127.0.0.1:4000/hook"));
        assert_eq!(url_of("listening on http://0.0.0.0:4000/hook"), None);
        assert_eq!(url_of("express deprecated something"), None);
    }

    #[test]
    fn a_merchant_is_started_again_on_the_port_that_it_had() {
        assert_eq!(port_of("http://127.0.0.1:4000/hook"), Some("4000"));
        assert_eq!(port_of("http://127.0.0.1:4000"), Some("4000"));
        assert_eq!(port_of("http://[::1]:4000/hook"), None);
    }
}
