//! Which addresses the whole internet can reach.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a provider can reach this address from outside: it is none that is kept for private networks, for this
/// machine or link, for documentation, for tests, for groups or for translation.
///
/// # Source
///
/// The IANA special-purpose address registries (RFC 6890), without what they call globally reachable.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|block| block.contains(address)),
        IpAddr::V6(address) => !SPECIAL_V6.iter().any(|block| block.contains(address)),
    }
}

/// All addresses that begin with these bits.
struct Block<A> {
    first: A,
    bits: u32,
}

impl Block<Ipv4Addr> {
    fn contains(&self, address: Ipv4Addr) -> bool {
        (self.first.to_bits() ^ address.to_bits()).leading_zeros() >= self.bits
    }
}

impl Block<Ipv6Addr> {
    fn contains(&self, address: Ipv6Addr) -> bool {
        (self.first.to_bits() ^ address.to_bits()).leading_zeros() >= self.bits
    }
}

const fn v4(a: u8, b: u8, c: u8, bits: u32) -> Block<Ipv4Addr> {
    Block { first: Ipv4Addr::new(a, b, c, 0), bits }
}

const fn v6(a: u16, b: u16, c: u16, bits: u32) -> Block<Ipv6Addr> {
    Block { first: Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), bits }
}

const SPECIAL_V4: [Block<Ipv4Addr>; 15] = [
    v4(0, 0, 0, 8),
    v4(10, 0, 0, 8),
    // Behind a carrier's translator.
    v4(100, 64, 0, 10),
    v4(127, 0, 0, 8),
    v4(169, 254, 0, 16),
    v4(172, 16, 0, 12),
    v4(192, 0, 0, 24),
    v4(192, 0, 2, 24),
    v4(192, 88, 99, 24),
    v4(192, 168, 0, 16),
    v4(198, 18, 0, 15),
    v4(198, 51, 100, 24),
    v4(203, 0, 113, 24),
    // Groups, and what is kept for later with the broadcast address.
    v4(224, 0, 0, 4),
    v4(240, 0, 0, 4),
];

const SPECIAL_V6: [Block<Ipv6Addr>; 13] = [
    // The unspecified address, this machine, and IPv4 addresses in their oldest disguise.
    v6(0, 0, 0, 96),
    v6(0x64, 0xff9b, 0, 96),
    v6(0x64, 0xff9b, 1, 48),
    v6(0x100, 0, 0, 64),
    v6(0x2001, 0x2, 0, 48),
    v6(0x2001, 0xdb8, 0, 32),
    v6(0x2002, 0, 0, 16),
    v6(0x3fff, 0, 0, 20),
    v6(0x5f00, 0, 0, 16),
    v6(0xfc00, 0, 0, 7),
    v6(0xfe80, 0, 0, 10),
    v6(0xfec0, 0, 0, 10),
    v6(0xff00, 0, 0, 8),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_public(addresses: &[&str], public: bool) {
        for text in addresses {
            let address = text.parse().unwrap_or_else(|_| panic!("{text} is no address"));
            assert_eq!(is_public(address), public, "{text}");
        }
    }

    #[test]
    fn what_the_internet_routes_is_public() {
        assert_public(
            &["1.1.1.1", "93.184.215.14", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1"],
            true,
        );
        assert_public(&["192.0.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "11.0.0.0"], true);
        assert_public(&["2606:4700::1111", "2001:4860:4860::8888", "fbff::1", "::ffff:1.1.1.1"], true);
    }

    #[test]
    fn what_is_kept_for_something_else_is_not() {
        assert_public(&["0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1"], false);
        assert_public(&["169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1"], false);
        assert_public(&["192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255"], false);
        assert_public(&["198.51.100.7", "203.0.113.7", "224.0.0.1", "240.0.0.1", "255.255.255.255"], false);
        assert_public(&["::", "::1", "::7f00:1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1"], false);
        assert_public(&["100::1", "2001:2::1", "2001:db8::1", "2002:a00:1::", "3fff::1", "5f00::1"], false);
        assert_public(&["fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1"], false);
    }
}
