//! What several subcommands read from the call: header lines, event types, bodies.

use std::{fs, io::Read, path::Path};

use hookproof_conformance::check_header;

use crate::exit::Error;

/// `name: value` lines to send, as pairs.
pub(crate) fn headers(lines: &[String]) -> Result<Vec<(String, String)>, Error> {
    let headers = received_headers(lines)?;
    for (name, value) in &headers {
        check_header(name, value).map_err(|error| Error::Usage(format!("--header: {error}")))?;
    }
    Ok(headers)
}

/// `name: value` lines of a request that came, as pairs.
pub(crate) fn received_headers(lines: &[String]) -> Result<Vec<(String, String)>, Error> {
    lines.iter().map(|line| header(line)).collect()
}

fn header(line: &str) -> Result<(String, String), Error> {
    let (name, value) = line.split_once(':').ok_or_else(|| {
        Error::Usage(format!("--header: \"{}\" is no header; write 'name: value'", line.escape_debug()))
    })?;
    Ok((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()))
}

/// An event type as the caller named it. It becomes part of a JSON text, and with some providers of a header.
pub(crate) fn event_type(name: &str) -> Result<String, Error> {
    let is_odd = |letter: char| letter.is_control() || letter.is_whitespace() || matches!(letter, '"' | '\\');
    if name.is_empty() || name.chars().any(is_odd) {
        return Err(Error::Usage(format!(
            "\"{}\" cannot be the type of an event; write it as the provider does, such as payment.succeeded",
            name.escape_debug()
        )));
    }
    Ok(name.to_owned())
}

/// The bytes of a file, or of stdin for `-`.
pub(crate) fn body(path: &Path) -> Result<Vec<u8>, Error> {
    read(path, "the body")
}

/// The bytes of a file, or of stdin for `-`; `what` they are.
pub(crate) fn read(path: &Path, what: &str) -> Result<Vec<u8>, Error> {
    if path == Path::new("-") {
        return all_of_stdin(what);
    }
    fs::read(path).map_err(|error| Error::Usage(format!("{what} {} cannot be read: {error}", path.display())))
}

/// The body on stdin, byte for byte.
pub(crate) fn stdin() -> Result<Vec<u8>, Error> {
    all_of_stdin("the body")
}

fn all_of_stdin(what: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| Error::Tool(format!("{what} cannot be read from stdin: {error}")))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_line_is_a_name_a_colon_and_a_value() {
        let read = |line: &str| headers(&[line.to_owned()]);
        assert_eq!(read("X-Tenant:  7 ").ok(), Some(vec![("X-Tenant".to_owned(), "7".to_owned())]));
        for line in ["no colon", ": empty name", "sp ace: x", "x: a\r\nb: c", "x: \0", "content-length: 3"] {
            assert!(read(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn an_event_type_has_nothing_in_it_that_ends_a_text() {
        assert_eq!(event_type("payment.succeeded").ok(), Some("payment.succeeded".to_owned()));
        for name in ["", " ", "a b", "a\"b", "a\\", "a\r\nx: y"] {
            assert!(event_type(name).is_err(), "{name:?}");
        }
    }
}
