//! A part of a fleet that one runner takes.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The `index`th of `count` parts. By their places in the list, targets go round: the parts differ by one target at the
/// most, each target is in one of them, and the same list gives the same parts everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// From 1 to `count`.
    pub index: usize,
    /// How many parts there are.
    pub count: usize,
}

impl Shard {
    /// Whether the target at this place of the list, counted from 0, is in this part.
    pub const fn takes(self, place: usize) -> bool {
        place % self.count == self.index - 1
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let (index, count) = text.split_once('/').ok_or(ShardError)?;
        let number = |text: &str| {
            let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<usize>().ok().filter(|number| is_plain && (1..=MOST).contains(number))
        };
        match (number(index), number(count)) {
            (Some(index), Some(count)) if index <= count => Ok(Self { index, count }),
            _ => Err(ShardError),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// A text is no shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardError;

impl fmt::Display for ShardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a shard is i/n, such as 2/5: the second of five, with n up to {MOST}")
    }
}

impl core::error::Error for ShardError {}

/// More than anybody has runners.
const MOST: usize = 10_000;

#[cfg(test)]
mod tests {
    use alloc::{string::ToString, vec::Vec};

    use super::*;

    #[test]
    fn a_shard_is_two_numbers_of_which_the_first_is_not_the_larger() {
        assert_eq!("2/5".parse(), Ok(Shard { index: 2, count: 5 }));
        for text in [
            "",
            "1",
            "/",
            "0/5",
            "6/5",
            "1/0",
            "+1/5",
            "1/ 5",
            "-1/5",
            "1/2/3",
            "1/10001",
            "1/99999999999999999999",
        ] {
            assert_eq!(text.parse::<Shard>(), Err(ShardError), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_target_is_in_one_shard_and_shards_differ_by_one_at_the_most(targets in 0_usize..500, count in 1_usize..40) {
            let shards: Vec<Shard> = (1..=count).map(|index| Shard { index, count }).collect();
            for place in 0..targets {
                proptest::prop_assert_eq!(shards.iter().filter(|shard| shard.takes(place)).count(), 1);
            }
            let sizes: Vec<usize> =
                shards.iter().map(|shard| (0..targets).filter(|place| shard.takes(*place)).count()).collect();
            let (smallest, largest) = (sizes.iter().min(), sizes.iter().max());
            proptest::prop_assert!(largest.zip(smallest).is_some_and(|(largest, smallest)| largest - smallest <= 1));
            for shard in shards {
                proptest::prop_assert_eq!(shard.to_string().parse(), Ok(shard));
            }
        }
    }
}
