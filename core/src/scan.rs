//! The only judge of a body: one pass over the bytes, without recursion and without a tree.
//!
//! It takes what RFC 8259 takes, in strict UTF-8 and without a byte order mark, nested 128 levels deep at the
//! most; an escape that names half a character (a lone surrogate) is refused, because no text holds it.

mod integer;
mod pointer;
mod string;

use alloc::{string::String, vec::Vec};
use core::{fmt, ops::Range};

use crate::decimal::with_numbers;

pub use self::pointer::locate;
pub(crate) use self::{
    pointer::{NOTHING, Walk, text_in},
    string::{decoded, unescaped},
};

/// Where a body stops being JSON, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanError {
    /// Bytes before the place.
    pub at: usize,
    /// What is wrong there.
    pub kind: ScanErrorKind,
}

/// What is wrong at a place of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScanErrorKind {
    /// A byte order mark, which is not JSON.
    ByteOrderMark,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// The body ends in the middle of a value.
    UnexpectedEnd,
    /// A byte that cannot stand here.
    UnexpectedByte,
    /// A number that is not JSON's: a leading zero, a bare point, no digit in the exponent.
    BadNumber,
    /// An escape that JSON does not know.
    BadEscape,
    /// An escape for half a character.
    LoneSurrogate,
    /// A control character inside a string.
    ControlCharacter,
    /// More than 128 arrays and objects inside each other.
    TooDeep,
    /// Something behind the value.
    TrailingBytes,
}

impl ScanErrorKind {
    /// A stable name, the same in Rust and in the fixtures.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "byte_order_mark",
            Self::NotUtf8 => "not_utf8",
            Self::UnexpectedEnd => "unexpected_end",
            Self::UnexpectedByte => "unexpected_byte",
            Self::BadNumber => "bad_number",
            Self::BadEscape => "bad_escape",
            Self::LoneSurrogate => "lone_surrogate",
            Self::ControlCharacter => "control_character",
            Self::TooDeep => "too_deep",
            Self::TrailingBytes => "trailing_bytes",
        }
    }
}

impl ScanError {
    /// What [`Display`](fmt::Display) shows, for where its machinery is too much to load.
    pub(crate) fn message(&self) -> String {
        let what = match self.kind {
            ScanErrorKind::ByteOrderMark => "a byte order mark, which JSON does not have",
            ScanErrorKind::NotUtf8 => "bytes that are not UTF-8",
            ScanErrorKind::UnexpectedEnd => "the end, in the middle of a value",
            ScanErrorKind::UnexpectedByte => "a byte that cannot stand there",
            ScanErrorKind::BadNumber => "a number that is not JSON's",
            ScanErrorKind::BadEscape => "an escape that JSON does not know",
            ScanErrorKind::LoneSurrogate => "an escape for half a character",
            ScanErrorKind::ControlCharacter => "a control character inside a string",
            ScanErrorKind::TooDeep => "more than 128 levels of nesting",
            ScanErrorKind::TrailingBytes => "something behind the value",
        };
        [&with_numbers("byte # is ", [u64::try_from(self.at).unwrap_or(u64::MAX), 0]), what].concat()
    }
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for ScanError {}

/// Judges a whole body.
///
/// # Errors
///
/// [`ScanError`] with the first place where it is not JSON.
pub fn scan(json: &[u8]) -> Result<(), ScanError> {
    whole(json, &mut |scanner| scanner.value())
}

/// Judges a whole body by a pass that goes past its one value.
fn whole(json: &[u8], pass: &mut dyn FnMut(&mut Scanner<'_>) -> Judged) -> Result<(), ScanError> {
    if json.starts_with(b"\xef\xbb\xbf") {
        return Err(ScanError { at: 0, kind: ScanErrorKind::ByteOrderMark });
    }
    let mut scanner = Scanner::new(json);
    let passed = pass(&mut scanner).and_then(|()| match scanner.token() {
        None => Ok(()),
        Some(_) => Err(ScanErrorKind::TrailingBytes),
    });
    passed.map_err(|kind| match core::str::from_utf8(json) {
        // What is no text at all is that first, wherever the grammar broke.
        Err(error) => ScanError { at: error.valid_up_to(), kind: ScanErrorKind::NotUtf8 },
        Ok(_) => ScanError { at: scanner.at, kind },
    })
}

/// Levels of arrays and objects that are still read: one bit of a `u128` each.
const DEEPEST: u32 = 128;

/// A place in a body. What a method refuses stands at `at`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scanner<'a> {
    pub(crate) json: &'a [u8],
    pub(crate) at: usize,
}

/// An error whose place is where the scanner stands: small enough for a register.
pub(crate) type Judged<T = ()> = Result<T, ScanErrorKind>;

impl<'a> Scanner<'a> {
    pub(crate) const fn new(json: &'a [u8]) -> Self {
        Self { json, at: 0 }
    }

    /// Goes past one value, white space before it included.
    pub(crate) fn value(&mut self) -> Judged {
        self.value_within(0, &mut Vec::new())
    }

    /// Goes past a value that stands inside so many levels. Its integers that a double does not hold are added to `wide`.
    fn value_within(&mut self, levels: u32, wide: &mut Vec<Range<usize>>) -> Judged {
        self.apart(|scanner| scanner.value_inlined(levels, wide))
    }

    /// Goes on with a copy, and stands where that stood last. A scanner whose address no call gets is in a register for as
    /// long as it goes on, which is a tenth to a sixth of the time: so neither the hot loop is run on one that others have,
    /// nor a call made from the loop with its own.
    #[inline(always)]
    fn apart<T>(&mut self, goes_on: impl FnOnce(&mut Self) -> Judged<T>) -> Judged<T> {
        let mut copy = *self;
        let judged = goes_on(&mut copy);
        self.at = copy.at;
        judged
    }

    #[inline(always)]
    fn value_inlined(&mut self, levels: u32, wide: &mut Vec<Range<usize>>) -> Judged {
        // One bit a level, the innermost lowest: set where the level is an object.
        let mut objects: u128 = 0;
        let mut depth: u32 = 0;
        let deepest = DEEPEST.saturating_sub(levels);
        let mut name_is_next = false;
        'value: loop {
            match self.token() {
                Some(b'"') => {
                    self.string_inlined()?;
                    if name_is_next {
                        self.token();
                        self.take(b':')?;
                        name_is_next = false;
                        continue 'value;
                    }
                }
                Some(_) if name_is_next => return Err(ScanErrorKind::UnexpectedByte),
                Some(open @ (b'{' | b'[')) => {
                    if depth == deepest {
                        return Err(ScanErrorKind::TooDeep);
                    }
                    self.skip(1);
                    let object = open == b'{';
                    match self.token() {
                        Some(b'}') if object => self.skip(1),
                        Some(b']') if !object => self.skip(1),
                        _ => {
                            objects = objects << 1 | u128::from(object);
                            depth = depth.wrapping_add(1);
                            name_is_next = object;
                            continue 'value;
                        }
                    }
                }
                Some(b'-' | b'0'..=b'9') => self.number(wide)?,
                Some(b't') => self.word(b"true")?,
                Some(b'f') => self.word(b"false")?,
                Some(b'n') => self.word(b"null")?,
                Some(_) => return Err(ScanErrorKind::UnexpectedByte),
                None => return Err(ScanErrorKind::UnexpectedEnd),
            }
            while depth > 0 {
                let object = objects & 1 == 1;
                match self.token() {
                    Some(b',') => {
                        self.skip(1);
                        name_is_next = object;
                        continue 'value;
                    }
                    Some(b'}') if object => self.skip(1),
                    Some(b']') if !object => self.skip(1),
                    Some(_) => return Err(ScanErrorKind::UnexpectedByte),
                    None => return Err(ScanErrorKind::UnexpectedEnd),
                }
                objects >>= 1;
                depth = depth.wrapping_sub(1);
            }
            return Ok(());
        }
    }

    // What follows is done for each byte or nearly: as calls, which the smallest size makes of them, it takes twice as long.

    /// Goes past white space, to the byte behind it.
    #[inline(always)]
    pub(crate) fn token(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(byte) if byte > b' ' => return Some(byte),
                Some(b'\n') => {
                    self.at = behind_spaces(self.json, self.at.wrapping_add(1));
                }
                Some(b' ' | b'\r' | b'\t') => self.skip(1),
                other => return other,
            }
        }
    }

    #[inline(always)]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    /// Goes past so many bytes that were looked at: never beyond the end, so that the sum cannot wrap.
    #[inline(always)]
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.at = self.at.wrapping_add(bytes);
    }

    /// Goes past this byte.
    #[inline(always)]
    pub(crate) fn take(&mut self, byte: u8) -> Judged {
        match self.peek() {
            Some(found) if found == byte => {
                self.skip(1);
                Ok(())
            }
            Some(_) => Err(ScanErrorKind::UnexpectedByte),
            None => Err(ScanErrorKind::UnexpectedEnd),
        }
    }

    #[inline(always)]
    fn word(&mut self, word: &[u8]) -> Judged {
        word.iter().try_for_each(|byte| self.take(*byte))
    }

    #[inline(always)]
    fn number(&mut self, wide: &mut Vec<Range<usize>>) -> Judged {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.skip(1);
        }
        match self.peek() {
            Some(b'0') => {
                self.skip(1);
                if matches!(self.peek(), Some(b'0'..=b'9')) {
                    return Err(ScanErrorKind::BadNumber);
                }
            }
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.skip(1);
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.skip(1);
            if let Some(b'+' | b'-') = self.peek() {
                self.skip(1);
            }
            self.digits()?;
        }
        if self.at.wrapping_sub(start) >= integer::LONG {
            integer::keep_if_wide(self.json, start..self.at, wide);
        }
        Ok(())
    }

    #[inline(always)]
    fn digits(&mut self) -> Judged {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.skip(1);
        }
        match self.peek() {
            _ if self.at > start => Ok(()),
            Some(_) => Err(ScanErrorKind::BadNumber),
            None => Err(ScanErrorKind::UnexpectedEnd),
        }
    }
}

/// The place behind the spaces at a place: eight at a time, because a third of a body that was printed for people is
/// indentation.
fn behind_spaces(json: &[u8], mut at: usize) -> usize {
    const SPACES: u64 = u64::from_ne_bytes([b' '; 8]);
    while let Some(word) = json.get(at..).and_then(<[u8]>::first_chunk) {
        let others = u64::from_le_bytes(*word) ^ SPACES;
        at = at.wrapping_add(others.trailing_zeros() as usize / 8);
        if others != 0 {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_of_any_length_is_gone_past_and_not_a_byte_more() {
        for spaces in 0..40 {
            for before in ["", "\n", "\r\n\t", "\n  \n"] {
                let white = [before, &" ".repeat(spaces)].concat();
                let json = alloc::format!("{white}[{white}1{white},{white}{{{white}}}{white}]{white}");
                assert_eq!(scan(json.as_bytes()), Ok(()), "{json:?}");
                for other in ["x", "\u{b}", "!", "\0"] {
                    let json = ["[", &white, other, "         1]"].concat();
                    let error = ScanError { at: 1 + white.len(), kind: ScanErrorKind::UnexpectedByte };
                    assert_eq!(scan(json.as_bytes()), Err(error), "{json:?}");
                }
            }
        }
    }
}
