//! How much memory a process has taken at the most.

use std::{fs, time::Duration};

use tokio::{pin, time::sleep};

/// Waits for what ends with the process; beside it, the most memory that the process had in use at once, in bytes.
pub(crate) async fn beside<T>(process: u32, ending: impl Future<Output = T>) -> (T, u64) {
    let mut peak = so_far(process).unwrap_or_default();
    pin!(ending);
    loop {
        tokio::select! {
            ended = &mut ending => return (ended, peak),
            // The system keeps the highest mark, so that only the last moment before the end is missed.
            () = sleep(Duration::from_millis(2)) => peak = peak.max(so_far(process).unwrap_or_default()),
        }
    }
}

/// Nothing once the process has ended.
fn so_far(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().strip_suffix(" kB")?;
    kilobytes.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// What the command may take, whatever the endpoint sends.
pub(crate) const LIMIT: u64 = 64 << 20;
