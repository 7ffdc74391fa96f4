//! `cargo xtask bench core`: the core beside what people use instead, in one run, as ratios.

use std::fs;

use serde_json::Value;

use crate::command::{self, Fallible, cargo, target};

/// Runs the benchmarks and prints how ours compare: below 1 is faster.
///
/// # Errors
///
/// When they do not build or run, or left no figures.
pub(crate) fn run() -> Fallible {
    command::run_quietly(&mut cargo([
        "bench",
        "--quiet",
        "--package",
        "hookproof-bench",
        "--bench",
        "core",
        "--",
        "--warm-up-time",
        "0.5",
        "--measurement-time",
        "2",
    ]))?;
    println!(
        "{:<84} {:>6} {:>11} {:>11} {:>7}",
        "ours / theirs (medians)", "bytes", "ours", "theirs", "ratio"
    );
    for (group, ours, theirs) in PAIRS {
        for size in SIZES {
            let (mine, other) = (median(group, ours, size)?, median(group, theirs, size)?);
            let name = format!("{group}: {ours} / {theirs}");
            println!("{name:<84} {size:>6} {:>11} {:>11} {:>7.2}", shown(mine), shown(other), mine / other);
        }
    }
    println!(
        "delivery: a whole schedule of eight attempts {}",
        shown(median("delivery", "a whole schedule", "")?)
    );
    Ok(())
}

/// The median in nanoseconds that criterion wrote down.
fn median(group: &str, name: &str, size: &str) -> Fallible<f64> {
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
    use super::shown;

    #[test]
    fn a_figure_has_the_unit_in_which_it_is_read() {
        assert_eq!(shown(103.4), "103 ns");
        assert_eq!(shown(1_291.8), "1.29 µs");
    }
}
