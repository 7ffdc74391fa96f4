//! JSON values to try things with.

use proptest::{
    collection::{btree_map, vec},
    prelude::*,
};
use serde_json::Value;

/// Values of every kind, with names that a pointer must escape.
pub(crate) fn values() -> impl Strategy<Value = Value> {
    let scalars = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        texts().prop_map(Value::from),
    ];
    scalars.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(names(), inner, 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Any text, and often one with what must be escaped.
pub(crate) fn texts() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[a-z\"\\\\/\u{0}-\u{1f}é🧾]{0,8}"]
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c~/0-2]{0,3}", texts()]
}

pub(crate) fn printed(value: &Value, pretty: bool) -> Vec<u8> {
    if pretty { format!("{value:#}") } else { format!("{value}") }.into_bytes()
}

/// Every value inside this one, the whole included, with its pointer.
pub(crate) fn places(value: &Value) -> Vec<(String, &Value)> {
    fn walk<'a>(value: &'a Value, pointer: String, found: &mut Vec<(String, &'a Value)>) {
        match value {
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    walk(element, format!("{pointer}/{index}"), found);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    walk(member, format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), found);
                }
            }
            _ => {}
        }
        found.push((pointer, value));
    }
    let mut found = Vec::new();
    walk(value, String::new(), &mut found);
    found
}
