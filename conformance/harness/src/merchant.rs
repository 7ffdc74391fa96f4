//! The merchant whose endpoint is checked: one pure machine, from what arrives to what it does.
//!
//! The simulated driver and the server feed it alike: a request, the end of a downstream call, a timer, a
//! client that hung up. It answers with what to do. The reference verifies the signature over the raw
//! bytes, claims the event's key, calls its downstream, notes the event as processed, and answers then. A
//! downstream that takes longer than a second is not waited for: the event goes into a durable queue, is
//! acknowledged, and done from there. A [`Defect`] breaks one of these promises.

mod admission;
mod books;
mod character;
mod defect;
mod door;
mod gate;
mod hostile;
mod identity;
mod input;
mod job;
mod objection;
mod output;
mod reading;
mod registration;
mod reply;
mod schema;
mod text;
mod verification;

use std::{collections::BTreeMap, time::Duration};

use hookproof_core::{ConfigError, Provider, Secret, Timestamp};
use hookproof_suite::{Handshake, TlsFacts};

pub(crate) use self::hostile::LONGEST_BODY;
use self::{
    books::{Books, Hold},
    door::Door,
    gate::Gate,
    job::{Alarm, Job},
    reading::{Notice, Reader},
    reply::Reply,
};
pub use self::{
    character::{Character, Fraud, Nature, Variant, Variants},
    defect::Defect,
    input::{CallId, Incoming, Input, RequestId, TimerId},
    output::Output,
    registration::Registration,
};

/// A merchant with its endpoint, its books and its queue.
#[derive(Debug)]
pub struct Merchant {
    character: Character,
    provider: Provider,
    reader: Reader,
    gate: Gate,
    books: Books,
    jobs: BTreeMap<CallId, Job>,
    alarms: BTreeMap<TimerId, Alarm>,
    queue: Vec<CallId>,
    issued: u64,
    begun: u64,
    refused: u32,
    /// When the newest event about each object was created.
    newest: BTreeMap<Option<String>, Option<Timestamp>>,
    door: Door,
}

impl Merchant {
    /// A merchant of `provider` that knows its `secret`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when the provider signs and the secret is absent or does not fit its scheme.
    pub fn new(
        character: Character,
        provider: &Provider,
        secret: Option<&Secret>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            character,
            provider: provider.clone(),
            reader: Reader::new(provider, secret)?,
            gate: Gate::default(),
            books: Books::default(),
            jobs: BTreeMap::new(),
            alarms: BTreeMap::new(),
            queue: Vec::new(),
            issued: 0,
            begun: 0,
            refused: 0,
            newest: BTreeMap::new(),
            door: Door::default(),
        })
    }

    /// Takes what happened at `now` and says what to do, in this order.
    pub fn handle(&mut self, now: Timestamp, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Head(id) => {
                self.door.knock(id, now);
                let is_hasty = self.character.has(Defect::AnswersBeforeTheBody);
                is_hasty.then(|| self.done().to(id)).into_iter().collect()
            }
            Input::Request { id, request } => {
                let served = self.door.enter(&self.character, id, request, now);
                self.serve(now, served)
            }
            Input::Called { call, status } => self.called(now, call, status),
            Input::Timer(timer) => self.woken(now, timer),
            Input::Disconnected(request) => {
                let mut outputs = self.hung_up(request);
                let served = self.door.leave(request);
                outputs.extend(self.serve(now, served));
                outputs
            }
            Input::Restarted => self.restarted(),
        }
    }

    /// Where this merchant told its provider to deliver.
    pub fn registration(&self) -> Registration {
        self.character.registration()
    }

    fn serve(&mut self, now: Timestamp, requests: Vec<(RequestId, Incoming)>) -> Vec<Output> {
        let serve = |(id, request): (RequestId, Incoming)| match self.admit(now, &request) {
            Ok((notice, hold)) => self.begin(now, id, notice, hold),
            Err(reply) => vec![reply.to(id)],
        };
        requests.into_iter().flat_map(serve).collect()
    }

    /// What a look at this merchant's TLS shows.
    pub fn tls(&self) -> TlsFacts {
        let made = |trust, expires_in| TlsFacts::Made(Handshake { trust, expires_in: Some(expires_in) });
        match self.character.nature {
            Nature::Flawed(Defect::SelfSignedCertificate) => {
                made(Err("self-signed or from an unknown issuer".into()), A_DAY * 365)
            }
            Nature::Flawed(Defect::CertificateEndsSoon) => made(Ok(()), SOON),
            Nature::Flawed(Defect::SpeaksOldTls) => TlsFacts::Outdated,
            _ => TlsFacts::Plain,
        }
    }

    /// The answer to an event that is seen to, or needs nothing more.
    fn done(&self) -> Reply {
        Reply::done(self.provider.acknowledgement)
    }
}

/// What the certificate that ends soon has left.
pub(crate) const SOON: Duration = Duration::from_secs(10 * 24 * 60 * 60);

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
