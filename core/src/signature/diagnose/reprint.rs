//! The ways in which common libraries print one JSON value, so that a body which was printed again can be told.

use alloc::{format, string::String, vec::Vec};
use core::fmt;

use crate::scan::{Scanner, decoded, scan};

/// How a JSON text is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    separators: Separators,
    strings: Strings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separators {
    /// `{"a":1,"b":2}`, as JavaScript prints.
    Compact,
    /// `{"a": 1, "b": 2}`, as Python prints.
    Spaced,
    /// A line a member, indented by so many spaces.
    Indented(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strings {
    /// Escapes as they stand.
    AsTheyAre,
    /// Only what must be escaped is.
    Plain,
    /// Characters beyond ASCII are escaped, as Python does.
    Ascii,
    /// Characters beyond ASCII and slashes are escaped, as PHP does.
    AsciiAndSlashes,
    /// Slashes are escaped.
    Slashes,
}

/// A body in every style in which it may have been printed before; none if it is not JSON.
pub(super) fn every_way(body: &[u8]) -> Vec<(Style, Vec<u8>)> {
    if scan(body).is_err() {
        return Vec::new();
    }
    let separators =
        [Separators::Compact, Separators::Spaced, Separators::Indented(2), Separators::Indented(4)];
    let strings =
        [Strings::AsTheyAre, Strings::Plain, Strings::Ascii, Strings::AsciiAndSlashes, Strings::Slashes];
    let styles =
        separators.into_iter().flat_map(|separators| strings.map(|strings| Style { separators, strings }));
    styles.filter_map(|style| Some((style, printed(body, style)?))).collect()
}

/// Prints a sound body in this style. Numbers and the order of members stay.
fn printed(body: &[u8], style: Style) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let mut scanner = Scanner::new(body);
    let mut depth: usize = 0;
    loop {
        let Some(byte) = scanner.token() else { return Some(out) };
        match byte {
            b'"' => {
                let from = scanner.at;
                scanner.string().ok()?;
                string(&mut out, body.get(from..scanner.at)?, style.strings)?;
                continue;
            }
            b'{' | b'[' => {
                out.push(byte);
                scanner.skip(1);
                if let Some(close @ (b'}' | b']')) = scanner.token() {
                    out.push(close);
                } else {
                    depth = depth.saturating_add(1);
                    style.separators.line(&mut out, depth);
                    continue;
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                style.separators.line(&mut out, depth);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                match style.separators {
                    Separators::Spaced => out.push(b' '),
                    separators => separators.line(&mut out, depth),
                }
            }
            b':' => {
                out.push(byte);
                if style.separators != Separators::Compact {
                    out.push(b' ');
                }
            }
            other => out.push(other),
        }
        scanner.skip(1);
    }
}

impl Separators {
    fn line(self, out: &mut Vec<u8>, depth: usize) {
        if let Self::Indented(width) = self {
            out.push(b'\n');
            out.extend(core::iter::repeat_n(b' ', width.saturating_mul(depth)));
        }
    }
}

fn string(out: &mut Vec<u8>, raw: &[u8], style: Strings) -> Option<()> {
    if style == Strings::AsTheyAre {
        out.extend_from_slice(raw);
        return Some(());
    }
    out.push(b'"');
    for letter in decoded(raw)?.chars() {
        let text: String = match letter {
            '"' => "\\\"".into(),
            '\\' => "\\\\".into(),
            '\u{8}' => "\\b".into(),
            '\u{c}' => "\\f".into(),
            '\n' => "\\n".into(),
            '\r' => "\\r".into(),
            '\t' => "\\t".into(),
            '/' if matches!(style, Strings::Slashes | Strings::AsciiAndSlashes) => "\\/".into(),
            control if control < ' ' => format!("\\u{:04x}", u32::from(control)),
            wide if !wide.is_ascii() && matches!(style, Strings::Ascii | Strings::AsciiAndSlashes) => {
                wide.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
            }
            plain => String::from(plain),
        };
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    Some(())
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.separators {
            Separators::Compact => f.write_str("without white space")?,
            Separators::Spaced => f.write_str("with a space behind each comma and colon")?,
            Separators::Indented(width) => write!(f, "on lines indented by {width} spaces")?,
        }
        f.write_str(match self.strings {
            Strings::AsTheyAre => "",
            Strings::Plain => " and without needless escapes",
            Strings::Ascii => " and with \\u escapes for what is not ASCII",
            Strings::AsciiAndSlashes => " and with \\u escapes and \\/",
            Strings::Slashes => " and with \\/",
        })
    }
}
