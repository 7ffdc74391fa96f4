//! A stand-in for the merchant's downstream: it remembers every call, and answers it with 200 unless it was
//! told otherwise about the event that the call names.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use hookproof_suite::{Call, Downstream, Reading};
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming as Body},
    header::{CONTENT_TYPE, HeaderValue},
    http::request::Parts,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpSocket},
    task::JoinSet,
    time::sleep,
};

use super::ObserverError;
use crate::obedience::Obedience;

/// A server that the merchant's downstream calls go to. It stops when its last clone is dropped.
#[derive(Clone, Debug)]
pub struct Sink {
    /// Serves as long as it lives.
    _serving: Arc<JoinSet<()>>,
    address: SocketAddr,
    calls: Calls,
}

impl Sink {
    /// Listens on this address; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// [`ObserverError::Listen`] when the address is taken or not ours.
    pub async fn listen(address: SocketAddr) -> Result<Self, ObserverError> {
        let refuse = |error: io::Error| ObserverError::Listen(format!("{address}: {error}"));
        let listener = listener(address).map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        let calls = Calls::default();
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, calls.clone()));
        Ok(Self { _serving: Arc::new(serving), address, calls })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on answers calls that bear one of these tokens so. The others need not wait for a slow one.
    pub(crate) fn set(&self, tokens: Vec<String>, downstream: Downstream) {
        self.calls.lock().obedience.set(tokens, downstream);
    }

    /// The calls since the last time.
    pub(super) fn take(&self) -> Reading {
        let Kept { calls, dropped, .. } = std::mem::take(&mut self.calls.lock().kept);
        match dropped {
            0 => Reading::Calls(
                calls.into_iter().map(|(came, call)| Call { ago: came.elapsed(), ..call }).collect(),
            ),
            // A count from the rest would say less than happened.
            _ => Reading::Failed(format!(
                "the effect sink was called more often than it can remember: {dropped} calls are lost"
            )),
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Calls(Arc<Mutex<Desk>>);

impl Calls {
    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct Desk {
    kept: Kept,
    obedience: Obedience,
}

#[derive(Debug, Default)]
struct Kept {
    calls: VecDeque<(Instant, Call)>,
    bytes: usize,
    dropped: usize,
}

impl Calls {
    /// Remembers a call that came whole, and answers it as was commanded.
    async fn take(self, request: Request<Body>) -> Result<Response<Full<Bytes>>, hyper::Error> {
        let (head, body) = request.into_parts();
        let call = copy(&head, beginning(body).await?);
        let (delay, status) = self.keep(call);
        sleep(delay).await;
        let mut response = Response::new(Full::from("{}"));
        *response.status_mut() = status.try_into().expect("we answer with statuses that there are");
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response)
    }

    fn keep(&self, mut call: Call) -> (Duration, u16) {
        let mut desk = self.lock();
        let (delay, status) = desk.obedience.answer(&call);
        call.status = status;
        let kept = &mut desk.kept;
        if kept.calls.len() < MAX_CALLS && kept.bytes + call.body.len() <= MAX_BYTES {
            kept.bytes += call.body.len();
            kept.calls.push_back((Instant::now(), call));
        } else {
            kept.dropped += 1;
        }
        (delay, status)
    }
}

/// A call that finds the queue full waits a second before it tries again, and its endpoint would look slow.
fn listener(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As any server does: what was closed a moment ago keeps no port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

async fn serve(listener: TcpListener, calls: Calls) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let calls = calls.clone();
                    let service = service_fn(move |request| calls.clone().take(request));
                    let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                    connections.spawn(async { drop(serving.await) });
                }
                // Too many files are open, and others may be closed by then.
                Err(_) => sleep(BREATHER).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// What is kept of a body. The rest is read and forgotten, however much there is of it.
async fn beginning(mut body: Body) -> Result<Vec<u8>, hyper::Error> {
    let mut kept = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(bytes) = frame?.into_data() {
            kept.extend_from_slice(&bytes[..bytes.len().min(MAX_BODY - kept.len())]);
        }
    }
    Ok(kept)
}

fn copy(head: &Parts, body: Vec<u8>) -> Call {
    let headers = head.headers.iter();
    Call {
        method: head.method.to_string(),
        target: head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body,
        status: 0,
        ago: Duration::ZERO,
    }
}

const MAX_BODY: usize = 64 * 1024;

/// Between two looks, which are a fraction of a second apart.
const MAX_CALLS: usize = 100_000;

/// The whole tool is to take less than 64 MiB.
const MAX_BYTES: usize = 24 * 1024 * 1024;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1_024;

/// Before the next connection is asked for when one could not be had.
const BREATHER: Duration = Duration::from_millis(10);

#[cfg(test)]
mod tests {
    use hookproof_core::EndpointUrl;
    use hookproof_suite::Outcome;
    use tokio::time::timeout;

    use super::*;
    use crate::{Client, Outgoing, Target};

    /// The status of a call about this event.
    async fn call(sink: &Sink, event: &str) -> u16 {
        let url = EndpointUrl::parse(&format!("http://{}/orders/{event}", sink.address())).unwrap();
        let target = Target::new(url.clone(), Vec::new(), None, Duration::from_secs(30)).unwrap();
        match Client::new(target).deliver(Outgoing::get(&url)).await.0 {
            Outcome::Answered(answer) => answer.status,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn it_fails_as_often_as_it_was_told_for_one_event_and_says_so() {
        let sink = Sink::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        sink.set(vec!["evt_1".into()], Downstream::failing(2));
        let mut statuses = Vec::new();
        for event in ["evt_1", "evt_2", "evt_1", "evt_1"] {
            statuses.push(call(&sink, event).await);
        }
        assert_eq!(statuses, [503, 200, 503, 200]);
        let Reading::Calls(calls) = sink.take() else { panic!() };
        assert_eq!(calls.iter().map(|call| call.status).collect::<Vec<_>>(), statuses);
    }

    #[tokio::test]
    async fn it_is_slow_about_one_event_while_it_serves_the_others() {
        let sink = Sink::listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        sink.set(vec!["evt_1".into()], Downstream::slow(Duration::from_secs(600)));
        let slow = tokio::spawn({
            let sink = sink.clone();
            async move { call(&sink, "evt_1").await }
        });
        let seen = async {
            while !matches!(sink.take(), Reading::Calls(calls) if !calls.is_empty()) {
                tokio::task::yield_now().await;
            }
            call(&sink, "evt_2").await
        };
        assert_eq!(
            timeout(Duration::from_secs(60), seen).await,
            Ok(200),
            "a call is seen before it is answered"
        );
        assert!(!slow.is_finished());
    }
}
