//! Who signs, over what, and how the headers are spelled.

use super::*;
use crate::HeaderCase;

#[test]
fn only_a_right_signature_verifies() {
    for name in SIGNED {
        let bench = bench(name);
        let unsigned = |error: &VerifyError| matches!(error, VerifyError::MissingHeader(_));
        let mismatch = |error: &VerifyError| matches!(error, VerifyError::NoMatch);
        assert_eq!(refusal(&bench, &bench.event(1)), None, "{name}");
        for draft in [
            bench.event(1).spaced(),
            bench.event(1).with_final_newline(),
            bench.event(1).with_member(bench.object(), r#""a":"é""#),
            bench.event(1).with_body(b"no JSON at all".to_vec()),
            bench.event(1).signed_ago(Duration::from_secs(299)),
        ] {
            assert_eq!(refusal(&bench, &draft), None, "{name}: {draft:?}");
        }
        assert!(refusal(&bench, &bench.event(1).forged()).is_some_and(|error| mismatch(&error)), "{name}");
        assert!(refusal(&bench, &bench.event(1).unsigned()).is_some_and(|error| unsigned(&error)), "{name}");
        let tampered = bench.event(1).tampered(bench.object());
        assert!(refusal(&bench, &tampered).is_some_and(|error| mismatch(&error)), "{name}");
    }
}

#[test]
fn a_tampered_body_is_sound_json_and_another_one() {
    for name in SIGNED {
        let bench = bench(name);
        let tampered = bench.seal(&bench.event(1).tampered(bench.object()), STARTED);
        let sound = bench.seal(&bench.event(1), STARTED);
        assert_eq!(scan(&tampered.body), Ok(()), "{name}");
        assert_ne!(tampered.body, sound.body, "{name}");
        assert_eq!(&tampered.headers, &sound.headers, "{name}: the signature is the sound one's");
        // Also one of the caller's that has no object to put a member into.
        for body in ["[1]", "", "plain text"] {
            let draft = bench.event(1).with_body(body.into()).tampered(bench.object());
            assert_ne!(bench.seal(&draft, STARTED).body, body.as_bytes(), "{name}: {body:?}");
        }
    }
}

#[test]
fn a_signature_is_as_old_as_the_draft_says() {
    for name in ["turratech", "stripe", "standard-webhooks"] {
        let bench = bench(name);
        let old = bench.event(1).signed_ago(Duration::from_secs(301));
        assert!(matches!(refusal(&bench, &old), Some(VerifyError::TooOld { .. })), "{name}");
        let leaves = STARTED.saturating_add(Duration::from_secs(3_600));
        let request = bench.seal(&bench.event(1), leaves);
        let verified = bench.verifier().unwrap().verify(&headers(&request), &request.body, leaves).unwrap();
        assert_eq!(verified.signed_at, Some(leaves), "{name}");
    }
}

#[test]
fn an_event_keeps_its_id_header_however_it_is_signed() {
    for (name, id) in [("standard-webhooks", "webhook-id"), ("github", "x-github-delivery")] {
        let bench = bench(name);
        let token = bench.tokens(bench.name(1)).remove(0);
        for draft in [bench.event(1), bench.event(1).forged(), bench.event(1).unsigned()] {
            let request = bench.seal(&draft, STARTED);
            let ids: Vec<&str> = named(&request, id).collect();
            assert_eq!(ids, [token.as_str()], "{name}: {:?}", draft.signing);
        }
    }
}

#[test]
fn a_turnstay_delivery_bears_no_signature() {
    let bench = bench("turnstay");
    let request = bench.seal(&bench.event(1), STARTED);
    let names: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-type", "user-agent", "accept-encoding"]);
    assert!(bench.verifier().is_none() && request.confidential.is_empty());
}

#[test]
fn a_provider_that_signs_needs_a_secret_that_fits() {
    for name in SIGNED {
        let refused = Bench::new(crate::scene::provider(name), None, setting(), STARTED).err();
        assert_eq!(refused.map(|error| error.code()), Some("blank_secret"), "{name}");
    }
    let plain = Secret::new("not base64 at all").unwrap();
    let refused =
        Bench::new(crate::scene::provider("standard-webhooks"), Some(&plain), setting(), STARTED).err();
    assert_eq!(refused.map(|error| error.code()), Some("secret_not_base64"));
}

#[test]
fn a_right_mac_is_confidential_and_a_forged_one_is_not() {
    for name in SIGNED {
        let bench = bench(name);
        let request = bench.seal(&bench.event(1), STARTED);
        let scheme = bench.provider.signature.as_ref().unwrap();
        let signature = header(&request, scheme.signature_header()).unwrap();
        let [mac] = request.confidential.as_slice() else { panic!("{name}: {:?}", request.confidential) };
        assert!(
            signature.trim_end_matches('=').ends_with(mac.as_str()) && mac.len() >= 43,
            "{name}: {mac} of {signature}"
        );
        for draft in [bench.event(1).forged(), bench.event(1).unsigned()] {
            assert!(bench.seal(&draft, STARTED).confidential.is_empty(), "{name}");
        }
        for (mistake, cause) in bench.mistakes().iter().enumerate() {
            let draft = bench.event(1).mistaken(mistake, cause);
            assert_eq!(bench.seal(&draft, STARTED).confidential.len(), 1, "{name}: {cause}");
        }
        assert!(!alloc::format!("{request:?}").contains(SECRET), "{name}");
    }
}

#[test]
fn the_signature_headers_are_spelled_as_asked_and_still_verify() {
    for name in SIGNED {
        let bench = bench(name);
        let scheme = bench.provider.signature.clone().unwrap();
        for case in [HeaderCase::AsIs, HeaderCase::Lower, HeaderCase::Upper, HeaderCase::Title] {
            let draft = bench.event(1).with_headers(case);
            let request = bench.seal(&draft, STARTED);
            for wanted in scheme.header_names() {
                let wanted = match case {
                    HeaderCase::AsIs => wanted.to_string(),
                    HeaderCase::Lower => wanted.to_ascii_lowercase(),
                    HeaderCase::Upper => wanted.to_ascii_uppercase(),
                    HeaderCase::Title => titled(wanted),
                };
                let found = request.headers.iter().filter(|(name, _)| *name == wanted).count();
                assert_eq!(found, 1, "{name}: {wanted} in {:?}", request.headers);
            }
            assert_eq!(refusal(&bench, &draft), None, "{name} {case:?}");
        }
    }
}

#[test]
fn a_name_in_title_case_has_a_capital_behind_each_hyphen() {
    assert_eq!(HeaderCase::Title.spelled("x-HUB-signature-256"), "X-Hub-Signature-256");
}

/// Why the endpoint's verifier refuses a draft that leaves at once, or nothing.
fn refusal(bench: &Bench, draft: &Draft) -> Option<VerifyError> {
    let request = bench.seal(draft, STARTED);
    bench.verifier().unwrap().verify(&headers(&request), &request.body, STARTED).err()
}

fn titled(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
    });
    words.collect::<Vec<_>>().join("-")
}
