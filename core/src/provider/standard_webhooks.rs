//! The Standard Webhooks specification, which many providers follow. It recommends a schedule but binds nobody to one.

use alloc::borrow::Cow;

use super::texts;
use crate::{Acknowledgement, At, EventShape, KeyRule, Provider, Retries, Scheme, TimeFormat};

pub(super) static STANDARD_WEBHOOKS: Provider = Provider {
    name: Cow::Borrowed("standard-webhooks"),
    title: Cow::Borrowed("Standard Webhooks"),
    clause_prefix: None,
    signature: Some(Scheme::Standard {
        id: Cow::Borrowed("webhook-id"),
        timestamp: Cow::Borrowed("webhook-timestamp"),
        signature: Cow::Borrowed("webhook-signature"),
    }),
    acknowledgement: Acknowledgement::AnySuccess,
    time_limit: None,
    retries: Retries::Unspecified,
    shape: EventShape {
        id: At::Header(Cow::Borrowed("webhook-id")),
        kind: At::Body(Cow::Borrowed("/type")),
        created: At::Body(Cow::Borrowed("/timestamp")),
        created_format: TimeFormat::Rfc3339,
        object: Cow::Borrowed("/data"),
        object_id: Some(Cow::Borrowed("/data/id")),
    },
    key: KeyRule::EventId,
    event_types: texts!["contact.created"],
    sample: None,
};
