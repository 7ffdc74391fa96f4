//! Small servers that answer as no server should.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hookproof_conformance::{Client, Outgoing, Target};
use hookproof_core::EndpointUrl;
use hookproof_suite::{Failure, Outcome, Transport};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
    time::timeout,
};

/// A server that is gone when it is dropped.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    accepted: Arc<AtomicUsize>,
    _serving: JoinSet<()>,
}

impl Peer {
    /// Serves each connection with `serve`, which is told how many came before it.
    pub(crate) async fn start<F, Fut>(serve: F) -> Self
    where
        F: Fn(TcpStream, usize) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepted = Arc::new(AtomicUsize::new(0));
        let mut serving = JoinSet::new();
        let count = Arc::clone(&accepted);
        serving.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                connections.spawn(serve(stream, count.fetch_add(1, Ordering::SeqCst)));
            }
        });
        Self { address, accepted, _serving: serving }
    }

    /// Reads one request on each connection, answers with these bytes and closes.
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |mut stream, _| {
            let answer = answer.clone();
            async move {
                read_request(&mut stream).await;
                // The client may have had enough before the end.
                let _ = stream.write_all(&answer).await;
            }
        })
        .await
    }

    /// Reads one request, answers with these bytes and keeps the connection open.
    pub(crate) async fn answering_and_staying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |mut stream, _| {
            let answer = answer.clone();
            async move {
                read_request(&mut stream).await;
                let _ = stream.write_all(&answer).await;
                std::future::pending::<()>().await;
            }
        })
        .await
    }

    pub(crate) fn connections(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// A client with a limit that no sound answer on this machine comes near.
    pub(crate) fn client(&self) -> Client {
        self.client_within(Duration::from_secs(20))
    }

    pub(crate) fn client_within(&self, limit: Duration) -> Client {
        Client::new(target(&format!("http://{}/hook", self.address), limit))
    }
}

pub(crate) fn target(url: &str, limit: Duration) -> Target {
    Target::new(EndpointUrl::parse(url).unwrap(), Vec::new(), None, limit).unwrap()
}

/// Long after every limit in these tests.
const HANGS: Duration = Duration::from_secs(60);

/// Short, for the tests in which nothing comes.
pub(crate) const SOON: Duration = Duration::from_millis(300);

pub(crate) async fn deliver(client: &Client, body: &[u8], transport: Transport) -> Outcome {
    let headers = [("x-Event".to_string(), "evt_1".to_string())];
    let outgoing = Outgoing::post(&client.target().url, &headers, body, transport).unwrap();
    let delivery = timeout(HANGS, client.deliver(outgoing)).await;
    delivery.expect("a delivery that ends at its own deadline").0
}

pub(crate) async fn post(client: &Client) -> Outcome {
    deliver(client, b"{\"id\":\"evt_1\"}", Transport::default()).await
}

pub(crate) fn status(outcome: &Outcome) -> Option<u16> {
    match outcome {
        Outcome::Answered(answer) => Some(answer.status),
        Outcome::Cut | Outcome::Failed(_) => None,
    }
}

pub(crate) const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

pub(crate) const TIMED_OUT: Outcome = Outcome::Failed(Failure::TimedOut { sent: true });

pub(crate) const CLOSED: Outcome = Outcome::Failed(Failure::Closed { partial: false });

pub(crate) const CLOSED_EARLY: Outcome = Outcome::Failed(Failure::Closed { partial: true });

/// Reads a request with a content-length; what there is of it when the client ends before.
pub(crate) async fn read_request<R: AsyncRead + Unpin>(stream: &mut R) -> Vec<u8> {
    let mut request = Vec::new();
    while !is_whole(&request) && matches!(stream.read_buf(&mut request).await, Ok(1..)) {}
    request
}

pub(crate) fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or("0", |length| length);
    body.len() >= length.parse().unwrap()
}

/// Tells the test what the server saw.
pub(crate) fn channel<T>() -> (mpsc::UnboundedSender<T>, mpsc::UnboundedReceiver<T>) {
    mpsc::unbounded_channel()
}
