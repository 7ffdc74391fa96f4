//! Which URL is judged, and what TLS shows of the one that is called.

use hookproof_conformance::merchant::Defect;

use crate::{
    call::{check, hookproof},
    endpoint::sound,
};

const RULES: [&str; 3] = ["url/https", "url/no-credentials", "url/public"];

#[tokio::test]
async fn the_public_url_is_judged_and_not_called() {
    let shop = sound(None);
    let name = "hooks.shop.example:443:";
    let (public, private) = (format!("{name}93.184.215.14"), format!("{name}10.0.0.5"));
    for (options, verdicts, status) in [
        (&[] as &[&str], ["n/a", "n/a", "n/a"], 0),
        (&["--public-url", "https://hooks.shop.example/in"], ["pass", "pass", "unknown"], 0),
        (&["--public-url", "http://93.184.215.14/in"], ["FAIL", "pass", "pass"], 1),
        (&["--public-url", "https://10.0.0.5/in"], ["pass", "pass", "FAIL"], 1),
        (
            &["--public-url", "https://hooks.shop.example/in", "--production", "--resolve", &public],
            ["pass", "pass", "pass"],
            0,
        ),
        (
            &["--public-url", "https://hooks.shop.example/in", "--production", "--resolve", &private],
            ["pass", "pass", "FAIL"],
            1,
        ),
        (&["--production"], ["FAIL", "pass", "FAIL"], 1),
    ] {
        let only = ["--only", "url/*,acknowledge/success-status"];
        let ended = check(&shop.url(), only.iter().chain(options).copied()).run().await.exits(status);
        assert_eq!(RULES.map(|id| ended.verdict(id)), verdicts, "{options:?}");
        assert_eq!(ended.verdict("acknowledge/success-status"), "pass");
    }
}

#[tokio::test]
async fn a_password_in_the_public_url_fails_and_is_shown_nowhere() {
    let shop = sound(None);
    let options = ["--public-url", "https://shop:swordfish@hooks.shop.example/in", "--only", "url/*"];
    let ended = check(&shop.url(), options).run().await.exits(1);
    assert_eq!(RULES.map(|id| ended.verdict(id)), ["pass", "FAIL", "unknown"]);
    assert!(!ended.out.contains("swordfish") && !ended.err.contains("swordfish"), "{}", ended.out);
    assert!(ended.out.contains("--public-url 'https://…@hooks.shop.example/in'"), "{}", ended.out);
}

#[tokio::test]
async fn a_target_elsewhere_must_be_stated_to_be_in_production() {
    let shop = sound(None);
    let port = shop.url().rsplit(':').next().and_then(|rest| rest.split('/').next()).map(str::to_owned);
    let port = port.expect("it has a port");
    let url = format!("http://hooks.shop.example:{port}/webhooks");
    let rule = format!("hooks.shop.example:{port}:127.0.0.1");
    for (options, verdicts, status) in [
        (&[] as &[&str], ["unknown", "unknown", "unknown"], 0),
        (&["--production"], ["FAIL", "pass", "FAIL"], 1),
    ] {
        let given = ["--resolve", &rule, "--only", "url/*"];
        let ended = check(&url, given.iter().chain(options).copied()).run().await.exits(status);
        assert_eq!(RULES.map(|id| ended.verdict(id)), verdicts, "{options:?}");
    }
}

#[tokio::test]
async fn each_demo_about_addresses_and_tls_fails_its_own_check() {
    for defect in Defect::ALL {
        let area = defect.check().split('/').next();
        if !matches!(area, Some("url" | "tls")) {
            continue;
        }
        let ended = hookproof(["check", "--demo", defect.name(), "--only", "url/*,tls/*"]).run().await;
        let failed: Vec<_> = ended.verdicts().into_iter().filter(|(_, word)| *word == "FAIL").collect();
        assert_eq!(failed, [(defect.check(), "FAIL")], "{defect}: {}", ended.out);
    }
}
