//! The schedule: which event the n-th delivery carries, and when it is due. Pure.

/// What one delivery carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The number of the event, from 0.
    pub event: u64,
    /// Whether it was sent before.
    pub again: bool,
}

impl Turn {
    /// The delivery at this place of the schedule, where this share of all is sent again: those are spread evenly, and
    /// which of the earlier events each one is, the seed decides.
    pub fn at(place: u64, share: f64, seed: u64) -> Self {
        let (before, by_now) = (repeats(place, share), repeats(place.saturating_add(1), share));
        let fresh = place - before;
        if by_now == before || fresh == 0 {
            return Self { event: fresh, again: false };
        }
        Self { event: mixed(seed ^ place) % fresh, again: true }
    }
}

/// When a place of the schedule is due at this rate, in seconds from the beginning.
#[expect(clippy::cast_precision_loss, reason = "2^53 deliveries are more than anybody sends")]
pub(super) fn seconds(place: u64, rate: f64) -> f64 {
    place as f64 / rate
}

/// How many of the first `places` deliveries are repetitions. The very first cannot be one.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share below 1 of fewer than 2^53"
)]
fn repeats(places: u64, share: f64) -> u64 {
    ((places.saturating_sub(1)) as f64 * share) as u64
}

/// `splitmix64`: every bit of the result depends on every bit of the input.
fn mixed(input: u64) -> u64 {
    let mut bits = input.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_event_is_new_once_and_only_then_repeated(share in 0.0..0.99_f64, seed: u64) {
            let mut sent = BTreeSet::new();
            let mut again = 0_u32;
            for place in 0..1_000 {
                let turn = Turn::at(place, share, seed);
                prop_assert_eq!(turn.again, !sent.insert(turn.event), "{:?} at {}", turn, place);
                again += u32::from(turn.again);
            }
            prop_assert!((f64::from(again) - 1_000.0 * share).abs() <= 2.0, "{} of 1,000 for {}", again, share);
            prop_assert_eq!(sent.last().copied(), Some(999 - u64::from(again)), "no number is left out");
        }
    }

    #[test]
    fn without_duplicates_each_place_has_its_own_event() {
        for place in [0, 1, 7, 1 << 40] {
            assert_eq!(Turn::at(place, 0.0, 1), Turn { event: place, again: false });
        }
    }

    #[test]
    fn the_schedule_stands_before_anything_is_sent() {
        assert_eq!([0, 1, 250].map(|place| seconds(place, 50.0)), [0.0, 0.02, 5.0]);
    }
}
