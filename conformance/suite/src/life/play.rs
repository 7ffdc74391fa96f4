//! Playing a life: from the transcript so far to the next step, and in the end to the verdict.

use alloc::{format, string::String, vec, vec::Vec};
use core::{ops::ControlFlow, slice, time::Duration};

use hookproof_core::{Conclusion, Delivery, Next, Outcome as Came, Retries, RetrySchedule, Timestamp};

use super::{Attempt, Fault, Life, Rehearsal};
use crate::{
    Basis, Bench, Check, Downstream, Draft, EventName, Exchange, Expecting, Failure, Feature, Harm, Judge,
    Level, Need, Outcome, Phase, Seen, Step,
    checks::{is_busy, is_passing, otherwise, until_free},
    step::{fail, pass, unknown},
};

/// Not in the catalogue: what it tries is the caller's.
pub(crate) const REHEARSAL: Check = Check {
    id: "retry/this-rehearsal",
    title: "the event has one effect, if any attempt was acknowledged, and at most one otherwise",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectMiscounted,
    clauses: &["TT-8", "TT-12", "TT-13"],
    phase: Phase::Alone,
    rests_on: &[Feature::Schedule],
    needs: &[Need::Accepted],
    explain: "",
    judge: Judge::Script(script),
};

/// What became of the event by now.
pub(crate) fn life(bench: &Bench, seen: &[Seen]) -> Option<Life> {
    let mut walk = Walk::new(bench, seen)?;
    let _ = walk.go();
    Some(walk.life)
}

fn script(bench: &Bench, seen: &[Seen]) -> Step {
    let Some(mut walk) = Walk::new(bench, seen) else {
        return unknown("the provider publishes no retry schedule");
    };
    match walk.go() {
        ControlFlow::Break(step) => step,
        ControlFlow::Continue(()) => walk.conclusion(),
    }
}

/// On the way through the transcript.
struct Walk<'a> {
    bench: &'a Bench,
    rehearsal: &'a Rehearsal,
    seen: slice::Iter<'a, Seen>,
    delivery: Delivery,
    attempts: usize,
    /// How old the event is when it is made.
    age: Duration,
    /// The provider's time.
    now: Timestamp,
    /// Whether anybody observes effects, as far as is known.
    observed: bool,
    life: Life,
}

impl<'a> Walk<'a> {
    fn new(bench: &'a Bench, seen: &'a [Seen]) -> Option<Self> {
        let (rehearsal, Retries::Schedule(schedule)) =
            (bench.setting.rehearsal.as_ref()?, &bench.provider.retries)
        else {
            return None;
        };
        let age = if rehearsal.moves_clock { Duration::ZERO } else { age(rehearsal, schedule) };
        let created = bench.started().saturating_sub(age);
        let event = bench.name(ONLY);
        Some(Self {
            bench,
            rehearsal,
            seen: seen.iter(),
            delivery: Delivery::new(
                schedule.clone(),
                bench.patience(),
                bench.provider.acknowledgement,
                created,
            ),
            attempts: schedule.attempts(),
            age,
            now: created,
            observed: true,
            life: Life {
                id: bench.id(event),
                kind: bench.ordinary_type().into(),
                created,
                attempts: Vec::new(),
                conclusion: None,
                effects: None,
            },
        })
    }

    fn go(&mut self) -> ControlFlow<Step> {
        loop {
            match self.delivery.next(self.now) {
                Next::Wait { until } => self.wait(until)?,
                Next::Send { attempt, .. } => self.attempt(attempt)?,
                Next::Done(conclusion) => {
                    self.life.conclusion = Some(conclusion);
                    return self.count(conclusion);
                }
            }
        }
    }

    /// The provider's time passes. In ours an endpoint gets a moment to end what it is at, or what it asks for.
    fn wait(&mut self, until: Timestamp) -> ControlFlow<Step> {
        if self.rehearsal.moves_clock {
            let by = until.saturating_since(self.now);
            match self.take(|| Step::AdvanceClock(by))? {
                Seen::Advanced(_) => {}
                other => return astray(other),
            }
        } else if let Some(last) = self.life.attempts.last().and_then(|attempt| attempt.exchanges.last()) {
            let pause = match self.bench.setting.own_retry_within {
                Some(within) if self.downstream_failed() && is_passing(last) => within.max(A_MOMENT),
                _ if is_busy(last) => until_free(self.bench, [last]),
                _ => A_MOMENT,
            };
            match self.take(|| Step::Pause(pause))? {
                Seen::Paused(_) => {}
                other => return astray(other),
            }
        }
        self.now = until;
        ControlFlow::Continue(())
    }

    fn attempt(&mut self, number: u32) -> ControlFlow<Step> {
        let place = usize::try_from(number - 1).unwrap_or(usize::MAX);
        let fault = self.rehearsal.faults.0.get(place).copied().unwrap_or(Fault::Nothing);
        let at = self.now;
        if fault == Fault::Restart {
            match self.take(|| Step::Restart)? {
                Seen::Restarted => {}
                other => return astray(other),
            }
        }
        if fault == Fault::DownstreamFails {
            self.command(Downstream::failing(u32::MAX))?;
        }
        let draft = self.draft(number, fault);
        let exchanges = match fault {
            Fault::Undelivered => Vec::new(),
            Fault::AnswerLost => self.send(draft.cut_before_answer(LATER))?,
            Fault::Twice => match self.take(|| Step::SendTogether(vec![draft.clone(), draft]))? {
                Seen::Together(exchanges) => exchanges.clone(),
                other => return astray(other),
            },
            Fault::Nothing | Fault::DownstreamFails | Fault::Restart => self.send(draft)?,
        };
        if fault == Fault::DownstreamFails {
            self.command(Downstream::SOUND)?;
        }
        self.now = at.saturating_add(exchanges.iter().map(|sent| sent.took).max().unwrap_or_default());
        // Each attempt is asked for by its number, so none is taken for another.
        let _ = self.delivery.record(number, self.now, came(&exchanges));
        let arrived = !exchanges.is_empty();
        self.life.attempts.push(Attempt { number, at, fault, exchanges, effects: self.life.effects });
        if arrived {
            self.observe(Expecting::Quiet)?;
            if let Some(attempt) = self.life.attempts.last_mut() {
                attempt.effects = self.life.effects;
            }
        }
        ControlFlow::Continue(())
    }

    /// The event's bytes, the same at each attempt, under a signature that none before it had.
    fn draft(&self, number: u32, fault: Fault) -> Draft {
        let left = u32::try_from(self.attempts).unwrap_or(u32::MAX).saturating_sub(number);
        let draft = self.bench.event(ONLY).created_ago(self.age);
        let draft =
            if self.rehearsal.moves_clock { draft } else { draft.signed_ago(BETWEEN_SIGNATURES * left) };
        match fault.phrase() {
            "" => draft.noted(format!("attempt {number}")),
            phrase => draft.noted(format!("attempt {number}: {phrase}")),
        }
    }

    /// The last count, which waits for an effect that is due.
    fn count(&mut self, conclusion: Conclusion) -> ControlFlow<Step> {
        if self.life.attempts.iter().all(|attempt| attempt.exchanges.is_empty()) {
            return ControlFlow::Continue(());
        }
        if conclusion == Conclusion::Exhausted {
            return self.observe(Expecting::Quiet);
        }
        self.observe(Expecting::Some)?;
        match self.bench.setting.own_retry_within {
            Some(within) if self.life.effects == Some(0) && self.downstream_failed() && !within.is_zero() => {
                match self.take(|| Step::Pause(within))? {
                    Seen::Paused(_) => self.observe(Expecting::Some),
                    other => astray(other),
                }
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn conclusion(&self) -> Step {
        match (self.life.conclusion, self.life.effects) {
            _ if self.life.attempts.iter().all(|attempt| attempt.exchanges.is_empty()) => {
                unknown("no attempt was delivered, so there is nothing to judge")
            }
            (Some(Conclusion::Exhausted), effects) => self.exhausted(effects),
            (_, None) => unknown(Need::Observer.why_missing()),
            (_, Some(1)) => pass(),
            (_, Some(0)) if self.downstream_failed() && self.bench.setting.own_retry_within.is_none() => {
                unknown(OWN_RETRY)
            }
            (_, Some(count)) => fail("one effect", phrase(count)),
        }
    }

    /// No attempt was acknowledged. That is held against an endpoint which was asked and did not say to come later.
    fn exhausted(&self, effects: Option<u64>) -> Step {
        let asked = self.life.attempts.iter().filter(|attempt| {
            matches!(attempt.fault, Fault::Nothing | Fault::Twice | Fault::Restart)
                && !attempt.exchanges.is_empty()
        });
        let asked: Vec<&Attempt> = asked.collect();
        let refused = asked.iter().find(|attempt| attempt.exchanges.iter().all(|sent| !is_busy(sent)));
        match (refused, asked.first(), effects) {
            (_, _, Some(count @ 2..)) => fail("at most one effect", phrase(count)),
            (Some(attempt), _, _)
                if self.downstream_failed()
                    && self.bench.setting.own_retry_within.is_none()
                    && attempt.exchanges.iter().all(is_passing) =>
            {
                unknown(KEPT)
            }
            (Some(attempt), _, _) => fail(
                "a success status for an attempt that is delivered",
                format!("attempt {}: {}", attempt.number, attempt.results()),
            ),
            (None, Some(attempt), _) => unknown(format!(
                "the endpoint was still busy at each attempt ({}): in this rehearsal they come one right behind the other",
                attempt.results()
            )),
            (None, None, Some(_)) => pass(),
            (None, None, None) => unknown(Need::Observer.why_missing()),
        }
    }

    fn downstream_failed(&self) -> bool {
        self.life.attempts.iter().any(|attempt| attempt.fault == Fault::DownstreamFails)
    }

    fn observe(&mut self, expecting: Expecting) -> ControlFlow<Step> {
        if !self.observed {
            return ControlFlow::Continue(());
        }
        let event = self.event();
        match self.take(|| Step::Observe(event, expecting))? {
            Seen::Effects(effects) => self.life.effects = Some(effects.count),
            Seen::Cannot(Need::Observer | Need::WiredObserver) => self.observed = false,
            other => return astray(other),
        }
        ControlFlow::Continue(())
    }

    fn send(&mut self, draft: Draft) -> ControlFlow<Step, Vec<Exchange>> {
        match self.take(|| Step::Send(draft))? {
            Seen::Answer(exchange) => ControlFlow::Continue(vec![exchange.clone()]),
            other => astray(other),
        }
    }

    fn command(&mut self, downstream: Downstream) -> ControlFlow<Step> {
        let event = self.event();
        match self.take(|| Step::Set(event, downstream))? {
            Seen::Set(_) => ControlFlow::Continue(()),
            other => astray(other),
        }
    }

    fn event(&self) -> EventName {
        self.bench.name(ONLY)
    }

    /// What came of the next step, or the step itself where nothing did yet.
    fn take(&mut self, step: impl FnOnce() -> Step) -> ControlFlow<Step, &'a Seen> {
        match self.seen.next() {
            Some(seen) => ControlFlow::Continue(seen),
            None => ControlFlow::Break(step()),
        }
    }
}

/// How old the event is at the first attempt that meets nothing: by then the provider's delays have passed.
fn age(rehearsal: &Rehearsal, schedule: &RetrySchedule) -> Duration {
    schedule.delays().iter().take(rehearsal.faults.0.len()).sum()
}

/// What the provider notes of an attempt.
fn came(exchanges: &[Exchange]) -> Came {
    let heard = exchanges.iter().find(|sent| sent.is_acknowledged()).or(exchanges.first());
    match heard.map(|sent| &sent.outcome) {
        Some(Outcome::Answered(answer)) => Came::Answered(answer.status),
        Some(Outcome::Failed(Failure::TimedOut { .. })) => Came::TimedOut,
        Some(Outcome::Cut | Outcome::Failed(_)) | None => Came::Unreachable,
    }
}

fn astray<T>(seen: &Seen) -> ControlFlow<Step, T> {
    ControlFlow::Break(otherwise(slice::from_ref(seen)))
}

fn phrase(count: u64) -> String {
    match count {
        0 => "no effect".into(),
        1 => "one effect".into(),
        more => format!("{more} effects"),
    }
}

/// The number of the event.
const ONLY: u16 = 1;

/// No two attempts bear one signature, and none is so old that a receiver may refuse it.
const BETWEEN_SIGNATURES: Duration = Duration::from_secs(2);

/// For an endpoint that is still at work when we have hung up.
const A_MOMENT: Duration = Duration::from_millis(300);

/// When a fast endpoint has answered.
const LATER: Duration = Duration::from_millis(100);

const OWN_RETRY: &str = "the event was acknowledged although its downstream had failed, and had no effect so far; if \
                         the endpoint tries again by itself, say within what time with --own-retry-within";
const KEPT: &str = "the event was still not acknowledged when its downstream was well again; if the endpoint keeps such \
                    events to itself for a while, say for how long with --own-retry-within";

#[cfg(test)]
mod tests;
