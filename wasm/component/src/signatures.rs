//! The interface `signatures`.

use hookproof_core::{
    Cause as Found, Diagnosis as Verdict, Message, Provider, Secret, Suspect as Refused, Timestamp,
    Tolerance, diagnose,
};

use crate::{
    Component,
    bindings::exports::hookproof::core::{
        signatures::{Cause, Diagnosis, Guest, GuestVerifier, Suspect, Terms, Verifier as Handle},
        types::{Event, Failure, Header, Refusal, UnixSecs},
    },
    events::event,
    failure::failure,
    provider::{lines, provider, scheme},
};

/// A provider and what verifies its requests.
pub(crate) struct Verifier {
    provider: std::borrow::Cow<'static, Provider>,
    verifier: hookproof_core::Verifier,
}

impl Guest for Component {
    type Verifier = Verifier;

    fn diagnose(suspect: Suspect) -> Result<Diagnosis, Failure> {
        let provider = provider(suspect.provider)?;
        let other_secrets: Vec<&str> = suspect.other_secrets.iter().map(String::as_str).collect();
        let verdict = diagnose(&Refused {
            scheme: scheme(&provider)?,
            secret: &suspect.secret,
            other_secrets: &other_secrets,
            headers: &lines(&suspect.headers),
            body: &suspect.body,
            now: Timestamp::from_unix_secs(suspect.now),
        });
        Ok(match verdict {
            Verdict::Sound => Diagnosis::Sound,
            Verdict::Caused(causes) => Diagnosis::Caused(causes.iter().map(Cause::from).collect()),
            Verdict::Unexplained(error) => Diagnosis::Unexplained(failure(error.code(), error)),
        })
    }
}

impl GuestVerifier for Verifier {
    fn open(terms: Terms) -> Result<Handle, Failure> {
        let provider = provider(terms.provider)?;
        let tolerance = terms.tolerance.map_or(Ok(Tolerance::unlimited()), Tolerance::secs)?;
        let secrets: Result<Vec<Secret>, _> = terms.secrets.iter().map(|text| Secret::new(text)).collect();
        let verifier = hookproof_core::Verifier::new(scheme(&provider)?, &secrets?, tolerance)?;
        Ok(Handle::new(Self { provider, verifier }))
    }

    fn verify(
        &self,
        headers: Vec<Header>,
        body: Vec<u8>,
        now: UnixSecs,
    ) -> Result<Option<UnixSecs>, Refusal> {
        let verified = self.verifier.verify(&lines(&headers), &body, Timestamp::from_unix_secs(now))?;
        Ok(verified.signed_at.map(Timestamp::as_unix_secs))
    }

    fn receive(&self, headers: Vec<Header>, body: Vec<u8>, now: UnixSecs) -> Result<Event, Refusal> {
        let headers = lines(&headers);
        self.verifier.verify(&headers, &body, Timestamp::from_unix_secs(now))?;
        event(&self.provider, &headers, &body)
    }

    fn sign(&self, id: String, body: Vec<u8>, at: UnixSecs) -> Result<Vec<Header>, Failure> {
        let message = Message { id: &id, at: Timestamp::from_unix_secs(at), body: &body };
        Ok(self.verifier.sign(&message)?)
    }
}

impl From<&Found> for Cause {
    fn from(cause: &Found) -> Self {
        let place = if let Found::OtherSecret { place } = cause { u32::try_from(*place).ok() } else { None };
        Self { code: cause.code().to_owned(), message: cause.to_string(), place }
    }
}
