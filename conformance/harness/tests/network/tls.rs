//! Certificates and handshakes, good and bad.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hookproof_conformance::{Client, Target, inspect_tls};
use hookproof_core::EndpointUrl;
use hookproof_suite::{Failure, Handshake, Outcome, TlsFacts, Transport};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        HandshakeKind, RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::PrivateKeyDer,
        server::{WebPkiClientVerifier, danger::ClientCertVerifier},
    },
};

use crate::peer::{OK, Peer, SOON, channel, deliver, is_whole, post, read_request, status};

/// An issuer, and a server's certificate from it.
pub(crate) struct Chain {
    pub(crate) issuer_pem: String,
    issuer: CertifiedIssuer<'static, KeyPair>,
    pub(crate) server: Arc<ServerConfig>,
}

impl Chain {
    pub(crate) fn new(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut issuer = CertificateParams::new(Vec::new()).unwrap();
        issuer.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(issuer, KeyPair::generate().unwrap()).unwrap();
        let mut leaf = CertificateParams::new(vec!["shop.example".to_string()]).unwrap();
        change(&mut leaf);
        let key = KeyPair::generate().unwrap();
        let leaf = leaf.signed_by(&key, &issuer).unwrap();
        let server = builder(WebPkiClientVerifier::no_client_auth())
            .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        Self { issuer_pem: issuer.pem(), issuer, server: Arc::new(server) }
    }
}

fn builder(
    clients: Arc<dyn ClientCertVerifier>,
) -> tokio_rustls::rustls::ConfigBuilder<ServerConfig, tokio_rustls::rustls::server::WantsServerCert> {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
}

/// A server that makes handshakes and answers requests until the client goes.
async fn serve(config: Arc<ServerConfig>) -> Peer {
    Peer::start(move |stream, _| {
        let acceptor = TlsAcceptor::from(Arc::clone(&config));
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            while is_whole(&read_request(&mut stream).await) {
                stream.write_all(OK).await.unwrap();
                stream.flush().await.unwrap();
            }
        }
    })
    .await
}

pub(crate) fn target(address: SocketAddr, name: &str, cacert: Option<&str>, limit: Duration) -> Target {
    let url = EndpointUrl::parse(&format!("https://{name}:{}/hook", address.port())).unwrap();
    let resolve = format!("{name}:{}:127.0.0.1", address.port()).parse().unwrap();
    Target::new(url, vec![resolve], cacert.map(str::as_bytes), limit).unwrap()
}

pub(crate) const AMPLE: Duration = Duration::from_secs(20);

/// Far longer than a test takes, far shorter than a day.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Both what an inspection tells and what a delivery comes to must name the cause.
async fn assert_untrusted(chain: &Chain, name: &str, cacert: Option<&str>, why: &str) {
    let peer = serve(Arc::clone(&chain.server)).await;
    let target = target(peer.address, name, cacert, AMPLE);
    assert_eq!(inspected(&target).await.trust, Err(why.into()));
    assert_eq!(post(&Client::new(target)).await, Outcome::Failed(Failure::Tls(why.into())));
}

/// What a handshake that was made shows.
async fn inspected(target: &Target) -> Handshake {
    match inspect_tls(target).await {
        TlsFacts::Made(handshake) => handshake,
        other => panic!("no handshake was made: {other:?}"),
    }
}

#[tokio::test]
async fn a_certificate_from_a_trusted_issuer_for_the_name_is_trusted() {
    let chain = Chain::new(|_| {});
    let peer = serve(Arc::clone(&chain.server)).await;
    let target = target(peer.address, "shop.example", Some(&chain.issuer_pem), AMPLE);
    assert_eq!(inspected(&target).await.trust, Ok(()));
    let client = Client::new(target);
    let lane = Transport { lane: Some((1, 1)), ..Transport::default() };
    for _ in 0..2 {
        assert_eq!(status(&deliver(&client, b"1", lane).await), Some(200));
    }
    assert_eq!(peer.connections(), 2, "one for the inspection, one for the lane");
}

/// So that the time of each delivery is what a provider's would be.
#[tokio::test]
async fn every_connection_makes_a_full_handshake() {
    let chain = Chain::new(|_| {});
    let (saw, mut seen) = channel();
    let config = Arc::clone(&chain.server);
    let peer = Peer::start(move |stream, _| {
        let (acceptor, saw) = (TlsAcceptor::from(Arc::clone(&config)), saw.clone());
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            read_request(&mut stream).await;
            saw.send(stream.get_ref().1.handshake_kind()).unwrap();
            stream.write_all(OK).await.unwrap();
        }
    })
    .await;
    let client = Client::new(target(peer.address, "shop.example", Some(&chain.issuer_pem), AMPLE));
    for _ in 0..2 {
        assert_eq!(status(&post(&client).await), Some(200));
        assert_eq!(seen.recv().await.unwrap(), Some(HandshakeKind::Full));
    }
}

/// C42.
#[tokio::test]
async fn an_unknown_issuer_is_named() {
    assert_untrusted(&Chain::new(|_| {}), "shop.example", None, "self-signed or from an unknown issuer")
        .await;
}

/// C42, as `openssl req -x509` makes it: the server's certificate is its own issuer's.
#[tokio::test]
async fn a_self_signed_certificate_is_named() {
    let key = KeyPair::generate().unwrap();
    for is_ca in [IsCa::NoCa, IsCa::Ca(BasicConstraints::Unconstrained)] {
        let mut leaf = CertificateParams::new(vec!["shop.example".to_string()]).unwrap();
        leaf.is_ca = is_ca;
        let leaf = leaf.self_signed(&key).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let server = builder(WebPkiClientVerifier::no_client_auth())
            .with_single_cert(vec![leaf.der().clone()], key)
            .unwrap();
        let peer = serve(Arc::new(server)).await;
        let shown = inspected(&target(peer.address, "shop.example", None, AMPLE)).await;
        assert!(shown.trust.as_ref().is_err_and(|why| why.starts_with("self-signed")), "{shown:?}");
    }
}

/// C42: curl takes it too. Nobody is made an issuer by that, and name and dates must hold all the same.
#[tokio::test]
async fn a_self_signed_certificate_that_the_caller_names_is_trusted_for_its_name_and_time() {
    let key = KeyPair::generate().unwrap();
    let signed = |change: &dyn Fn(&mut CertificateParams)| {
        let mut leaf = CertificateParams::new(vec!["shop.example".to_string()]).unwrap();
        leaf.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        change(&mut leaf);
        leaf.self_signed(&key).unwrap()
    };
    let sound = signed(&|_| {});
    let expired = signed(&|leaf| leaf.not_after = date_time_ymd(2024, 3, 1));
    let other = signed(&|leaf| leaf.serial_number = Some(7_u64.to_be_bytes().to_vec().into()));
    for (served, named, name, trust) in [
        (&sound, &sound, "shop.example", Ok(())),
        (&sound, &sound, "pay.example", Err("is for other names than pay.example")),
        (&expired, &expired, "shop.example", Err("expired on 2024-03-01")),
        (
            &sound,
            &other,
            "shop.example",
            Err("self-signed: it is an issuer's own certificate, not a server's"),
        ),
    ] {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let server = builder(WebPkiClientVerifier::no_client_auth())
            .with_single_cert(vec![served.der().clone()], key)
            .unwrap();
        let peer = serve(Arc::new(server)).await;
        let target = target(peer.address, name, Some(&named.pem()), AMPLE);
        assert_eq!(inspected(&target).await.trust, trust.map_err(str::to_owned), "{name}");
        let delivered = post(&Client::new(target)).await;
        match trust {
            Ok(()) => assert_eq!(status(&delivered), Some(200)),
            Err(why) => assert_eq!(delivered, Outcome::Failed(Failure::Tls(why.into()))),
        }
    }
}

#[tokio::test]
async fn the_end_of_a_certificate_is_told_whoever_issued_it() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    for (ends, wanted) in [
        (date_time_ymd(1970, 1, 1) + now + 9 * DAY, 9 * DAY),
        (date_time_ymd(2024, 3, 1), Duration::ZERO),
        // What is written where an end is not known.
        (date_time_ymd(9999, 12, 31), Duration::from_secs(253_402_214_400).saturating_sub(now)),
    ] {
        let chain = Chain::new(|leaf| leaf.not_after = ends);
        let peer = serve(Arc::clone(&chain.server)).await;
        for cacert in [Some(&*chain.issuer_pem), None] {
            let shown = inspected(&target(peer.address, "shop.example", cacert, AMPLE)).await;
            let left = shown.expires_in.expect("it can be read");
            assert!(left.abs_diff(wanted) <= HOUR, "{left:?} and not {wanted:?}");
        }
    }
}

/// One that is offered TLS 1.2 and 1.3 either says no or answers with the best that it has.
#[tokio::test]
async fn a_server_whose_best_is_tls_1_1_is_told_apart() {
    const ALERT: &[u8] = &[21, 3, 2, 0, 2, 2, 70];
    let why = "the server offers nothing that is newer than TLS 1.1";
    for answer in [ALERT.to_vec(), server_hello_of_tls_1_1()] {
        let peer = Peer::start(move |mut stream, _| {
            let answer = answer.clone();
            async move {
                let _ = stream.read(&mut [0; 4096]).await;
                stream.write_all(&answer).await.unwrap();
                let _ = stream.read_to_end(&mut Vec::new()).await;
            }
        })
        .await;
        let target = target(peer.address, "shop.example", None, AMPLE);
        assert_eq!(inspect_tls(&target).await, TlsFacts::Outdated);
        assert_eq!(post(&Client::new(target)).await, Outcome::Failed(Failure::Tls(why.into())));
    }
}

/// RFC 4346, section 7.4.1.3: version 3.2, 32 random bytes, no session, `TLS_RSA_WITH_AES_128_CBC_SHA`, no compression.
fn server_hello_of_tls_1_1() -> Vec<u8> {
    let mut hello = vec![22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2];
    hello.extend([7; 32]);
    hello.extend([0, 0, 47, 0]);
    hello
}

/// C43.
#[tokio::test]
async fn an_expired_certificate_is_named_with_its_day() {
    let chain = Chain::new(|leaf| leaf.not_after = date_time_ymd(2024, 3, 1));
    assert_untrusted(&chain, "shop.example", Some(&chain.issuer_pem), "expired on 2024-03-01").await;
    let chain = Chain::new(|leaf| leaf.not_before = date_time_ymd(2100, 1, 1));
    assert_untrusted(&chain, "shop.example", Some(&chain.issuer_pem), "not valid before 2100-01-01").await;
}

/// C44.
#[tokio::test]
async fn a_certificate_for_other_names_is_named() {
    let chain = Chain::new(|_| {});
    let why = "is for other names than pay.example";
    assert_untrusted(&chain, "pay.example", Some(&chain.issuer_pem), why).await;
}

/// C45, C47.
#[tokio::test]
async fn what_does_not_speak_tls_is_named() {
    let why = "what answers there does not speak TLS";
    for answer in ["HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail ESMTP\r\n"] {
        let peer = Peer::start(move |mut stream, _| async move {
            stream.write_all(answer.as_bytes()).await.unwrap();
            // Until the client has gone, so that no reset overtakes the bytes.
            let _ = stream.read_to_end(&mut Vec::new()).await;
        })
        .await;
        let target = target(peer.address, "shop.example", None, AMPLE);
        assert_eq!(inspect_tls(&target).await, TlsFacts::Refused(why.into()));
        assert_eq!(post(&Client::new(target)).await, Outcome::Failed(Failure::Tls(why.into())));
    }
}

/// C46, and a server that hangs up: not a judgement of its certificate.
#[tokio::test]
async fn a_handshake_that_does_not_happen_is_told_as_such() {
    let silent = Peer::start(|stream, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let hanging = target(silent.address, "shop.example", None, SOON);
    assert_eq!(inspect_tls(&hanging).await, TlsFacts::Unreached("no TLS handshake in time".into()));
    let failed = Outcome::Failed(Failure::Tls("no TLS handshake in time".into()));
    assert_eq!(post(&Client::new(hanging)).await, failed);
    let closing = Peer::start(|mut stream, _| async move {
        let _ = stream.read(&mut [0; 16]).await;
    })
    .await;
    let why = "the server closed the connection during the handshake";
    let facts = inspect_tls(&target(closing.address, "shop.example", None, AMPLE)).await;
    assert_eq!(facts, TlsFacts::Unreached(why.into()));
}

/// C41 and kin: without a listener there is no handshake to judge.
#[tokio::test]
async fn plain_http_and_an_absent_server_are_told_apart_from_bad_certificates() {
    let plain = Peer::answering(OK).await;
    assert_eq!(inspect_tls(plain.client().target()).await, TlsFacts::Plain);
    let address = plain.address;
    drop(plain);
    let facts = inspect_tls(&target(address, "shop.example", None, AMPLE)).await;
    assert_eq!(facts, TlsFacts::Unreached("connection refused".into()));
}

/// C55.
#[tokio::test]
async fn a_demanded_client_certificate_is_named() {
    let chain = Chain::new(|_| {});
    let mut roots = RootCertStore::empty();
    roots.add(chain.issuer.der().clone()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["shop.example".to_string()]).unwrap();
    let leaf = leaf.signed_by(&key, &chain.issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = builder(clients).with_single_cert(vec![leaf.der().clone()], key).unwrap();
    let peer = serve(Arc::new(config)).await;
    let client = Client::new(target(peer.address, "shop.example", Some(&chain.issuer_pem), AMPLE));
    let why = "the server ended the connection with the alert CertificateRequired";
    assert_eq!(post(&client).await, Outcome::Failed(Failure::Tls(why.into())));
}

#[tokio::test]
async fn a_cut_delivery_over_tls_arrives_whole() {
    let chain = Chain::new(|_| {});
    let (saw, mut seen) = channel();
    let config = Arc::clone(&chain.server);
    let peer = Peer::start(move |stream, _| {
        let (acceptor, saw) = (TlsAcceptor::from(Arc::clone(&config)), saw.clone());
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            saw.send(read_request(&mut stream).await).unwrap();
        }
    })
    .await;
    let client = Client::new(target(peer.address, "shop.example", Some(&chain.issuer_pem), AMPLE));
    let cut = Transport { cut_before_answer: true, ..Transport::default() };
    assert_eq!(deliver(&client, &vec![b'x'; 200_000], cut).await, Outcome::Cut);
    let request = seen.recv().await.unwrap();
    assert!(is_whole(&request), "{} bytes came", request.len());
}
