//! `cargo xtask bench core`: the core beside what people use instead, as ratios.
//!
//! Machines that others share are slower in one minute than in the next. So the benchmarks run in short rounds, in each
//! of which the two sides of a pair follow each other; the ratio told is the median of the rounds' ratios, with the
//! least and the greatest.

use std::fs;

use serde_json::Value;

use crate::command::{self, Fallible, cargo, target};

/// Runs the benchmarks and prints how ours compare: below 1 is faster.
///
/// # Errors
///
/// When they do not build or run, or left no figures.
pub(crate) fn run() -> Fallible {
    let mut rows: Vec<Row> = PAIRS
        .iter()
        .flat_map(|pair| SIZES.map(|size| Row { pair: *pair, size, rounds: Vec::new() }))
        .collect();
    let mut schedules = Vec::new();
    for _ in 0..ROUNDS {
        command::run_quietly(&mut cargo(BENCH))?;
        for row in &mut rows {
            let (group, ours, theirs) = row.pair;
            row.rounds.push((median_of(group, ours, row.size)?, median_of(group, theirs, row.size)?));
        }
        schedules.push(median_of("delivery", "a whole schedule", "")?);
    }
    println!(
        "{:<84} {:>6} {:>11} {:>11} {:>7}  {:>11}",
        format!("ours / theirs ({ROUNDS} rounds, medians)"),
        "bytes",
        "ours",
        "theirs",
        "ratio",
        "from - to"
    );
    rows.iter().for_each(Row::print);
    println!("delivery: a whole schedule of eight attempts {}", shown(median(schedules)));
    Ok(())
}

/// A pair at a size, and the nanoseconds of both in each round.
struct Row {
    pair: (&'static str, &'static str, &'static str),
    size: &'static str,
    rounds: Vec<(f64, f64)>,
}

impl Row {
    fn print(&self) {
        let (group, ours, theirs) = self.pair;
        let all = |of: fn(&(f64, f64)) -> f64| self.rounds.iter().map(of).collect::<Vec<f64>>();
        let ratios = all(|(ours, theirs)| ours / theirs);
        let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = ratios.iter().copied().fold(0.0, f64::max);
        println!(
            "{:<84} {:>6} {:>11} {:>11} {:>7.2}  {least:.2} - {greatest:.2}",
            format!("{group}: {ours} / {theirs}"),
            self.size,
            shown(median(all(|round| round.0))),
            shown(median(all(|round| round.1))),
            median(ratios),
        );
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The median in nanoseconds that criterion wrote down.
fn median_of(group: &str, name: &str, size: &str) -> Fallible<f64> {
    let folder = name.replace('/', "_");
    let path = target().join("criterion").join(group).join(folder).join(size).join("new/estimates.json");
    let text =
        fs::read_to_string(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let estimates: Value =
        serde_json::from_str(&text).map_err(|error| format!("{} is no JSON: {error}", path.display()))?;
    let median = estimates["median"]["point_estimate"].as_f64();
    median.ok_or_else(|| format!("{} has no median", path.display()))
}

fn shown(nanoseconds: f64) -> String {
    if nanoseconds < 1_000.0 {
        format!("{nanoseconds:.0} ns")
    } else {
        format!("{:.2} µs", nanoseconds / 1_000.0)
    }
}

/// An odd number, so that the median is a round.
const ROUNDS: usize = 7;

/// One round.
const BENCH: [&str; 13] = [
    "bench",
    "--quiet",
    "--package",
    "hookproof-bench",
    "--bench",
    "core",
    "--",
    "--warm-up-time",
    "0.1",
    "--measurement-time",
    "0.3",
    "--sample-size",
    "20",
];

/// Group, ours, and what it is set beside.
const PAIRS: [(&str, &str, &str); 5] = [
    ("verify", "hookproof, stripe", "bare HMAC"),
    ("verify", "hookproof, standard-webhooks", "standardwebhooks"),
    ("verify", "hookproof, stripe, with the event", "async-stripe-webhook, with the event"),
    ("scan", "hookproof", "serde_json IgnoredAny"),
    ("scan", "hookproof", "serde_json Value"),
];

const SIZES: [&str; 3] = ["300", "2048", "65536"];

#[cfg(test)]
mod tests {
    use super::{median, shown};

    #[test]
    fn the_median_is_the_one_in_the_middle_whatever_the_order() {
        assert_eq!(median(vec![9.0, 1.0, 4.0]), 4.0);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn a_figure_has_the_unit_in_which_it_is_read() {
        assert_eq!(shown(103.4), "103 ns");
        assert_eq!(shown(1_291.8), "1.29 µs");
    }
}
