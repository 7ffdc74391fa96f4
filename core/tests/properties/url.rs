//! Endpoints' URLs.

use std::net::{Ipv4Addr, Ipv6Addr};

use hookproof_core::{EndpointUrl, Host};
use proptest::{prelude::*, sample::select};

/// The spellings of an address that a browser understands.
fn spellings(address: u32) -> Vec<String> {
    let [a, b, c, d] = address.to_be_bytes();
    let [_, tail @ ..] = address.to_be_bytes();
    let tail = tail.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
    vec![
        format!("{a}.{b}.{c}.{d}"),
        format!("{a}.{b}.{c}.{d}."),
        format!("{address}"),
        format!("0x{address:x}"),
        format!("0X{address:X}"),
        format!("0{address:o}"),
        format!("{a}.{tail}"),
        format!("{a}.{b}.{}", u32::from(c) << 8 | u32::from(d)),
        format!("0{a:o}.0x{b:x}.{c}.0{d:o}"),
    ]
}

proptest! {
    #[test]
    fn every_spelling_of_an_address_is_that_address(
        address in prop_oneof![any::<u32>(), 0x7f00_0000..=0x7fff_ffff_u32],
    ) {
        let meant = Ipv4Addr::from(address);
        for spelling in spellings(address) {
            let url = EndpointUrl::parse(&format!("http://{spelling}/hook"));
            prop_assert_eq!(url.as_ref().map(EndpointUrl::host), Ok(&Host::Ipv4(meant)), "{}", spelling);
            prop_assert_eq!(url.as_ref().map(|url| url.host().address()), Ok(Some(meant.into())), "{}", spelling);
            prop_assert_eq!(url.map(|url| url.is_loopback()), Ok(meant.is_loopback()), "{}", spelling);
        }
    }

    #[test]
    fn an_ipv6_address_is_loopback_as_itself_or_mapped(address in any::<u32>(), other in any::<u128>()) {
        let mapped = Ipv4Addr::from(address);
        for (address, loopback) in [
            (mapped.to_ipv6_mapped(), mapped.is_loopback()),
            (Ipv6Addr::LOCALHOST, true),
            (Ipv6Addr::from(other | 1 << 127), false),
        ] {
            let url = EndpointUrl::parse(&format!("https://[{address}]:8443/"));
            let found = url.map(|url| (url.host().address(), url.host().clone(), url.is_loopback()));
            prop_assert_eq!(found, Ok((Some(address.into()), Host::Ipv6(address), loopback)));
        }
    }

    #[test]
    fn a_name_has_no_address_even_where_one_stands_in_it(name in "[a-z]{1,9}(\\.[0-9]{1,3}){0,4}\\.example") {
        let url = EndpointUrl::parse(&format!("https://{name}/"));
        prop_assert_eq!(url.as_ref().map(|url| url.host().address()), Ok(None));
        prop_assert_eq!(url.map(|url| url.host().clone()), Ok(Host::Name(name)));
    }

    #[test]
    fn a_url_that_is_taken_reads_the_same_when_written_again(
        text in "(http|https|HTTP)://[A-Za-z0-9.\\[\\]:_-]{0,20}[/?#@%a-z0-9 ]{0,12}",
    ) {
        if let Ok(url) = EndpointUrl::parse(&text) {
            prop_assert_eq!(EndpointUrl::parse(&url.to_string()), Ok(url));
        }
    }

    #[test]
    fn nothing_that_is_taken_can_end_a_request_line(
        front in select(vec!["", "http://", "https://x", "http://x/", "http://x/?"]),
        rest in prop_oneof![any::<String>(), "[\r\n\t #@\\\\:a]{0,6}"],
    ) {
        if let Ok(url) = EndpointUrl::parse(&format!("{front}{rest}")) {
            let line = format!("{}{}", url.authority(), url.path_and_query());
            prop_assert!(line.bytes().all(|byte| byte.is_ascii_graphic()), "{line:?}");
            prop_assert!(url.path_and_query().starts_with('/'));
            prop_assert!(!line.contains(['@', '#']) || url.path_and_query().contains('@'), "{line:?}");
        }
    }
}
