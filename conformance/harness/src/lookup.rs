//! The provider's API, as far as merchants need it who believe an event only when they have asked for it.

use std::{
    collections::HashMap,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hookproof_core::{Event, EventShape, Header};
use hookproof_suite::Request;
use wiremock::{Mock, MockServer, Respond, ResponseTemplate, http::Method, matchers::any};

use crate::ObserverError;

/// A server that tells of the events that were sent, and of what they are about. It stops when its last clone is
/// dropped.
#[derive(Clone, Debug)]
pub struct LookupApi {
    /// Serves as long as it lives.
    _server: Arc<MockServer>,
    address: SocketAddr,
    shape: Arc<EventShape>,
    known: Known,
}

impl LookupApi {
    /// Listens on this address for questions about events of this shape; port 0 takes a free one. A GET of any path of
    /// which a segment, or a value behind the question mark, is an id is answered with what bears it: an event, or the
    /// object of one. Any other is answered 404.
    ///
    /// # Errors
    ///
    /// [`ObserverError::Listen`] when the address is taken or not ours.
    pub async fn listen(address: SocketAddr, shape: EventShape) -> Result<Self, ObserverError> {
        let refuse = |error: std::io::Error| ObserverError::Listen(format!("{address}: {error}"));
        let listener = TcpListener::bind(address).map_err(refuse)?;
        let address = listener.local_addr().map_err(refuse)?;
        let server = MockServer::builder().listener(listener).disable_request_recording().start().await;
        let known = Known::default();
        Mock::given(any()).respond_with(known.clone()).mount(&server).await;
        Ok(Self { _server: Arc::new(server), address, shape: Arc::new(shape), known })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes what is about to be sent. A provider knows what it signed, however long ago, and nothing of forgeries, nor of
    /// what is no event. The first body
    /// that bore an event's id stays its own; an object is as its latest event has it.
    pub(crate) fn list(&self, request: &Request) {
        if !request.authentic {
            return;
        }
        let headers: Vec<Header<'_>> =
            request.headers.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
        let Ok(event) = Event::parse(&self.shape, &headers, &request.body) else { return };
        let mut records = self.known.lock();
        if let Some(id) = event.id() {
            records.events.entry(id.to_owned()).or_insert_with(|| event.body().to_vec());
        }
        if let Some(pointer) = &self.shape.object_id {
            let number = || event.field(pointer).map(|text| String::from_utf8_lossy(text).into_owned());
            if let Some(id) = event.text(pointer).map(String::from).or_else(number) {
                records.objects.insert(id, event.object().to_vec());
            }
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Known(Arc<Mutex<Records>>);

#[derive(Debug, Default)]
struct Records {
    events: HashMap<String, Vec<u8>>,
    objects: HashMap<String, Vec<u8>>,
}

impl Known {
    fn lock(&self) -> MutexGuard<'_, Records> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Respond for Known {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        if request.method != Method::GET {
            return ResponseTemplate::new(405).insert_header("allow", "GET").set_body_raw(NO, JSON);
        }
        let segments = request.url.path().rsplit('/').map(decoded);
        let values = request.url.query_pairs().map(|(_, value)| value.into_owned());
        let names: Vec<String> = segments.chain(values).collect();
        let records = self.lock();
        let found = [&records.events, &records.objects]
            .into_iter()
            .find_map(|kind| names.iter().find_map(|name| kind.get(name)));
        match found {
            Some(body) => ResponseTemplate::new(200).set_body_raw(body.clone(), JSON),
            None => ResponseTemplate::new(404).set_body_raw(NO, JSON),
        }
    }
}

/// A segment of a path without its percent escapes.
fn decoded(segment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = segment.as_bytes();
    while let [first, behind @ ..] = rest {
        let escape =
            behind.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

const JSON: &str = "application/json";

/// What both providers' APIs call an error.
const NO: &str = "{\"detail\":\"Not found.\"}";

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hookproof_core::{EndpointUrl, Provider, Secret, Timestamp};
    use hookproof_suite::{Bench, Outcome, Setting};

    use super::*;
    use crate::{Client, Outgoing, Target};

    async fn api(provider: &str) -> (LookupApi, Bench) {
        let provider = Provider::built_in(provider).unwrap();
        let secret = provider.is_signed().then(|| Secret::new("whsec_bG9vay11cA==").unwrap());
        let setting = Setting { nonce: "k3w9x1q0".into(), ..Setting::default() };
        let bench =
            Bench::new(provider.clone(), secret.as_ref(), setting, Timestamp::from_unix_secs(1_767_225_600));
        let api = LookupApi::listen("127.0.0.1:0".parse().unwrap(), provider.shape.clone()).await.unwrap();
        (api, bench.unwrap())
    }

    /// What a question with this method for this path is answered with.
    async fn asked(api: &LookupApi, method: &str, path: &str) -> (u16, Vec<u8>) {
        let url = EndpointUrl::parse(&format!("http://{}{path}", api.address())).unwrap();
        let target = Target::new(url.clone(), Vec::new(), None, Duration::from_secs(30)).unwrap();
        let outgoing = match method {
            "GET" => Outgoing::get(&url),
            _ => Outgoing::post(&url, &[], b"", hookproof_suite::Transport::default()).unwrap(),
        };
        match Client::new(target).deliver(outgoing).await.0 {
            Outcome::Answered(answer) => (answer.status, answer.body),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn what_was_sent_is_known_by_its_id_and_by_its_objects() {
        for name in ["turratech", "turnstay", "stripe"] {
            let (api, bench) = api(name).await;
            let request = bench.seal(&bench.event(1), Timestamp::from_unix_secs(1_767_225_600));
            let ids = bench.tokens(bench.name(1));
            let path = format!("/v1/anything/{}", ids[0]);
            assert_eq!(asked(&api, "GET", &path).await.0, 404, "{name}: it was not sent");
            api.list(&request);
            let event = Event::parse(&bench.provider.shape, &[], &request.body).unwrap();
            let object = event.object().to_vec();
            let wanted = if event.id().is_some() { &request.body } else { &object };
            assert_eq!(asked(&api, "GET", &path).await, (200, wanted.clone()), "{name}");
            if event.id().is_some() {
                let path = format!("/payments/{}/status?expand=all", ids[1]);
                assert_eq!(asked(&api, "GET", &path).await, (200, object), "{name}");
                assert_eq!(asked(&api, "GET", &format!("/events?id={}", ids[0])).await.0, 200, "{name}");
            }
            assert_eq!(asked(&api, "GET", &format!("/v1/{}x", ids[0])).await.0, 404, "{name}");
            assert_eq!(asked(&api, "POST", &path).await.0, 405, "{name}");
        }
    }

    #[tokio::test]
    async fn a_provider_knows_nothing_of_forgeries_and_of_what_is_no_event() {
        let (api, bench) = api("turratech").await;
        let path = format!("/{}", bench.id(bench.name(1)));
        let event = || bench.event(1);
        for draft in [
            event().forged(),
            event().unsigned(),
            event().tampered("/data/object"),
            event().with_body(b"{".to_vec()),
        ] {
            api.list(&bench.seal(&draft, Timestamp::from_unix_secs(1_767_225_600)));
            assert_eq!(asked(&api, "GET", &path).await.0, 404);
        }
        api.list(&bench.seal(&event(), Timestamp::from_unix_secs(1_767_225_600)));
        assert_eq!(asked(&api, "GET", &path).await.0, 200);
    }

    #[tokio::test]
    async fn a_provider_knows_an_old_event_that_somebody_else_sends_again() {
        let (api, bench) = api("turratech").await;
        let now = Timestamp::from_unix_secs(1_767_225_600);
        api.list(&bench.seal(&bench.event(1).signed_ago(Duration::from_secs(3_600)), now));
        assert_eq!(asked(&api, "GET", &format!("/{}", bench.id(bench.name(1)))).await.0, 200);
    }

    #[tokio::test]
    async fn the_first_body_of_an_event_stays_its_own() {
        let (api, bench) = api("turratech").await;
        let now = Timestamp::from_unix_secs(1_767_225_600);
        let first = bench.seal(&bench.event(1), now);
        api.list(&first);
        api.list(&bench.seal(&bench.event(1).with_value("/data/object/amount", "7"), now));
        assert_eq!(asked(&api, "GET", &format!("/{}", bench.id(bench.name(1)))).await, (200, first.body));
        let (_, object) = asked(&api, "GET", &format!("/{}", bench.tokens(bench.name(1))[1])).await;
        let object = String::from_utf8_lossy(&object);
        assert!(object.contains("\"amount\":7"), "not the latest state: {object}");
    }

    #[test]
    fn percent_escapes_are_undone_and_what_only_looks_like_one_is_not() {
        for (segment, plain) in
            [("evt%5F1", "evt_1"), ("a%2Fb", "a/b"), ("100%", "100%"), ("%zz", "%zz"), ("%C3%A9", "é")]
        {
            assert_eq!(decoded(segment), plain);
        }
    }
}
