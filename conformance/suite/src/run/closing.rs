//! From stage to stage: what the baseline settles, what a canary takes back, and the last count.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    CANARIES, Run, Stage,
    task::{State, Subject, Task, Wanted},
};
use crate::{Action, Check, Effects, EventName, Failure, Judge, Need, Outcome, Phase, Seen, Step, Verdict};

impl Run {
    /// Goes on to the next stage. Called when nothing of this one is left to do.
    pub(super) fn advance(&mut self) {
        self.stage = match self.stage {
            Stage::Phase(at) => self.close_phase(at),
            Stage::Canary(at) => {
                self.believe_or_not(at);
                self.open_phase(at + 1)
            }
            Stage::Recount => {
                self.judge_again();
                self.conclude()
            }
            Stage::Over => Stage::Over,
        };
    }

    fn close_phase(&mut self, at: usize) -> Stage {
        let Some(phase) = Phase::ALL.get(at).copied() else { return self.conclude() };
        if phase == Phase::Baseline {
            self.settle_baseline();
            if self.unreachable.is_some() {
                return self.conclude();
            }
            return self.open_phase(at + 1);
        }
        let tried = self
            .tasks
            .iter()
            .any(|task| task.phase == phase && !matches!(task.verdict(), Some(Verdict::NotApplicable(_))));
        if !tried || !self.accepted || self.stopped.is_some() {
            return self.open_phase(at + 1);
        }
        let number = CANARIES.saturating_add(u16::try_from(at).unwrap_or_default());
        self.tasks.push(Task::new(number, Subject::Canary, phase));
        Stage::Canary(at)
    }

    fn open_phase(&mut self, at: usize) -> Stage {
        if at < Phase::ALL.len() {
            return Stage::Phase(at);
        }
        if !self.wired {
            return self.conclude();
        }
        self.to_recount = self.observed_events();
        self.tasks.push(Task::new(CANARIES, Subject::Recount, Phase::Alone));
        Stage::Recount
    }

    /// What the first ordinary event tells about everything after it.
    fn settle_baseline(&mut self) {
        let Some(task) = self.tasks.iter().find(|task| task.phase == Phase::Baseline) else { return };
        let exchange = task.exchanges.first().and_then(|at| self.exchanges.get(*at));
        if let Some(exchange) = exchange {
            self.accepted = exchange.is_acknowledged();
            if let Outcome::Failed(
                failure @ (Failure::Refused | Failure::Unreachable(_) | Failure::ConnectTimeout),
            ) = &exchange.outcome
            {
                self.unreachable = Some(failure.clone());
                self.stopped = Some(format!("the endpoint could not be reached: {failure}"));
            }
            let event = exchange.event;
            self.wired = self.accepted && self.ledger.effects(event).count > 0;
            if self.wired {
                self.ledger.learn_shape(event);
            }
        }
    }

    /// Takes back what a phase concluded if the canary at its end was not acknowledged.
    fn believe_or_not(&mut self, at: usize) {
        let canary = self.tasks.iter_mut().rfind(|task| matches!(task.subject, Subject::Canary));
        let Some(Verdict::Unknown(result)) = canary.and_then(|task| task.verdict().cloned()) else { return };
        let phase = Phase::ALL.get(at).copied().unwrap_or(Phase::Alone);
        let blocked = matches!(result.as_str(), "403" | "429");
        let guess = if blocked { "; something before the endpoint seems to block us" } else { "" };
        let why = format!(
            "an ordinary event sent after the {} was not acknowledged ({result}), so nothing it showed is believed{guess}",
            phase.name()
        );
        for task in self.tasks.iter_mut().filter(|task| task.phase == phase) {
            // What was seen without a delivery needs no canary.
            if let (Subject::Check(_), Some(verdict), [_, ..]) =
                (task.subject, task.verdict(), &*task.exchanges)
                && verdict.is_judgement()
            {
                task.state = State::Finished(Verdict::Unknown(why.clone()));
            }
        }
        self.stopped = Some(format!(
            "not tried: an ordinary event sent after the {} was not acknowledged ({result}){guess}",
            phase.name()
        ));
    }

    /// The next action of the last count: let late effects come, then ask about each event.
    pub(super) fn next_recount(&mut self, index: usize) -> Option<Wanted> {
        let paused = self.tasks.get(index).is_some_and(|task| !task.seen.is_empty());
        let action = match self.to_recount.last() {
            None => {
                self.finish(index, Verdict::Pass);
                return None;
            }
            Some(_) if !paused => Action::Pause(self.ledger.quiet()),
            Some(event) => Action::Look { event: *event, id: self.id(*event) },
        };
        self.tasks.get_mut(index)?.state = State::Acting { together: false };
        Some(Wanted::Do(action))
    }

    /// The event that the last count asks about now.
    pub(super) fn recounting(&self, index: usize) -> Option<EventName> {
        let task = self.tasks.get(index)?;
        matches!(task.subject, Subject::Recount).then(|| self.to_recount.last().copied()).flatten()
    }

    pub(super) fn recounted(&mut self, index: usize) {
        self.to_recount.pop();
        if let Some(task) = self.tasks.get_mut(index) {
            task.state = State::Ready;
        }
    }

    /// Judges every script again on the last count of effects.
    fn judge_again(&mut self) {
        for index in 0..self.tasks.len() {
            let Some(task) = self.tasks.get(index) else { continue };
            let Subject::Check(Check { judge: Judge::Script(script), .. }) = task.subject else { continue };
            let Some(before) = task.verdict().filter(|verdict| verdict.is_judgement()).cloned() else {
                continue;
            };
            let seen = self.counted_again(&task.seen);
            self.bench.check = task.number;
            let Step::Decide(after) = script(&self.bench, &seen) else { continue };
            let verdict = match (before, after) {
                (Verdict::Pass, Verdict::Fail { expected, actual }) => Verdict::Fail {
                    expected,
                    actual: with_remark(&actual, "counted again at the end of the run"),
                },
                (Verdict::Fail { .. }, Verdict::Pass) => Verdict::Unknown(
                    "an effect that was taken for missing came later in the run; raise --effect-wait"
                        .to_string(),
                ),
                (Verdict::Fail { .. }, after @ Verdict::Fail { .. }) => after,
                (before, _) => before,
            };
            self.finish(index, verdict);
        }
    }

    /// A transcript in which the last count of each event is the one made at the end.
    pub(super) fn counted_again(&self, seen: &[Seen]) -> Vec<Seen> {
        let mut again = seen.to_vec();
        let mut done: Vec<EventName> = Vec::new();
        for seen in again.iter_mut().rev() {
            let counted = match seen {
                Seen::Effects(effects) => core::slice::from_mut(effects),
                Seen::Tallied(effects) => effects.as_mut_slice(),
                _ => &mut [],
            };
            for effects in counted {
                if !done.contains(&effects.event) {
                    done.push(effects.event);
                    let at_first = effects.at_first;
                    *effects = Effects { at_first, ..self.ledger.effects(effects.event) };
                }
            }
        }
        again
    }

    /// Judges what only the whole run can show, and takes back what needs a refused forgery if none was seen.
    fn conclude(&mut self) -> Stage {
        for index in 0..self.tasks.len() {
            let Some(task) = self.tasks.get(index) else { continue };
            let Subject::Check(check) = task.subject else { continue };
            if task.is_finished() {
                continue;
            }
            let verdict = match check.judge {
                _ if self.unreachable.is_some() => self.stopped.clone().map(Verdict::Unknown),
                Judge::Whole(_) if check.needs.contains(&Need::Accepted) && !self.accepted => {
                    Some(Verdict::Unknown(String::from(Need::Accepted.why_missing())))
                }
                Judge::Whole(judge) => Some(judge(&self.bench, &self.exchanges)),
                Judge::Script(_) => self.stopped.clone().map(Verdict::Unknown),
            };
            if let Some(verdict) = verdict {
                self.finish(index, verdict);
            }
        }
        if !self.saw_a_forgery_refused() {
            for task in &mut self.tasks {
                if let (Subject::Check(check), Some(Verdict::Pass)) = (task.subject, task.verdict())
                    && check.needs.contains(&Need::Refuses)
                {
                    task.state = State::Finished(Verdict::Unknown(Need::Refuses.why_missing().into()));
                }
            }
        }
        Stage::Over
    }

    fn saw_a_forgery_refused(&self) -> bool {
        self.tasks.iter().any(|task| {
            matches!(task.subject, Subject::Check(check) if check.id == "signature/rejects-forged")
                && task.verdict() == Some(&Verdict::Pass)
        })
    }
}

/// What was seen, with a remark behind its first line: further lines are a script.
fn with_remark(actual: &str, remark: &str) -> String {
    match actual.split_once('\n') {
        Some((said, script)) => format!("{said} ({remark})\n{script}"),
        None => format!("{actual}, {remark}"),
    }
}
