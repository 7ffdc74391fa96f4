//! `--confirm-listen`: endpoints that believe an event only when the provider knows it.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

use crate::{
    call::{Ended, check, hookproof},
    endpoint::always,
};

/// A merchant that verifies no signature, but asks the provider's API for each event.
struct Asking {
    url: String,
    api: watch::Sender<Option<SocketAddr>>,
    task: JoinHandle<()>,
}

impl Asking {
    /// `pointer` is where the id stands by which it asks.
    async fn start(pointer: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let url = format!("http://{}/webhooks", listener.local_addr().expect("it is bound"));
        let (api, known) = watch::channel(None);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut known = known.clone();
                tokio::spawn(async move {
                    let api = *known.wait_for(Option::is_some).await.expect("the test goes on");
                    serve(stream, pointer, api.expect("it is there")).await;
                });
            }
        });
        Self { url, api, task }
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, pointer: &str, api: SocketAddr) {
    let Some(body) = read(&mut stream).await else { return };
    let id = serde_json::from_slice::<serde_json::Value>(&body).ok();
    let id = id.and_then(|event| event.pointer(pointer).map(|id| id.to_string().replace('"', "")));
    let answer = match id {
        Some(id) if is_known(api, &id).await => "200 OK",
        _ => "403 Forbidden",
    };
    let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let _ = stream.write_all(answer.as_bytes()).await;
}

/// The body of a request that tells its length.
async fn read(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        stream.read_buf(&mut request).await.ok().filter(|read| *read > 0)?;
        let text = String::from_utf8_lossy(&request);
        let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .and_then(|text| text.parse().ok())?;
        let start = head.len() + 4;
        if request.len() >= start + length {
            return Some(request[start..start + length].to_vec());
        }
    }
}

async fn is_known(api: SocketAddr, id: &str) -> bool {
    let mut stream = TcpStream::connect(api).await.expect("it listens");
    let question = format!("GET /v1/events/{id} HTTP/1.1\r\nhost: {api}\r\nconnection: close\r\n\r\n");
    stream.write_all(question.as_bytes()).await.expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("it answers");
    answer.starts_with(b"HTTP/1.1 200 ")
}

#[tokio::test]
async fn an_endpoint_that_asks_for_each_event_is_told_of_those_that_the_provider_sent() {
    for (provider, pointer) in [("turratech", "/id"), ("turnstay", "/data/object/id")] {
        let shop = Asking::start(pointer).await;
        let options = ["--provider", provider, "--confirm-listen", "127.0.0.1:0"];
        let only = ["--only", "acknowledge/success-status,acknowledge/unknown-fields,signature/rejects-*"];
        let mut child = check(&shop.url, options.into_iter().chain(only)).start();
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let line = lines.next_line().await.expect("it is UTF-8").expect("it says where it listens");
        let address = line.strip_prefix("note: the provider's API listens on http://").expect("an address");
        shop.api.send_replace(Some(address.parse().expect("it is an address")));
        let ended = Ended::of(child).await.exits(0);
        assert_eq!(ended.verdict("acknowledge/unknown-fields"), "pass", "{provider}");
        let forged = if provider == "turratech" { "pass" } else { "n/a" };
        assert_eq!(ended.verdict("signature/rejects-forged"), forged, "{provider}");
        assert_eq!(ended.verdict("signature/rejects-missing"), forged, "{provider}");
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_the_tools_trouble_and_nothing_is_sent() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
    let address = taken.local_addr().expect("it is bound").to_string();
    let shop = always(200).await;
    let ended = check(&shop.uri(), ["--confirm-listen", &address]).run().await.exits(4);
    assert!(ended.err.contains("--confirm-listen") && ended.err.contains(&address), "{}", ended.err);
    assert!(crate::endpoint::requests(&shop).await.is_empty());
}

#[tokio::test]
async fn the_options_for_data_of_ones_own_work_without_a_url_too() {
    let options =
        ["--set", "data.object.customer=cus_7", "--prepare-cmd", "true", "--confirm-listen", "127.0.0.1:0"];
    let only = ["check", "--only", "acknowledge/success-status,duplicate/sequential"];
    let ended = hookproof(only.into_iter().chain(options)).run().await.exits(0);
    assert_eq!(ended.verdict("duplicate/sequential"), "pass");
}
