//! The part of event ids that differs from run to run.

use std::hash::{BuildHasher, RandomState};

/// Eight lower-case letters and digits from the system's randomness: 41 bits, so that two runs against one
/// merchant share no event.
pub fn nonce() -> String {
    // The keys of std's hash maps are the one source of randomness that needs no dependency.
    let mut random = RandomState::new().hash_one(std::process::id());
    (0..LENGTH)
        .map(|_| {
            let letter = usize::try_from(random % 36).map_or('0', |at| char::from(LETTERS[at]));
            random /= 36;
            letter
        })
        .collect()
}

const LENGTH: usize = 8;

const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn nonces_differ_and_are_eight_letters_and_digits() {
        let nonces: HashSet<_> = (0..1000).map(|_| nonce()).collect();
        assert_eq!(nonces.len(), 1000);
        for nonce in nonces {
            assert!(nonce.len() == 8 && nonce.bytes().all(|byte| LETTERS.contains(&byte)), "{nonce}");
        }
    }
}
