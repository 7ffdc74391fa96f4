//! A provider as JavaScript hands it over: by the texts of its fields, which it has checked.

use hookproof_core::{
    Acknowledgement, At, Encoding, EventShape, KeyRule, Provider, Retries, Scheme, Text, TimeFormat,
};

use crate::fields::Fields;

/// The provider that these texts describe: its kinds, its name, the headers that its construction has (the signature's, the
/// id's, the timestamp's), where id, type, creation time, the object and its id stand, and the pointers of the key. What
/// else a provider lacks is empty.
///
/// The kinds are one character, and behind it stands the signature's prefix. Its lowest three bits are the construction: 0
/// for none, 1 for `timestamped`, 2 for `standard`, 3 for `body` in hexadecimal and 4 for `body` in base64. The next bit is
/// set where times are RFC 3339's.
pub(crate) fn provider(mut texts: Fields<'_>) -> Provider {
    let kinds = texts.text();
    let (kind, prefix) = (kinds.bytes().next().unwrap_or_default(), kinds.get(1..).unwrap_or_default());
    Provider {
        name: text(&mut texts),
        title: Text::Borrowed(""),
        clause_prefix: None,
        signature: match kind & 7 {
            0 => None,
            1 => Some(Scheme::Timestamped { header: text(&mut texts) }),
            2 => {
                let signature = text(&mut texts);
                Some(Scheme::Standard { signature, id: text(&mut texts), timestamp: text(&mut texts) })
            }
            body => Some(Scheme::Body {
                header: text(&mut texts),
                prefix: Text::Owned(prefix.to_owned()),
                encoding: if body == 3 { Encoding::Hex } else { Encoding::Base64 },
            }),
        },
        acknowledgement: Acknowledgement::AnySuccess,
        time_limit: None,
        retries: Retries::Unspecified,
        shape: EventShape {
            id: at(&mut texts),
            kind: at(&mut texts),
            created: at(&mut texts),
            created_format: if kind & 8 == 0 { TimeFormat::UnixSecs } else { TimeFormat::Rfc3339 },
            object: text(&mut texts),
            object_id: Some(text(&mut texts)).filter(|pointer| !pointer.is_empty()),
        },
        key: key(texts),
        event_types: (&[]).into(),
        sample: None,
    }
}

fn key(mut pointers: Fields<'_>) -> KeyRule {
    let mut read = Vec::new();
    while !pointers.is_empty() {
        read.push(text(&mut pointers));
    }
    if read.is_empty() { KeyRule::EventId } else { KeyRule::Derived(read.into()) }
}

/// A pointer begins with a slash; a header's name cannot.
fn at(texts: &mut Fields<'_>) -> At {
    let place = text(texts);
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
