//! Answers that no server should give. Each row names its number in the table of hostile endpoints.

use std::time::Duration;

use hookproof_conformance::{Client, Outgoing};
use hookproof_suite::{Failure, Outcome, Transport};
use tokio::{io::AsyncWriteExt, time::sleep};

use crate::peer::{CLOSED_EARLY, Peer, SOON, TIMED_OUT, post, read_request, status, target};

#[tokio::test]
async fn what_is_no_answer_is_told_with_what_was_wrong() {
    for (row, answer, wanted) in [
        ("C06", format!("HTTP/1.1 200 OK\r\n{}", "a: b\r\n".repeat(5000)), "more than 100 header fields"),
        (
            "C07",
            format!("HTTP/1.1 200 OK\r\na: {}", "x".repeat(100_000)),
            "more than 64 KiB of header fields",
        ),
        ("C08", "HTTP/1.1 102 Wait\r\n\r\n".repeat(100), "more than 8 interim answers"),
        ("C10", "HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n".into(), "it switches protocols"),
        ("C11", "HTTP/1.1 abc OK\r\n\r\n".into(), "a malformed status line"),
        ("C12", "HTTP/1.1 099 OK\r\n\r\n".into(), "a status of 099"),
        ("C20", format!("{CHUNKED}1;{}", "x".repeat(100_000)), "more than 16384 bytes of chunk extensions"),
        ("C21", format!("{CHUNKED}fffffffffffffffff\r\nx"), "a chunk size of more than 16 digits"),
        (
            "C22",
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n".into(),
            "content-length \"999",
        ),
        (
            "C24",
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx".into(),
            "two content-lengths",
        ),
        ("C26", "HTTP/1.1 200 OK\r\na: b\0\r\n\r\n".into(), "a forbidden byte in a header value"),
        ("C35", "it works!".into(), "no status line of HTTP/1; it begins with \"it works!\""),
        ("C37", "\0\0\u{6}\u{4}\0\0\0\0\0".into(), "no status line of HTTP/1"),
        ("C47", "\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{16}".into(), "no status line of HTTP/1"),
    ] {
        let peer = Peer::answering_and_staying(answer).await;
        match post(&peer.client()).await {
            Outcome::Failed(Failure::NotHttp(why)) => assert!(why.starts_with(wanted), "{row}: {why}"),
            other => panic!("{row}: {other:?}"),
        }
    }
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

/// C03, C04, C05, C12, C25, C29, C33, C34, C36, C40, C59, C60.
#[tokio::test]
async fn what_is_odd_and_still_an_answer_is_judged_by_its_status() {
    for (row, answer, wanted) in [
        ("C03", format!("{CHUNKED}{}", "ffff\r\n".to_string() + &"x".repeat(0xffff) + "\r\nffff\r\nx"), 200),
        ("C04", format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(200_000)), 200),
        (
            "C05",
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n\u{1f}\u{b}".into(),
            200,
        ),
        ("C12", "HTTP/1.1 700 X\r\ncontent-length: 0\r\n\r\n".into(), 700),
        ("C25", format!("{}content-length: 9\r\n\r\n0\r\n\r\n", &CHUNKED[..CHUNKED.len() - 2]), 200),
        ("C29", "HTTP/1.1 204 No Content\r\ncontent-length: 4\r\n\r\nbody".into(), 204),
        ("C34", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 500 X\r\n\r\n".into(), 200),
        ("C36", "HTTP/1.1 200 OK\ncontent-length: 2\n\nok".into(), 200),
        ("C40", "HTTP/1.1 429 X\r\nretry-after: 999999999999\r\ncontent-length: 0\r\n\r\n".into(), 429),
        ("C59", "HTTP/1.1 200 OK\r\nset-cookie: a=b\r\nalt-svc: h3\r\ncontent-length: 0\r\n\r\n".into(), 200),
    ] {
        let peer = Peer::answering_and_staying(answer).await;
        let outcome = post(&peer.client()).await;
        assert_eq!(status(&outcome), Some(wanted), "{row}: {outcome:?}");
        let Outcome::Answered(answer) = outcome else { continue };
        assert!(answer.body.len() <= 20_000, "{row}");
    }
}

/// C01, C09, C17, C23, C31, and C30, whose late answer nobody reads.
#[tokio::test]
async fn what_never_becomes_whole_ends_at_the_deadline() {
    for (row, answer) in [
        ("C01", "HTTP/1.1 200 OK\r\nx-slow: "),
        ("C09", "HTTP/1.1 100 Continue\r\n\r\n"),
        ("C17", ""),
        ("C23", "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n"),
        ("C31", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"),
    ] {
        let peer = Peer::answering_and_staying(answer).await;
        assert_eq!(post(&peer.client_within(SOON)).await, TIMED_OUT, "{row}");
    }
}

/// C01, C09, C17, C46: from before the look-up to the last byte, by a virtual clock.
#[tokio::test(start_paused = true)]
async fn no_delivery_takes_longer_than_its_limit_and_half_a_second() {
    const LIMIT: Duration = Duration::from_secs(30);
    for (scheme, answer, longest) in [
        ("http", "", LIMIT),
        ("http", "HTTP/1.1 100 Continue\r\n\r\n", LIMIT),
        ("http", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n", LIMIT),
        // A handshake has five seconds.
        ("https", "", Duration::from_secs(5)),
    ] {
        let peer = Peer::answering_and_staying(answer).await;
        let url = format!("{scheme}://{}/hook", peer.address);
        let client = Client::new(target(&url, LIMIT));
        let outgoing = Outgoing::post(&client.target().url, &[], b"{}", Transport::default()).unwrap();
        let (outcome, took) = client.deliver(outgoing).await;
        assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
        assert!(
            (longest..longest + Duration::from_millis(500)).contains(&took),
            "{scheme} {answer:?}: {took:?}"
        );
    }
}

/// C02: bytes that keep coming do not move the deadline.
#[tokio::test]
async fn a_dripping_body_ends_at_the_deadline() {
    let peer = Peer::start(|mut stream, _| async move {
        read_request(&mut stream).await;
        let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n".to_vec();
        while stream.write_all(&bytes).await.is_ok() {
            bytes = b"x".to_vec();
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    assert_eq!(post(&peer.client_within(SOON)).await, TIMED_OUT);
}

/// C16, C32: a close or a reset in the middle.
#[tokio::test]
async fn an_answer_that_stops_short_is_none() {
    for answer in [
        "HTTP/1.1 200 O".to_string(),
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort".into(),
        format!("{CHUNKED}5\r\nhel"),
        format!("{CHUNKED}5\r\nhello\r\n0\r\n"),
    ] {
        let peer = Peer::answering(answer.clone()).await;
        assert_eq!(post(&peer.client()).await, CLOSED_EARLY, "{answer}");
        let reset = Peer::start(move |mut stream, _| {
            let answer = answer.clone();
            async move {
                read_request(&mut stream).await;
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.set_zero_linger().unwrap();
            }
        })
        .await;
        // A reset may throw away what came before it was read.
        assert!(matches!(post(&reset.client()).await, Outcome::Failed(Failure::Closed { .. })));
    }
}
