//! URLs in odd spellings, and names with addresses of many kinds.

use tokio::net::TcpListener;

use crate::{
    endpoint::{ERROR, Endpoint, OK, blackhole},
    row::row,
};

#[tokio::test]
async fn c51_this_machine_is_known_in_every_spelling() {
    let row = row!();
    let endpoint = Endpoint::answering(OK).await;
    let port = endpoint.address.port();
    for host in
        ["127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "localhost.", "LOCALHOST"]
    {
        row.run(&format!("http://{host}:{port}/hook"), &[]).await;
    }
    row.received(endpoint.end().await);
}

#[tokio::test]
async fn c51_a_name_that_only_looks_like_this_machine_is_refused() {
    let row = row!();
    let endpoint = Endpoint::answering(OK).await;
    let port = endpoint.address.port();
    for host in ["127.0.0.1.example", "localhost.example", "127-0-0-1.example"] {
        row.run(&format!("http://{host}:{port}/hook"), &[]).await;
    }
    row.received(endpoint.end().await);
}

#[tokio::test]
async fn c51_a_zone_or_a_digit_of_another_script_is_refused() {
    let row = row!();
    let endpoint = Endpoint::answering(OK).await;
    let port = endpoint.address.port();
    for host in ["[::1%25lo]", "１２７.0.0.1", "127。0。0。1"] {
        row.run(&format!("http://{host}:{port}/hook"), &[]).await;
    }
    row.received(endpoint.end().await);
}

#[tokio::test]
async fn c51_a_private_address_is_judged_in_every_spelling() {
    let row = row!();
    let endpoint = Endpoint::answering(OK).await;
    for host in
        ["0xa9fea9fe", "2852039166", "0251.0376.0251.0376", "[::ffff:169.254.169.254]", "169.254.43518"]
    {
        row.run(&endpoint.url(), &["--public-url", &format!("https://{host}/hook")]).await;
    }
    row.received(endpoint.end().await);
}

#[tokio::test]
async fn c52_a_password_in_the_url_is_refused_and_not_shown() {
    let endpoint = Endpoint::answering(OK).await;
    let url = format!("http://shop:swordfish@{}/hook", endpoint.address);
    let held = row!().holds_at(&url, endpoint, &[]).await;
    assert!(!held.ended.err.contains("swordfish"), "{}", held.ended.err);
}

#[tokio::test]
async fn c52_a_fragment_in_the_url_is_refused() {
    let endpoint = Endpoint::answering(OK).await;
    row!().holds_at(&format!("{}#top", endpoint.url()), endpoint, &[]).await;
}

#[tokio::test]
async fn c52_a_line_break_in_the_url_is_refused() {
    let endpoint = Endpoint::answering(OK).await;
    row!().holds_at(&format!("{}\r\nx-evil: 1", endpoint.url()), endpoint, &[]).await;
}

#[tokio::test]
async fn c52_a_space_in_the_url_is_refused() {
    let endpoint = Endpoint::answering(OK).await;
    row!().holds_at(&format!("{} HTTP/1.1", endpoint.url()), endpoint, &[]).await;
}

#[tokio::test]
async fn c52_a_host_beyond_ascii_is_refused() {
    let endpoint = Endpoint::answering(OK).await;
    let port = endpoint.address.port();
    row!().holds_at(&format!("http://größe.example:{port}/hook"), endpoint, &[]).await;
}

#[tokio::test]
async fn c52_an_encoded_line_break_stays_encoded() {
    let endpoint = Endpoint::playing(|mut line| async move {
        let request = line.read().await.unwrap_or_default();
        let is_one_line = request.starts_with(b"POST /hook%0d%0ax-evil:%201 HTTP/1.1\r\n");
        line.write(if is_one_line { OK } else { ERROR }).await;
    })
    .await;
    row!().holds_at(&format!("{}%0d%0ax-evil:%201", endpoint.url()), endpoint, &[]).await;
}

/// What else a name server may say (nothing, an error, nothing in time) is tried where names are looked up, in
/// `conformance/harness/src/connection/tests.rs`: the command asks the system, and the system of a test is nobody's.
#[tokio::test]
async fn c48_of_a_hundred_addresses_the_first_that_answers_is_used() {
    let endpoint = Endpoint::answering(OK).await;
    let port = endpoint.address.port();
    let rules: Vec<String> = std::iter::once(format!("{NAME}:{port}:127.0.0.1"))
        .chain((2..=100).map(|last| format!("{NAME}:{port}:127.0.1.{last}")))
        .collect();
    let options: Vec<&str> = rules.iter().flat_map(|rule| ["--resolve", rule]).collect();
    row!().holds_at(&format!("http://{NAME}:{port}/hook"), endpoint, &options).await;
}

/// A name that might be this machine now and another later is never believed: only its spelling is, or what the
/// caller says with `--resolve`, and then nobody is asked again.
#[tokio::test]
async fn c49_the_address_that_the_caller_gave_is_the_one_that_is_called() {
    let endpoint = Endpoint::answering(OK).await;
    let port = endpoint.address.port();
    let rule = format!("{NAME}:{port}:127.0.0.1");
    row!().holds_at(&format!("http://{NAME}:{port}/hook"), endpoint, &["--resolve", &rule]).await;
}

#[tokio::test]
async fn c49_a_name_that_may_resolve_to_this_machine_is_not_this_machine() {
    let endpoint = Endpoint::answering(OK).await;
    let port = endpoint.address.port();
    row!().holds_at(&format!("http://{NAME}:{port}/hook"), endpoint, &[]).await;
}

#[tokio::test]
async fn c50_an_address_that_refuses_gives_way_to_the_next() {
    let endpoint = Endpoint::answering(OK).await;
    let port = endpoint.address.port();
    let [dead, alive] = ["[::1]", "127.0.0.1"].map(|address| format!("{NAME}:{port}:{address}"));
    let options = ["--resolve", &dead, "--resolve", &alive];
    row!().holds_at(&format!("http://{NAME}:{port}/hook"), endpoint, &options).await;
}

#[tokio::test]
async fn c50_an_address_that_is_silent_gives_way_to_the_next() {
    let (silent, _filling) = blackhole().await;
    let port = silent.port();
    let listener = TcpListener::bind(("127.0.0.2", port)).await.expect("nobody else has that port there");
    let endpoint = Endpoint::over(listener, usize::MAX, |mut line| async move { line.acknowledge().await });
    let [dead, alive] = ["127.0.0.1", "127.0.0.2"].map(|address| format!("{NAME}:{port}:{address}"));
    let options = ["--resolve", &dead, "--resolve", &alive];
    row!().holds_at(&format!("http://{NAME}:{port}/hook"), endpoint, &options).await;
}

const NAME: &str = "shop.example";
