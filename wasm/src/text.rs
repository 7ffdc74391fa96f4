//! Texts of JavaScript as their UTF-16 units. A host may copy them ten times faster than it encodes them, and most of them
//! are ASCII but for a few letters.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::with;

/// Writes a text in UTF-8 where it lies in UTF-16: its length in bytes, or 0 where that is left to the host's encoder, as
/// it is for a text of less than 16 units.
///
/// From `at` on there are three bytes for each of so many units. The last two thirds of them are the units, the lower byte
/// first. Behind them are 32 bytes more. What is behind the text then is wiped, because it may be a secret.
#[wasm_bindgen]
pub fn utf8(at: usize, units: usize) -> i32 {
    with(&|state| {
        let rest = state.buffer.get_mut(at..).unwrap_or_default();
        let room = rest.get_mut(..units.saturating_mul(3).saturating_add(2 * STEP)).unwrap_or_default();
        let length = encoded(room).unwrap_or_default();
        if let Some(behind) = room.get_mut(length..) {
            behind.fill(0);
        }
        Ok(i32::try_from(length).unwrap_or_default())
    })
}

/// Nothing for half a pair of surrogates, for a whole one, and where letters beyond ASCII are more than a few: each takes
/// as long as sixteen of the others.
fn encoded(room: &mut [u8]) -> Option<usize> {
    let end = room.len().checked_sub(2 * STEP)?;
    let start = end / 3;
    let (mut read, mut written, mut letters) = (start, 0_usize, 0_usize);
    while read < end {
        // What is written never reaches what is not yet read: for each unit, a third of the room lies before that.
        let (done, rest) = room.split_at_mut_checked(read)?;
        let others = narrowed(rest.first_chunk()?, done.get_mut(written..)?.first_chunk_mut()?);
        let left = end.wrapping_sub(read) / 2;
        if others == 0 && left >= STEP {
            read = read.wrapping_add(2 * STEP);
            written = written.wrapping_add(STEP);
            continue;
        }
        let plain = left.min(others.trailing_zeros() as usize);
        read = read.wrapping_add(plain).wrapping_add(plain);
        written = written.wrapping_add(plain);
        if plain < left {
            let unit = room.get(read..)?.first_chunk()?;
            let letter = char::from_u32(u16::from_le_bytes(*unit).into())?;
            read = read.wrapping_add(2);
            letters = letters.wrapping_add(1);
            if letters.wrapping_mul(2 * STEP) > read.wrapping_sub(start).wrapping_add(1_024) {
                return None;
            }
            let place = room.get_mut(written..read)?.get_mut(..letter.len_utf8())?;
            written = written.wrapping_add(letter.encode_utf8(place).len());
        }
    }
    Some(written)
}

/// The lower bytes of some units, and a bit for each unit that is not ASCII.
#[cfg(target_feature = "simd128")]
fn narrowed(units: &[u8; 2 * STEP], place: &mut [u8; STEP]) -> u16 {
    use core::arch::wasm32::{
        i8x16_bitmask, i8x16_narrow_i16x8, u8x16_narrow_i16x8, u16x8_gt, u16x8_splat, v128_load, v128_store,
    };

    // SAFETY: there are 32 bytes to read and 16 to write, and neither needs an alignment.
    unsafe {
        let first = v128_load(units.as_ptr().cast());
        let second = v128_load(units.as_ptr().add(STEP).cast());
        v128_store(place.as_mut_ptr().cast(), u8x16_narrow_i16x8(first, second));
        let last = u16x8_splat(0x7f);
        i8x16_bitmask(i8x16_narrow_i16x8(u16x8_gt(first, last), u16x8_gt(second, last)))
    }
}

#[cfg(not(target_feature = "simd128"))]
fn narrowed(units: &[u8; 2 * STEP], place: &mut [u8; STEP]) -> u16 {
    let mut others = 0;
    for (i, (unit, byte)) in units.as_chunks().0.iter().zip(place).enumerate() {
        let unit = u16::from_le_bytes(*unit);
        *byte = unit.to_le_bytes()[0];
        others |= u16::from(unit > 0x7f) << i;
    }
    others
}

/// The units that are looked at together.
const STEP: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    /// Encodes as JavaScript asks for it, whatever was there before and with bytes of others on both sides.
    fn utf8_of(text: &[u16]) -> Option<Vec<u8>> {
        let units: Vec<u8> = text.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let [encoded, again] = [0, b'?'].map(|before| {
            put([b"<<<<<", &*vec![before; text.len()], &units, &[before; 2 * STEP], b">>>>>"].concat());
            let length = usize::try_from(utf8(5, text.len())).expect("it does not fail");
            let taken = take();
            let room = taken.strip_prefix(b"<<<<<").and_then(|taken| taken.strip_suffix(b">>>>>"));
            let (text, behind) = room.expect("others are left alone").split_at(length);
            assert!(behind.iter().all(|byte| *byte == 0), "{units:x?}");
            (length > 0).then(|| text.to_vec())
        });
        assert_eq!(encoded, again);
        encoded
    }

    fn put(buffer: Vec<u8>) {
        let buffer = std::cell::RefCell::new(buffer);
        with(&|state| {
            state.buffer = buffer.take();
            Ok(0)
        });
    }

    fn take() -> Vec<u8> {
        let taken = std::cell::RefCell::new(Vec::new());
        with(&|state| {
            taken.replace(core::mem::take(&mut state.buffer));
            Ok(0)
        });
        taken.into_inner()
    }

    #[test]
    fn every_letter_is_encoded_as_the_standard_library_does_wherever_it_stands() {
        for unit in 0..=u16::MAX {
            let mut units = [b'a'.into(); 40];
            if let Some(place) = units.get_mut(usize::from(unit % 40)) {
                *place = unit;
            }
            assert_eq!(utf8_of(&units), String::from_utf16(&units).ok().map(String::into_bytes), "{unit:x}");
        }
    }

    #[test]
    fn a_text_of_any_length_is_encoded_whole() {
        for length in STEP..100 {
            for text in ["a", "caf\u{e9} \u{20ac}2 "] {
                let text: String = text.chars().cycle().take(length).collect();
                let units: Vec<u16> = text.encode_utf16().collect();
                assert_eq!(utf8_of(&units).as_deref(), Some(text.as_bytes()));
            }
        }
        for length in 0..STEP {
            assert_eq!(utf8_of(&vec![b'a'.into(); length]), None);
        }
    }

    #[test]
    fn many_letters_and_pairs_are_left_to_the_encoder() {
        let is_encoded = |text: &str| utf8_of(&text.encode_utf16().collect::<Vec<u16>>()).is_some();
        assert!(is_encoded(&"aaaaaaaaaaaaaa \u{434}".repeat(1_000)));
        assert!(!is_encoded(&"aaaaaaaaaaaaa \u{434}".repeat(1_000)));
        assert!(!is_encoded(&"\u{6f22}".repeat(1_000)));
        assert!(!is_encoded(&["\u{6f22}".repeat(100), "a".repeat(1_000)].concat()));
        assert!(!is_encoded(&["a".repeat(30), "\u{1f600}".to_owned()].concat()));
    }

    #[test]
    fn a_place_beyond_the_buffer_holds_no_text() {
        for (at, units) in [(1, 16), (0, 17), (81, 0), (usize::MAX, 1), (0, usize::MAX)] {
            put(vec![b'a'; 3 * 16 + 2 * STEP]);
            assert_eq!(utf8(at, units), 0, "{at}, {units}");
            assert!(take().iter().all(|byte| *byte == b'a'));
        }
    }
}
