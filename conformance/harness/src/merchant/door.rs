//! How requests come in: who is served when, and how long their bodies may take.

use std::{collections::BTreeMap, time::Duration};

use hookproof_core::Timestamp;

use super::{Character, Defect, Incoming, RequestId};

/// The heads that are there, in the order in which they came, and the requests that wait behind another's head.
#[derive(Debug, Default)]
pub(super) struct Door {
    heads: Vec<(RequestId, Timestamp)>,
    whole: BTreeMap<RequestId, Incoming>,
}

impl Door {
    /// A head is there.
    pub(super) fn knock(&mut self, id: RequestId, now: Timestamp) {
        self.heads.push((id, now));
    }

    /// A request is whole: those that can be served now, this one mostly, and whether its body took too long for a
    /// merchant in a hurry.
    pub(super) fn enter(
        &mut self,
        character: &Character,
        id: RequestId,
        request: &Incoming,
        now: Timestamp,
    ) -> Vec<(RequestId, Incoming)> {
        if character.has(Defect::OneAtATime) && self.heads.iter().any(|(head, _)| *head == id) {
            self.whole.insert(id, request.clone());
            return self.served();
        }
        let mut request = request.clone();
        let came =
            self.heads.iter().position(|(head, _)| *head == id).map(|place| self.heads.remove(place).1);
        let is_slow = came.is_some_and(|came| now.saturating_since(came) > HURRY);
        request.is_broken |= is_slow && character.has(Defect::RefusesSlowBodies);
        vec![(id, request)]
    }

    /// Whoever hung up holds nobody up any longer.
    pub(super) fn leave(&mut self, id: RequestId) -> Vec<(RequestId, Incoming)> {
        self.heads.retain(|(head, _)| *head != id);
        self.whole.remove(&id);
        self.served()
    }

    /// Those in front whose requests are whole.
    fn served(&mut self) -> Vec<(RequestId, Incoming)> {
        let mut served = Vec::new();
        while let Some((id, _)) = self.heads.first().copied()
            && let Some(request) = self.whole.remove(&id)
        {
            self.heads.remove(0);
            served.push((id, request));
        }
        served
    }
}

/// As long as a body takes that comes in one piece, and some patience.
const HURRY: Duration = Duration::from_secs(1);
