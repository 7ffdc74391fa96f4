//! `cargo xtask soak sound`: the sound merchants again and again, because a wrong verdict may be a matter of luck.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use super::merchant;
use super::trial::Trial;
use super::{folder, make_ready, reports, sound};
use crate::command::Fallible;
use crate::hookproof::{self, Profile};

/// Runs each sound merchant as often as the arguments say.
///
/// # Errors
///
/// The arguments are wrong, or as [`sound_merchants`].
pub(crate) fn soak(arguments: &[&str]) -> Fallible {
    let Request { runs, busy } = Request::parse(arguments)?;
    sound_merchants(runs, busy)
}

/// Runs each sound merchant so many times, each time with another seed; `busy` keeps one core at work meanwhile.
///
/// # Errors
///
/// A merchant does not install or start, or a report accuses one: each accusation with where the report is.
pub(crate) fn sound_merchants(runs: usize, busy: bool) -> Fallible {
    let mut merchants = merchant::all(&folder())?;
    merchants.retain(|merchant| merchant.sound);
    merchants.iter().try_for_each(make_ready)?;
    let hookproof = hookproof::build(Profile::Dev)?;
    let trials: Vec<Trial<'_>> = (1..=runs)
        .flat_map(|number| merchants.iter().map(move |merchant| Trial { merchant, number }))
        .collect();
    let ended = AtomicUsize::new(0);
    let tell = |trial: Trial<'_>, report: &Fallible<Value>| {
        let ended = ended.fetch_add(1, Ordering::Relaxed) + 1;
        let accusations = accusations(trial, report);
        if !accusations.is_empty() || ended.is_multiple_of(TOLD_EACH) {
            eprintln!(
                "{}",
                [vec![format!("{ended} of {}", trials.len())], accusations].concat().join("\n  ")
            );
        }
    };
    let reports = beside_a_spinner(busy, || reports(&hookproof, &trials, SIDE_BY_SIDE, &tell));
    let mut accused = Vec::new();
    for merchant in &merchants {
        let of_it = trials.iter().zip(&reports).filter(|(trial, _)| trial.merchant.name == merchant.name);
        let said: Vec<String> = of_it.flat_map(|(trial, report)| accusations(*trial, report)).collect();
        println!("{:24} {runs} runs, {} accusations", merchant.name, said.len());
        accused.extend(said);
    }
    if accused.is_empty() {
        return Ok(());
    }
    Err(format!("of a sound merchant and its report one is wrong:\n  {}", accused.join("\n  ")))
}

/// What is held against a sound merchant in one run, a line each; a run without a report is held against it too.
fn accusations(trial: Trial<'_>, report: &Fallible<Value>) -> Vec<String> {
    let said = match report {
        Ok(report) => sound::accusations(report, !trial.events().is_empty()),
        Err(why) => vec![why.clone()],
    };
    let of = format!("{}, run {}", trial.merchant.name, trial.number);
    said.into_iter().map(|accusation| format!("{of}: {accusation}")).collect()
}

/// Does some work, beside a thread that keeps a core busy if it is to.
fn beside_a_spinner<T>(busy: bool, work: impl FnOnce() -> T) -> T {
    let over = AtomicBool::new(!busy);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                hint::spin_loop();
            }
        });
        let done = work();
        over.store(true, Ordering::Relaxed);
        done
    })
}

/// What the command line asks for.
#[derive(Debug, PartialEq)]
struct Request {
    runs: usize,
    busy: bool,
}

impl Request {
    fn parse(arguments: &[&str]) -> Fallible<Self> {
        let mut request = Self { runs: RUNS, busy: false };
        let mut rest = arguments.iter();
        if rest.next() != Some(&"sound") {
            return Err(USAGE.into());
        }
        while let Some(argument) = rest.next() {
            match *argument {
                "--busy" => request.busy = true,
                "--runs" => {
                    let runs = rest.next().and_then(|number| number.parse().ok()).filter(|runs| *runs > 0);
                    request.runs = runs.ok_or(USAGE)?;
                }
                _ => return Err(USAGE.into()),
            }
        }
        Ok(request)
    }
}

const RUNS: usize = 200;

/// Whatever the machine is busy with, a sound merchant is not accused.
const SIDE_BY_SIDE: usize = 8;

/// How many runs end between two lines on how far it is.
const TOLD_EACH: usize = 30;

const USAGE: &str = "usage: cargo xtask soak sound [--runs N] [--busy]";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_soak_is_of_200_runs_and_leaves_the_cores_alone_unless_told_otherwise() {
        assert_eq!(Request::parse(&["sound"]), Ok(Request { runs: 200, busy: false }));
        assert_eq!(Request::parse(&["sound", "--busy", "--runs", "3"]), Ok(Request { runs: 3, busy: true }));
        for wrong in [&[][..], &["rotten"], &["sound", "--runs"], &["sound", "--runs", "0"], &["sound", "3"]]
        {
            assert_eq!(Request::parse(wrong), Err(USAGE.to_owned()), "{wrong:?}");
        }
    }

    #[test]
    fn a_run_without_a_report_is_an_accusation_too() {
        let merchants = merchant::all(&folder()).unwrap();
        let trial = Trial { merchant: merchants.iter().find(|merchant| merchant.sound).unwrap(), number: 7 };
        let sound = json!({"checks": [{"id": "timing/burst", "verdict": "pass"}]});
        assert_eq!(accusations(trial, &Ok(sound)), [""; 0]);
        let [said] = &accusations(trial, &Err("it did not start".into()))[..] else { panic!("one was made") };
        assert_eq!(*said, format!("{}, run 7: it did not start", trial.merchant.name));
    }

    #[test]
    fn work_beside_a_spinner_ends_and_is_given_back() {
        assert_eq!(beside_a_spinner(true, || 4), 4);
        assert_eq!(beside_a_spinner(false, || 5), 5);
    }
}
