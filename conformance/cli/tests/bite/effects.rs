//! Endpoints that call the effect sink as no downstream should be called, or not at all.

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use crate::{
    call::{Ended, check},
    endpoint::{Endpoint, HANGS, OK},
    folder::Folder,
    memory,
    row::{Held, Row, read, row},
};

#[tokio::test]
async fn c63_a_sink_that_is_called_twice_about_each_event_is_warned_of() {
    booking(row!(), true, |sink, id| async move {
        call(sink, &id).await;
        call(sink, &id).await;
    })
    .await;
}

#[tokio::test]
async fn c63_a_sink_that_is_called_again_about_a_copy_shows_the_double_effect() {
    booking(row!(), false, |sink, id| async move { call(sink, &id).await }).await;
}

#[tokio::test]
async fn c63_a_sink_that_is_called_late_is_waited_for() {
    booking(row!(), true, |sink, id| async move {
        tokio::spawn(async move {
            sleep(Duration::from_millis(300)).await;
            call(sink, &id).await;
        });
    })
    .await;
}

#[tokio::test]
async fn c63_calls_about_other_ids_are_not_counted_and_told() {
    booking(row!(), true, |sink, id| async move {
        call(sink, &id).await;
        call(sink, "evt_of_somebody_else").await;
    })
    .await;
}

#[tokio::test]
async fn c63_a_call_of_ten_megabytes_is_counted_and_not_kept() {
    booking(row!(), true, |sink, id| async move {
        call(sink, &format!("{id} {}", "x".repeat(10_000_000))).await;
    })
    .await;
}

#[tokio::test]
async fn c63_calls_that_never_end_are_neither_counted_nor_waited_for() {
    booking(row!(), true, |sink, id| async move {
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(sink).await.expect("it listens");
            let mut bytes = head(usize::MAX / 2).into_bytes();
            while stream.write_all(&bytes).await.is_ok() {
                bytes = vec![b'x'; 64 * 1024];
            }
        });
        call(sink, &id).await;
    })
    .await;
}

#[tokio::test]
async fn c64_a_sink_whose_port_is_taken_is_the_tools_trouble() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
    let address = taken.local_addr().expect("it is bound").to_string();
    let endpoint = Endpoint::answering(OK).await;
    row!().holds_at(&endpoint.url(), endpoint, &["--effects-listen", &address]).await;
}

#[tokio::test]
async fn c64_a_sink_that_is_never_called_proves_nothing() {
    let endpoint = Endpoint::answering(OK).await;
    row!().holds_at(&endpoint.url(), endpoint, &["--effects-listen", "127.0.0.1:0"]).await;
}

/// Checks an endpoint that, once for each event or for each delivery, does this with the sink and the event's id before
/// it answers.
async fn booking<F, Fut>(row: &Row, once: bool, book: F) -> Held
where
    F: Fn(SocketAddr, String) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let (known, sink) = watch::channel(None);
    let booked = Arc::new(Mutex::new(HashSet::new()));
    let endpoint = Endpoint::playing(move |mut line| {
        let (mut sink, book, booked) = (sink.clone(), book.clone(), Arc::clone(&booked));
        async move {
            let request = line.read().await.unwrap_or_default();
            let id = id(&request);
            let is_new = booked.lock().expect("nobody panics with it").insert(id.clone());
            if is_new || !once {
                let known = *sink.wait_for(Option::is_some).await.expect("the test tells it");
                book(known.expect("it was waited for"), id).await;
            }
            line.write(OK).await;
        }
    })
    .await;
    let folder = Folder::new(&row.test);
    let file = folder.file("report.json");
    let report = format!("json={file}");
    let url = endpoint.url();
    let more = ["--effects-listen", "127.0.0.1:0", "--report", &report];
    let mut child = check(&url, row.told().into_iter().chain(more)).start();
    let process = child.id().expect("it has not been waited for");
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let line = lines.next_line().await.expect("it is UTF-8").expect("it says where it listens");
    let address = line.strip_prefix("note: the downstream stand-in listens on http://").expect("an address");
    known.send_replace(Some(address.parse().expect("it is an address")));
    let running = timeout(HANGS, memory::beside(process, Ended::of(child)));
    let (ended, peak) = running.await.expect("it ends by itself");
    assert!(peak < memory::LIMIT, "{peak} bytes of memory");
    let held = row.judges(Held { ended, report: read(&file), peak });
    row.received(endpoint.end().await);
    held
}

/// The id of the event in a request's body.
fn id(request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    let id = text.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next());
    id.expect("events begin with their ids").to_owned()
}

/// Tells the sink of an effect.
async fn call(sink: SocketAddr, body: &str) {
    let mut stream = TcpStream::connect(sink).await.expect("it listens");
    let request = [head(body.len()).as_bytes(), body.as_bytes()].concat();
    stream.write_all(&request).await.expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("it answers");
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", answer.escape_ascii());
}

fn head(length: usize) -> String {
    format!("POST /ledger HTTP/1.1\r\nhost: sink\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n")
}
