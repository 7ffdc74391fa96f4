//! Where deliveries go: the endpoint's URL, judged before anything is sent there.

mod error;
mod host;
mod reach;
mod subscription;

use alloc::{format, string::String};
use core::fmt;

pub use self::{
    error::UrlError,
    host::Host,
    reach::is_public,
    subscription::{Subscription, SubscriptionError},
};

/// The URL of an endpoint: `http` or `https`, a host, and no credentials, fragment or character that could
/// be mistaken for the end of a request line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointUrl {
    scheme: UrlScheme,
    host: Host,
    port: u16,
    path_and_query: String,
}

/// How an endpoint is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlScheme {
    /// Plain; for this machine only (TT-9).
    Http,
    /// Over TLS.
    Https,
}

impl UrlScheme {
    const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl EndpointUrl {
    /// Reads a URL. Numeric spellings of an IPv4 address (`127.1`, `2130706433`, `0x7f.1`) mean the
    /// address that a browser takes them for.
    ///
    /// # Errors
    ///
    /// [`UrlError`] with what to write instead.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        if let Some(letter) = text.chars().find(|letter| letter.is_control() || letter.is_whitespace()) {
            return Err(UrlError::ForbiddenCharacter(letter));
        }
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::NoScheme)?;
        let scheme = match scheme {
            name if name.eq_ignore_ascii_case("http") => UrlScheme::Http,
            name if name.eq_ignore_ascii_case("https") => UrlScheme::Https,
            _ => return Err(UrlError::OtherScheme(scheme.into())),
        };
        if rest.contains('#') {
            return Err(UrlError::Fragment);
        }
        if let Some(letter) =
            rest.chars().find(|letter| matches!(letter, '\\' | '"' | '<' | '>' | '`' | '{' | '}' | '|' | '^'))
        {
            return Err(UrlError::ForbiddenCharacter(letter));
        }
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(UrlError::Credentials);
        }
        let (host, port) = split_port(authority);
        let port = match port {
            None | Some("") => scheme.default_port(),
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|port| *port != 0).ok_or(UrlError::BadPort)?
            }
            Some(_) => return Err(UrlError::BadPort),
        };
        if let Some(letter) = path.chars().find(|letter| !letter.is_ascii()) {
            return Err(UrlError::ForbiddenCharacter(letter));
        }
        let path_and_query = match path {
            "" => "/".into(),
            path if path.starts_with('?') => format!("/{path}"),
            path => path.into(),
        };
        Ok(Self { scheme, host: Host::parse(host)?, port, path_and_query })
    }

    /// `http` or `https`.
    pub const fn scheme(&self) -> UrlScheme {
        self.scheme
    }

    /// The host, normalised.
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// The port, the scheme's own where none was written.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Path and query as written; `/` where there is none.
    pub fn path_and_query(&self) -> &str {
        &self.path_and_query
    }

    /// Host and port as a `host` header wants them: without the scheme's own port.
    pub fn authority(&self) -> String {
        if self.port == self.scheme.default_port() {
            format!("{}", self.host)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// Whether the host is this machine by its name or address, in any spelling.
    pub fn is_loopback(&self) -> bool {
        self.host.is_loopback()
    }

    /// Whether the host can only mean something near: this machine, an address that is not public, or a name
    /// without a dot, which is looked up in the network at hand.
    pub fn is_local(&self) -> bool {
        match self.host.address() {
            Some(address) => !is_public(address),
            None => self.is_loopback() || self.host.is_single_label(),
        }
    }

    /// Whether a provider would deliver there: over HTTPS, or to this machine for tests (TT-9).
    ///
    /// # Errors
    ///
    /// [`UrlError::PlainHttp`].
    pub fn allowed_in_production(&self) -> Result<(), UrlError> {
        if self.scheme == UrlScheme::Https || self.is_loopback() { Ok(()) } else { Err(UrlError::PlainHttp) }
    }
}

impl fmt::Display for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            UrlScheme::Http => "http",
            UrlScheme::Https => "https",
        };
        write!(f, "{scheme}://{}{}", self.authority(), self.path_and_query)
    }
}

/// The colon of a port stands behind the brackets of an IPv6 address, not within them.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_normalised() {
        for (text, normal, loopback) in [
            ("http://localhost:3000/hook", "http://localhost:3000/hook", true),
            ("HTTPS://Shop.Example", "https://shop.example/", false),
            ("https://shop.example:443/a?b=c", "https://shop.example/a?b=c", false),
            ("http://127.1/", "http://127.0.0.1/", true),
            ("http://2130706433", "http://127.0.0.1/", true),
            ("http://0x7f.1", "http://127.0.0.1/", true),
            ("http://0177.0.0.1", "http://127.0.0.1/", true),
            ("http://[::ffff:127.0.0.1]:80", "http://[::ffff:127.0.0.1]/", true),
            ("http://[::1]?x", "http://[::1]/?x", true),
            ("http://LOCALHOST.", "http://localhost./", true),
            ("http://api.localhost", "http://api.localhost/", true),
            ("http://127.0.0.1.shop.example", "http://127.0.0.1.shop.example/", false),
            ("http://localhost.shop.example", "http://localhost.shop.example/", false),
        ] {
            let url = EndpointUrl::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((format!("{url}").as_str(), url.is_loopback()), (normal, loopback), "{text}");
        }
    }

    #[test]
    fn what_is_no_endpoint_is_refused_with_a_cure() {
        for text in [
            "",
            "shop.example",
            "ftp://shop.example",
            "http://",
            "http://user:pass@shop.example",
            "http://a b",
            "http://shop.example/#part",
            "http://shop.example/\r\nx: y",
            "http://shop.example:0",
            "http://x:65536",
            "http://x:8a",
            "http://[::1",
            "http://[::1%25lo]",
            "http://1.2.3.4.5",
            "http://256.1.1.1",
            "http://１２７.0.0.1",
            "http://münchen.example",
            "http://x/\\y",
            "http://a..b",
            "http://-",
            "http://4294967296",
            "http://a-.b",
        ] {
            assert!(EndpointUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn private_addresses_and_single_labels_are_near() {
        for (text, local) in [
            ("http://localhost/", true),
            ("http://shop/", true),
            ("http://shop./", true),
            ("http://10.1.2.3/", true),
            ("http://[fd00::1]/", true),
            ("http://api.localhost/", true),
            ("http://1.1.1.1/", false),
            ("https://shop.example/", false),
        ] {
            assert_eq!(EndpointUrl::parse(text).expect("a URL").is_local(), local, "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for (text, allowed) in
            [("https://shop.example", true), ("http://127.0.0.1", true), ("http://shop.example", false)]
        {
            assert_eq!(
                EndpointUrl::parse(text).expect("a URL").allowed_in_production().is_ok(),
                allowed,
                "{text}"
            );
        }
    }
}
