//! What the command is pointed at: the reference merchant and its kin, and servers that know one thing.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hookproof_conformance::{
    merchant::{Character, Defect, Nature},
    server::Server,
};
use hookproof_core::{Provider, Secret};
use tokio::{
    net::{TcpListener, TcpSocket},
    task::JoinHandle,
};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

use crate::call::SECRET;

/// The reference merchant, which tells this downstream of every effect.
pub(crate) fn sound(downstream: Option<SocketAddr>) -> Server {
    merchant(Nature::Reference, LIMIT, downstream)
}

/// A merchant with one defect.
pub(crate) fn flawed(defect: Defect, downstream: Option<SocketAddr>) -> Server {
    merchant(Nature::Flawed(defect), LIMIT, downstream)
}

/// A merchant of any nature that believes in this limit.
pub(crate) fn merchant(nature: Nature, limit: Duration, downstream: Option<SocketAddr>) -> Server {
    let provider = Provider::built_in("turratech").expect("it is built in");
    let secret = Secret::new(SECRET).expect("it is sound");
    Server::start(Character::new(nature, limit), provider, Some(&secret), downstream).expect("a port is free")
}

/// A server that gives this answer to whatever comes.
pub(crate) async fn answering(answer: impl Respond + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// A server that answers with this status to whatever comes.
pub(crate) async fn always(status: u16) -> MockServer {
    answering(ResponseTemplate::new(status)).await
}

/// What came to a server.
pub(crate) async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.expect("it records them")
}

/// A server that takes connections and closes them without a word.
pub(crate) struct Closing {
    pub(crate) url: String,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Closing {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let url = url(listener.local_addr().expect("it is bound"));
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                counted.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { url, connections, task }
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An address that nobody listens at and nobody else can take, until [`Reserved::answer`].
pub(crate) struct Reserved {
    socket: TcpSocket,
    pub(crate) address: SocketAddr,
}

impl Reserved {
    pub(crate) fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("a socket can be had");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a port is free");
        let address = socket.local_addr().expect("it is bound");
        Self { socket, address }
    }

    pub(crate) fn url(&self) -> String {
        url(self.address)
    }

    /// From now on a server is there, and answers with this status to whatever comes.
    pub(crate) async fn answer(self, status: u16) -> MockServer {
        let listener = self.socket.listen(64).and_then(TcpListener::into_std).expect("the port is ours");
        let server = MockServer::builder().listener(listener).start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(status)).mount(&server).await;
        server
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}/webhooks")
}

/// TurraTech's.
const LIMIT: Duration = Duration::from_secs(30);
