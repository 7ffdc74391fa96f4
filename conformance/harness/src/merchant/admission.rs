//! From a request to the right to work on its event, or to the answer that ends it there.

use hookproof_core::{At, Timestamp};

use super::{
    A_DAY, Defect, Fraud, Incoming, Merchant, Nature, Variant,
    books::{Entry, Hold},
    hostile,
    objection::{complaint, objection},
    reading::{Notice, Refusal},
    reply::Reply,
};

impl Merchant {
    /// From the request to the right to work on its event, or the answer that ends it here.
    pub(super) fn admit(&mut self, now: Timestamp, request: &Incoming) -> Result<(Notice, Hold), Reply> {
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
            Entry::Busy if FAILING_FOR_COPIES.iter().any(|variant| self.character.is(*variant)) => {
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

/// Variants to which a claim that somebody holds is an error like any other.
const FAILING_FOR_COPIES: [Variant; 2] = [Variant::Answers500ToCopies, Variant::KeepsFailedEvents];

/// Connections to the database of a merchant that opens one for each event.
const POOL: usize = 32;

/// How many types at the end of a catalogue are rare.
const RARE: usize = 2;
