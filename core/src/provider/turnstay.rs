//! TurnStay: unsigned, without event ids, acknowledged by exactly 200. Its retries and time limit are not published.

use alloc::borrow::Cow;

use super::texts;
use crate::{Acknowledgement, At, EventShape, KeyRule, Provider, Retries, TimeFormat};

pub(super) static TURNSTAY: Provider = Provider {
    name: Cow::Borrowed("turnstay"),
    title: Cow::Borrowed("TurnStay"),
    clause_prefix: Some(Cow::Borrowed("TS")),
    signature: None,
    acknowledgement: Acknowledgement::Exactly(200),
    time_limit: None,
    retries: Retries::Unspecified,
    shape: EventShape {
        id: At::Nowhere,
        kind: At::Body(Cow::Borrowed("/type")),
        created: At::Nowhere,
        created_format: TimeFormat::UnixSecs,
        object: Cow::Borrowed("/data/object"),
        object_id: Some(Cow::Borrowed("/data/object/id")),
    },
    // Two partial refunds of one intent differ in their amounts; two equal ones cannot be told apart.
    key: KeyRule::Derived(texts![
        "/data/object/object",
        "/data/object/id",
        "/data/object/status",
        "/data/object/billing_amount",
        "/data/object/processing_amount",
    ]),
    event_types: texts!["merchant_of_record.payment_intent.succeeded"],
    sample: None,
};
