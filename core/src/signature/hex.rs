//! Lower-case hexadecimal, the only spelling that every official library accepts.

use alloc::string::String;

use super::mac::Mac;

/// 64 lower-case digits as a MAC.
pub(super) fn mac(text: &[u8]) -> Option<Mac> {
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(Mac(bytes))
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

const fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(letter.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    }
}
