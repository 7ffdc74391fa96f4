//! A stand-in for the merchant's downstream: it answers every call with 200 and remembers it.

use std::{
    collections::VecDeque,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use hookproof_suite::{Call, Reading};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

use super::ObserverError;

/// A server that the merchant's downstream calls go to. It stops when its last clone is dropped.
#[derive(Clone, Debug)]
pub struct Sink {
    /// Serves as long as it lives.
    _server: Arc<MockServer>,
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
        let refuse = |error: std::io::Error| ObserverError::Listen(format!("{address}: {error}"));
        let listener = TcpListener::bind(address).map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        // Every call would otherwise be kept a second time, without a bound.
        let server = MockServer::builder().listener(listener).disable_request_recording().start().await;
        let calls = Calls::default();
        Mock::given(any()).respond_with(calls.clone()).mount(&server).await;
        Ok(Self { _server: Arc::new(server), address, calls })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The calls since the last time.
    pub(super) fn take(&self) -> Reading {
        let mut kept = self.calls.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { calls, dropped, .. } = std::mem::take(&mut *kept);
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
struct Calls(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    calls: VecDeque<(Instant, Call)>,
    bytes: usize,
    dropped: usize,
}

impl Respond for Calls {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let call = copy(request);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.calls.len() < MAX_CALLS && kept.bytes + call.body.len() <= MAX_BYTES {
            kept.bytes += call.body.len();
            kept.calls.push_back((Instant::now(), call));
        } else {
            kept.dropped += 1;
        }
        ResponseTemplate::new(STATUS).set_body_raw("{}", "application/json")
    }
}

fn copy(request: &Request) -> Call {
    let query = request.url.query().map_or(String::new(), |query| format!("?{query}"));
    let headers = request.headers.iter();
    Call {
        method: request.method.to_string(),
        target: format!("{}{query}", request.url.path()),
        headers: headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: request.body[..request.body.len().min(MAX_BODY)].to_vec(),
        status: STATUS,
        ago: Duration::ZERO,
    }
}

const STATUS: u16 = 200;

const MAX_BODY: usize = 64 * 1024;

/// Between two looks, which are a fraction of a second apart.
const MAX_CALLS: usize = 100_000;

const MAX_BYTES: usize = 256 * 1024 * 1024;
