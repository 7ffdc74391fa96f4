//! `hookproof check`

use std::time::Duration;

use hookproof_conformance::merchant::{Defect, Fraud, Nature};
use hookproof_suite::CATALOGUE;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    task::JoinSet,
};
use wiremock::ResponseTemplate;

use crate::{
    call::{Ended, check, hookproof},
    endpoint::{Closing, Reserved, always, answering, flawed, merchant, requests, sound},
    folder::Folder,
};

#[tokio::test]
async fn without_a_url_every_must_of_the_built_in_merchant_is_proven() {
    let mut runs = JoinSet::new();
    for provider in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
        runs.spawn(async move { (provider, hookproof(["check", "--provider", provider]).run().await) });
    }
    for (provider, ended) in runs.join_all().await {
        let ended = ended.exits(0);
        assert_eq!(ended.verdicts().len(), CATALOGUE.len(), "{provider}");
        assert!(ended.verdicts().iter().all(|(_, word)| matches!(*word, "pass" | "n/a")), "{}", ended.out);
        let musts = ended.out.lines().filter(|line| line.starts_with("pass    MUST")).count();
        let summary = format!("\nholds: {musts} of {musts} MUSTs proven, 0 failed, 0 unknown\n");
        assert!(musts > 0 && ended.out.contains(&summary), "{}", ended.out);
    }
}

#[tokio::test]
async fn a_demo_fails_and_says_which_event_had_how_many_effects() {
    let ended = hookproof(["check", "--demo", "no-dedupe", "--only", "duplicate/sequential"]).run().await;
    let ended = ended.exits(1);
    assert_eq!(ended.verdict("duplicate/sequential"), "FAIL");
    for text in [
        "the built-in merchant with the defect no-dedupe",
        "event 1 is evt_hp_",
        "expected  one effect",
        "200, 200, 200, and 3 effects (POST /fulfil 3 times)",
        "clause    TT-8: ",
        "cure      hookproof explain duplicate/sequential",
        "again     hookproof check --demo no-dedupe --only duplicate/sequential --seed 1",
        "fails: 0 of 1 MUSTs proven, 1 failed, 0 unknown",
    ] {
        assert!(ended.out.contains(text), "{text:?} is not in\n{}", ended.out);
    }
}

#[tokio::test]
async fn the_demos_are_listed_on_request() {
    let ended = hookproof(["check", "--demo", "help"]).run().await.exits(0);
    assert_eq!(ended.out.lines().count(), Defect::ALL.len());
    for &defect in Defect::ALL {
        assert!(ended.out.contains(defect.name()) && ended.out.contains(defect.description()), "{defect}");
    }
}

#[tokio::test]
async fn a_history_in_a_file_is_played_and_nothing_else() {
    let folder = Folder::new("replay");
    let script = "# as it was printed\ndeliver 1\ndeliver 2\ndeliver 3\ndeliver 1\n";
    let file = folder.with("history.txt", script);
    let demo = ["check", "--demo", "remembers-two-events", "--replay"];
    for (call, status) in [
        (hookproof(demo.into_iter().chain([file.as_str()])), 1),
        (hookproof(demo.into_iter().chain(["-"])).stdin(script), 1),
        (hookproof(["check", "--replay", &file]), 0),
    ] {
        let ended = call.run().await.exits(status);
        let word = if status == 1 { "FAIL" } else { "pass" };
        assert_eq!(ended.verdicts(), [("property/any-history", word)]);
        let printed = [1, 2, 3, 1].map(|event| format!("        history   deliver {event}\n")).concat();
        assert_eq!(ended.out.contains(&printed), status == 1, "{}", ended.out);
        let again =
            "check --demo remembers-two-events --replay FILE, with the lines of the history in FILE\n";
        assert_eq!(ended.out.contains(again), status == 1, "{}", ended.out);
    }
    hookproof(["check", "--replay", &file, "--only", "tls/*"]).run().await.refuses(&["--replay", "--only"]);
}

#[tokio::test]
async fn only_and_skip_choose_what_is_reported() {
    let ended = hookproof(["check", "--only", "*/no-redirect,retry/aged*,tls/*", "--skip", "tls/*"]);
    let ended = ended.run().await.exits(0);
    assert_eq!(ended.verdicts(), [("acknowledge/no-redirect", "pass"), ("retry/aged-event", "pass")]);
}

#[tokio::test]
async fn a_should_that_fails_counts_only_when_strict() {
    let shop = flawed(Defect::Answers404ToForgeries, None);
    let only = ["--only", "acknowledge/success-status,signature/refusal-status"];
    let lenient = check(&shop.url(), only).run().await.exits(0);
    assert_eq!(lenient.verdict("signature/refusal-status"), "FAIL");
    let strict = check(&shop.url(), only.into_iter().chain(["--strict"])).run().await.exits(1);
    assert!(strict.err.contains("which --strict counts: 1"), "{}", strict.err);
}

#[tokio::test]
async fn nothing_holds_where_no_event_was_acknowledged() {
    let shop = merchant(Nature::Fraud(Fraud::RefuseEverything), Duration::from_secs(30), None);
    let ended = check(&shop.url(), ["--only", "signature/*,duplicate/*"]).run().await.exits(1);
    assert!(ended.verdicts().iter().all(|(_, word)| *word == "unknown"), "{}", ended.out);
    assert!(ended.err.contains("no event was acknowledged"), "{}", ended.err);
}

#[tokio::test]
async fn the_named_types_are_sent_and_the_first_is_the_ordinary_one() {
    let endpoint = always(200).await;
    let url = endpoint.uri();
    let options = ["--events", "invoice.paid,payout.paid", "--only", "acknowledge/subscribed-types"];
    let ended = check(&url, options).run().await.exits(0);
    assert_eq!(ended.verdict("acknowledge/subscribed-types"), "pass");
    let types: Vec<String> = requests(&endpoint)
        .await
        .iter()
        .map(|request| request.body_json::<serde_json::Value>().expect("it is JSON")["type"].to_string())
        .collect();
    assert_eq!(types[0], "\"invoice.paid\"");
    assert!(types.contains(&"\"payout.paid\"".to_owned()), "{types:?}");
    assert!(types.iter().all(|kind| !kind.contains("payment")), "{types:?}");
}

#[tokio::test]
async fn a_late_answer_fails_within_the_limit_that_was_given() {
    let shop = merchant(Nature::Flawed(Defect::AnswersLate), Duration::from_millis(500), None);
    let ended = check(&shop.url(), ["--timeout", "500ms", "--only", "timing/within-limit"]).run().await;
    let ended = ended.exits(1);
    assert_eq!(ended.verdict("timing/within-limit"), "FAIL");
    assert!(ended.out.contains("expected  an answer within 500 ms every time"), "{}", ended.out);
}

#[tokio::test]
async fn a_server_that_starts_later_is_waited_for() {
    let reserved = Reserved::new();
    let url = reserved.url();
    let options = ["--wait", "60s", "--only", "acknowledge/success-status"];
    let mut child = check(&url, options).start();
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let first = lines.next_line().await.expect("it is UTF-8").expect("it says that it waits");
    assert_eq!(first, format!("note: nothing listens at {url} yet; waiting up to 1 min"));
    let _server = reserved.answer(200).await;
    let ended = Ended::of(child).await.exits(0);
    assert_eq!(ended.verdict("acknowledge/success-status"), "pass");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_verdicts_on_the_same_live_merchant() {
    let shop = sound(None);
    let url = shop.url();
    let first = check(&url, ["--seed", "7"]).run().await.exits(0);
    let second = check(&url, ["--seed", "7"]).run().await.exits(0);
    assert_eq!(first.verdicts(), second.verdicts());
    assert!(first.verdicts().iter().any(|(_, word)| *word == "pass"));
}

#[tokio::test]
async fn nobody_at_the_address_is_told_at_once_with_the_reason_and_the_cure() {
    let reserved = Reserved::new();
    let ended = check(&reserved.url(), []).run().await.exits(3);
    assert_eq!(ended.out, "");
    let words = format!(
        "hookproof: {} could not be reached: connection refused; is it running? check --wait 30s waits until it is\n",
        reserved.url()
    );
    assert_eq!(ended.err, words);
}

#[tokio::test]
async fn a_name_without_an_address_is_unreachable() {
    let ended = check("http://shop.invalid/", ["--allow-remote", "shop.invalid"]).run().await.exits(3);
    assert_eq!(ended.out, "");
    assert!(
        ended.err.contains("shop.invalid has no address") && ended.err.contains("--resolve"),
        "{}",
        ended.err
    );
}

#[tokio::test]
async fn an_endpoint_that_hangs_up_is_reached_and_fails() {
    let endpoint = Closing::start().await;
    let ended = check(&endpoint.url, []).run().await.exits(1);
    assert_eq!(ended.verdict("acknowledge/success-status"), "FAIL");
    assert!(ended.out.contains("connection closed without an answer"), "{}", ended.out);
    assert!(ended.verdicts().iter().all(|(_, word)| *word != "pass"), "{}", ended.out);
    assert_eq!(endpoint.connections(), 1, "what is hung up on once is not tried for every check");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_fails_its_checks_and_is_not_unreachable() {
    let shop = flawed(Defect::SelfSignedCertificate, None);
    let ended = check(&shop.url(), ["--only", "tls/certificate,acknowledge/success-status"]).run().await;
    let ended = ended.exits(1);
    assert_eq!(ended.verdict("tls/certificate"), "FAIL");
    assert_eq!(ended.verdict("acknowledge/success-status"), "FAIL");
    assert!(ended.out.contains("self-signed or from an unknown issuer"), "{}", ended.out);
}

/// C47
#[tokio::test]
async fn plain_http_where_https_was_meant_is_reached_and_fails() {
    let endpoint = always(200).await;
    let url = endpoint.uri().replace("http://", "https://");
    let ended = check(&url, ["--only", "tls/certificate,acknowledge/success-status"]).run().await.exits(1);
    assert_eq!(ended.verdict("acknowledge/success-status"), "FAIL");
    assert!(ended.out.contains("what answers there does not speak TLS"), "{}", ended.out);
}

/// C28
#[tokio::test]
async fn an_endpoint_cannot_steer_the_terminal() {
    let wicked = ResponseTemplate::new(302)
        .set_body_string("\u{1b}[2J\u{202e}")
        .insert_header("location", b"/\xc2\x9b2J".as_slice());
    let endpoint = answering(wicked).await;
    let ended = check(&endpoint.uri(), ["--only", "acknowledge/*"]).run().await.exits(1);
    let is_odd = |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
    assert!(!ended.out.contains(is_odd) && !ended.err.contains(is_odd), "{:?}", ended.out);
}

#[tokio::test]
async fn a_certificate_that_the_caller_vouches_for_holds_by_address_and_by_name() {
    let folder = Folder::new("vouched-for");
    let shop = flawed(Defect::SelfSignedCertificate, None);
    let pem = folder.with("shop.pem", shop.certificate_pem().expect("it serves HTTPS"));
    let by_address = shop.url();
    let port = by_address.rsplit(':').next().and_then(|rest| rest.split('/').next()).expect("it has a port");
    let by_name = format!("https://localhost:{port}/webhooks");
    let rule = format!("localhost:{port}:127.0.0.1");
    let only = ["--only", "tls/certificate,acknowledge/success-status", "--cacert", &pem];
    for (url, more) in [(&by_address, &[] as &[&str]), (&by_name, &["--resolve", &rule])] {
        let ended = check(url, only.iter().chain(more).copied()).run().await.exits(0);
        assert_eq!(ended.verdict("tls/certificate"), "pass");
        assert_eq!(ended.verdict("acknowledge/success-status"), "pass");
    }
    let other_name = format!("https://shop.example:{port}/");
    let rule = format!("shop.example:{port}:127.0.0.1");
    let ended = check(&other_name, only.into_iter().chain(["--resolve", &rule])).run().await.exits(1);
    assert!(ended.out.contains("is for other names than shop.example"), "{}", ended.out);
}
