//! A provider as JavaScript hands it over: a built-in one by its name, or the fields of a user's own.

use std::borrow::Cow;

use hookproof_core::{
    Acknowledgement, At, Encoding, EventShape, KeyRule, Provider, Retries, Scheme, Text, TimeFormat,
};

use crate::failure::Failure;

/// The provider that these texts describe: one name for a built-in one; otherwise name, construction, the headers of
/// the signature, the id and the timestamp, prefix, encoding, then where id, type and creation time stand, how that
/// time is written, the object, its id, and the pointers of the key. What a provider lacks is empty.
pub(crate) fn provider<'a>(mut texts: impl Iterator<Item = &'a str>) -> Result<Provider, Failure> {
    let name = texts.next().unwrap_or_default();
    let mut texts = texts.peekable();
    if texts.peek().is_none() {
        return Provider::built_in(name).cloned().ok_or_else(|| {
            refused(format!("{name:?} is no built-in provider; give its profile instead, as an object"))
        });
    }
    let mut next = || texts.next().unwrap_or_default();
    let signature = scheme([next(), next(), next(), next(), next(), next()])?;
    let [id, kind, created] = [at(next()), at(next()), at(next())];
    let created_format = match next() {
        "rfc3339" => TimeFormat::Rfc3339,
        "" | "unix-seconds" => TimeFormat::UnixSecs,
        other => {
            return Err(refused(format!("createdFormat is {other:?}, not \"unix-seconds\" or \"rfc3339\"")));
        }
    };
    let shape = EventShape {
        id,
        kind,
        created,
        created_format,
        object: owned(next()),
        object_id: Some(owned(next())).filter(|pointer| !pointer.is_empty()),
    };
    let pointers: Vec<Text> = texts.map(owned).collect();
    let key = if pointers.is_empty() { KeyRule::EventId } else { KeyRule::Derived(pointers.into()) };
    Ok(Provider {
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
    })
}

fn scheme(
    [construction, header, id, timestamp, prefix, encoding]: [&str; 6],
) -> Result<Option<Scheme>, Failure> {
    let needs = |header: &str, field: &str| match header {
        "" => Err(refused(format!("signature.{field} is missing: the header of a {construction} signature"))),
        header => Ok(owned(header)),
    };
    match construction {
        "" => Ok(None),
        "timestamped" => Ok(Some(Scheme::Timestamped { header: needs(header, "header")? })),
        "standard" => Ok(Some(Scheme::Standard {
            id: needs(id, "idHeader")?,
            timestamp: needs(timestamp, "timestampHeader")?,
            signature: needs(header, "header")?,
        })),
        "body" => {
            let encoding = match encoding {
                "hex" => Encoding::Hex,
                "base64" => Encoding::Base64,
                other => {
                    return Err(refused(format!(
                        "signature.encoding is {other:?}, not \"hex\" or \"base64\""
                    )));
                }
            };
            Ok(Some(Scheme::Body { header: needs(header, "header")?, prefix: owned(prefix), encoding }))
        }
        other => Err(refused(format!(
            "signature.construction is {other:?}, not \"timestamped\", \"standard\" or \"body\""
        ))),
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

fn refused(message: String) -> Failure {
    Failure::Call("bad_profile", message)
}
