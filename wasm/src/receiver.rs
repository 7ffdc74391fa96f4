//! Receivers: a provider with its secrets, opened once and used for every request.
//!
//! A request lies in the buffer as its headers, then what the call names, then its body. The headers are a list of
//! texts, a name before each value; only those of [`header_names`] are read.

use std::{borrow::Cow, ops::Range};

use hookproof_core::{
    Event, Header, Message, Provider, Secret, Timestamp, Tolerance, Verifier, idempotency_key as key_of_event,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    failure::Failure,
    fields::{Fields, push},
    hmac::Key,
    profile,
    state::{State, with},
};

/// A provider, and its verifier and keys where it signs.
pub(crate) struct Receiver {
    provider: Cow<'static, Provider>,
    verifier: Option<Verifier>,
    keys: Vec<Key>,
}

/// Opens a receiver: its number, from 0. The configuration is two lists, the secrets (`secrets` bytes) and the texts
/// of the provider (up to `end`), and is wiped. The tolerance is in seconds; without `checks_age` it does not count.
#[wasm_bindgen]
pub fn open(secrets: usize, end: usize, tolerance: f64, checks_age: bool) -> i32 {
    with(&|state| {
        let receiver = receiver(state, secrets, end, tolerance, checks_age);
        if let Some(configuration) = state.buffer.get_mut(..end) {
            configuration.fill(0);
        }
        state.keep(receiver?)
    })
}

/// Opens a receiver that reads events and makes their keys, and cannot verify: its number. The texts of the provider end
/// at `end`.
#[wasm_bindgen]
pub fn open_unverified(end: usize) -> i32 {
    with(&|state| {
        let provider = provider(state, 0, end)?;
        state.keep(Receiver { provider, verifier: None, keys: Vec::new() })
    })
}

/// Forgets a receiver; its number may be given again.
#[wasm_bindgen]
pub fn close(receiver: usize) {
    with(&|state| {
        if let Some(place) = state.receivers.get_mut(receiver) {
            *place = None;
        }
        Ok(0)
    });
}

/// The names of the headers that a receiver reads, the signature's first: the length of a list at the beginning of the
/// buffer.
#[wasm_bindgen]
pub fn header_names(receiver: usize) -> i32 {
    with(&|state| {
        let provider = &state.opened(receiver)?.provider;
        let mut names = Vec::new();
        let mut add = |name: &str| push(&mut names, name.as_bytes());
        if let Some(scheme) = &provider.signature {
            add(scheme.signature_header());
            for name in scheme.header_names().into_iter().filter(|name| *name != scheme.signature_header()) {
                add(name);
            }
        }
        for at in [&provider.shape.id, &provider.shape.kind, &provider.shape.created] {
            if let hookproof_core::At::Header(name) = at {
                add(name);
            }
        }
        Ok(state.answer(0, &names))
    })
}

/// Judges a request at `now`, in Unix seconds: 0 where its signature holds.
///
/// Between the headers and `hashes` stand the hashes that the host made, 32 bytes each, one for each secret: of what
/// [`before_body`] tells, and the body. Where none stand, the MACs are made here. The body stands between `body` and `end`,
/// and what is before it is wiped.
#[wasm_bindgen]
pub fn verify(receiver: usize, headers: usize, hashes: usize, body: usize, end: usize, now: f64) -> i32 {
    ask(receiver, headers, headers..hashes, body..end, Question::IsSigned { now })
}

/// Judges a request as [`verify`] does and reads its event: 0, or 1 where its body has integers that JavaScript's numbers
/// do not hold.
#[wasm_bindgen]
pub fn receive(receiver: usize, headers: usize, hashes: usize, body: usize, end: usize, now: f64) -> i32 {
    ask(receiver, headers, headers..hashes, body..end, Question::IsSignedEvent { now })
}

/// As [`receive`], where nothing is signed.
#[wasm_bindgen]
pub fn parse(receiver: usize, headers: usize, end: usize) -> i32 {
    ask(receiver, headers, headers..headers, headers..end, Question::IsUnsignedEvent)
}

/// What the host hashes before the body, for the secret of this number: the length of the bytes that stand at `at` then,
/// behind the headers. They are as secret as the secret; [`verify`] and [`receive`] wipe them.
#[wasm_bindgen]
pub fn before_body(receiver: usize, headers: usize, secret: usize, at: usize) -> i32 {
    ask(receiver, headers, headers..headers, headers..headers, Question::BeforeBody { secret, at })
}

/// The places of the integers in a request's body that JavaScript's numbers do not hold: the length of what is at the
/// beginning of the buffer then, two numbers of four bytes for each, the lowest byte first: its first byte and the one
/// behind it, counted from the body's beginning.
#[wasm_bindgen]
pub fn wide_integers(receiver: usize, headers: usize, end: usize) -> i32 {
    ask(receiver, headers, headers..headers, headers..end, Question::WideIntegers)
}

/// The key under which a request's event is claimed: the length of the text at the beginning of the buffer. The name of
/// the endpoint stands between the headers and `endpoint`.
#[wasm_bindgen]
pub fn idempotency_key(receiver: usize, headers: usize, endpoint: usize, end: usize) -> i32 {
    ask(receiver, headers, headers..endpoint, endpoint..end, Question::Key)
}

/// Signs a body with the first secret, sent at `at` in Unix seconds: the length of a list at the beginning of the
/// buffer, a name before each value. The message's id stands before the body, up to `id`.
#[wasm_bindgen]
pub fn sign(receiver: usize, id: usize, end: usize, at: f64) -> i32 {
    ask(receiver, 0, 0..id, id..end, Question::Signed { at })
}

/// What is asked of a request in the buffer.
#[derive(Clone, Copy)]
enum Question {
    IsSigned { now: f64 },
    IsSignedEvent { now: f64 },
    IsUnsignedEvent,
    BeforeBody { secret: usize, at: usize },
    WideIntegers,
    Key,
    Signed { at: f64 },
}

/// A number, or bytes and their place in the buffer.
enum Answer {
    Number(i32),
    Bytes(usize, Vec<u8>),
}

fn ask(
    receiver: usize,
    headers: usize,
    between: Range<usize>,
    body: Range<usize>,
    question: Question,
) -> i32 {
    with(&|state| {
        let request = state.request(receiver, headers, between.clone(), body.clone());
        let answer = request.and_then(|request| request.answer(question));
        if let Some(hashed) = state.buffer.get_mut(between.end..body.start) {
            hashed.fill(0);
        }
        match answer? {
            Answer::Number(number) => Ok(number),
            Answer::Bytes(at, bytes) => Ok(state.answer(at, &bytes)),
        }
    })
}

/// A request in the buffer.
struct Request<'a> {
    provider: &'a Provider,
    verifier: Option<&'a Verifier>,
    keys: &'a [Key],
    headers: Vec<Header<'a>>,
    /// What the call names between the headers and the body.
    between: &'a [u8],
    body: &'a [u8],
}

impl<'a> Request<'a> {
    fn verifier(&self) -> Result<&'a Verifier, Failure> {
        self.verifier.ok_or_else(|| {
            let message = "this provider does not sign its events: read them with parseEvent, and look the object up before you act on it";
            Failure::Call("unsigned_provider", message)
        })
    }

    fn answer(&self, question: Question) -> Result<Answer, Failure> {
        match question {
            Question::IsSigned { now } => self.verify(now).map(|()| Answer::Number(0)),
            Question::IsSignedEvent { now } => {
                self.verify(now)?;
                self.has_wide_integers()
            }
            Question::IsUnsignedEvent if self.provider.is_signed() => {
                Err(Failure::Call("signed_provider", "this provider signs its events: verify them"))
            }
            Question::IsUnsignedEvent => self.has_wide_integers(),
            Question::BeforeBody { secret, at } => {
                let before = self.verifier()?.signed_before_body(&self.headers)?;
                let key = self.keys.get(secret).ok_or_else(Failure::malformed_call)?;
                Ok(Answer::Bytes(at, [key.inner(), &before[..]].concat()))
            }
            Question::WideIntegers => {
                let mut places = Vec::new();
                for range in self.event()?.wide_integers() {
                    for place in [range.start, range.end] {
                        places.extend_from_slice(&u32::try_from(place).unwrap_or(u32::MAX).to_le_bytes());
                    }
                }
                Ok(Answer::Bytes(0, places))
            }
            Question::Key => Ok(Answer::Bytes(
                0,
                key_of_event(self.provider, self.text_between(), &self.event()?).into_bytes(),
            )),
            Question::Signed { at } => {
                let message = Message { id: self.text_between(), at: seconds(at), body: self.body };
                let mut headers = Vec::new();
                for (name, value) in self.verifier()?.sign(&message)? {
                    push(&mut headers, name.as_bytes());
                    push(&mut headers, value.as_bytes());
                }
                Ok(Answer::Bytes(0, headers))
            }
        }
    }

    /// With the hashes that stand between headers and body; without any, by its own.
    fn verify(&self, now: f64) -> Result<(), Failure> {
        let (verifier, now) = (self.verifier()?, seconds(now));
        match self.between.as_chunks::<32>() {
            ([], []) => verifier.verify(&self.headers, self.body, now)?,
            (hashes, []) if hashes.len() == self.keys.len() => {
                let macs: Vec<_> = self.keys.iter().zip(hashes).map(|(key, hash)| key.mac(hash)).collect();
                verifier.verify_macs(&self.headers, &macs, now)?
            }
            _ => return Err(Failure::malformed_call()),
        };
        Ok(())
    }

    fn has_wide_integers(&self) -> Result<Answer, Failure> {
        Ok(Answer::Number(self.event()?.wide_integers().next().is_some().into()))
    }

    fn event(&self) -> Result<Event<'a>, Failure> {
        Ok(Event::parse(&self.provider.shape, &self.headers, self.body)?)
    }

    /// JavaScript's encoder writes nothing but UTF-8.
    fn text_between(&self) -> &'a str {
        core::str::from_utf8(self.between).unwrap_or_default()
    }
}

impl State {
    fn keep(&mut self, receiver: Receiver) -> Result<i32, Failure> {
        let free = self.receivers.iter().position(Option::is_none).unwrap_or(self.receivers.len());
        match self.receivers.get_mut(free) {
            Some(place) => *place = Some(receiver),
            None => self.receivers.push(Some(receiver)),
        }
        i32::try_from(free).map_err(|_| Failure::malformed_call())
    }

    fn opened(&self, receiver: usize) -> Result<&Receiver, Failure> {
        self.receivers.get(receiver).and_then(Option::as_ref).ok_or_else(Failure::malformed_call)
    }

    fn request(
        &self,
        receiver: usize,
        headers: usize,
        between: Range<usize>,
        body: Range<usize>,
    ) -> Result<Request<'_>, Failure> {
        let Receiver { provider, verifier, keys } = self.opened(receiver)?;
        let bytes = |range: Range<usize>| self.buffer.get(range).ok_or_else(Failure::malformed_call);
        let mut texts = Fields(bytes(0..headers)?);
        let mut lines = Vec::with_capacity(4);
        while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
            let name = core::str::from_utf8(name).map_err(|_| Failure::malformed_call())?;
            lines.push(Header { name, value });
        }
        Ok(Request {
            provider,
            verifier: verifier.as_ref(),
            keys,
            headers: lines,
            between: bytes(between)?,
            body: bytes(body)?,
        })
    }
}

fn receiver(
    state: &State,
    secrets: usize,
    end: usize,
    tolerance: f64,
    checks_age: bool,
) -> Result<Receiver, Failure> {
    let provider = provider(state, secrets, end)?;
    let (mut verifier, mut keys) = (None, Vec::new());
    if let Some(scheme) = &provider.signature {
        let tolerance = if checks_age { whole_seconds(tolerance)? } else { Tolerance::unlimited() };
        let secrets = secrets_in(state, secrets)?;
        verifier = Some(Verifier::new(scheme, &secrets, tolerance)?);
        for secret in &secrets {
            keys.push(Key::new(&secret.key(scheme)?));
        }
    }
    Ok(Receiver { provider, verifier, keys })
}

fn provider(state: &State, from: usize, end: usize) -> Result<Cow<'static, Provider>, Failure> {
    let texts = state.buffer.get(from..end).ok_or_else(Failure::malformed_call)?;
    profile::provider(Fields(texts))
}

fn secrets_in(state: &State, end: usize) -> Result<Vec<Secret>, Failure> {
    let texts = state.buffer.get(..end).ok_or_else(Failure::malformed_call)?;
    let mut secrets = Vec::new();
    for text in Fields(texts) {
        let text = core::str::from_utf8(text).map_err(|_| Failure::malformed_call())?;
        secrets.push(Secret::new(text)?);
    }
    Ok(secrets)
}

fn whole_seconds(tolerance: f64) -> Result<Tolerance, Failure> {
    match whole(tolerance) {
        Some(seconds) => Ok(Tolerance::secs(seconds)?),
        None => Err(Failure::Call("bad_tolerance", "the tolerance is not a whole number of seconds above 0")),
    }
}

/// The moment of this many Unix seconds, a fraction of one left off.
fn seconds(unix: f64) -> Timestamp {
    Timestamp::from_unix_secs(whole(unix.floor()).unwrap_or_default())
}

/// A whole number that a double holds exactly.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is whole and within 0 and 2^53"
)]
fn whole(number: f64) -> Option<u64> {
    let is_whole = (0.0..=LARGEST_WHOLE).contains(&number) && number.fract() == 0.0;
    is_whole.then_some(number as u64)
}

const LARGEST_WHOLE: f64 = 9_007_199_254_740_991.0;
