//! Where a sample says how much of which money it is about.

use alloc::{format, string::String, vec::Vec};

use serde_json::Value;

use super::Sample;

/// The members of an event's object that are amounts and currencies, as pointers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Money {
    /// Whole numbers named `amount`, `billing_amount`, `amount_received`.
    pub(crate) amounts: Vec<String>,
    /// Three letters named `currency`, `billing_currency`, each with what it says.
    pub(crate) currencies: Vec<(String, String)>,
}

impl Money {
    /// What the object at `object` says.
    pub(crate) fn of(sample: &Sample, object: &str) -> Self {
        let body: Value = serde_json::from_str(&sample.body).unwrap_or_default();
        let mut money = Self::default();
        for (name, value) in body.pointer(object).and_then(Value::as_object).into_iter().flatten() {
            let pointer = format!("{object}/{}", name.replace('~', "~0").replace('/', "~1"));
            match value {
                Value::Number(number) if number.is_u64() && speaks_of(name, "amount") => {
                    money.amounts.push(pointer);
                }
                Value::String(code) if code.len() == 3 && speaks_of(name, "currency") => {
                    money.currencies.push((pointer, code.clone()));
                }
                _ => {}
            }
        }
        money
    }

    /// The currency `code` as this provider spells currencies.
    pub(crate) fn spelled(&self, code: &str) -> String {
        let is_upper =
            self.currencies.iter().any(|(_, own)| own.bytes().all(|byte| byte.is_ascii_uppercase()));
        if is_upper { code.to_ascii_uppercase() } else { code.to_ascii_lowercase() }
    }
}

/// Whether a member of this name holds such a thing: `amount`, `billing_amount`, `amount_received`.
fn speaks_of(name: &str, thing: &str) -> bool {
    name.split('_').any(|word| word == thing)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::{sample::sample_for, scene::provider};

    #[test]
    fn each_provider_has_its_own_words_for_money_or_none() {
        for (name, amounts, currencies) in [
            ("turratech", &["/data/object/amount"][..], &["/data/object/currency"][..]),
            (
                "turnstay",
                &["/data/object/billing_amount", "/data/object/processing_amount"],
                &["/data/object/billing_currency", "/data/object/processing_currency"],
            ),
            ("stripe", &["/data/object/amount", "/data/object/amount_received"], &["/data/object/currency"]),
            ("standard-webhooks", &[], &[]),
            ("github", &[], &[]),
        ] {
            let provider = provider(name);
            let money = Money::of(&sample_for(&provider, &provider.event_types[0]), &provider.shape.object);
            let pointers: Vec<&str> = money.currencies.iter().map(|(pointer, _)| pointer.as_str()).collect();
            assert_eq!(
                (money.amounts.as_slice(), pointers.as_slice()),
                (&*owned(amounts), currencies),
                "{name}"
            );
            assert_eq!(money.spelled("jpy"), if name == "turnstay" { "JPY" } else { "jpy" }, "{name}");
        }
    }

    fn owned(pointers: &[&str]) -> Vec<String> {
        pointers.iter().map(|pointer| (*pointer).into()).collect()
    }
}
