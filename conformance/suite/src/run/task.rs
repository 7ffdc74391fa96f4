//! One check (or canary) on its way: its transcript, and what it wants next.

use alloc::{string::ToString, vec, vec::Vec};
use core::time::Duration;

use super::{Run, watch::Watch};
use crate::{
    Action, Bench, Check, Draft, Expecting, Intent, Judge, Need, Observer, Phase, Seen, Step, Verdict,
    step::{pass, unknown},
};

#[derive(Debug)]
pub(super) struct Task {
    pub(super) number: u16,
    pub(super) subject: Subject,
    pub(super) phase: Phase,
    /// Whether the caller asked for it; the baseline and the first forgery run in any case.
    pub(super) reported: bool,
    pub(super) seen: Vec<Seen>,
    /// Places in the run's list of exchanges.
    pub(super) exchanges: Vec<usize>,
    pub(super) state: State,
    /// What it wants to send as soon as there is room.
    pub(super) held: Option<(Vec<Draft>, bool)>,
    pub(super) began: Option<Duration>,
    pub(super) took: Duration,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    Check(&'static Check),
    /// An ordinary event at the end of a phase.
    Canary,
    /// All effects once more.
    Recount,
}

#[derive(Debug, PartialEq)]
pub(super) enum State {
    Ready,
    Acting { together: bool },
    Watching(Watch),
    Finished(Verdict),
}

/// What a task wants from the driver.
pub(super) enum Wanted {
    Send(Vec<Draft>),
    /// What is needed before they can be sent.
    Prepare(Vec<Draft>),
    Do(Action),
}

impl Task {
    pub(super) fn new(number: u16, subject: Subject, phase: Phase) -> Self {
        Self {
            number,
            subject,
            phase,
            reported: false,
            seen: Vec::new(),
            exchanges: Vec::new(),
            state: State::Ready,
            held: None,
            began: None,
            took: Duration::ZERO,
        }
    }

    pub(super) fn is_finished(&self) -> bool {
        matches!(self.state, State::Finished(_))
    }

    /// Whether it is a script that has the endpoint for itself and is not over.
    pub(super) fn is_alone_and_unfinished(&self) -> bool {
        let is_script = matches!(self.subject, Subject::Check(Check { judge: Judge::Script(_), .. }));
        self.phase == Phase::Alone && is_script && !self.is_finished()
    }

    pub(super) fn verdict(&self) -> Option<&Verdict> {
        match &self.state {
            State::Finished(verdict) => Some(verdict),
            _ => None,
        }
    }

    /// Notes that an action of this task has left.
    pub(super) fn departed(&mut self, now: Duration) {
        self.began.get_or_insert(now);
    }

    /// The next step of its script. A check that is judged as a whole has none before the end.
    pub(super) fn step(&self, bench: &Bench) -> Option<Step> {
        match self.subject {
            Subject::Check(Check { judge: Judge::Script(script), .. }) => Some(script(bench, &self.seen)),
            Subject::Check(Check { judge: Judge::Whole(_), .. }) | Subject::Recount => None,
            Subject::Canary => Some(canary(bench, &self.seen)),
        }
    }
}

impl Run {
    /// What a task wants to do now, if anything. Steps that need no driver are taken at once.
    pub(super) fn next_action(&mut self, index: usize, now: Duration) -> Option<Wanted> {
        loop {
            let task = self.tasks.get_mut(index)?;
            match &mut task.state {
                State::Acting { .. } | State::Finished(_) => return None,
                State::Watching(_) => return self.next_look(index, now),
                State::Ready => {}
            }
            if let Subject::Recount = task.subject {
                return self.next_recount(index);
            }
            if let Some((drafts, together)) = self.tasks.get_mut(index)?.held.take() {
                return self.sending(index, drafts, together, now);
            }
            let task = self.tasks.get(index)?;
            self.bench.check = task.number;
            let step = task.step(&self.bench)?;
            if let (Subject::Check(check), true) = (task.subject, task.seen.is_empty())
                && let Some(why) = self.unmet(check, &step)
            {
                self.finish(index, Verdict::Unknown(why));
                return None;
            }
            match step {
                Step::Send(draft) => return self.sending(index, vec![draft], false, now),
                Step::SendTogether(drafts) => return self.sending(index, drafts, true, now),
                Step::Pause(duration) => return self.acting(index, Action::Pause(duration)),
                Step::InspectTls => return self.acting(index, Action::InspectTls),
                Step::LookUp { host, port } => return self.acting(index, Action::LookUp { host, port }),
                Step::Restart => return self.acting(index, Action::Restart),
                Step::AdvanceClock(by) => return self.acting(index, Action::AdvanceClock(by)),
                Step::Set(event, downstream) => match self.unobeyed() {
                    Some(need) => self.push(index, Seen::Cannot(need), now),
                    None => {
                        if !downstream.delay.is_zero() {
                            self.hindered.insert(event);
                        }
                        let tokens = self.tokens(event);
                        return self.acting(index, Action::Set { tokens, downstream });
                    }
                },
                Step::Observe(event, expecting) => {
                    self.watch(index, Some(Watch::new(event, expecting, now)), now);
                }
                Step::ObserveEach(events, expecting) => {
                    self.watch(index, Watch::over(&events, expecting, now), now);
                }
                Step::Decide(verdict) => {
                    self.finish(index, verdict);
                    return None;
                }
            }
        }
    }

    fn acting(&mut self, index: usize, action: Action) -> Option<Wanted> {
        self.tasks.get_mut(index)?.state = State::Acting { together: false };
        Some(Wanted::Do(action))
    }

    /// Sends, or keeps the deliveries until others have landed and their events are prepared.
    fn sending(&mut self, index: usize, drafts: Vec<Draft>, together: bool, now: Duration) -> Option<Wanted> {
        let wanted = self.at_once(&drafts, now);
        let task = self.tasks.get_mut(index)?;
        if !matches!(wanted, Some(Wanted::Send(_))) {
            task.held = Some((drafts, together));
        }
        if wanted.is_some() {
            task.state = State::Acting { together };
        }
        wanted
    }

    /// What must come first where drafts are to be sent, if its time is now.
    pub(super) fn at_once(&mut self, drafts: &[Draft], now: Duration) -> Option<Wanted> {
        let unprepared = self.unprepared(drafts);
        if unprepared.is_empty() {
            self.has_room_for(drafts.len(), now).then(|| Wanted::Send(drafts.to_vec()))
        } else {
            self.has_hands_free().then_some(Wanted::Prepare(unprepared))
        }
    }

    /// Begins to count; without an event there is nothing to wait for.
    fn watch(&mut self, index: usize, watch: Option<Watch>, now: Duration) {
        let is_baseline = self.tasks.get(index).is_some_and(|task| task.phase == Phase::Baseline);
        let missing = match self.observer {
            Observer::None => Some(Need::Observer),
            _ if !self.wired && !is_baseline => Some(Need::WiredObserver),
            _ => None,
        };
        match (missing, watch) {
            (Some(need), _) => self.push(index, Seen::Cannot(need), now),
            (None, None) => self.push(index, Seen::Tallied(Vec::new()), now),
            (None, Some(watch)) => {
                if let Some(task) = self.tasks.get_mut(index) {
                    task.state = State::Watching(watch);
                }
            }
        }
    }

    /// Why commands to the downstream would not reach it.
    fn unobeyed(&self) -> Option<Need> {
        match self.observer {
            Observer::None | Observer::Counts => Some(Need::Downstream),
            Observer::Calls => (!self.wired).then_some(Need::WiredObserver),
        }
    }

    pub(super) fn finish(&mut self, index: usize, verdict: Verdict) {
        if let Some(task) = self.tasks.get_mut(index) {
            task.state = State::Finished(verdict);
        }
    }
}

/// The canary: an ordinary event, and if it is not acknowledged another one a second later. Its effect is
/// awaited too, because one that was sent last and has come tells that the earlier ones have.
fn canary(bench: &Bench, seen: &[Seen]) -> Step {
    let send = |number| {
        let mut draft = bench.event(number);
        draft.intent = Intent::Canary;
        Step::Send(draft.noted("an ordinary event to see whether the endpoint is well"))
    };
    match seen {
        [] => send(1),
        [Seen::Answer(first)] if first.is_acknowledged() => Step::Observe(bench.name(1), Expecting::Some),
        [Seen::Answer(first), ..] if first.is_acknowledged() => pass(),
        [_] => Step::Pause(core::time::Duration::from_secs(1)),
        [_, _] => send(2),
        [_, _, Seen::Answer(second)] if second.is_acknowledged() => {
            Step::Observe(bench.name(2), Expecting::Some)
        }
        [_, _, Seen::Answer(second), ..] if second.is_acknowledged() => pass(),
        [_, _, Seen::Answer(second), ..] => unknown(second.result().to_string()),
        _ => crate::step::out_of_step(),
    }
}
