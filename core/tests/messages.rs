//! What every refusal says, word by word: it is what a person reads at three in the morning.

use std::{error::Error, time::Duration};

use hookproof_core::{
    Claim, Claimed, ConfigError, EndpointUrl, Event, Header, Message, Provider, Scheme, Secret, Subscription,
    Timestamp, Tolerance, Verifier, VerifyError, scan, sign,
};

const NOW: Timestamp = Timestamp::from_unix_secs(1_704_067_200);
const SECRET: &str = "whsec_c2hvcCBzZWNyZXQ=";

/// Lower-case fragments without a full stop, which fit behind a name or a colon.
fn says(error: &dyn Error, message: &str) {
    assert_eq!(error.to_string(), message);
    assert!(!message.ends_with('.') && !message.starts_with(char::is_uppercase), "{message}");
    assert!(!message.contains(SECRET) && !format!("{error:?}").contains(SECRET), "a secret is shown");
}

fn provider(name: &str) -> &'static Provider {
    Provider::built_in(name).expect("built in")
}

fn scheme(name: &str) -> &'static Scheme {
    provider(name).signature.as_ref().expect("signed")
}

fn verifier(scheme: &Scheme) -> Verifier {
    Verifier::new(scheme, &[Secret::new(SECRET).expect("sound")], Tolerance::DEFAULT)
        .expect("a secret that fits")
}

fn refusal(name: &str, headers: &[(&str, &str)]) -> VerifyError {
    let headers: Vec<Header<'_>> =
        headers.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
    verifier(scheme(name)).verify(&headers, b"{}", NOW).expect_err("refused")
}

#[test]
fn a_refused_request_is_told_why() {
    let zeros = "0".repeat(64);
    let many = format!("t=1704067200{}", format!(",v1={zeros}").repeat(33));
    for (value, message) in [
        ("v1=00", "the signature header has no timestamp (t=)"),
        ("t=1,t=1", "the signature header has two timestamps"),
        ("t=01,v1=00", "the timestamp (t=) is not a whole number of Unix seconds"),
        ("t=1,v1=00", "the signature header has no v1 signature of 64 lower-case hex digits"),
        (&many, "the header has more than the 32 signatures allowed"),
        (&"x".repeat(8_193), "the signature header has 8193 bytes, more than the 8192 allowed"),
        (
            &format!("t=1704067200,v1={zeros}"),
            "no signature matches these bytes: another secret, or a body that is not the one that was sent \
             (parsed and printed again?)",
        ),
    ] {
        says(&refusal("turratech", &[("turratech-signature", value)]), message);
    }
    says(&refusal("turratech", &[]), "there is no header turratech-signature");

    for (id, timestamp, signature, message) in [
        ("a.b", "1704067200", "v1,", "the message's id is empty or has a dot in it"),
        ("msg_1", "1704067200.0", "v1,", "the timestamp is not a whole number of Unix seconds"),
        ("msg_1", "1704067200", "v1,AA==", "the signature header has no v1 signature of 32 bytes in base64"),
        ("msg_1", "1704067200", &"v1, ".repeat(33), "the header has more than the 32 signatures allowed"),
    ] {
        let headers =
            [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signature)];
        says(&refusal("standard-webhooks", &headers), message);
    }
}

#[test]
fn a_request_of_another_time_is_told_by_how_much() {
    let verifier = verifier(scheme("turratech"));
    let signed = verifier.sign(&Message { id: "", at: NOW, body: b"{}" }).expect("signable");
    let headers: Vec<Header<'_>> =
        signed.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
    for (now, message) in [
        (NOW.saturating_add(Duration::from_secs(412)), "timestamp is 412s old, more than the 300s allowed"),
        (
            NOW.saturating_sub(Duration::from_secs(301)),
            "timestamp is 301s in the future, more than the 300s allowed",
        ),
    ] {
        says(&verifier.verify(&headers, b"{}", now).expect_err("another time"), message);
    }
}

#[test]
fn a_wrong_configuration_is_told_with_its_cure() {
    let secret = |text| Secret::new(text).expect_err("no secret");
    says(&secret(" "), "is blank; give the one that the provider shows for this endpoint");
    says(
        &secret(&format!("{SECRET}\n")),
        "has white space around it, perhaps a file's last newline; remove it, because it would be part of the key",
    );
    let refused = |secrets: &[Secret]| {
        Verifier::new(scheme("standard-webhooks"), secrets, Tolerance::DEFAULT).expect_err("no verifier")
    };
    says(&refused(&[]), "no secret was given; give the one that the provider shows for this endpoint");
    says(
        &refused(&[Secret::new("whsec_§").expect("a secret")]),
        "is not base64 (after an optional whsec_), as this scheme needs",
    );
    says(&refused(&[Secret::new("whsec_").expect("a secret")]), "has nothing behind its whsec_ prefix");
    says(
        &Tolerance::secs(0).expect_err("zero"),
        "a tolerance of 0 refuses every event; give whole seconds above 0, or switch the check off by name",
    );
    let secret = Secret::new(SECRET).expect("sound");
    for id in ["", "a.b", "a b", "é"] {
        let unsigned = sign(scheme("standard-webhooks"), &secret, &Message { id, at: NOW, body: b"{}" });
        assert_eq!(unsigned.map_err(|error| error.code()), Err("unsignable_id"), "{id:?}");
    }
    says(
        &ConfigError::UnsignableId,
        "the message's id is empty or has a dot or a character that headers cannot carry",
    );
}

#[test]
fn nothing_that_is_printed_shows_a_secret() {
    for name in ["turratech", "standard-webhooks", "github"] {
        let shown = format!("{:?}", verifier(scheme(name)));
        assert!(shown.contains("Key(…)"), "{shown}");
        for text in [SECRET, "c2hvcCBzZWNyZXQ", "shop secret"] {
            assert!(!shown.contains(text) && !shown.contains(&format!("{:?}", text.as_bytes())), "{shown}");
        }
    }
}

#[test]
fn a_body_that_is_no_event_is_told_where() {
    let turratech =
        |body: &[u8]| Event::parse(&provider("turratech").shape, &[], body).expect_err("no event");
    let long = format!(r#"{{"id":"{}","type":"a","data":{{"object":{{}}}}}}"#, "e".repeat(1_025));
    for (body, message) in [
        (&b"{"[..], "the body is not JSON: byte 1 is the end, in the middle of a value"),
        (b"[]", "the body is JSON, but no object"),
        (br#"{"type":"a","data":{"object":{}}}"#, "/id is missing or empty"),
        (br#"{"id":1,"type":"a","data":{"object":{}}}"#, "/id is not a string"),
        (
            br#"{"id":"a","type":"a","created":"now","data":{"object":{}}}"#,
            "/created is not whole Unix seconds",
        ),
        (long.as_bytes(), "/id has 1025 bytes, more than the 1024 allowed"),
        (
            br#"{"id":"a","id":"b","type":"a","data":{"object":{}}}"#,
            "/id stands twice, and readers disagree about which one counts",
        ),
    ] {
        says(&turratech(body), message);
    }
    let github = |ids: &[&[u8]]| {
        let ids = ids.iter().map(|value| Header { name: "X-GitHub-Delivery", value });
        let headers: Vec<Header<'_>> =
            [Header { name: "X-GitHub-Event", value: b"issues" }].into_iter().chain(ids).collect();
        Event::parse(&provider("github").shape, &headers, b"{}").map(|event| event.id().map(str::to_owned))
    };
    assert_eq!(github(&[b"72d3162e"]), Ok(Some("72d3162e".to_owned())));
    says(&github(&[]).expect_err("no id"), "header x-github-delivery is missing or empty");
    says(&github(&[b"\xff"]).expect_err("no text"), "header x-github-delivery is not UTF-8 text");
    says(
        &github(&[b"1", b"2"]).expect_err("two ids"),
        "header x-github-delivery stands twice, and readers disagree about which one counts",
    );
}

#[test]
fn a_body_that_is_no_json_is_told_with_the_byte() {
    for (body, message) in [
        (&b"\xef\xbb\xbf{}"[..], "byte 0 is a byte order mark, which JSON does not have"),
        (b"\"\xff\"", "byte 1 is bytes that are not UTF-8"),
        (b"[", "byte 1 is the end, in the middle of a value"),
        (b"[}", "byte 1 is a byte that cannot stand there"),
        (b"01", "byte 1 is a number that is not JSON's"),
        (b"\"\\x\"", "byte 2 is an escape that JSON does not know"),
        (b"\"\\ud800\"", "byte 1 is an escape for half a character"),
        (b"\"\n\"", "byte 1 is a control character inside a string"),
        (&b"[".repeat(129), "byte 128 is more than 128 levels of nesting"),
        (b"{} {}", "byte 3 is something behind the value"),
    ] {
        says(&scan(body).expect_err("no JSON"), message);
    }
}

#[test]
fn a_url_that_is_no_endpoint_is_told_with_its_cure() {
    for (url, message) in [
        ("shop.example", "begins with neither http:// nor https://"),
        ("ftp://shop.example", "has the scheme \"ftp\"; only http and https are delivered to"),
        ("https://user:pass@shop.example", "has a name or password in it; providers do not send one"),
        ("https://shop.example/#part", "has a # part, which is never sent; leave it out"),
        ("https://shop.example/a b", "has the character ' ' in it; percent-encode it or leave it out"),
        ("https://shop.example/\r\nx: y", "has the character '\\r' in it; percent-encode it or leave it out"),
        ("https:///hook", "names no host"),
        ("https://1.2.3.4.5", "has a host that is no name and no address: \"1.2.3.4.5\""),
        ("https://münchen.example", "has a host beyond ASCII: \"münchen.example\"; write its xn-- form"),
        ("https://shop.example:0", "has a port that is not a number from 1 to 65535"),
    ] {
        says(&EndpointUrl::parse(url).expect_err("no endpoint"), message);
    }
    let plain = EndpointUrl::parse("http://shop.example").expect("a URL");
    says(
        &plain.allowed_in_production().expect_err("plain HTTP"),
        "is plain HTTP, which providers take for this machine only; use https",
    );
}

#[test]
fn types_that_nothing_can_have_are_told() {
    says(
        &Subscription::new([""; 0]).expect_err("no type"),
        "names no type, so nothing would be delivered; name some, or * for all",
    );
    says(
        &Subscription::new(["payment succeeded\n"]).expect_err("white space"),
        "names \"payment succeeded\\n\", which is no type of event",
    );
}

#[test]
fn a_lost_lease_is_told_with_what_it_means() {
    let mut claim = Claim::default();
    let Claimed::Acquired { token, .. } = claim.claim("a", NOW, Duration::ZERO, 8) else {
        panic!("a new key")
    };
    claim.claim("b", NOW, Duration::from_secs(30), 8);
    says(
        &claim.commit(token, NOW, Duration::ZERO).expect_err("b holds it"),
        "the lease ended and the key was claimed again: what was done under it may be done twice",
    );
}
