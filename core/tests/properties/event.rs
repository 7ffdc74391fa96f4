//! Events and their keys.

use std::collections::BTreeSet;

use hookproof_core::{Event, Header, Provider, Timestamp, idempotency_key};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

use crate::json::{printed, texts, values};

fn turratech() -> &'static Provider {
    Provider::built_in("turratech").expect("built in")
}

/// Texts that an id or a type may be.
fn tokens() -> impl Strategy<Value = String> {
    texts().prop_filter("an id has 1 to 1,024 bytes", |text| matches!(text.len(), 1..=1_024))
}

fn key(provider: &Provider, endpoint: &str, body: &[u8]) -> String {
    idempotency_key(provider, endpoint, &Event::parse(&provider.shape, &[], body).expect("an event"))
}

proptest! {
    #[test]
    fn an_event_is_read_as_serde_json_reads_it(
        id in tokens(),
        kind in tokens(),
        created in 0..9_000_000_000_u64,
        object in values(),
        more in values(),
        pretty in any::<bool>(),
    ) {
        let body = printed(
            &json!({"id": id, "type": kind, "created": created, "data": {"object": object}, "more": more}),
            pretty,
        );
        let event = Event::parse(&turratech().shape, &[], &body).expect("an event");
        prop_assert_eq!(event.id(), Some(id.as_str()));
        prop_assert_eq!(event.kind(), kind);
        prop_assert_eq!(event.created().map(Timestamp::as_unix_secs), Some(created));
        prop_assert_eq!(serde_json::from_slice::<Value>(event.object()).ok(), Some(object));
        prop_assert_eq!(event.field("/more").and_then(|raw| serde_json::from_slice(raw).ok()), Some(more));
        prop_assert_eq!(event.body(), &*body);
    }

    #[test]
    fn no_body_and_no_header_panics(
        provider in select(Provider::BUILT_IN.to_vec()),
        value in values(),
        bytes in vec(any::<u8>(), 0..40),
        header in vec(any::<u8>(), 0..20),
    ) {
        let names = ["x-github-event", "x-github-delivery", "webhook-id"];
        let headers = names.map(|name| Header { name, value: &header });
        for body in [
            printed(&value, false),
            bytes,
            printed(&json!({"type": value, "data": {"object": value}}), false),
        ] {
            if let Ok(event) = Event::parse(&provider.shape, &headers, &body) {
                prop_assert!(event.kind().len() <= 1_024);
                prop_assert!(!idempotency_key(provider, "https://shop.example/", &event).is_empty());
            }
        }
    }

    #[test]
    fn a_field_that_stands_twice_in_the_envelope_is_refused(
        name in "[a-z]{1,4}",
        first in values(),
        second in values(),
    ) {
        let name = json!(name);
        let body =
            format!(r#"{{"id":"evt_1","type":"a","data":{{"object":{{}}}},{name}:{first},{name}:{second}}}"#);
        let error = Event::parse(&turratech().shape, &[], body.as_bytes()).expect_err("a repeated name");
        prop_assert_eq!(error.code(), "repeated_key");
    }

    #[test]
    fn two_ids_or_two_endpoints_never_share_a_key(
        ids in vec(tokens(), 2),
        endpoints in vec(any::<String>(), 2),
    ) {
        let body = |id: &str| printed(&json!({"id": id, "type": "a", "data": {"object": {}}}), false);
        let mut keys = BTreeSet::new();
        let mut events = BTreeSet::new();
        for id in &ids {
            for endpoint in &endpoints {
                keys.insert(key(turratech(), endpoint, &body(id)));
                events.insert((id, endpoint));
            }
        }
        prop_assert_eq!(keys.len(), events.len());
    }

    #[test]
    fn a_derived_key_tells_every_field_from_every_other(
        first in vec(fields(), 5),
        place in 0..5_usize,
        other in fields(),
        pretty in any::<bool>(),
    ) {
        let provider = Provider::built_in("turnstay").expect("built in");
        let body = |fields: &[Option<Value>], pretty| {
            let names = ["object", "status", "billing_amount", "processing_amount", "merchant_reference"];
            let mut object = serde_json::Map::from_iter([("id".to_owned(), json!("1"))]);
            object.extend(
                names
                    .into_iter()
                    .zip(fields)
                    .filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))),
            );
            printed(&json!({"type": "a", "data": {"object": object}}), pretty)
        };
        let mut second = first.clone();
        second[place] = other;
        // The fifth, the merchant's reference, does not tell the event.
        let same = first[..4] == second[..4];
        let keys = (
            key(provider, "https://shop.example/", &body(&first, pretty)),
            key(provider, "https://shop.example/", &body(&second, false)),
        );
        prop_assert_eq!(keys.0 == keys.1, same, "{:?}", keys);
    }

    #[test]
    fn a_key_is_short_and_of_plain_letters(id in tokens(), endpoint in any::<String>()) {
        let key = key(
            turratech(),
            &endpoint,
            &printed(&json!({"id": id, "type": "a", "data": {"object": {}}}), false),
        );
        prop_assert!(key.len() <= 1_300, "{}", key.len());
        prop_assert!(
            key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/%:".contains(&byte)),
            "{key}"
        );
        prop_assert_eq!(key.matches(':').count(), 2);
    }
}

/// A field that is absent, or looks like another.
fn fields() -> impl Strategy<Value = Option<Value>> {
    let values = [
        json!(null),
        json!("null"),
        json!(""),
        json!(1),
        json!("1"),
        json!("=1"),
        json!(":"),
        json!("1:2"),
        json!(true),
    ];
    prop::option::weighted(0.8, select(values.to_vec()))
}
