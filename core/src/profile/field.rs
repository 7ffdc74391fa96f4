//! Every field of a profile, its meaning and an example: one table for the reader's errors and the writer's comments.

/// One field.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name in its table.
    pub(super) name: &'static str,
    /// What a right value looks like, as TOML.
    pub(super) example: &'static str,
    /// What it means, in sentences.
    pub(super) says: &'static str,
}

macro_rules! fields {
    ($($constant:ident = $name:literal, $example:literal, $says:literal;)*) => {
        $(pub(super) const $constant: Field = Field { name: $name, example: $example, says: $says };)*
    };
}

fields! {
    NAME = "name", r#""shop""#,
        "The name in reports and keys: lower-case letters, digits and hyphens. A built-in provider's name is its own.";
    TITLE = "title", r#""The Shop""#,
        "The name in prose. Without it, the name.";
    ACKNOWLEDGEMENT = "acknowledgement", r#""any-2xx""#,
        "Which statuses acknowledge a delivery: \"any-2xx\", which holds without this line, or one status, such as 200.";
    TIME_LIMIT = "time-limit", r#""30s""#,
        "The limit for one attempt, its answer's body included: a number and ms, s, m or h. Left out where none is published.";
    RETRIES = "retries", r#"["5m", "30m", "2h"]"#,
        "What follows a failed attempt: the delay before each retry, counted from the end of the attempt that failed; or \"never\"; or \"unspecified\", which holds without this line, where there are retries and their delays are not published.";
    KEY = "key", r#""event-id""#,
        "What makes two deliveries the same event: \"event-id\", which holds without this line; or, for events without an id, pointers to the values that tell two events of a type apart, such as [\"/data/id\", \"/data/status\"].";
    EVENT_TYPES = "event-types", r#"["order.paid"]"#,
        "The types of its events, the ordinary one first. Left out where events have no type.";
    EVENT = "event", r#"a table [event]"#,
        "Where an event's fields stand: each a JSON pointer (RFC 6901) into the body. Left out where the provider does not send it.";
    ID = "id", r#""/id""#,
        "The event's id; { header = \"x-shop-delivery\" } where it stands in a header.";
    TYPE = "type", r#""/type""#,
        "The event's type; { header = \"x-shop-event\" } where it stands in a header.";
    CREATED = "created", r#""/created""#,
        "When the event was created.";
    CREATED_FORMAT = "created-format", r#""unix-seconds""#,
        "How that time is written: \"unix-seconds\", which holds without this line, or \"rfc3339\".";
    OBJECT = "object", r#""/data/object""#,
        "The object that the event is about. Without this line, the whole body.";
    OBJECT_ID = "object-id", r#""/data/object/id""#,
        "That object's id.";
    SIGNATURE = "signature", r#"a table [signature]"#,
        "How deliveries are signed, with HMAC-SHA-256. Left out, heading and all, where they are not.";
    CONSTRUCTION = "construction", r#""timestamped""#,
        "\"timestamped\" (`t=<unix seconds>,v1=<hex>` over `<t>.<body>`), \"standard\" (Standard Webhooks), or \"body\" (a MAC over the body alone).";
    HEADER = "header", r#""x-shop-signature""#,
        "The header of the signature.";
    ID_HEADER = "id-header", r#""webhook-id""#,
        "The header of the message's id.";
    TIMESTAMP_HEADER = "timestamp-header", r#""webhook-timestamp""#,
        "The header of the time of sending.";
    PREFIX = "prefix", r#""sha256=""#,
        "What stands before the MAC. Without this line, nothing.";
    ENCODING = "encoding", r#""hex""#,
        "How the MAC is written: \"hex\" or \"base64\".";
    SAMPLE = "sample", r#"a table [sample]"#,
        "An event of the first type as the provider really sends it. Left out, checks send one that is made of the pointers above, and an endpoint that needs more of it may refuse that.";
    BODY = "body", r#"'{"id": "evt_1"}'"#,
        "Its exact body.";
    FRESH = "fresh", r#"["/data/reference"]"#,
        "Pointers to the values in it, beside the ids above, that name this event and no other.";
}

/// The fields of the file.
pub(super) const ROOT: &[&Field] = &[
    &NAME,
    &TITLE,
    &ACKNOWLEDGEMENT,
    &TIME_LIMIT,
    &RETRIES,
    &KEY,
    &EVENT_TYPES,
    &EVENT,
    &SIGNATURE,
    &SAMPLE,
];

/// The fields of `[event]`.
pub(super) const IN_EVENT: &[&Field] = &[&ID, &TYPE, &CREATED, &CREATED_FORMAT, &OBJECT, &OBJECT_ID];

/// The fields of a place that is a header: `{ header = "x-shop-event" }`.
pub(super) const IN_PLACE: &[&Field] = &[&HEADER];

/// The fields of `[signature]` of any construction.
pub(super) const IN_SIGNATURE: &[&Field] =
    &[&CONSTRUCTION, &HEADER, &ID_HEADER, &TIMESTAMP_HEADER, &PREFIX, &ENCODING];

/// The fields of `[signature]`, the timestamped construction.
pub(super) const IN_TIMESTAMPED: &[&Field] = &[&CONSTRUCTION, &HEADER];

/// The fields of `[signature]`, the Standard Webhooks construction.
pub(super) const IN_STANDARD: &[&Field] = &[&CONSTRUCTION, &HEADER, &ID_HEADER, &TIMESTAMP_HEADER];

/// The fields of `[signature]`, a MAC over the body alone.
pub(super) const IN_BODY: &[&Field] = &[&CONSTRUCTION, &HEADER, &PREFIX, &ENCODING];

/// The fields of `[sample]`.
pub(super) const IN_SAMPLE: &[&Field] = &[&BODY, &FRESH];
