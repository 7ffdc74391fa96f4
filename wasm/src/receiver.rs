//! Receivers: a provider with its secrets, opened once and used for every request.
//!
//! A request lies in the buffer as its headers, then what the question names, then its body. The headers are a list of
//! texts, a name before each value.

use std::ops::Range;

use hookproof_core::{
    Event, Header, Message, Provider, Secret, SignedHeaders, Timestamp, Tolerance, Verifier, idempotency_key,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    failure::Failure,
    fields::{Fields, push},
    profile,
    state::{State, with},
};

/// A provider, and its verifier where it signs.
pub(crate) struct Receiver {
    provider: Provider,
    verifier: Option<Verifier>,
}

/// Opens a receiver of this number, in place of the one that had it: 0. The configuration is two lists, the secrets (up to
/// `secrets`) and the texts of the provider (up to `end`), and is wiped. The tolerance is in whole seconds; below 0 it does
/// not count. Without `verifies` neither it nor the secrets do: such a receiver reads events and makes their keys.
#[wasm_bindgen]
pub fn open(receiver: usize, secrets: usize, end: usize, tolerance: f64, verifies: bool) -> i32 {
    with(&|state| {
        let opened = opened(&state.buffer, secrets..end, tolerance, verifies);
        if let Some(configuration) = state.buffer.get_mut(..end) {
            configuration.fill(0);
        }
        let opened = opened?;
        while state.receivers.len() <= receiver {
            state.receivers.push(None);
        }
        if let Some(place) = state.receivers.get_mut(receiver) {
            *place = Some(opened);
        }
        Ok(0)
    })
}

/// Asks about a request in the buffer, received (or to be sent) at `now` in Unix seconds: the length of the answer, which
/// stands at the beginning of the buffer then.
///
/// Headers end at `headers`, what the question names ends at `between`, and from `body` to `end` is the body. What is
/// between those two is wiped.
///
/// | number | question | names | answer |
/// | --- | --- | --- | --- |
/// | 0 | does the signature hold? | the host's hashes | nothing |
/// | 1 | and is the body an event? | the host's hashes | the places of the integers that JavaScript's numbers do not hold |
/// | 2 | is the body an event, where nothing is signed? | | the same |
/// | 3 | under which key is the event claimed? | the endpoint | a text |
/// | 4 | how is the body signed by the first secret? | the message's id | a list of headers, a name before each value |
/// | 5 and more | what does the host hash before the body, by the secret of this number less 5? | | the bytes, and not at the beginning but at `between` |
///
/// The host's hashes are of what the last question tells and the body, 32 bytes by each secret; that question is then the
/// one before. Where none stand, the MACs are made here. A place is two numbers of four bytes, the lowest byte first: the
/// integer's first byte and the one behind it, counted from the body's beginning.
#[wasm_bindgen]
pub fn ask(
    question: usize,
    receiver: usize,
    headers: usize,
    between: usize,
    body: usize,
    end: usize,
    now: f64,
) -> i32 {
    with(&|state| {
        let State { buffer, receivers, signed } = state;
        let receiver =
            receivers.get(receiver).and_then(Option::as_ref).ok_or_else(Failure::malformed_call)?;
        let request = Request::read(buffer, receiver, headers, between, body..end);
        let answer = request.answer(question, signed, seconds(now));
        if let Some(hashed) = buffer.get_mut(between..body) {
            hashed.fill(0);
        }
        Ok(state.answer(if question < FIRST_SECRET { 0 } else { between }, &answer?))
    })
}

/// The questions from this number on are of a secret.
const FIRST_SECRET: usize = 5;

/// A request in the buffer.
struct Request<'a> {
    receiver: &'a Receiver,
    headers: Vec<Header<'a>>,
    /// What the question names.
    between: &'a [u8],
    body: &'a [u8],
}

impl<'a> Request<'a> {
    fn read(
        buffer: &'a [u8],
        receiver: &'a Receiver,
        headers: usize,
        between: usize,
        body: Range<usize>,
    ) -> Self {
        let bytes = |range: Range<usize>| buffer.get(range).unwrap_or_default();
        let mut texts = Fields(bytes(0..headers));
        let mut lines = Vec::with_capacity(4);
        while !texts.is_empty() {
            lines.push(Header { name: texts.text(), value: texts.next().unwrap_or_default() });
        }
        Self { receiver, headers: lines, between: bytes(headers..between), body: bytes(body) }
    }

    fn answer(
        &self,
        question: usize,
        signed: &mut Option<SignedHeaders>,
        now: Timestamp,
    ) -> Result<Vec<u8>, Failure> {
        let provider = &self.receiver.provider;
        match question {
            0 => {
                self.verify(signed, now)?;
                Ok(Vec::new())
            }
            1 => {
                self.verify(signed, now)?;
                self.wide_integers()
            }
            2 if provider.is_signed() => {
                Err(Failure::call("signed_provider", "this provider signs its events: verify them"))
            }
            2 => self.wide_integers(),
            3 => Ok(idempotency_key(provider, self.named(), &self.event()?).into_bytes()),
            4 => {
                let message = Message { id: self.named(), at: now, body: self.body };
                let mut headers = Vec::new();
                for (name, value) in self.verifier()?.sign(&message)? {
                    push(&mut headers, name.as_bytes());
                    push(&mut headers, value.as_bytes());
                }
                Ok(headers)
            }
            _ => {
                let verifier = self.verifier()?;
                let block = verifier.blocks().nth(question.saturating_sub(FIRST_SECRET));
                let before = signed.insert(verifier.read(&self.headers)?);
                Ok([block.ok_or_else(Failure::malformed_call)?, before.before_body()].concat())
            }
        }
    }

    fn verifier(&self) -> Result<&'a Verifier, Failure> {
        self.receiver.verifier.as_ref().ok_or_else(|| {
            let message = "this provider does not sign its events: read them with parseEvent, and look the object up before you act on it";
            Failure::call("unsigned_provider", message)
        })
    }

    /// With the hashes that stand between headers and body; without any, by its own.
    fn verify(&self, signed: &mut Option<SignedHeaders>, now: Timestamp) -> Result<(), Failure> {
        let verifier = self.verifier()?;
        if self.between.is_empty() {
            verifier.verify(&self.headers, self.body, now)?;
        } else {
            let signed = signed.take().ok_or_else(Failure::malformed_call)?;
            verifier.verify_hashes(&signed, self.between.as_chunks().0, now)?;
        }
        Ok(())
    }

    fn wide_integers(&self) -> Result<Vec<u8>, Failure> {
        let mut places = Vec::new();
        for range in self.event()?.wide_integers() {
            for place in [range.start, range.end] {
                places.extend_from_slice(&u32::try_from(place).unwrap_or(u32::MAX).to_le_bytes());
            }
        }
        Ok(places)
    }

    fn event(&self) -> Result<Event<'a>, Failure> {
        Ok(Event::parse(&self.receiver.provider.shape, &self.headers, self.body)?)
    }

    /// JavaScript's encoder writes nothing but UTF-8.
    fn named(&self) -> &'a str {
        core::str::from_utf8(self.between).unwrap_or_default()
    }
}

fn opened(buffer: &[u8], texts: Range<usize>, tolerance: f64, verifies: bool) -> Result<Receiver, Failure> {
    let (secrets, texts) =
        buffer.get(..texts.end).unwrap_or_default().split_at_checked(texts.start).unwrap_or_default();
    let provider = profile::provider(Fields(texts));
    let mut verifier = None;
    if let (Some(scheme), true) = (&provider.signature, verifies) {
        let tolerance =
            if tolerance < 0.0 { Tolerance::unlimited() } else { Tolerance::secs(whole(tolerance))? };
        let mut texts = Fields(secrets);
        let mut secrets = Vec::new();
        while !texts.is_empty() {
            secrets.push(Secret::new(texts.text())?);
        }
        verifier = Some(Verifier::new(scheme, &secrets, tolerance)?);
    }
    Ok(Receiver { provider, verifier })
}

/// The moment of this many Unix seconds, a fraction of one left off.
fn seconds(unix: f64) -> Timestamp {
    Timestamp::from_unix_secs(whole(unix))
}

/// A number that JavaScript has checked: at least 0, a fraction left off.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast saturates")]
const fn whole(number: f64) -> u64 {
    number as u64
}
