//! What a merchant makes of a request: whom it believes, and what the event says.

use std::{borrow::Cow, collections::BTreeMap};

use hookproof_core::{ConfigError, Event, Header, Provider, Secret, Timestamp, VerifyError};

use super::{
    Character, Defect, Incoming, Nature, Variant, hostile, identity::key_of, schema::Schema,
    verification::Verification,
};

/// What an event says, once it is believed.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    /// Its type.
    pub(super) kind: String,
    /// What it is called: its id, or its object's where the provider's events have none.
    pub(super) name: String,
    /// The id of the object that it is about, where it has one.
    pub(super) object: Option<String>,
    /// It says that it is a test event.
    pub(super) is_test: bool,
    /// What makes two deliveries the same event.
    pub(super) key: String,
    /// The value of the signature's header.
    pub(super) signature: Option<String>,
    /// When it was created, where it says so.
    pub(super) created: Option<Timestamp>,
    /// It bears members that no earlier event of its type had.
    pub(super) has_news: bool,
}

/// Why a request is no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It bears no signature, or one that is not of this time.
    Unsigned,
    /// Its signature cannot be read.
    Malformed,
    /// Its signature is not the provider's.
    Forged,
    /// The provider signed it, and it is no event.
    NoEvent,
    /// The provider signed it, and it is not even JSON.
    NoJson,
    /// Reading it went wrong in a way that nobody had thought of.
    Crash(&'static str),
}

/// Reads requests for one provider.
#[derive(Debug)]
pub(super) struct Reader {
    provider: Provider,
    verification: Option<Verification>,
    schemas: BTreeMap<String, Schema>,
    /// How the first id began, once one has come; none where it had no prefix.
    prefix: Option<Option<String>>,
}

impl Reader {
    pub(super) fn new(provider: &Provider, secret: Option<&Secret>) -> Result<Self, ConfigError> {
        let verification = match (&provider.signature, secret) {
            (None, _) => None,
            (Some(_), None) => return Err(ConfigError::BlankSecret),
            (Some(scheme), Some(secret)) => Some(Verification::new(scheme, secret)?),
        };
        Ok(Self { provider: provider.clone(), verification, schemas: BTreeMap::new(), prefix: None })
    }

    /// Verifies first and reads then, as a merchant should.
    pub(super) fn read(
        &mut self,
        character: &Character,
        request: &Incoming,
        now: Timestamp,
    ) -> Result<Notice, Refusal> {
        let headers = headers(request);
        let read = match character.nature {
            Nature::Flawed(Defect::ReadsOnePacket) => request.first_read,
            Nature::Flawed(Defect::ReadsEightKib) => BUFFER,
            _ => request.body.len(),
        };
        let body = request.body.get(..read).unwrap_or(&request.body);
        self.verify(character, &headers, body, now).map_err(|error| match error {
            VerifyError::NoMatch => Refusal::Forged,
            VerifyError::MalformedHeader(_) => Refusal::Malformed,
            _ => Refusal::Unsigned,
        })?;
        if let Some(words) = hostile::crash(character, body) {
            return Err(Refusal::Crash(words));
        }
        let event = Event::parse(&self.provider.shape, &headers, body)
            .map_err(|error| if error.code() == "not_json" { Refusal::NoJson } else { Refusal::NoEvent })?;
        if character.is(Variant::PrefixedIds) && !self.begins_as_ever(event.id()) {
            return Err(Refusal::NoEvent);
        }
        let object = self.object_of(&event);
        // Nobody else looks at it.
        let has_schema = [Defect::StrictFields, Defect::StripsBeforeVerifying];
        let has_news = has_schema.iter().any(|defect| character.has(*defect)) && {
            let members = Schema::of(body, &self.provider.shape.object);
            let schema = self.schemas.entry(event.kind().to_owned()).or_insert_with(|| members.clone());
            !members.is_within(schema)
        };
        Ok(Notice {
            has_news,
            kind: event.kind().to_owned(),
            name: event.id().map(str::to_owned).or_else(|| object.clone()).unwrap_or_default(),
            is_test: event.field("/livemode").is_some_and(|said| said == b"false"),
            object,
            key: key_of(character, &self.provider, &headers, &event),
            signature: self
                .verification
                .as_ref()
                .and_then(|verification| verification.signature_of(&headers)),
            created: event.created(),
        })
    }

    /// The key of an event that nobody has verified.
    pub(super) fn unverified_key(&self, character: &Character, request: &Incoming) -> Option<String> {
        let headers: Vec<Header<'_>> =
            request.headers.iter().map(|(name, value)| Header { name, value }).collect();
        let event = Event::parse(&self.provider.shape, &headers, &request.body).ok()?;
        Some(key_of(character, &self.provider, &headers, &event))
    }

    fn verify(
        &self,
        character: &Character,
        headers: &[Header<'_>],
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), VerifyError> {
        let Some(verification) = &self.verification else { return Ok(()) };
        verification.judge(character, headers, body, || self.stripped(headers, body), now)
    }

    /// The signature that a request should have had.
    pub(super) fn expected(&self, request: &Incoming) -> Option<String> {
        self.verification.as_ref()?.expected(&headers(request), &request.body)
    }

    /// The body without the members that no earlier event of its type had.
    fn stripped(&self, headers: &[Header<'_>], body: &[u8]) -> Vec<u8> {
        let shape = &self.provider.shape;
        let schema = Event::parse(shape, headers, body).ok().and_then(|event| self.schemas.get(event.kind()));
        schema.map_or_else(|| body.to_vec(), |schema| schema.strip(body, &shape.object))
    }

    /// Whether an id has the prefix, up to its first `_`, of the first one that came.
    fn begins_as_ever(&mut self, id: Option<&str>) -> bool {
        let Some(id) = id else { return true };
        let prefix =
            || id.split_inclusive('_').next().filter(|prefix| prefix.ends_with('_')).map(str::to_owned);
        let first = self.prefix.get_or_insert_with(prefix);
        first.as_ref().is_none_or(|first| id.starts_with(first.as_str()))
    }

    fn object_of(&self, event: &Event<'_>) -> Option<String> {
        let pointer = self.provider.shape.object_id.as_deref()?;
        let number = || String::from_utf8(event.field(pointer)?.to_vec()).ok();
        event.text(pointer).map(Cow::into_owned).or_else(number)
    }
}

fn headers(request: &Incoming) -> Vec<Header<'_>> {
    request.headers.iter().map(|(name, value)| Header { name, value }).collect()
}

/// What a buffer of fixed length holds.
const BUFFER: usize = 8 * 1024;
