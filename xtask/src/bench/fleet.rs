//! `cargo xtask bench fleet`: many endpoints at once beside one of them alone, as a ratio of times.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::section;
use crate::command::{self, Fallible, cargo};
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

/// A run of the command.
#[derive(Clone, Copy)]
struct Taken {
    time: Duration,
    /// The most memory that it had, in KiB.
    memory: u64,
}

/// Runs of one endpoint and of all, in turn.
struct Found {
    alone: Vec<Taken>,
    fleet: Vec<Taken>,
}

fn measure() -> Fallible<Found> {
    let hookproof = hookproof::build(Profile::Release)?;
    let server = Server::start()?;
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

/// The endpoints, which are gone with this.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start() -> Fallible<Self> {
        let package = ["--package", "hookproof-conformance", "--example", EXAMPLE];
        command::run(cargo(["build", "--quiet", "--release"]).args(package))?;
        let program = command::target().join("release/examples").join(EXAMPLE);
        let mut child = Command::new(&program)
            .arg(SECRET)
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
    let began = Instant::now();
    let mut child = Command::new(hookproof)
        .args(arguments)
        .args(["--skip", LEFT_OUT])
        .env("HOOKPROOF_SECRET", SECRET)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{} cannot be started: {error}", hookproof.display()))?;
    let mut memory = 0;
    loop {
        memory = memory.max(peak(child.id()));
        match child.try_wait().map_err(|error| format!("it cannot be waited for: {error}"))? {
            Some(status) if status.success() => return Ok(Taken { time: began.elapsed(), memory }),
            Some(status) => return Err(format!("hookproof {} ended with {status}", arguments.join(" "))),
            None => thread::sleep(BETWEEN_LOOKS),
        }
    }
}

/// The most memory that a process had by now, in KiB; 0 where the system does not tell.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

impl Found {
    /// The rounds' ratios of times, from the smallest.
    fn ratios(&self) -> Vec<f64> {
        let mut ratios: Vec<f64> = self
            .fleet
            .iter()
            .zip(&self.alone)
            .map(|(fleet, alone)| fleet.time.as_secs_f64() / alone.time.as_secs_f64())
            .collect();
        ratios.sort_by(f64::total_cmp);
        ratios
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

fn megabytes(taken: &[Taken]) -> f64 {
    let mut peaks: Vec<u64> = taken.iter().map(|taken| taken.memory).collect();
    peaks.sort_unstable();
    let tenths = peaks.get(peaks.len() / 2).map_or(0, |kib| kib * 10 / 1024);
    Duration::from_millis(tenths * 100).as_secs_f64()
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

const EXAMPLE: &str = "waiting_endpoints";
const SECRET: &str = "whsec_YSBzZWNyZXQgb2YgdGhlIGJlbmNobWFyaw==";
const LEFT_OUT: &str = "duplicate/many,timing/burst";
const ENDPOINTS: usize = 200;

/// Odd, so that the median is a round that happened.
const ROUNDS: usize = 5;

/// What waits for others should not add up.
const GOAL: f64 = 3.0;

const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
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
