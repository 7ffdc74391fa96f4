//! Going past what is known to be sound, without judging it again.

/// Leading bytes that a string goes past without a look: neither a quote, a backslash nor a control character.
/// Eight at a time: a byte of the mask is set where the byte of the word is one of them.
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = ONES << 7;
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let is_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
        let quote = is_zero(word ^ (ONES * 0x22));
        let backslash = is_zero(word ^ (ONES * 0x5c));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        // A borrow makes false marks only above a true one, and the lowest is what counts.
        let mask = quote | backslash | control;
        if mask != 0 {
            let within = usize::try_from(mask.trailing_zeros() / 8).unwrap_or_default();
            return place.saturating_mul(8).saturating_add(within);
        }
    }
    let plain = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count();
    bytes.len().saturating_sub(rest.len()).saturating_add(plain)
}

/// The end of the string that begins at `at`, in sound JSON.
pub(super) fn past_string(json: &[u8], at: usize) -> usize {
    let mut at = at.saturating_add(1);
    loop {
        at = at.saturating_add(plain_run(json.get(at..).unwrap_or_default()));
        match json.get(at) {
            Some(b'\\') => at = at.saturating_add(2),
            Some(b'"') => return at.saturating_add(1),
            Some(_) => at = at.saturating_add(1),
            None => return json.len(),
        }
    }
}

/// The end of the value that begins at `at`, in sound JSON.
pub(super) fn past_value(json: &[u8], at: usize) -> usize {
    let mut at = at;
    let mut depth: usize = 0;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => at = past_string(json, at),
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                at = at.saturating_add(1);
                continue;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at = at.saturating_add(1);
            }
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => {
                at = at.saturating_add(1);
                continue;
            }
            _ => at = past_word(json, at),
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The first place from `at` on that is no white space.
pub(super) fn past_space(json: &[u8], at: usize) -> usize {
    let rest = json.get(at..).unwrap_or_default();
    let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
    at.saturating_add(space)
}

/// The end of a number or of one of the three words.
fn past_word(json: &[u8], at: usize) -> usize {
    let rest = json.get(at..).unwrap_or_default();
    let ends = |byte: &&u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t');
    at.saturating_add(rest.iter().take_while(|byte| !ends(byte)).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_run_ends_at_the_first_byte_that_matters_wherever_it_stands() {
        for length in 0..40 {
            for (byte, ends) in [
                (b'"', true),
                (b'\\', true),
                (0, true),
                (0x1f, true),
                (0x20, false),
                (0x7f, false),
                (0x80, false),
                (0xff, false),
            ] {
                let mut text = alloc::vec![b'a'; 40];
                text[length] = byte;
                assert_eq!(plain_run(&text), if ends { length } else { 40 }, "{byte} at {length}");
                assert_eq!(plain_run(&text[..length]), length);
            }
        }
    }
}
