//! Status line and header fields, and what they say of the body to come.

use hookproof_suite::Answer;

/// The head of a final or interim answer.
#[derive(Debug)]
pub(super) struct Head {
    /// The answer, its body still empty.
    pub(super) answer: Answer,
    pub(super) framing: Framing,
    /// Whether another request may follow on this connection.
    pub(super) reusable: bool,
    /// The length of the head in bytes.
    pub(super) length: usize,
}

/// Where the body ends: RFC 9112, section 6.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Empty,
    Length(u64),
    Chunked,
    UntilClose,
}

/// Reads the head at the beginning of `bytes`; `None` when it has not come whole.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Head>, String> {
    let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let length = match response.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(format!("more than {MAX_FIELDS} header fields")),
        Err(error) => {
            let start = &bytes[..bytes.len().min(SHOWN)];
            return Err(format!("{}; it begins with \"{}\"", words(error), start.escape_ascii()));
        }
    };
    let status = response.code.unwrap_or_default();
    if status < 100 {
        return Err(format!("a status of {status:03}"));
    }
    let headers = response
        .headers
        .iter()
        .map(|field| (field.name.to_string(), String::from_utf8_lossy(field.value).into_owned()))
        .collect();
    let answer = Answer { status, headers, body: Vec::new() };
    let (framing, sound) = framing(&answer)?;
    let closes = values(&answer, "connection").any(|option| option.eq_ignore_ascii_case("close"));
    let reusable = sound && !closes && response.version == Some(1) && framing != Framing::UntilClose;
    Ok(Some(Head { answer, framing, reusable, length }))
}

/// Where the body ends, and whether the answer says so without contradicting itself.
fn framing(answer: &Answer) -> Result<(Framing, bool), String> {
    let mut lengths = Vec::new();
    for text in values(answer, "content-length") {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let length: Option<u64> = text.parse().ok().filter(|_| digits);
        lengths.push(length.ok_or_else(|| format!("content-length \"{}\"", text.escape_debug()))?);
    }
    if let Some(other) = lengths.iter().find(|length| lengths.first() != Some(length)) {
        return Err(format!("two content-lengths, {} and {other}", lengths[0]));
    }
    let mut encodings = values(answer, "transfer-encoding").peekable();
    let is_encoded = encodings.peek().is_some();
    let is_chunked = encodings.next().is_some_and(|first| first.eq_ignore_ascii_case("chunked"));
    if is_encoded && (!is_chunked || encodings.next().is_some()) {
        return Err("a transfer-encoding other than chunked, which nobody asked for".into());
    }
    Ok(match lengths.first() {
        _ if matches!(answer.status, 100..=199 | 204 | 304) => (Framing::Empty, true),
        // The two together are how responses are smuggled: chunked wins, and nothing more is read here.
        length if is_chunked => (Framing::Chunked, length.is_none()),
        Some(length) => (Framing::Length(*length), lengths.len() == 1),
        None => (Framing::UntilClose, true),
    })
}

/// The members of a header that is a list, over all its lines.
fn values<'a>(answer: &'a Answer, name: &str) -> impl Iterator<Item = &'a str> {
    let lines = answer.headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name));
    lines.flat_map(|(_, value)| value.split(',')).map(|member| member.trim_matches([' ', '\t']))
}

fn words(error: httparse::Error) -> &'static str {
    match error {
        httparse::Error::Version => "no status line of HTTP/1",
        httparse::Error::Status => "a malformed status line",
        httparse::Error::HeaderName => "a malformed header name",
        httparse::Error::HeaderValue => "a forbidden byte in a header value",
        _ => "a malformed line",
    }
}

const MAX_FIELDS: usize = 100;

/// How much of an unreadable answer is quoted.
const SHOWN: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(fields: &str) -> Result<(Framing, bool), String> {
        let head = format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n");
        parse(head.as_bytes()).map(|head| head.unwrap()).map(|head| (head.framing, head.reusable))
    }

    /// C22, C24, C25 and kin.
    #[test]
    fn the_end_of_the_body_follows_from_the_head_or_the_head_is_refused() {
        let length = Framing::Length(5);
        for (fields, wanted) in [
            ("content-length: 5", Ok((length, true))),
            ("Content-Length: 5\r\nconnection: keep-alive, CLOSE", Ok((length, false))),
            ("content-length: 5\r\ncontent-length: 5", Ok((length, false))),
            ("content-length: 5, 6", Err("two content-lengths, 5 and 6")),
            ("content-length: +5", Err("content-length \"+5\"")),
            ("content-length: -1", Err("content-length \"-1\"")),
            ("content-length:", Err("content-length \"\"")),
            ("content-length: 18446744073709551616", Err("content-length \"18446744073709551616\"")),
            ("transfer-encoding: Chunked", Ok((Framing::Chunked, true))),
            ("transfer-encoding: chunked\r\ncontent-length: 5", Ok((Framing::Chunked, false))),
            ("transfer-encoding: chunked, chunked", Err(ENCODING)),
            ("transfer-encoding: xchunked", Err(ENCODING)),
            ("transfer-encoding: gzip, chunked", Err(ENCODING)),
            ("x: y", Ok((Framing::UntilClose, false))),
        ] {
            assert_eq!(framed(fields), wanted.map_err(Into::into), "{fields}");
        }
    }

    #[test]
    fn http_1_0_is_read_and_not_reused() {
        let head = parse(b"HTTP/1.0 204 No Content\r\n\r\n").unwrap().unwrap();
        assert_eq!((head.answer.status, head.framing, head.reusable), (204, Framing::Empty, false));
    }

    const ENCODING: &str = "a transfer-encoding other than chunked, which nobody asked for";
}
