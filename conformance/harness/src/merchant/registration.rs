//! Where a merchant told its provider to deliver.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Character, Defect};
use crate::Resolve;

/// The address under which a merchant is registered with its provider. It does not listen there, so that a run can
/// judge it and send nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The URL.
    pub url: &'static str,
    /// Where the URL's host leads.
    pub addresses: &'static [IpAddr],
}

impl Character {
    /// As this merchant is registered.
    pub fn registration(&self) -> Registration {
        let sound = Registration { url: "https://hooks.shop.example/webhooks", addresses: &PUBLIC };
        if self.has(Defect::RegisteredWithoutTls) {
            Registration { url: "http://hooks.shop.example/webhooks", ..sound }
        } else if self.has(Defect::RegisteredWithAPassword) {
            Registration { url: "https://shop:swordfish@hooks.shop.example/webhooks", ..sound }
        } else if self.has(Defect::LeadsInside) {
            Registration { addresses: &PUBLIC_AND_PRIVATE, ..sound }
        } else {
            sound
        }
    }
}

impl Registration {
    /// The addresses as a [`Target`](crate::Target) takes them.
    pub fn rules(&self) -> Vec<Resolve> {
        let each = self.addresses.iter().flat_map(|address| [80, 443].map(|port| (port, *address)));
        each.map(|(port, address)| Resolve { host: "hooks.shop.example".into(), port, address }).collect()
    }
}

/// Nothing is sent there.
const PUBLIC: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(93, 184, 215, 14)),
    IpAddr::V6(Ipv6Addr::new(0x2606, 0x2800, 0, 0, 0, 0, 0, 1)),
];

const PUBLIC_AND_PRIVATE: [IpAddr; 2] = [PUBLIC[0], IpAddr::V4(Ipv4Addr::new(10, 0, 0, 5))];
