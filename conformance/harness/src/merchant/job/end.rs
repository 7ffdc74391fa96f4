//! How a job ends, and when it is tried again.

use std::time::Duration;

use hookproof_core::Timestamp;

use super::{Alarm, Stage};
use crate::merchant::{CallId, Defect, Merchant, Output, Reply, Variant};

impl Merchant {
    /// Gives up a call that is still under way. Its answer would come under a name that nobody knows any more.
    pub(super) fn abandon(&mut self, now: Timestamp, call: CallId, turn: u32) -> Vec<Output> {
        let Some(job) = self.jobs.remove(&call) else { return Vec::new() };
        if job.turn != turn {
            self.jobs.insert(call, job);
            return Vec::new();
        }
        let renamed = CallId(self.next_number());
        self.jobs.insert(renamed, job);
        self.failed(now, renamed)
    }

    /// After which a job of the durable queue is tried again.
    fn own_retry(&self) -> Duration {
        if self.character.is(Variant::OwnJobRetry) { A_MINUTE } else { OWN_RETRY }
    }

    pub(super) fn failed(&mut self, now: Timestamp, call: CallId) -> Vec<Output> {
        if let Some(job) = self.jobs.get_mut(&call) {
            job.turn += 1;
        }
        if self.character.is(Variant::PolledQueue)
            && let Some(job) = self.jobs.get_mut(&call)
        {
            job.called = 0;
            return self.push(call);
        }
        if self.jobs.get(&call).is_some_and(|job| job.is_durable) {
            return vec![self.wake(Alarm::Call(call), self.own_retry())];
        }
        if self.character.is(Variant::OwnJobRetry) {
            let mut outputs = self.acknowledge(now, call);
            if let Some(job) = self.jobs.get_mut(&call)
                && (job.is_durable || self.books.close(&job.hold, now).is_ok())
            {
                job.is_durable = true;
                outputs.push(self.wake(Alarm::Call(call), self.own_retry()));
                return outputs;
            }
        }
        if self.character.has(Defect::SwallowsFailures) {
            return self.finish(now, call);
        }
        let Some(job) = self.jobs.remove(&call) else { return Vec::new() };
        if !self.character.is(Variant::KeepsFailedEvents) {
            // A lease that was lost belongs to somebody else, who answers for the event now.
            let _ = self.books.release(&job.hold);
        }
        job.asker.map(|request| Reply::new(500, "the downstream failed").to(request)).into_iter().collect()
    }

    pub(super) fn finish(&mut self, now: Timestamp, call: CallId) -> Vec<Output> {
        let Some(mut job) = self.jobs.remove(&call) else { return Vec::new() };
        if job.stage == Stage::Again || self.character.is(Variant::PolledQueue) {
            return Vec::new();
        }
        let noted = match job.asker {
            _ if job.is_durable => Ok(()),
            None if self.character.has(Defect::MarksAfterAnswer) => self.books.release(&job.hold),
            _ if self.character.has(Defect::DropsWorkOnDisconnect) => Ok(()),
            _ => self.books.close(&job.hold, now),
        };
        let reply = match noted {
            Ok(()) => self.done(),
            Err(_) => Reply::new(500, "the lease was lost"),
        };
        let mut outputs = Vec::new();
        if let Some(request) = job.asker.take() {
            outputs.push(if self.character.has(Defect::AnswersSlowly) {
                self.wake(Alarm::Answer(request, reply), self.character.limit / 5)
            } else if job.is_second && self.character.has(Defect::AnswersLate) {
                self.wake(Alarm::Answer(request, reply), self.character.limit * 5 / 4)
            } else {
                reply.to(request)
            });
        }
        if self.character.has(Defect::RunsJobsTwice) {
            job.stage = Stage::Again;
            job.called = 0;
            self.jobs.insert(call, job);
            outputs.push(self.wake(Alarm::Call(call), VISIBILITY));
        }
        outputs
    }
}

/// After which a job of the durable queue is tried again.
const OWN_RETRY: Duration = Duration::from_secs(1);

/// The same for the merchant that waits for the next round of its jobs.
const A_MINUTE: Duration = Duration::from_secs(60);

/// How long a queue hides a job that it has handed out. Longer than the pause in which the suite takes
/// the measure of one effect.
const VISIBILITY: Duration = Duration::from_millis(600);
