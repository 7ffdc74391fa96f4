//! Signing and verifying.

use hookproof_core::{
    Encoding, Header, Message, Provider, Scheme, Secret, Timestamp, Tolerance, Verifier, VerifyError, sign,
};
use proptest::{collection::vec, prelude::*, sample::select};

/// Each construction, in each encoding.
fn schemes() -> impl Strategy<Value = Scheme> {
    let built_in = Provider::BUILT_IN.iter().filter_map(|provider| provider.signature.clone());
    let in_base64 =
        Scheme::Body { header: "x-hmac-sha256".into(), prefix: "".into(), encoding: Encoding::Base64 };
    select(built_in.chain([in_base64]).collect::<Vec<_>>())
}

/// A secret that fits every construction: base64 behind an optional prefix.
fn secrets() -> impl Strategy<Value = String> {
    "(whsec_)?([A-Za-z0-9+/]{4}){1,30}"
}

fn verifier(scheme: &Scheme, secret: &str) -> Verifier {
    let secret = Secret::new(secret).expect("a sound secret");
    Verifier::new(scheme, &[secret], Tolerance::DEFAULT).expect("a secret that fits")
}

fn lines(signed: &[(String, String)]) -> Vec<Header<'_>> {
    signed.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect()
}

/// A moment that fifteen digits can write.
fn moments() -> impl Strategy<Value = u64> {
    prop_oneof![0..4_000_000_000_u64, 0..999_999_999_999_999_u64]
}

proptest! {
    #[test]
    fn what_is_signed_verifies(
        scheme in schemes(),
        secret in secrets(),
        id in "[!-\\-/-~]{1,40}",
        secs in moments(),
        body in vec(any::<u8>(), 0..300),
    ) {
        let at = Timestamp::from_unix_secs(secs);
        let secret = Secret::new(&secret).expect("a sound secret");
        let signed = sign(&scheme, &secret, &Message { id: &id, at, body: &body }).expect("signable");
        prop_assert_eq!(
            signed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            scheme.header_names()
        );
        let verified = Verifier::new(&scheme, &[secret], Tolerance::DEFAULT).expect("fits").verify(
            &lines(&signed),
            &body,
            at,
        );
        let signed_at = scheme.signs_timestamp().then_some(at);
        prop_assert_eq!(verified.map(|verified| verified.signed_at), Ok(signed_at));
    }

    /// Where nothing is decoded, the whole text is the key, however it looks.
    #[test]
    fn any_text_without_white_space_around_it_is_a_secret_and_no_other_text_is_the_same(
        scheme in schemes().prop_filter("its secret is a text", |scheme| !matches!(scheme, Scheme::Standard { .. })),
        secret in "\\PC{1,80}",
        more in "\\PC",
        body in vec(any::<u8>(), 0..100),
    ) {
        let secret = secret.trim();
        prop_assume!(!secret.is_empty() && !more.trim().is_empty());
        let at = Timestamp::from_unix_secs(1_704_067_200);
        let signed = verifier(&scheme, secret).sign(&Message { id: "", at, body: &body }).expect("signable");
        prop_assert!(verifier(&scheme, secret).verify(&lines(&signed), &body, at).is_ok());
        for other in [format!("{secret}{more}"), format!("{more}{secret}"), format!("whsec_{secret}")] {
            let judged = verifier(&scheme, &other).verify(&lines(&signed), &body, at);
            prop_assert_eq!(judged, Err(VerifyError::NoMatch), "{}", other);
        }
    }

    #[test]
    fn one_flipped_bit_of_the_body_is_refused(
        scheme in schemes(),
        secret in secrets(),
        mut body in vec(any::<u8>(), 1..200),
        place in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let verifier = verifier(&scheme, &secret);
        let at = Timestamp::from_unix_secs(1_704_067_200);
        let signed = verifier.sign(&Message { id: "msg_1", at, body: &body }).expect("signable");
        let place = place.index(body.len());
        body[place] ^= 1 << bit;
        prop_assert_eq!(verifier.verify(&lines(&signed), &body, at), Err(VerifyError::NoMatch));
    }

    #[test]
    fn one_flipped_bit_of_a_header_is_refused(
        scheme in schemes(),
        secret in secrets(),
        line in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let verifier = verifier(&scheme, &secret);
        let at = Timestamp::from_unix_secs(1_704_067_200);
        let signed = verifier.sign(&Message { id: "msg_1", at, body: b"{}" }).expect("signable");
        let line = line.index(signed.len());
        let mut value = signed[line].1.clone().into_bytes();
        let place = place.index(value.len());
        value[place] ^= 1 << bit;
        let mut headers = lines(&signed);
        headers[line].value = &value;
        prop_assert!(verifier.verify(&headers, b"{}", at).is_err(), "{}", String::from_utf8_lossy(&value));
    }

    #[test]
    fn another_secret_is_refused(
        scheme in schemes(),
        ours in secrets(),
        theirs in secrets(),
        body in vec(any::<u8>(), 0..100),
    ) {
        let bare = |text: &str| text.strip_prefix("whsec_").unwrap_or(text).to_owned();
        prop_assume!(bare(&ours) != bare(&theirs));
        let at = Timestamp::from_unix_secs(1_704_067_200);
        let signed =
            verifier(&scheme, &theirs).sign(&Message { id: "msg_1", at, body: &body }).expect("signable");
        prop_assert_eq!(
            verifier(&scheme, &ours).verify(&lines(&signed), &body, at),
            Err(VerifyError::NoMatch)
        );
    }

    #[test]
    fn the_age_is_judged_to_the_second_in_both_directions(
        scheme in schemes(),
        signed_at in 0..4_000_000_000_u64,
        now_millis in 0..4_000_000_000_000_u64,
        tolerance in 1..100_000_u64,
        near in any::<bool>(),
    ) {
        // Half of the moments lie around the boundary, where the errors are.
        let now_millis = if near {
            (signed_at + tolerance).saturating_mul(1_000).saturating_add(now_millis % 3_000)
        } else {
            now_millis
        };
        let (at, now) = (Timestamp::from_unix_secs(signed_at), Timestamp::from_unix_millis(now_millis));
        let secret = Secret::new("c2VjcmV0").expect("sound");
        let verifier =
            Verifier::new(&scheme, &[secret], Tolerance::secs(tolerance).expect("above 0")).expect("fits");
        let signed = verifier.sign(&Message { id: "msg_1", at, body: b"{}" }).expect("signable");
        let code = verifier.verify(&lines(&signed), b"{}", now).map_or_else(|error| error.code(), |_| "ok");
        let now = now_millis / 1_000;
        let wanted = match now.abs_diff(signed_at) {
            off if off <= tolerance || !scheme.signs_timestamp() => "ok",
            _ if now > signed_at => "too_old",
            _ => "too_new",
        };
        prop_assert_eq!(code, wanted);
    }

    #[test]
    fn no_bytes_make_a_verifier_panic_or_hold(
        scheme in schemes(),
        values in vec(vec(any::<u8>(), 0..120), 3),
        body in vec(any::<u8>(), 0..60),
        now in any::<u64>(),
    ) {
        let names = scheme.header_names();
        let headers: Vec<Header<'_>> =
            names.iter().zip(&values).map(|(name, value)| Header { name, value }).collect();
        prop_assert!(
            verifier(&scheme, "c2VjcmV0").verify(&headers, &body, Timestamp::from_unix_millis(now)).is_err()
        );
    }

    #[test]
    fn no_near_miss_of_a_header_panics_or_holds(
        scheme in schemes(),
        value in "(t=|v1=|v1,|sha256=|[0-9]{1,20}|[0-9a-f]{60,66}|[A-Za-z0-9+/]{43}=|,| |=|\\.){0,12}",
        now in any::<u64>(),
    ) {
        let headers: Vec<Header<'_>> =
            scheme.header_names().into_iter().map(|name| Header { name, value: value.as_bytes() }).collect();
        let judged = verifier(&scheme, "c2VjcmV0").verify(&headers, b"{}", Timestamp::from_unix_millis(now));
        prop_assert!(judged.is_err());
    }

    #[test]
    fn white_space_around_a_secret_is_refused_and_no_secret_is_shown(
        text in "\\PC{1,40}",
        space in select(vec![" ", "\n", "\r\n", "\t", "\u{a0}"]),
    ) {
        prop_assume!(!text.trim().is_empty());
        let secret = text.trim();
        prop_assert!(Secret::new(secret).is_ok());
        for text in [format!("{secret}{space}"), format!("{space}{secret}")] {
            prop_assert_eq!(Secret::new(&text).expect_err("white space").code(), "secret_whitespace");
        }
        prop_assert_eq!(format!("{:?}", Secret::new(secret)), "Ok(Secret(…))");
    }
}
