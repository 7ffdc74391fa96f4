//! Hosts: names and addresses, the latter in every spelling that a browser understands.

use alloc::{borrow::ToOwned, string::String};
use core::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use super::UrlError;

/// A host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// A name in lower case, perhaps with a final dot.
    Name(String),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address, written in brackets.
    Ipv6(Ipv6Addr),
}

impl Host {
    /// Reads the host of a URL.
    pub(super) fn parse(text: &str) -> Result<Self, UrlError> {
        if text.is_empty() {
            return Err(UrlError::NoHost);
        }
        if !text.is_ascii() {
            return Err(UrlError::NonAsciiHost(text.to_owned()));
        }
        let bad = || UrlError::BadHost(text.to_owned());
        if let Some(inner) = text.strip_prefix('[') {
            let address = inner.strip_suffix(']').and_then(|inner| inner.parse().ok());
            return address.map(Self::Ipv6).ok_or_else(bad);
        }
        let name = text.to_ascii_lowercase();
        let labels = name.strip_suffix('.').unwrap_or(&name);
        if ends_in_a_number(labels) {
            return ipv4(labels).map(Self::Ipv4).ok_or_else(bad);
        }
        let is_label = |label: &str| {
            matches!(label.len(), 1..=63)
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        if labels.len() <= 253 && labels.split('.').all(is_label) { Ok(Self::Name(name)) } else { Err(bad()) }
    }

    /// The address, where the host is one.
    pub const fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Name(_) => None,
            Self::Ipv4(address) => Some(IpAddr::V4(*address)),
            Self::Ipv6(address) => Some(IpAddr::V6(*address)),
        }
    }

    /// Whether it is a name without a dot within.
    pub(super) fn is_single_label(&self) -> bool {
        matches!(self, Self::Name(name) if !name.strip_suffix('.').unwrap_or(name).contains('.'))
    }

    /// Whether this is the machine itself.
    pub(super) fn is_loopback(&self) -> bool {
        match self {
            Self::Name(name) => {
                let name = name.strip_suffix('.').unwrap_or(name);
                name == "localhost" || name.ends_with(".localhost")
            }
            Self::Ipv4(address) => address.is_loopback(),
            Self::Ipv6(address) => {
                address.is_loopback() || address.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback())
            }
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Ipv4(address) => write!(f, "{address}"),
            Self::Ipv6(address) => write!(f, "[{address}]"),
        }
    }
}

/// The rule of the WHATWG URL standard: a host whose last label is a number is an address or nothing.
fn ends_in_a_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_decimal = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    is_decimal || (last.starts_with("0x") && number(last).is_some())
}

/// One to four numbers, the last of which fills what is left of 32 bits.
fn ipv4(host: &str) -> Option<Ipv4Addr> {
    let (front, last) = host.rsplit_once('.').map_or((None, host), |(front, last)| (Some(front), last));
    let mut bits: u32 = 0;
    let mut places: u32 = 32;
    for label in front.into_iter().flat_map(|front| front.split('.')) {
        places = places.checked_sub(8).filter(|places| *places > 0)?;
        let byte = number(label).filter(|byte| *byte < 256)?;
        bits |= u32::try_from(byte).ok()?.checked_shl(places)?;
    }
    let limit = 1_u64.checked_shl(places)?;
    let rest = number(last).filter(|rest| *rest < limit)?;
    Some(Ipv4Addr::from(bits | u32::try_from(rest).ok()?))
}

/// A decimal, octal (`0177`) or hexadecimal (`0x7f`) number.
fn number(label: &str) -> Option<u64> {
    match label.strip_prefix("0x") {
        Some("") => Some(0),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            u64::from_str_radix(digits, 16).ok()
        }
        Some(_) => None,
        None if !label.bytes().all(|byte| byte.is_ascii_digit()) => None,
        None if label.len() > 1 && label.starts_with('0') => u64::from_str_radix(label, 8).ok(),
        None => label.parse().ok(),
    }
}
