use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec::Vec,
};

use super::*;
use crate::{Message, signature::mac::Key};

const NOW: Timestamp = Timestamp::from_unix_secs(1_704_067_200);
const SECRET: &str = "whsec_c2hvcCBzZWNyZXQgb2YgMzIgYnl0ZXMgaGVyZSEh";
const BODY: &str = "{\"id\":\"evt_1\",\"note\":\"a/b \u{e9}\",\"list\":[1,{}]}";

fn scheme(provider: &str) -> &'static Scheme {
    Provider::built_in(provider).and_then(|provider| provider.signature.as_ref()).expect("signed")
}

/// Headers that a sender with this key makes of this body by TurraTech's construction.
fn signed_with(key: &[u8], body: &[u8]) -> Vec<(String, String)> {
    let time = NOW.as_unix_secs();
    let mac = Key::new(key).mac(&[alloc::format!("{time}.").as_bytes(), body]);
    alloc::vec![("turratech-signature".into(), alloc::format!("t={time},v1={}", hex::encode(&mac.0)))]
}

fn signed_by(provider: &str, body: &[u8]) -> Vec<(String, String)> {
    let message = Message { id: "msg_1", at: NOW, body };
    crate::sign(scheme(provider), &Secret::new(SECRET).expect("a secret"), &message).expect("signable")
}

fn causes(provider: &str, secret: &str, headers: &[(String, String)], body: &[u8]) -> Vec<&'static str> {
    let headers: Vec<Header<'_>> =
        headers.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
    let suspect = Suspect {
        scheme: scheme(provider),
        secret,
        other_secrets: &["whsec_b2xk", "whsec_bmV3"],
        headers: &headers,
        body,
        now: NOW,
    };
    match diagnose(&suspect) {
        Diagnosis::Sound => Vec::new(),
        Diagnosis::Caused(causes) => {
            for cause in &causes {
                let text = alloc::format!("{cause}");
                assert!(!text.contains(secret.trim()) && !text.is_empty(), "{text}");
            }
            causes.iter().map(Cause::code).collect()
        }
        Diagnosis::Unexplained(error) => alloc::vec!["unexplained", error.code()],
    }
}

#[test]
fn a_mistake_about_the_secret_is_named() {
    let decoded = base64::decode(&SECRET.as_bytes()[6..]).expect("base64");
    let with_newline = alloc::format!("{SECRET}\n");
    for (configured, key, expected) in [
        (SECRET, SECRET.as_bytes(), &[][..]),
        (&with_newline, SECRET.as_bytes(), &["secret_whitespace"]),
        (&with_newline, with_newline.as_bytes(), &["secret_signed_with_whitespace"]),
        (SECRET, &decoded, &["secret_decoded"]),
        (SECRET, &SECRET.as_bytes()[6..], &["secret_prefix_removed"]),
        (SECRET, b"whsec_bmV3", &["other_secret"]),
        (SECRET, b"nobody's", &["unexplained", "no_match"]),
    ] {
        let headers = signed_with(key, BODY.as_bytes());
        assert_eq!(
            causes("turratech", configured, &headers, BODY.as_bytes()),
            expected,
            "{configured:?} {key:?}"
        );
    }
    let message = [b"msg_1.", NOW.as_unix_secs().to_string().as_bytes(), b".", BODY.as_bytes()].concat();
    for key in [SECRET.as_bytes(), &SECRET.as_bytes()[6..]] {
        let mut headers = signed_by("standard-webhooks", BODY.as_bytes());
        headers[2].1 = alloc::format!("v1,{}", base64::encode(&Key::new(key).mac(&[&message]).0));
        assert_eq!(causes("standard-webhooks", SECRET, &headers, BODY.as_bytes()), ["secret_not_decoded"]);
    }
}

#[test]
fn a_body_that_was_touched_is_named_with_how() {
    let signed = |text: &str| (signed_by("turratech", text.as_bytes()), text.as_bytes().to_vec());
    for (was, is, expected) in [
        (alloc::format!("\u{feff}{BODY}"), BODY.to_owned(), "bom_lost"),
        (BODY.to_owned(), alloc::format!("\u{feff}{BODY}"), "bom_gained"),
        (alloc::format!("{BODY}\n"), BODY.to_owned(), "newline_lost"),
        (alloc::format!("{BODY}\r\n"), BODY.to_owned(), "newline_lost"),
        (BODY.to_owned(), alloc::format!("{BODY}\r\n"), "newline_gained"),
        ("{\n\"a\":1\n}".to_owned(), "{\r\n\"a\":1\r\n}".to_owned(), "newlines_changed"),
        ("{\r\n\"a\":1\r\n}".to_owned(), "{\n\"a\":1\n}".to_owned(), "newlines_changed"),
        ("{\"a\": 1, \"b\": [2, 3]}".to_owned(), "{\"a\":1,\"b\":[2,3]}".to_owned(), "reprinted"),
        ("{\n  \"a\": {\n    \"b\": []\n  }\n}".to_owned(), "{\"a\":{\"b\":[]}}".to_owned(), "reprinted"),
        (
            "{\"a\":\"\\/ \\u00e9 \\ud83d\\ude00\"}".to_owned(),
            "{\"a\":\"/ \u{e9} \u{1f600}\"}".to_owned(),
            "reprinted",
        ),
        ("{\"a\": \"\\u00e9\"}".to_owned(), "{\"a\":\"\u{e9}\"}".to_owned(), "reprinted"),
    ] {
        let (headers, _) = signed(&was);
        assert_eq!(causes("turratech", SECRET, &headers, is.as_bytes()), [expected], "{was:?} became {is:?}");
    }
    let (headers, _) = signed(BODY);
    assert_eq!(causes("turratech", SECRET, &headers, b"{}"), ["unexplained", "no_match"]);
}

/// Every escape that a printer writes, and every style that says how: the hint names what to look for.
#[test]
fn a_body_that_was_printed_again_is_told_with_the_style_in_which_it_was_signed() {
    let is = br#"{"a":"\u0022\u005c\u0008\u000c\u000a\u000d\u0009\u0001/\u00e9","b":[1,2]}"#;
    let escaped = r#"\"\\\b\f\n\r\t\u0001"#;
    for (was, style) in [
        (r#"{"a": "STRING", "b": [1, 2]}"#, "with a space behind each comma and colon"),
        ("{\n  \"a\": \"STRING\",\n  \"b\": [\n    1,\n    2\n  ]\n}", "on lines indented by 2 spaces"),
        (r#"{"a":"STRING","b":[1,2]}"#, "without white space"),
    ] {
        for (string, strings) in [
            (alloc::format!("{escaped}/\u{e9}"), " and without needless escapes"),
            (alloc::format!("{escaped}/\\u00e9"), " and with \\u escapes for what is not ASCII"),
            (alloc::format!("{escaped}\\/\\u00e9"), " and with \\u escapes and \\/"),
            (alloc::format!("{escaped}\\/\u{e9}"), " and with \\/"),
        ] {
            let was = was.replace("STRING", &string);
            let headers = signed_by("turratech", was.as_bytes());
            let headers: Vec<Header<'_>> =
                headers.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
            let suspect = Suspect {
                scheme: scheme("turratech"),
                secret: SECRET,
                other_secrets: &[],
                headers: &headers,
                body: is,
                now: NOW,
            };
            let Diagnosis::Caused(causes) = diagnose(&suspect) else { panic!("{was} is not explained") };
            let told = causes.iter().map(ToString::to_string).collect::<String>();
            assert!(told.contains(&alloc::format!("{style}{strings}")), "{was}: {told}");
        }
    }
}

#[test]
fn one_mistake_in_the_secret_and_one_in_the_body_are_both_named() {
    let headers = signed_with(SECRET.as_bytes(), alloc::format!("{BODY}\n").as_bytes());
    let configured = alloc::format!(" {SECRET}");
    assert_eq!(
        causes("turratech", &configured, &headers, BODY.as_bytes()),
        ["secret_whitespace", "newline_lost"]
    );
}

#[test]
fn another_construction_is_named() {
    for (theirs, cause) in
        [("standard-webhooks", "other_provider"), ("stripe", "other_provider"), ("github", "other_provider")]
    {
        let headers = signed_by(theirs, BODY.as_bytes());
        assert_eq!(causes("turratech", SECRET, &headers, BODY.as_bytes()), [cause], "{theirs}");
    }
    let mac = hex::encode(&Key::new(SECRET.as_bytes()).mac(&[BODY.as_bytes()]).0);
    for value in [alloc::format!("sha256={mac}"), mac.clone(), alloc::format!("t=1704067200,v1={mac}")] {
        let headers = [("turratech-signature".to_owned(), value)];
        assert_eq!(causes("turratech", SECRET, &headers, BODY.as_bytes()), ["body_alone"]);
    }
}

#[test]
fn a_time_in_milliseconds_and_upper_case_digits_are_named() {
    let time = NOW.as_unix_millis();
    let mac = Key::new(SECRET.as_bytes()).mac(&[alloc::format!("{time}.{BODY}").as_bytes()]);
    let headers = [("turratech-signature".to_owned(), alloc::format!("t={time},v1={}", hex::encode(&mac.0)))];
    assert_eq!(causes("turratech", SECRET, &headers, BODY.as_bytes()), ["milliseconds"]);

    let mut headers = signed_by("turratech", BODY.as_bytes());
    let (time, mac) = headers[0].1.split_once("v1=").expect("a MAC");
    headers[0].1 = alloc::format!("{time}v1={}", mac.to_ascii_uppercase());
    assert_eq!(causes("turratech", SECRET, &headers, BODY.as_bytes()), ["upper_case_digits"]);
}

#[test]
fn an_old_request_is_only_old() {
    let headers = signed_by("turratech", BODY.as_bytes());
    let headers: Vec<Header<'_>> =
        headers.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
    let suspect = Suspect {
        scheme: scheme("turratech"),
        secret: SECRET,
        // Another endpoint's may be the same: that is no cause.
        other_secrets: &[SECRET],
        headers: &headers,
        body: BODY.as_bytes(),
        now: NOW.saturating_add(core::time::Duration::from_secs(301)),
    };
    assert!(matches!(diagnose(&suspect), Diagnosis::Unexplained(VerifyError::TooOld { .. })));
}

#[test]
fn a_mistaken_signer_makes_just_the_mistake_that_it_names() {
    for (provider, mistakes) in [
        (
            "turratech",
            &[
                "secret_decoded",
                "secret_prefix_removed",
                "other_provider",
                "other_provider",
                "other_provider",
            ][..],
        ),
        (
            "standard-webhooks",
            &[
                "secret_not_decoded",
                "secret_not_decoded",
                "other_provider",
                "other_provider",
                "other_provider",
            ],
        ),
    ] {
        let signers = mistaken(scheme(provider), &Secret::new(SECRET).expect("a secret"));
        assert_eq!(signers.iter().map(|(cause, _)| cause.code()).collect::<Vec<_>>(), mistakes);
        for (cause, signer) in signers {
            let message = Message { id: "msg_1", at: NOW, body: BODY.as_bytes() };
            let headers = signer.sign(&message).expect("signable");
            assert_eq!(causes(provider, SECRET, &headers, BODY.as_bytes()), [cause.code()]);
        }
    }
}
