//! Whole runs over sockets, and what may interrupt them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hookproof_conformance::{
    Client, Clock, Command, Controls, Observer, Sink, Target, drive,
    merchant::{Character, Nature},
    nonce,
    server::Server,
};
use hookproof_core::{EndpointUrl, Provider, Secret};
use hookproof_suite::{
    self as suite, Action, Failure, Outcome, Plan, Poll, Request, Run, Selection, Setting, Stop, Then,
    Verdict,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Notify,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    peer::{OK, Peer, SOON, channel, is_whole, read_request, status},
    tls::{AMPLE, Chain, target},
};

/// Longer than any test lasts.
const HOUR: Duration = Duration::from_secs(3_600);

const SECRET: &str = "whsec_c29jay1wdXBwZXQtdGhlYXRyZQ==";

fn run(only: &[&str], observer: suite::Observer) -> Run {
    let setting = Setting { effect_wait: SOON, nonce: nonce(), ..Setting::default() };
    let plan = Plan {
        provider: Provider::built_in("turratech").unwrap().clone(),
        secret: Some(Secret::new(SECRET).unwrap()),
        setting,
        selection: Selection::new(only.iter().map(|id| (*id).into()).collect(), Vec::new()).unwrap(),
        observer,
        jobs: 8,
        rate: None,
        confidential: vec![SECRET.into()],
    };
    Run::new(plan, Clock::start().now()).unwrap()
}

/// The delivery that opens a run.
fn opening() -> Request {
    match run(&["acknowledge/success-status"], suite::Observer::None).poll(Clock::start().now()) {
        Poll::Start(_, Action::Send(requests)) => requests[0].clone(),
        other => panic!("{other:?} where the first event was due"),
    }
}

fn merchant(downstream: Option<&Sink>) -> (Server, Client) {
    let provider = Provider::built_in("turratech").unwrap();
    let secret = Secret::new(SECRET).unwrap();
    let character = Character::new(Nature::Reference, Duration::from_secs(30));
    let server = Server::start(character, provider, Some(&secret), downstream.map(Sink::address)).unwrap();
    let url = EndpointUrl::parse(&server.url()).unwrap();
    (server, Client::new(Target::new(url, Vec::new(), None, AMPLE).unwrap()))
}

#[tokio::test]
async fn a_run_against_the_reference_merchant_comes_to_its_end() {
    let sink = Sink::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let (server, client) = merchant(Some(&sink));
    let controls = Controls::over(server.switch());
    let mut run = run(&["duplicate/*", "signature/*"], suite::Observer::Calls);
    let mut told = 0;
    drive(&mut run, &client, &Observer::Sink(sink), &controls, |_| told += 1).await;
    assert!(told > 10, "progress after every result");
    for finding in run.findings() {
        assert_eq!(finding.verdict, Verdict::Pass, "{}", finding.check.id);
        let is_script = matches!(finding.check.judge, suite::Judge::Script(_));
        assert_eq!(!finding.exchanges.is_empty(), is_script, "{}", finding.check.id);
    }
}

#[tokio::test]
async fn an_observer_that_fails_or_is_absent_makes_verdicts_unknown_and_holds_nothing() {
    let hanging = Command::new("exec sleep 600").unwrap().within(Duration::from_millis(50));
    for (who, observer) in
        [(suite::Observer::Counts, Observer::Command(hanging)), (suite::Observer::Calls, Observer::None)]
    {
        let (_server, client) = merchant(None);
        let mut run = run(&["duplicate/sequential"], who);
        drive(&mut run, &client, &observer, &Controls::default(), |_| {}).await;
        let verdict = run.findings().remove(0).verdict;
        assert!(matches!(verdict, Verdict::Unknown(_)), "{verdict:?}");
    }
}

/// C67: what is under way ends, and what is known so far can be told.
#[tokio::test]
async fn dropping_a_drive_ends_what_is_under_way_and_leaves_the_run_usable() {
    let (left, mut gone) = channel();
    let peer = Peer::start(move |mut stream, _| {
        let left = left.clone();
        async move {
            read_request(&mut stream).await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
            left.send(()).unwrap();
        }
    })
    .await;
    let mut run = run(&["acknowledge/success-status", "http/survives"], suite::Observer::None);
    let client = peer.client();
    assert!(
        timeout(SOON, drive(&mut run, &client, &Observer::None, &Controls::default(), |_| {})).await.is_err()
    );
    gone.recv().await.unwrap();
    let findings = run.findings();
    assert!(!findings.is_empty());
    for finding in findings {
        assert!(matches!(finding.verdict, Verdict::Unknown(_)), "{}", finding.check.id);
    }
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_ends_the_run() {
    let peer = Peer::answering("").await;
    let client = peer.client();
    drop(peer);
    let mut run = run(&["acknowledge/*", "http/survives"], suite::Observer::None);
    drive(&mut run, &client, &Observer::None, &Controls::default(), |_| {}).await;
    assert_eq!(run.unreachable(), Some(&Failure::Refused));
}

#[tokio::test]
async fn deliveries_sent_together_are_all_connected_before_the_first_is_written() {
    let chain = Chain::new(|_| {});
    let (saw, mut seen) = channel();
    let config = Arc::clone(&chain.server);
    let peer = Peer::start(move |stream, before| {
        let (acceptor, saw) = (TlsAcceptor::from(Arc::clone(&config)), saw.clone());
        async move {
            if before == 0 {
                // Whoever does not wait for this one would have written long ago.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            saw.send("handshake").unwrap();
            let mut stream = acceptor.accept(stream).await.unwrap();
            read_request(&mut stream).await;
            saw.send("request").unwrap();
            let answer = format!("HTTP/1.1 {} X\r\ncontent-length: 0\r\n\r\n", 200 + before);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    })
    .await;
    let client = Client::new(target(peer.address, "shop.example", Some(&chain.issuer_pem), AMPLE));
    let outcomes = client.send_together(&vec![opening(); 4]).await;
    let mut statuses: Vec<_> = outcomes.iter().filter_map(|(outcome, _)| status(outcome)).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201, 202, 203]);
    let mut order = Vec::new();
    while order.len() < 8 {
        order.push(seen.recv().await.unwrap());
    }
    assert_eq!(order, [["handshake"; 4], ["request"; 4]].concat());
}

#[tokio::test]
async fn the_outcomes_are_in_the_order_of_the_requests() {
    let peer = Peer::start(|mut stream, _| async move {
        let request = String::from_utf8(read_request(&mut stream).await).unwrap();
        let at: u32 = request.split("x-at: ").nth(1).unwrap().split('\r').next().unwrap().parse().unwrap();
        tokio::time::sleep(Duration::from_millis(60) / at).await;
        stream.write_all(format!("HTTP/1.1 20{at} X\r\ncontent-length: 0\r\n\r\n").as_bytes()).await.unwrap();
    })
    .await;
    let mut requests = vec![opening(); 4];
    for (request, at) in requests.iter_mut().zip(1..) {
        request.headers.push(("x-at".into(), format!("{at}")));
    }
    let outcomes = peer.client().send_together(&requests).await;
    let statuses: Vec<_> = outcomes.iter().map(|(outcome, _)| status(outcome)).collect();
    assert_eq!(statuses, [Some(201), Some(202), Some(203), Some(204)]);
}

/// What became of a request that stops after one byte and is held for so long, and of others sent with it.
async fn beside_a_held_one(peer: &Peer, hold: Duration, others: usize) -> Vec<Outcome> {
    let mut requests = vec![opening(); 1 + others];
    requests[0].transport.stop = Some(Stop { at: 1, then: Then::Hold(hold) });
    let told = timeout(AMPLE, async { peer.client_within(HOUR).send_together(&requests).await }).await;
    told.expect("it waits for nobody else").into_iter().map(|(outcome, _)| outcome).collect()
}

#[tokio::test]
async fn a_held_request_is_given_up_when_all_that_was_sent_with_it_is_over() {
    let peer = Peer::answering(OK).await;
    let outcomes = beside_a_held_one(&peer, HOUR, 2).await;
    assert!(matches!(outcomes[..], [Outcome::Cut, Outcome::Answered(_), Outcome::Answered(_)]));
}

#[tokio::test]
async fn a_held_request_lasts_no_longer_than_asked_beside_others_that_do() {
    let given_up = Arc::new(Notify::new());
    let peer = Peer::start(move |mut stream, _| {
        let given_up = Arc::clone(&given_up);
        async move {
            if is_whole(&read_request(&mut stream).await) {
                given_up.notified().await;
                stream.write_all(OK).await.unwrap();
            } else {
                given_up.notify_one();
            }
        }
    })
    .await;
    let outcomes = beside_a_held_one(&peer, SOON, 1).await;
    assert!(matches!(outcomes[..], [Outcome::Cut, Outcome::Answered(_)]));
    let began = Instant::now();
    assert_eq!(beside_a_held_one(&peer, SOON, 0).await, [Outcome::Cut]);
    assert!(began.elapsed() >= SOON, "nobody else ended");
}

/// C52: a header that would break the message is told, not sent.
#[tokio::test]
async fn a_delivery_that_cannot_be_written_is_told_as_such() {
    let peer = Peer::answering(OK).await;
    let mut request = opening();
    request.headers.push(("x-note".into(), "a\r\nx-injected: b".into()));
    let wanted = Failure::Unreachable(
        "not sent: header x-note has the control character \\u{d} in its value".to_string(),
    );
    assert_eq!(peer.client().send(&request).await.0, Outcome::Failed(wanted));
    assert_eq!(peer.connections(), 0);
}
