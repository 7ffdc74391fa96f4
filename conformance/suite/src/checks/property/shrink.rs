//! From a history to smaller ones.

use alloc::{vec, vec::Vec};
use core::time::Duration;

use super::history::{History, Move};

/// Every history that is one cut smaller, the boldest cuts first: half of the moves gone, an event, a move; then
/// plainer moves in place of odd ones, and the events in the order of their creation.
pub(super) fn shrink(history: &History) -> Vec<History> {
    let moves = &history.moves;
    let half = moves.len() / 2;
    let halves = [moves.get(..half), moves.get(half..)].into_iter().flatten().map(<[Move]>::to_vec);
    let fewer_events = history.events().into_iter().map(|event| without_event(moves, event));
    let fewer_moves = (0..moves.len()).map(|place| replaced(moves, place, &[]));
    let plainer = moves
        .iter()
        .enumerate()
        .flat_map(|(place, step)| plainer(step).into_iter().map(move |plain| replaced(moves, place, &plain)));
    let spelled_out = history.unanswered().into_iter().map(|event| answered(moves, event));
    let mut found: Vec<History> = Vec::new();
    let smaller = halves.chain(fewer_events).chain(fewer_moves).chain(plainer).chain(spelled_out);
    let smaller = smaller.map(|moves| History { moves }.compact());
    for candidate in smaller.chain([history.clone().in_order()]) {
        let delivers = candidate.moves.iter().any(Move::delivers);
        if delivers && candidate.size() < history.size() && !found.contains(&candidate) {
            found.push(candidate);
        }
    }
    found
}

fn without_event(moves: &[Move], event: u16) -> Vec<Move> {
    let left = moves.iter().filter_map(|step| match step {
        Move::Together(events) => {
            let others = events.iter().copied().filter(|other| *other != event).collect();
            together(others)
        }
        other => (!other.events().contains(&event)).then(|| other.clone()),
    });
    left.collect()
}

fn replaced(moves: &[Move], place: usize, by: &[Move]) -> Vec<Move> {
    let (before, behind) = moves.split_at(place.min(moves.len()));
    before.iter().chain(by).chain(behind.iter().skip(1)).cloned().collect()
}

/// Plain deliveries in place of cuts, and the redelivery that these bring about as a move.
fn answered(moves: &[Move], event: u16) -> Vec<Move> {
    let plain = Move::Deliver { event, anew: false };
    let is_cut = |step: &Move| matches!(step, Move::Cut { event: cut, .. } if *cut == event);
    let moves = moves.iter().map(|step| if is_cut(step) { plain.clone() } else { step.clone() });
    moves.chain([plain.clone()]).collect()
}

/// What may stand in place of a move and asks less of a reader.
fn plainer(step: &Move) -> Vec<Vec<Move>> {
    let plain = |event: u16| Move::Deliver { event, anew: false };
    match step {
        Move::Deliver { anew: false, .. } | Move::Takes { .. } | Move::Fails { times: ..=1, .. } => {
            Vec::new()
        }
        Move::Deliver { event, anew: true } => vec![vec![plain(*event)]],
        Move::Cut { event, .. } => {
            vec![vec![plain(*event)], vec![Move::Cut { event: *event, after: Duration::ZERO }]]
        }
        Move::Fails { event, times } => {
            let fewer = |times| vec![Move::Fails { event: *event, times }];
            vec![fewer(1), fewer(times - 1)]
        }
        Move::Together(events) => {
            let one_less = (0..events.len()).filter_map(|place| {
                let mut events = events.clone();
                events.remove(place);
                together(events)
            });
            let each = events.iter().map(|event| plain(*event)).collect();
            one_less.map(|step| vec![step]).chain([each]).collect()
        }
    }
}

/// Several at once, or the only one alone.
fn together(events: Vec<u16>) -> Option<Move> {
    match *events.as_slice() {
        [] => None,
        [event] => Some(Move::Deliver { event, anew: false }),
        _ => Some(Move::Together(events)),
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::{super::generate::generate, *};

    #[test]
    fn an_event_is_left_out_of_those_that_come_at_once() {
        let history: History = "together 1 1 2\ndeliver 1\ntogether 3 2".parse().expect("it is a script");
        for (event, left) in [
            (1, "deliver 2\ntogether 3 2"),
            (2, "together 1 1\ndeliver 1\ndeliver 3"),
            (3, "together 1 1 2\ndeliver 1\ndeliver 2"),
            (4, "together 1 1 2\ndeliver 1\ntogether 3 2"),
        ] {
            let left: History = left.parse().expect("it is a script");
            assert_eq!(without_event(&history.moves, event), left.moves, "without {event}");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_history_shrinks_to_is_smaller_and_can_be_played(seed: u64, case in 0..1_000_u64) {
            let history = generate(seed, case, true);
            let smaller = shrink(&history);
            for (place, candidate) in smaller.iter().enumerate() {
                prop_assert!(candidate.size() < history.size(), "{history}\nto\n{candidate}");
                prop_assert!(candidate.moves.iter().any(Move::delivers));
                let read = candidate.to_string().parse::<History>();
                prop_assert_eq!(read.as_ref(), Ok(candidate));
                let events: Vec<u16> = candidate.events().into_iter().collect();
                prop_assert_eq!(events.clone(), (1..).take(events.len()).collect::<Vec<u16>>());
                prop_assert!(!smaller[..place].contains(candidate), "{} twice", candidate);
            }
        }

        #[test]
        fn a_history_of_which_only_the_number_of_deliveries_matters_shrinks_to_plain_ones(
            seed: u64,
            case in 0..1_000_u64,
        ) {
            let deliveries = |history: &History| -> usize {
                let delivering = history.moves.iter().filter(|step| step.delivers());
                delivering.map(|step| step.events().len()).sum()
            };
            let mut history = generate(seed, case, true);
            let wanted = deliveries(&history).min(3);
            let smaller = |history: &History| {
                shrink(history).into_iter().find(|candidate| deliveries(candidate) >= wanted)
            };
            while let Some(smaller) = smaller(&history) {
                history = smaller;
            }
            let plain = Move::Deliver { event: 1, anew: false };
            let is_plain = |step: &Move| matches!(step, Move::Deliver { anew: false, .. });
            prop_assert!(history.moves.iter().all(is_plain), "{history}");
            prop_assert_eq!(history.moves.len(), wanted);
            prop_assert_eq!(&history.moves[0], &plain);
        }
    }

    #[test]
    fn the_smallest_history_has_nothing_smaller() {
        let smallest: History = "deliver 1".parse().unwrap();
        assert_eq!(shrink(&smallest), []);
    }

    #[test]
    fn each_move_has_its_plainer_forms() {
        for (script, smaller) in [
            ("deliver 1 signed anew", &["deliver 1"][..]),
            ("cut 1 at once", &["deliver 1", "deliver 1\ndeliver 1"]),
            ("cut 1 after 40ms", &["deliver 1", "cut 1 at once", "deliver 1\ndeliver 1"]),
            ("together 1 1", &["deliver 1", "deliver 1\ndeliver 1"]),
            ("together 1 1 1", &["together 1 1", "deliver 1\ndeliver 1\ndeliver 1"]),
            ("together 2 1", &["deliver 1", "deliver 2\ndeliver 1", "together 1 2"]),
            ("downstream of 1 takes 80ms\ndeliver 1", &["deliver 1"]),
            (
                "downstream of 1 fails 3 times\ndeliver 1",
                &[
                    "deliver 1",
                    "downstream of 1 fails once\ndeliver 1",
                    "downstream of 1 fails 2 times\ndeliver 1",
                ],
            ),
            ("deliver 2\ndeliver 1", &["deliver 1", "deliver 1\ndeliver 2"]),
        ] {
            let history: History = script.parse().unwrap();
            let found: Vec<_> = shrink(&history).iter().map(ToString::to_string).collect();
            assert_eq!(found, smaller, "{script}");
        }
    }
}
