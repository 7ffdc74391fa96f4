//! The only judge of a body: one pass over the bytes, without recursion and without a tree.
//!
//! It takes what RFC 8259 takes, in strict UTF-8 and without a byte order mark, nested 128 levels deep at the
//! most; an escape that names half a character (a lone surrogate) is refused, because no text holds it.

mod pointer;
mod skip;
mod string;

use core::fmt;

pub use self::pointer::locate;
pub(crate) use self::{
    pointer::{Walk, text_in, walk},
    string::decoded,
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

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
        write!(f, "byte {} is {what}", self.at)
    }
}

impl core::error::Error for ScanError {}

/// Judges a whole body.
///
/// # Errors
///
/// [`ScanError`] with the first place where it is not JSON.
pub fn scan(json: &[u8]) -> Result<(), ScanError> {
    if json.starts_with(b"\xef\xbb\xbf") {
        return Err(ScanError { at: 0, kind: ScanErrorKind::ByteOrderMark });
    }
    if let Err(error) = core::str::from_utf8(json) {
        return Err(ScanError { at: error.valid_up_to(), kind: ScanErrorKind::NotUtf8 });
    }
    let mut scanner = Scanner { json, at: 0 };
    scanner.value()?;
    scanner.space();
    match scanner.peek() {
        None => Ok(()),
        Some(_) => Err(scanner.error(ScanErrorKind::TrailingBytes)),
    }
}

/// Levels of arrays and objects that are still read: one bit of a `u128` each.
const DEEPEST: u32 = 128;

/// A place in bytes that are known to be UTF-8.
pub(crate) struct Scanner<'a> {
    pub(crate) json: &'a [u8],
    pub(crate) at: usize,
}

/// What may come next.
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    CommaOrEnd,
}

impl Scanner<'_> {
    /// Goes past one value, white space before it included.
    pub(crate) fn value(&mut self) -> Result<(), ScanError> {
        // One bit a level, the innermost lowest: set where the level is an object.
        let mut objects: u128 = 0;
        let mut depth: u32 = 0;
        let mut expect = Expect::Value;
        loop {
            self.space();
            let Some(byte) = self.peek() else { return Err(self.error(ScanErrorKind::UnexpectedEnd)) };
            let ended = match (&expect, byte) {
                (Expect::KeyOrEnd, b'}') | (Expect::ValueOrEnd, b']') => true,
                (Expect::CommaOrEnd, b'}') if objects & 1 == 1 => true,
                (Expect::CommaOrEnd, b']') if objects & 1 == 0 => true,
                (Expect::CommaOrEnd, b',') => {
                    self.bump();
                    expect = if objects & 1 == 1 { Expect::Key } else { Expect::Value };
                    continue;
                }
                (Expect::Key | Expect::KeyOrEnd, b'"') => {
                    self.string()?;
                    self.space();
                    self.take(b':')?;
                    expect = Expect::Value;
                    continue;
                }
                (Expect::Value | Expect::ValueOrEnd, b'{' | b'[') => {
                    if depth == DEEPEST {
                        return Err(self.error(ScanErrorKind::TooDeep));
                    }
                    self.bump();
                    let object = byte == b'{';
                    objects = objects << 1 | u128::from(object);
                    depth = depth.saturating_add(1);
                    expect = if object { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
                    continue;
                }
                (Expect::Value | Expect::ValueOrEnd, _) => {
                    self.scalar(byte)?;
                    false
                }
                _ => return Err(self.error(ScanErrorKind::UnexpectedByte)),
            };
            if ended {
                self.bump();
                objects >>= 1;
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                return Ok(());
            }
            expect = Expect::CommaOrEnd;
        }
    }

    pub(crate) fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.bump();
        }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    pub(crate) fn bump(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// Goes past this byte.
    pub(crate) fn take(&mut self, byte: u8) -> Result<(), ScanError> {
        match self.peek() {
            Some(found) if found == byte => {
                self.bump();
                Ok(())
            }
            Some(_) => Err(self.error(ScanErrorKind::UnexpectedByte)),
            None => Err(self.error(ScanErrorKind::UnexpectedEnd)),
        }
    }

    pub(crate) fn error(&self, kind: ScanErrorKind) -> ScanError {
        ScanError { at: self.at, kind }
    }

    fn scalar(&mut self, first: u8) -> Result<(), ScanError> {
        match first {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => Err(self.error(ScanErrorKind::UnexpectedByte)),
        }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), ScanError> {
        word.iter().try_for_each(|byte| self.take(*byte))
    }

    fn number(&mut self) -> Result<(), ScanError> {
        if self.peek() == Some(b'-') {
            self.bump();
        }
        match self.peek() {
            Some(b'0') => {
                self.bump();
                if matches!(self.peek(), Some(b'0'..=b'9')) {
                    return Err(self.error(ScanErrorKind::BadNumber));
                }
            }
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.bump();
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.bump();
            if let Some(b'+' | b'-') = self.peek() {
                self.bump();
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), ScanError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.bump();
        }
        match self.peek() {
            _ if self.at > start => Ok(()),
            Some(_) => Err(self.error(ScanErrorKind::BadNumber)),
            None => Err(self.error(ScanErrorKind::UnexpectedEnd)),
        }
    }
}
