//! The samples of the built-in providers, from the fixtures that every language shares.

use alloc::borrow::Cow;

use hookproof_core::Provider;

use super::Sample;

/// A sample of one type.
struct Fixture {
    provider: &'static str,
    kind: &'static str,
    id: &'static str,
    body: &'static str,
    fresh: &'static [&'static str],
}

/// The sample of this type, or of the provider's ordinary one; nothing for a provider that is not built in.
pub(super) fn find(provider: &Provider, kind: &str) -> Option<Sample> {
    let of_provider = || FIXTURES.iter().filter(|fixture| fixture.provider == provider.name);
    let fixture = of_provider().find(|fixture| fixture.kind == kind).or_else(|| of_provider().next())?;
    Some(Sample {
        id: Cow::Borrowed(fixture.id),
        body: Cow::Borrowed(fixture.body),
        fresh: fixture.fresh.iter().map(|pointer| Cow::Borrowed(*pointer)).collect(),
    })
}

/// Whether there is one of this very type.
pub(super) fn exists(provider: &Provider, kind: &str) -> bool {
    FIXTURES.iter().any(|fixture| fixture.provider == provider.name && fixture.kind == kind)
}

macro_rules! fixture {
    ($provider:literal, $kind:literal, $id:literal, $fresh:expr) => {
        Fixture {
            provider: $provider,
            kind: $kind,
            id: $id,
            body: include_str!(concat!("../../../../fixtures/events/", $provider, "/", $kind, ".json")),
            fresh: $fresh,
        }
    };
}

const FIXTURES: &[Fixture] = &[
    fixture!("turratech", "payment.succeeded", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "payment.failed", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "payment.refunded", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "customer.created", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "subscription.created", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "subscription.updated", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "subscription.deleted", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "subscription.trial_will_end", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "invoice.paid", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "invoice.payment_failed", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "dispute.created", "evt_1", &["/data/object/id"]),
    fixture!("turratech", "payout.paid", "evt_1", &["/data/object/id"]),
    fixture!(
        "turnstay",
        "merchant_of_record.payment_intent.succeeded",
        "",
        &["/data/object/id", "/data/object/merchant_reference"]
    ),
    fixture!("standard-webhooks", "contact.created", "msg_1", &["/data/id"]),
    fixture!("stripe", "payment_intent.succeeded", "evt_1", &["/data/object/id"]),
    fixture!("github", "issues", "00000000-0000-4000-8000-000000000000", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_sound_and_has_the_values_that_are_made_fresh() {
        for fixture in FIXTURES {
            let body = fixture.body.as_bytes();
            assert_eq!(hookproof_core::scan(body), Ok(()), "{} {}", fixture.provider, fixture.kind);
            for pointer in fixture.fresh {
                assert!(hookproof_core::locate(body, pointer).is_some(), "{}: {pointer}", fixture.kind);
            }
            assert!(Provider::built_in(fixture.provider).is_some(), "{}", fixture.provider);
        }
    }

    #[test]
    fn an_unknown_type_borrows_the_sample_of_its_providers_ordinary_one() {
        for provider in Provider::BUILT_IN {
            let [borrowed, ordinary] = ["hookproof.unheard_of", &provider.event_types[0]]
                .map(|kind| find(provider, kind).expect("it is built in").body);
            assert_eq!(borrowed, ordinary, "{}", provider.name);
        }
    }
}
