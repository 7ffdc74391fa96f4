//! The effect sink as a merchant's downstream calls see it.

use std::time::Duration;

use hookproof_conformance::{Client, Observer, ObserverError, Outgoing, Sink};
use hookproof_core::EndpointUrl;
use hookproof_suite::{Call, Outcome, Reading, Transport};

use crate::peer::{deliver, target};

async fn sink() -> (Sink, Client) {
    let sink = Sink::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = format!("http://{}/ledger/evt_1?kind=%22a%22", sink.address());
    (sink, Client::new(target(&url, Duration::from_secs(20))))
}

async fn calls(observer: &Observer) -> Vec<Call> {
    match observer.look("evt_1").await {
        Reading::Calls(calls) => calls,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_sink_copies_each_call_and_gives_it_once() {
    let (sink, client) = sink().await;
    let observer = Observer::Sink(sink);
    assert!(calls(&observer).await.is_empty());
    let Outcome::Answered(answer) = deliver(&client, b"{\"n\":1}", Transport::default()).await else {
        panic!()
    };
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"{}"[..]));
    let url: &EndpointUrl = &client.target().url;
    client.deliver(Outgoing::get(url)).await;
    let seen = calls(&observer).await;
    let lines: Vec<_> =
        seen.iter().map(|call| (call.method.as_str(), call.target.as_str(), call.status)).collect();
    let target = "/ledger/evt_1?kind=%22a%22";
    assert_eq!(lines, [("POST", target, 200), ("GET", target, 200)]);
    assert_eq!(seen[0].body, b"{\"n\":1}");
    assert!(seen[0].headers.contains(&("x-event".into(), "evt_1".into())), "{:?}", seen[0].headers);
    assert!(calls(&observer).await.is_empty());
}

/// C63.
#[tokio::test]
async fn the_sink_keeps_the_beginning_of_a_large_body() {
    let (sink, client) = sink().await;
    deliver(&client, &vec![b'x'; 10_000_000], Transport::default()).await;
    assert_eq!(calls(&Observer::Sink(sink)).await[0].body.len(), 64 * 1024);
}

/// C64.
#[tokio::test]
async fn an_address_that_is_taken_is_refused_with_the_reason() {
    let (sink, _) = sink().await;
    let error = Sink::listen(sink.address()).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, ObserverError::Listen(_)));
    assert!(
        text.starts_with(&format!("the effect sink cannot listen there: {}: ", sink.address())),
        "{text}"
    );
}

#[tokio::test]
async fn the_sink_stops_with_its_last_clone() {
    let (sink, client) = sink().await;
    let clone = sink.clone();
    drop(sink);
    assert!(matches!(deliver(&client, b"1", Transport::default()).await, Outcome::Answered(_)));
    drop(clone);
    assert!(matches!(deliver(&client, b"1", Transport::default()).await, Outcome::Failed(_)));
}
