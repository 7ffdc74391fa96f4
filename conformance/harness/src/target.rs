//! Where requests go: the URL, how its name resolves, whom TLS trusts, how long an answer may take.

use std::{error, fmt, net::IpAddr, str::FromStr, time::Duration};

use hookproof_core::{EndpointUrl, Host};

use crate::trust::Trust;

/// An endpoint and how to reach it.
#[derive(Clone, Debug)]
pub struct Target {
    /// The endpoint.
    pub url: EndpointUrl,
    /// Names with an address of the caller's choice; for every other name the system is asked.
    pub resolve: Vec<Resolve>,
    /// Whom TLS trusts.
    pub(crate) trust: Trust,
    /// From before the name is looked up to the last byte of the answer.
    pub time_limit: Duration,
}

impl Target {
    /// An endpoint whose certificate must come from a publicly trusted issuer, or from one in `cacert` (PEM), or be
    /// one of those itself.
    ///
    /// # Errors
    ///
    /// [`TargetError`] when `cacert` has no certificate that can be used.
    pub fn new(
        url: EndpointUrl,
        resolve: Vec<Resolve>,
        cacert: Option<&[u8]>,
        time_limit: Duration,
    ) -> Result<Self, TargetError> {
        Ok(Self { url, resolve, trust: Trust::new(cacert)?, time_limit })
    }

    /// The same trust and addresses for another URL.
    pub(crate) fn at(&self, url: EndpointUrl, time_limit: Duration) -> Self {
        Self { url, resolve: self.resolve.clone(), trust: self.trust.clone(), time_limit }
    }

    /// The addresses that the caller chose for the URL's host and port.
    pub fn chosen_addresses(&self) -> Vec<IpAddr> {
        let Host::Name(name) = self.url.host() else { return Vec::new() };
        let name = name.trim_end_matches('.');
        self.resolve
            .iter()
            .filter(|rule| rule.host == name && rule.port == self.url.port())
            .map(|rule| rule.address)
            .collect()
    }
}

/// `HOST:PORT:ADDRESS`: connect to this address where that host and port are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolve {
    /// In lower case, without a dot at its end.
    pub host: String,
    /// The port of the URL.
    pub port: u16,
    /// Where to connect.
    pub address: IpAddr,
}

impl FromStr for Resolve {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let wrong = |what| TargetError::Resolve { found: text.into(), what };
        let mut parts = text.splitn(3, ':');
        let host = parts.next().unwrap_or_default().trim_end_matches('.').to_lowercase();
        let port = parts.next().ok_or(wrong("it has no port"))?;
        let address = parts.next().ok_or(wrong("it has no address"))?;
        if host.is_empty() {
            return Err(wrong("it has no host"));
        }
        Ok(Self {
            host,
            port: port.parse().map_err(|_| wrong("its port is none"))?,
            address: address.trim_matches(['[', ']']).parse().map_err(|_| wrong("its address is none"))?,
        })
    }
}

/// Why a target cannot be made: always the caller's words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetError {
    /// The PEM text is broken; how.
    Pem(String),
    /// The PEM text holds no certificate.
    NoCertificate,
    /// A certificate in it cannot be an issuer's; why.
    Certificate(String),
    /// Not `HOST:PORT:ADDRESS`.
    Resolve {
        /// What was given.
        found: String,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pem(why) => write!(f, "the certificates to trust are no PEM text: {why}"),
            Self::NoCertificate => {
                f.write_str("the certificates to trust hold no \"-----BEGIN CERTIFICATE-----\" section")
            }
            Self::Certificate(why) => write!(f, "one of the certificates to trust cannot be used: {why}"),
            Self::Resolve { found, what } => {
                write!(f, "\"{}\" is not HOST:PORT:ADDRESS: {what}", found.escape_debug())
            }
        }
    }
}

impl error::Error for TargetError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str, rules: &[&str]) -> Target {
        let rules = rules.iter().map(|rule| rule.parse().unwrap()).collect();
        Target::new(EndpointUrl::parse(url).unwrap(), rules, None, Duration::from_secs(30)).unwrap()
    }

    #[test]
    fn chosen_addresses_are_those_of_the_host_and_port() {
        let rules = [
            "Shop.example.:443:127.0.0.1",
            "shop.example:443:[::1]",
            "shop.example:80:127.0.0.2",
            "x:443:127.0.0.3",
        ];
        let chosen = target("https://shop.example/hook", &rules).chosen_addresses();
        assert_eq!(chosen, ["127.0.0.1".parse::<IpAddr>().unwrap(), "::1".parse().unwrap()]);
        assert!(target("https://other.example/", &rules).chosen_addresses().is_empty());
        assert!(target("https://127.0.0.1/", &rules).chosen_addresses().is_empty());
    }

    #[test]
    fn a_rule_that_is_none_is_told_with_what_is_wrong() {
        for (text, what) in [
            ("shop.example", "it has no port"),
            ("shop.example:443", "it has no address"),
            (":443:127.0.0.1", "it has no host"),
            ("shop.example:70000:127.0.0.1", "its port is none"),
            ("shop.example:443:localhost", "its address is none"),
        ] {
            let error = text.parse::<Resolve>().unwrap_err();
            assert_eq!(error.to_string(), format!("\"{text}\" is not HOST:PORT:ADDRESS: {what}"));
        }
    }
}
