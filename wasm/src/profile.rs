//! A provider as JavaScript hands it over: by the texts of its fields, which it has checked.

use hookproof_core::{
    Acknowledgement, At, Encoding, EventShape, KeyRule, Provider, Retries, Scheme, Text, TimeFormat,
};

use crate::fields::Fields;

/// The provider that these texts describe: its kinds, its name, the headers of the signature, the id and the timestamp, the
/// prefix, where id, type, creation time, the object and its id stand, and the pointers of the key. What a provider lacks is
/// empty.
///
/// The kinds are one character, whose lowest three bits are the construction: 0 for none, 1 for `timestamped`, 2 for
/// `standard`, 3 for `body` in hexadecimal and 4 for `body` in base64. The next bit is set where times are RFC 3339's.
pub(crate) fn provider(mut texts: Fields<'_>) -> Provider {
    let kinds = texts.next().and_then(<[u8]>::first).copied().unwrap_or_default();
    let [name, header, id_header, timestamp, prefix, id, kind, created, object, object_id]: [Text; 10] =
        core::array::from_fn(|_| text(&mut texts));
    let mut pointers = Vec::new();
    while !texts.is_empty() {
        pointers.push(text(&mut texts));
    }
    Provider {
        name,
        title: Text::Borrowed(""),
        clause_prefix: None,
        signature: match kinds & 7 {
            0 => None,
            1 => Some(Scheme::Timestamped { header }),
            2 => Some(Scheme::Standard { id: id_header, timestamp, signature: header }),
            3 => Some(Scheme::Body { header, prefix, encoding: Encoding::Hex }),
            _ => Some(Scheme::Body { header, prefix, encoding: Encoding::Base64 }),
        },
        acknowledgement: Acknowledgement::AnySuccess,
        time_limit: None,
        retries: Retries::Unspecified,
        shape: EventShape {
            id: at(id),
            kind: at(kind),
            created: at(created),
            created_format: if kinds & 8 == 0 { TimeFormat::UnixSecs } else { TimeFormat::Rfc3339 },
            object,
            object_id: Some(object_id).filter(|pointer| !pointer.is_empty()),
        },
        key: if pointers.is_empty() { KeyRule::EventId } else { KeyRule::Derived(pointers.into()) },
        event_types: (&[]).into(),
        sample: None,
    }
}

/// A pointer begins with a slash; a header's name cannot.
fn at(place: Text) -> At {
    if place.is_empty() {
        At::Nowhere
    } else if place.starts_with('/') {
        At::Body(place)
    } else {
        At::Header(place)
    }
}

fn text(texts: &mut Fields<'_>) -> Text {
    Text::Owned(texts.text().to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::fields::push;

    #[test]
    fn the_package_describes_every_built_in_provider_as_the_core_does() {
        let described = include_str!("../npm/src/built-in.json");
        let described: BTreeMap<&str, Vec<&str>> = serde_json::from_str(described).unwrap();
        assert_eq!(described.len(), Provider::BUILT_IN.len());
        for built_in in Provider::BUILT_IN {
            let mut texts = Vec::new();
            let description = described.get(&*built_in.name).unwrap();
            description.iter().for_each(|text| push(&mut texts, text.as_bytes()));
            let read = provider(Fields(&texts));
            assert_eq!(
                (read.name, read.signature, read.shape, read.key),
                (
                    built_in.name.clone(),
                    built_in.signature.clone(),
                    built_in.shape.clone(),
                    built_in.key.clone()
                )
            );
        }
    }
}
