//! One run of `hookproof check` against one merchant.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::merchant::Merchant;
use super::restart::Restartable;
use super::running::{Launch, Running};
use crate::command::{self, Fallible};

/// Which run of which merchant.
#[derive(Clone, Copy)]
pub(super) struct Trial<'a> {
    pub(super) merchant: &'a Merchant,
    /// From 1 on; the choices of a run are drawn from it.
    pub(super) number: usize,
}

impl Trial<'_> {
    /// The types of `--events`. A sound merchant takes every type; each other run of it names some, because checks of
    /// what the endpoint subscribed to apply only then, and those of the whole catalogue only otherwise.
    pub(super) fn events(&self) -> Vec<&str> {
        if self.merchant.sound && self.number.is_multiple_of(2) {
            return SUBSCRIBED.to_vec();
        }
        self.merchant.events.iter().map(String::as_str).collect()
    }

    /// Where a file of this run is kept.
    ///
    /// # Errors
    ///
    /// When there cannot be a folder for it.
    pub(super) fn file(&self, extension: &str) -> Fallible<PathBuf> {
        let kept = command::target().join("real-merchants");
        fs::create_dir_all(&kept).map_err(|error| format!("cannot make {}: {error}", kept.display()))?;
        Ok(kept.join(format!("{}-{}.{extension}", self.merchant.name, self.number)))
    }
}

/// Starts the merchant, checks it and returns the JSON report.
///
/// # Errors
///
/// When the merchant does not start or stop, or the run ends without a verdict. Whether the merchant passes
/// is the report's matter, not an error.
pub(super) fn report(hookproof: &Path, trial: Trial<'_>, merchants: &Path) -> Fallible<Value> {
    let merchant = trial.merchant;
    let [database, merchant_log, json, log] =
        ["db", "merchant.log", "json", "check.log"].map(|extension| trial.file(extension));
    let (database, merchant_log, json, log) = (database?, merchant_log?, json?, log?);
    for _ in 0..PORTS_TRIED {
        let downstream = format!("127.0.0.1:{}", free_port()?);
        let running = Running::start(Launch {
            merchant: merchant.clone(),
            folder: merchants.join(&merchant.folder),
            downstream: format!("http://{downstream}"),
            database: database.clone(),
            log: merchant_log.clone(),
        })?;
        let mut check = check(hookproof, trial, running.url(), &downstream, &json);
        let running = Restartable::new(running)?;
        if merchant.restart {
            check.arg("--restart-cmd").arg(running.command()?);
        }
        let ending = ended(&mut check, &log)?;
        // First the merchant: one that died in the run is the better explanation of a bad ending.
        running.stop().map_err(|error| format!("{error}; what it wrote is in {}", merchant_log.display()))?;
        match ending {
            Ending::Verdict => return read(&json),
            Ending::PortTaken => {}
            Ending::Other(how) => {
                return Err(format!(
                    "hookproof check of {} {how}; its output is in {}",
                    merchant.name,
                    log.display()
                ));
            }
        }
    }
    Err(format!("{PORTS_TRIED} ports that were free were taken a moment later: run it again"))
}

/// How a run ended.
#[derive(Debug, PartialEq)]
enum Ending {
    /// No MUST failed, or some did.
    Verdict,
    /// The effect sink could not listen: between our look and its start somebody else did.
    PortTaken,
    Other(String),
}

impl Ending {
    fn of(status: Option<i32>, output: &str) -> Self {
        match status {
            Some(0 | 1) => Self::Verdict,
            Some(_) if output.to_lowercase().contains("address already in use") => Self::PortTaken,
            Some(status) => Self::Other(format!("exited with {status}, which is no verdict")),
            None => Self::Other("was ended by a signal".to_owned()),
        }
    }
}

fn check(hookproof: &Path, trial: Trial<'_>, url: &str, downstream: &str, report: &Path) -> Command {
    let merchant = trial.merchant;
    let mut command = Command::new(hookproof);
    // A file of an earlier run must not pass for this one's.
    drop(fs::remove_file(report));
    command.args([
        "check",
        url,
        "--provider",
        &merchant.provider,
        "--effects-listen",
        downstream,
        "--seed",
        &trial.number.to_string(),
    ]);
    let events = trial.events();
    if !events.is_empty() {
        command.args(["--events", &events.join(",")]);
    }
    command.args(&merchant.options);
    command.arg("--report").arg(format!("json={}", report.display()));
    match &merchant.secret {
        Some(secret) => command.env("HOOKPROOF_SECRET", secret),
        None => command.env_remove("HOOKPROOF_SECRET"),
    };
    command.env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn ended(check: &mut Command, log: &Path) -> Fallible<Ending> {
    let unwritable = |error: std::io::Error| format!("cannot write {}: {error}", log.display());
    let stdout = File::create(log).map_err(unwritable)?;
    let stderr = stdout.try_clone().map_err(unwritable)?;
    let mut child =
        check.stdout(stdout).stderr(stderr).spawn().map_err(|error| command::not_started(check, &error))?;
    let Some(status) = command::wait_within(&mut child, ENDS_WITHIN)? else {
        return Ok(Ending::Other(format!("did not end within {ENDS_WITHIN:?}")));
    };
    let output =
        fs::read_to_string(log).map_err(|error| format!("cannot read {}: {error}", log.display()))?;
    Ok(Ending::of(status.code(), &output))
}

fn read(report: &Path) -> Fallible<Value> {
    let text =
        fs::read_to_string(report).map_err(|error| format!("no report in {}: {error}", report.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is not JSON: {error}", report.display()))
}

/// A port that nobody listens on now. The merchant must know it before `hookproof` listens there, so it may
/// be taken meanwhile, and then we try another.
fn free_port() -> Fallible<u16> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    port.map(|address| address.port()).map_err(|error| format!("no free port on loopback: {error}"))
}

/// Three of TurraTech's types.
const SUBSCRIBED: [&str; 3] = ["payment.succeeded", "payment.failed", "payment.refunded"];

const PORTS_TRIED: usize = 3;

/// Far more than a run takes; only so that a hang ends with a message.
const ENDS_WITHIN: Duration = Duration::from_secs(300);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passing_and_failing_are_both_verdicts() {
        assert_eq!(Ending::of(Some(0), ""), Ending::Verdict);
        assert_eq!(Ending::of(Some(1), "Address already in use"), Ending::Verdict);
    }

    #[test]
    fn a_taken_port_is_told_from_other_failures() {
        let taken = "error: cannot listen on 127.0.0.1:4000: Address already in use (os error 98)";
        assert_eq!(Ending::of(Some(4), taken), Ending::PortTaken);
        assert_eq!(
            Ending::of(Some(2), "unknown provider"),
            Ending::Other("exited with 2, which is no verdict".to_owned())
        );
        assert_eq!(Ending::of(None, ""), Ending::Other("was ended by a signal".to_owned()));
    }
}
