//! A provider as JavaScript hands it over: a built-in one by its name, or the fields of a user's own.

use std::borrow::Cow;

use hookproof_core::{
    Acknowledgement, At, Encoding, EventShape, KeyRule, Provider, Retries, Scheme, Text, TimeFormat,
};

use crate::{failure::Failure, fields::Fields};

/// The provider that these texts describe: one name for a built-in one; otherwise name, construction, the headers of
/// the signature, the id and the timestamp, prefix, encoding, then where id, type and creation time stand, how that
/// time is written, the object, its id, and the pointers of the key. What a provider lacks is empty.
pub(crate) fn provider(mut texts: Fields<'_>) -> Result<Cow<'static, Provider>, Failure> {
    let name = texts.text();
    if texts.is_empty() {
        let unknown = "there is no built-in provider of this name; give its profile instead, as an object";
        return Provider::built_in(name).map(Cow::Borrowed).ok_or(refused(unknown));
    }
    let fixed: [&str; 12] = core::array::from_fn(|_| texts.text());
    let [
        construction,
        header,
        id_header,
        timestamp,
        prefix,
        encoding,
        id,
        kind,
        created,
        format,
        object,
        object_id,
    ] = fixed;
    let signature = scheme([construction, header, id_header, timestamp, prefix, encoding])?;
    let created_format = match format {
        "rfc3339" => TimeFormat::Rfc3339,
        "" | "unix-seconds" => TimeFormat::UnixSecs,
        _ => return Err(refused("createdFormat is not \"unix-seconds\" or \"rfc3339\"")),
    };
    let shape = EventShape {
        id: at(id),
        kind: at(kind),
        created: at(created),
        created_format,
        object: owned(object),
        object_id: Some(owned(object_id)).filter(|pointer| !pointer.is_empty()),
    };
    let mut pointers = Vec::new();
    while !texts.is_empty() {
        pointers.push(owned(texts.text()));
    }
    let key = if pointers.is_empty() { KeyRule::EventId } else { KeyRule::Derived(pointers.into()) };
    Ok(Cow::Owned(Provider {
        name: owned(name),
        title: owned(name),
        clause_prefix: None,
        signature,
        acknowledgement: Acknowledgement::AnySuccess,
        time_limit: None,
        retries: Retries::Unspecified,
        shape,
        key,
        event_types: Cow::Borrowed(&[]),
        sample: None,
    }))
}

fn scheme(
    [construction, header, id, timestamp, prefix, encoding]: [&str; 6],
) -> Result<Option<Scheme>, Failure> {
    let needs = |header: &str| match header {
        "" => Err(refused("the signature lacks a header of its construction")),
        header => Ok(owned(header)),
    };
    match construction {
        "" => Ok(None),
        "timestamped" => Ok(Some(Scheme::Timestamped { header: needs(header)? })),
        "standard" => Ok(Some(Scheme::Standard {
            id: needs(id)?,
            timestamp: needs(timestamp)?,
            signature: needs(header)?,
        })),
        "body" => {
            let encoding = match encoding {
                "hex" => Encoding::Hex,
                "base64" => Encoding::Base64,
                _ => return Err(refused("signature.encoding is not \"hex\" or \"base64\"")),
            };
            Ok(Some(Scheme::Body { header: needs(header)?, prefix: owned(prefix), encoding }))
        }
        _ => Err(refused("signature.construction is not \"timestamped\", \"standard\" or \"body\"")),
    }
}

/// A pointer begins with a slash; a header's name cannot.
fn at(place: &str) -> At {
    match place {
        "" => At::Nowhere,
        pointer if pointer.starts_with('/') => At::Body(owned(pointer)),
        header => At::Header(owned(header)),
    }
}

fn owned(text: &str) -> Text {
    Cow::Owned(text.to_owned())
}

const fn refused(message: &'static str) -> Failure {
    Failure::Call("bad_profile", message)
}
