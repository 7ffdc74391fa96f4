//! `hookproof verify`

use serde_json::Value;

use crate::call::{Call, hookproof};

#[tokio::test]
async fn a_right_request_is_ok_in_either_format() {
    let ended = verify(&[RIGHT], 1_700_000_000, &[]).stdin(BODY).run().await.exits(0);
    assert_eq!(ended.out, "ok: payment.succeeded, signed by TurraTech\n");
    let ended = verify(&[RIGHT], 1_700_000_000, &["--format", "json"]).stdin(BODY).run().await.exits(0);
    assert_eq!(ended.out, "{\"result\":\"ok\"}\n");
    let shouted = RIGHT.replace("turratech-signature: ", "TURRATECH-SIGNATURE:\t");
    verify(&[&shouted], 1_700_000_000, &[]).stdin(BODY).run().await.exits(0);
}

#[tokio::test]
async fn a_wrong_request_is_told_by_its_code() {
    let no_mac = "turratech-signature: t=1700000000";
    let long = format!("turratech-signature: {}", "x".repeat(8193));
    let many = format!("turratech-signature: t=1700000000{}", format!(",v1={}", "0".repeat(64)).repeat(33));
    let reprinted = BODY.replace(':', ": ");
    for (header, body, code) in [
        ("x: y", BODY, "missing_header"),
        (no_mac, BODY, "malformed_header"),
        (RIGHT.replace("t=1700000000", "t=17e8").as_str(), BODY, "malformed_header"),
        (long.as_str(), BODY, "header_too_large"),
        (many.as_str(), BODY, "too_many_candidates"),
        (RIGHT.replace("t=1700000000", "t=1700000001").as_str(), BODY, "no_match"),
        (RIGHT, reprinted.as_str(), "no_match"),
        (RIGHT, "", "no_match"),
    ] {
        let call = verify(&[header], 1_700_000_000, &["--format", "json"]).stdin(body);
        let ended = call.run().await.exits(1);
        let json: Value = serde_json::from_str(&ended.out).expect("it is JSON");
        assert_eq!(json["result"], code, "{header}");
        assert!(json["message"].as_str().is_some_and(|message| !message.is_empty()), "{json}");
        assert!(!ended.out.contains(SECRET) && !ended.out.contains(RIGHT_MAC), "{}", ended.out);
    }
}

#[tokio::test]
async fn the_cause_of_a_refusal_is_named_when_it_is_asked_for() {
    let body = BODY.trim_end();
    let signed = hookproof(["sign", "--now", "1700000000"]).secret(SECRET).stdin(body).run().await.exits(0);
    let header = signed.out.trim_end();
    let mac = header.rsplit('=').next().expect("a MAC");
    let reprinted = body.replace(':', ": ").replace(',', ", ");
    for (body, code) in [(BODY, "newline_gained"), (reprinted.as_str(), "reprinted")] {
        let call = verify(&[header], 1_700_000_000, &["--explain", "--format", "json"]).stdin(body);
        let ended = call.run().await.exits(1);
        let json: Value = serde_json::from_str(&ended.out).expect("it is JSON");
        assert_eq!((&json["result"], &json["causes"][0]["code"]), (&"no_match".into(), &code.into()));
        let call = verify(&[header], 1_700_000_000, &["--explain"]).stdin(body);
        let text = call.run().await.exits(1).out;
        assert!(text.contains(&format!("\ncause ({code}): ")), "{text}");
        assert!(!text.contains(SECRET) && !text.contains(mac), "{text}");
    }
    let call = verify(&[RIGHT], 1_700_000_000, &["--explain"]).stdin("{}");
    assert!(call.run().await.exits(1).out.contains("\nno cause was found: "));
}

#[tokio::test]
async fn what_is_rightly_signed_but_no_event_is_told_too() {
    for (body, code) in [
        ("", "not_json"),
        ("{", "not_json"),
        ("[]", "not_an_object"),
        ("{}", "missing_field"),
        ("{\"id\":1,\"type\":\"a\",\"data\":{\"object\":{}}}", "wrong_type"),
        ("{\"id\":\"a\",\"id\":\"b\",\"type\":\"a\",\"data\":{\"object\":{}}}", "repeated_key"),
    ] {
        let signed =
            hookproof(["sign", "--now", "1700000000"]).secret(SECRET).stdin(body).run().await.exits(0);
        let ended = verify(&[signed.out.trim_end()], 1_700_000_000, &[]).stdin(body).run().await.exits(1);
        assert!(ended.out.starts_with(&format!("refused ({code}): ")), "{body}: {}", ended.out);
    }
}

#[tokio::test]
async fn the_tolerance_holds_on_its_boundary_and_both_ways() {
    for (now, more, result) in [
        (1_700_000_300, &[] as &[&str], "ok"),
        (1_700_000_301, &[], "too_old"),
        (1_699_999_700, &[], "ok"),
        (1_699_999_699, &[], "too_new"),
        (1_700_000_301, &["--tolerance", "301"], "ok"),
        (1_700_000_002, &["--tolerance", "1"], "too_old"),
    ] {
        let ended = verify(&[RIGHT], now, &[more, &["--format", "json"]].concat()).stdin(BODY).run().await;
        let json: Value = serde_json::from_str(&ended.out).expect("it is JSON");
        assert_eq!(
            (&json["result"], ended.status),
            (&result.into(), Some(i32::from(result != "ok"))),
            "{now}"
        );
    }
    for tolerance in ["0", "-1", "1.5", "NaN"] {
        let option = format!("--tolerance={tolerance}");
        verify(&[RIGHT], 1_700_000_000, &[&option]).stdin(BODY).run().await.refuses(&["--tolerance"]);
    }
}

#[tokio::test]
async fn an_unsigned_provider_is_warned_of() {
    let body = "{\"type\":\"merchant_of_record.payment_intent.succeeded\",\"data\":{\"object\":{}}}";
    let ended = hookproof(["verify", "--provider", "turnstay"]).stdin(body).run().await.exits(0);
    assert!(ended.out.ends_with("TurnStay does not sign, so anyone may have sent it\n"), "{}", ended.out);
}

#[tokio::test]
async fn a_header_that_is_none_is_a_wrong_call() {
    verify(&["no colon"], 1_700_000_000, &[]).run().await.refuses(&["no colon", "name: value"]);
}

fn verify(headers: &[&str], now: u64, more: &[&str]) -> Call {
    let now = now.to_string();
    let mut args = vec!["verify", "--now", &now];
    args.extend(headers.iter().flat_map(|line| ["--header", line]));
    hookproof(args.iter().chain(more).copied()).secret(SECRET)
}

const SECRET: &str = "whsec_eA==";

const BODY: &str = include_str!("../../../../fixtures/events/turratech/payment.succeeded.json");

/// Computed with `openssl dgst -sha256 -hmac`.
const RIGHT_MAC: &str = "bf1b952e5af1d22de9075d9cd09e4687b5d037f08f3cb2ce1d03135f5888fa9a";

const RIGHT: &str = concat!(
    "turratech-signature: t=1700000000,v1=",
    "bf1b952e5af1d22de9075d9cd09e4687b5d037f08f3cb2ce1d03135f5888fa9a"
);
