//! Writes requests as HTTP/1.1, byte for byte as asked: the spelling of header names is part of what is tested.
//!
//! Pure: text in, bytes out. Nothing that could end a header line early gets through.

use std::fmt;

use hookproof_core::EndpointUrl;
use hookproof_suite::{Framing, Pace, Request, Transport};

/// A request as bytes, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The head and what of the body comes with it, then the rest in the parts in which it is written.
    pub pieces: Vec<Vec<u8>>,
    /// How it must travel.
    pub transport: Transport,
}

impl Outgoing {
    /// A delivery of the suite.
    ///
    /// # Errors
    ///
    /// [`HeaderError`], as [`Outgoing::post`].
    pub fn delivery(url: &EndpointUrl, request: &Request) -> Result<Self, HeaderError> {
        let target = Target { method: request.method, url, query: request.query };
        Self::written(&target, &request.headers, &request.body, request.transport)
    }

    /// A POST of `body` with these header lines, in order and spelled so, behind `host` and before
    /// `content-length` and `connection`. A `host` among them takes the place of ours.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] when a line would break the message.
    pub fn post(
        url: &EndpointUrl,
        headers: &[(String, String)],
        body: &[u8],
        transport: Transport,
    ) -> Result<Self, HeaderError> {
        Self::written(&Target { method: "POST", url, query: None }, headers, body, transport)
    }

    /// A GET on a connection of its own.
    pub fn get(url: &EndpointUrl) -> Self {
        let transport = Transport::default();
        let mut first = Target { method: "GET", url, query: None }.head(&[]).unwrap_or_default();
        end_head(&mut first, transport);
        Self { pieces: vec![first], transport }
    }

    fn written(
        target: &Target<'_>,
        headers: &[(String, String)],
        body: &[u8],
        transport: Transport,
    ) -> Result<Self, HeaderError> {
        let mut first = target.head(headers)?;
        let (length, mut framed) = framed(body, transport.framing);
        first.extend_from_slice(length.as_bytes());
        end_head(&mut first, transport);
        if let Some(stop) = transport.stop {
            framed.truncate(stop.at);
        }
        let mut pieces = vec![first];
        match transport.pace {
            Pace::AtOnce => pieces[0].extend(framed),
            Pace::SplitAt(at) => {
                let (now, later) = framed.split_at(at.min(framed.len()));
                pieces[0].extend_from_slice(now);
                pieces.extend((!later.is_empty()).then(|| later.to_vec()));
            }
            Pace::Dripped { parts, .. } => {
                let length = framed.len().div_ceil(usize::from(parts.max(1))).max(1);
                pieces.extend(framed.chunks(length).map(<[u8]>::to_vec));
            }
        }
        Ok(Self { pieces, transport })
    }
}

/// The beginning of every POST to this URL: its line, and its host unless that is among the caller's headers.
pub(crate) fn opening(url: &EndpointUrl, headers: &[(String, String)]) -> Vec<u8> {
    let host = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
    let host = if host { String::new() } else { format!("host: {}\r\n", url.authority()) };
    format!("POST {} HTTP/1.1\r\n{host}", url.path_and_query()).into_bytes()
}

/// The line that tells the body's length, and the body as that wants it.
fn framed(body: &[u8], framing: Framing) -> (String, Vec<u8>) {
    let chunks = || {
        let length = body.len().div_ceil(CHUNKS).max(1);
        body.chunks(length)
            .map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat())
    };
    let chunked = || "transfer-encoding: chunked\r\n".to_owned();
    match framing {
        Framing::Length => (format!("content-length: {}\r\n", body.len()), body.to_vec()),
        Framing::Beyond(more) => (format!("content-length: {}\r\n", body.len() + more), body.to_vec()),
        Framing::Chunked => (chunked(), chunks().chain([b"0\r\n\r\n".to_vec()]).flatten().collect()),
        Framing::BadChunk => (chunked(), chunks().chain([b"zz\r\n\r\n".to_vec()]).flatten().collect()),
    }
}

/// Refuses a header line that would break the message or that the writer gives itself.
///
/// # Errors
///
/// [`HeaderError`], which names the line and what is wrong with it.
pub fn check_header(name: &str, value: &str) -> Result<(), HeaderError> {
    let refuse = |fault| Err(HeaderError { name: name.escape_debug().to_string(), fault });
    if name.is_empty() || !name.bytes().all(is_token) {
        return refuse(HeaderFault::Name);
    }
    if ["content-length", "transfer-encoding", "connection"].iter().any(|own| name.eq_ignore_ascii_case(own))
    {
        return refuse(HeaderFault::Own);
    }
    match value.chars().find(|letter| letter.is_control() && *letter != '\t') {
        Some(letter) => refuse(HeaderFault::Value(letter)),
        None => Ok(()),
    }
}

/// Why a header line cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderError {
    name: String,
    fault: HeaderFault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum HeaderFault {
    Name,
    Own,
    Value(char),
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match self.fault {
            HeaderFault::Name => {
                write!(
                    f,
                    "header name \"{name}\" has other characters than letters, digits and !#$%&'*+-.^_`|~"
                )
            }
            HeaderFault::Own => write!(f, "header {name} follows from the body and cannot be chosen"),
            HeaderFault::Value(letter) => {
                write!(f, "header {name} has the control character {} in its value", letter.escape_unicode())
            }
        }
    }
}

impl std::error::Error for HeaderError {}

/// The request line of a delivery.
struct Target<'a> {
    method: &'static str,
    url: &'a EndpointUrl,
    query: Option<&'static str>,
}

impl Target<'_> {
    fn head(&self, headers: &[(String, String)]) -> Result<Vec<u8>, HeaderError> {
        let mut lines = format!("{} {}", self.method, self.url.path_and_query());
        if let Some(query) = self.query {
            lines.push(if lines.contains('?') { '&' } else { '?' });
            lines.push_str(query);
        }
        lines.push_str(" HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            lines.push_str(&format!("host: {}\r\n", self.url.authority()));
        }
        for (name, value) in headers {
            check_header(name, value)?;
            lines.push_str(&format!("{name}: {value}\r\n"));
        }
        Ok(lines.into_bytes())
    }
}

fn end_head(head: &mut Vec<u8>, transport: Transport) {
    let connection = if transport.lane.is_some() { "keep-alive" } else { "close" };
    head.extend_from_slice(format!("connection: {connection}\r\n\r\n").as_bytes());
}

/// RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// So that one ends inside of most texts.
const CHUNKS: usize = 3;

#[cfg(test)]
mod tests {
    use hookproof_suite::{Stop, Then};

    use super::*;

    fn url() -> EndpointUrl {
        EndpointUrl::parse("http://127.0.0.1:8080/hook?a=1").unwrap()
    }

    fn post(headers: &[(&str, &str)], transport: Transport) -> Result<Outgoing, HeaderError> {
        let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Outgoing::post(&url(), &headers, b"{\"n\":1}", transport)
    }

    #[test]
    fn header_names_are_spelled_as_asked_byte_for_byte() {
        let sent = post(&[("TURRATECH-signature", "t=1,v1=ab"), ("x-A", "")], Transport::default()).unwrap();
        assert_eq!(
            String::from_utf8(sent.pieces.concat()).unwrap(),
            "POST /hook?a=1 HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nTURRATECH-signature: t=1,v1=ab\r\nx-A: \r\n\
             content-length: 7\r\nconnection: close\r\n\r\n{\"n\":1}"
        );
    }

    #[test]
    fn a_lane_keeps_the_connection_alive() {
        let sent = post(&[], Transport { lane: Some((1, 2)), ..Transport::default() }).unwrap();
        assert!(
            String::from_utf8(sent.pieces.concat()).unwrap().contains("\r\nconnection: keep-alive\r\n\r\n")
        );
    }

    #[test]
    fn the_body_is_split_where_asked_and_never_beyond_its_end() {
        for (split, rest) in [(0, "{\"n\":1}"), (3, "\":1}"), (7, ""), (700, "")] {
            let transport = Transport { pace: Pace::SplitAt(split), ..Transport::default() };
            let sent = post(&[], transport).unwrap();
            assert_eq!(sent.pieces.get(1).map_or("".as_bytes(), Vec::as_slice), rest.as_bytes());
            assert!(sent.pieces[0].ends_with(&b"{\"n\":1}"[..7 - rest.len()]));
        }
    }

    #[test]
    fn a_dripped_body_leaves_in_its_parts_behind_the_head() {
        let pause = std::time::Duration::from_millis(1);
        for (parts, lengths) in [(1, vec![7]), (3, vec![3, 3, 1]), (7, vec![1; 7]), (90, vec![1; 7])] {
            let transport = Transport { pace: Pace::Dripped { parts, pause }, ..Transport::default() };
            let sent = post(&[], transport).unwrap();
            assert!(sent.pieces[0].ends_with(b"\r\n\r\n"));
            assert_eq!(sent.pieces[1..].iter().map(Vec::len).collect::<Vec<_>>(), lengths, "{parts}");
            assert_eq!(sent.pieces[1..].concat(), b"{\"n\":1}");
        }
    }

    #[test]
    fn the_length_is_told_as_asked_true_or_not() {
        for (framing, wanted) in [
            (Framing::Length, "content-length: 7\r\nconnection: close\r\n\r\n{\"n\":1}"),
            (Framing::Beyond(2), "content-length: 9\r\nconnection: close\r\n\r\n{\"n\":1}"),
            (
                Framing::Chunked,
                "transfer-encoding: chunked\r\nconnection: close\r\n\r\n\
                 3\r\n{\"n\r\n3\r\n\":1\r\n1\r\n}\r\n0\r\n\r\n",
            ),
            (
                Framing::BadChunk,
                "transfer-encoding: chunked\r\nconnection: close\r\n\r\n\
                 3\r\n{\"n\r\n3\r\n\":1\r\n1\r\n}\r\nzz\r\n\r\n",
            ),
        ] {
            let sent = post(&[], Transport { framing, ..Transport::default() }).unwrap();
            let text = String::from_utf8(sent.pieces.concat()).unwrap();
            assert!(text.ends_with(wanted), "{framing:?}: {text}");
            assert_eq!(text.matches("content-length").count() + text.matches("transfer-encoding").count(), 1);
        }
    }

    #[test]
    fn writing_stops_where_asked() {
        for (at, rest) in [(0, ""), (4, "{\"n\""), (70, "{\"n\":1}")] {
            let stop = Some(Stop { at, then: Then::HalfClose });
            let sent = post(&[], Transport { stop, ..Transport::default() }).unwrap();
            let text = String::from_utf8(sent.pieces.concat()).unwrap();
            assert!(
                text.ends_with(&format!("content-length: 7\r\nconnection: close\r\n\r\n{rest}")),
                "{text}"
            );
        }
    }

    #[test]
    fn a_method_and_a_query_stand_in_the_first_line() {
        let with_query = EndpointUrl::parse("http://127.0.0.1:8080/hook").unwrap();
        for (url, wanted) in
            [(url(), "PUT /hook?a=1&tenant=1 HTTP/1.1\r\n"), (with_query, "PUT /hook?tenant=1 HTTP/1.1\r\n")]
        {
            let target = Target { method: "PUT", url: &url, query: Some("tenant=1") };
            let sent = Outgoing::written(&target, &[], b"", Transport::default()).unwrap();
            assert!(sent.pieces[0].starts_with(wanted.as_bytes()), "{wanted}");
        }
    }

    #[test]
    fn a_host_of_the_caller_takes_the_place_of_ours() {
        let sent = post(&[("Host", "shop.example")], Transport::default()).unwrap();
        let text = String::from_utf8(sent.pieces.concat()).unwrap();
        assert!(text.contains("\r\nHost: shop.example\r\n") && !text.contains("127.0.0.1"), "{text}");
    }

    /// C52: nothing can be injected through a header.
    #[test]
    fn what_would_end_a_header_line_is_refused() {
        for value in ["a\r\nx: y", "a\nb", "a\rb", "a\0b", "\u{7f}", "\u{85}"] {
            let error = post(&[("x-note", value)], Transport::default()).unwrap_err();
            assert!(error.to_string().starts_with("header x-note has the control character"), "{error}");
        }
        for name in ["", "a b", "a:", "a\r\nb", "\0", "é"] {
            assert!(post(&[(name, "v")], Transport::default()).is_err(), "{name:?}");
        }
        assert!(post(&[("x-note", "tab\tand é")], Transport::default()).is_ok());
    }

    #[test]
    fn framing_cannot_be_chosen_through_headers() {
        for name in ["Content-Length", "transfer-encoding", "CONNECTION"] {
            let error = post(&[(name, "1")], Transport::default()).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("header {name} follows from the body and cannot be chosen")
            );
        }
    }
}
