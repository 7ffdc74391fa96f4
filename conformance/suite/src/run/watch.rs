//! Waiting for effects: how long to look before their number is believed.

use alloc::vec::Vec;
use core::time::Duration;

use super::{
    Run, State,
    task::{Subject, Wanted},
};
use crate::{Action, Effects, EventName, Exchange, Expecting, Need, Observer, Reading, Seen};

#[derive(Debug, PartialEq)]
pub(super) struct Watch {
    event: EventName,
    /// Those to be counted behind it, the next one last.
    rest: Vec<EventName>,
    /// What was counted before it, where several are.
    counted: Option<Vec<Effects>>,
    expecting: Expecting,
    since: Duration,
    /// A later event, sent because this one's effect did not show: if its effect does, the absence is real.
    probe: Option<EventName>,
    /// A probe had its effect: what has not come by then of all these events never will.
    settled: bool,
    next: Next,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Next {
    Look,
    Pause(Duration),
    SendProbe,
    UnderWay,
}

impl Watch {
    pub(super) fn new(event: EventName, expecting: Expecting, now: Duration) -> Self {
        Self {
            event,
            rest: Vec::new(),
            counted: None,
            expecting,
            since: now,
            probe: None,
            settled: false,
            next: Next::Look,
        }
    }

    /// Over several events; nothing where there is none.
    pub(super) fn over(events: &[EventName], expecting: Expecting, now: Duration) -> Option<Self> {
        let (first, rest) = events.split_first()?;
        let rest = rest.iter().rev().copied().collect();
        Some(Self { rest, counted: Some(Vec::new()), ..Self::new(*first, expecting, now) })
    }

    /// Takes the effects of its event: what was seen, if that was the last one.
    fn conclude(&mut self, effects: Effects) -> Option<Seen> {
        let Some(counted) = &mut self.counted else { return Some(Seen::Effects(effects)) };
        counted.push(effects);
        match self.rest.pop() {
            None => Some(Seen::Tallied(core::mem::take(counted))),
            Some(event) => {
                self.event = event;
                self.next = Next::Look;
                None
            }
        }
    }
}

impl Run {
    pub(super) fn is_watching(&self, index: usize) -> bool {
        self.tasks.get(index).is_some_and(|task| matches!(task.state, State::Watching(_)))
    }

    /// The next action of a watch, if none is under way.
    pub(super) fn next_look(&mut self, index: usize, now: Duration) -> Option<Wanted> {
        let watch = self.watch_of(index)?;
        let event = watch.probe.unwrap_or(watch.event);
        let wanted = match watch.next {
            Next::UnderWay => return None,
            Next::Look => Wanted::Do(Action::Look { event, id: self.id(event) }),
            Next::Pause(duration) => Wanted::Do(Action::Pause(duration)),
            Next::SendProbe => {
                self.bench.check = event.check;
                let draft = self.bench.event(event.number);
                let draft = draft.noted("an ordinary event to see whether effects are observed");
                self.at_once(&[draft], now)?
            }
        };
        self.watch_of(index)?.next = Next::UnderWay;
        Some(wanted)
    }

    /// The probe is prepared and can leave.
    pub(super) fn send_probe(&mut self, index: usize) {
        if let Some(watch) = self.watch_of(index) {
            watch.next = Next::SendProbe;
        }
    }

    /// Takes a reading and decides whether the watch is over.
    pub(super) fn looked(&mut self, index: usize, reading: Reading, now: Duration) {
        let recount = self.tasks.get(index).is_some_and(|task| matches!(task.subject, Subject::Recount));
        let Some(asked) = self.asked(index) else { return };
        if let Reading::Failed(_) = reading {
            if recount {
                self.recounted(index);
            } else {
                self.push(index, Seen::Cannot(Need::Observer), now);
            }
            return;
        }
        if self.watch_of(index).is_none_or(|watch| watch.counted.is_some()) {
            self.ledger.record_late(asked, reading, now);
        } else {
            self.ledger.record(asked, reading, now);
        }
        if recount {
            return self.recounted(index);
        }
        let Some(watch) = self.watch_of(index) else { return };
        let (event, expecting, probe, settled) = (watch.event, watch.expecting, watch.probe, watch.settled);
        let waited = now.saturating_sub(watch.since);
        let effects = self.ledger.effects(event);
        let again = (waited / 4).clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        let effect_wait = self.bench.setting.effect_wait;
        let quiet = self.ledger.quiet();
        let next = match expecting {
            Expecting::Quiet if waited >= quiet => None,
            Expecting::Quiet => Some(Next::Pause(again.min(quiet.saturating_sub(waited)))),
            Expecting::Some if effects.count > 0 || settled => None,
            Expecting::Some => match probe {
                Some(later) if self.ledger.effects(later).count > 0 => return self.settle(index),
                Some(_) if waited >= effect_wait => {
                    return self.push(index, Seen::Cannot(Need::SettledEffects), now);
                }
                None if waited >= effect_wait => Some(Next::SendProbe),
                _ => Some(Next::Pause(again.min(effect_wait.saturating_sub(waited)))),
            },
        };
        match next {
            None => {
                let seen = self.watch_of(index).and_then(|watch| watch.conclude(effects));
                if let Some(seen) = seen {
                    self.push(index, seen, now);
                }
            }
            Some(next) => {
                // The baseline has no earlier event to compare with: without an effect the observer is not wired.
                let opening = !self.wired && next == Next::SendProbe;
                if opening {
                    return self.push(index, Seen::Effects(effects), now);
                }
                if let Some(watch) = self.watch_of(index) {
                    if next == Next::SendProbe {
                        watch.probe = Some(EventName {
                            check: event.check,
                            number: PROBES.saturating_add(event.number),
                        });
                    }
                    watch.next = next;
                }
            }
        }
    }

    /// A later event had its effect, so the next look at this one, and at those behind it, tells.
    fn settle(&mut self, index: usize) {
        if let Some(watch) = self.watch_of(index) {
            watch.probe = None;
            watch.settled = true;
            watch.next = Next::Look;
        }
    }

    pub(super) fn look_again(&mut self, index: usize) {
        if let Some(watch) = self.watch_of(index) {
            watch.next = Next::Look;
        }
    }

    /// Takes the answer to a probe. One that is not acknowledged settles nothing.
    pub(super) fn probed(&mut self, index: usize, exchanges: &[Exchange], now: Duration) {
        if exchanges.iter().all(Exchange::is_acknowledged) {
            if let Some(watch) = self.watch_of(index) {
                watch.since = now;
                watch.next = Next::Look;
            }
        } else {
            self.push(index, Seen::Cannot(Need::SettledEffects), now);
        }
    }

    /// The events whose effects some check rested on: all are counted again at the end. A stand-in that
    /// sees every call tells all of them in one reading.
    pub(super) fn observed_events(&self) -> Vec<EventName> {
        let mut events: Vec<EventName> = self
            .tasks
            .iter()
            .flat_map(|task| &task.seen)
            .flat_map(|seen| match seen {
                Seen::Effects(effects) => core::slice::from_ref(effects),
                Seen::Tallied(effects) => effects.as_slice(),
                _ => &[],
            })
            .map(|effects| effects.event)
            .collect();
        events.sort_unstable();
        events.dedup();
        if self.observer == Observer::Calls {
            events.truncate(1);
        }
        events
    }

    fn asked(&mut self, index: usize) -> Option<EventName> {
        if let Some(event) = self.recounting(index) {
            return Some(event);
        }
        let watch = self.watch_of(index)?;
        Some(watch.probe.unwrap_or(watch.event))
    }

    fn watch_of(&mut self, index: usize) -> Option<&mut Watch> {
        match &mut self.tasks.get_mut(index)?.state {
            State::Watching(watch) => Some(watch),
            _ => None,
        }
    }
}

/// Events of a check from here on are probes.
const PROBES: u16 = 5_000;

const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
