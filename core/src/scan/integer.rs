//! Integers that a double does not hold, and with it no JavaScript number.

use core::ops::Range;

use super::Scanner;

/// The places of the integers beyond ±(2^53 - 1) in a sound body, first to last. JavaScript's numbers do not tell them
/// from their neighbours, so an amount or an id would change in silence. Numbers with a fraction or an exponent
/// are no integers here: they are doubles by their spelling.
#[derive(Clone, Debug)]
pub struct WideIntegers<'a> {
    scanner: Scanner<'a>,
}

impl<'a> WideIntegers<'a> {
    /// In a body that is known to be sound.
    pub(crate) const fn within(json: &'a [u8]) -> Self {
        Self { scanner: Scanner::new(json) }
    }
}

impl Iterator for WideIntegers<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.scanner.peek()? {
                b'"' => self.scanner.string().ok()?,
                b'-' | b'0'..=b'9' => {
                    let start = self.scanner.at;
                    self.scanner.number().ok()?;
                    let range = start..self.scanner.at;
                    if self.scanner.json.get(range.clone()).is_some_and(is_wide) {
                        return Some(range);
                    }
                }
                _ => self.scanner.skip(1),
            }
        }
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
    use alloc::{string::ToString, vec::Vec};

    use super::{
        super::pointer::{NOTHING, PLACES, Walk},
        *,
    };

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
            let found: Vec<&str> = WideIntegers::within(json.as_bytes()).map(|range| &json[range]).collect();
            assert_eq!(found, if is_wide { Vec::from([number]) } else { Vec::new() }, "{number}");
            let event = Walk::through(json.as_bytes(), [NOTHING; PLACES], "").expect("sound");
            assert!(!is_wide || event.has_long_number, "{number} is long");
        }
    }

    #[test]
    fn every_wide_integer_is_found_in_order() {
        let json = "[9007199254740992,1,{\"a\":-9007199254740993},9007199254740994 ]";
        let found: Vec<_> =
            WideIntegers::within(json.as_bytes()).map(|range| json[range].to_string()).collect();
        assert_eq!(found, ["9007199254740992", "-9007199254740993", "9007199254740994"]);
    }
}
