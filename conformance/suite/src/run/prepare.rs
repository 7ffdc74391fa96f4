//! Before an event is first sent, the merchant is given what it needs to know of it.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use hookproof_core::Timestamp;

use super::{
    Run, State,
    flight::{Departure, Flight},
    task::Subject,
};
use crate::{Action, Draft, Need, Preparation, Seen, Verdict};

impl Run {
    /// Those of the drafts' events that must be prepared before they leave.
    pub(super) fn unprepared(&self, drafts: &[Draft]) -> Vec<Draft> {
        let mut left: Vec<Draft> = Vec::new();
        if self.bench.setting.prepares {
            for draft in drafts {
                let is_new = !self.prepared.contains(&draft.event);
                if is_new && !left.iter().any(|known| known.event == draft.event) {
                    left.push(draft.clone());
                }
            }
        }
        left
    }

    /// Whether one more task may prepare events. As many may as deliveries may be in flight.
    pub(super) fn has_hands_free(&self) -> bool {
        self.tickets.values().filter(|flight| !flight.prepares.is_empty()).count() < self.bench.jobs
    }

    /// What the merchant is told of these events.
    pub(super) fn preparation(&self, drafts: Vec<Draft>, now: Duration) -> Departure {
        let clock = self.started.saturating_add(now).saturating_add(self.advanced);
        let prepares = drafts.iter().map(|draft| draft.event).collect();
        let preparations = drafts
            .into_iter()
            .map(|draft| Preparation { id: self.bench.id_of(&draft), body: self.as_an_event(draft, clock) });
        Departure { action: Action::Prepare(preparations.collect()), sent: Vec::new(), prepares }
    }

    /// The body of a draft as it will leave, or as an ordinary one of the event where that is none.
    fn as_an_event(&self, draft: Draft, clock: Timestamp) -> Vec<u8> {
        let draft = draft.untampered();
        let request = self.bench.seal(&draft, clock);
        if self.bench.read(&request).is_ok() {
            request.body
        } else {
            self.bench.seal(&draft.unedited(), clock).body
        }
    }

    /// The events of a flight can leave now: their task is asked again.
    pub(super) fn ready(&mut self, flight: Flight) {
        self.prepared.extend(flight.prepares);
        if self.is_watching(flight.task) {
            self.send_probe(flight.task);
        } else if let Some(task) = self.tasks.get_mut(flight.task) {
            task.state = State::Ready;
        }
    }

    /// What could not be prepared is not sent, and nothing is said of it.
    pub(super) fn unready(&mut self, flight: &Flight, why: &str, now: Duration) {
        if self.is_watching(flight.task) {
            return self.push(flight.task, Seen::Cannot(Need::SettledEffects), now);
        }
        let is_canary =
            self.tasks.get(flight.task).is_some_and(|task| matches!(task.subject, Subject::Canary));
        // Of a canary only its result is told.
        let why =
            if is_canary { String::from(why) } else { format!("its event could not be prepared: {why}") };
        self.finish(flight.task, Verdict::Unknown(why));
    }
}
