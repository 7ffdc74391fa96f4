//! A delivery as one would tell it: the delays that are left, and when the next attempt is due.

use std::{collections::VecDeque, time::Duration};

use hookproof_core::{Attempt, Conclusion, Next, Outcome, Recorded, Timestamp};

use super::plan::Plan;

pub(super) struct Model<'a> {
    plan: &'a Plan,
    stage: Stage,
    left: VecDeque<Duration>,
    jitter: i32,
    is_wished: bool,
    log: Vec<Attempt>,
}

#[derive(Clone, Copy)]
enum Stage {
    Due(Timestamp),
    Over(Conclusion),
}

impl<'a> Model<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        let left = plan.delays.iter().copied().collect();
        Self { plan, stage: Stage::Due(plan.due), left, jitter: 0, is_wished: false, log: Vec::new() }
    }

    pub(super) fn next(&self, now: Timestamp) -> Next {
        match self.stage {
            _ if self.is_wished => self.send(now),
            Stage::Due(at) if now < at => Next::Wait { until: at },
            Stage::Due(_) => self.send(now),
            Stage::Over(conclusion) => Next::Done(conclusion),
        }
    }

    pub(super) fn record(&mut self, attempt: u32, now: Timestamp, outcome: Outcome) -> Recorded {
        if !matches!(self.send(now), Next::Send { attempt: awaited, .. } if awaited == attempt) {
            return Recorded::Ignored;
        }
        if matches!(self.stage, Stage::Over(_)) && !self.is_wished {
            return Recorded::Ignored;
        }
        let by_hand = std::mem::take(&mut self.is_wished);
        self.log.push(Attempt { number: attempt, ended: now, outcome, by_hand });
        if self.plan.acknowledges(outcome) {
            self.stage = Stage::Over(Conclusion::Delivered);
        } else if !by_hand {
            self.stage = match self.left.pop_front() {
                Some(delay) => Stage::Due(later(now, delay, self.jitter)),
                None => Stage::Over(Conclusion::Exhausted),
            };
        }
        Recorded::Applied
    }

    pub(super) fn resend(&mut self) {
        self.is_wished = true;
    }

    pub(super) fn set_jitter(&mut self, per_mille: i32) {
        self.jitter = per_mille;
    }

    pub(super) fn log(&self) -> &[Attempt] {
        &self.log
    }

    fn send(&self, now: Timestamp) -> Next {
        let attempt = u32::try_from(self.log.len()).expect("few") + 1;
        Next::Send { attempt, deadline: now.saturating_add(self.plan.limit) }
    }
}

/// In numbers so wide that nothing overflows, and never beyond the last moment there is.
fn later(now: Timestamp, delay: Duration, per_mille: i32) -> Timestamp {
    let nanos = i128::try_from(delay.as_nanos()).expect("96 bits at the most");
    let shift = nanos * i128::from(per_mille) / 1_000;
    let at = i128::from(now.as_unix_millis()) + (nanos + shift) / 1_000_000;
    Timestamp::from_unix_millis(u64::try_from(at).unwrap_or(u64::MAX))
}
