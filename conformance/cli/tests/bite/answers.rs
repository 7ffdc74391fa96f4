//! Answers that no server should give, and what an answer cannot make the tool do.

use tokio::sync::mpsc;

use crate::{endpoint::Endpoint, row::row};

#[tokio::test]
async fn c10_an_answer_that_switches_protocols_is_none() {
    let answer = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n";
    row!().holds(Endpoint::answering_and_staying(answer).await).await;
}

#[tokio::test]
async fn c11_a_status_line_of_garbage_is_no_http() {
    row!().holds(Endpoint::answering_and_staying("HTTP/1.1 abc OK\r\n\r\n").await).await;
}

#[tokio::test]
async fn c12_a_status_beyond_all_classes_is_no_success() {
    row!().holds(Endpoint::answering("HTTP/1.1 700 OK\r\ncontent-length: 0\r\n\r\n").await).await;
}

#[tokio::test]
async fn c12_a_status_below_100_is_no_http() {
    row!().holds(Endpoint::answering_and_staying("HTTP/1.1 099 OK\r\n\r\n").await).await;
}

#[tokio::test]
async fn c13_a_redirect_loop_is_one_request_and_a_failure() {
    let endpoint = Endpoint::playing(|mut line| async move {
        line.read().await;
        let to = line.stream.local_addr().expect("it is connected");
        line.write(redirect(&format!("http://{to}/hook"))).await;
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c14_a_redirect_to_the_metadata_address_is_a_failure() {
    row!().holds(Endpoint::answering(redirect("http://169.254.169.254/latest/meta-data/")).await).await;
}

#[tokio::test]
async fn c14_a_redirect_to_another_server_makes_no_connection() {
    let elsewhere = Endpoint::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    row!().holds(Endpoint::answering(redirect(&elsewhere.url())).await).await;
    assert_eq!(elsewhere.end().await.connections, 0);
}

#[tokio::test]
async fn c26_a_nul_in_a_header_is_no_http() {
    row!().holds(Endpoint::answering_and_staying("HTTP/1.1 200 OK\r\na: b\0c\r\n\r\n").await).await;
}

#[tokio::test]
async fn c27_invalid_utf_8_everywhere_is_judged_by_its_status() {
    let answer =
        b"HTTP/1.1 200 \xff\xfe\r\nx-name: \xc0\x80\xff\r\ncontent-length: 4\r\n\r\n\xff\xfe\xc0\x80";
    let held = row!().holds(Endpoint::answering(answer).await).await;
    let exchange = &held.report["checks"][0]["exchanges"][0];
    assert!(exchange["answer_headers"][0].as_str().is_some_and(|line| line.starts_with("x-name: ")));
}

#[tokio::test]
async fn c28_an_answer_steers_neither_the_terminal_nor_a_report() {
    let location = "/\u{202e}\u{9b}2J</script><b>`|";
    let body = "</script>\u{1b}]0;x\u{7}\u{202e}";
    let answer =
        format!("HTTP/1.1 302 X\r\nlocation: {location}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let held = row!().holds(Endpoint::answering(answer).await).await;
    let unseen = |letter: char| (letter.is_control() && letter != '\n') || letter == '\u{202e}';
    for text in [&held.ended.out, &held.ended.err] {
        assert!(!text.contains(unseen), "{text:?}");
    }
    assert_eq!(held.report["checks"][0]["exchanges"][0]["answer_body"], body);
}

#[tokio::test]
async fn c33_an_answer_before_the_request_is_one_answer() {
    let endpoint = Endpoint::playing(|mut line| async move {
        line.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        line.read().await;
        line.stay().await;
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c35_plain_text_without_a_head_is_no_http() {
    row!().holds(Endpoint::answering("it works!\n").await).await;
}

#[tokio::test]
async fn c37_a_server_of_http_2_is_no_http_1() {
    // Its SETTINGS, and then GOAWAY with a protocol error.
    let answer = b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01";
    row!().holds(Endpoint::answering(answer).await).await;
}

#[tokio::test]
async fn c39_a_request_that_comes_back_shows_no_signature() {
    let (saw, mut seen) = mpsc::unbounded_channel();
    let endpoint = Endpoint::playing(move |mut line| {
        let saw = saw.clone();
        async move {
            let request = line.read().await.unwrap_or_default();
            let head = format!("HTTP/1.1 400 X\r\ncontent-length: {}\r\n\r\n", request.len());
            line.write([head.as_bytes(), &request].concat()).await;
            saw.send(String::from_utf8_lossy(&request).into_owned()).expect("the test listens");
        }
    });
    let held = row!().holds(endpoint.await).await;
    let told = format!("{}{}{}", held.ended.out, held.ended.err, held.report);
    let mut signatures = 0;
    while let Some(request) = seen.recv().await {
        let Some(signature) = request.split("v1=").nth(1).and_then(|rest| rest.get(..64)) else { continue };
        assert!(!told.contains(signature), "{signature} is in {told}");
        signatures += 1;
    }
    assert!(signatures > 0);
    let body = held.report["checks"][0]["exchanges"][0]["answer_body"].as_str();
    assert!(body.is_some_and(|body| body.contains("v1=<redacted>")), "{body:?}");
}

#[tokio::test]
async fn c40_an_absurd_retry_after_holds_nobody_up() {
    let answer = "HTTP/1.1 429 X\r\nretry-after: 99999999999999999999\r\ncontent-length: 0\r\n\r\n";
    row!().holds(Endpoint::answering(answer).await).await;
}

#[tokio::test]
async fn c59_headers_for_browsers_are_ignored() {
    let elsewhere = Endpoint::answering("").await;
    let answer = format!(
        "HTTP/1.1 200 OK\r\nset-cookie: session=1\r\nstrict-transport-security: max-age=31536000\r\n\
         alt-svc: h2=\"{0}\"\r\nlink: <http://{0}/>; rel=preload\r\nclear-site-data: \"*\"\r\n\
         refresh: 0; url=http://{0}/\r\ncontent-length: 0\r\n\r\n",
        elsewhere.address
    );
    row!().holds(Endpoint::answering(answer).await).await;
    assert_eq!(elsewhere.end().await.connections, 0);
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
}
