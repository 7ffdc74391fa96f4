//! The merchant behind a real socket: HTTP/1.1 on a free port of 127.0.0.1.
//!
//! The merchant itself stays pure and stands under one lock; what it wants done is done in tasks that
//! outlive the connection, so that work goes on when a client hangs up.

mod downstream;
mod recorder;
mod tls;

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hookproof_core::{Provider, Secret};
use hookproof_suite::{Handshake, TlsFacts};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming as Body},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    task::JoinSet,
};

use self::{
    downstream::Call,
    recorder::{Record, Recorder},
    tls::Identity,
};
use crate::{
    Clock,
    merchant::{Character, Incoming, Input, LONGEST_BODY, Merchant, Output, RequestId},
};

/// A running merchant. It stops when this is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shop: Arc<Shop>,
}

impl Server {
    /// Starts a merchant on a free port. Its downstream calls go to `downstream`; without one they succeed
    /// and reach nobody. Must be called within a Tokio runtime.
    ///
    /// # Errors
    ///
    /// When no port can be bound, or the secret does not fit the provider.
    pub fn start(
        character: Character,
        provider: &Provider,
        secret: Option<&Secret>,
        downstream: Option<SocketAddr>,
    ) -> io::Result<Self> {
        let merchant = Merchant::new(character, provider, secret)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error.to_string()))?;
        let front = match merchant.tls() {
            TlsFacts::Plain => Front::Plain,
            TlsFacts::Made(Handshake { expires_in: Some(left), .. }) => {
                Front::Tls(Identity::self_signed(left)?)
            }
            _ => Front::OldTls,
        };
        let socket = TcpSocket::new_v4()?;
        socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let listener = socket.listen(BACKLOG)?.into_std()?;
        let address = listener.local_addr()?;
        let shop = Arc::new(Shop {
            merchant: Mutex::new(merchant),
            waiting: Mutex::default(),
            tasks: Mutex::default(),
            downstream,
            clock: Clock::start(),
            ahead: Mutex::default(),
            listener,
            front,
        });
        shop.open()?;
        Ok(Self { address, shop })
    }

    /// Restarts this merchant and moves its clock, as long as it runs.
    pub fn switch(&self) -> Switch {
        Switch(Arc::downgrade(&self.shop))
    }

    /// Where deliveries are taken: `http://127.0.0.1:PORT/webhooks`, or `https://…` for the defects about TLS.
    pub fn url(&self) -> String {
        let scheme = if matches!(self.shop.front, Front::Plain) { "http" } else { "https" };
        format!("{scheme}://{}/webhooks", self.address)
    }

    /// The certificate that it serves, where it serves HTTPS.
    pub fn certificate_pem(&self) -> Option<&str> {
        match &self.shop.front {
            Front::Tls(identity) => Some(&identity.certificate_pem),
            Front::Plain | Front::OldTls => None,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        lock(&self.shop.tasks).abort_all();
    }
}

/// The switch of a [`Server`]: what [`crate::Controls`] need.
#[derive(Clone, Debug)]
pub struct Switch(Weak<Shop>);

impl Switch {
    /// Ends the merchant as a crash does, and starts it again at the same address: only what its books and its
    /// durable queue hold survives.
    pub(crate) fn restart(&self) -> io::Result<()> {
        let shop = self.0.upgrade().ok_or(io::ErrorKind::NotConnected)?;
        lock(&shop.tasks).abort_all();
        // Whoever waited has lost the connection.
        lock(&shop.waiting).answers.clear();
        shop.feed(Input::Restarted);
        shop.open()
    }

    /// Moves the merchant's clock ahead.
    pub(crate) fn advance_clock(&self, by: Duration) {
        if let Some(shop) = self.0.upgrade() {
            *lock(&shop.ahead) += by;
        }
    }
}

/// What all connections share.
#[derive(Debug)]
struct Shop {
    merchant: Mutex<Merchant>,
    waiting: Mutex<Waiting>,
    tasks: Mutex<JoinSet<()>>,
    downstream: Option<SocketAddr>,
    clock: Clock,
    /// How far the merchant's clock was moved ahead.
    ahead: Mutex<Duration>,
    /// Kept over a restart, so that nobody else takes the port meanwhile.
    listener: std::net::TcpListener,
    front: Front,
}

/// What a client meets before HTTP.
#[derive(Debug)]
enum Front {
    Plain,
    Tls(Identity),
    /// A server whose newest version is TLS 1.1.
    OldTls,
}

/// Requests that wait for their answer.
#[derive(Debug, Default)]
struct Waiting {
    issued: u64,
    answers: HashMap<RequestId, oneshot::Sender<Response<Full<Bytes>>>>,
}

impl Shop {
    /// Begins to take connections.
    fn open(self: &Arc<Self>) -> io::Result<()> {
        let listener = TcpListener::from_std(self.listener.try_clone()?)?;
        self.spawn(accept(Arc::clone(self), listener));
        Ok(())
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    fn feed(self: &Arc<Self>, input: Input<'_>) {
        let now = self.clock.now().saturating_add(*lock(&self.ahead));
        let outputs = lock(&self.merchant).handle(now, input);
        for output in outputs {
            match output {
                Output::Call { call, method, path, headers, body } => {
                    let shop = Arc::clone(self);
                    self.spawn(async move {
                        let status = shop.call(&Call { method, path, headers, body }).await;
                        shop.feed(Input::Called { call, status });
                    });
                }
                Output::Wake { timer, after } => {
                    let shop = Arc::clone(self);
                    self.spawn(async move {
                        tokio::time::sleep(after).await;
                        shop.feed(Input::Timer(timer));
                    });
                }
                // Whoever waits for this answer closes the connection.
                Output::Close(request) => drop(lock(&self.waiting).answers.remove(&request)),
                Output::Answer { request, status, headers, body } => {
                    if let Some(answer) = lock(&self.waiting).answers.remove(&request) {
                        // A receiver that has gone hung up a moment ago.
                        let _ = answer.send(response(status, &headers, body));
                    }
                }
            }
        }
    }

    async fn call(&self, call: &Call) -> Option<u16> {
        match self.downstream {
            Some(address) => downstream::call(address, call).await,
            None => Some(200),
        }
    }

    /// Makes a request known, and gives where its answer will come.
    fn expect(self: &Arc<Self>) -> (Visit, oneshot::Receiver<Response<Full<Bytes>>>) {
        let (answer, coming) = oneshot::channel();
        let mut waiting = lock(&self.waiting);
        let id = RequestId(waiting.issued);
        waiting.issued += 1;
        waiting.answers.insert(id, answer);
        (Visit { shop: Arc::clone(self), id }, coming)
    }
}

/// A request under way. Dropped before its answer came, it tells the merchant that the client hung up.
struct Visit {
    shop: Arc<Shop>,
    id: RequestId,
}

impl Drop for Visit {
    fn drop(&mut self) {
        if lock(&self.shop.waiting).answers.remove(&self.id).is_some() {
            self.shop.feed(Input::Disconnected(self.id));
        }
    }
}

async fn accept(shop: Arc<Shop>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => shop.spawn(connected(Arc::clone(&shop), stream)),
            // Out of descriptors, or the peer has gone already: others may fare better.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn connected(shop: Arc<Shop>, stream: TcpStream) {
    match &shop.front {
        Front::Plain => converse(shop, stream).await,
        Front::OldTls => tls::refuse_versions(stream).await,
        Front::Tls(identity) => {
            let acceptor = identity.acceptor.clone();
            if let Ok(stream) = acceptor.accept(stream).await {
                converse(shop, stream).await;
            }
        }
    }
}

async fn converse(shop: Arc<Shop>, stream: impl AsyncRead + AsyncWrite + Unpin) {
    let record = Record::default();
    let io = TokioIo::new(Recorder::new(stream, record.clone()));
    let requests = AtomicUsize::new(0);
    let service = service_fn(|request| {
        let (shop, record) = (Arc::clone(&shop), record.clone());
        let earlier = requests.fetch_add(1, Ordering::Relaxed);
        async move { serve(&shop, &record, request, earlier).await }
    });
    // A connection that breaks ends its own requests and nothing else.
    let _ = http1::Builder::new().serve_connection(io, service).await;
}

/// The answer to a request that has `earlier` ones before it on its connection, or nothing, which closes the connection.
async fn serve(
    shop: &Arc<Shop>,
    record: &Record,
    request: Request<Body>,
    earlier: usize,
) -> Result<Response<Full<Bytes>>, oneshot::error::RecvError> {
    let (head, body) = request.into_parts();
    let (visit, mut answer) = shop.expect();
    shop.feed(Input::Head(visit.id));
    let spelled_by_library =
        || head.headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
    let incoming = Incoming {
        method: head.method.to_string(),
        target: head.uri.to_string(),
        headers: record.take_headers().unwrap_or_else(|| spelled_by_library().collect()),
        earlier,
        ..Incoming::default()
    };
    let mut taking = Box::pin(take(Arc::clone(shop), visit.id, incoming, body));
    tokio::select! {
        biased;
        () = &mut taking => {}
        // A merchant in a hurry: the rest comes when it comes.
        early = &mut answer => {
            shop.spawn(taking);
            return early;
        }
    }
    answer.await
}

/// Reads the body to its end, to where it breaks, or beyond what the merchant takes, and hands the request over.
async fn take(shop: Arc<Shop>, id: RequestId, mut incoming: Incoming, mut body: Body) {
    let mut first_read = None;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            incoming.is_broken = true;
            break;
        };
        incoming.body.extend_from_slice(&frame.into_data().unwrap_or_default());
        first_read.get_or_insert(incoming.body.len());
        if incoming.body.len() > LONGEST_BODY {
            break;
        }
    }
    incoming.first_read = first_read.unwrap_or_default();
    shop.feed(Input::Request { id, request: &incoming });
}

fn response(status: u16, headers: &[(String, String)], body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    builder.body(Full::new(body.into())).unwrap_or_default()
}

/// A panic elsewhere must not take the whole shop with it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A burst of connections waits here for us; the system lets those beyond it try again a second later.
const BACKLOG: u32 = 1_024;
