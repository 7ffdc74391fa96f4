//! GitHub: id and type stand in headers, the signature covers the body alone, and a failed delivery is sent again
//! only by hand. An answer is due within ten seconds.

use alloc::borrow::Cow;
use core::time::Duration;

use super::texts;
use crate::{Acknowledgement, At, Encoding, EventShape, KeyRule, Provider, Retries, Scheme, TimeFormat};

pub(super) static GITHUB: Provider = Provider {
    name: Cow::Borrowed("github"),
    title: Cow::Borrowed("GitHub"),
    clause_prefix: None,
    signature: Some(Scheme::Body {
        header: Cow::Borrowed("x-hub-signature-256"),
        prefix: Cow::Borrowed("sha256="),
        encoding: Encoding::Hex,
    }),
    acknowledgement: Acknowledgement::AnySuccess,
    time_limit: Some(Duration::from_secs(10)),
    retries: Retries::Never,
    shape: EventShape {
        id: At::Header(Cow::Borrowed("x-github-delivery")),
        kind: At::Header(Cow::Borrowed("x-github-event")),
        created: At::Nowhere,
        created_format: TimeFormat::UnixSecs,
        object: Cow::Borrowed(""),
        object_id: None,
    },
    key: KeyRule::EventId,
    event_types: texts!["issues"],
    sample: None,
};
