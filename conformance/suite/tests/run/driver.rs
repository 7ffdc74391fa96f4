//! A driver without sockets: an endpoint is a closure from a request to a reply, and time is a number.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use hookproof_core::{Event, Header, Provider, Secret, Timestamp, Tolerance, Verifier};
use hookproof_suite::{
    Action, Answer, Call, Finding, Observer, Outcome, Plan, Poll, Preparation, Reading, Request, Run,
    Selection, Setting, Ticket, TlsFacts, Told, Verdict,
};

pub(crate) const SECRET: &str = "whsec_cnVuIHRlc3RzIG9mIHRoZSBzdWl0ZSwgMzIgYi4=";

/// What an endpoint makes of one request.
pub(crate) struct Reply {
    pub(crate) outcome: Outcome,
    pub(crate) took: Duration,
    /// When the downstream is called about the event, measured from the request's leaving.
    pub(crate) effects: Vec<Duration>,
}

impl Reply {
    pub(crate) fn of(status: u16) -> Self {
        let answer = Answer { status, headers: Vec::new(), body: Vec::new() };
        Self { outcome: Outcome::Answered(answer), took: MOMENT, effects: Vec::new() }
    }

    pub(crate) fn outcome(outcome: Outcome) -> Self {
        Self { outcome, ..Self::of(0) }
    }

    pub(crate) fn with_effect_after(mut self, after: Duration) -> Self {
        self.effects.push(after);
        self
    }
}

/// Why an event cannot be prepared, if that is so.
type Objection<'a> = dyn Fn(&Preparation) -> Option<String> + 'a;

/// Does what a run asks for.
pub(crate) struct Driver<'a> {
    endpoint: Box<dyn FnMut(&Request) -> Reply + 'a>,
    provider: Provider,
    observer: Observer,
    now: Timestamp,
    agenda: BTreeMap<(Timestamp, u64), (Ticket, Told)>,
    entries: u64,
    in_flight: BTreeMap<Ticket, usize>,
    /// Effects that have come or will: when, of which event, and what the downstream answers.
    effects: Vec<(Timestamp, String, u16)>,
    /// How often the downstream refuses a call about an event; the endpoint calls again at once.
    refusals: BTreeMap<String, u32>,
    told: BTreeSet<usize>,
    /// Which events could not be prepared, and why.
    pub(crate) unpreparable: Box<Objection<'a>>,
    /// Why the endpoint cannot be restarted.
    pub(crate) unrestartable: Option<String>,
    /// Every event that was prepared, and how many deliveries had left by then.
    pub(crate) prepared: Vec<(usize, Preparation)>,
    /// How many preparations were under way at once, at the most.
    pub(crate) most_preparing: usize,
    /// Every request, and when it left.
    pub(crate) sent: Vec<(Timestamp, Request)>,
    /// At each sending: how many deliveries were in flight already, and how many left.
    pub(crate) loads: Vec<(usize, usize)>,
}

impl<'a> Driver<'a> {
    /// For a run of this plan.
    pub(crate) fn new(plan: &Plan, endpoint: impl FnMut(&Request) -> Reply + 'a) -> Self {
        Self {
            endpoint: Box::new(endpoint),
            provider: plan.provider.clone(),
            observer: plan.observer,
            now: started(),
            agenda: BTreeMap::new(),
            entries: 0,
            in_flight: BTreeMap::new(),
            effects: Vec::new(),
            refusals: BTreeMap::new(),
            told: BTreeSet::new(),
            unpreparable: Box::new(|_| None),
            unrestartable: None,
            prepared: Vec::new(),
            most_preparing: 0,
            sent: Vec::new(),
            loads: Vec::new(),
        }
    }

    /// Drives a run to its end.
    pub(crate) fn drive(&mut self, run: &mut Run) {
        for _ in 0..MOST_STEPS {
            if !self.step(run) {
                return;
            }
        }
        panic!("the run does not end");
    }

    /// Does one thing for a run; false when it is over.
    pub(crate) fn step(&mut self, run: &mut Run) -> bool {
        match run.poll(self.now) {
            Poll::Finished => return false,
            Poll::Start(ticket, action) => self.start(ticket, action),
            Poll::Wait => {
                let ((moment, _), (ticket, told)) = self.agenda.pop_first().expect("something is under way");
                self.now = moment;
                self.in_flight.remove(&ticket);
                run.tell(ticket, self.now, told);
            }
        }
        true
    }

    /// The downstream is called about somebody else's events now.
    pub(crate) fn call_by_strangers(&mut self, times: usize) {
        let called = (0..times).map(|number| (self.now, format!("evt_of_a_stranger_{number}"), 200));
        self.effects.extend(called);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    fn start(&mut self, ticket: Ticket, action: Action) {
        let (after, told) = match action {
            Action::Pause(duration) => (duration, Told::Paused),
            Action::Set { tokens, downstream } => {
                self.refusals.extend(tokens.into_iter().map(|token| (token, downstream.failures)));
                (MOMENT, Told::Set(downstream))
            }
            Action::Restart => (MOMENT, self.unrestartable.clone().map_or(Told::Restarted, Told::Failed)),
            Action::AdvanceClock(by) => (MOMENT, Told::Advanced(by)),
            Action::InspectTls => (MOMENT, Told::Tls(TlsFacts::Plain)),
            Action::Prepare(events) => (MOMENT, self.prepare(events)),
            Action::LookUp { .. } => (MOMENT, Told::Addresses(Vec::new())),
            Action::Look { id, .. } => (Duration::ZERO, Told::Reading(self.read(&id))),
            Action::Send(requests) => {
                self.loads.push((self.in_flight.values().sum(), requests.len()));
                self.in_flight.insert(ticket, requests.len());
                let outcomes: Vec<_> = requests.into_iter().map(|request| self.deliver(request)).collect();
                let last = outcomes.iter().map(|(_, took)| *took).max().unwrap_or_default();
                (last, Told::Outcomes(outcomes))
            }
        };
        self.agenda.insert((self.now.saturating_add(after), self.entries), (ticket, told));
        self.entries += 1;
    }

    fn prepare(&mut self, events: Vec<Preparation>) -> Told {
        if let Some(why) = events.iter().find_map(|event| (self.unpreparable)(event)) {
            return Told::Failed(why);
        }
        let preparing = self.agenda.values().filter(|(_, told)| matches!(told, Told::Prepared)).count() + 1;
        self.most_preparing = self.most_preparing.max(preparing);
        let left = self.sent.len();
        self.prepared.extend(events.into_iter().map(|event| (left, event)));
        Told::Prepared
    }

    fn deliver(&mut self, request: Request) -> (Outcome, Duration) {
        let reply = (self.endpoint)(&request);
        let id = name_of(&self.provider, &request);
        for after in &reply.effects {
            let at = self.now.saturating_add(*after);
            let refused = self.refusals.get_mut(&id).map(std::mem::take).unwrap_or_default();
            self.effects.extend((0..refused).map(|_| (at, id.clone(), 503)));
            self.effects.push((at, id.clone(), 200));
        }
        let cut = request.transport.cut_before_answer && matches!(reply.outcome, Outcome::Answered(_));
        self.sent.push((self.now, request));
        (if cut { Outcome::Cut } else { reply.outcome }, reply.took)
    }

    fn read(&mut self, id: &str) -> Reading {
        let come = self.effects.iter().enumerate().filter(|(_, (at, ..))| *at <= self.now);
        match self.observer {
            Observer::None => Reading::Failed("nobody observes".into()),
            Observer::Counts => {
                let count = come.filter(|(_, (_, event, status))| event == id && *status == 200).count();
                Reading::Count(u64::try_from(count).expect("few"))
            }
            Observer::Calls => {
                let new = come.filter(|(place, _)| self.told.insert(*place));
                let told = new.map(|(_, (at, id, status))| call(id, *status, self.now.saturating_since(*at)));
                Reading::Calls(told.collect())
            }
        }
    }
}

/// TurraTech's whole suite with a stand-in for the downstream, to be changed as a test needs it.
pub(crate) fn plan() -> Plan {
    plan_for("turratech")
}

pub(crate) fn plan_for(provider: &str) -> Plan {
    let provider = Provider::built_in(provider).expect("it is built in").clone();
    Plan {
        secret: provider.is_signed().then(|| Secret::new(SECRET).expect("it is sound")),
        provider,
        setting: Setting {
            effect_wait: Duration::from_secs(1),
            nonce: "k3w9x1q0".into(),
            cases: 4,
            many: 10,
            ..Setting::default()
        },
        selection: Selection::default(),
        observer: Observer::Calls,
        jobs: 8,
        rate: None,
        confidential: vec![SECRET.into()],
    }
}

pub(crate) fn only(pattern: &str) -> Selection {
    Selection::new(vec![pattern.into()], Vec::new()).expect("it matches")
}

pub(crate) fn started() -> Timestamp {
    Timestamp::from_unix_secs(1_767_225_600)
}

/// Runs a plan against an endpoint to its end.
pub(crate) fn run<'a>(plan: Plan, endpoint: impl FnMut(&Request) -> Reply + 'a) -> (Run, Driver<'a>) {
    let mut driver = Driver::new(&plan, endpoint);
    let mut run = Run::new(plan, driver.now()).expect("the plan is sound");
    driver.drive(&mut run);
    (run, driver)
}

/// A sound endpoint: it verifies, and each event has one effect, 20 ms after it came.
pub(crate) fn sound(provider: &str) -> impl FnMut(&Request) -> Reply + use<> {
    let provider = Provider::built_in(provider).expect("it is built in");
    let verifier = provider.signature.as_ref().map(|scheme| {
        let secret = Secret::new(SECRET).expect("it is sound");
        Verifier::new(scheme, &[secret], Tolerance::DEFAULT).expect("it fits")
    });
    let mut done = BTreeSet::new();
    move |request| {
        let headers = headers(request);
        let is_coded = headers.iter().any(|header| header.name == "content-encoding");
        if request.method != "POST" || request.transport.is_broken() || is_coded {
            return Reply::of(400);
        }
        // Its clock may have been moved as far as any check moves it.
        let clocks = [started(), started().saturating_add(Duration::from_secs(38 * 60 * 60))];
        let is_genuine = verifier.as_ref().is_none_or(|verifier| {
            clocks.iter().any(|now| verifier.verify(&headers, &request.body, *now).is_ok())
        });
        if !is_genuine {
            return Reply::of(401);
        }
        if Event::parse(&provider.shape, &headers, &request.body).is_err() {
            return Reply::of(400);
        }
        let reply = Reply::of(200);
        if done.insert(name_of(provider, request)) { reply.with_effect_after(EFFECT) } else { reply }
    }
}

/// How the endpoint knows an event: its id, or its object's; empty where it is no event.
pub(crate) fn name_of(provider: &Provider, request: &Request) -> String {
    let headers = headers(request);
    let Ok(event) = Event::parse(&provider.shape, &headers, &request.body) else { return String::new() };
    let object = || event.field("/data/object/id").map(String::from_utf8_lossy).unwrap_or_default();
    event.id().map_or_else(|| object().trim_matches('"').to_owned(), ToOwned::to_owned)
}

pub(crate) fn headers(request: &Request) -> Vec<Header<'_>> {
    let lines = request.headers.iter();
    lines.map(|(name, value)| Header { name, value: value.as_bytes() }).collect()
}

pub(crate) fn verdict(run: &Run, id: &str) -> Verdict {
    finding(run, id).verdict
}

pub(crate) fn finding(run: &Run, id: &str) -> Finding {
    let found = run.findings().into_iter().find(|finding| finding.check.id == id);
    found.unwrap_or_else(|| panic!("no finding of {id}"))
}

pub(crate) fn why(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Unknown(why) | Verdict::NotApplicable(why) => why,
        Verdict::Fail { actual, .. } => actual,
        Verdict::Pass => "",
    }
}

fn call(id: &str, status: u16, ago: Duration) -> Call {
    Call {
        method: "POST".into(),
        target: "/fulfil".into(),
        headers: Vec::new(),
        body: format!("{{\"event\":\"{id}\"}}").into_bytes(),
        status,
        ago,
    }
}

/// How long an answer takes.
pub(crate) const MOMENT: Duration = Duration::from_millis(5);

/// How long a sound endpoint's effect takes.
pub(crate) const EFFECT: Duration = Duration::from_millis(20);

/// Far more than any run of the suite takes.
const MOST_STEPS: usize = 20_000;
