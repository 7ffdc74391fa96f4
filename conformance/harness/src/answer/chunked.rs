//! Decodes `transfer-encoding: chunked`, strictly: RFC 9112, section 7.1, with CRLF and nothing else.

use super::Body;

/// A decoder that takes bytes in pieces of any size.
#[derive(Debug)]
pub(super) struct Chunked {
    state: State,
    /// Bytes of extensions and trailers so far: they cost us, and nobody needs them.
    ignored: usize,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Size { value: u64, digits: u8 },
    Extension { size: u64 },
    SizeEnd { size: u64 },
    Bytes { left: u64 },
    BytesCr,
    BytesLf,
    Trailer { empty: bool },
    TrailerEnd { empty: bool },
    Done,
}

impl Chunked {
    pub(super) fn new() -> Self {
        Self { state: NEXT_CHUNK, ignored: 0 }
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Decodes into `body` until the last chunk is over or the body has had enough; tells how many bytes it took.
    pub(super) fn push(&mut self, bytes: &[u8], body: &mut Body) -> Result<usize, String> {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            if self.is_done() || body.is_full() {
                break;
            }
            if let State::Bytes { left } = self.state {
                let taken = body.take(rest, left);
                rest = &rest[taken..];
                let left = left - taken as u64;
                self.state = if left == 0 { State::BytesCr } else { State::Bytes { left } };
                continue;
            }
            self.state = self.step(byte)?;
            rest = after;
        }
        Ok(bytes.len() - rest.len())
    }

    fn step(&mut self, byte: u8) -> Result<State, String> {
        Ok(match (self.state, byte) {
            (State::Size { digits: MAX_DIGITS, .. }, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F') => {
                return Err(format!("a chunk size of more than {MAX_DIGITS} digits"));
            }
            (State::Size { digits: 1.., value }, b'\r') => State::SizeEnd { size: value },
            (State::Size { digits: 1.., value }, b';' | b' ' | b'\t') => State::Extension { size: value },
            (State::Size { value, digits }, byte) => match char::from(byte).to_digit(16) {
                Some(digit) => State::Size { value: value << 4 | u64::from(digit), digits: digits + 1 },
                None => return Err(format!("a chunk size with the byte {}", quoted(byte))),
            },
            (State::Extension { size }, b'\r') => State::SizeEnd { size },
            (State::Extension { .. }, b'\n') => return Err(bare("a chunk's extension")),
            (State::Extension { size }, _) => self.ignore(State::Extension { size })?,
            (State::SizeEnd { size: 0 } | State::TrailerEnd { empty: false }, b'\n') => {
                State::Trailer { empty: true }
            }
            (State::SizeEnd { size }, b'\n') => State::Bytes { left: size },
            (State::BytesCr, b'\r') => State::BytesLf,
            (State::BytesLf, b'\n') => NEXT_CHUNK,
            (State::Trailer { empty }, b'\r') => State::TrailerEnd { empty },
            (State::Trailer { .. }, b'\n') => return Err(bare("a trailer")),
            (State::Trailer { .. }, _) => self.ignore(State::Trailer { empty: false })?,
            (State::TrailerEnd { empty: true }, b'\n') => State::Done,
            (_, byte) => return Err(format!("the byte {} where a chunk's line should end", quoted(byte))),
        })
    }

    fn ignore(&mut self, next: State) -> Result<State, String> {
        self.ignored += 1;
        if self.ignored > MAX_IGNORED {
            return Err(format!("more than {MAX_IGNORED} bytes of chunk extensions and trailers"));
        }
        Ok(next)
    }
}

fn quoted(byte: u8) -> String {
    format!("\"{}\"", byte.escape_ascii())
}

fn bare(place: &str) -> String {
    format!("{place} that ends with a bare line feed")
}

const NEXT_CHUNK: State = State::Size { value: 0, digits: 0 };

/// As many as fit in 64 bits, so that no sum can overflow.
const MAX_DIGITS: u8 = 16;

const MAX_IGNORED: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> Result<(String, bool), String> {
        let (mut chunked, mut body) = (Chunked::new(), Body::default());
        chunked.push(bytes, &mut body)?;
        Ok((String::from_utf8(body.kept).unwrap(), chunked.is_done()))
    }

    #[test]
    fn chunks_are_joined() {
        let body = b"4;name=value\r\nwebh\r\n00A \r\nook & more\r\n0\r\nexpires: now\r\n\r\n";
        assert_eq!(decode(body).unwrap(), ("webhook & more".into(), true));
    }

    #[test]
    fn the_pieces_in_which_it_comes_do_not_matter() {
        let whole = b"3\r\nabc\r\n2;x\r\nde\r\n0\r\na: b\r\n\r\nleft over";
        for size in 1..whole.len() {
            let (mut chunked, mut body, mut taken) = (Chunked::new(), Body::default(), 0);
            for piece in whole.chunks(size) {
                taken += chunked.push(piece, &mut body).unwrap();
            }
            assert_eq!(
                (body.kept.as_slice(), taken, chunked.is_done()),
                (&b"abcde"[..], whole.len() - 9, true)
            );
        }
    }

    /// C20, C21 and the sloppiness that request smuggling lives on.
    #[test]
    fn what_is_not_chunked_is_refused_with_the_reason() {
        for (bytes, why) in [
            (&b"10000000000000000\r\n"[..], "a chunk size of more than 16 digits"),
            (b"\r\n", "a chunk size with the byte \"\\r\""),
            (b"-1\r\n", "a chunk size with the byte \"-\""),
            (b"0x1\r\n", "a chunk size with the byte \"x\""),
            (b"1\na\r\n", "a chunk size with the byte \"\\n\""),
            (b"1;x\na\r\n", "a chunk's extension that ends with a bare line feed"),
            (b"1\r\nab\r\n", "the byte \"b\" where a chunk's line should end"),
            (b"0\r\na: b\n\r\n", "a trailer that ends with a bare line feed"),
        ] {
            assert_eq!(decode(bytes).unwrap_err(), why);
        }
        let endless = [b"1;", "x".repeat(MAX_IGNORED + 1).as_bytes()].concat();
        assert_eq!(decode(&endless).unwrap_err(), "more than 16384 bytes of chunk extensions and trailers");
    }
}
