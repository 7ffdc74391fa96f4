//! An endpoint as a script sees it, with its downstream and who counts.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use super::super::*;
use crate::{
    Draft, Effects, EventName, Exchange,
    scene::{exchange, outcome},
};

/// What a script sees of an endpoint.
pub(super) struct World {
    pub(super) observer: Result<(), Need>,
    pub(super) downstream: Result<(), Need>,
    pub(super) told: BTreeMap<EventName, Downstream>,
    pub(super) effects: BTreeMap<EventName, u64>,
    /// Effects that come with the next pause.
    pub(super) late: Vec<EventName>,
    pub(super) seen: Vec<Seen>,
    pub(super) steps: Vec<Step>,
}

/// How a delivery comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Alone,
    /// While another delivery is at work.
    Meanwhile,
    Cut,
}

/// An endpoint: what it answers to a delivery, in short.
pub(super) type Endpoint<'e> = &'e mut dyn FnMut(&mut World, EventName, Way) -> &'static str;

impl World {
    pub(super) fn new() -> Self {
        Self {
            observer: Ok(()),
            downstream: Ok(()),
            told: BTreeMap::new(),
            effects: BTreeMap::new(),
            late: Vec::new(),
            seen: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// Calls the downstream about an event; whether it succeeded.
    pub(super) fn call(&mut self, event: EventName) -> bool {
        let told = self.told.entry(event).or_default();
        if told.failures > 0 {
            told.failures -= 1;
            return false;
        }
        *self.effects.entry(event).or_default() += 1;
        true
    }

    pub(super) fn play(&mut self, bench: &Bench, endpoint: Endpoint<'_>) -> Verdict {
        loop {
            let step = any_history(bench, &self.seen);
            let seen = match &step {
                Step::Decide(verdict) => return verdict.clone(),
                Step::Send(draft) => Seen::Answer(self.deliver(bench, draft, Way::Alone, endpoint)),
                Step::SendTogether(drafts) => {
                    let mut met: Vec<EventName> = Vec::new();
                    let each = drafts.iter().map(|draft| {
                        let way = if met.contains(&draft.event) { Way::Meanwhile } else { Way::Alone };
                        met.push(draft.event);
                        self.deliver(bench, draft, way, endpoint)
                    });
                    Seen::Together(each.collect())
                }
                Step::ObserveEach(events, _) => match self.observer {
                    Ok(()) => Seen::Tallied(events.iter().map(|event| self.count(*event)).collect()),
                    Err(need) => Seen::Cannot(need),
                },
                Step::Set(event, downstream) => match self.downstream {
                    Ok(()) => {
                        self.told.insert(*event, *downstream);
                        Seen::Set(*downstream)
                    }
                    Err(need) => Seen::Cannot(need),
                },
                Step::Pause(span) => {
                    for event in core::mem::take(&mut self.late) {
                        self.call(event);
                    }
                    Seen::Paused(*span)
                }
                other => panic!("{other:?}"),
            };
            self.seen.push(seen);
            self.steps.push(step);
        }
    }

    fn deliver(&mut self, bench: &Bench, draft: &Draft, way: Way, endpoint: Endpoint<'_>) -> Exchange {
        let way = if draft.cut_after.is_some() { Way::Cut } else { way };
        let answer = endpoint(self, draft.event, way);
        exchange(bench, draft, outcome(if way == Way::Cut { "cut" } else { answer }))
    }

    fn count(&self, event: EventName) -> Effects {
        let count = self.effects.get(&event).copied().unwrap_or_default();
        Effects { event, count, at_first: count, evidence: "POST /fulfil twice".into(), refused: 0 }
    }
}

/// Does each event once, and lets it come again when its downstream failed.
pub(super) fn sound() -> impl FnMut(&mut World, EventName, Way) -> &'static str {
    let mut done = BTreeSet::new();
    move |world, event, way| match way {
        Way::Meanwhile if !done.contains(&event) => "409 retry-after 1",
        _ if done.contains(&event) => "200",
        _ if world.call(event) => {
            done.insert(event);
            "200"
        }
        _ => "500",
    }
}

/// Remembers the last two events and nothing before them.
pub(super) fn short_memory() -> impl FnMut(&mut World, EventName, Way) -> &'static str {
    let mut last: Vec<EventName> = Vec::new();
    move |world, event, _| {
        if last.contains(&event) {
            return "200";
        }
        if !world.call(event) {
            return "500";
        }
        last.push(event);
        if last.len() > 2 {
            last.remove(0);
        }
        "200"
    }
}
