//! What several subcommands read from the call: providers, header lines, bodies.

use std::{fs, io::Read, path::Path};

use hookproof_core::Provider;

use crate::exit::Error;

/// The provider of this name.
pub(crate) fn provider(name: &str) -> Result<Provider, Error> {
    Provider::built_in(name).cloned().ok_or_else(|| {
        let names: Vec<&str> = Provider::BUILT_IN.iter().map(|provider| provider.name.as_ref()).collect();
        Error::Usage(format!("there is no provider \"{name}\"; there are {}", names.join(", ")))
    })
}

/// `name: value` lines as pairs.
pub(crate) fn headers(lines: &[String]) -> Result<Vec<(String, String)>, Error> {
    lines.iter().map(|line| header(line)).collect()
}

fn header(line: &str) -> Result<(String, String), Error> {
    let (name, value) = line
        .split_once(':')
        .ok_or_else(|| Error::Usage(format!("\"{line}\" is no header; write 'name: value'")))?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(Error::Usage(format!("\"{}\" cannot be the name of a header", name.escape_debug())));
    }
    if value.chars().any(|letter| matches!(letter, '\r' | '\n' | '\0')) {
        return Err(Error::Usage(format!("the value of the header {name} has a line break or a NUL in it")));
    }
    Ok((name.to_owned(), value.trim().to_owned()))
}

/// The bytes of a file, or of stdin for `-`.
pub(crate) fn body(path: &Path) -> Result<Vec<u8>, Error> {
    if path == Path::new("-") {
        return stdin();
    }
    fs::read(path)
        .map_err(|error| Error::Usage(format!("the body {} cannot be read: {error}", path.display())))
}

/// All of stdin, byte for byte.
pub(crate) fn stdin() -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    std::io::stdin()
        .read_to_end(&mut body)
        .map_err(|error| Error::Tool(format!("the body cannot be read from stdin: {error}")))?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_line_is_a_name_a_colon_and_a_value() {
        assert_eq!(header("X-Tenant:  7 ").ok(), Some(("X-Tenant".to_owned(), "7".to_owned())));
        for line in ["no colon", ": empty name", "sp ace: x", "x: a\r\nb: c", "x: \0"] {
            assert!(header(line).is_err(), "{line:?}");
        }
    }

    #[test]
    fn an_unknown_provider_is_told_which_there_are() {
        let error = provider("paypal").expect_err("there is none").to_string();
        assert_eq!(
            error,
            "there is no provider \"paypal\"; there are turratech, turnstay, standard-webhooks, stripe, github"
        );
    }
}
