//! What leaves for the driver, and how it is written into the evidence when it is back.

use alloc::vec::Vec;
use core::time::Duration;

use super::{
    Run, is_forged,
    oracle::{mac_spellings, shows_mac},
    redact::{redacted, spellings, without},
};
use crate::{Action, Draft, EventName, Exchange, MOST_EVIDENCE, Outcome, Request, Sent};

/// An action that is about to leave.
pub(super) struct Departure {
    pub(super) action: Action,
    pub(super) sent: Vec<Request>,
    pub(super) prepares: Vec<EventName>,
}

impl Departure {
    /// One that neither delivers nor prepares anything.
    pub(super) const fn of(action: Action) -> Self {
        Self { action, sent: Vec::new(), prepares: Vec::new() }
    }
}

/// An action under way: whose it is, and what was sent or is prepared.
#[derive(Debug)]
pub(super) struct Flight {
    pub(super) task: usize,
    pub(super) sent: Vec<Request>,
    pub(super) prepares: Vec<EventName>,
    pub(super) left: Duration,
}

impl Run {
    /// Signs what a task wants to send.
    pub(super) fn sealed(&mut self, mut drafts: Vec<Draft>, now: Duration) -> Departure {
        for draft in &mut drafts {
            let (tokens, born) =
                self.names.entry(draft.event).or_insert_with(|| (self.bench.tokens_of(draft), self.advanced));
            draft.born_ahead = *born;
            self.ledger.expect(draft.event, tokens, now);
        }
        let clock = self.started.saturating_add(now).saturating_add(self.advanced);
        let requests: Vec<Request> = drafts
            .iter()
            .map(|draft| {
                let first = *self.first_signed.entry(draft.event).or_insert(clock);
                self.bench.seal(draft, if draft.repeats { first } else { clock })
            })
            .collect();
        for request in requests.iter().filter(|request| request.is_slowed()) {
            self.ledger.hinder(request.event);
        }
        Departure { action: Action::Send(requests.clone()), sent: requests, prepares: Vec::new() }
    }

    /// Writes requests and their outcomes into the evidence.
    pub(super) fn enter(&mut self, flight: Flight, outcomes: Vec<(Outcome, Duration)>) -> Vec<Exchange> {
        let limit = self.bench.patience();
        let exchanges: Vec<Exchange> = flight
            .sent
            .into_iter()
            .zip(outcomes)
            .map(|(request, (outcome, took))| {
                let due = request.due.iter().flat_map(mac_spellings).collect::<Vec<_>>();
                let hidden = spellings(self.confidential.iter().chain(&request.confidential).chain(&due));
                Exchange {
                    event: request.event,
                    intent: request.intent,
                    slowed: request.is_slowed() || self.hindered.contains(&request.event),
                    shows_mac: shows_mac(&request, &outcome),
                    forged: is_forged(&request),
                    outcome: redacted(outcome, &hidden),
                    sent: Sent {
                        id: self.id(request.event),
                        summary: request.summary,
                        headers: request
                            .headers
                            .into_iter()
                            .map(|(name, value)| (name, without(&value, &hidden)))
                            .collect(),
                        body: kept(request.body),
                    },
                    at: flight.left,
                    took,
                    rule: self.bench.provider.acknowledgement,
                    limit: Some(request.transport.patience.map_or(limit, |own| own.min(limit))),
                }
            })
            .collect();
        if let Some(task) = self.tasks.get_mut(flight.task) {
            task.exchanges.extend(self.exchanges.len()..self.exchanges.len() + exchanges.len());
        }
        self.exchanges.extend(exchanges.iter().cloned());
        exchanges
    }
}

/// As much of a body as a report shows.
fn kept(mut body: Vec<u8>) -> Vec<u8> {
    body.truncate(MOST_EVIDENCE);
    body.shrink_to_fit();
    body
}
