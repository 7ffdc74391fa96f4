//! How much evidence a report takes. It is for reading: beyond that, counts say enough.

/// What of the deliveries a report still has room for.
#[derive(Debug)]
pub(super) struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(MOST)
    }
}

impl Room {
    /// Takes as many deliveries of one check as there is room for, and says how many. Those that send thousands must
    /// not leave the others without evidence.
    pub(super) fn take(&mut self, deliveries: usize) -> usize {
        let taken = deliveries.min(MOST_OF_A_CHECK).min(self.0);
        self.0 -= taken;
        taken
    }
}

const MOST: usize = 2_000;
const MOST_OF_A_CHECK: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_check_leaves_room_for_the_others() {
        let mut room = Room::default();
        assert_eq!([3, 2_000, 0].map(|deliveries| room.take(deliveries)), [3, MOST_OF_A_CHECK, 0]);
        let taken: usize = (0..20).map(|_| room.take(2_000)).sum();
        assert_eq!((taken, room.take(1)), (MOST - MOST_OF_A_CHECK - 3, 0));
    }
}
