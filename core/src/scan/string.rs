//! JSON strings: going past one, and the text that it means.

use alloc::{borrow::Cow, string::String};

use super::{ScanError, ScanErrorKind, Scanner, skip::plain_run};

impl Scanner<'_> {
    /// Goes past a string, both quotes included.
    pub(crate) fn string(&mut self) -> Result<(), ScanError> {
        self.take(b'"')?;
        loop {
            let rest = self.json.get(self.at..).unwrap_or_default();
            self.at = self.at.saturating_add(plain_run(rest));
            match self.peek() {
                Some(b'"') => {
                    self.bump();
                    return Ok(());
                }
                Some(b'\\') => {
                    self.escape()?;
                }
                Some(_) => return Err(self.error(ScanErrorKind::ControlCharacter)),
                None => return Err(self.error(ScanErrorKind::UnexpectedEnd)),
            }
        }
    }

    /// Goes past an escape; the character that it means.
    fn escape(&mut self) -> Result<char, ScanError> {
        let start = self.at;
        self.take(b'\\')?;
        let Some(kind) = self.peek() else { return Err(self.error(ScanErrorKind::UnexpectedEnd)) };
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
            _ => return Err(self.error(ScanErrorKind::BadEscape)),
        };
        self.bump();
        Ok(letter)
    }

    /// Goes past `uXXXX`, and past the second half where the first is a surrogate.
    fn unicode(&mut self, start: usize) -> Result<char, ScanError> {
        let lone = ScanError { at: start, kind: ScanErrorKind::LoneSurrogate };
        let first = self.code_unit()?;
        if !(0xd800..0xe000).contains(&first) {
            return char::from_u32(first).ok_or(lone);
        }
        if first >= 0xdc00 || self.peek() != Some(b'\\') {
            return Err(lone);
        }
        self.bump();
        if self.peek() != Some(b'u') {
            return Err(lone);
        }
        let second = self.code_unit()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(lone);
        }
        let high = first & 0x3ff;
        let low = second & 0x3ff;
        char::from_u32((high << 10 | low).saturating_add(0x1_0000)).ok_or(lone)
    }

    fn code_unit(&mut self) -> Result<u32, ScanError> {
        self.take(b'u')?;
        let mut unit = 0_u32;
        for _ in 0..4 {
            let Some(byte) = self.peek() else { return Err(self.error(ScanErrorKind::UnexpectedEnd)) };
            let Some(digit) = char::from(byte).to_digit(16) else {
                return Err(self.error(ScanErrorKind::BadEscape));
            };
            unit = unit << 4 | digit;
            self.bump();
        }
        Ok(unit)
    }
}

/// The text of a sound JSON string, given with its quotes; nothing where it is something else.
pub(crate) fn decoded(json: &[u8]) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let text = core::str::from_utf8(inner).ok()?;
    if !text.contains('\\') {
        return Some(Cow::Borrowed(text));
    }
    let mut plain = String::with_capacity(text.len());
    let mut scanner = Scanner { json: inner, at: 0 };
    while let Some(rest) = text.get(scanner.at..).filter(|rest| !rest.is_empty()) {
        let run = rest.find('\\').unwrap_or(rest.len());
        plain.push_str(rest.get(..run)?);
        scanner.at = scanner.at.saturating_add(run);
        if scanner.peek().is_some() {
            plain.push(scanner.escape().ok()?);
        }
    }
    Some(Cow::Owned(plain))
}
