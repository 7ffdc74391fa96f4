//! The events that are sent: one sample body a type, from the fixtures, in which ids are made fresh.

use alloc::{format, string::String};

use hookproof_core::Provider;

/// A sample body and what in it must differ from event to event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    provider: &'static str,
    kind: &'static str,
    /// What the event's id looks like.
    pub(crate) id: &'static str,
    /// The exact body of the fixture.
    pub(crate) body: &'static str,
    /// Pointers to the other values that name this event's object and no other's.
    pub(crate) fresh: &'static [&'static str],
}

/// The sample of this type; the provider's ordinary one where the type has none, because then only the
/// type's name is known.
pub(crate) fn sample_for(provider: &Provider, kind: &str) -> Sample {
    let of_provider = || SAMPLES.iter().filter(|sample| sample.provider == provider.name);
    of_provider()
        .find(|sample| sample.kind == kind)
        .or_else(|| of_provider().next())
        .copied()
        .unwrap_or(TURRATECH)
}

/// Whether there is a sample of this type, and not only of another one.
pub(crate) fn has_sample(provider: &Provider, kind: &str) -> bool {
    SAMPLES.iter().any(|sample| sample.provider == provider.name && sample.kind == kind)
}

/// A value of the same look as `old` that no other run and no other event has: digits stay digits (15 of
/// them), a GUID a GUID, and anything else keeps its prefix.
pub(crate) fn fresh_like(old: &str, nonce: &str, unique: u32) -> String {
    if !old.is_empty() && old.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{:09}{unique:06}", 100_000_000 + hash(nonce) % 900_000_000);
    }
    if old.len() == 36 && old.bytes().filter(|byte| *byte == b'-').count() == 4 {
        let bits = hash(nonce);
        return format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{unique:012x}",
            bits >> 32,
            bits >> 16 & 0xffff,
            bits >> 4 & 0xfff,
            bits & 0xfff
        );
    }
    let prefix = old.find(['_', '-']).and_then(|end| old.get(..=end)).unwrap_or_default();
    format!("{prefix}hp_{nonce}_{unique}")
}

/// FNV-1a: ids only have to differ.
fn hash(nonce: &str) -> u64 {
    nonce
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

macro_rules! sample {
    ($provider:literal, $kind:literal, $id:literal, $fresh:expr) => {
        Sample {
            provider: $provider,
            kind: $kind,
            id: $id,
            body: include_str!(concat!("../../../fixtures/events/", $provider, "/", $kind, ".json")),
            fresh: $fresh,
        }
    };
}

const TURRATECH: Sample = sample!("turratech", "payment.succeeded", "evt_1", &["/data/object/id"]);

const SAMPLES: &[Sample] = &[
    TURRATECH,
    sample!("turratech", "payment.failed", "evt_1", &["/data/object/id"]),
    sample!("turratech", "payment.refunded", "evt_1", &["/data/object/id"]),
    sample!("turratech", "customer.created", "evt_1", &["/data/object/id"]),
    sample!("turratech", "subscription.created", "evt_1", &["/data/object/id"]),
    sample!("turratech", "subscription.updated", "evt_1", &["/data/object/id"]),
    sample!("turratech", "subscription.deleted", "evt_1", &["/data/object/id"]),
    sample!("turratech", "subscription.trial_will_end", "evt_1", &["/data/object/id"]),
    sample!("turratech", "invoice.paid", "evt_1", &["/data/object/id"]),
    sample!("turratech", "invoice.payment_failed", "evt_1", &["/data/object/id"]),
    sample!("turratech", "dispute.created", "evt_1", &["/data/object/id"]),
    sample!("turratech", "payout.paid", "evt_1", &["/data/object/id"]),
    sample!(
        "turnstay",
        "merchant_of_record.payment_intent.succeeded",
        "",
        &["/data/object/id", "/data/object/merchant_reference"]
    ),
    sample!("standard-webhooks", "contact.created", "msg_1", &["/data/id"]),
    sample!("stripe", "payment_intent.succeeded", "evt_1", &["/data/object/id"]),
    sample!("github", "issues", "00000000-0000-4000-8000-000000000000", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_value_looks_like_the_old_one() {
        for (old, nonce, unique, expected) in [
            ("evt_1", "k3w9x1q0", 1_001, "evt_hp_k3w9x1q0_1001"),
            ("BOOKING-2024-117", "k3w9x1q0", 900_001, "BOOKING-hp_k3w9x1q0_900001"),
            ("plain", "k3w9x1q0", 1, "hp_k3w9x1q0_1"),
            ("", "k3w9x1q0", 1, "hp_k3w9x1q0_1"),
        ] {
            assert_eq!(fresh_like(old, nonce, unique), expected, "{old}");
        }
    }

    #[test]
    fn digits_stay_digits_and_a_guid_stays_a_guid() {
        for nonce in ["", "a", "k3w9x1q0", "zzzzzzzz"] {
            let digits = fresh_like("71902", nonce, 21_012);
            assert!(digits.len() == 15 && digits.ends_with("021012"), "{nonce}: {digits}");
            assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{nonce}: {digits}");
            let guid = fresh_like("00000000-0000-4000-8000-000000000000", nonce, 255);
            assert!(guid.len() == 36 && guid.ends_with("-0000000000ff"), "{nonce}: {guid}");
        }
    }

    #[test]
    fn every_sample_is_sound_and_has_the_values_that_are_made_fresh() {
        for sample in SAMPLES {
            let body = sample.body.as_bytes();
            assert_eq!(hookproof_core::scan(body), Ok(()), "{} {}", sample.provider, sample.kind);
            for pointer in sample.fresh {
                assert!(hookproof_core::locate(body, pointer).is_some(), "{}: {pointer}", sample.kind);
            }
            assert!(Provider::built_in(sample.provider).is_some(), "{}", sample.provider);
        }
    }

    #[test]
    fn an_unknown_type_borrows_the_sample_of_its_providers_ordinary_one() {
        for provider in Provider::BUILT_IN {
            let sample = sample_for(provider, "hookproof.unheard_of");
            assert_eq!((sample.provider, sample.kind), (&*provider.name, &*provider.event_types[0]));
        }
    }
}
