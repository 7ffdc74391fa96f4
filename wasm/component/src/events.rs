//! The interface `events`.

use core::ops;

use hookproof_core::{Event as Parsed, Header as Line, Provider, Timestamp, idempotency_key};

use crate::{
    Component,
    bindings::exports::hookproof::core::{
        events::Guest,
        types::{Event, Header, Provider as Given, Range, Refusal},
    },
    provider::{lines, provider},
};

impl Guest for Component {
    fn parse(given: Given, headers: Vec<Header>, body: Vec<u8>) -> Result<Event, Refusal> {
        event(&*provider(given)?, &lines(&headers), &body)
    }

    fn idempotency_key(
        given: Given,
        endpoint: String,
        headers: Vec<Header>,
        body: Vec<u8>,
    ) -> Result<String, Refusal> {
        let provider = provider(given)?;
        let event = Parsed::parse(&provider.shape, &lines(&headers), &body)?;
        Ok(idempotency_key(&provider, &endpoint, &event))
    }
}

/// Reads an event.
pub(crate) fn event(provider: &Provider, headers: &[Line<'_>], body: &[u8]) -> Result<Event, Refusal> {
    let event = Parsed::parse(&provider.shape, headers, body)?;
    // The object borrows from the body, so its address is its place in it.
    let start = event.object().as_ptr().addr().saturating_sub(body.as_ptr().addr());
    Ok(Event {
        id: event.id().map(str::to_owned),
        kind: event.kind().to_owned(),
        created: event.created().map(Timestamp::as_unix_secs),
        object: range(start..start.saturating_add(event.object().len())),
        wide_integers: event.wide_integers().iter().cloned().map(range).collect(),
    })
}

/// A component's memory has fewer than 2^32 bytes.
fn range(range: ops::Range<usize>) -> Range {
    let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Range { start: place(range.start), end: place(range.end) }
}
