//! Load, and what an endpoint does with its connections meanwhile.

use std::{sync::Arc, time::Duration};

use hookproof_conformance::load::{Figures, Load, Pace};
use hookproof_core::{Provider, Secret, Timestamp};
use hookproof_suite::{Bench, Setting};
use tokio::io::AsyncWriteExt;

use crate::peer::{OK, Peer, read_request, target};

/// One connection, as fast as it is answered.
async fn sent_one_by_one(peer: &Peer, count: u64) -> Figures {
    let provider = Provider::built_in("turratech").unwrap();
    let secret = Secret::new("whsec_YSBzZWNyZXQgb2YgdGhlIHRlc3Rz").unwrap();
    let setting = Setting { nonce: "k3w9x1q0".into(), ..Setting::default() };
    let began = Timestamp::from_unix_secs(1_800_000_000);
    let bench = Bench::new(provider.clone(), Some(&secret), setting, began).unwrap();
    let load = Load {
        target: target(&format!("http://{}/hook", peer.address), Duration::from_secs(20)),
        pace: Pace::Closed,
        connections: 1,
        duration: Duration::from_secs(600),
        count: Some(count),
        duplicates: 0.0,
        seed: 1,
    };
    load.run(bench, Arc::default()).await.unwrap()
}

#[tokio::test]
async fn a_connection_is_used_for_as_long_as_the_endpoint_keeps_it() {
    let peer = Peer::start(|mut stream, _| async move {
        while !read_request(&mut stream).await.is_empty() && stream.write_all(OK).await.is_ok() {}
    })
    .await;
    let figures = sent_one_by_one(&peer, 50).await;
    assert_eq!((figures.acknowledged, figures.resent, peer.connections()), (50, 0, 1));
}

#[tokio::test]
async fn what_meets_a_closed_connection_leaves_again_and_is_told() {
    let peer = Peer::answering(OK).await;
    let figures = sent_one_by_one(&peer, 3).await;
    assert_eq!((figures.sent, figures.acknowledged, figures.resent), (3, 3, 2));
    assert_eq!(peer.connections(), 3);
}

#[tokio::test]
async fn an_endpoint_that_says_that_it_closes_is_not_asked_again_on_that_connection() {
    let peer = Peer::answering(*b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await;
    let figures = sent_one_by_one(&peer, 3).await;
    assert_eq!((figures.acknowledged, figures.resent, peer.connections()), (3, 0, 3));
}

#[tokio::test]
async fn a_request_that_was_taken_and_not_answered_is_not_sent_twice_on_fresh_connections() {
    let peer = Peer::start(|mut stream, _| async move {
        read_request(&mut stream).await;
    })
    .await;
    let figures = sent_one_by_one(&peer, 3).await;
    assert_eq!((figures.sent, figures.failed(), figures.resent, peer.connections()), (3, 3, 0, 3));
}
