//! The URL under which a provider knows an endpoint.

use alloc::string::String;

use hookproof_core::{EndpointUrl, UrlError};

/// A URL as it was given to the provider. Unlike the one that we deliver to it may have a name and password in it,
/// because whether it has is what one check asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The URL without them.
    pub url: EndpointUrl,
    /// Whether a name or password stood before the host.
    pub has_credentials: bool,
}

impl Registered {
    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// [`UrlError`], where it is none even without a name and password.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let authority = text.find("://").map_or(0, |scheme| scheme + "://".len());
        let (scheme, rest) = text.split_at_checked(authority).unwrap_or((text, ""));
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let at = rest.get(..end).and_then(|authority| authority.rfind('@'));
        let host = at.and_then(|at| rest.get(at + 1..)).unwrap_or(rest);
        let url = EndpointUrl::parse(&(String::from(scheme) + host))?;
        Ok(Self { url, has_credentials: at.is_some() })
    }
}

impl From<EndpointUrl> for Registered {
    fn from(url: EndpointUrl) -> Self {
        Self { url, has_credentials: false }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_name_and_password_are_noticed_and_left_out() {
        for (text, plain, has_credentials) in [
            ("https://shop.example/hook", "https://shop.example/hook", false),
            ("https://user:pass@shop.example/hook", "https://shop.example/hook", true),
            ("https://user@shop.example:8443", "https://shop.example:8443/", true),
            ("https://a@b@shop.example?c", "https://shop.example/?c", true),
            ("https://shop.example/@user", "https://shop.example/@user", false),
            ("https://shop.example?mail=a@b.example", "https://shop.example/?mail=a@b.example", false),
        ] {
            let read = Registered::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((read.url.to_string().as_str(), read.has_credentials), (plain, has_credentials));
        }
        for text in ["", "shop.example", "user@shop.example", "ftp://user@shop.example", "https://user@"] {
            assert!(Registered::parse(text).is_err(), "{text}");
        }
    }
}
