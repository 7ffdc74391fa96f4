//! The same merchants behind real sockets: each defect under its own check, and the sound ones under all.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use hookproof_conformance::{
    Client, Clock, Controls, Observer, Sink, Target, drive,
    merchant::{Character, Defect, Nature, Variant},
    nonce,
    server::Server,
};
use hookproof_core::{EndpointUrl, Provider, Secret};
use hookproof_suite::{self as suite, CATALOGUE, Phase, Plan, Registered, Run, Selection, Setting, Verdict};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// What else must run for a defect to show under its own check.
const COMPANY: &[(Defect, &str)] = &[
    // Its second effect comes when a run of one check is over.
    (Defect::RunsJobsTwice, "*"),
    // It dies of what the checks of signatures send.
    (Defect::DiesAfterForgeries, "signature/*"),
];

#[tokio::test]
async fn each_defect_fails_its_own_check() {
    let mut runs = JoinSet::new();
    for &defect in Defect::ALL {
        let is_late = matches!(defect, Defect::AnswersLate | Defect::WaitsForDownstream);
        let limit = if is_late { SHORT_LIMIT } else { LIMIT };
        let company = COMPANY.iter().filter(|(of, _)| *of == defect).map(|(_, pattern)| *pattern);
        let only = [defect.check()].into_iter().chain(company).collect();
        // In a run of test events, whoever refuses these refuses everything.
        let livemode = defect == Defect::RefusesTestEvents;
        let trial = Trial {
            only,
            livemode,
            own_retry_within: Some(Duration::ZERO),
            full: defect == Defect::WaitsForDownstream,
            ..Trial::of(Nature::Flawed(defect), limit)
        };
        runs.spawn(async move { (defect, defect.check(), trial.verdicts().await) });
    }
    while let Some(finished) = runs.join_next().await {
        let (defect, expected, verdicts) = finished.expect("no run panics");
        let verdict = verdicts.iter().find(|(id, _)| *id == expected).map(|(_, verdict)| verdict);
        assert!(verdict.is_some_and(Verdict::is_fail), "{defect}: {verdicts:#?}");
    }
}

#[tokio::test]
async fn the_reference_merchant_proves_every_check_that_applies() {
    for provider in ["turratech", "turnstay"] {
        let verdicts =
            Trial { provider, many: 1_000, ..Trial::of(Nature::Reference, LIMIT) }.verdicts().await;
        assert_all_hold(provider, &verdicts);
    }
}

#[tokio::test]
async fn a_certificate_that_the_caller_vouches_for_is_proven_too() {
    let trial = Trial { vouch: true, ..Trial::of(Nature::Flawed(Defect::SelfSignedCertificate), LIMIT) };
    let verdicts = trial.verdicts().await;
    assert_all_hold("https", &verdicts);
    for id in ["tls/certificate", "tls/expiry", "tls/version"] {
        assert!(verdicts.iter().any(|(known, verdict)| *known == id && verdict.is_pass()), "{id}");
    }
}

#[tokio::test]
async fn no_sound_variant_fails_anything() {
    let mut runs = JoinSet::new();
    for &variant in Variant::ALL {
        let trial = Trial {
            // As it would be called.
            events: if variant == Variant::TwoTypes { &["payment.succeeded", "payment.failed"] } else { &[] },
            livemode: variant == Variant::IgnoresTestEvents,
            ..Trial::of(Nature::sound([variant]), LIMIT)
        };
        runs.spawn(async move { (variant, trial.verdicts().await) });
    }
    while let Some(finished) = runs.join_next().await {
        let (variant, verdicts) = finished.expect("no run panics");
        let failed: Vec<_> = verdicts.iter().filter(|(_, verdict)| verdict.is_fail()).collect();
        assert!(failed.is_empty(), "{variant}: {failed:#?}");
        let unknown: BTreeSet<_> = verdicts
            .iter()
            .filter(|(_, verdict)| matches!(verdict, Verdict::Unknown(_)))
            .map(|(id, _)| *id)
            .collect();
        let expected = match variant {
            Variant::IgnoresForgeries => &["signature/no-oracle", "signature/refusal-status"][..],
            Variant::Answers500ToForgeries => &["signature/refusal-status", "signature/rejects-malformed"],
            Variant::CapsAtHundredKb => &["acknowledge/very-large-event"],
            // What its downstream failed to do it does a minute later, or takes back then, and nobody said so.
            Variant::OwnJobRetry | Variant::KeepsFailedEvents => {
                &["duplicate/failed-effect", "duplicate/overlap-with-failure", "property/any-history"]
            }
            // It bans us for the malformed signatures, and only what comes behind them is not believed.
            Variant::BansAfterTwenty => {
                let earlier = CATALOGUE.iter().filter(|check| check.phase <= Phase::Refused);
                let earlier: Vec<_> = earlier.filter(|check| unknown.contains(check.id)).collect();
                assert!(earlier.is_empty() && !unknown.is_empty(), "{earlier:#?}");
                continue;
            }
            // Whom it asks to come back depends on how fast we are.
            Variant::FiftyASecond => continue,
            _ => &[],
        };
        assert_eq!(unknown, expected.iter().copied().collect(), "{variant}: {verdicts:#?}");
    }
}

#[tokio::test]
async fn a_request_whose_sender_hangs_up_at_once_is_processed() {
    let sink = Sink::listen(LOOPBACK).await.expect("a port is free");
    let server = turnstay(Some(sink.address()));
    let address = address_of(&server);
    let mut seen = 0;
    for number in 0..50 {
        let body = format!(
            r#"{{"type":"merchant_of_record.payment_intent.succeeded","data":{{"object":{{"id":"{number}"}}}}}}"#
        );
        let mut stream = TcpStream::connect(&address).await.expect("it listens");
        let head =
            format!("POST /webhooks HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(&[head, body].concat().into_bytes()).await.expect("it reads");
        drop(stream);
    }
    let observer = Observer::Sink(sink);
    let all = async {
        while seen < 50 {
            if let suite::Reading::Calls(calls) = observer.look("").await {
                seen += calls.len();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(30), all).await;
    assert!(in_time.is_ok(), "{seen} of 50 were processed");
    assert_eq!(seen, 50);
}

#[tokio::test]
async fn a_body_over_the_cap_is_refused_before_its_end() {
    let server = turnstay(None);
    let address = address_of(&server);
    let mut stream = TcpStream::connect(&address).await.expect("it listens");
    let head = format!("POST /webhooks HTTP/1.1\r\nhost: {address}\r\ntransfer-encoding: chunked\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("it reads");
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    for _ in 0..16 {
        stream.write_all(&chunk).await.expect("a mebibyte is taken");
    }
    // One byte more, and no end of the body.
    stream.write_all(b"1\r\n \r\n").await.expect("it still reads");
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("it answers");
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 413");
}

#[tokio::test]
async fn a_server_that_is_dropped_listens_no_more() {
    let server = turnstay(None);
    let address = address_of(&server);
    TcpStream::connect(&address).await.expect("it listens");
    drop(server);
    // The task that listens ends at its next turn.
    let ended = async {
        while TcpStream::connect(&address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, ended).await.expect("it ends");
}

/// A reference merchant that needs no signatures.
fn turnstay(downstream: Option<SocketAddr>) -> Server {
    let provider = Provider::built_in("turnstay").expect("it is built in");
    Server::start(Character::new(Nature::Reference, LIMIT), provider, None, downstream)
        .expect("a port is free")
}

fn address_of(server: &Server) -> String {
    server.url().trim_start_matches("http://").trim_end_matches("/webhooks").to_owned()
}

/// One merchant, and what of it is checked.
struct Trial {
    character: Character,
    provider: &'static str,
    only: Vec<&'static str>,
    events: &'static [&'static str],
    livemode: bool,
    vouch: bool,
    own_retry_within: Option<Duration>,
    full: bool,
    many: u16,
}

impl Trial {
    fn of(nature: Nature, limit: Duration) -> Self {
        let character = Character { poll: Duration::from_millis(300), ..Character::new(nature, limit) };
        Self {
            character,
            provider: "turratech",
            only: Vec::new(),
            events: &[],
            livemode: false,
            vouch: false,
            own_retry_within: None,
            full: false,
            many: 150,
        }
    }

    async fn verdicts(self) -> Vec<(&'static str, Verdict)> {
        let provider = Provider::built_in(self.provider).expect("it is built in");
        let secret =
            provider.is_signed().then(|| Secret::new("whsec_b3ZlciByZWFsIHNvY2tldHM=").expect("it is sound"));
        let sink = Sink::listen(LOOPBACK).await.expect("a port is free");
        let server = Server::start(self.character, provider, secret.as_ref(), Some(sink.address()))
            .expect("a port is free");
        let url = EndpointUrl::parse(&server.url()).expect("it is a URL");
        let certificate = server.certificate_pem().filter(|_| self.vouch).map(str::as_bytes);
        let registration = self.character.registration();
        let target = Target::new(url, registration.rules(), certificate, self.character.limit)
            .expect("the certificate is sound");
        let plan = Plan {
            provider: provider.clone(),
            secret,
            setting: Setting {
                endpoint: Some(target.url.clone()),
                public_url: Some(Registered::parse(registration.url).expect("it is a URL")),
                production: true,
                time_limit: Some(self.character.limit),
                effect_wait: Duration::from_secs(5),
                events: self.events.iter().map(ToString::to_string).collect(),
                own_retry_within: self.own_retry_within,
                full: self.full,
                many: self.many,
                livemode: self.livemode,
                nonce: nonce(),
                ..Setting::default()
            },
            selection: Selection::new(self.only.iter().map(ToString::to_string).collect(), Vec::new())
                .expect("the checks exist"),
            observer: suite::Observer::Calls,
            jobs: 8,
            rate: None,
            confidential: Vec::new(),
        };
        let mut run = Run::new(plan, Clock::start().now()).expect("the secret fits");
        let controls = Controls::over(server.switch());
        drive(&mut run, &Client::new(target), &Observer::Sink(sink), &controls, |_| ()).await;
        run.findings().into_iter().map(|finding| (finding.check.id, finding.verdict)).collect()
    }
}

#[track_caller]
fn assert_all_hold(name: &str, verdicts: &[(&'static str, Verdict)]) {
    let odd: Vec<_> = verdicts
        .iter()
        .filter(|(_, verdict)| verdict.is_fail() || matches!(verdict, Verdict::Unknown(_)))
        .collect();
    assert!(odd.is_empty(), "{name}: {odd:#?}");
    assert!(verdicts.iter().any(|(_, verdict)| verdict.is_pass()));
}

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// TurraTech's.
const LIMIT: Duration = Duration::from_secs(30);

/// So that a late answer need not be awaited for long.
const SHORT_LIMIT: Duration = Duration::from_millis(300);
