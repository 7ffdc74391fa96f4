//! `cargo xtask real-merchants`: `hookproof check` against receivers on software that we did not write.
//!
//! Each run's report, without what changes from run to run, is compared with the snapshot beside the
//! merchants; `docs/real-merchants.md` is made from the snapshots alone.

mod document;
mod merchant;
mod restart;
mod running;
mod snapshot;
mod soak;
mod sound;
mod trial;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use crate::build;
use crate::command::{self, Fallible, root};
use crate::hookproof::{self, Profile};
use crate::install;
use merchant::Merchant;
pub(crate) use restart::{KNOCK, knock};
pub(crate) use soak::{soak, sound_merchants};
use trial::Trial;

/// Runs the merchants named (all, when none is) and compares their reports with the snapshots.
///
/// # Errors
///
/// The arguments are wrong, a merchant does not install or start, a run does not give a verdict, or a report
/// differs from its snapshot or accuses a sound merchant: each with what to do.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    let request = Request::parse(arguments, merchant::all(&folder())?)?;
    if request.merchants.iter().any(Merchant::stands_on_our_package) {
        build::package()?;
    }
    let hookproof = hookproof::build(Profile::Dev)?;
    let mut unlike = Vec::new();
    let mut accused = Vec::new();
    request.merchants.iter().try_for_each(make_ready)?;
    let trials: Vec<_> = request.merchants.iter().map(|merchant| Trial { merchant, number: 1 }).collect();
    for (merchant, report) in
        request.merchants.iter().zip(reports(&hookproof, &trials, SIDE_BY_SIDE, &|_, _| ()))
    {
        let report = report?;
        println!("{:24} {}", merchant.name, snapshot::tally(&report));
        let report = snapshot::stable(report);
        if merchant.sound {
            let told = |accusation| format!("{}: {accusation}", merchant.name);
            accused.extend(sound::accusations(&report, !merchant.events.is_empty()).into_iter().map(told));
        }
        if request.update {
            write(&snapshot_path(merchant), &snapshot::print(&report))?;
        } else {
            unlike.extend(differences(merchant, &report));
        }
    }
    if request.update {
        write(&document_path(), &document()?)?;
    }
    if !accused.is_empty() {
        return Err(format!("of a sound merchant and its report one is wrong:\n  {}", accused.join("\n  ")));
    }
    if unlike.is_empty() {
        return Ok(());
    }
    Err(format!("reports differ from their snapshots (`{UPDATE}` accepts them):\n  {}", unlike.join("\n  ")))
}

/// The report of each trial, in their order; `ended` is told of each as soon as it is there. Most of a run is waiting, so
/// several run side by side.
fn reports(
    hookproof: &Path,
    trials: &[Trial<'_>],
    side_by_side: usize,
    ended: &(dyn Fn(Trial<'_>, &Fallible<Value>) + Sync),
) -> Vec<Fallible<Value>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((place, trial)) = {
            let place = next.fetch_add(1, Ordering::Relaxed);
            trials.get(place).map(|trial| (place, *trial))
        } {
            let report = trial::report(hookproof, trial, &folder());
            ended(trial, &report);
            done.push((place, report));
        }
        done
    };
    let mut reports = thread::scope(|scope| {
        let workers: Vec<_> = (0..side_by_side).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(|worker| worker.join().expect("a run does not panic"));
        joined.flatten().collect::<Vec<_>>()
    });
    reports.sort_by_key(|(place, _)| *place);
    reports.into_iter().map(|(_, report)| report).collect()
}

/// Few enough that none is slowed so far that its answers tell of the machine.
const SIDE_BY_SIDE: usize = 4;

/// Installs what the merchants need, from their own lock files.
///
/// # Errors
///
/// When an installation fails, or a tool for it is missing, with the command that brings it.
pub(crate) fn install_all() -> Fallible {
    merchant::all(&folder())?.iter().try_for_each(make_ready)
}

/// Tries what the sound merchants promise without the suite.
///
/// # Errors
///
/// When a merchant does not keep a promise.
pub(crate) fn test_the_sound() -> Fallible {
    command::run(
        Command::new("python3").args(["-m", "unittest", "--quiet"]).current_dir(folder().join("tests")),
    )
}

/// Holds that `docs/real-merchants.md` is what the snapshots make of it.
///
/// # Errors
///
/// When it is not, with the command that makes it anew.
pub(crate) fn document_is_current() -> Fallible {
    let path = document_path();
    let written = fs::read_to_string(&path).unwrap_or_default();
    if written == document()? {
        Ok(())
    } else {
        Err(format!("{} is not current: run `{UPDATE}`", path.display()))
    }
}

/// What the command line asks for.
#[derive(Debug)]
struct Request {
    update: bool,
    merchants: Vec<Merchant>,
}

impl Request {
    fn parse(arguments: &[&str], all: Vec<Merchant>) -> Fallible<Self> {
        let (flags, names): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|word| word.starts_with('-'));
        if let Some(flag) = flags.iter().find(|flag| **flag != "--update") {
            return Err(format!("`{flag}` is not an option of real-merchants; the one there is: --update"));
        }
        if let Some(name) = names.iter().find(|name| all.iter().all(|merchant| merchant.name != **name)) {
            let known: Vec<&str> = all.iter().map(|merchant| merchant.name.as_str()).collect();
            return Err(format!("no merchant is called `{name}`; there are {}", known.join(", ")));
        }
        let wanted = |merchant: &Merchant| names.is_empty() || names.contains(&merchant.name.as_str());
        Ok(Self { update: !flags.is_empty(), merchants: all.into_iter().filter(wanted).collect() })
    }
}

fn make_ready(merchant: &Merchant) -> Fallible {
    install::make_ready(merchant.runtime, &folder().join(&merchant.folder), &merchant.name)
}

fn differences(merchant: &Merchant, report: &Value) -> Vec<String> {
    let Ok(kept) = read_snapshot(merchant) else {
        return vec![format!("{}: there is no snapshot yet", merchant.name)];
    };
    snapshot::differences(&kept, report)
        .into_iter()
        .map(|line| format!("{}: {line}", merchant.name))
        .collect()
}

fn document() -> Fallible<String> {
    let mut entries = Vec::new();
    for merchant in merchant::all(&folder())? {
        let report = read_snapshot(&merchant)?;
        let software = merchant.software_with_versions(&folder())?;
        entries.push(document::Entry { merchant, software, report });
    }
    document::render(&entries)
}

fn read_snapshot(merchant: &Merchant) -> Fallible<Value> {
    let path = snapshot_path(merchant);
    let text = fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}; `{UPDATE}` makes it", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is not JSON: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Fallible {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn folder() -> PathBuf {
    root().join("conformance/merchants")
}

fn snapshot_path(merchant: &Merchant) -> PathBuf {
    folder().join("snapshots").join(&merchant.name).with_extension("json")
}

fn document_path() -> PathBuf {
    root().join("docs/real-merchants.md")
}

const UPDATE: &str = "cargo xtask real-merchants --update";

#[cfg(test)]
mod tests {
    use super::*;

    fn request(arguments: &[&str]) -> Fallible<Request> {
        Request::parse(arguments, merchant::all(&folder()).unwrap())
    }

    #[test]
    fn without_a_name_all_merchants_are_run() {
        let request = request(&["--update"]).unwrap();
        assert!(request.update);
        assert_eq!(request.merchants.len(), merchant::all(&folder()).unwrap().len());
    }

    #[test]
    fn named_merchants_only_are_run() {
        let request = request(&["turnstay-sample", "express-stripe"]).unwrap();
        assert!(!request.update);
        let names: Vec<_> = request.merchants.iter().map(|merchant| merchant.name.as_str()).collect();
        assert_eq!(names, ["express-stripe", "turnstay-sample"]);
    }

    #[test]
    fn a_mistyped_name_or_option_is_an_error_and_not_an_empty_run() {
        let message = request(&["express-strip"]).unwrap_err();
        assert!(
            message.starts_with("no merchant is called `express-strip`; there are express-stripe, "),
            "{message}"
        );
        let message = request(&["--updat"]).unwrap_err();
        assert_eq!(message, "`--updat` is not an option of real-merchants; the one there is: --update");
    }
}
