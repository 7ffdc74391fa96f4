//! Spans of time that a fuzzer hits the edges of.

use std::time::Duration;

use arbitrary::Arbitrary;

/// A round span and some milliseconds more or less.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) struct Span {
    round: u8,
    off: i8,
}

impl Span {
    pub(super) fn duration(self) -> Duration {
        let round = ROUND_MILLIS[usize::from(self.round) % ROUND_MILLIS.len()];
        Duration::from_millis(round.saturating_add_signed(self.off.into()))
    }
}

/// Nothing, a second, a time limit, a lease, the shortest and the usual keep of a processed key, and the ends of what a
/// timestamp holds.
const ROUND_MILLIS: [u64; 8] =
    [0, 1_000, 30_000, 300_000, 48 * 3_600_000, 7 * 86_400_000, u64::MAX / 2, u64::MAX];
