//! An endpoint checked from a test in Rust.

use std::{panic, time::Duration};

use hookproof_conformance::{
    CheckError, Checked, EndpointCheck, Observer, Sink, check,
    merchant::{Character, Defect, Nature},
    server::Server,
};
use hookproof_core::{Provider, Secret};
use hookproof_suite::report::Json;

use crate::peer::Peer;

const SECRET: &str = "whsec_YSB0ZXN0IGluIFJ1c3Q=";

fn shop(nature: Nature, ledger: &Sink) -> Server {
    let secret = Secret::new(SECRET).unwrap();
    let character = Character::new(nature, Duration::from_secs(30));
    let turratech = Provider::built_in("turratech").unwrap();
    Server::start(character, turratech, Some(&secret), Some(ledger.address())).unwrap()
}

async fn ledger() -> Sink {
    Sink::listen(([127, 0, 0, 1], 0).into()).await.unwrap()
}

fn few(url: &str, ledger: Sink) -> EndpointCheck {
    let only = ["acknowledge/success-status", "duplicate/sequential", "tls/certificate"];
    check(url).secret(SECRET).observed_by(Observer::Sink(ledger)).only(only)
}

/// The text with which it refuses to be sound.
fn complaint(checked: &Checked) -> String {
    let refused = panic::catch_unwind(panic::AssertUnwindSafe(|| checked.assert_sound()));
    *refused.expect_err("it is not sound").downcast::<String>().expect("it says why")
}

#[tokio::test]
async fn a_sound_endpoint_is_held_sound() {
    let ledger = ledger().await;
    let shop = shop(Nature::Reference, &ledger);
    let checked = few(&shop.url(), ledger).await.unwrap();
    checked.assert_sound();
    assert!(checked.verdict("duplicate/sequential").unwrap().is_pass());
    assert!(checked.verdict("duplicate/resigned").is_none(), "it was not asked for");
    let summary = checked.summary();
    assert_eq!((summary.pass, summary.fail, summary.not_applicable), (2, 0, 1));
    assert!(checked.to_string().contains("pass    MUST    duplicate/sequential"), "{checked}");
    assert!(!checked.report(&mut Json::default()).contains(SECRET));
}

#[tokio::test]
async fn a_header_of_the_callers_is_in_no_report() {
    let ledger = ledger().await;
    let shop = shop(Nature::Flawed(Defect::NoDedupe), &ledger);
    let header = ("authorization".to_owned(), "Bearer 0pen-sesame".to_owned());
    let checked = few(&shop.url(), ledger).setting(|setting| setting.headers.push(header)).await.unwrap();
    let report = checked.report(&mut Json::default());
    assert!(report.contains("authorization: <redacted>"), "{report}");
    assert!(!report.contains("0pen-sesame"), "{report}");
}

#[tokio::test]
async fn a_broken_promise_is_told_with_its_evidence() {
    let ledger = ledger().await;
    let shop = shop(Nature::Flawed(Defect::NoDedupe), &ledger);
    let checked = few(&shop.url(), ledger).await.unwrap();
    assert!(checked.verdict("duplicate/sequential").unwrap().is_fail());
    let complaint = complaint(&checked);
    assert!(complaint.starts_with("the endpoint breaks its promises\n"), "{complaint}");
    assert!(complaint.contains("FAIL    MUST    duplicate/sequential"), "{complaint}");
}

#[tokio::test]
async fn an_endpoint_that_acknowledges_nothing_is_not_sound() {
    let peer = Peer::answering("HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n").await;
    let url = format!("http://{}/", peer.address);
    // Of what was asked for, nothing fails: it could not be tried.
    let checked = check(&url).secret(SECRET).only(["duplicate/sequential"]).await.unwrap();
    assert_eq!(checked.summary().fail, 0, "{checked}");
    assert!(complaint(&checked).starts_with("no event was acknowledged"), "{checked}");
}

#[tokio::test]
async fn a_wrong_call_sends_nothing_and_says_what_to_do() {
    let wrong = |check: EndpointCheck| async { check.await.expect_err("it is wrong").to_string() };
    let url = "http://127.0.0.1:9/";
    assert!(wrong(check("shop").secret(SECRET)).await.starts_with("the URL "));
    assert!(wrong(check("http://192.0.2.1/").secret(SECRET)).await.contains("call allow_remote"));
    assert!(wrong(check(url)).await.starts_with("the secret "));
    assert!(wrong(check(url).secret(" ")).await.starts_with("the secret "));
    assert!(wrong(check(url).secret(SECRET).only(["duplicate/sequentia"])).await.contains("sequentia"));
    let nobody = check(url).secret(SECRET).await;
    assert!(matches!(nobody, Err(CheckError::Unreachable(why)) if why.contains("127.0.0.1:9")));
}

#[test]
fn outside_of_a_runtime_it_is_waited_for() {
    let error = check("http://127.0.0.1:9/").secret(SECRET).blocking().expect_err("nobody listens there");
    assert!(matches!(error, CheckError::Unreachable(_)), "{error}");
}
