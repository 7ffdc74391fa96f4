//! The merchant whose endpoint is checked: one pure machine, from what arrives to what it does.
//!
//! The simulated driver and the server feed it alike: a request, the end of a downstream call, a timer, a
//! client that hung up. It answers with what to do. The reference verifies the signature over the raw
//! bytes, claims the event's key, calls its downstream, notes the event as processed, and answers then. A
//! downstream that takes longer than a second is not waited for: the event goes into a durable queue, is
//! acknowledged, and done from there. A [`Defect`] breaks one of these promises.

mod books;
mod character;
mod defect;
mod door;
mod gate;
mod hostile;
mod identity;
mod job;
mod objection;
mod reading;
mod registration;
mod reply;
mod schema;
mod text;
mod verification;

use std::{collections::BTreeMap, time::Duration};

use hookproof_core::{At, ConfigError, Provider, Secret, Timestamp};
use hookproof_suite::{Handshake, TlsFacts};

pub(crate) use self::hostile::LONGEST_BODY;
use self::{
    books::{Books, Entry, Hold},
    door::Door,
    gate::Gate,
    job::{Alarm, Job},
    objection::{complaint, objection},
    reading::{Notice, Reader, Refusal},
    reply::Reply,
};
pub use self::{
    character::{Character, Fraud, Nature, Variant, Variants},
    defect::Defect,
    registration::Registration,
};

/// Names a request; the driver chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Names a downstream call; the merchant chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(u64);

/// Names a timer; the merchant chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerId(u64);

/// A whole request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// `POST`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Header lines, spelled as they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The whole body.
    pub body: Vec<u8>,
    /// How many bytes of the body came in its first piece.
    pub first_read: usize,
    /// How many requests came on its connection before it.
    pub earlier: usize,
    /// The body, or its framing, ended otherwise than it should; what came is there.
    pub is_broken: bool,
}

/// What happens to a merchant.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// The head of a request is there. What follows is [`Input::Request`], or [`Input::Disconnected`].
    Head(RequestId),
    /// A request is complete.
    Request {
        /// Its name.
        id: RequestId,
        /// The request.
        request: &'a Incoming,
    },
    /// A downstream call is over, with this status if it was answered.
    Called {
        /// Which call.
        call: CallId,
        /// The status.
        status: Option<u16>,
    },
    /// The time of [`Output::Wake`] has passed.
    Timer(TimerId),
    /// The client hung up before its answer.
    Disconnected(RequestId),
    /// The process ended, as in a crash, and runs again. What was asked for before is lost: calls, timers
    /// and requests.
    Restarted,
}

/// What a merchant does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Call the downstream; tell the end as [`Input::Called`].
    Call {
        /// The call's name.
        call: CallId,
        /// `POST`.
        method: String,
        /// `/fulfil`.
        path: String,
        /// Header lines.
        headers: Vec<(String, String)>,
        /// JSON.
        body: Vec<u8>,
    },
    /// Answer a request. One that hung up meanwhile is passed over.
    Answer {
        /// Which request.
        request: RequestId,
        /// The status.
        status: u16,
        /// Header lines.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// Close the connection of a request without an answer.
    Close(RequestId),
    /// Tell [`Input::Timer`] after this time.
    Wake {
        /// The timer's name.
        timer: TimerId,
        /// From now.
        after: Duration,
    },
}

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

    /// From the request to the right to work on its event, or the answer that ends it here.
    fn admit(&mut self, now: Timestamp, request: &Incoming) -> Result<(Notice, Hold), Reply> {
        self.gate.admit(&self.character, request, self.refused, now)?;
        self.turned_away(request)?;
        if let Some(complaint) = complaint(&self.character, request) {
            return Err(complaint);
        }
        let notice = match self.reader.read(&self.character, request, now) {
            Ok(notice) => notice,
            Err(refusal) => {
                if self.character.has(Defect::NotesBeforeVerifying)
                    && let Some(key) = self.reader.unverified_key(&self.character, request)
                {
                    self.books.note(&key, now);
                }
                return Err(self.refuse(refusal, request));
            }
        };
        if let Err(reply) = self.without_effect(&notice, now) {
            if self.character.has(Defect::DedupesByObject) {
                self.books.note(&notice.key, now);
            }
            return Err(reply);
        }
        self.overtaken(&notice)?;
        if let Some(objection) =
            objection(&self.character, &notice, &self.provider.shape.object, &request.body)
        {
            return Err(objection);
        }
        let owner = format!("request {}", self.issued);
        match self.books.open(&self.character, &notice, &owner, now) {
            Entry::Begin(hold) => Ok((notice, hold)),
            Entry::Done if self.character.has(Defect::RefusesDuplicates) => {
                Err(Reply::new(400, "this event already exists"))
            }
            Entry::Done => Err(self.done()),
            Entry::Busy if self.character.is(Variant::Answers500ToCopies) => {
                Err(Reply::new(500, "unique constraint violated"))
            }
            Entry::Busy if self.character.has(Defect::AcknowledgesCopiesAtWork) => Err(self.done()),
            Entry::Busy => Err(Reply::busy()),
            Entry::Poisoned => Err(Reply::new(500, "this event failed too often")),
        }
    }

    /// What is answered before anything of the request is looked at.
    fn turned_away(&self, request: &Incoming) -> Result<(), Reply> {
        match self.character.nature {
            Nature::Fraud(Fraud::RefuseEverything) => Err(Reply::new(400, "no")),
            Nature::Fraud(Fraud::AcceptEverything) => Err(self.done()),
            Nature::Flawed(Defect::CrashesOnEveryEvent) => Err(Reply::new(500, "internal server error")),
            Nature::Flawed(Defect::Redirects) => {
                let path = request.target.split('?').next().unwrap_or_default();
                Err(Reply::new(308, "moved").with("location", &format!("{}/", path.trim_end_matches('/'))))
            }
            Nature::Flawed(Defect::DiesAfterForgeries) if self.refused >= 3 => {
                Err(Reply::new(500, "out of memory"))
            }
            Nature::Flawed(Defect::FallsOverInBursts) if self.jobs.len() >= POOL => {
                Err(Reply::new(500, "no connection to the database was free"))
            }
            _ => hostile::turned_away(&self.character, request),
        }
    }

    fn done(&self) -> Reply {
        Reply::done(self.provider.acknowledgement)
    }

    fn refuse(&mut self, refusal: Refusal, request: &Incoming) -> Reply {
        match refusal {
            Refusal::NoEvent if self.character.has(Defect::AcknowledgesAnyJson) => return self.done(),
            Refusal::NoEvent | Refusal::NoJson => return Reply::new(400, "not an event"),
            Refusal::Crash(words) => return Reply::new(500, words),
            Refusal::Unsigned | Refusal::Forged | Refusal::Malformed => {}
        }
        self.refused += 1;
        match &self.character {
            one if one.has(Defect::Answers404ToForgeries) => Reply::new(404, "not found"),
            one if one.has(Defect::CrashesOnMalformedSignatures) && refusal == Refusal::Malformed => {
                Reply::new(500, "cannot read properties of undefined")
            }
            one if one.has(Defect::ShowsExpectedSignature) => {
                let expected = self.reader.expected(request).unwrap_or_default();
                Reply::new(400, &format!("signature mismatch: expected {expected}"))
            }
            one if one.is(Variant::Answers500ToForgeries) => Reply::new(500, "internal server error"),
            one if one.is(Variant::IgnoresForgeries) => self.done(),
            _ if refusal != Refusal::Forged => Reply::new(400, "no readable signature"),
            _ => Reply::new(401, "the signature does not match"),
        }
    }

    /// What is answered to a sound event that this merchant does nothing about.
    fn without_effect(&self, notice: &Notice, now: Timestamp) -> Result<(), Reply> {
        let place = match self.provider.shape.kind {
            At::Nowhere => Some(0),
            At::Body(_) | At::Header(_) => {
                self.provider.event_types.iter().position(|kind| *kind == notice.kind)
            }
        };
        let types = self.provider.event_types.len();
        let is_old = notice.created.is_some_and(|created| now.saturating_since(created) > A_DAY);
        match (self.character.nature, place) {
            (Nature::Flawed(Defect::KnowsOneType), None | Some(1..)) => {
                Err(Reply::new(400, "unexpected type"))
            }
            (Nature::Flawed(Defect::CrashesOnRareTypes), Some(place))
                if place > 0 && place + RARE >= types =>
            {
                Err(Reply::new(500, "cannot read a property of undefined"))
            }
            (Nature::Flawed(Defect::RefusesUnknownTypes), None) => Err(Reply::new(400, "unknown type")),
            (Nature::Flawed(Defect::StrictFields), _) if notice.has_news => {
                Err(Reply::new(400, "unknown field"))
            }
            (Nature::Flawed(Defect::RefusesOldEvents), _) if is_old => Err(Reply::new(400, "too old")),
            (_, None | Some(2..)) if self.character.is(Variant::TwoTypes) => {
                Err(Reply::new(400, "not subscribed to this type"))
            }
            (_, Some(1..)) if self.character.is(Variant::ActsOnOneType) => Err(self.done()),
            _ if notice.is_test && self.character.is(Variant::IgnoresTestEvents) => Err(self.done()),
            (_, None) => Err(self.done()),
            (_, Some(_)) => Ok(()),
        }
    }

    /// What is answered to an event that was created before the newest one about its object. The flawed merchant has
    /// one mark for all objects.
    fn overtaken(&mut self, notice: &Notice) -> Result<(), Reply> {
        let about = match &notice.object {
            _ if self.character.has(Defect::KeepsOneWatermark) => None,
            Some(object) if self.character.is(Variant::NewestWins) => Some(object.clone()),
            _ => return Ok(()),
        };
        let newest = self.newest.entry(about).or_default();
        let is_overtaken = notice.created < *newest;
        *newest = notice.created.max(*newest);
        if is_overtaken { Err(self.done()) } else { Ok(()) }
    }
}

/// What the certificate that ends soon has left.
pub(crate) const SOON: Duration = Duration::from_secs(10 * 24 * 60 * 60);

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Connections to the database of a merchant that opens one for each event.
const POOL: usize = 32;

/// How many types at the end of a catalogue are rare.
const RARE: usize = 2;
