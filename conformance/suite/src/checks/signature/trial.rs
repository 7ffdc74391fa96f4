//! Several deliveries that must all do nothing: sent some at a time, and counted together.

use alloc::{format, string::String, vec::Vec};

use crate::{
    Bench, Draft, Effects, Exchange, Expecting, Need, Outcome, Seen, Step,
    checks::{otherwise, throttled},
    step::{fail, pass, unknown},
};

/// What came of all of them.
pub(super) struct Trial<'s> {
    pub(super) sent: Vec<&'s Exchange>,
    /// The effects of each, or why nobody saw them.
    pub(super) counted: Result<&'s [Effects], Need>,
    /// What was seen since.
    pub(super) since: &'s [Seen],
}

impl<'s> Trial<'s> {
    /// Sends the events from 1 to `last`, counts their effects, and then judges; gives the next step of this.
    pub(super) fn step(
        bench: &Bench,
        seen: &'s [Seen],
        last: u16,
        draft: impl Fn(u16) -> Draft,
        judge: impl FnOnce(Self) -> Step,
    ) -> Step {
        let counted = seen.iter().position(|seen| !matches!(seen, Seen::Together(_))).unwrap_or(seen.len());
        let (batches, behind) = seen.split_at(counted);
        let sent: Vec<&Exchange> = batches
            .iter()
            .flat_map(|seen| match seen {
                Seen::Together(exchanges) => exchanges.as_slice(),
                _ => &[],
            })
            .collect();
        let next: Vec<Draft> = (1..=last).skip(sent.len()).take(at_once(bench)).map(draft).collect();
        match behind {
            [] if !next.is_empty() => Step::SendTogether(next),
            [] => {
                let names = (1..=last).map(|number| bench.name(number)).collect();
                Step::ObserveEach(names, Expecting::Quiet)
            }
            [Seen::Tallied(effects), since @ ..] => judge(Self { sent, counted: Ok(effects), since }),
            [Seen::Cannot(need), since @ ..] => judge(Self { sent, counted: Err(*need), since }),
            _ => otherwise(seen),
        }
    }

    /// Whatever the answers, none of the events from `first` to `last` may have an effect; what is sound of a single
    /// one is told at [`super::without_effect`].
    pub(super) fn verdict(&self, first: u16, last: u16) -> Step {
        let (before, count) = (usize::from(first).saturating_sub(1), usize::from(last - first) + 1);
        let sent: Vec<&Exchange> = self.sent.iter().copied().skip(before).take(count).collect();
        let acted = self.counted.unwrap_or_default().iter().skip(before).zip(&sent);
        let acted: Vec<String> = acted
            .filter(|(effects, _)| effects.count > 0)
            .map(|(effects, answer)| format!("{}, and {}", said(answer), effects.phrase()))
            .collect();
        if !acted.is_empty() {
            return fail("no effect", listed(&acted));
        }
        if let Some(answer) = sent.iter().find(|answer| answer.is_throttled()) {
            return throttled(answer);
        }
        if let Some(answer) = sent.iter().find(|answer| !answer.arrived()) {
            return unknown(format!(
                "{} did not reach the endpoint ({})",
                answer.sent.summary,
                answer.result()
            ));
        }
        let Err(need) = self.counted else { return pass() };
        let taken: Vec<String> =
            sent.iter().filter(|answer| answer.is_acknowledged()).map(|answer| said(answer)).collect();
        if !taken.is_empty() {
            return unknown(format!(
                "{}, and whether it had an effect could not be seen: {}",
                listed(&taken),
                need.why_missing()
            ));
        }
        match sent.iter().find(|answer| !matches!(answer.outcome, Outcome::Answered(_))) {
            Some(answer) => {
                unknown(format!("{} was not answered ({})", answer.sent.summary, answer.result()))
            }
            None => pass(),
        }
    }
}

/// Which delivery, and what it was answered.
pub(super) fn said(answer: &Exchange) -> String {
    format!("{}: {}", answer.sent.summary, answer.result())
}

/// The first of them, and how many there are beyond.
pub(super) fn listed(all: &[String]) -> String {
    let (shown, rest) = all.split_at(all.len().min(SHOWN));
    let rest = if rest.is_empty() { String::new() } else { format!("; and {} more", rest.len()) };
    shown.join("; ") + &rest
}

/// Half of what may be in flight, so that the other checks of the phase are not kept waiting.
fn at_once(bench: &Bench) -> usize {
    (bench.jobs / 2).clamp(1, AT_ONCE)
}

/// A report is read by people.
const SHOWN: usize = 5;

const AT_ONCE: usize = 4;
