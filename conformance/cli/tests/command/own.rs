//! Endpoints that have data of their own: `--template`, `--set`, `--prepare-cmd` and `--prepare-url`.

use std::{
    collections::BTreeSet,
    fs,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use wiremock::{Request, ResponseTemplate};

use crate::{
    call::check,
    endpoint::{answering, requests},
    folder::Folder,
};

const ONLY: [&str; 2] = ["--only", "acknowledge/success-status,acknowledge/un*,signature/rejects-forged"];

fn body(request: &Request) -> Value {
    request.body_json().expect("what is sent here is JSON")
}

/// Books payments of its own customers and of nobody else.
fn knows_one_customer(request: &Request) -> ResponseTemplate {
    let is_known = body(request)["data"]["object"]["customer"] == "cus_7";
    ResponseTemplate::new(if is_known { 200 } else { 400 })
}

#[tokio::test]
async fn a_value_that_is_set_stands_in_every_event() {
    let shop = answering(knows_one_customer).await;
    check(&shop.uri(), ONLY).run().await.exits(1);
    let set = ["--set", "data.object.customer=cus_7", "--set", "data.object.order=\"{n}\""];
    let ended = check(&shop.uri(), ONLY.into_iter().chain(set)).run().await.exits(0);
    assert_eq!(ended.verdict("acknowledge/unknown-type"), "pass");
    let sent = requests(&shop).await;
    let orders: BTreeSet<String> = sent
        .iter()
        .map(|request| (body(request)["id"].to_string(), body(request)["data"]["object"]["order"].clone()))
        .filter_map(|(_, order)| order.as_str().map(str::to_owned))
        .collect();
    assert!(orders.len() > 3 && orders.iter().all(|order| order.len() == 15), "{orders:?}");
}

#[tokio::test]
async fn a_captured_event_is_the_template_of_all_others() {
    let folder = Folder::new("template");
    let captured = r#"{"id": "evt_1Q8Z", "object": "event", "type": "invoice.paid", "created": 1700000000, "livemode": true,
        "data": {"object": {"id": "in_1", "customer": "cus_7", "number": "R-{n}", "lines": [{"event": "{id}"}]}}}"#;
    let file = folder.with("captured.json", captured);
    let shop = answering(knows_one_customer).await;
    let ended = check(&shop.uri(), ONLY.into_iter().chain(["--template", &file])).run().await.exits(0);
    assert_eq!(ended.verdict("acknowledge/success-status"), "pass");
    let sent: Vec<Value> = requests(&shop).await.iter().map(body).collect();
    assert_eq!(sent[0]["type"], "invoice.paid");
    assert_eq!(sent[0]["livemode"], false);
    let mut numbers = BTreeSet::new();
    for event in &sent {
        let object = &event["data"]["object"];
        assert_eq!(object["lines"][0]["event"], event["id"]);
        assert!(event["id"].as_str().is_some_and(|id| id.starts_with("evt_hp_")), "{event}");
        assert!(object["id"].as_str().is_some_and(|id| id.starts_with("in_hp_")), "{event}");
        assert!(event["created"].as_u64().is_some_and(|created| created > 1_700_000_000), "{event}");
        numbers.insert(object["number"].to_string());
    }
    assert!(numbers.len() > 3, "{numbers:?}");
}

#[tokio::test]
async fn a_template_that_makes_no_events_is_refused_with_its_place() {
    let folder = Folder::new("bad-template");
    let shop = answering(ResponseTemplate::new(200)).await;
    for (text, words) in [
        ("{\n  \"type\": }", "is no JSON on line 2"),
        ("{\"type\": \"invoice.paid\"}", "/data/object is missing"),
        ("{\"type\": \"{kind}\"}", "{kind}, which there is not"),
        ("[1]", "no use"),
    ] {
        let file = folder.with("template.json", text);
        let words = ["--template", words];
        check(&shop.uri(), ["--template", &file]).run().await.refuses(&words);
    }
    let sound = folder.with(
        "sound.json",
        r#"{"id": "1", "type": "payout.paid", "created": 1, "data": {"object": {"id": "2"}}}"#,
    );
    let options = ["--template", &sound, "--events", "invoice.paid"];
    check(&shop.uri(), options).run().await.refuses(&["payout.paid", "let --events begin with it"]);
    assert!(requests(&shop).await.is_empty());
}

#[tokio::test]
async fn a_command_prepares_each_event_before_it_comes() {
    let folder = Folder::new("prepare-cmd");
    let orders = folder.with("orders.log", "");
    let known = orders.clone();
    let shop = answering(move |request: &Request| {
        let orders = fs::read_to_string(&known).expect("it can be read");
        let id = body(request)["id"].as_str().map(str::to_owned).expect("it has an id");
        let is_known = orders.lines().any(|line| line == format!("{id} payment.succeeded"));
        ResponseTemplate::new(if is_known { 200 } else { 404 })
    })
    .await;
    let only = ["--only", "acknowledge/success-status,acknowledge/unknown-fields"];
    check(&shop.uri(), only).run().await.exits(1);
    let command =
        "type=$(sed -n 's/.*\"type\": *\"\\([^\"]*\\)\".*/\\1/p') && echo \"$1 $type\" >> orders.log";
    let prepared = check(&shop.uri(), only.into_iter().chain(["--prepare-cmd", command]));
    let ended = prepared.within(folder.path()).run().await.exits(0);
    assert_eq!(ended.verdict("acknowledge/unknown-fields"), "pass");
    let lines = fs::read_to_string(&orders).expect("it can be read");
    let ids: BTreeSet<&str> = lines.lines().collect();
    assert_eq!(ids.len(), lines.lines().count(), "each once: {lines}");
}

#[tokio::test]
async fn an_event_that_cannot_be_prepared_is_not_sent_and_the_reason_is_told() {
    let shop = answering(ResponseTemplate::new(200)).await;
    let command = "grep -q unheard_of && { echo no such product >&2; exit 3; }; true";
    let options = ["--only", "acknowledge/un*", "--prepare-cmd", command];
    let ended = check(&shop.uri(), options).run().await.exits(0);
    assert_eq!(ended.verdict("acknowledge/unknown-type"), "unknown");
    assert_eq!(ended.verdict("acknowledge/unknown-fields"), "pass");
    let why =
        "its event could not be prepared: the prepare command ended with exit status: 3: \"no such product\"";
    assert!(ended.out.contains(why), "{}", ended.out);
    assert!(requests(&shop).await.iter().all(|request| body(request)["type"] != "hookproof.unheard_of"));
}

#[tokio::test]
async fn a_url_prepares_each_event_before_it_comes() {
    let orders: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let shop = answering(move |request: &Request| {
        let id = body(request)["id"].to_string();
        let mut orders = orders.lock().expect("nobody panicked with it");
        let status = match request.url.path() {
            "/orders" => {
                if orders.insert(id) {
                    201
                } else {
                    409
                }
            }
            _ => {
                if orders.contains(&id) {
                    200
                } else {
                    404
                }
            }
        };
        ResponseTemplate::new(status)
    })
    .await;
    let url = format!("{}/webhooks", shop.uri());
    let prepare = format!("{}/orders", shop.uri());
    check(&url, ONLY).run().await.exits(1);
    let ended = check(&url, ONLY.into_iter().chain(["--prepare-url", &prepare])).run().await.exits(0);
    assert_eq!(ended.verdict("acknowledge/unknown-type"), "pass");
    let broken = format!("{}/nowhere", shop.uri());
    let ended = check(&url, ONLY.into_iter().chain(["--prepare-url", &broken])).run().await.exits(1);
    assert_eq!(ended.verdict("acknowledge/success-status"), "unknown");
    assert!(ended.out.contains("the URL that prepares events answered 404"), "{}", ended.out);
}
