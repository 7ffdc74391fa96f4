//! From a file to a provider: first each field alone, then what the fields say together.

use alloc::{borrow::Cow, string::String, vec, vec::Vec};

use toml::de::DeValue;

use super::{
    ProfileError, ProfileFault, agree,
    field::{
        ACKNOWLEDGEMENT, BODY, CONSTRUCTION, CREATED, CREATED_FORMAT, ENCODING, EVENT, EVENT_TYPES, FRESH,
        HEADER, ID, ID_HEADER, IN_BODY, IN_EVENT, IN_SAMPLE, IN_SIGNATURE, IN_STANDARD, IN_TIMESTAMPED, KEY,
        NAME, OBJECT, OBJECT_ID, PREFIX, RETRIES, ROOT, SAMPLE, SIGNATURE, TIME_LIMIT, TIMESTAMP_HEADER,
        TITLE, TYPE,
    },
    table::{Placed, Raw, Table},
    word,
};
use crate::{
    Acknowledgement, At, Encoding, EventSample, EventShape, KeyRule, Provider, Retries, RetrySchedule,
    Scheme, Text, TimeFormat,
};

/// Where an event's fields stand, and where the profile says so.
#[derive(Debug, Default)]
pub(super) struct Shape<'s> {
    pub(super) id: Option<Placed<'s, At>>,
    pub(super) kind: Option<Placed<'s, At>>,
    pub(super) created: Option<Placed<'s, Text>>,
    pub(super) object: Option<Placed<'s, Text>>,
    pub(super) object_id: Option<Placed<'s, Text>>,
}

impl Shape<'_> {
    fn to_event_shape(&self, created_format: TimeFormat) -> EventShape {
        let at = |at: &Option<Placed<'_, At>>| at.as_ref().map_or(At::Nowhere, |at| at.value.clone());
        let text = |pointer: &Option<Placed<'_, Text>>| pointer.as_ref().map(|pointer| pointer.value.clone());
        EventShape {
            id: at(&self.id),
            kind: at(&self.kind),
            created: text(&self.created).map_or(At::Nowhere, At::Body),
            created_format,
            object: text(&self.object).unwrap_or_default(),
            object_id: text(&self.object_id),
        }
    }
}

/// The headers of a signature, each with the field that names it.
pub(super) type Headers<'s> = Vec<(&'static str, Placed<'s, Text>)>;

/// The provider of a profile. Faults of the whole file come first, then those of its fields in this order.
pub(super) fn provider(source: &str) -> Result<Provider, ProfileError> {
    let mut root = Table::parse(source, ROOT)?;
    let name = root.need(&NAME)?.name()?;
    let title = root.take(&TITLE).map(Raw::title).transpose()?;
    let acknowledgement = root.take(&ACKNOWLEDGEMENT).map(Raw::acknowledgement).transpose()?;
    let time_limit = root.take(&TIME_LIMIT).map(Raw::time_limit).transpose()?;
    let retries = root.take(&RETRIES).map(retries).transpose()?;
    let (shape, created_format) = shape(root.need(&EVENT)?.table(IN_EVENT)?)?;
    let event_types = event_types(&mut root, &shape)?;
    let (signature, headers) = match root.take(&SIGNATURE) {
        Some(table) => {
            let (scheme, headers) = signature(table.table(IN_SIGNATURE)?)?;
            (Some(scheme), headers)
        }
        None => (None, Headers::new()),
    };
    agree::headers(&headers, &shape)?;
    agree::pointers(&shape)?;
    let sample = root.take(&SAMPLE);
    let key_place = root.place_of(&KEY);
    let key = key(&mut root, &shape)?;

    let mut provider = Provider {
        title: title.map_or_else(|| name.value.clone(), |title| title.value).into(),
        name: name.value.clone().into(),
        clause_prefix: None,
        signature,
        acknowledgement: acknowledgement.unwrap_or(Acknowledgement::AnySuccess),
        time_limit,
        retries: retries.unwrap_or(Retries::Unspecified),
        shape: shape.to_event_shape(created_format),
        key,
        event_types: Cow::Owned(event_types),
        sample: None,
    };
    if let Some(sample) = sample {
        provider.sample = Some(event_sample(sample.table(IN_SAMPLE)?, &provider, &shape)?);
    }
    if let (Some(place), false) = (key_place, agree::tells_apart(&provider)) {
        return Err(place.refuse(ProfileFault::TellsNothingApart));
    }
    if let Some(built_in) = Provider::built_in(&provider.name) {
        // A profile has no say in the numbers of clauses.
        provider.clause_prefix.clone_from(&built_in.clause_prefix);
        if provider != *built_in {
            return Err(name.refuse(ProfileFault::NameTaken(provider.name.into_owned())));
        }
    }
    Ok(provider)
}

fn retries(value: Raw<'_>) -> Result<Retries, ProfileError> {
    match &value.value {
        DeValue::String(text) => match &**text {
            word::NEVER => Ok(Retries::Never),
            word::UNSPECIFIED => Ok(Retries::Unspecified),
            other => {
                let found = other.into();
                let choices =
                    vec![word::NEVER, word::UNSPECIFIED, "a list of delays such as [\"5m\", \"30m\"]"];
                Err(value.refuse(ProfileFault::UnknownChoice { found, choices }))
            }
        },
        _ => value.delays().map(RetrySchedule::new).map(Retries::Schedule),
    }
}

fn shape(mut table: Table<'_>) -> Result<(Shape<'_>, TimeFormat), ProfileError> {
    let created_format = table.take(&CREATED_FORMAT);
    let shape = Shape {
        id: table.take(&ID).map(Raw::at).transpose()?,
        kind: table.take(&TYPE).map(Raw::at).transpose()?,
        created: table.take(&CREATED).map(Raw::pointer).transpose()?,
        object: table.take(&OBJECT).map(Raw::object_pointer).transpose()?,
        object_id: table.take(&OBJECT_ID).map(Raw::pointer).transpose()?,
    };
    let Some(format) = created_format else { return Ok((shape, TimeFormat::UnixSecs)) };
    if shape.created.is_none() {
        let because = "there is no time that could be written so";
        return Err(format.refuse(ProfileFault::Without { other: "event.created", because }));
    }
    Ok((shape, format.word(&[TimeFormat::UnixSecs, TimeFormat::Rfc3339], word::time_format)?.value))
}

fn event_types(root: &mut Table<'_>, shape: &Shape<'_>) -> Result<Vec<Text>, ProfileError> {
    match (&shape.kind, root.take(&EVENT_TYPES)) {
        (Some(_), Some(types)) => types.event_types(),
        (Some(_), None) => Err(root.lacks(&EVENT_TYPES)),
        (None, None) => Ok(Vec::new()),
        (None, Some(types)) => {
            let because = "nothing in an event would say of which type it is";
            Err(types.refuse(ProfileFault::Without { other: "event.type", because }))
        }
    }
}

fn signature(mut table: Table<'_>) -> Result<(Scheme, Headers<'_>), ProfileError> {
    let constructions = [word::TIMESTAMPED, word::STANDARD, word::BODY];
    let construction = table.need(&CONSTRUCTION)?.word(&constructions, |word| word)?.value;
    let header = table.need(&HEADER)?.header()?;
    let name = header.value.clone();
    let mut headers = vec![("signature.header", header)];
    let scheme = match construction {
        word::STANDARD => {
            let id = table.need(&ID_HEADER)?.header()?;
            let timestamp = table.need(&TIMESTAMP_HEADER)?.header()?;
            table.finish(IN_STANDARD)?;
            let scheme = Scheme::Standard {
                id: id.value.clone(),
                timestamp: timestamp.value.clone(),
                signature: name,
            };
            headers.extend([(ID_HEADER_PATH, id), ("signature.timestamp-header", timestamp)]);
            scheme
        }
        word::BODY => {
            let prefix = table.take(&PREFIX).map(Raw::prefix).transpose()?;
            let encoding = table.need(&ENCODING)?.word(&[Encoding::Hex, Encoding::Base64], word::encoding)?;
            table.finish(IN_BODY)?;
            let prefix = prefix.map_or_else(String::new, |prefix| prefix.value).into();
            Scheme::Body { header: name, prefix, encoding: encoding.value }
        }
        _ => {
            table.finish(IN_TIMESTAMPED)?;
            Scheme::Timestamped { header: name }
        }
    };
    Ok((scheme, headers))
}

fn key(root: &mut Table<'_>, shape: &Shape<'_>) -> Result<KeyRule, ProfileError> {
    let Some(key) = root.take(&KEY) else {
        return match shape.id {
            Some(_) => Ok(KeyRule::EventId),
            None => {
                let example = "event.id, or key = [\"/data/id\"] where events have no id";
                Err(ProfileError { fault: ProfileFault::MissingField(example.into()), ..root.lacks(&KEY) })
            }
        };
    };
    if let DeValue::Array(_) = key.value {
        if shape.object_id.is_none() {
            let because = "an event whose object has no id is known by its whole body alone";
            return Err(key.refuse(ProfileFault::Without { other: "event.object-id", because }));
        }
        let pointers = key.pointers("name the value that no two events share")?;
        for pointer in &pointers {
            agree::is_reachable(pointer, shape)?;
        }
        return Ok(KeyRule::Derived(pointers.into_iter().map(|pointer| pointer.value).collect()));
    }
    let place = key.place.clone();
    key.word(&[word::EVENT_ID], |word| word)?;
    if shape.id.is_none() {
        let because = "its events have no id; list the pointers that tell them apart";
        return Err(place.refuse(ProfileFault::Without { other: "event.id", because }));
    }
    Ok(KeyRule::EventId)
}

fn event_sample(
    mut table: Table<'_>,
    provider: &Provider,
    shape: &Shape<'_>,
) -> Result<EventSample, ProfileError> {
    let body = table.need(&BODY)?.text()?;
    let fresh = table.take(&FRESH).map(|list| list.pointers("leave it out")).transpose()?.unwrap_or_default();
    agree::sample(provider, &body)?;
    for pointer in &fresh {
        agree::is_reachable(pointer, shape)?;
        agree::is_fresh(&body, pointer, shape)?;
    }
    Ok(EventSample {
        body: body.value.into(),
        fresh: fresh.into_iter().map(|pointer| pointer.value).collect(),
    })
}

/// The one header that two fields may share: the id of a Standard Webhooks message is the event's.
pub(super) const ID_HEADER_PATH: &str = "signature.id-header";
