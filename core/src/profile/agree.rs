//! What the fields of a profile must say together: nothing stands where something else does.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use super::{
    ProfileError, ProfileFault,
    read::{Headers, ID_HEADER_PATH, Shape},
    table::Placed,
};
use crate::{At, Event, EventError, Header, KeyRule, Provider, Text, locate};

/// Each header belongs to one field.
pub(super) fn headers(signature: &Headers<'_>, shape: &Shape<'_>) -> Result<(), ProfileError> {
    let mut all: Vec<(&'static str, &Placed<'_, Text>)> =
        signature.iter().map(|(field, header)| (*field, header)).collect();
    let in_event = [(EVENT_ID, &shape.id), (EVENT_TYPE, &shape.kind)];
    let in_event: Vec<(&'static str, Placed<'_, Text>)> = in_event
        .into_iter()
        .filter_map(|(field, at)| match at {
            Some(Placed { place, value: At::Header(name) }) => {
                Some((field, Placed { place: place.clone(), value: name.clone() }))
            }
            _ => None,
        })
        .collect();
    all.extend(in_event.iter().map(|(field, header)| (*field, header)));
    let mut before: Vec<(&'static str, &Placed<'_, Text>)> = Vec::new();
    for (field, header) in all {
        let same = before.iter().find(|(_, other)| other.value.eq_ignore_ascii_case(&header.value));
        match same {
            Some((ID_HEADER_PATH, _)) if field == EVENT_ID => {}
            Some((other, _)) => return Err(header.clone().refuse(ProfileFault::SameHeader(other))),
            None => before.push((field, header)),
        }
    }
    Ok(())
}

/// Each value has a place of its own, and none leads through another.
pub(super) fn pointers(shape: &Shape<'_>) -> Result<(), ProfileError> {
    let values = values(shape);
    for (number, (field, pointer)) in values.iter().enumerate() {
        for (other, before) in values.iter().take(number) {
            // An event without an envelope is known by its object's id.
            let may_be_one = (*other, *field) == (EVENT_ID, OBJECT_ID);
            if before.value == pointer.value && !may_be_one {
                return Err(pointer.clone().refuse(ProfileFault::SamePlace(other)));
            }
            if is_inside(&before.value, &pointer.value) {
                return Err(before.clone().refuse(ProfileFault::InsideText(field)));
            }
        }
        is_outside_of(pointer, values.iter().take(number))?;
    }
    let Some(object) = &shape.object else { return Ok(()) };
    if let Some((field, _)) = values.iter().find(|(_, pointer)| pointer.value == object.value) {
        return Err(object.clone().refuse(ProfileFault::SamePlace(field)));
    }
    is_outside_of(object, values.iter())
}

/// A pointer does not lead through a value that has no members.
pub(super) fn is_reachable(pointer: &Placed<'_, Text>, shape: &Shape<'_>) -> Result<(), ProfileError> {
    is_outside_of(pointer, values(shape).iter())
}

/// Something of the key differs from event to event: an id, or a value that is made fresh. Without a sample, every
/// value of the key that nothing else decides is.
pub(super) fn tells_apart(provider: &Provider) -> bool {
    let KeyRule::Derived(key) = &provider.key else { return true };
    let shape = &provider.shape;
    let covers = |outer: &Text, inner: &Text| outer == inner || is_inside(inner, outer);
    let in_body = |at: &'_ At| match at {
        At::Body(pointer) => Some(pointer.clone()),
        At::Header(_) | At::Nowhere => None,
    };
    let fresh: Vec<Text> = match &provider.sample {
        Some(sample) => sample.fresh.to_vec(),
        None => {
            let decided = [in_body(&shape.kind), in_body(&shape.created), Some(shape.object.clone())];
            let is_free = |pointer: &&Text| !decided.iter().flatten().any(|decided| covers(pointer, decided));
            key.iter().filter(is_free).cloned().collect()
        }
    };
    let fresh: Vec<Text> =
        fresh.into_iter().chain(in_body(&shape.id)).chain(shape.object_id.clone()).collect();
    key.iter().any(|pointer| fresh.iter().any(|fresh| covers(pointer, fresh)))
}

/// A sample is an event of the first type, with everything that is to be replaced in it.
pub(super) fn sample(provider: &Provider, body: &Placed<'_, String>) -> Result<(), ProfileError> {
    let shape = &provider.shape;
    let refuse = |fault| Err(body.clone().refuse(fault));
    let first = provider.event_types.first().cloned().unwrap_or_default();
    let headers: Vec<Header<'_>> = [(&shape.id, "evt_1"), (&shape.kind, &*first)]
        .into_iter()
        .filter_map(|(at, value)| match at {
            At::Header(name) => Some(Header { name, value: value.as_bytes() }),
            At::Body(_) | At::Nowhere => None,
        })
        .collect();
    let event = match Event::parse(shape, &headers, body.value.as_bytes()) {
        Ok(event) => event,
        Err(error) => return refuse(ProfileFault::NotAnEvent(error)),
    };
    if event.kind() != first {
        return refuse(ProfileFault::OtherType { found: event.kind().to_owned(), first: first.into_owned() });
    }
    if !event.object().starts_with(b"{") {
        return refuse(ProfileFault::NotAnObject(shape.object.clone().into_owned()));
    }
    if let (At::Body(pointer), None) = (&shape.created, event.created()) {
        let missing = EventError::MissingField(pointer.clone().into_owned());
        return refuse(ProfileFault::NotAnEvent(missing));
    }
    let id = match &shape.id {
        At::Body(pointer) => Some(pointer),
        At::Header(_) | At::Nowhere => None,
    };
    let stubborn =
        id.into_iter().chain(&shape.object_id).find(|pointer| !is_replaceable(&body.value, pointer));
    stubborn.map_or(Ok(()), |pointer| refuse(ProfileFault::NotReplaceable(pointer.clone().into_owned())))
}

/// A value of a sample that is to differ from event to event can be replaced, and nothing else replaces it.
pub(super) fn is_fresh(
    body: &Placed<'_, String>,
    pointer: &Placed<'_, Text>,
    shape: &Shape<'_>,
) -> Result<(), ProfileError> {
    let fixed = values(shape)
        .into_iter()
        .find(|(field, value)| matches!(*field, EVENT_TYPE | CREATED) && value.value == pointer.value);
    if let Some((field, _)) = fixed {
        return Err(pointer.clone().refuse(ProfileFault::SamePlace(field)));
    }
    if is_replaceable(&body.value, &pointer.value) {
        Ok(())
    } else {
        let shown = pointer.value.clone().into_owned();
        Err(pointer.clone().refuse(ProfileFault::NotReplaceable(shown)))
    }
}

/// The values of an event that have no members, each with its field.
fn values<'s>(shape: &Shape<'s>) -> Vec<(&'static str, Placed<'s, Text>)> {
    let in_body = |at: &Option<Placed<'s, At>>| match at {
        Some(Placed { place, value: At::Body(pointer) }) => {
            Some(Placed { place: place.clone(), value: pointer.clone() })
        }
        _ => None,
    };
    let all = [
        (EVENT_ID, in_body(&shape.id)),
        (EVENT_TYPE, in_body(&shape.kind)),
        (CREATED, shape.created.clone()),
        (OBJECT_ID, shape.object_id.clone()),
    ];
    all.into_iter().filter_map(|(field, pointer)| Some((field, pointer?))).collect()
}

fn is_outside_of<'a, 's: 'a>(
    pointer: &Placed<'_, Text>,
    mut values: impl Iterator<Item = &'a (&'static str, Placed<'s, Text>)>,
) -> Result<(), ProfileError> {
    match values.find(|(_, value)| is_inside(&pointer.value, &value.value)) {
        Some((field, _)) => Err(pointer.clone().refuse(ProfileFault::InsideText(field))),
        None => Ok(()),
    }
}

/// Whether `inner` stands below `outer`, and not at it.
fn is_inside(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}

/// A text without escapes, or a whole number: what another id of the same look can stand for.
fn is_replaceable(body: &str, pointer: &str) -> bool {
    let value = locate(body.as_bytes(), pointer).and_then(|range| body.get(range));
    value.is_some_and(|value| {
        let text = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        text.map_or_else(|| value.bytes().all(|byte| byte.is_ascii_digit()), |text| !text.contains('\\'))
    })
}

const EVENT_ID: &str = "event.id";
const EVENT_TYPE: &str = "event.type";
const CREATED: &str = "event.created";
const OBJECT_ID: &str = "event.object-id";
