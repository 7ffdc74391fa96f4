//! A driver without sockets: the same run against the same merchant, on a virtual clock.
//!
//! Whatever takes time stands in an agenda, and the clock jumps from one entry to the next. Entries of the
//! same moment happen in the order in which they were made, so every simulation of a run is the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use hookproof_core::Timestamp;
use hookproof_suite::{
    Action, Answer, Call, Failure, Framing, Handshake, Need, Observer, Outcome, Pace, Poll, Reading, Request,
    Run, Ticket, TlsFacts, Told, Transport,
};

use crate::{
    merchant::{CallId, Incoming, Input, Merchant, Output, Registration, RequestId, TimerId},
    obedience::Obedience,
};

/// A merchant, its downstream and a clock. Several runs may follow each other.
#[derive(Debug)]
pub struct Simulation {
    merchant: Merchant,
    observer: Observer,
    obedience: Obedience,
    now: Timestamp,
    /// How far the merchant's clock was moved ahead.
    ahead: Duration,
    agenda: BTreeMap<(Timestamp, u64), Entry>,
    entries: u64,
    /// Requests without an outcome.
    requests: BTreeMap<RequestId, Flight>,
    /// How many requests went over each kept connection of this run.
    lanes: BTreeMap<(u16, u8), usize>,
    batches: BTreeMap<Ticket, Vec<Option<(Outcome, Duration)>>>,
    /// Every call that the downstream saw, and when.
    calls: Vec<(Timestamp, Call)>,
    /// How many of them no reading has told yet.
    unread: usize,
}

impl Simulation {
    /// Around `merchant`, at the beginning of 2026. `observer` counts effects, as in the plan of the run.
    pub fn new(merchant: Merchant, observer: Observer) -> Self {
        Self {
            merchant,
            observer,
            obedience: Obedience::default(),
            now: Timestamp::from_unix_secs(1_767_225_600),
            ahead: Duration::ZERO,
            agenda: BTreeMap::new(),
            entries: 0,
            requests: BTreeMap::new(),
            lanes: BTreeMap::new(),
            batches: BTreeMap::new(),
            calls: Vec::new(),
            unread: 0,
        }
    }

    /// The virtual time: make a run with it.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Where its merchant told the provider to deliver: make a run with it, or leave it out.
    pub fn registration(&self) -> Registration {
        self.merchant.registration()
    }

    /// Does everything that `run` asks for, until it has finished.
    pub fn drive(&mut self, run: &mut Run) {
        let patience = run.bench().patience();
        self.lanes.clear();
        loop {
            match run.poll(self.now) {
                Poll::Start(ticket, action) => self.start(ticket, action, patience),
                Poll::Finished => break,
                Poll::Wait => {
                    // A run waits only for what it has started.
                    let Some(((moment, _), entry)) = self.agenda.pop_first() else { break };
                    self.now = self.now.max(moment);
                    if let Some((ticket, told)) = self.happen(entry) {
                        run.tell(ticket, self.now, told);
                    }
                }
            }
        }
        // The next run begins by the merchant's clock.
        self.now = self.now.saturating_add(std::mem::take(&mut self.ahead));
    }

    fn start(&mut self, ticket: Ticket, action: Action, patience: Duration) {
        match action {
            Action::Send(requests) => self.send(ticket, requests, patience),
            Action::Pause(duration) => self.enter(duration, Entry::Told(ticket, Told::Paused)),
            Action::Set { tokens, downstream } => {
                let told = if self.observer == Observer::Calls {
                    self.obedience.set(tokens, downstream);
                    Told::Set(downstream)
                } else {
                    Told::Cannot(Need::Downstream)
                };
                self.enter(Duration::ZERO, Entry::Told(ticket, told));
            }
            Action::Restart => self.restart(ticket),
            Action::AdvanceClock(by) => {
                self.ahead += by;
                self.enter(Duration::ZERO, Entry::Told(ticket, Told::Advanced(by)));
            }
            Action::Prepare(_) => self.enter(Duration::ZERO, Entry::Told(ticket, Told::Prepared)),
            Action::LookUp { .. } => {
                let addresses = self.merchant.registration().addresses.to_vec();
                self.enter(LATENCY, Entry::Told(ticket, Told::Addresses(addresses)));
            }
            Action::InspectTls => self.enter(LATENCY, Entry::Told(ticket, Told::Tls(self.merchant.tls()))),
            Action::Look { id, .. } => {
                let reading = self.read(&id);
                self.enter(Duration::ZERO, Entry::Told(ticket, Told::Reading(reading)));
            }
        }
    }

    /// Whoever waits for an answer loses the connection, and what the merchant waited for does not come.
    fn restart(&mut self, ticket: Ticket) {
        let waiting: Vec<RequestId> = self.requests.keys().copied().collect();
        for id in waiting {
            self.enter(LATENCY, Entry::Failed(id, Failure::Closed { partial: false }));
        }
        self.feed(Input::Restarted);
        self.enter(RESTART, Entry::Told(ticket, Told::Restarted));
    }

    fn send(&mut self, ticket: Ticket, requests: Vec<Request>, patience: Duration) {
        self.batches.insert(ticket, vec![None; requests.len()]);
        for (place, request) in requests.into_iter().enumerate() {
            // Each request makes at least one entry, so the number is its own.
            let id = RequestId(self.entries);
            let held = request.transport.hold().is_some();
            let unread = held || request.transport.cut_before_answer;
            self.requests.insert(id, Flight { ticket, place, left: self.now, held, unread });
            if let Some(why) = no_connection(self.merchant.tls()) {
                self.enter(LATENCY, Entry::Failed(id, Failure::Tls(why)));
                continue;
            }
            let earlier = request.transport.lane.map_or(0, |lane| {
                let requests = self.lanes.entry(lane).or_insert(0);
                *requests += 1;
                *requests - 1
            });
            let patience = request.transport.patience.map_or(patience, |own| own.min(patience));
            let travel = Travel::of(&request.transport);
            self.enter(travel.head, Entry::Head(id));
            if travel.arrives {
                self.enter(travel.end, Entry::Arrival(id, incoming(request, earlier)));
            }
            match travel.hang_up {
                Some(after) => self.enter(travel.end + after.max(LATENCY), Entry::HangUp(id)),
                None => self.enter(patience, Entry::Failed(id, Failure::TimedOut { sent: true })),
            }
        }
    }

    fn happen(&mut self, entry: Entry) -> Option<(Ticket, Told)> {
        match entry {
            Entry::Told(ticket, told) => return Some((ticket, told)),
            Entry::Head(id) => self.feed(Input::Head(id)),
            Entry::Arrival(id, incoming) => self.feed(Input::Request { id, request: &incoming }),
            // Of a request that we cut nobody reads the answer.
            Entry::Answered(id, _) if self.requests.get(&id).is_some_and(|flight| flight.unread) => {}
            Entry::Answered(id, answer) => return self.conclude(id, Outcome::Answered(answer)),
            Entry::Failed(id, failure) => {
                let told = self.conclude(id, Outcome::Failed(failure));
                if told.is_some() {
                    self.feed(Input::Disconnected(id));
                }
                return told;
            }
            Entry::HangUp(id) if self.requests.contains_key(&id) => {
                self.feed(Input::Disconnected(id));
                return self.conclude(id, Outcome::Cut);
            }
            Entry::Landed(call) => {
                self.calls.push((self.now, call));
                self.unread += 1;
            }
            Entry::Called(call, status) => self.feed(Input::Called { call, status: Some(status) }),
            Entry::Woken(timer) => self.feed(Input::Timer(timer)),
            Entry::HangUp(_) => {}
        }
        None
    }

    fn feed(&mut self, input: Input<'_>) {
        let now = self.now.saturating_add(self.ahead);
        for output in self.merchant.handle(now, input) {
            match output {
                Output::Call { call, method, path, headers, body } => {
                    let mut seen =
                        Call { method, target: path, headers, body, status: 0, ago: Duration::ZERO };
                    let (delay, status) = self.obedience.answer(&seen);
                    seen.status = status;
                    self.enter(DOWNSTREAM / 2, Entry::Landed(seen));
                    self.enter(DOWNSTREAM + delay, Entry::Called(call, status));
                }
                Output::Answer { request, status, headers, body } => {
                    self.enter(LATENCY, Entry::Answered(request, Answer { status, headers, body }));
                }
                Output::Close(request) => {
                    self.enter(LATENCY, Entry::Failed(request, Failure::Closed { partial: false }));
                }
                Output::Wake { timer, after } => self.enter(after, Entry::Woken(timer)),
            }
        }
    }

    /// Notes the outcome of a request, the first that it gets, and tells the action when it was the last.
    fn conclude(&mut self, id: RequestId, outcome: Outcome) -> Option<(Ticket, Told)> {
        let flight = self.requests.remove(&id)?;
        let outcomes = self.batches.get_mut(&flight.ticket)?;
        *outcomes.get_mut(flight.place)? = Some((outcome, self.now.saturating_since(flight.left)));
        let Some(all) = outcomes.iter().cloned().collect::<Option<Vec<_>>>() else {
            self.let_go(flight.ticket);
            return None;
        };
        self.batches.remove(&flight.ticket);
        Some((flight.ticket, Told::Outcomes(all)))
    }

    /// Hangs up on what was held, if nothing else of its action is under way.
    fn let_go(&mut self, ticket: Ticket) {
        let rest = self.requests.iter().filter(|(_, flight)| flight.ticket == ticket);
        let rest: Vec<(RequestId, bool)> = rest.map(|(id, flight)| (*id, flight.held)).collect();
        if rest.iter().all(|(_, held)| *held) {
            for (id, _) in rest {
                self.enter(LATENCY, Entry::HangUp(id));
            }
        }
    }

    fn read(&mut self, id: &str) -> Reading {
        match self.observer {
            Observer::None => Reading::Failed("nobody observes".into()),
            Observer::Calls => {
                let new = self.calls.len() - std::mem::take(&mut self.unread);
                let told = self.calls.iter().skip(new);
                Reading::Calls(
                    told.map(|(came, call)| Call { ago: self.now.saturating_since(*came), ..call.clone() })
                        .collect(),
                )
            }
            Observer::Counts => Reading::Count(self.booked(id)),
        }
    }

    /// What the merchant's own books say: how often its downstream was called about an event. A call with an
    /// idempotency key counts once.
    fn booked(&self, id: &str) -> u64 {
        let name = format!("\"{id}\"");
        let named = |call: &&Call| call.body.windows(name.len()).any(|window| window == name.as_bytes());
        let (mut keys, mut booked) = (BTreeSet::new(), 0);
        let served = |call: &&Call| (200..300).contains(&call.status);
        for call in self.calls.iter().map(|(_, call)| call).filter(served).filter(named) {
            let key = call.headers.iter().find(|(name, _)| name == "idempotency-key");
            booked += u64::from(key.is_none_or(|(_, key)| keys.insert((&call.target, key))));
        }
        booked
    }

    fn enter(&mut self, after: Duration, entry: Entry) {
        self.agenda.insert((self.now.saturating_add(after), self.entries), entry);
        self.entries += 1;
    }
}

/// How a request travels.
struct Travel {
    /// When its head arrives, from now.
    head: Duration,
    /// When its last byte arrives.
    end: Duration,
    /// Whether the endpoint can know that nothing more comes.
    arrives: bool,
    /// How long after its end we hang up, if we do.
    hang_up: Option<Duration>,
}

impl Travel {
    fn of(transport: &Transport) -> Self {
        let head = LATENCY + transport.delay;
        let held = transport.hold();
        let waits_for_more = matches!(transport.framing, Framing::Beyond(_)) && transport.stop.is_none();
        Self {
            head,
            end: head + transport.writing_time(),
            arrives: held.is_none() && !waits_for_more,
            hang_up: held.or(transport.cut_before_answer.then_some(transport.cut_after)),
        }
    }
}

/// What arrives of a request, as the `earlier`-th behind the first on its connection.
fn incoming(request: Request, earlier: usize) -> Incoming {
    let transport = request.transport;
    let written = transport.stop.map_or(request.body.len(), |stop| stop.at.min(request.body.len()));
    let length = match transport.framing {
        Framing::Length => ("content-length", request.body.len().to_string()),
        Framing::Beyond(more) => ("content-length", (request.body.len() + more).to_string()),
        Framing::Chunked | Framing::BadChunk => ("transfer-encoding", "chunked".to_owned()),
    };
    let lines = request.headers.into_iter().chain([(length.0.to_owned(), length.1)]);
    Incoming {
        method: request.method.into(),
        target: request.query.map_or("/webhooks".into(), |query| format!("/webhooks?{query}")),
        headers: lines.map(|(name, value)| (name, value.into_bytes())).collect(),
        first_read: match transport.pace {
            Pace::AtOnce => written,
            Pace::SplitAt(at) => at.min(written),
            Pace::Dripped { parts, .. } => written.div_ceil(usize::from(parts.max(1))),
        },
        body: request.body.get(..written).unwrap_or_default().to_vec(),
        earlier,
        is_broken: transport.is_broken(),
    }
}

/// Why no client that verifies would send anything, if that is so.
fn no_connection(facts: TlsFacts) -> Option<String> {
    match facts {
        TlsFacts::Made(Handshake { trust, .. }) => trust.err(),
        TlsFacts::Outdated => Some("the server offers nothing that is newer than TLS 1.1".into()),
        TlsFacts::Refused(why) | TlsFacts::Unreached(why) => Some(why),
        TlsFacts::Plain => None,
    }
}

/// A request on its way, and the place of its outcome.
#[derive(Debug)]
struct Flight {
    ticket: Ticket,
    place: usize,
    left: Timestamp,
    /// Whether it lasts only as long as the others of its action.
    held: bool,
    /// Whether we leave before its answer.
    unread: bool,
}

#[derive(Debug)]
enum Entry {
    Head(RequestId),
    Arrival(RequestId, Incoming),
    Failed(RequestId, Failure),
    HangUp(RequestId),
    Answered(RequestId, Answer),
    Landed(Call),
    Called(CallId, u16),
    Woken(TimerId),
    Told(Ticket, Told),
}

/// One way between the provider and the endpoint.
const LATENCY: Duration = Duration::from_millis(1);

/// A downstream call there and back: long enough for copies of an event to overlap.
const DOWNSTREAM: Duration = Duration::from_millis(20);

/// From the end of a merchant to its next beginning.
const RESTART: Duration = Duration::from_millis(200);
