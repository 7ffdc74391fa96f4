//! A server that does as a script says, and counts what comes.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, Interest},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// A hostile endpoint.
pub(crate) struct Endpoint {
    pub(crate) address: SocketAddr,
    requests: Arc<AtomicUsize>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<usize>,
}

/// What an endpoint received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) connections: usize,
    /// Those that came whole and were read.
    pub(crate) requests: usize,
}

/// A connection that was accepted.
pub(crate) struct Line<S = TcpStream> {
    pub(crate) stream: S,
    /// How many connections came before it.
    pub(crate) number: usize,
    requests: Arc<AtomicUsize>,
}

impl Endpoint {
    /// Plays the script on each connection; when it has ended, the connection is closed.
    pub(crate) async fn playing<F, Fut>(script: F) -> Self
    where
        F: Fn(Line) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        Self::over(listener, usize::MAX, script)
    }

    /// The same with a listener of the test's, which is gone after so many connections.
    pub(crate) fn over<F, Fut>(listener: TcpListener, most: usize, script: F) -> Self
    where
        F: Fn(Line) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let address = listener.local_addr().expect("it is bound");
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        let (stop, mut stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let mut lines = JoinSet::new();
            let mut number = 0;
            while number < most {
                let stream = tokio::select! {
                    // What waits to be accepted is accepted first.
                    biased;
                    accepted = listener.accept() => accepted.expect("it listens").0,
                    _ = &mut stopped => break,
                };
                lines.spawn(script(Line { stream, number, requests: Arc::clone(&counted) }));
                number += 1;
            }
            drop(listener);
            let played = timeout(HANGS, async { while lines.join_next().await.is_some() {} }).await;
            played.expect("a script ends when its client has gone");
            number
        });
        Self { address, requests, stop, serving }
    }

    /// Reads one request on each connection, writes this and closes.
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::playing(move |mut line| {
            let answer = answer.clone();
            async move {
                line.read().await;
                line.write(&answer).await;
            }
        })
        .await
    }

    /// Reads one request on each connection, writes this and keeps the connection open.
    pub(crate) async fn answering_and_staying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::playing(move |mut line| {
            let answer = answer.clone();
            async move {
                line.read().await;
                line.write(&answer).await;
                line.stay().await;
            }
        })
        .await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Ends it, when all of its scripts have ended, and tells what came.
    pub(crate) async fn end(self) -> Received {
        // One whose listener is gone does not wait for this.
        let _ = self.stop.send(());
        let connections = self.serving.await.expect("no script panics");
        Received { connections, requests: self.requests.load(SeqCst) }
    }
}

impl Line {
    /// The same line when hands are shaken; nothing where they are not, once the client has gone.
    pub(crate) async fn over_tls(self, acceptor: &TlsAcceptor) -> Option<Line<TlsStream<TcpStream>>> {
        let Self { stream, number, requests } = self;
        let stream = acceptor.accept(stream).await.ok()?;
        Some(Line { stream, number, requests })
    }

    /// Reads what begins a handshake.
    pub(crate) async fn hello(&mut self) {
        let mut ignored = [0; 4096];
        // Whatever it is, there is nothing to do but what the script does next.
        let _ = self.stream.read(&mut ignored).await;
    }

    /// Ends the connection with a reset.
    pub(crate) fn reset(self) {
        self.stream.set_zero_linger().expect("it is a socket");
    }

    /// How long the body is that the next request announces; nothing is taken away.
    pub(crate) async fn announces(&mut self) -> Option<usize> {
        let mut head = vec![0; 16 * 1024];
        loop {
            let length = self.stream.peek(&mut head).await.ok().filter(|length| *length > 0)?;
            if let Some((_, length)) = measured(&head[..length]) {
                return Some(length);
            }
        }
    }

    /// Reads nothing until the client has gone.
    pub(crate) async fn shut(self) {
        while !matches!(self.stream.ready(Interest::READABLE).await, Ok(ready) if ready.is_read_closed()) {
            sleep(Duration::from_millis(10)).await;
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// Reads one request and counts it if it is whole; the request, unless the client has gone.
    pub(crate) async fn read(&mut self) -> Option<Vec<u8>> {
        let mut request = Vec::new();
        while !is_whole(&request) {
            match self.stream.read_buf(&mut request).await {
                Ok(1..) => {}
                _ => return None,
            }
        }
        self.requests.fetch_add(1, SeqCst);
        Some(request)
    }

    /// Writes this; whether the client took it.
    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).await.is_ok() && self.stream.flush().await.is_ok()
    }

    /// Reads one request and answers 200.
    pub(crate) async fn acknowledge(&mut self) {
        if self.read().await.is_some() {
            self.write(OK).await;
        }
    }

    /// How many requests the endpoint has read on all its lines.
    pub(crate) fn received(&self) -> usize {
        self.requests.load(SeqCst)
    }

    /// Does nothing until the client has gone.
    pub(crate) async fn stay(&mut self) {
        let mut ignored = [0; 4096];
        while matches!(self.stream.read(&mut ignored).await, Ok(1..)) {}
    }
}

/// An address whose listener takes no further connection, for as long as what comes with it lives.
pub(crate) async fn blackhole() -> (SocketAddr, (TcpListener, Vec<TcpStream>)) {
    let socket = TcpSocket::new_v4().expect("a socket can be had");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port is free");
    let listener = socket.listen(1).expect("it is bound");
    let address = listener.local_addr().expect("it is bound");
    let mut filling = Vec::new();
    // The system drops what comes when nobody accepts what came before.
    while let Ok(connected) = timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        filling.push(connected.expect("it listens"));
    }
    (address, (listener, filling))
}

/// A listener, and what keeps its port from everybody else when it is gone.
pub(crate) fn mortal() -> (TcpListener, TcpSocket) {
    let [socket, kept] = [(); 2].map(|()| TcpSocket::new_v4().expect("a socket can be had"));
    for one in [&socket, &kept] {
        one.set_reuseaddr(true).expect("it can be shared before anybody listens");
    }
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port is free");
    kept.bind(socket.local_addr().expect("it is bound")).expect("nobody listens yet");
    (socket.listen(64).expect("it is bound"), kept)
}

fn is_whole(request: &[u8]) -> bool {
    measured(request).is_some_and(|(head, body)| request.len() >= head + body)
}

/// The lengths of the head and of the body that it announces, once it is there.
fn measured(request: &[u8]) -> Option<(usize, usize)> {
    let end = request.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    Some((end + 4, length.map_or(0, |length| length.trim().parse().expect("we write numbers"))))
}

/// An acknowledgement.
pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// A refusal.
pub(crate) const ERROR: &str = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n";

/// Long after every limit in these tests.
pub(crate) const HANGS: Duration = Duration::from_secs(60);
