//! `hookproof sign`

use crate::call::{SECRET, hookproof};

#[tokio::test]
async fn every_provider_that_signs_is_verified_again() {
    for (provider, more, headers, body) in [
        ("turratech", &[] as &[&str], &[] as &[&str], TURRATECH),
        ("stripe", &[], &[], STRIPE),
        ("standard-webhooks", &["--id", "msg_1"], &[], STANDARD),
        ("github", &[], &["x-github-event: issues", "x-github-delivery: 7"], "{}"),
    ] {
        let sign = ["sign", "--provider", provider].into_iter().chain(more.iter().copied());
        let signed = hookproof(sign).secret(SECRET).stdin(body).run().await.exits(0);
        let lines = signed.out.lines().chain(headers.iter().copied());
        let mut args = vec!["verify", "--provider", provider];
        args.extend(lines.flat_map(|line| ["--header", line]));
        let verify = |body: &str| hookproof(args.iter().copied()).secret(SECRET).stdin(body);
        let verified = verify(body).run().await.exits(0);
        assert!(
            verified.out.starts_with("ok: ") && verified.out.contains(", signed by "),
            "{}",
            verified.out
        );
        let refused = verify(&format!("{body} ")).run().await.exits(1);
        assert!(refused.out.starts_with("refused (no_match): "), "{provider}: {}", refused.out);
    }
}

/// The MAC was computed with `openssl dgst -sha256 -hmac`.
#[tokio::test]
async fn the_time_of_sending_can_be_chosen() {
    let call = hookproof(["sign", "--now", "1700000000"]).secret("whsec_eA==").stdin("{}");
    assert_eq!(
        call.run().await.exits(0).out,
        "turratech-signature: t=1700000000,v1=f9492f1da5feadecfe98008946a113586941157b8ec7a8779a4454ab9c825d3e\n"
    );
}

#[tokio::test]
async fn what_cannot_be_signed_is_refused_with_the_option_that_is_wrong() {
    let unsigned = hookproof(["sign", "--provider", "turnstay"]).stdin("{}");
    unsigned.run().await.refuses(&["TurnStay does not sign its deliveries"]);
    for more in [&[] as &[&str], &["--id", "a.b"], &["--id", "a\r\nb: c"]] {
        let args = ["sign", "--provider", "standard-webhooks"].iter().chain(more).copied();
        hookproof(args).secret(SECRET).stdin("{}").run().await.refuses(&["--id", "empty or has a dot"]);
    }
    let args = ["sign", "--provider", "standard-webhooks", "--id", "msg_1"];
    hookproof(args).secret("no base64!").stdin("{}").run().await.refuses(&["the secret", "is not base64"]);
    hookproof(["sign", "--now", "-1"]).secret(SECRET).run().await.refuses(&["-1"]);
}

const TURRATECH: &str = include_str!("../../../../fixtures/events/turratech/payment.succeeded.json");
const STRIPE: &str = include_str!("../../../../fixtures/events/stripe/payment_intent.succeeded.json");
const STANDARD: &str = include_str!("../../../../fixtures/events/standard-webhooks/contact.created.json");
