//! Deliveries as they travel: connections, lanes, cuts, splits and the deadline.

use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

use hookproof_conformance::{Client, Target};
use hookproof_core::EndpointUrl;
use hookproof_suite::{Failure, Outcome, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::peer::{
    CLOSED, CLOSED_EARLY, OK, Peer, SOON, TIMED_OUT, channel, deliver, is_whole, post, read_request, status,
    target,
};

const LANE: Transport = Transport {
    lane: Some((1, 1)),
    cut_before_answer: false,
    cut_after: Duration::ZERO,
    delay: Duration::ZERO,
    framing: hookproof_suite::Framing::Length,
    pace: hookproof_suite::Pace::AtOnce,
    stop: None,
    patience: None,
};

#[tokio::test]
async fn the_request_arrives_byte_for_byte() {
    let (saw, mut seen) = channel();
    let peer = Peer::start(move |mut stream, _| {
        let saw = saw.clone();
        async move {
            saw.send(String::from_utf8(read_request(&mut stream).await).unwrap()).unwrap();
            stream.write_all(OK).await.unwrap();
        }
    })
    .await;
    assert_eq!(status(&post(&peer.client()).await), Some(200));
    let wanted = format!(
        "POST /hook HTTP/1.1\r\nhost: {}\r\nx-Event: evt_1\r\ncontent-length: 14\r\nconnection: close\r\n\r\n\
         {{\"id\":\"evt_1\"}}",
        peer.address
    );
    assert_eq!(seen.recv().await.unwrap(), wanted);
}

/// C13, C14.
#[tokio::test]
async fn redirects_are_answers_and_are_not_followed() {
    let peer = Peer::answering("HTTP/1.1 307 X\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n").await;
    let Outcome::Answered(answer) = post(&peer.client()).await else { panic!("no answer") };
    assert_eq!((answer.status, answer.header("Location")), (307, Some("/elsewhere")));
    assert_eq!(peer.connections(), 1);
}

#[tokio::test]
async fn each_delivery_has_its_own_connection_and_a_lane_keeps_one() {
    let peer = Peer::start(|mut stream, _| async move {
        while is_whole(&read_request(&mut stream).await) {
            stream.write_all(OK).await.unwrap();
        }
    })
    .await;
    let client = peer.client();
    for transport in [Transport::default(), Transport::default(), LANE, LANE, LANE] {
        assert_eq!(status(&deliver(&client, b"1", transport).await), Some(200));
    }
    assert_eq!((peer.connections(), client.resent()), (3, 0));
    let other_lane = Transport { lane: Some((1, 2)), ..LANE };
    assert_eq!(status(&deliver(&client, b"1", other_lane).await), Some(200));
    assert_eq!(peer.connections(), 4);
}

/// C58: an answer that says close, or that is followed by more, ends its connection even on a lane.
#[tokio::test]
async fn a_connection_is_not_reused_after_anything_odd() {
    let two = [OK, OK].concat();
    for answer in [
        &b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"[..],
        b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\nbody",
        b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        &two,
    ] {
        let peer = Peer::answering_and_staying(answer).await;
        let client = peer.client();
        for wanted in 1..=3 {
            assert!(status(&deliver(&client, b"1", LANE).await).is_some_and(|status| status < 300));
            assert_eq!(peer.connections(), wanted, "{}", answer.escape_ascii());
        }
    }
}

/// C34: a second answer that comes later is not taken for the answer to the next request. The server has a
/// thread of its own, and the test blocks, so that the runtime has had no moment to notice what came.
#[tokio::test]
async fn a_late_second_answer_does_not_answer_the_next_request() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (first_read, go_on) = std::sync::mpsc::channel();
    let (wrote, written) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || {
        let mut first = listener.accept().unwrap().0;
        assert!(first.read(&mut [0; 4096]).unwrap() > 0);
        first.write_all(OK).unwrap();
        go_on.recv().unwrap();
        first.write_all(b"HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n").unwrap();
        wrote.send(()).unwrap();
        let mut second = listener.accept().unwrap().0;
        assert!(second.read(&mut [0; 4096]).unwrap() > 0);
        second.write_all(OK).unwrap();
    });
    let client = Client::new(target(&url, Duration::from_secs(20)));
    assert_eq!(status(&deliver(&client, b"1", LANE).await), Some(200));
    first_read.send(()).unwrap();
    written.recv().unwrap();
    assert_eq!(status(&deliver(&client, b"1", LANE).await), Some(200));
    server.join().unwrap();
}

/// C57: the server closes an idle connection just as the next request leaves.
#[tokio::test]
async fn a_request_on_a_kept_connection_that_was_closed_is_sent_once_more() {
    let peer = Peer::start(|mut stream, before| async move {
        read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
        read_request(&mut stream).await;
        if before > 0 {
            stream.write_all(OK).await.unwrap();
        }
    })
    .await;
    let client = peer.client();
    for _ in 0..2 {
        assert_eq!(status(&deliver(&client, b"1", LANE).await), Some(200));
    }
    assert_eq!((peer.connections(), client.resent()), (2, 1));
}

/// C19: without an answer on a fresh connection, the delivery has failed, and nothing is sent again.
#[tokio::test]
async fn a_fresh_connection_that_closes_without_an_answer_is_not_tried_again() {
    let peer = Peer::answering("").await;
    for transport in [Transport::default(), LANE] {
        assert_eq!(deliver(&peer.client(), b"1", transport).await, CLOSED);
    }
    assert_eq!(peer.connections(), 2);
}

/// C57: a kept connection that ends in the middle of an answer was no race.
#[tokio::test]
async fn an_answer_that_stops_short_on_a_kept_connection_is_not_sent_again() {
    let peer = Peer::start(|mut stream, _| async move {
        read_request(&mut stream).await;
        stream.write_all(OK).await.unwrap();
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 2").await.unwrap();
    })
    .await;
    let client = peer.client();
    assert_eq!(status(&deliver(&client, b"1", LANE).await), Some(200));
    assert_eq!(deliver(&client, b"1", LANE).await, CLOSED_EARLY);
    assert_eq!(client.resent(), 0);
}

#[tokio::test]
async fn a_cut_delivery_arrives_whole_and_its_connection_is_closed() {
    let body = vec![b'x'; 300_000];
    let (saw, mut seen) = channel();
    let peer = Peer::start(move |mut stream, _| {
        let saw = saw.clone();
        async move {
            let mut request = Vec::new();
            // An end or a reset, whichever the system makes of it.
            let _ = stream.read_to_end(&mut request).await;
            saw.send(request).unwrap();
        }
    })
    .await;
    let cut = Transport { cut_before_answer: true, ..Transport::default() };
    assert_eq!(deliver(&peer.client(), &body, cut).await, Outcome::Cut);
    let request = seen.recv().await.unwrap();
    assert!(is_whole(&request) && request.ends_with(&body));
}

#[tokio::test]
async fn a_cut_waits_as_long_as_asked() {
    let (saw, mut seen) = channel();
    let peer = Peer::start(move |mut stream, _| {
        let saw = saw.clone();
        async move {
            let _ = stream.read_to_end(&mut Vec::new()).await;
            saw.send(Instant::now()).unwrap();
        }
    })
    .await;
    let cut_after = Duration::from_millis(80);
    let began = Instant::now();
    let cut = Transport { cut_before_answer: true, cut_after, ..Transport::default() };
    assert_eq!(deliver(&peer.client(), b"1", cut).await, Outcome::Cut);
    assert!(seen.recv().await.unwrap() >= began + cut_after);
}

#[tokio::test]
async fn a_split_body_comes_in_two_reads() {
    let (saw, mut seen) = channel();
    let peer = Peer::start(move |mut stream, _| {
        let saw = saw.clone();
        async move {
            let mut request = Vec::new();
            while !is_whole(&request) {
                let mut read = Vec::with_capacity(4096);
                assert!(stream.read_buf(&mut read).await.unwrap() > 0);
                request.extend_from_slice(&read);
                saw.send(read).unwrap();
            }
            stream.write_all(OK).await.unwrap();
        }
    })
    .await;
    let split = Transport { pace: hookproof_suite::Pace::SplitAt(2), ..Transport::default() };
    assert_eq!(status(&deliver(&peer.client(), "é€".as_bytes(), split).await), Some(200));
    assert!(seen.recv().await.unwrap().ends_with("\r\n\r\né".as_bytes()));
    assert_eq!(seen.recv().await.unwrap(), "€".as_bytes());
}

/// C18: the write side stands under the deadline too.
#[tokio::test]
async fn an_endpoint_that_never_reads_ends_at_the_deadline() {
    let peer = Peer::start(|stream, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let large = vec![b'x'; 32 * 1024 * 1024];
    let unsent = Outcome::Failed(Failure::TimedOut { sent: false });
    assert_eq!(deliver(&peer.client_within(SOON), &large, Transport::default()).await, unsent);
    let cut = Transport { cut_before_answer: true, ..Transport::default() };
    assert_eq!(deliver(&peer.client_within(SOON), &large, cut).await, unsent);
    assert_eq!(post(&peer.client_within(SOON)).await, TIMED_OUT);
}

/// C33 and early refusals: the answer counts although the request never ends.
#[tokio::test]
async fn an_answer_before_the_end_of_the_request_is_read() {
    let peer = Peer::start(|mut stream, _| async move {
        stream.write_all(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let client = peer.client();
    let large = vec![b'x'; 32 * 1024 * 1024];
    assert_eq!(status(&deliver(&client, &large, LANE).await), Some(413));
    assert_eq!(status(&deliver(&client, b"1", LANE).await), Some(413));
    assert_eq!((peer.connections(), client.resent()), (2, 0), "nothing is reused behind half a request");
}

/// C56: the server closes while we upload.
#[tokio::test]
async fn a_server_that_hangs_up_during_the_upload_is_reported() {
    let peer = Peer::start(|mut stream, _| async move {
        let _ = stream.read(&mut [0; 100]).await;
    })
    .await;
    let large = vec![b'x'; 32 * 1024 * 1024];
    assert_eq!(deliver(&peer.client(), &large, Transport::default()).await, CLOSED);
}

/// C15 and C65: nothing listens, or it hangs up at once.
#[tokio::test]
async fn what_cannot_be_reached_is_told_apart() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let refused = Outcome::Failed(Failure::Refused);
    assert_eq!(post(&Client::new(target(&format!("http://{address}/"), SOON))).await, refused);
    let localhost = format!("http://localhost:{}/", address.port());
    assert_eq!(post(&Client::new(target(&localhost, Duration::from_secs(20)))).await, refused);
    let peer = Peer::start(|_, _| async {}).await;
    assert_eq!(post(&peer.client()).await, CLOSED);
}

/// C50, and names of this machine, which no name server is asked about.
#[tokio::test]
async fn every_address_of_a_name_is_tried() {
    let peer = Peer::answering(OK).await;
    for name in ["localhost", "shop.localhost"] {
        let url = format!("http://{name}:{}/", peer.address.port());
        assert_eq!(
            status(&post(&Client::new(target(&url, Duration::from_secs(20)))).await),
            Some(200),
            "{name}"
        );
    }
}

/// C49: the chosen address is used and the name is kept.
#[tokio::test]
async fn a_chosen_address_takes_the_place_of_the_look_up() {
    let (saw, mut seen) = channel();
    let peer = Peer::start(move |mut stream, _| {
        let saw = saw.clone();
        async move {
            saw.send(String::from_utf8(read_request(&mut stream).await).unwrap()).unwrap();
            stream.write_all(OK).await.unwrap();
        }
    })
    .await;
    let port = peer.address.port();
    let url = EndpointUrl::parse(&format!("http://shop.invalid:{port}/hook")).unwrap();
    let resolve = format!("shop.invalid:{port}:127.0.0.1").parse().unwrap();
    let target = Target::new(url, vec![resolve], None, Duration::from_secs(20)).unwrap();
    assert_eq!(status(&post(&Client::new(target)).await), Some(200));
    assert!(seen.recv().await.unwrap().contains(&format!("\r\nhost: shop.invalid:{port}\r\n")));
}
