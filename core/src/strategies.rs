//! Strategies for property tests of an endpoint of your own (feature `proptest`).
//!
//! The events are rightly shaped and can be rightly signed; what differs from real ones is everything that a
//! provider may change without telling: order and number of members, white space, escapes, values.
//!
//! ```
//! use std::collections::BTreeSet;
//! use hookproof_core::{Event, Provider, idempotency_key, strategies};
//! use proptest::prelude::*;
//!
//! /// The merchant under test: books each event once.
//! #[derive(Default)]
//! struct Shop(BTreeSet<String>, usize);
//!
//! impl Shop {
//!     fn receive(&mut self, provider: &Provider, body: &[u8]) {
//!         let event = Event::parse(&provider.shape, &[], body).expect("an event");
//!         if self.0.insert(idempotency_key(provider, "shop", &event)) {
//!             self.1 += 1;
//!         }
//!     }
//! }
//!
//! let turratech = Provider::built_in("turratech").expect("built in");
//! proptest!(|(history in strategies::history(turratech, 4, 12))| {
//!     let mut shop = Shop::default();
//!     for delivery in history.deliveries() {
//!         shop.receive(turratech, &delivery.body);
//!     }
//!     prop_assert_eq!(shop.1, history.distinct());
//! });
//! ```

extern crate std;

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};

use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::{At, Provider, TimeFormat, Timestamp};

/// An event as it would be sent, but for its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleEvent {
    /// Its id, or its object's where the provider's events have none.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// The header lines that carry what the body does not: id and type of some providers.
    pub headers: Vec<(String, String)>,
    /// The exact body.
    pub body: Vec<u8>,
}

/// Several events, each delivered once or more, in some order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    events: Vec<SampleEvent>,
    order: Vec<usize>,
}

impl History {
    /// The deliveries, first to last; a copy has the same bytes as the first.
    pub fn deliveries(&self) -> impl Iterator<Item = &SampleEvent> {
        self.order.iter().filter_map(|place| self.events.get(*place))
    }

    /// How many different events are delivered: how many effects a sound endpoint has.
    pub fn distinct(&self) -> usize {
        self.order.iter().collect::<BTreeSet<_>>().len()
    }
}

/// Up to `events` different events in up to `deliveries` deliveries: copies, and any order.
pub fn history(
    provider: &'static Provider,
    events: usize,
    deliveries: usize,
) -> impl Strategy<Value = History> {
    vec(event(provider), 1..=events.max(1)).prop_flat_map(move |mut events| {
        // Two events of one id would be one event.
        let mut ids = BTreeSet::new();
        events.retain(|event| ids.insert(event.id.clone()));
        let places = 0..events.len();
        vec(places, 1..=deliveries.max(1)).prop_map(move |order| History { events: events.clone(), order })
    })
}

/// A rightly shaped event of one of the provider's types.
pub fn event(provider: &'static Provider) -> impl Strategy<Value = SampleEvent> {
    let kinds: Vec<String> = provider.event_types.iter().map(ToString::to_string).collect();
    let created = (0_u64..4_000_000_000).prop_map(Timestamp::from_unix_secs);
    let extra = vec(("x_[a-z]{1,8}", json()), 0..4);
    (select(kinds), "[A-Za-z0-9]{8,24}", created, extra, "[ \n\t]{0,3}").prop_map(
        move |(kind, unique, created, extra, space)| {
            let id = format!("evt_{unique}");
            let mut members: Vec<(String, String)> = Vec::new();
            let mut headers = Vec::new();
            let shape = &provider.shape;
            for (at, value) in [(&shape.id, &id), (&shape.kind, &kind)] {
                match at {
                    At::Body(pointer) => members.push((pointer.to_string(), quoted(value))),
                    At::Header(name) => headers.push((name.to_string(), value.clone())),
                    At::Nowhere => {}
                }
            }
            if let At::Body(pointer) = &shape.created {
                let time = match shape.created_format {
                    TimeFormat::UnixSecs => created.as_unix_secs().to_string(),
                    TimeFormat::Rfc3339 => quoted(&created.rfc3339()),
                };
                members.push((pointer.to_string(), time));
            }
            if let Some(pointer) = &shape.object_id {
                members.push((pointer.to_string(), quoted(&unique)));
            } else if !shape.object.is_empty() {
                members.push((format!("{}/x", shape.object), "null".into()));
            }
            members.extend(extra.into_iter().map(|(name, value)| (format!("/{name}"), value)));
            let body = object(&members, &space);
            let id = if matches!(shape.id, At::Nowhere) { unique } else { id };
            SampleEvent { id, kind, headers, body: body.into_bytes() }
        },
    )
}

/// A JSON text: any value, any white space between tokens, escapes where none are needed.
pub fn json() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        Just("-0".to_string()),
        Just("9007199254740993".to_string()),
        "[1-9]\\.[0-9]{1,3}[eE][+-]?[0-9]{1,2}",
    ];
    let text = option::of(any::<char>()).prop_flat_map(|escaped| {
        any::<String>().prop_map(move |text| {
            let escape = escaped.map(|letter| {
                letter
                    .encode_utf16(&mut [0; 2])
                    .iter()
                    .map(|unit| format!("\\u{unit:04x}"))
                    .collect::<String>()
            });
            let plain = quoted(&text);
            let inner = plain.strip_suffix('"').unwrap_or(&plain);
            format!("{inner}{}\"", escape.unwrap_or_default())
        })
    });
    let leaf = prop_oneof![select(vec_of(["null", "true", "false"])), number, text];
    leaf.prop_recursive(4, 32, 4, |value| {
        let space = "[ \r\n\t]{0,2}";
        let array = (vec(value.clone(), 0..4), space).prop_map(|(items, space)| {
            format!("[{space}{}{space}]", items.join(&format!("{space},{space}")))
        });
        let members = (vec(("[a-z]{1,6}", value), 0..4), space).prop_map(|(members, space)| {
            let members: Vec<String> = members
                .into_iter()
                .map(|(name, value)| format!("\"{name}\"{space}:{space}{value}"))
                .collect();
            format!("{{{space}{}{space}}}", members.join(","))
        });
        prop_oneof![array, members]
    })
}

/// Values of a signature's header that no endpoint may believe: near misses and noise.
pub fn hostile_header() -> impl Strategy<Value = Vec<u8>> {
    let near = "(t=-?[0-9]{0,20}[a-z]?,?){0,3}(v[01]=[0-9a-fA-F]{0,70},?){0,4}";
    let standard = "(v1[,=][A-Za-z0-9+/=]{0,50} ?){0,4}";
    prop_oneof![near.prop_map(String::into_bytes), standard.prop_map(String::into_bytes), any::<Vec<u8>>()]
}

/// An object with a value at each of these pointers, which are at most a few levels deep.
fn object(members: &[(String, String)], space: &str) -> String {
    let mut text = format!("{{{space}");
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for (pointer, value) in members {
        let path = pointer.trim_start_matches('/');
        let (name, inner) = path.split_once('/').map_or((path, None), |(name, _)| (name, Some(name)));
        if !done.insert(name) {
            continue;
        }
        let value = match inner {
            None => value.clone(),
            Some(parent) => {
                let prefix = format!("/{parent}/");
                let children: Vec<(String, String)> = members
                    .iter()
                    .filter_map(|(pointer, value)| {
                        Some((format!("/{}", pointer.strip_prefix(&prefix)?), value.clone()))
                    })
                    .collect();
                object(&children, space)
            }
        };
        let comma = if done.len() > 1 { "," } else { "" };
        text.push_str(&format!("{comma}{space}\"{name}\":{space}{value}"));
    }
    text.push_str(space);
    text.push('}');
    text
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

fn vec_of<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(ToString::to_string).into()
}

#[cfg(test)]
mod tests {
    use alloc::boxed::Box;

    use proptest::{strategy::ValueTree, test_runner::TestRunner};

    use super::*;
    use crate::{Event, Header, Secret, Tolerance, Verifier, scan};

    proptest! {
        #[test]
        fn every_text_is_json(text in json()) {
            prop_assert_eq!(scan(text.as_bytes()), Ok(()), "{}", text);
        }

        #[test]
        fn every_event_is_one_of_its_provider(
            (provider, event) in select(Provider::BUILT_IN.to_vec())
                .prop_flat_map(|provider| (Just(provider), event(provider)))
        ) {
            let headers: Vec<Header<'_>> = event
                .headers
                .iter()
                .map(|(name, value)| Header { name, value: value.as_bytes() })
                .collect();
            let parsed = Event::parse(&provider.shape, &headers, &event.body);
            let parsed = parsed.map_err(|error| TestCaseError::fail(format!("{error}: {event:?}")))?;
            prop_assert_eq!(parsed.kind(), &event.kind);
            prop_assert_eq!(parsed.id().is_some(), !matches!(provider.shape.id, At::Nowhere));
        }

        #[test]
        fn a_history_delivers_each_of_its_events_whole(
            (provider, history) in select(Provider::BUILT_IN.to_vec())
                .prop_flat_map(|provider| (Just(provider), history(provider, 4, 12)))
        ) {
            let deliveries: Vec<&SampleEvent> = history.deliveries().collect();
            prop_assert!((1..=12).contains(&deliveries.len()));
            let ids: BTreeSet<&str> = deliveries.iter().map(|event| event.id.as_str()).collect();
            prop_assert_eq!(ids.len(), history.distinct());
            for event in &deliveries {
                let copies = deliveries.iter().filter(|other| other.id == event.id);
                prop_assert!(copies.into_iter().all(|copy| copy == event), "a copy has other bytes");
                prop_assert!(provider.event_types.iter().any(|kind| *kind == event.kind));
            }
        }

        #[test]
        fn no_hostile_header_is_believed(
            provider in select(Provider::BUILT_IN.to_vec()),
            value in hostile_header(),
            now in any::<u64>(),
        ) {
            let Some(scheme) = &provider.signature else { return Ok(()) };
            let secret = Secret::new("c2VjcmV0").expect("sound");
            let verifier = Verifier::new(scheme, &[secret], Tolerance::DEFAULT).expect("fits");
            let names = scheme.header_names();
            let headers: Vec<Header<'_>> =
                names.into_iter().map(|name| Header { name, value: &value }).collect();
            let judged = verifier.verify(&headers, b"{}", Timestamp::from_unix_millis(now));
            prop_assert!(judged.is_err());
        }
    }

    /// What a history is for: duplicates, and more than one event.
    #[test]
    fn histories_have_duplicates_and_several_events() {
        let turratech = Provider::built_in("turratech").expect("built in");
        let mut runner = TestRunner::deterministic();
        let mut found = [false; 3];
        for _ in 0..100 {
            let history = history(turratech, 4, 12).new_tree(&mut runner).expect("not filtered").current();
            let deliveries = history.deliveries().count();
            found[0] |= history.distinct() == 1 && deliveries > 1;
            found[1] |= history.distinct() > 2 && deliveries > history.distinct();
            let ids: Vec<&str> = history.deliveries().map(|event| event.id.as_str()).collect();
            // A copy behind another event's delivery.
            found[2] |= ids.windows(3).any(|ids| ids[0] == ids[2] && ids[0] != ids[1]);
        }
        assert_eq!(found, [true; 3]);
    }

    proptest! {
        #[test]
        fn an_object_is_there_also_where_a_profile_names_no_id_in_it(
            event in event({
                let mut provider = Provider::built_in("turratech").expect("built in").clone();
                provider.shape.object_id = None;
                Box::leak(Box::new(provider))
            }),
        ) {
            let turratech = Provider::built_in("turratech").expect("built in");
            let parsed = Event::parse(&turratech.shape, &[], &event.body).map(|event| scan(event.object()));
            prop_assert_eq!(parsed, Ok(Ok(())));
        }
    }
}
