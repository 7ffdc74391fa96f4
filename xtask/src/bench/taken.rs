//! What one run of a command took: time and memory.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::command::Fallible;

/// One run of a command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) time: Duration,
    /// The most memory that it had, in KiB.
    pub(super) memory: u64,
}

impl Taken {
    /// Runs the command to its end; what it prints goes nowhere.
    ///
    /// # Errors
    ///
    /// When it cannot be started, or does not exit with 0.
    pub(super) fn by(command: &mut Command) -> Fallible<Self> {
        let began = Instant::now();
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{command:?} cannot be started: {error}"))?;
        let mut memory = 0;
        loop {
            memory = memory.max(peak(child.id()));
            match child.try_wait().map_err(|error| format!("it cannot be waited for: {error}"))? {
                Some(status) if status.success() => return Ok(Self { time: began.elapsed(), memory }),
                Some(status) => return Err(format!("{command:?} ended with {status}")),
                None => thread::sleep(BETWEEN_LOOKS),
            }
        }
    }
}

/// The most memory of the run in the middle, in MB, to a tenth.
pub(super) fn megabytes(taken: &[Taken]) -> f64 {
    let mut peaks: Vec<u64> = taken.iter().map(|taken| taken.memory).collect();
    peaks.sort_unstable();
    let tenths = peaks.get(peaks.len() / 2).map_or(0, |kib| kib * 10 / 1024);
    Duration::from_millis(tenths * 100).as_secs_f64()
}

/// From the smallest to the largest.
pub(super) fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The one in the middle of sorted values; 0 where there is none.
pub(super) fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// The most memory that a process had by now, in KiB; 0 where the system does not tell.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
