//! The work that an event causes: downstream calls, the note in the books, and the answer.

mod end;

use std::time::Duration;

use hookproof_core::Timestamp;

use super::{
    Books, CallId, Character, Defect, Hold, Merchant, Nature, Notice, Output, Reply, RequestId, TimerId,
    Variant,
};

/// One event on its way to its effect.
#[derive(Debug)]
pub(super) struct Job {
    name: String,
    object: Option<String>,
    kind: String,
    /// The request that waits for the answer; none when it was answered or hung up.
    asker: Option<RequestId>,
    hold: Hold,
    /// Downstream calls that succeeded.
    called: usize,
    stage: Stage,
    /// It stands in a durable queue, and its event was acknowledged.
    is_durable: bool,
    is_second: bool,
    /// How often a call was made or ended: whoever comes back to an older number is late.
    turn: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Before its first call.
    Waiting,
    /// Called its downstream.
    Working,
    /// Processed already, and done once more all the same.
    Again,
}

/// What a timer is for.
#[derive(Debug)]
pub(super) enum Alarm {
    Call(CallId),
    Poll,
    Answer(RequestId, Reply),
    /// The work has taken long enough for its asker.
    Acknowledge(CallId),
    /// A call of this turn has taken long enough.
    Abandon(CallId, u32),
    /// It has taken too long for the work itself.
    GiveUp(CallId),
}

impl Merchant {
    pub(super) fn begin(
        &mut self,
        now: Timestamp,
        asker: RequestId,
        notice: Notice,
        hold: Hold,
    ) -> Vec<Output> {
        self.begun += 1;
        let call = CallId(self.next_number());
        let job = Job {
            name: notice.name,
            object: notice.object,
            kind: notice.kind,
            asker: Some(asker),
            hold,
            called: 0,
            stage: Stage::Waiting,
            is_durable: false,
            is_second: self.begun == 2,
            turn: 0,
        };
        let hold = job.hold.clone();
        self.jobs.insert(call, job);
        if self.character.is(Variant::PolledQueue) {
            return self.enqueue(now, call, asker, &hold);
        }
        let marks_first = [Defect::DropsWorkOnDisconnect, Defect::MarksBeforeWork];
        if marks_first.iter().any(|defect| self.character.has(*defect))
            && self.books.close(&hold, now).is_err()
        {
            return self.failed(now, call);
        }
        let mut outputs = if SLOW_STARTERS.iter().any(|defect| self.character.has(*defect)) {
            vec![self.wake(Alarm::Call(call), PREPARATION)]
        } else {
            self.call(call)
        };
        outputs.extend(match self.character.nature {
            Nature::Flawed(Defect::WaitsForDownstream) => None,
            Nature::Flawed(Defect::WaitsTenSeconds) => Some(self.wake(Alarm::GiveUp(call), TEN_SECONDS)),
            _ => Some(self.wake(Alarm::Acknowledge(call), PATIENCE.min(self.character.limit / 3))),
        });
        outputs
    }

    pub(super) fn called(&mut self, now: Timestamp, call: CallId, status: Option<u16>) -> Vec<Output> {
        if !status.is_some_and(|status| (200..300).contains(&status)) {
            return self.failed(now, call);
        }
        let routes = routes(&self.character).len();
        let Some(job) = self.jobs.get_mut(&call) else { return Vec::new() };
        job.turn += 1;
        job.called += 1;
        if job.called < routes { self.call(call) } else { self.finish(now, call) }
    }

    pub(super) fn woken(&mut self, now: Timestamp, timer: TimerId) -> Vec<Output> {
        match self.alarms.remove(&timer) {
            Some(Alarm::Call(call)) => self.call(call),
            Some(Alarm::Acknowledge(call)) => self.acknowledge(now, call),
            Some(Alarm::Abandon(call, turn)) => self.abandon(now, call, turn),
            Some(Alarm::GiveUp(call)) => self.failed(now, call),
            Some(Alarm::Answer(request, reply)) => vec![reply.to(request)],
            Some(Alarm::Poll) => {
                let due = std::mem::take(&mut self.queue);
                due.into_iter().flat_map(|call| self.call(call)).collect()
            }
            None => Vec::new(),
        }
    }

    /// Work goes on without its asker, but for the defect that ties the two together.
    pub(super) fn hung_up(&mut self, request: RequestId) -> Vec<Output> {
        let ties = [Defect::DropsWorkOnDisconnect, Defect::BlocksAbandonedEvents];
        if ties.iter().any(|defect| self.character.has(*defect)) {
            let waits = |job: &Job| job.asker == Some(request) && job.stage == Stage::Waiting;
            let abandoned = self.jobs.iter().find(|(_, job)| waits(job)).map(|(call, _)| *call);
            if let Some(job) = abandoned.and_then(|call| self.jobs.remove(&call)) {
                // One that was noted first cannot be given back.
                let _ = self.books.release(&job.hold);
            }
        }
        for job in self.jobs.values_mut().filter(|job| job.asker == Some(request)) {
            job.asker = None;
        }
        Vec::new()
    }

    /// Only what is durable goes on; of the rest the books still hold the claim.
    pub(super) fn restarted(&mut self) -> Vec<Output> {
        self.alarms.clear();
        self.queue.clear();
        self.refused = 0;
        if self.character.has(Defect::RemembersInMemory) {
            self.books = Books::default();
        }
        let jobs = std::mem::take(&mut self.jobs);
        let left = jobs.into_values().filter(|job| job.is_durable && job.stage != Stage::Again);
        left.collect::<Vec<_>>().into_iter().flat_map(|job| self.resume(job)).collect()
    }

    /// Begins a job of the durable queue anew, under another name.
    fn resume(&mut self, job: Job) -> Vec<Output> {
        let call = CallId(self.next_number());
        self.jobs.insert(call, job);
        if self.character.is(Variant::PolledQueue) { self.push(call) } else { self.call(call) }
    }

    /// The work takes long: the event is put into the durable queue, so that the answer need not wait for it.
    fn acknowledge(&mut self, now: Timestamp, call: CallId) -> Vec<Output> {
        let Some(job) = self.jobs.get_mut(&call) else { return Vec::new() };
        let Some(asker) = job.asker.take_if(|_| self.books.close(&job.hold, now).is_ok()) else {
            return Vec::new();
        };
        job.is_durable = true;
        vec![self.done().to(asker)]
    }

    /// The event is durable before it is acknowledged; the effect comes when the queue is polled.
    fn enqueue(&mut self, now: Timestamp, call: CallId, asker: RequestId, hold: &Hold) -> Vec<Output> {
        if self.books.close(hold, now).is_err() {
            return self.failed(now, call);
        }
        if let Some(job) = self.jobs.get_mut(&call) {
            job.is_durable = true;
        }
        let mut outputs = self.push(call);
        let takes_202 = self.provider.acknowledgement.accepts(202);
        outputs.push(if takes_202 { Reply::new(202, "queued") } else { self.done() }.to(asker));
        outputs
    }

    fn push(&mut self, call: CallId) -> Vec<Output> {
        self.queue.push(call);
        if self.queue.len() == 1 { vec![self.wake(Alarm::Poll, self.character.poll)] } else { Vec::new() }
    }

    fn call(&mut self, call: CallId) -> Vec<Output> {
        let Some(job) = self.jobs.get_mut(&call) else { return Vec::new() };
        if job.stage == Stage::Waiting {
            job.stage = Stage::Working;
        }
        let Some((method, path)) = routes(&self.character).get(job.called) else { return Vec::new() };
        let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let has_key = [Variant::DownstreamDedupes, Variant::TenSecondClient];
        if has_key.iter().any(|variant| self.character.is(*variant)) {
            headers.push(("idempotency-key".into(), job.name.clone()));
        }
        let (method, path) = ((*method).to_owned(), path.replace("{event}", &job.name));
        let body = serde_json::json!({ "event": job.name, "type": job.kind, "object": job.object })
            .to_string()
            .into_bytes();
        let body = if method == "GET" { Vec::new() } else { body };
        job.turn += 1;
        let turn = job.turn;
        let mut outputs = vec![Output::Call { call, method, path, headers, body }];
        if self.character.is(Variant::TenSecondClient) {
            outputs.push(self.wake(Alarm::Abandon(call, turn), CLIENTS_PATIENCE));
        }
        outputs
    }

    fn wake(&mut self, alarm: Alarm, after: Duration) -> Output {
        let timer = TimerId(self.next_number());
        self.alarms.insert(timer, alarm);
        Output::Wake { timer, after }
    }

    fn next_number(&mut self) -> u64 {
        self.issued += 1;
        self.issued
    }
}

/// The downstream calls that make one effect, by method and path. Whoever confirms asks first.
fn routes(character: &Character) -> &'static [(&'static str, &'static str)] {
    let all = &[("GET", "/v1/events/{event}"), ("POST", "/fulfil"), ("POST", "/ledger"), ("POST", "/mail")];
    let first = usize::from(!character.is(Variant::ConfirmsByApi));
    let end = if character.is(Variant::ThreeDownstreamCalls) { all.len() } else { 2 };
    all.get(first..end).unwrap_or_default()
}

/// Defects that bite while something else takes its time: an order is looked up before the first call.
const SLOW_STARTERS: [Defect; 4] = [
    Defect::CheckThenAct,
    Defect::MarksAfterAnswer,
    Defect::DropsWorkOnDisconnect,
    Defect::BlocksAbandonedEvents,
];

/// Long enough for copies to meet and for a client to hang up.
const PREPARATION: Duration = Duration::from_millis(150);

const TEN_SECONDS: Duration = Duration::from_secs(10);

/// How long the answer waits for the work, where the provider's limit leaves time for that.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a client of a downstream waits where it does not wait for ever.
const CLIENTS_PATIENCE: Duration = Duration::from_secs(10);
