//! A run: every chosen check from the first event to the last verdict, without any IO.
//!
//! A driver asks [`Run::poll`] what to start, does it, and tells [`Run::tell`] what happened. The order is
//! baseline, sound traffic, refused traffic, hostile traffic, and the checks that stand alone, one after the
//! other; an ordinary event, the *canary*, ends each phase, and
//! where it is not acknowledged nothing that the phase concluded is believed. In the end all effects are
//! counted again, so that a late second effect still turns a verdict.

mod closing;
mod flight;
mod oracle;
mod pace;
mod plan;
mod prepare;
mod redact;
mod task;
mod warnings;
mod watch;

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use core::time::Duration;

use hookproof_core::{ConfigError, Timestamp};

pub(crate) use self::oracle::is_forged;
pub use self::plan::{Observer, Plan};
use self::{
    flight::{Departure, Flight},
    pace::Pace,
    redact::confidential_in,
    task::{State, Subject, Task, Wanted},
};
use crate::{
    Action, Bench, CATALOGUE, Check, EventName, Exchange, Failure, Ledger, Need, Phase, Poll, Seen, Step,
    Ticket, Told, Verdict,
    life::{Life, REHEARSAL, life},
};

/// A run in progress.
#[derive(Debug)]
pub struct Run {
    bench: Bench,
    observer: Observer,
    confidential: Vec<String>,
    started: Timestamp,
    ledger: Ledger,
    exchanges: Vec<Exchange>,
    tasks: Vec<Task>,
    stage: Stage,
    /// When each stage began.
    entered: Vec<(Stage, Duration)>,
    tickets: BTreeMap<Ticket, Flight>,
    issued: u64,
    accepted: bool,
    wired: bool,
    stopped: Option<String>,
    unreachable: Option<Failure>,
    to_recount: Vec<EventName>,
    first_signed: BTreeMap<EventName, Timestamp>,
    /// Events whose downstream we made slow.
    hindered: BTreeSet<EventName>,
    /// Events that the merchant was made ready for.
    prepared: BTreeSet<EventName>,
    /// The tokens of the events that were sent, and how far the clock had been moved by then.
    names: BTreeMap<EventName, (Vec<String>, Duration)>,
    /// How far the merchant's clock was moved ahead of ours.
    advanced: Duration,
    pace: Pace,
}

/// What one check came to.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The check.
    pub check: &'static Check,
    /// Its verdict.
    pub verdict: Verdict,
    /// The evidence, in the order in which it was sent.
    pub exchanges: Vec<Exchange>,
    /// From the check's first step to its last.
    pub took: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Phase(usize),
    Canary(usize),
    Recount,
    Over,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Phase(at) | Self::Canary(at) => Phase::ALL.get(at).map_or("", |phase| phase.name()),
            Self::Recount | Self::Over => "counting effects again",
        }
    }
}

impl Run {
    /// Prepares a run that begins at `now`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when the provider signs and the secret is absent or does not fit its scheme.
    pub fn new(plan: Plan, now: Timestamp) -> Result<Self, ConfigError> {
        let added = plan.setting.headers.iter().flat_map(|(_, value)| confidential_in(value));
        let confidential = plan.confidential.into_iter().chain(added.map(Into::into)).collect();
        let mut bench = Bench::new(plan.provider, plan.secret.as_ref(), plan.setting, now)?;
        bench.jobs = plan.jobs.max(1);
        bench.counts_dearly = plan.observer == Observer::Counts;
        let mut run = Self {
            bench,
            observer: plan.observer,
            confidential,
            started: now,
            ledger: Ledger::default(),
            exchanges: Vec::new(),
            tasks: Vec::new(),
            stage: Stage::Phase(0),
            entered: alloc::vec![(Stage::Phase(0), Duration::ZERO)],
            tickets: BTreeMap::new(),
            issued: 0,
            accepted: false,
            wired: false,
            stopped: None,
            unreachable: None,
            to_recount: Vec::new(),
            first_signed: BTreeMap::new(),
            hindered: BTreeSet::new(),
            prepared: BTreeSet::new(),
            names: BTreeMap::new(),
            advanced: Duration::ZERO,
            pace: Pace::new(plan.rate),
        };
        run.tasks = (1..)
            .zip(CATALOGUE)
            .filter(|(_, check)| plan.selection.includes(check) || plan.selection.implies(check))
            .map(|(number, check)| {
                let mut task = Task::new(number, Subject::Check(check), check.phase);
                task.reported = plan.selection.includes(check);
                if let Some(why) = check.not_applicable(&run.bench.provider, &run.bench.setting) {
                    task.state = State::Finished(Verdict::NotApplicable(why));
                }
                task
            })
            .collect();
        if run.bench.setting.rehearsal.is_some() {
            let mut task = Task::new(REHEARSED, Subject::Check(&REHEARSAL), REHEARSAL.phase);
            task.reported = true;
            run.tasks.push(task);
        }
        Ok(run)
    }

    /// What became of the event of [`crate::Setting::rehearsal`] by now.
    pub fn life(&mut self) -> Option<Life> {
        let task = self.tasks.iter().find(|task| task.number == REHEARSED)?;
        let seen = self.counted_again(&task.seen);
        self.bench.check = REHEARSED;
        life(&self.bench, &seen)
    }

    /// What the driver should start now.
    pub fn poll(&mut self, now: Timestamp) -> Poll {
        let now = now.saturating_since(self.started);
        loop {
            if let Some((ticket, action)) = self.start_one(now) {
                return Poll::Start(ticket, action);
            }
            if let Some(pause) = self.pace.pause(now) {
                let flight = Flight { task: NOBODY, sent: Vec::new(), prepares: Vec::new(), left: now };
                return Poll::Start(self.take_off(flight), Action::Pause(pause));
            }
            if !self.tickets.is_empty() {
                return Poll::Wait;
            }
            if self.stage == Stage::Over {
                return Poll::Finished;
            }
            self.advance();
            self.entered.push((self.stage, now));
        }
    }

    /// Takes the result of an action. One that was not asked for is ignored.
    pub fn tell(&mut self, ticket: Ticket, now: Timestamp, told: Told) {
        let Some(flight) = self.tickets.remove(&ticket) else { return };
        let now = now.saturating_since(self.started);
        let (index, left) = (flight.task, flight.left);
        if index == NOBODY {
            return self.pace.resume();
        }
        match told {
            Told::Outcomes(outcomes) => {
                let exchanges = self.enter(flight, outcomes);
                self.answered(index, exchanges, now);
            }
            Told::Reading(reading) => self.looked(index, reading, now),
            Told::Prepared => self.ready(flight),
            Told::Failed(why) if !flight.prepares.is_empty() => self.unready(&flight, &why, now),
            Told::Paused if self.is_watching(index) => self.look_again(index),
            Told::Paused => self.push(index, Seen::Paused(now.saturating_sub(left)), now),
            Told::Set(downstream) => self.push(index, Seen::Set(downstream), now),
            Told::Restarted => self.push(index, Seen::Restarted, now),
            Told::Advanced(by) => {
                self.advanced = self.advanced.saturating_add(by);
                self.push(index, Seen::Advanced(by), now);
            }
            Told::Tls(facts) => self.push(index, Seen::Tls(facts), now),
            Told::Addresses(addresses) => self.push(index, Seen::Addresses(addresses), now),
            Told::Cannot(need) => self.push(index, Seen::Cannot(need), now),
            Told::Failed(why) => self.push(index, Seen::Failed(why), now),
        }
    }

    /// Every reported check in the order of the catalogue. Before the run is over, a check without a
    /// verdict is `Unknown`.
    pub fn findings(&self) -> Vec<Finding> {
        self.tasks
            .iter()
            .filter(|task| task.reported)
            .filter_map(|task| {
                let Subject::Check(check) = task.subject else { return None };
                let verdict = match &task.state {
                    State::Finished(verdict) => verdict.clone(),
                    _ => Verdict::Unknown("the run ended before this check did".into()),
                };
                let exchanges =
                    task.exchanges.iter().filter_map(|at| self.exchanges.get(*at)).cloned().collect();
                Some(Finding { check, verdict, exchanges, took: task.took })
            })
            .collect()
    }

    /// Why no connection could be made to the endpoint, if that is how the run ended.
    pub fn unreachable(&self) -> Option<&Failure> {
        self.unreachable.as_ref()
    }

    /// Whether any ordinary event was acknowledged.
    pub fn accepted(&self) -> bool {
        self.accepted
    }

    /// Checks with a verdict, checks in all, and the phase: for a progress bar.
    pub fn progress(&self) -> (usize, usize, &'static str) {
        let checks = || self.tasks.iter().filter(|task| task.reported);
        (checks().filter(|task| task.is_finished()).count(), checks().count(), self.stage.name())
    }

    /// How long each phase that is over took, its canary included.
    pub fn phases(&self) -> Vec<(&'static str, Duration)> {
        let begins = self.entered.iter().filter(|(stage, _)| !matches!(stage, Stage::Canary(_)));
        let ends = begins.clone().skip(1);
        begins
            .zip(ends)
            .map(|((stage, began), (_, ended))| (stage.name(), ended.saturating_sub(*began)))
            .collect()
    }

    /// The bench, for a driver that must know the provider or the limits.
    pub fn bench(&self) -> &Bench {
        &self.bench
    }

    /// The checks that have begun and are not over.
    pub fn under_way(&self) -> Vec<&'static Check> {
        let begun = self.tasks.iter().filter(|task| task.began.is_some() && !task.is_finished());
        begun
            .filter_map(|task| if let Subject::Check(check) = task.subject { Some(check) } else { None })
            .collect()
    }

    /// Downstream calls that named no event of this run.
    pub fn unmatched_calls(&self) -> usize {
        self.ledger.unmatched
    }

    fn start_one(&mut self, now: Duration) -> Option<(Ticket, Action)> {
        (0..self.tasks.len()).find_map(|index| {
            if !self.is_due(index) {
                return None;
            }
            let departure = match self.next_action(index, now)? {
                Wanted::Do(action) => Departure::of(action),
                Wanted::Send(drafts) => self.sealed(drafts, now),
                Wanted::Prepare(drafts) => self.preparation(drafts, now),
            };
            let Departure { action, sent, prepares } = departure;
            let ticket = self.take_off(Flight { task: index, sent, prepares, left: now });
            if let Some(task) = self.tasks.get_mut(index) {
                task.departed(now);
            }
            Some((ticket, action))
        })
    }

    fn take_off(&mut self, flight: Flight) -> Ticket {
        let ticket = Ticket(self.issued);
        self.issued += 1;
        self.tickets.insert(ticket, flight);
        ticket
    }

    /// Whether a task belongs to the stage that the run is in, and its turn has come there.
    fn is_due(&self, index: usize) -> bool {
        self.tasks.get(index).is_some_and(|task| {
            let is_check = matches!(task.subject, Subject::Check(_));
            match self.stage {
                Stage::Phase(at) if Phase::ALL.get(at) == Some(&Phase::Alone) => {
                    self.tasks.iter().position(Task::is_alone_and_unfinished) == Some(index)
                }
                Stage::Phase(at) => is_check && Phase::ALL.get(at) == Some(&task.phase),
                Stage::Canary(_) | Stage::Recount => !is_check,
                Stage::Over => false,
            }
        })
    }

    /// Whether so many more deliveries may leave now: those in flight are few enough (one that is alone may
    /// always leave), and the last ones left long enough ago.
    fn has_room_for(&mut self, more: usize, now: Duration) -> bool {
        let in_flight: usize = self.tickets.values().map(|flight| flight.sent.len()).sum();
        (in_flight == 0 || in_flight + more <= self.bench.jobs) && self.pace.admits(more, now)
    }

    /// As [`Bench::tokens`], of an event that was sent as its first delivery has it.
    fn tokens(&self, event: EventName) -> Vec<String> {
        self.names.get(&event).map_or_else(|| self.bench.tokens(event), |(tokens, _)| tokens.clone())
    }

    /// As [`Bench::id`].
    fn id(&self, event: EventName) -> String {
        self.tokens(event).into_iter().next().unwrap_or_default()
    }

    /// Adds what was seen to a task's transcript and lets it go on.
    fn push(&mut self, index: usize, seen: Seen, now: Duration) {
        if let Some(task) = self.tasks.get_mut(index) {
            task.seen.push(seen);
            task.state = State::Ready;
            task.took = now.saturating_sub(task.began.unwrap_or(now));
        }
    }

    fn answered(&mut self, index: usize, exchanges: Vec<Exchange>, now: Duration) {
        if self.is_watching(index) {
            return self.probed(index, &exchanges, now);
        }
        let together =
            self.tasks.get(index).is_some_and(|task| task.state == State::Acting { together: true });
        match <[Exchange; 1]>::try_from(exchanges) {
            Ok([only]) if !together => self.push(index, Seen::Answer(only), now),
            Ok(only) => self.push(index, Seen::Together(only.into()), now),
            Err(several) => self.push(index, Seen::Together(several), now),
        }
    }

    /// Why a check whose first step is this one cannot be tried, if that is so: nothing is sent any more, or an ordinary
    /// event cannot be expected to be acknowledged.
    fn unmet(&self, check: &Check, step: &Step) -> Option<String> {
        let sends_nothing = matches!(step, Step::InspectTls | Step::LookUp { .. } | Step::Decide(_));
        if let (Some(why), false) = (&self.stopped, sends_nothing) {
            return Some(why.clone());
        }
        (check.needs.contains(&Need::Accepted) && !self.accepted).then(|| Need::Accepted.why_missing().into())
    }
}

/// The task of an action that no check asked for: waiting for the next delivery's turn.
const NOBODY: usize = usize::MAX;

/// The task number of a rehearsal.
const REHEARSED: u16 = 800;

/// Task numbers from here on belong to canaries; those below to checks, by their place in the catalogue.
const CANARIES: u16 = 900;
