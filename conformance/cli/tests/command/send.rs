//! `hookproof send`

use hookproof_conformance::merchant::Defect;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use wiremock::{Request, ResponseTemplate};

use crate::{
    call::{Ended, SECRET, hookproof},
    endpoint::{Closing, Reserved, always, answering, flawed, requests, sound},
    folder::Folder,
};

#[tokio::test]
async fn one_event_is_delivered_and_its_answer_shown() {
    let endpoint = answering(ResponseTemplate::new(202).set_body_string("\n queued\u{1b}[31m \nmore")).await;
    let ended = send(&endpoint.uri(), &[]).await.exits(0);
    assert!(
        ended.out.starts_with("202 in ") && ended.out.ends_with(": queued\\u{1b}[31m\n"),
        "{}",
        ended.out
    );
    let sent = requests(&endpoint).await;
    assert_eq!(sent.len(), 1);
    let json: serde_json::Value = sent[0].body_json().expect("it is JSON");
    assert_eq!(json["type"], "payment.succeeded");
    assert!(json["id"].as_str().is_some_and(|id| id.starts_with("evt_hp_")), "{json}");
}

#[tokio::test]
async fn several_times_means_the_same_bytes() {
    for more in [&[] as &[&str], &["--together"]] {
        let endpoint = always(200).await;
        let args = [&["--times", "3", "--event", "invoice.paid", "--header", "x-a: b"], more].concat();
        let ended = send(&endpoint.uri(), &args).await.exits(0);
        assert_eq!(ended.out.lines().count(), 3);
        let sent = requests(&endpoint).await;
        assert_eq!(sent.len(), 3);
        for request in &sent {
            assert_eq!(request.body, sent[0].body);
            assert_eq!(signature(request), signature(&sent[0]));
            assert_eq!(request.headers["x-a"], "b");
            assert!(request.body.windows(14).any(|part| part == b"\"invoice.paid\""));
        }
    }
}

#[tokio::test]
async fn copies_sent_together_are_all_there_before_any_is_answered() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
    let url = format!("http://{}/", listener.local_addr().expect("it is bound"));
    tokio::spawn(async move {
        let mut waiting = Vec::new();
        while waiting.len() < 3 {
            waiting.push(listener.accept().await.expect("it listens").0);
        }
        for mut stream in waiting {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).await.expect("it is read");
            // Closed with the request unread, the connection would take the answer with it.
            stream.read_to_end(&mut Vec::new()).await.expect("it is written");
        }
    });
    let ended = send(&url, &["--times", "3", "--together"]).await.exits(0);
    assert_eq!(ended.out.lines().filter(|line| line.starts_with("200 in ")).count(), 3, "{}", ended.out);
}

#[tokio::test]
async fn what_was_tampered_with_or_is_too_old_is_refused() {
    let shop = sound(None);
    for (args, status) in [(&["--tamper"] as &[&str], "401 in "), (&["--age", "10m"], "400 in ")] {
        let ended = send(&shop.url(), args).await.exits(1);
        assert!(ended.out.starts_with(status), "{}", ended.out);
    }
    send(&shop.url(), &["--age", "1m"]).await.exits(0);
}

#[tokio::test]
async fn a_body_of_the_callers_travels_byte_for_byte() {
    let folder = Folder::new("body");
    let body: &[u8] = b"{\"b\": 1,\r\n \"\\u0061\": \"\xc3\xa9\"}\n";
    let path = folder.with("body.json", body);
    let endpoint = always(200).await;
    let url = endpoint.uri();
    send(&url, &["--body", &path]).await.exits(0);
    hookproof(["send", &url, "--body", "-"]).secret(SECRET).stdin(body).run().await.exits(0);
    send(&url, &["--body", &path, "--tamper"]).await.exits(0);
    let sent = requests(&endpoint).await;
    assert_eq!((sent[0].body.as_slice(), sent[1].body.as_slice()), (body, body));
    assert_ne!(sent[2].body, body);
    let header = format!("turratech-signature: {}", signature(&sent[0]));
    let call = hookproof(["verify", "--header", &header, "--format", "json"]).secret(SECRET).stdin(body);
    // Rightly signed, but the envelope is incomplete.
    assert!(call.run().await.exits(1).out.contains("\"missing_field\""));
    send(&url, &["--body", &folder.file("absent")]).await.refuses(&["absent", "cannot be read"]);
    assert_eq!(requests(&endpoint).await.len(), 3);
}

#[tokio::test]
async fn one_copy_that_is_not_acknowledged_is_enough_to_fail() {
    let endpoint = always(302).await;
    send(&endpoint.uri(), &[]).await.exits(1);
    let turnstay = ["send", &endpoint.uri(), "--provider", "turnstay"];
    hookproof(turnstay).run().await.exits(1);
    // TurnStay's success is 200 and no other.
    let created = always(201).await;
    hookproof(["send", &created.uri(), "--provider", "turnstay"]).run().await.exits(1);
    let shop = flawed(Defect::RefusesDuplicates, None);
    let ended = send(&shop.url(), &["--times", "2"]).await.exits(1);
    let statuses: Vec<&str> = ended.out.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(statuses, ["200", "400"]);
}

#[tokio::test]
async fn nobody_at_the_address_is_found_out_once() {
    let reserved = Reserved::new();
    for args in [&["--times", "1000"] as &[&str], &["--times", "3", "--together"]] {
        let ended = send(&reserved.url(), args).await.exits(3);
        assert_eq!(ended.out, "");
        let start =
            format!("hookproof: {} could not be reached: connection refused; is it running?", reserved.url());
        assert!(ended.err.starts_with(&start), "{}", ended.err);
    }
}

#[tokio::test]
async fn an_endpoint_that_hangs_up_was_reached() {
    let endpoint = Closing::start().await;
    let ended = send(&endpoint.url, &["--times", "2"]).await.exits(1);
    assert_eq!(ended.out.matches("connection closed without an answer in ").count(), 2, "{}", ended.out);
    assert_eq!(endpoint.connections(), 2);
}

#[tokio::test]
async fn a_slow_answer_is_not_awaited_beyond_the_limit() {
    let endpoint =
        answering(ResponseTemplate::new(200).set_delay(std::time::Duration::from_secs(3600))).await;
    let ended = send(&endpoint.uri(), &["--timeout", "100ms"]).await.exits(1);
    assert!(ended.out.starts_with("no answer in time in "), "{}", ended.out);
}

#[tokio::test]
async fn arguments_that_cannot_be_meant_are_refused() {
    for (option, value, word) in [
        ("--times", "0", "1..=1000"),
        ("--times", "1001", "1..=1000"),
        ("--age", "-1s", "-1s"),
        ("--event", "", "type of an event"),
        ("--header", "host", "name: value"),
        ("--provider", "paypal", "stripe"),
    ] {
        send("http://127.0.0.1:1/", &[option, value]).await.refuses(&[word]);
    }
}

async fn send(url: &str, args: &[&str]) -> Ended {
    hookproof(["send", url].iter().chain(args).copied()).secret(SECRET).run().await
}

fn signature(request: &Request) -> &str {
    request.headers["turratech-signature"].to_str().expect("it is ASCII")
}
