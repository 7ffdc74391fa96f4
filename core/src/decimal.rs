//! Whole numbers in decimal digits, written and read without `core::fmt`, which a browser would have to load.

use alloc::string::String;

/// Writes a number behind a text.
pub(crate) fn push(text: &mut String, number: u64) {
    if number > 9 {
        push(text, number / 10);
    }
    let digit = u8::try_from(number % 10).unwrap_or_default();
    text.push(char::from(b'0' | digit));
}

/// A text in ASCII, with a number in place of each `#`.
pub(crate) fn with_numbers(form: &str, numbers: [u64; 2]) -> String {
    let mut text = String::new();
    let mut numbers = numbers.into_iter();
    for letter in form.bytes() {
        match letter {
            b'#' => push(&mut text, numbers.next().unwrap_or_default()),
            letter => text.push(char::from(letter)),
        }
    }
    text
}

/// A number of nothing but digits, of which there is one, and small enough for 64 bits.
pub(crate) fn number(digits: &[u8]) -> Option<u64> {
    let (first, rest) = digits.split_first()?;
    // Where 64 bits are the most that a machine multiplies, a checked product would be made in software.
    const TENTH: u64 = u64::MAX / 10;
    rest.iter().try_fold(digit(*first)?, |number, byte| match number {
        0..=TENTH => number.wrapping_mul(10).checked_add(digit(*byte)?),
        _ => None,
    })
}

/// What a digit means.
pub(crate) fn digit(byte: u8) -> Option<u64> {
    byte.is_ascii_digit().then_some(u64::from(byte & 15))
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn numbers_are_written_and_read_as_the_standard_library_does() {
        for value in [0, 9, 10, 300, 1_704_067_200, u64::MAX] {
            let mut text = String::new();
            push(&mut text, value);
            assert_eq!(text, value.to_string());
            assert_eq!(number(text.as_bytes()), Some(value));
        }
        for text in ["", "-1", "+1", "1.", "1a", " 1", "18446744073709551616", "99999999999999999999"] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
    }
}
