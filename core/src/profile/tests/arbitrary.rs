//! Any provider that a profile can hold.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;

use proptest::{collection::vec, option, prelude::*, sample::select, string::string_regex};

use crate::{
    Acknowledgement, At, Encoding, EventSample, EventShape, KeyRule, Provider, Retries, RetrySchedule,
    Scheme, Text, TimeFormat,
};

/// Names are distinct by what they begin with: two values never share a place, and no header two fields.
pub(super) fn profile() -> impl Strategy<Value = Provider> {
    let names = ("[a-z]{1,5}-[a-z0-9-]{0,20}", "\\PC{0,10}[!-~]");
    let rules = (acknowledgement(), option::of(millis(1..=3_600_000)), retries());
    let types = prop::collection::btree_set("[!#-\\[\\]-~é]{1,20}", 1..4);
    (names, rules, option::of(scheme()), shape(), types, option::of(any::<bool>())).prop_map(
        |((name, title), (acknowledgement, time_limit, retries), signature, shape, types, sample)| {
            let has_types = shape.kind != At::Nowhere;
            let event_types: Vec<Text> = types.into_iter().filter(|_| has_types).map(Text::from).collect();
            let derived = || {
                let id = shape.object_id.clone()?;
                Some(KeyRule::Derived([id, "/state~0/~1".into()].to_vec().into()))
            };
            let key = if shape.id == At::Nowhere { derived() } else { None };
            let plain = shape.object.is_empty()
                && shape.created == At::Nowhere
                && shape.object_id.is_none()
                && match &shape.id {
                    At::Body(pointer) => pointer == "/id",
                    At::Header(_) => true,
                    At::Nowhere => false,
                };
            let sample = sample.filter(|_| plain && event_types.is_empty()).map(own_sample);
            Provider {
                name: name.into(),
                title: title.trim().to_string().into(),
                clause_prefix: None,
                signature,
                acknowledgement,
                time_limit,
                retries,
                shape,
                key: key.unwrap_or(KeyRule::EventId),
                event_types: event_types.into(),
                sample,
            }
        },
    )
}

/// An event with its id at `/id` or in a header, in TOML's two spellings of a text.
fn own_sample(in_lines: bool) -> EventSample {
    let body = if in_lines {
        "{\n\t\"id\": \"e_1\",\n  \"no\": 7, \"n'\": \"\\u00e9\"\n}\n"
    } else {
        "{\"id\":\"e_1\",\"no\":7,\"n\":\"é'''\"}"
    };
    EventSample { body: body.into(), fresh: [Text::from("/no")].to_vec().into() }
}

fn shape() -> impl Strategy<Value = EventShape> {
    let created = option::of((place("c"), select([TimeFormat::UnixSecs, TimeFormat::Rfc3339].to_vec())));
    let id = prop_oneof![Just(At::Body("/id".into())), at("i"), Just(At::Nowhere)];
    (id, prop_oneof![at("t"), Just(At::Nowhere)], created, option::of(place("o")), option::of(place("n")))
        .prop_map(|(id, kind, created, object, object_id)| {
            let (created, created_format) = match created {
                Some((pointer, format)) => (At::Body(pointer.into()), format),
                None => (At::Nowhere, TimeFormat::UnixSecs),
            };
            // Without an id of its own an event is known by its object's.
            let object_id = object_id.or_else(|| (id == At::Nowhere).then(|| "/n".to_string()));
            EventShape {
                id,
                kind,
                created,
                created_format,
                object: object.unwrap_or_default().into(),
                object_id: object_id.map(Text::from),
            }
        })
}

fn at(first: &'static str) -> impl Strategy<Value = At> {
    let header = format!("y{first}[A-Za-z0-9!#$%&'*+.^_`|~-]{{0,12}}");
    prop_oneof![
        place(first).prop_map(|pointer| At::Body(pointer.into())),
        string_regex(&header).expect("it is a pattern").prop_map(|name| At::Header(name.into()))
    ]
}

/// A pointer whose first name begins with this letter and a digit.
fn place(first: &'static str) -> impl Strategy<Value = String> {
    let token = prop_oneof!["[0-9]{1,3}", "[a-zé \"'\\\\\n]{1,6}", Just("~0~1".to_string())];
    vec(token, 0..4).prop_map(move |tokens| {
        let tail: String = tokens.iter().map(|token| format!("/{token}")).collect();
        format!("/{first}1{tail}")
    })
}

fn scheme() -> impl Strategy<Value = Scheme> {
    let header = || "x[A-Za-z0-9-]{1,12}";
    let encoding = select([Encoding::Hex, Encoding::Base64].to_vec());
    prop_oneof![
        header().prop_map(|header| Scheme::Timestamped { header: header.into() }),
        header().prop_map(|name| Scheme::Standard {
            id: format!("{name}-id").into(),
            timestamp: format!("{name}-time").into(),
            signature: name.into(),
        }),
        (header(), "([!-~][ -~]{0,12})?", encoding).prop_map(|(header, prefix, encoding)| Scheme::Body {
            header: header.into(),
            prefix: prefix.into(),
            encoding,
        }),
    ]
}

fn acknowledgement() -> impl Strategy<Value = Acknowledgement> {
    prop_oneof![Just(Acknowledgement::AnySuccess), (200_u16..300).prop_map(Acknowledgement::Exactly)]
}

fn retries() -> impl Strategy<Value = Retries> {
    let delays = vec(millis(0..=u64::MAX / 8), 1..8);
    prop_oneof![
        Just(Retries::Never),
        Just(Retries::Unspecified),
        delays.prop_map(|delays| Retries::Schedule(RetrySchedule::new(delays))),
    ]
}

/// Spans of every unit.
fn millis(range: core::ops::RangeInclusive<u64>) -> impl Strategy<Value = Duration> {
    let last = *range.end();
    (range, select([1_u64, 1_000, 60_000, 3_600_000].to_vec())).prop_map(move |(millis, unit)| {
        Duration::from_millis((millis / unit).max(1).saturating_mul(unit).min(last))
    })
}
