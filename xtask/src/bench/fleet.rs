//! `cargo xtask bench fleet`: many endpoints at once beside one of them alone, as a ratio of times.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::section;
use super::server::{SECRET, Server};
use super::taken::{Taken, median, megabytes, sorted};
use crate::command::{self, Fallible};
use crate::hookproof::{self, Profile};

/// Measures and prints; `--update` writes it to `docs/benchmarks.md` too.
///
/// # Errors
///
/// When something does not build, or a run does not exit with 0. That it is slow is no error.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    let update = match arguments {
        [] => false,
        ["--update"] => true,
        _ => return Err("usage: cargo xtask bench fleet [--update]".into()),
    };
    let found = measure()?;
    println!("{}", found.shown());
    if update { section::write("cargo xtask bench fleet", &found.written()) } else { Ok(()) }
}

/// Runs of one endpoint and of all, in turn.
struct Found {
    alone: Vec<Taken>,
    fleet: Vec<Taken>,
}

fn measure() -> Fallible<Found> {
    let hookproof = hookproof::build(Profile::Release)?;
    let server = Server::start(EXAMPLE, &[SECRET])?;
    let list = list(&server.address)?;
    let url = format!("http://{}/shop-0", server.address);
    let mut found = Found { alone: Vec::new(), fleet: Vec::new() };
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        found.alone.push(time(&hookproof, &["check", &url])?);
        let parallel = ENDPOINTS.to_string();
        let list = list.to_string_lossy();
        found.fleet.push(time(&hookproof, &["check", "--targets", &list, "--parallel", &parallel])?);
    }
    Ok(found)
}

fn list(address: &str) -> Fallible<PathBuf> {
    let path = command::target().join("bench-fleet.toml");
    let target = |number| {
        format!("[[target]]\nname = \"shop-{number}\"\nurl = \"http://{address}/shop-{number}\"\n\n")
    };
    let text: String = (0..ENDPOINTS).map(target).collect();
    fs::write(&path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    Ok(path)
}

fn time(hookproof: &Path, arguments: &[&str]) -> Fallible<Taken> {
    let mut command = Command::new(hookproof);
    Taken::by(command.args(arguments).args(["--skip", LEFT_OUT]).env("HOOKPROOF_SECRET", SECRET))
}

impl Found {
    /// The rounds' ratios of times, from the smallest.
    fn ratios(&self) -> Vec<f64> {
        let rounds = self.fleet.iter().zip(&self.alone);
        sorted(rounds.map(|(fleet, alone)| fleet.time.as_secs_f64() / alone.time.as_secs_f64()))
    }

    fn judged(&self) -> (f64, &'static str) {
        let ratio = median(&self.ratios());
        (ratio, if ratio < GOAL { "met" } else { "missed" })
    }

    fn shown(&self) -> String {
        let secs = |taken: &[Taken]| median(&sorted(taken.iter().map(|taken| taken.time.as_secs_f64())));
        let (ratio, judged) = self.judged();
        format!(
            "one endpoint alone {:.2} s, {ENDPOINTS} at once {:.2} s: {ratio:.2} times as long (goal {GOAL}, {judged}); memory {:.1} and {:.1} MB",
            secs(&self.alone),
            secs(&self.fleet),
            megabytes(&self.alone),
            megabytes(&self.fleet),
        )
    }

    fn written(&self) -> String {
        let ratios = self.ratios();
        let (ratio, judged) = self.judged();
        format!(
            "## A fleet\n\n\
             `hookproof check --targets LIST --parallel {ENDPOINTS}` beside `hookproof check` of one of the {ENDPOINTS} endpoints alone, in \
             {ROUNDS} alternating rounds.\nEach endpoint waits 50 ms before it answers; all are served by one process on the same \
             machine. Without\n`duplicate/many` and `timing/burst`, which send hundreds of deliveries.\n\n\
             | | median | of the rounds | goal |\n| --- | ---: | --- | --- |\n\
             | time of the fleet / time of one | {ratio:.2} | {:.2} to {:.2} | {GOAL:.2}, {judged} |\n\
             | memory of one, MB | {:.1} | | |\n\
             | memory of the fleet, MB | {:.1} | | |\n",
            ratios.first().copied().unwrap_or_default(),
            ratios.last().copied().unwrap_or_default(),
            megabytes(&self.alone),
            megabytes(&self.fleet),
        )
    }
}

const EXAMPLE: &str = "waiting_endpoints";
const LEFT_OUT: &str = "duplicate/many,timing/burst";
const ENDPOINTS: usize = 200;

/// Odd, so that the median is a round that happened.
const ROUNDS: usize = 5;

/// What waits for others should not add up.
const GOAL: f64 = 3.0;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn taken(secs: u64) -> Taken {
        Taken { time: Duration::from_secs(secs), memory: 20_480 }
    }

    #[test]
    fn the_goal_is_judged_by_the_median_of_the_rounds_ratios() {
        let alone = vec![taken(1), taken(2), taken(1)];
        let found = |fleet| Found { alone: alone.clone(), fleet };
        let met = found(vec![taken(2), taken(4), taken(9)]);
        assert_eq!(met.judged(), (2.0, "met"));
        assert_eq!(found(vec![taken(3), taken(6), taken(2)]).judged(), (3.0, "missed"));
        let shown = "one endpoint alone 1.00 s, 200 at once 4.00 s: 2.00 times as long (goal 3, met); memory 20.0 and 20.0 MB";
        assert_eq!(met.shown(), shown);
        assert!(
            met.written().contains("| time of the fleet / time of one | 2.00 | 2.00 to 9.00 | 3.00, met |")
        );
    }
}
