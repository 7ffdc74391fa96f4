//! `cargo xtask bench`: figures, not tests. Nothing fails because a machine is slow.

pub(crate) mod core;
pub(crate) mod fleet;
pub(crate) mod js;
mod section;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::command::{self, Fallible};
use crate::hookproof::{self, Profile};

/// Times `hookproof check` without a URL: the first thing that a new user runs.
///
/// # Errors
///
/// When the command does not build, or a run does not exit with 0.
pub(crate) fn check() -> Fallible {
    let hookproof = hookproof::build(Profile::Release)?;
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let started = Instant::now();
        command::run(Command::new(&hookproof).arg("check").stdout(Stdio::null()).stderr(Stdio::null()))?;
        times.push(started.elapsed());
    }
    println!("{}", summary(&mut times));
    Ok(())
}

fn summary(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let [shortest, .., longest] = &*times else { return "too few runs to tell".to_owned() };
    let median = times[times.len() / 2];
    let judged = if median < GOAL { "under" } else { "not under" };
    format!(
        "hookproof check, {} runs: min {:.2} s, median {:.2} s, max {:.2} s; the median is {judged} {} s",
        times.len(),
        shortest.as_secs_f64(),
        median.as_secs_f64(),
        longest.as_secs_f64(),
        GOAL.as_secs(),
    )
}

/// Odd, so that the median is a run that happened.
const RUNS: usize = 11;

/// What a person waits for without wondering whether it hangs.
const GOAL: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_judged_and_not_the_mean() {
        let mut times = [9000, 1000, 2999].map(Duration::from_millis);
        assert_eq!(
            summary(&mut times),
            "hookproof check, 3 runs: min 1.00 s, median 3.00 s, max 9.00 s; the median is under 3 s"
        );
    }

    #[test]
    fn exactly_the_goal_is_not_under_it() {
        assert!(summary(&mut [GOAL, GOAL, GOAL]).ends_with("the median is not under 3 s"));
    }
}
