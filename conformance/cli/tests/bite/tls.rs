//! Handshakes that go wrong. Servers that no library would play are bytes.

use rcgen::date_time_ymd;

use crate::{
    certificate::{Chain, NAME},
    endpoint::{Endpoint, Line},
    folder::Folder,
    row::{Held, Row, row},
};

#[tokio::test]
async fn c42_a_certificate_from_nobody_we_know_is_refused_and_named() {
    let chain = Chain::new(|_| {});
    called(row!(), chain.endpoint().await, NAME, None).await;
}

#[tokio::test]
async fn c43_an_expired_certificate_is_refused_with_its_day() {
    let chain = Chain::new(|leaf| leaf.not_after = date_time_ymd(2024, 3, 1));
    called(row!(), chain.endpoint().await, NAME, Some(&chain)).await;
}

#[tokio::test]
async fn c44_a_certificate_for_another_host_is_refused_and_named() {
    let chain = Chain::new(|_| {});
    called(row!(), chain.endpoint().await, "pay.example", Some(&chain)).await;
}

#[tokio::test]
async fn c45_a_handshake_of_garbage_is_refused() {
    called(row!(), answering_hello(vec![0x47; 4096]).await, NAME, None).await;
}

#[tokio::test]
async fn c46_a_handshake_that_hangs_ends_at_the_deadline() {
    called(row!(), Endpoint::answering_and_staying("").await, NAME, None).await;
}

#[tokio::test]
async fn c47_plain_http_where_tls_is_due_is_refused() {
    let answer = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
    called(row!(), answering_hello(answer.to_vec()).await, NAME, None).await;
}

#[tokio::test]
async fn c53_a_server_of_tls_1_1_is_refused() {
    called(row!(), answering_hello(server_hello([3, 2], RSA_AES_CBC)).await, NAME, None).await;
}

#[tokio::test]
async fn c53_a_server_that_will_have_rc4_is_refused() {
    called(row!(), answering_hello(server_hello([3, 3], RSA_RC4)).await, NAME, None).await;
}

#[tokio::test]
async fn c53_a_server_that_knows_none_of_our_ciphers_is_refused() {
    const HANDSHAKE_FAILURE: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];
    called(row!(), answering_hello(HANDSHAKE_FAILURE.to_vec()).await, NAME, None).await;
}

/// The server that renegotiates is not here: only one with the session's keys can, and neither `rustls` nor a script
/// of bytes has both those and the wish. `rustls` refuses every renegotiation after the handshake by itself.
#[tokio::test]
async fn c54_a_request_to_begin_again_in_the_handshake_is_refused() {
    const HELLO_REQUEST: [u8; 9] = [22, 3, 3, 0, 4, 0, 0, 0, 0];
    called(row!(), answering_hello(HELLO_REQUEST.repeat(1000)).await, NAME, None).await;
}

#[tokio::test]
async fn c54_a_chain_of_certificates_without_end_is_cut_off() {
    let endpoint = Endpoint::playing(|mut line: Line| async move {
        line.hello().await;
        line.write(server_hello([3, 3], ECDHE_AES_GCM)).await;
        // A message of the longest length there is, 16 MiB, and records of it for as long as they are taken.
        let mut record = vec![22, 3, 3, 0x40, 0];
        record.extend([11, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc]);
        record.resize(5 + 0x4000, 0);
        while line.write(&record).await {
            record[5..12].fill(0);
        }
    });
    called(row!(), endpoint.await, NAME, None).await;
}

#[tokio::test]
async fn c55_a_demanded_client_certificate_is_named() {
    let chain = Chain::demanding();
    called(row!(), chain.endpoint().await, NAME, Some(&chain)).await;
}

/// Calls the endpoint by this name, with trust in the chain's issuer where there is one.
async fn called(row: &Row, endpoint: Endpoint, name: &str, trusted: Option<&Chain>) -> Held {
    let folder = Folder::new(&format!("{}-trust", row.test));
    let port = endpoint.address.port();
    let resolve = format!("{name}:{port}:127.0.0.1");
    let mut options = vec!["--resolve".to_owned(), resolve];
    if let Some(chain) = trusted {
        options.extend(["--cacert".to_owned(), folder.with("issuer.pem", &chain.issuer_pem)]);
    }
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    row.holds_at(&format!("https://{name}:{port}/hook"), endpoint, &options).await
}

/// Reads what begins a handshake, writes this and does nothing more.
async fn answering_hello(answer: Vec<u8>) -> Endpoint {
    Endpoint::playing(move |mut line: Line| {
        let answer = answer.clone();
        async move {
            line.hello().await;
            line.write(answer).await;
            line.stay().await;
        }
    })
    .await
}

/// RFC 5246, section 7.4.1.3: the version, 32 random bytes, no session, the cipher suite, no compression. None of
/// the extensions, as a server from before them answers.
fn server_hello(version: [u8; 2], suite: [u8; 2]) -> Vec<u8> {
    let mut hello = vec![22, 3, 3, 0, 42, 2, 0, 0, 38];
    hello.extend(version);
    hello.extend([7; 32]);
    hello.push(0);
    hello.extend(suite);
    hello.push(0);
    hello
}

const RSA_RC4: [u8; 2] = [0, 5];
const RSA_AES_CBC: [u8; 2] = [0, 47];
const ECDHE_AES_GCM: [u8; 2] = [0xc0, 0x2f];
