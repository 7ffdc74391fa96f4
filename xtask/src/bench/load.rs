//! `cargo xtask bench load`: how much `hookproof load` sends beside `oha`, and how true the times are that it tells.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::section;
use super::server::{SECRET, Server};
use super::taken::{median, sorted};
use crate::command::{self, Fallible};
use crate::hookproof::{self, Profile};
use crate::install;

/// Measures and prints; `--update` writes it to `docs/benchmarks.md` too.
///
/// # Errors
///
/// When something does not build or install, or a run does not exit with 0. That it is slow is no error.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    let update = match arguments {
        [] => false,
        ["--update"] => true,
        _ => return Err("usage: cargo xtask bench load [--update]".into()),
    };
    let found = measure()?;
    println!("{}", found.written());
    if update { section::write("cargo xtask bench load", &found.written()) } else { Ok(()) }
}

/// What the rounds showed.
#[derive(Default)]
struct Found {
    /// Requests a second, of `hookproof load` and of `oha` in the same round.
    rates: Vec<(f64, f64)>,
    open: Vec<Told>,
    closed: Vec<Told>,
}

/// What a run told of a server whose delays are known, in seconds.
#[derive(Clone, Copy)]
struct Told {
    p50: f64,
    p99: f64,
}

fn measure() -> Fallible<Found> {
    let hookproof = hookproof::build(Profile::Release)?;
    let oha = install::cargo_program("oha", OHA)?;
    let mut found = Found::default();
    let quick = Server::start(EXAMPLE, &[""; 0])?;
    for round in 1..=ROUNDS {
        eprintln!("throughput, round {round} of {ROUNDS}");
        found.rates.push((ours(&hookproof, &quick.address)?, theirs(&oha, &quick.address)?));
    }
    drop(quick);
    let stalling = Server::start(EXAMPLE, &[DELAY_MS, EVERY_MS, STALL_MS].map(|millis| millis.to_string()))?;
    for round in 1..=ROUNDS {
        eprintln!("delays, round {round} of {ROUNDS}");
        let open = ["--rate", RATE, "--duration", PERIODS];
        found.open.push(told(&load(&hookproof, &stalling.address, &open)?)?);
        let closed = ["--connections", FEW, "--duration", PERIODS];
        found.closed.push(told(&load(&hookproof, &stalling.address, &closed)?)?);
    }
    Ok(found)
}

fn ours(hookproof: &Path, address: &str) -> Fallible<f64> {
    let padding = format!("data.object.description={}", "x".repeat(PADDING));
    let options = ["--connections", CONNECTIONS, "--duration", SECONDS, "--set", &padding];
    let report = load(hookproof, address, &options)?;
    let (sent, micros) = (number(&report, "/sent")?, number(&report, "/took_micros")?);
    Ok(sent / (micros / 1e6))
}

/// The report of one load.
fn load(hookproof: &Path, address: &str, options: &[&str]) -> Fallible<Value> {
    let path = command::target().join("bench-load.json");
    let mut command = Command::new(hookproof);
    command.args(["load", address]).args(options).arg("--report").arg(format!("json={}", path.display()));
    command::run(command.env("HOOKPROOF_SECRET", SECRET).stdout(Stdio::null()).stderr(Stdio::null()))?;
    let text =
        fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is no JSON: {error}", path.display()))
}

/// The same size, the same for every request.
fn theirs(oha: &Path, address: &str) -> Fallible<f64> {
    let body = "x".repeat(BODY);
    let arguments = ["--no-tui", "--output-format", "json", "-c", CONNECTIONS, "-z", SECONDS, "-m", "POST"];
    let mut command = Command::new(oha);
    let text = command::read(command.args(arguments).args(["-T", "application/json", "-d", &body, address]))?;
    let report = serde_json::from_str(&text).map_err(|error| format!("oha printed no JSON: {error}"))?;
    number(&report, "/summary/requestsPerSec")
}

fn told(report: &Value) -> Fallible<Told> {
    let seconds = |share| number(report, share).map(|micros| micros / 1e6);
    Ok(Told { p50: seconds("/response_micros/p50")?, p99: seconds("/response_micros/p99")? })
}

fn number(report: &Value, pointer: &str) -> Fallible<f64> {
    report.pointer(pointer).and_then(Value::as_f64).ok_or_else(|| format!("the report lacks {pointer}"))
}

impl Found {
    fn written(&self) -> String {
        let rates = sorted(self.rates.iter().map(|(ours, theirs)| ours / theirs));
        let rate = Row { of: &rates, met: median(&rates) >= LEAST };
        let [p50, p99] = truth();
        let row = |told: &[Told], of: fn(&Told) -> f64, truth: f64| {
            sorted(told.iter().map(|told| of(told) / truth))
        };
        let open = [row(&self.open, |told| told.p50, p50), row(&self.open, |told| told.p99, p99)];
        let closed = [row(&self.closed, |told| told.p50, p50), row(&self.closed, |told| told.p99, p99)];
        let [open_p50, open_p99] = open.each_ref().map(|of| Row { of, met: near(median(of)) });
        let each = |rates: fn(&(f64, f64)) -> f64| median(&sorted(self.rates.iter().map(rates)));
        format!(
            "## Load\n\n\
             `hookproof load` sends events of {BODY} bytes, each with an id, a time and a signature of its own, beside\n\
             `oha` {OHA}, which sends one fixed body of that size: {CONNECTIONS} connections, {SECONDS} each, in {ROUNDS} \
             alternating rounds, to one\nserver of one thread on the same machine. In the middle {:.0} and {:.0} requests a second.\n\n\
             | | median | of the rounds | goal |\n| --- | ---: | --- | --- |\n\
             | events a second / requests a second of `oha` | {} | at least {LEAST:.2}, {} |\n\n\
             The same server can be told to be late: {DELAY_MS} ms before each answer, and none at all in the last {STALL_MS} ms of every\n\
             {EVERY_MS} ms. Whoever asks at any time then waits {:.0} ms in half of the cases and, in one of a hundred, \
             {:.0} ms or more.\n{ROUNDS} runs of {PERIODS} at {RATE} events a second told, as a share of that:\n\n\
             | | median | of the rounds | goal |\n| --- | ---: | --- | --- |\n\
             | p50 / the truth | {} | {:.2} to {:.2}, {} |\n\
             | p99 / the truth | {} | {:.2} to {:.2}, {} |\n\
             | p50 / the truth, in a closed loop of {FEW} connections | {} | |\n\
             | p99 / the truth, in a closed loop of {FEW} connections | {} | none: it waits with the server |\n",
            each(|(ours, _)| *ours),
            each(|(_, theirs)| *theirs),
            rate,
            rate.judged(),
            p50 * 1e3,
            p99 * 1e3,
            open_p50,
            1.0 - AGREES,
            1.0 + AGREES,
            open_p50.judged(),
            open_p99,
            1.0 - AGREES,
            1.0 + AGREES,
            open_p99.judged(),
            Row { of: &closed[0], met: true },
            Row { of: &closed[1], met: true },
        )
    }
}

/// The ratios of some rounds, from the smallest.
struct Row<'a> {
    of: &'a [f64],
    met: bool,
}

impl Row<'_> {
    const fn judged(&self) -> &'static str {
        if self.met { "met" } else { "missed" }
    }
}

impl std::fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [first, .., last] = self.of else { return f.write_str("too few rounds") };
        write!(f, "{:.3} | {first:.3} to {last:.3}", median(self.of))
    }
}

fn near(ratio: f64) -> bool {
    (ratio - 1.0).abs() <= AGREES
}

/// The shares of all times that somebody waits who asks at any time: half of them the delay alone, and a hundredth more
/// than all but the last tenth of a stall, because a stall is a tenth of the time.
fn truth() -> [f64; 2] {
    let [delay, every, stall] = [DELAY_MS, EVERY_MS, STALL_MS].map(|millis| f64::from(millis) / 1e3);
    let stalled = stall / every;
    [delay, delay + stall * (1.0 - 0.01 / stalled)]
}

const EXAMPLE: &str = "timed_server";
const OHA: &str = "1.16.0";
const CONNECTIONS: &str = "64";
const SECONDS: &str = "5s";

/// An event of TurraTech has 296 bytes, and its description 17 beside the text itself.
const PADDING: usize = BODY - 296 - 17;
const BODY: usize = 600;

const DELAY_MS: u32 = 50;
const EVERY_MS: u32 = 10_000;
const STALL_MS: u32 = 1_000;

/// So seldom that 64 connections would do.
const RATE: &str = "200";

/// Whole periods, so that it does not matter when a run begins.
const PERIODS: &str = "20s";

/// Each of these sends 180 events while the server does not stall, and one while it does: less than a hundredth.
const FEW: &str = "8";

/// Odd, so that the median is a round that happened.
const ROUNDS: usize = 5;

/// What uniqueness and signatures may cost.
const LEAST: f64 = 0.85;

/// How far the times may be from the truth.
const AGREES: f64 = 0.05;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_at_any_time_waits_the_delay_or_what_is_left_of_a_stall_and_the_delay() {
        let [p50, p99] = truth();
        // Ten seconds of somebody asking every millisecond.
        let waits = sorted(
            (0..10_000_u32).map(|at| f64::from(50 + 10_000_u32.saturating_sub(at.max(9_000)) % 1_000)),
        );
        assert!((waits[5_000] / 1e3 / p50 - 1.0).abs() < 0.001, "{}", waits[5_000]);
        assert!((waits[9_900] / 1e3 / p99 - 1.0).abs() < 0.002, "{}", waits[9_900]);
    }

    #[test]
    fn the_median_of_the_rounds_is_judged() {
        let [p50, p99] = truth();
        let told = |share| Told { p50: p50 * share, p99: p99 * share };
        let found = |rates: [f64; 3], share| Found {
            rates: rates.map(|rate| (rate, 1_000.0)).to_vec(),
            open: [0.5, share, 1.5].map(told).to_vec(),
            closed: [told(0.1); 3].to_vec(),
        };
        let met = found([100.0, 850.0, 2_000.0], 1.04).written();
        assert!(met.contains("| 0.850 | 0.100 to 2.000 | at least 0.85, met |"), "{met}");
        assert!(met.contains("| p99 / the truth | 1.040 | 0.500 to 1.500 | 0.95 to 1.05, met |"), "{met}");
        let missed = found([100.0, 849.0, 2_000.0], 1.06).written();
        assert_eq!(missed.matches("missed").count(), 3, "{missed}");
    }
}
