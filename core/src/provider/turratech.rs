//! TurraTech. Its page names the signature's header and the call that verifies it, not the construction; both
//! mirror Stripe's, so the construction is Stripe's too.

use alloc::borrow::Cow;
use core::time::Duration;

use super::texts;
use crate::{Acknowledgement, At, EventShape, KeyRule, Provider, Retries, RetrySchedule, Scheme, TimeFormat};

pub(super) static TURRATECH: Provider = Provider {
    name: Cow::Borrowed("turratech"),
    title: Cow::Borrowed("TurraTech"),
    clause_prefix: Some(Cow::Borrowed("TT")),
    signature: Some(Scheme::Timestamped { header: Cow::Borrowed("turratech-signature") }),
    acknowledgement: Acknowledgement::AnySuccess,
    time_limit: Some(Duration::from_secs(30)),
    retries: Retries::Schedule(RetrySchedule::fixed(&DELAYS)),
    shape: EventShape {
        id: At::Body(Cow::Borrowed("/id")),
        kind: At::Body(Cow::Borrowed("/type")),
        created: At::Body(Cow::Borrowed("/created")),
        created_format: TimeFormat::UnixSecs,
        object: Cow::Borrowed("/data/object"),
        object_id: Some(Cow::Borrowed("/data/object/id")),
    },
    key: KeyRule::EventId,
    event_types: texts![
        "payment.succeeded",
        "payment.failed",
        "payment.refunded",
        "customer.created",
        "subscription.created",
        "subscription.updated",
        "subscription.deleted",
        "subscription.trial_will_end",
        "invoice.paid",
        "invoice.payment_failed",
        "dispute.created",
        "payout.paid",
    ],
    sample: None,
};

/// TT-12, the table: 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, 10 h.
const DELAYS: [Duration; 7] = [
    Duration::from_secs(300),
    Duration::from_secs(1_800),
    Duration::from_secs(7_200),
    Duration::from_secs(18_000),
    Duration::from_secs(36_000),
    Duration::from_secs(36_000),
    Duration::from_secs(36_000),
];
