//! Lower-case hexadecimal, the only spelling that every official library accepts.

use alloc::string::String;

use super::mac::Mac;

/// 64 lower-case digits as a MAC.
pub(super) fn mac(text: &[u8]) -> Option<Mac> {
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (bytes, digits) in bytes.as_chunks_mut().0.iter_mut().zip(text.as_chunks().0) {
        *bytes = decoded(*digits)?;
    }
    Some(Mac(bytes))
}

/// Eight digits at once, each in a byte of a word, the first one in the lowest.
fn decoded(digits: [u8; 8]) -> Option<[u8; 4]> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let digits = u64::from_le_bytes(digits);
    // Of a letter, whose bit 6 is set, the lower half is 9 less than what it stands for. No byte of a sum is beyond 255.
    let halves = (digits & (ONES * 15)).wrapping_add((digits >> 6 & ONES).wrapping_mul(9));
    let letters = halves.wrapping_add(ONES * 6) >> 4 & ONES;
    let again = halves.wrapping_add(ONES * 0x30).wrapping_add(letters.wrapping_mul(0x27));
    if again != digits || halves & (ONES * 0xf0) != 0 {
        return None;
    }
    // Both halves of a byte come together where its first one was.
    let [first, _, second, _, third, _, fourth, _] = (halves << 4 | halves >> 8).to_le_bytes();
    Some([first, second, third, fourth])
}

/// Some bytes, two lower-case digits each.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from(if half < 10 { b'0' | half } else { half.wrapping_add(b'a' - 10) }));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_digits_are_four_bytes_and_anything_else_is_nothing() {
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                for place in [0, 3, 6] {
                    let mut digits = *b"0123cdef";
                    if let [one, other] = &mut digits[place..place + 2] {
                        (*one, *other) = (first, second);
                    }
                    let text = str::from_utf8(&digits).unwrap_or("no text");
                    let is_lower = digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
                    let right = u32::from_str_radix(text, 16).ok().filter(|_| is_lower);
                    assert_eq!(decoded(digits), right.map(u32::to_be_bytes), "{digits:x?}");
                }
            }
        }
    }
}
