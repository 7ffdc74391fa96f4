//! What somebody may have meant who wrote a name that does not exist.

use alloc::vec::Vec;

use crate::CATALOGUE;

/// The id of the check that is spelled most like `name`, if any is spelled nearly so.
pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    let distances = CATALOGUE.iter().map(|check| (distance(name, check.id), check.id));
    let (edits, id) = distances.min_by_key(|(edits, _)| *edits)?;
    (edits <= id.len() / MOST_OF).then_some(id)
}

/// How many letters must be put in, left out or changed to make one word of the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, against) in row.iter_mut().skip(1).zip(other.chars()) {
            let changed = diagonal + usize::from(letter != against);
            diagonal = *cell;
            left = changed.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// A third of the letters may be wrong.
const MOST_OF: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_the_check_and_another_word_none() {
        assert_eq!(nearest("duplicate/sequental"), Some("duplicate/sequential"));
        assert_eq!(nearest("duplicates/sequential"), Some("duplicate/sequential"));
        assert_eq!(nearest("everything"), None);
        assert_eq!(nearest(""), None);
    }

    #[test]
    fn the_distance_is_that_of_levenshtein() {
        for (one, other, edits) in [("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 2), ("æ", "æ", 0)]
        {
            assert_eq!((distance(one, other), distance(other, one)), (edits, edits), "{one} {other}");
        }
    }
}
