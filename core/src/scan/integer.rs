//! Integers that a double does not hold, and with it no JavaScript number.

use alloc::vec::Vec;
use core::ops::Range;

/// Keeps the place of a number that was gone past, if it is an integer beyond ±(2^53 - 1). JavaScript's numbers do not
/// tell those from their neighbours, so an amount or an id would change in silence. Numbers with a fraction or
/// an exponent are no integers here: they are doubles by their spelling.
#[cold]
pub(super) fn keep_if_wide(json: &[u8], number: Range<usize>, wide: &mut Vec<Range<usize>>) {
    if json.get(number.clone()).is_some_and(is_wide) {
        wide.push(number);
    }
}

fn is_wide(number: &[u8]) -> bool {
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    let is_integer = digits.iter().all(u8::is_ascii_digit);
    // Of as many digits, the greater number is the greater text.
    is_integer
        && (digits.len() > LARGEST_SAFE.len()
            || (digits.len() == LARGEST_SAFE.len() && digits > LARGEST_SAFE))
}

/// JavaScript's `Number.MAX_SAFE_INTEGER`: 2^53 - 1.
const LARGEST_SAFE: &[u8] = b"9007199254740991";

/// No shorter number is wide.
pub(super) const LONG: usize = LARGEST_SAFE.len();

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::super::pointer::{NOTHING, PLACES, Walk};

    fn wide(json: &str) -> Vec<&str> {
        let walk = Walk::through(json.as_bytes(), [NOTHING; PLACES], "").expect("sound");
        walk.wide_integers.into_iter().map(|range| &json[range]).collect()
    }

    #[test]
    fn only_integers_beyond_the_largest_safe_one_are_wide() {
        for (number, is_wide) in [
            ("0", false),
            ("9007199254740991", false),
            ("-9007199254740991", false),
            ("9007199254740992", true),
            ("-9007199254740992", true),
            ("9007199254740993", true),
            ("10000000000000000", true),
            ("9007199254740993.0", false),
            ("9007199254740993e0", false),
            ("0.12345678901234567", false),
            ("123456789012345678901234567890", true),
        ] {
            let json = alloc::format!("{{\"9007199254740993\":[{number},\"9007199254740993\"]}}");
            assert_eq!(wide(&json), if is_wide { Vec::from([number]) } else { Vec::new() }, "{number}");
        }
    }

    #[test]
    fn every_wide_integer_is_found_in_order() {
        let json = "[9007199254740992,1,{\"a\":-9007199254740993},9007199254740994 ]";
        assert_eq!(wide(json), ["9007199254740992", "-9007199254740993", "9007199254740994"]);
    }
}
