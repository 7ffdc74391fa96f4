//! Stripe. Its retries go on for up to three days at steps that it does not publish.

use alloc::borrow::Cow;

use super::texts;
use crate::{Acknowledgement, At, EventShape, KeyRule, Provider, Retries, Scheme, TimeFormat};

pub(super) static STRIPE: Provider = Provider {
    name: Cow::Borrowed("stripe"),
    title: Cow::Borrowed("Stripe"),
    clause_prefix: None,
    signature: Some(Scheme::Timestamped { header: Cow::Borrowed("stripe-signature") }),
    acknowledgement: Acknowledgement::AnySuccess,
    time_limit: None,
    retries: Retries::Unspecified,
    shape: EventShape {
        id: At::Body(Cow::Borrowed("/id")),
        kind: At::Body(Cow::Borrowed("/type")),
        created: At::Body(Cow::Borrowed("/created")),
        created_format: TimeFormat::UnixSecs,
        object: Cow::Borrowed("/data/object"),
        object_id: Some(Cow::Borrowed("/data/object/id")),
    },
    key: KeyRule::EventId,
    event_types: texts!["payment_intent.succeeded"],
    sample: None,
};
