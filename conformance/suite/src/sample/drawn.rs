//! A sample for a provider of whom only a profile is known: a body in which every value stands where the shape says.

use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use hookproof_core::{At, KeyRule, Provider, Text, TimeFormat};
use serde_json::{Value, json};

use super::{ORDINARY_ID, Sample, beside_the_id};

/// The plainest event of this shape: what it must have, and an amount.
pub(super) fn sample(provider: &Provider) -> Sample {
    let shape = &provider.shape;
    let mut root = Node::Members(BTreeMap::new());
    let kind = provider.event_types.first().map_or("", AsRef::as_ref);
    for (at, value) in [(&shape.id, json!(ORDINARY_ID)), (&shape.kind, json!(kind))] {
        if let At::Body(pointer) = at {
            root.put(pointer, value);
        }
    }
    if let At::Body(pointer) = &shape.created {
        root.put(
            pointer,
            match shape.created_format {
                TimeFormat::UnixSecs => json!(0),
                TimeFormat::Rfc3339 => json!("1970-01-01T00:00:00Z"),
            },
        );
    }
    let mut fresh: Vec<Text> = Vec::new();
    if let Some(pointer) = &shape.object_id {
        root.put(pointer, json!("obj_1"));
        fresh.push(pointer.clone());
    }
    let mut key = match &provider.key {
        KeyRule::EventId => Vec::new(),
        KeyRule::Derived(pointers) => pointers.to_vec(),
    };
    for (member, value) in [("amount", json!(2_000)), ("currency", json!("eur"))] {
        let pointer = format!("{}/{member}", shape.object);
        if !key.iter().any(|named| *named == pointer) {
            root.put(&pointer, value);
        }
    }
    // One that leads through another comes first, and the other then has members.
    key.sort_by_key(|pointer| core::cmp::Reverse(pointer.len()));
    fresh.extend(key.into_iter().filter(|pointer| root.put(pointer, json!("ref_1"))));
    let body = serde_json::to_string_pretty(&root.into_value(true)).unwrap_or_default();
    Sample { id: ORDINARY_ID, body: body.into(), fresh: beside_the_id(provider, fresh.into_iter()) }
}

/// A body as it grows. Whether members are an array's is known when all are there.
enum Node {
    Leaf(Value),
    Members(BTreeMap<String, Node>),
}

impl Node {
    /// Puts a value at a pointer, if nothing stands there and nothing without members is on the way.
    fn put(&mut self, pointer: &str, value: Value) -> bool {
        let Self::Members(members) = self else { return false };
        let Some(path) = pointer.strip_prefix('/') else { return false };
        let (token, rest) = match path.find('/') {
            Some(end) => path.split_at(end),
            None => (path, ""),
        };
        let name = token.replace("~1", "/").replace("~0", "~");
        if rest.is_empty() {
            let is_free = !members.contains_key(&name);
            if is_free {
                members.insert(name, Self::Leaf(value));
            }
            return is_free;
        }
        members.entry(name).or_insert_with(|| Self::Members(BTreeMap::new())).put(rest, value)
    }

    /// As JSON: what is numbered from 0 without a gap is an array, but for the body itself.
    fn into_value(self, is_body: bool) -> Value {
        let mut members = match self {
            Self::Leaf(value) => return value,
            Self::Members(members) => members,
        };
        let numbered = (0..members.len()).map(|index| index.to_string());
        if !is_body && numbered.clone().all(|index| members.contains_key(&index)) {
            let items = numbered.filter_map(|index| members.remove(&index));
            return items.map(|item| item.into_value(false)).collect();
        }
        members.into_iter().map(|(name, node)| (name, node.into_value(false))).collect()
    }
}

#[cfg(test)]
mod tests {
    use alloc::{borrow::Cow, vec};

    use hookproof_core::{Acknowledgement, EventShape, Retries, locate, scan};

    use super::*;

    fn provider(id: At, object: &'static str, object_id: Option<&'static str>, key: KeyRule) -> Provider {
        Provider {
            name: "shop".into(),
            title: "Shop".into(),
            clause_prefix: None,
            signature: None,
            acknowledgement: Acknowledgement::AnySuccess,
            time_limit: None,
            retries: Retries::Unspecified,
            shape: EventShape {
                id,
                kind: At::Body("/what".into()),
                created: At::Body("/meta/at".into()),
                created_format: TimeFormat::Rfc3339,
                object: object.into(),
                object_id: object_id.map(Cow::Borrowed),
            },
            key,
            event_types: vec!["order.paid".into()].into(),
            sample: None,
        }
    }

    fn body(sample: &Sample) -> Value {
        assert_eq!(scan(sample.body.as_bytes()), Ok(()), "{}", sample.body);
        serde_json::from_str(&sample.body).expect("it is JSON")
    }

    #[test]
    fn every_value_stands_where_the_shape_says() {
        let at = At::Body("/meta/event_id".into());
        let drawn = sample(&provider(at, "/items/0", Some("/items/0/a~1b"), KeyRule::EventId));
        assert_eq!(
            body(&drawn),
            json!({
                "meta": {"event_id": "evt_1", "at": "1970-01-01T00:00:00Z"},
                "what": "order.paid",
                "items": [{"a/b": "obj_1", "amount": 2000, "currency": "eur"}],
            })
        );
        assert_eq!(drawn.fresh, ["/items/0/a~1b"]);
    }

    #[test]
    fn a_header_is_no_part_of_the_body_and_the_body_may_be_the_object() {
        let drawn = sample(&provider(At::Header("x-id".into()), "", None, KeyRule::EventId));
        assert_eq!(
            body(&drawn),
            json!({"what": "order.paid", "meta": {"at": "1970-01-01T00:00:00Z"}, "amount": 2000, "currency": "eur"})
        );
        assert!(drawn.fresh.is_empty());
    }

    #[test]
    fn an_id_that_is_the_objects_too_is_made_fresh_once() {
        let drawn = sample(&provider(At::Body("/id".into()), "", Some("/id"), KeyRule::EventId));
        assert_eq!((body(&drawn)["id"].clone(), drawn.fresh.len()), (json!("evt_1"), 0));
    }

    #[test]
    fn what_a_key_is_made_of_differs_from_event_to_event() {
        let key = ["/what", "/meta", "/meta/ref", "/pay/no", "/pay"].map(Text::from).to_vec();
        let drawn = sample(&provider(At::Nowhere, "", Some("/id"), KeyRule::Derived(key.into())));
        assert_eq!(
            body(&drawn),
            json!({
                "id": "obj_1",
                "what": "order.paid",
                "meta": {"at": "1970-01-01T00:00:00Z", "ref": "ref_1"},
                "pay": {"no": "ref_1"},
                "amount": 2000,
                "currency": "eur",
            })
        );
        assert_eq!(drawn.fresh, ["/id", "/meta/ref", "/pay/no"]);
    }

    #[test]
    fn an_amount_that_a_key_is_made_of_is_no_longer_the_same_in_every_event() {
        let key = KeyRule::Derived(["/data/amount", "/data"].map(Text::from).to_vec().into());
        let drawn = sample(&provider(At::Nowhere, "/data", Some("/id"), key));
        assert_eq!(body(&drawn)["data"], json!({"amount": "ref_1", "currency": "eur"}));
        assert_eq!(drawn.fresh, ["/id", "/data/amount"]);
    }

    #[test]
    fn what_is_numbered_is_an_array_only_without_a_gap_and_never_the_body() {
        for (pointer, shown) in [
            ("/0", json!({"0": "obj_1"})),
            ("/a/0", json!({"a": ["obj_1"]})),
            ("/a/1", json!({"a": {"1": "obj_1"}})),
        ] {
            let drawn = sample(&provider(At::Nowhere, "/data", Some(pointer), KeyRule::EventId));
            let (body, shown) = (body(&drawn), shown.as_object().expect("an object"));
            assert!(shown.iter().all(|(name, value)| body[name] == *value), "{body}");
            assert!(locate(drawn.body.as_bytes(), pointer).is_some(), "{body}");
        }
    }
}
