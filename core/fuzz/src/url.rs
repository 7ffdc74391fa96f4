//! Endpoints' URLs, with the `url` crate (the WHATWG's rules, as browsers follow them) as the second opinion.

use std::net::IpAddr;

use hookproof_core::{EndpointUrl, Host, UrlScheme};
use url::Url;

/// Any text as an endpoint's URL.
pub fn url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if !text.is_ascii() {
        // A browser folds other scripts' letters into a name of ASCII; what is written to us must be that name.
        assert!(EndpointUrl::parse(text).is_err(), "{text:?}");
        return;
    }
    let theirs = Url::parse(text);
    if let Ok(ours) = EndpointUrl::parse(text) {
        is_sound(&ours);
        match &theirs {
            Ok(theirs) => agree(&ours, theirs),
            // We take no part in what internationalised names mean.
            Err(error) => assert!(ours.host().to_string().contains("xn--"), "taken: {text:?}, {error}"),
        }
    }
    if let Some(theirs) = theirs.ok().filter(is_deliverable) {
        let ours = EndpointUrl::parse(theirs.as_str());
        agree(&ours.unwrap_or_else(|error| panic!("{theirs} {error}")), &theirs);
    }
}

/// What holds for every URL that is taken.
fn is_sound(ours: &EndpointUrl) {
    assert_eq!(EndpointUrl::parse(&ours.to_string()).as_ref(), Ok(ours), "printed, it is another");
    let line = format!("{}{}", ours.authority(), ours.path_and_query());
    let is_sendable = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte);
    assert!(line.bytes().all(is_sendable), "more than RFC 3986 has, or a fragment: {line:?}");
    assert!(ours.path_and_query().starts_with('/'), "{line:?}");
}

/// Both mean one place, and plain HTTP is for this machine only, in whatever spelling (TT-9).
fn agree(ours: &EndpointUrl, theirs: &Url) {
    assert_eq!(if ours.scheme() == UrlScheme::Https { "https" } else { "http" }, theirs.scheme(), "{theirs}");
    assert_eq!(Some(ours.port()), theirs.port_or_known_default(), "{theirs}");
    let (same_host, is_local) = match (ours.host(), theirs.host()) {
        (Host::Name(ours), Some(url::Host::Domain(theirs))) => (ours == theirs, is_this_machine(theirs)),
        (Host::Ipv4(ours), Some(url::Host::Ipv4(theirs))) => (*ours == theirs, theirs.is_loopback()),
        (Host::Ipv6(ours), Some(url::Host::Ipv6(theirs))) => {
            (*ours == theirs, IpAddr::from(theirs).to_canonical().is_loopback())
        }
        _ => (false, false),
    };
    assert!(same_host, "{ours} is another host than {theirs}");
    assert_eq!(ours.is_loopback(), is_local, "{ours}");
    assert_eq!(ours.allowed_in_production().is_ok(), theirs.scheme() == "https" || is_local, "{ours}");
}

fn is_this_machine(name: &str) -> bool {
    name.trim_end_matches('.').rsplit('.').next() == Some("localhost")
}

/// Whether we must take it, as a browser writes it: nothing in it is one of our reasons to refuse.
fn is_deliverable(theirs: &Url) -> bool {
    let is_label = |label: &str| {
        matches!(label.len(), 1..=63)
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let host_is_plain = theirs.domain().is_none_or(|name| {
        let name = name.strip_suffix('.').unwrap_or(name);
        name.len() <= 253 && name.split('.').all(is_label)
    });
    matches!(theirs.scheme(), "http" | "https")
        && host_is_plain
        && theirs.port() != Some(0)
        && theirs.username().is_empty()
        && theirs.password().is_none()
        && theirs.fragment().is_none()
        && !theirs.as_str().contains(['\\', '"', '<', '>', '`', '{', '}', '|', '^'])
}
