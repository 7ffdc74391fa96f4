//! What happens to a handful of events on their way, move after move.

use alloc::{collections::BTreeSet, vec::Vec};
use core::time::Duration;

/// A list of moves over several events, as `property/any-history` plays it. Printed, it is a script that
/// [`str::parse`] reads back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    pub(super) moves: Vec<Move>,
}

/// One move. Events are numbered from 1 in the order in which they were created, which need not be that of
/// their deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// A delivery, with the bytes of the event's first one or with a new signature.
    Deliver { event: u16, anew: bool },
    /// Deliveries at the same moment, of one event or of several.
    Together(Vec<u16>),
    /// A delivery whose connection is closed this long after it was written, before any answer is read.
    Cut { event: u16, after: Duration },
    /// From now on the downstream fails so many calls about the event.
    Fails { event: u16, times: u32 },
    /// From now on the downstream takes so long for each call about the event.
    Takes { event: u16, delay: Duration },
}

/// How large a history is; the first difference decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Size {
    /// Deliveries and commands, with the redelivery that each event gets which no move lets be answered.
    steps: usize,
    events: usize,
    /// How far the moves are from plain deliveries.
    oddity: u64,
    /// How far the deliveries are from the order of creation.
    disorder: usize,
}

impl History {
    /// Whether it is only for a downstream that obeys.
    pub(crate) fn commands_downstream(&self) -> bool {
        self.moves.iter().any(|step| matches!(step, Move::Fails { .. } | Move::Takes { .. }))
    }

    /// The numbers of its events, in their order.
    pub(super) fn events(&self) -> BTreeSet<u16> {
        self.moves.iter().flat_map(Move::events).copied().collect()
    }

    pub(super) fn size(&self) -> Size {
        let firsts = self.firsts();
        let later =
            |(place, event): (usize, &u16)| firsts.iter().skip(place).filter(|other| *other < event).count();
        Size {
            steps: self.moves.iter().map(|step| step.events().len()).sum::<usize>() + self.unanswered().len(),
            events: firsts.len(),
            oddity: self.moves.iter().map(Move::oddity).fold(0, u64::saturating_add),
            disorder: firsts.iter().enumerate().map(later).sum(),
        }
    }

    /// The events that every move cuts off.
    pub(super) fn unanswered(&self) -> BTreeSet<u16> {
        let is_cut = |step: &&Move| matches!(step, Move::Cut { .. });
        let cut: BTreeSet<u16> = self.moves.iter().filter(is_cut).flat_map(Move::events).copied().collect();
        let answered = self.moves.iter().filter(|step| step.delivers() && !is_cut(step));
        let answered: BTreeSet<u16> = answered.flat_map(Move::events).copied().collect();
        cut.difference(&answered).copied().collect()
    }

    /// The same history over events that are numbered without gaps.
    pub(super) fn compact(mut self) -> Self {
        let events: Vec<u16> = self.events().into_iter().collect();
        self.renumber(&events);
        self
    }

    /// The same moves, as if the events had been created in the order in which they come.
    pub(super) fn in_order(mut self) -> Self {
        let firsts = self.firsts();
        self.renumber(&firsts);
        self
    }

    /// The event at each place gets the number of that place.
    fn renumber(&mut self, events: &[u16]) {
        for event in self.moves.iter_mut().flat_map(Move::events_mut) {
            if let Some(number) = (1..).zip(events).find(|(_, old)| *old == event).map(|(number, _)| number) {
                *event = number;
            }
        }
    }

    /// Each event once, as they come.
    fn firsts(&self) -> Vec<u16> {
        let mut firsts = Vec::new();
        for event in self.moves.iter().flat_map(Move::events) {
            if !firsts.contains(event) {
                firsts.push(*event);
            }
        }
        firsts
    }
}

impl Move {
    pub(super) fn events(&self) -> &[u16] {
        match self {
            Self::Together(events) => events,
            Self::Deliver { event, .. }
            | Self::Cut { event, .. }
            | Self::Fails { event, .. }
            | Self::Takes { event, .. } => core::slice::from_ref(event),
        }
    }

    pub(super) fn events_mut(&mut self) -> &mut [u16] {
        match self {
            Self::Together(events) => events,
            Self::Deliver { event, .. }
            | Self::Cut { event, .. }
            | Self::Fails { event, .. }
            | Self::Takes { event, .. } => core::slice::from_mut(event),
        }
    }

    pub(super) fn delivers(&self) -> bool {
        matches!(self, Self::Deliver { .. } | Self::Together(_) | Self::Cut { .. })
    }

    /// A plain delivery has none; what a person must read more about has more.
    fn oddity(&self) -> u64 {
        let millis = |span: &Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        match self {
            Self::Deliver { anew, .. } => u64::from(*anew),
            Self::Together(events) => u64::try_from(events.len()).unwrap_or(u64::MAX).saturating_add(1),
            Self::Cut { after, .. } => millis(after).saturating_add(2),
            Self::Fails { times, .. } => u64::from(*times),
            Self::Takes { delay, .. } => millis(delay),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(script: &str) -> Size {
        script.parse::<History>().expect(script).size()
    }

    #[test]
    fn what_a_person_must_read_more_about_is_odder() {
        for (step, oddity) in [
            ("deliver 1", 0),
            ("deliver 1 signed anew", 1),
            ("together 1 1", 3),
            ("together 1 1 1", 4),
            ("cut 1 at once", 2),
            ("cut 1 after 40ms", 42),
            ("downstream of 1 fails 2 times\ndeliver 1", 2),
            ("downstream of 1 takes 100ms\ndeliver 1", 100),
        ] {
            assert_eq!(size(step).oddity, oddity, "{step}");
        }
    }

    #[test]
    fn disorder_is_how_many_pairs_of_events_come_the_wrong_way_round() {
        for (script, disorder) in [
            ("deliver 1\ndeliver 2\ndeliver 1", 0),
            ("deliver 2\ndeliver 1", 1),
            ("deliver 2\ndeliver 3\ndeliver 1", 2),
            ("deliver 3\ndeliver 2\ndeliver 1", 3),
        ] {
            assert_eq!(size(script).disorder, disorder, "{script}");
        }
    }
}
