//! `cargo xtask bench check`: what the command weighs, how soon it starts, and what a whole run takes.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::section;
use super::taken::{Taken, median, megabytes, sorted};
use crate::command::{self, Fallible};
use crate::hookproof::{self, Profile};

/// Measures and prints; `--update` writes it to `docs/benchmarks.md` too.
///
/// # Errors
///
/// When the command does not build, or a run does not exit with 0. That it is slow is no error.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    let update = match arguments {
        [] => false,
        ["--update"] => true,
        _ => return Err("usage: cargo xtask bench check [--update]".into()),
    };
    let hookproof = hookproof::build(Profile::Release)?;
    let size = fs::metadata(&hookproof).map_err(|error| format!("{}: {error}", hookproof.display()))?.len();
    let starts = (0..STARTS).map(|_| start(&hookproof)).collect::<Fallible<_>>()?;
    let mut runs = Vec::new();
    for number in 1..=RUNS {
        eprintln!("run {number} of {RUNS}");
        runs.push(Taken::by(Command::new(&hookproof).arg("check"))?);
    }
    let written = Found { size, starts, runs }.written();
    println!("{written}");
    if update { section::write("cargo xtask bench check", &written) } else { Ok(()) }
}

/// From the start of the process to its end.
fn start(hookproof: &Path) -> Fallible<Duration> {
    let began = Instant::now();
    command::run(Command::new(hookproof).arg("--version").stdout(Stdio::null()))?;
    Ok(began.elapsed())
}

struct Found {
    /// Of the binary, in bytes.
    size: u64,
    starts: Vec<Duration>,
    runs: Vec<Taken>,
}

impl Found {
    fn written(&self) -> String {
        let rows = [
            Row {
                what: "size of the release binary, MB",
                values: vec![Duration::from_micros(self.size).as_secs_f64()],
                goal: SIZE,
            },
            Row {
                what: "`hookproof --version`, ms",
                values: sorted(self.starts.iter().map(|time| time.as_secs_f64() * 1e3)),
                goal: START,
            },
            Row {
                what: "`hookproof check`, s",
                values: sorted(self.runs.iter().map(|taken| taken.time.as_secs_f64())),
                goal: TIME,
            },
            Row { what: "its memory at the most, MB", values: vec![megabytes(&self.runs)], goal: MEMORY },
        ];
        let rows: String = rows.iter().map(Row::line).collect();
        format!(
            "## The command\n\n\
             {STARTS} starts and {RUNS} whole runs against the built-in merchant, which answers at once; the suite waits where \
             what\nit checks is time.\n\n\
             | | median | of the runs | goal |\n| --- | ---: | --- | --- |\n{rows}"
        )
    }
}

struct Row {
    what: &'static str,
    /// From the smallest.
    values: Vec<f64>,
    /// To be under.
    goal: f64,
}

impl Row {
    fn line(&self) -> String {
        let Self { what, values, goal } = self;
        let middle = median(values);
        let judged = if middle < *goal { "met" } else { "missed" };
        let of_all = match values.as_slice() {
            [first, .., last] => format!("{first:.1} to {last:.1}"),
            _ => String::new(),
        };
        format!("| {what} | {middle:.1} | {of_all} | under {goal}, {judged} |\n")
    }
}

/// Odd, so that the median is a run that happened.
const STARTS: usize = 51;
const RUNS: usize = 5;

/// In MB.
const SIZE: f64 = 12.0;

/// In ms.
const START: f64 = 10.0;

/// In seconds: what waits is the providers' limits, not the command.
const TIME: f64 = 12.0;

/// In MB.
const MEMORY: f64 = 64.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn found(millis: [u64; 3], size: u64) -> Found {
        let starts = millis.map(Duration::from_millis).to_vec();
        let runs = millis.map(|millis| Taken { time: Duration::from_millis(millis * 1_000), memory: 66_560 });
        Found { size, starts, runs: runs.to_vec() }
    }

    #[test]
    fn the_median_is_judged_and_not_the_mean() {
        let written = found([9, 90, 1], 8_400_000).written();
        for line in [
            "| size of the release binary, MB | 8.4 |  | under 12, met |",
            "| `hookproof --version`, ms | 9.0 | 1.0 to 90.0 | under 10, met |",
            "| `hookproof check`, s | 9.0 | 1.0 to 90.0 | under 12, met |",
            "| its memory at the most, MB | 65.0 |  | under 64, missed |",
        ] {
            assert!(written.contains(line), "{line} is not in\n{written}");
        }
    }

    #[test]
    fn exactly_the_goal_is_not_under_it() {
        let written = found([10, 10, 10], 12_000_000).written();
        assert!(written.contains("| `hookproof --version`, ms | 10.0 | 10.0 to 10.0 | under 10, missed |"));
        assert!(written.contains("| 12.0 |  | under 12, missed |"), "{written}");
    }
}
