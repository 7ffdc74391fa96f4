//! Many events, each unique and signed.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hookproof_core::{Header, Provider, Secret, Timestamp, Tolerance, Verifier};
use serde_json::Value;
use tokio::sync::mpsc;
use wiremock::{Request, ResponseTemplate};

use crate::{
    call::{Call, Ended, SECRET, hookproof},
    ending::interrupt,
    endpoint::{always, answering, requests, sound},
    folder::Folder,
};

fn load<'a>(url: &'a str, options: impl IntoIterator<Item = &'a str>) -> Call {
    hookproof(["load", url].into_iter().chain(options)).secret(SECRET)
}

/// The report of a load, which is of its schema.
async fn report(name: &str, url: &str, options: &[&str]) -> (Ended, Value) {
    let folder = Folder::new(name);
    let to = format!("json={}", folder.file("load.json"));
    let ended = load(url, options.iter().copied().chain(["--report", &to])).run().await;
    let text = std::fs::read_to_string(folder.file("load.json")).unwrap_or_else(|_| panic!("{ended:#?}"));
    let report: Value = serde_json::from_str(&text).expect("it is JSON");
    let schema = include_str!("../../../../fixtures/schema/load.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let errors: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    (ended, report)
}

/// How often each event came, by its id. Every one of them must be rightly signed.
fn received(requests: &[Request]) -> BTreeMap<String, usize> {
    let turratech = Provider::built_in("turratech").unwrap();
    let secret = Secret::new(SECRET).unwrap();
    let verifier =
        Verifier::new(turratech.signature.as_ref().unwrap(), &[secret], Tolerance::DEFAULT).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let mut ids = BTreeMap::new();
    for request in requests {
        let lines: Vec<(String, Vec<u8>)> = request
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
            .collect();
        let headers: Vec<Header<'_>> =
            lines.iter().map(|(name, value)| Header { name, value: value.as_slice() }).collect();
        verifier.verify(&headers, &request.body, Timestamp::from_unix_secs(now)).expect("it is signed");
        let event: Value = serde_json::from_slice(&request.body).unwrap();
        *ids.entry(event["id"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    ids
}

#[tokio::test]
async fn every_event_is_unique_and_signed_as_it_leaves() {
    let endpoint = always(200).await;
    let (ended, report) =
        report("load-unique", &endpoint.uri(), &["--count", "200", "--connections", "8"]).await;
    ended.exits(0);
    let ids = received(&requests(&endpoint).await);
    assert_eq!((ids.len(), ids.values().max()), (200, Some(&1)));
    assert_eq!(
        (&report["sent"], &report["again"], &report["statuses"]["200"]),
        (&200.into(), &0.into(), &200.into())
    );
    assert_eq!((&report["rate"], &report["response_micros"]["count"]), (&Value::Null, &200.into()));
}

#[tokio::test]
async fn a_share_of_them_comes_again() {
    let endpoint = always(200).await;
    let options = ["--count", "200", "--connections", "4", "--duplicates", "30%"];
    let (ended, report) = report("load-again", &endpoint.uri(), &options).await;
    ended.exits(0);
    let ids = received(&requests(&endpoint).await);
    let again: usize = ids.values().map(|times| times - 1).sum();
    assert_eq!(report["again"], again);
    assert!((55..=60).contains(&again) && ids.len() == 200 - again, "{again}");
}

#[tokio::test]
async fn an_open_loop_sends_at_its_rate_whatever_becomes_of_it() {
    let shop = sound(None);
    let options = ["--rate", "200", "--count", "100", "--duration", "30s"];
    let (ended, report) = report("load-open", &shop.url(), &options).await;
    ended.exits(0);
    assert_eq!(
        (&report["sent"], &report["acknowledged"], &report["rate"]),
        (&100.into(), &100.into(), &200.0.into())
    );
    // The last of them is due after 495 ms, on however slow a machine.
    assert!(report["took_micros"].as_u64().unwrap() >= 495_000, "{report:#}");
}

#[tokio::test]
async fn what_waits_for_a_slow_endpoint_counts_from_its_time() {
    let endpoint = answering(ResponseTemplate::new(200).set_delay(Duration::from_millis(200))).await;
    let options = ["--rate", "100", "--count", "8", "--connections", "1", "--duration", "30s"];
    let (ended, report) = report("load-late", &endpoint.uri(), &options).await;
    let ended = ended.exits(0);
    // One connection: the eighth, due after 70 ms, leaves when seven were answered.
    assert!(report["response_micros"]["max"].as_u64().unwrap() >= 1_500_000, "{report:#}");
    assert_eq!(report["late"], 7);
    assert!(ended.out.contains("7 deliveries left more than 10 ms late"), "{}", ended.out);
}

#[tokio::test]
async fn what_finds_no_connection_within_the_limit_is_dropped_and_told() {
    let endpoint = answering(ResponseTemplate::new(200).set_delay(Duration::from_millis(300))).await;
    let options =
        ["--rate", "100", "--count", "10", "--connections", "1", "--timeout", "600ms", "--duration", "30s"];
    let (ended, report) = report("load-dropped", &endpoint.uri(), &options).await;
    let dropped = report["dropped"].as_u64().unwrap();
    assert!(dropped > 0 && report["sent"].as_u64().unwrap() + dropped == 10, "{report:#}");
    // Each of them waited for longer than the limit, and counts as that.
    assert_eq!(report["response_micros"]["count"], 10);
    assert!(report["response_micros"]["max"].as_u64().unwrap() > 600_000, "{report:#}");
    let ended = ended.exits(1);
    assert!(ended.out.contains("never left: no connection was free"), "{}", ended.out);
    assert!(ended.out.contains(&format!("fails: {dropped} of 10 deliveries")), "{}", ended.out);
}

/// C61: it acknowledges the first fifty, and then no more.
#[tokio::test]
async fn an_endpoint_that_gives_up_fails_at_the_rate_at_which_it_does() {
    let served = Arc::new(AtomicUsize::new(0));
    let endpoint = answering(move |_: &Request| {
        ResponseTemplate::new(if served.fetch_add(1, Ordering::SeqCst) < 50 { 200 } else { 500 })
    })
    .await;
    let options = ["--count", "200", "--connections", "4"];
    let (ended, report) = report("load-gives-up", &endpoint.uri(), &options).await;
    let ended = ended.exits(1);
    assert_eq!((&report["statuses"]["200"], &report["statuses"]["500"]), (&50.into(), &150.into()));
    assert!(ended.out.contains("fails: 150 of 200 deliveries were not acknowledged"), "{}", ended.out);
    assert!(ended.out.contains("25.00 %"), "{}", ended.out);
    let allowed = load(&endpoint.uri(), ["--count", "10", "--max-failed", "99.9%"]);
    // None is acknowledged any more, and that is more than was allowed.
    allowed.run().await.exits(1);
}

/// C62: most answers are quick, and some come near the limit.
#[tokio::test]
async fn answers_near_the_limit_are_warned_of() {
    let served = Arc::new(Mutex::new(0));
    let endpoint = answering(move |_: &Request| {
        let mut served = served.lock().unwrap();
        *served += 1;
        let slow = Duration::from_millis(if *served % 10 == 0 { 700 } else { 1 });
        ResponseTemplate::new(200).set_delay(slow)
    })
    .await;
    let options = ["--count", "40", "--connections", "4", "--timeout", "1s"];
    let (ended, report) = report("load-bimodal", &endpoint.uri(), &options).await;
    assert!(report["response_micros"]["max"].as_u64().unwrap() >= 700_000, "{report:#}");
    assert!(ended.out.contains("note: the slowest answer took "), "{}", ended.out);
    assert!(ended.out.contains("and the limit is 1 s"), "{}", ended.out);
}

/// C69: a load that needs more sockets than there may be.
#[tokio::test]
async fn what_this_machine_does_not_allow_is_not_held_against_the_endpoint() {
    let shop = sound(None);
    let line = format!(
        "ulimit -n 64; exec {} load {} --connections 128 --count 400",
        env!("CARGO_BIN_EXE_hookproof"),
        shop.url()
    );
    let mut bash = tokio::process::Command::new("bash");
    let output = bash.args(["-c", &line]).env("HOOKPROOF_SECRET", SECRET).output().await.unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(out.contains("this machine allows no more open files"), "{output:?}");
    assert_eq!(output.status.code(), Some(0), "{out}");
    assert!(out.contains("\nholds\n"), "{out}");
}

#[tokio::test]
async fn nobody_there_is_status_3_and_a_wrong_call_2() {
    load("http://127.0.0.1:9/", ["--count", "3"]).run().await.exits(3);
    for (options, words) in [
        (&["--duplicates", "30"][..], &["percent"][..]),
        (&["--duplicates", "100%"], &["percent"]),
        (&["--rate", "0"], &["a second"]),
        (&["--duration", "0s"], &["--duration"]),
        (&["--connections", "0"], &["--connections"]),
        (&["--report", "xml=load.xml"], &["html=FILE"]),
        (&["--events", "a b"], &["cannot be the type"]),
    ] {
        load("http://127.0.0.1:9/", options.iter().copied()).run().await.refuses(words);
    }
    load("http://192.0.2.1/", []).run().await.refuses(&["--allow-remote 192.0.2.1"]);
    load("http://192.0.2.1/", ["--allow-remote", "192.0.2.1"]).run().await.refuses(&["--allow-remote-load"]);
}

#[tokio::test]
async fn a_percentile_that_is_too_long_or_cannot_be_told_fails() {
    let shop = sound(None);
    let few = load(&shop.url(), ["--count", "50", "--max-p99", "10s"]).run().await.exits(1);
    assert!(few.out.contains("too few answers to tell a 99th percentile"), "{}", few.out);
    load(&shop.url(), ["--count", "1200", "--max-p99", "30s"]).run().await.exits(0);
    let slow = answering(ResponseTemplate::new(200).set_delay(Duration::from_millis(20))).await;
    let long = load(&slow.uri(), ["--count", "1200", "--max-p99", "10ms"]).run().await.exits(1);
    assert!(long.out.contains("the 99th percentile is "), "{}", long.out);
}

#[tokio::test]
async fn who_waited_in_vain_counts_among_those_who_waited_longest() {
    let served = AtomicUsize::new(0);
    let endpoint = answering(move |_: &Request| {
        let in_vain = served.fetch_add(1, Ordering::SeqCst).is_multiple_of(20);
        ResponseTemplate::new(200).set_delay(Duration::from_secs(if in_vain { 600 } else { 0 }))
    })
    .await;
    let options = ["--count", "1200", "--timeout", "300ms", "--max-failed", "50%", "--max-p99", "250ms"];
    let (ended, report) = report("load-in-vain", &endpoint.uri(), &options).await;
    let ended = ended.exits(1);
    assert!(report["response_micros"]["p99"].as_u64().unwrap() >= 300_000, "{report:#}");
    assert!(ended.out.contains("fails: the 99th percentile is "), "{}", ended.out);
}

#[tokio::test]
async fn interrupted_it_tells_what_was_sent_by_then() {
    let (came, mut coming) = mpsc::unbounded_channel();
    let endpoint = answering(move |_: &Request| {
        came.send(()).expect("the test listens to its end");
        ResponseTemplate::new(200)
    })
    .await;
    let child = load(&endpoint.uri(), ["--rate", "50", "--duration", "600s"]).start();
    coming.recv().await.expect("the endpoint lives");
    interrupt(&child).await;
    let ended = Ended::of(child).await.exits(130);
    assert!(ended.out.contains("note: interrupted: what follows is what was sent by then"), "{}", ended.out);
}

#[tokio::test]
async fn the_page_has_every_second_and_nothing_of_the_endpoints_as_markup() {
    let endpoint = always(200).await;
    let folder = Folder::new("load-page");
    let to = format!("html={}", folder.file("load.html"));
    let url = format!("{}/%3Cscript%3E", endpoint.uri());
    load(&url, ["--count", "30", "--report", &to]).run().await.exits(0);
    let page = std::fs::read_to_string(folder.file("load.html")).unwrap();
    for words in
        ["100.00 % acknowledged", "Second by second", "Answers by their response time", "%3Cscript%3E"]
    {
        assert!(page.contains(words), "{words}");
    }
}
