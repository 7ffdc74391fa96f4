//! Strict standard base64: padded, no white space, no bits left over. One text for one value, so that no MAC has
//! two spellings.

use alloc::{string::String, vec::Vec};

use super::mac::Mac;

/// The bytes of a text, or nothing if it is not strictly base64.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    // With more padding than that, a `=` is left among the digits.
    let digits = text.strip_suffix(b"=").unwrap_or(text);
    let digits = digits.strip_suffix(b"=").unwrap_or(digits);
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0_u32, 0_u32);
    for digit in digits {
        bits = bits << 6 | u32::from(value(*digit)?);
        count = count.wrapping_add(6);
        if count >= 8 {
            count = count.wrapping_sub(8);
            let [.., byte] = (bits >> count).to_be_bytes();
            bytes.push(byte);
            bits &= !(u32::MAX << count);
        }
    }
    (bits == 0).then_some(bytes)
}

/// The text of some bytes.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for place in 0..4_usize {
            let digit = bits >> 18_usize.saturating_sub(place.saturating_mul(6)) & 63;
            text.push(if place > chunk.len() { '=' } else { letter(digit) });
        }
    }
    text
}

/// A text of 44 characters as a MAC.
pub(super) fn mac(text: &[u8]) -> Option<Mac> {
    if text.len() != 44 {
        return None;
    }
    decode(text)?.try_into().ok().map(Mac)
}

fn letter(digit: u32) -> char {
    usize::try_from(digit).ok().and_then(|at| ALPHABET.get(at)).copied().map_or('=', char::from)
}

const fn value(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter.wrapping_sub(b'A')),
        b'a'..=b'z' => Some(letter.wrapping_sub(b'a').wrapping_add(26)),
        b'0'..=b'9' => Some(letter.wrapping_sub(b'0').wrapping_add(52)),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_one_text() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"\xff\xfe\xfd\xfc", "//79/A=="),
        ] {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(bytes), "{text}");
        }
        for text in
            ["Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Z===", "====", "Zm 9", "Zm9v\n", "Zm9-", "Zm9_"]
        {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }
}
