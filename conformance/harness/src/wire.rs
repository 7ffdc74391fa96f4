//! Writes requests as HTTP/1.1, byte for byte as asked: the spelling of header names is part of what is tested.
//!
//! Pure: text in, bytes out. Nothing that could end a header line early gets through.

use std::fmt;

use hookproof_core::EndpointUrl;
use hookproof_suite::{Request, Transport};

/// A request as bytes, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The head and the body's first part.
    pub first: Vec<u8>,
    /// What is written a moment later; mostly nothing.
    pub rest: Vec<u8>,
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
        Self::post(url, &request.headers, &request.body, request.transport)
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
        let mut first = head("POST", url, headers)?;
        first.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
        end_head(&mut first, transport);
        let (now, later) = body.split_at(transport.split_at.unwrap_or(body.len()).min(body.len()));
        first.extend_from_slice(now);
        Ok(Self { first, rest: later.to_vec(), transport })
    }

    /// A GET on a connection of its own.
    pub fn get(url: &EndpointUrl) -> Self {
        let transport = Transport::default();
        let mut first = head("GET", url, &[]).unwrap_or_default();
        end_head(&mut first, transport);
        Self { first, rest: Vec::new(), transport }
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

fn head(method: &str, url: &EndpointUrl, headers: &[(String, String)]) -> Result<Vec<u8>, HeaderError> {
    let mut lines = format!("{method} {} HTTP/1.1\r\n", url.path_and_query());
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        lines.push_str(&format!("host: {}\r\n", url.authority()));
    }
    for (name, value) in headers {
        check_header(name, value)?;
        lines.push_str(&format!("{name}: {value}\r\n"));
    }
    Ok(lines.into_bytes())
}

fn end_head(head: &mut Vec<u8>, transport: Transport) {
    let connection = if transport.lane.is_some() { "keep-alive" } else { "close" };
    head.extend_from_slice(format!("connection: {connection}\r\n\r\n").as_bytes());
}

/// RFC 9110, section 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
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
            String::from_utf8(sent.first).unwrap(),
            "POST /hook?a=1 HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nTURRATECH-signature: t=1,v1=ab\r\nx-A: \r\n\
             content-length: 7\r\nconnection: close\r\n\r\n{\"n\":1}"
        );
    }

    #[test]
    fn a_lane_keeps_the_connection_alive() {
        let sent = post(&[], Transport { lane: Some((1, 2)), ..Transport::default() }).unwrap();
        assert!(String::from_utf8(sent.first).unwrap().contains("\r\nconnection: keep-alive\r\n\r\n"));
    }

    #[test]
    fn the_body_is_split_where_asked_and_never_beyond_its_end() {
        for (split, rest) in [(0, "{\"n\":1}"), (3, "\":1}"), (7, ""), (700, "")] {
            let sent = post(&[], Transport { split_at: Some(split), ..Transport::default() }).unwrap();
            assert_eq!(sent.rest, rest.as_bytes());
            assert!(sent.first.ends_with(&b"{\"n\":1}"[..7 - rest.len()]));
        }
    }

    #[test]
    fn a_host_of_the_caller_takes_the_place_of_ours() {
        let sent = post(&[("Host", "shop.example")], Transport::default()).unwrap();
        let text = String::from_utf8(sent.first).unwrap();
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
