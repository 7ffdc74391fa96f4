//! A provider as a host hands it over.

use std::borrow::Cow;

use hookproof_core::{
    Acknowledgement, At, Encoding, EventShape, Header, KeyRule, Provider, Retries, Scheme, TimeFormat,
};

use crate::{
    bindings::exports::hookproof::core::types::{self as wit, Failure},
    failure::failure,
};

/// The provider that is meant.
pub(crate) fn provider(given: wit::Provider) -> Result<Cow<'static, Provider>, Failure> {
    let profile = match given {
        wit::Provider::BuiltIn(name) => {
            let known = Provider::built_in(&name).map(Cow::Borrowed);
            return known.ok_or_else(|| failure("bad_profile", "there is no built-in provider of this name"));
        }
        wit::Provider::Described(profile) => profile,
    };
    let wit::Shape { id, kind, created, created_format, object, object_id } = profile.shape;
    Ok(Cow::Owned(Provider {
        title: profile.name.clone().into(),
        name: profile.name.into(),
        clause_prefix: None,
        signature: profile.signature.map(Scheme::from),
        acknowledgement: Acknowledgement::AnySuccess,
        time_limit: None,
        retries: Retries::Unspecified,
        shape: EventShape {
            id: id.into(),
            kind: kind.into(),
            created: created.into(),
            created_format: match created_format {
                wit::TimeFormat::UnixSecs => TimeFormat::UnixSecs,
                wit::TimeFormat::Rfc3339 => TimeFormat::Rfc3339,
            },
            object: object.into(),
            object_id: object_id.map(Cow::Owned),
        },
        key: match profile.key {
            None => KeyRule::EventId,
            Some(pointers) => KeyRule::Derived(pointers.into_iter().map(Cow::Owned).collect()),
        },
        event_types: Cow::Borrowed(&[]),
        sample: None,
    }))
}

/// The construction by which a provider signs.
pub(crate) fn scheme(provider: &Provider) -> Result<&Scheme, Failure> {
    let unsigned = "this provider does not sign its events: read them with parse, and look the object up before you act on it";
    provider.signature.as_ref().ok_or_else(|| failure("unsigned_provider", unsigned))
}

/// Header lines, as the core takes them.
pub(crate) fn lines(headers: &[wit::Header]) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect()
}

impl From<wit::Scheme> for Scheme {
    fn from(scheme: wit::Scheme) -> Self {
        match scheme {
            wit::Scheme::Timestamped(header) => Self::Timestamped { header: header.into() },
            wit::Scheme::Standard(wit::StandardHeaders { id, timestamp, signature }) => {
                Self::Standard { id: id.into(), timestamp: timestamp.into(), signature: signature.into() }
            }
            wit::Scheme::Body(wit::BodyMac { header, prefix, encoding }) => Self::Body {
                header: header.into(),
                prefix: prefix.into(),
                encoding: match encoding {
                    wit::Encoding::Hex => Encoding::Hex,
                    wit::Encoding::Base64 => Encoding::Base64,
                },
            },
        }
    }
}

impl From<wit::Place> for At {
    fn from(place: wit::Place) -> Self {
        match place {
            wit::Place::Nowhere => Self::Nowhere,
            wit::Place::Body(pointer) => Self::Body(pointer.into()),
            wit::Place::Header(name) => Self::Header(name.into()),
        }
    }
}
