use alloc::vec;

use hookproof_core::{Message, Provider, Secret, Tolerance};

use super::*;

const SIGNED: [&str; 4] = ["turratech", "standard-webhooks", "stripe", "github"];
const AT: Timestamp = Timestamp::from_unix_secs(1_704_067_200);

#[test]
fn a_spelling_as_the_providers_own_is_what_it_signs() {
    for name in SIGNED {
        let scheme = Provider::built_in(name).unwrap().signature.clone().unwrap();
        let right = verifier(&scheme, "whsec_cmlnaHQ=");
        let written = write(&scheme, Spelling::of(&scheme));
        let signed = right.sign(&Message { id: "evt_1", at: AT, body: b"{}" }).unwrap();
        assert_eq!(written.headers, signed, "{name}");
        let [mac] = written.macs.as_slice() else { panic!("{name}: {:?}", written.macs) };
        assert!(signed.last().unwrap().1.ends_with(mac.as_str()), "{name}");
    }
}

#[test]
fn every_hole_is_filled_with_what_it_says() {
    let scheme = Provider::built_in("turratech").unwrap().signature.clone().unwrap();
    let mac = verifier(&scheme, "whsec_cmlnaHQ=").mac(&[b"1704067200.{}"]).unwrap();
    let other = verifier(&scheme, "whsec_b3RoZXI=").mac(&[b"1704067200.{}"]).unwrap();
    let hex = Encoding::Hex.encode(&mac);
    for (text, filled) in [
        ("t=<t>;<time>;<now>", "t=1704067200;1704067200;1704067260".into()),
        ("<t:x> <t:o> <date>", "0x65920080 0o14544400200 2024-01-01T00:00:00Z".into()),
        ("<id>!", "evt_1!".into()),
        ("<mac>,<hex>", format!("{hex},{hex}")),
        ("<HEX>", hex.to_uppercase()),
        ("<base64>", Encoding::Base64.encode(&mac)),
        ("<other>", Encoding::Hex.encode(&other)),
        ("<mac/31>", hex[..62].into()),
        ("<base64/31>", Encoding::Base64.encode(&mac[..31])),
        ("<mac:..63>g", format!("{}g", &hex[..63])),
        ("<mac:..32> <mac:32..>", format!("{} {}", &hex[..32], &hex[32..])),
        // What is no hole stays.
        ("a<b", "a<b".into()),
        ("<nothing> <mac/33> <mac:65..> <prefix>", "<nothing> <mac/33> <mac:65..> <prefix>".into()),
    ] {
        let signatures = vec![text].leak();
        let written = write(&scheme, Spelling { signatures, ..Spelling::TIMESTAMPED });
        assert_eq!(written.headers, [("turratech-signature".to_string(), filled)], "{text}");
    }
}

#[test]
fn the_mac_covers_the_time_that_is_said_to_be_signed() {
    let scheme = Provider::built_in("turratech").unwrap().signature.clone().unwrap();
    let mac = verifier(&scheme, "whsec_cmlnaHQ=").mac(&[b"+1704067200.{}"]).unwrap();
    let written = write(&scheme, Spelling { time: "+<t>", ..Spelling::TIMESTAMPED });
    assert_eq!(written.headers[0].1, format!("t=+1704067200,v1={}", Encoding::Hex.encode(&mac)));
}

#[test]
fn a_header_may_have_several_lines_or_none() {
    let scheme = Provider::built_in("standard-webhooks").unwrap().signature.clone().unwrap();
    let written = write(&scheme, Spelling { ids: &[], times: &["<t>", "<now>"], ..Spelling::STANDARD });
    let names: Vec<&str> = written.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["webhook-timestamp", "webhook-timestamp", "webhook-signature"]);
    assert_eq!(written.headers[1].1, "1704067260");
}

#[test]
fn pieces_of_a_right_mac_are_confidential_and_those_of_another_are_not() {
    let scheme = Provider::built_in("turratech").unwrap().signature.clone().unwrap();
    for (signatures, macs) in [
        (&["v1=<mac/31>"][..], 1),
        (&["v1=<mac:..32>,v1=<mac:32..>"], 2),
        (&["v1=<mac:..16>"], 1),
        (&["v1=<mac:..15>"], 0),
        (&["v1=<other>"], 0),
        (&["v1=<HEX>", "v1=<base64>"], 2),
    ] {
        let written = write(&scheme, Spelling { signatures, ..Spelling::TIMESTAMPED });
        assert_eq!(written.macs.len(), macs, "{signatures:?}");
    }
}

fn write(scheme: &Scheme, spelling: Spelling) -> Written {
    let [right, other] = ["whsec_cmlnaHQ=", "whsec_b3RoZXI="].map(|secret| verifier(scheme, secret));
    let now = Timestamp::from_unix_secs(1_704_067_260);
    let facts = Facts { scheme, right: &right, other: &other, id: "evt_1", signed: AT, now, body: b"{}" };
    spelling.write(&facts).unwrap()
}

fn verifier(scheme: &Scheme, secret: &str) -> Verifier {
    Verifier::new(scheme, &[Secret::new(secret).unwrap()], Tolerance::DEFAULT).unwrap()
}
