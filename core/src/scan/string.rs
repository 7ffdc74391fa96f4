//! JSON strings: going past one, and the text that it means.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::num::NonZeroU64;

use super::{Judged, ScanErrorKind, Scanner};

impl Scanner<'_> {
    /// Goes past a string, both quotes included.
    pub(crate) fn string(&mut self) -> Judged {
        self.apart(Self::string_inlined)
    }

    /// The same for the hot loop: strings are the larger part of most bodies.
    #[inline(always)]
    pub(super) fn string_inlined(&mut self) -> Judged {
        self.take(b'"')?;
        loop {
            if let Some(word) = self.json.get(self.at..).and_then(<[u8]>::first_chunk) {
                let Some(plain) = first_special(u64::from_le_bytes(*word)) else {
                    self.skip(8);
                    continue;
                };
                self.skip(plain);
            }
            match self.peek() {
                Some(b'"') => {
                    self.skip(1);
                    return Ok(());
                }
                Some(b'\\') => {
                    self.apart(Self::escape)?;
                }
                // What most letters beyond ASCII are: the call is for the others.
                Some(0xc2..0xe0) if self.is_continued() => self.skip(2),
                Some(0x80..) => self.apart(Self::characters)?,
                Some(b' '..) => self.skip(1),
                Some(_) => return Err(ScanErrorKind::ControlCharacter),
                None => return Err(ScanErrorKind::UnexpectedEnd),
            }
        }
    }

    /// Whether the next byte goes on with the character that begins here.
    #[inline(always)]
    fn is_continued(&self) -> bool {
        matches!(self.json.get(self.at.wrapping_add(1)), Some(0x80..0xc0))
    }

    /// Goes past the characters beyond ASCII that stand here.
    fn characters(&mut self) -> Judged {
        let rest = self.json.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(u8::is_ascii).unwrap_or(rest.len());
        match core::str::from_utf8(rest.get(..length).unwrap_or_default()) {
            Ok(_) => {
                self.skip(length);
                Ok(())
            }
            Err(error) => {
                self.skip(error.valid_up_to());
                Err(ScanErrorKind::NotUtf8)
            }
        }
    }

    /// Goes past an escape; the character that it means.
    fn escape(&mut self) -> Judged<char> {
        let start = self.at;
        self.take(b'\\')?;
        let Some(kind) = self.peek() else { return Err(ScanErrorKind::UnexpectedEnd) };
        let letter = match kind {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(start),
            _ => return Err(ScanErrorKind::BadEscape),
        };
        self.skip(1);
        Ok(letter)
    }

    /// Goes past `uXXXX`, and past the second half where the first is a surrogate.
    fn unicode(&mut self, start: usize) -> Judged<char> {
        let first = self.code_unit()?;
        let code = match first {
            0xd800..0xdc00 if self.peek() == Some(b'\\') => {
                self.skip(1);
                match self.peek() {
                    Some(b'u') => self.code_unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400),
                    _ => None,
                }
                .map(|low| ((first & 0x3ff) << 10 | low).wrapping_add(0x1_0000))
            }
            _ => Some(first),
        };
        // Half a character is no `char`. It is told where it begins.
        code.and_then(char::from_u32).ok_or(ScanErrorKind::LoneSurrogate).inspect_err(|_| self.at = start)
    }

    fn code_unit(&mut self) -> Judged<u32> {
        self.take(b'u')?;
        let mut unit = 0_u32;
        for _ in 0..4 {
            let Some(byte) = self.peek() else { return Err(ScanErrorKind::UnexpectedEnd) };
            let Some(digit) = char::from(byte).to_digit(16) else {
                return Err(ScanErrorKind::BadEscape);
            };
            unit = unit << 4 | digit;
            self.skip(1);
        }
        Ok(unit)
    }
}

/// The text of a sound JSON string, given with its quotes; nothing where it is something else.
pub(crate) fn decoded(json: &[u8]) -> Option<Cow<'_, str>> {
    match unescaped(json)? {
        Cow::Borrowed(text) => core::str::from_utf8(text).ok().map(Cow::Borrowed),
        Cow::Owned(text) => String::from_utf8(text).ok().map(Cow::Owned),
    }
}

/// The bytes of that text.
pub(crate) fn unescaped(json: &[u8]) -> Option<Cow<'_, [u8]>> {
    let inner = json.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if !inner.contains(&b'\\') {
        return Some(Cow::Borrowed(inner));
    }
    let mut plain = Vec::with_capacity(inner.len());
    let mut scanner = Scanner::new(inner);
    while let Some(byte) = scanner.peek() {
        if byte == b'\\' {
            let meant = scanner.escape().ok()?;
            plain.extend_from_slice(meant.encode_utf8(&mut [0; 4]).as_bytes());
        } else {
            plain.push(byte);
            scanner.skip(1);
        }
    }
    Some(Cow::Owned(plain))
}

/// Which of a word's eight bytes, counted from the lowest, is the first that a string must be looked at for: a quote, a
/// backslash, a control character or a part of a character beyond ASCII.
#[inline(always)]
fn first_special(word: u64) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // The high bit of a byte is set where it is one of them. A borrow sets others too, but only above such a byte.
    let quote = (word ^ (ONES * 0x22)).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
    let control = word.wrapping_sub(ONES * 0x20);
    let marks = (quote | backslash | control | word) & (ONES << 7);
    let first = NonZeroU64::new(marks)?.trailing_zeros() / 8;
    usize::try_from(first).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found_wherever_it_stands_and_whatever_stands_behind_it() {
        for place in 0..8 {
            for byte in 0..=0xff {
                for behind in [b'a', b'"', 0, 0x1f, 0x20, 0x21, 0x23, 0x5b, 0x5d, 0x7f, 0x80, 0xff] {
                    let mut word = [b'a'; 8];
                    word[place..].fill(behind);
                    word[place] = byte;
                    let is_special = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\' | 0x80..);
                    let first = word.iter().position(is_special);
                    assert_eq!(first_special(u64::from_le_bytes(word)), first, "{word:x?}");
                }
            }
        }
    }

    #[test]
    fn two_bytes_are_taken_where_they_are_text_that_needs_no_escape() {
        for pair in 0..=u16::MAX {
            let pair = pair.to_be_bytes();
            let is_plain = str::from_utf8(&pair)
                .is_ok_and(|text| !text.contains(['"', '\\']) && text.bytes().all(|byte| byte >= b' '));
            // At the body's end, and where a whole word can be looked at.
            for behind in ["\"", "\"        "] {
                let json = [b"\"", &pair[..], behind.as_bytes()].concat();
                let is_escape = pair[0] == b'\\' && b"\"\\/bfnrt".contains(&pair[1]);
                assert_eq!(crate::scan(&json).is_ok(), is_plain || is_escape, "{json:x?}");
            }
        }
    }
}
