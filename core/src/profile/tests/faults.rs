//! Every fault, with its line, its field and what is said.

use alloc::{format, string::ToString};

use crate::Provider;

/// A sound profile; what is tested replaces a line of it.
const SHOP: &str = "\
name = \"shop\"
title = \"The Shop\"
acknowledgement = \"any-2xx\"
time-limit = \"30s\"
retries = [\"5m\", \"2h\"]
key = \"event-id\"
event-types = [\"order.paid\", \"order.lost\"]
[event]
id = \"/id\"
type = \"/type\"
created = \"/created\"
object = \"/data\"
object-id = \"/data/id\"
[signature]
construction = \"body\"
header = \"x-shop\"
prefix = \"mac=\"
encoding = \"hex\"
[sample]
body = '{\"id\": \"e\", \"type\": \"order.paid\", \"created\": 1, \"data\": {\"id\": \"o\", \"no\": 1, \"e\": \"\\n\"}}'
fresh = [\"/data/no\"]
";

#[test]
fn every_fault_of_one_line_is_told_with_its_line_its_field_and_its_cure() {
    assert!(Provider::from_toml(SHOP).is_ok(), "{:?}", Provider::from_toml(SHOP));
    for (line, put, field, code, part) in [
        (1, "name = \"\"", "name", "not_a_name", "\"\" is no name; write 1 to 64 lower-case letters"),
        (1, "name = \"Shop\"", "name", "not_a_name", "\"Shop\""),
        (1, "name = \"1shop\"", "name", "not_a_name", "a letter first"),
        (1, "name = \"a:b\"", "name", "not_a_name", "\"a:b\""),
        (1, "name = \"stripe\"", "name", "name_taken", "\"stripe\" is built in"),
        (1, "name = 1", "name", "wrong_type", "is a whole number; write name = \"shop\""),
        (1, "name = \"shop\"\nname = \"shop\"", "", "not_toml", "duplicate key"),
        (1, "nmae = \"shop\"", "nmae", "unknown_field", "there is no such field; did you mean name?"),
        (1, "Name = \"shop\"", "Name", "unknown_field", "did you mean name?"),
        (1, "colour = \"red\"", "colour", "unknown_field", "there are name, title, acknowledgement"),
        (2, "title = \"\"", "title", "not_a_title", "can be printed"),
        (2, "title = \"a\\nb\"", "title", "not_a_title", "\"a\\nb\""),
        (2, "title = true", "title", "wrong_type", "is true or false; write title = \"The Shop\""),
        (3, "acknowledgement = 302", "acknowledgement", "not_a_success", "302 is no status of success"),
        (3, "acknowledgement = -1", "acknowledgement", "not_a_success", "200 to 299"),
        (3, "acknowledgement = 99999999999999999999", "acknowledgement", "not_a_success", "200 to 299"),
        (3, "acknowledgement = \"2xx\"", "acknowledgement", "unknown_choice", "there are any-2xx, a status"),
        (3, "acknowledgement = 200.0", "acknowledgement", "wrong_type", "is a number"),
        (4, "time-limit = \"0s\"", "time-limit", "limit_out_of_range", "from 1ms to 1h"),
        (
            4,
            "time-limit = \"61m\"",
            "time-limit",
            "limit_out_of_range",
            "leave it out where none is published",
        ),
        (4, "time-limit = \"-5s\"", "time-limit", "negative_span", "is negative"),
        (4, "time-limit = \"soon\"", "time-limit", "not_a_span", "\"soon\" is not a time"),
        (4, "time-limit = 30", "time-limit", "wrong_type", "write time-limit = \"30s\""),
        (5, "retries = []", "retries", "empty_list", "write \"never\""),
        (5, "retries = [\"5m\", \"-1s\"]", "retries[1]", "negative_span", "is negative"),
        (5, "retries = [\"5m\", \"3d\"]", "retries[1]", "not_a_span", "\"d\" is no unit of time"),
        (5, "retries = [5]", "retries[0]", "wrong_type", "is a whole number; write retries = [\"5m\""),
        (5, "retries = [\"9999999999999h\"]", "retries[0]", "not_a_span", "too long"),
        (
            5,
            "retries = [\"5000000000000h\", \"5000000000000h\"]",
            "retries[1]",
            "schedule_too_long",
            "together",
        ),
        (5, "retries = \"often\"", "retries", "unknown_choice", "there are never, unspecified, a list"),
        (5, "retries = 3", "retries", "wrong_type", "write retries = [\"5m\", \"30m\", \"2h\"]"),
        (6, "key = \"id\"", "key", "unknown_choice", "there are event-id"),
        (6, "key = []", "key", "empty_list", "no two events share"),
        (6, "key = [\"data\"]", "key[0]", "not_a_pointer", "\"data\" is no JSON pointer"),
        (
            6,
            "key = [\"/data/id\", \"/data/id\"]",
            "key[1]",
            "repeated",
            "\"/data/id\" stands in the list twice",
        ),
        (6, "key = [\"/id/x\"]", "key[0]", "inside_text", "leads into event.id"),
        (6, "key = [\"/type\", \"/data/state\"]", "key", "tells_nothing_apart", "all would be one"),
        (7, "event-types = []", "event-types", "empty_list", "name the ordinary type"),
        (
            7,
            "event-types = [\"\"]",
            "event-types[0]",
            "not_an_event_type",
            "\"\" cannot be the type of an event",
        ),
        (7, "event-types = [\"a b\"]", "event-types[0]", "not_an_event_type", "\"a b\""),
        (7, "event-types = ['a\"']", "event-types[0]", "not_an_event_type", "such as payment.succeeded"),
        (7, "event-types = [\"a\", \"a\"]", "event-types[1]", "repeated", "write it once"),
        (
            7,
            "event-types = \"a\"",
            "event-types",
            "wrong_type",
            "is a text; write event-types = [\"order.paid\"]",
        ),
        (
            7,
            "event-types = [\"order.won\"]",
            "sample.body",
            "other_type",
            "the type \"order.paid\", but the first",
        ),
        (9, "id = \"id\"", "event.id", "not_a_pointer", "write / before each name"),
        (9, "id = \"\"", "event.id", "not_a_pointer", "\"\" is no JSON pointer"),
        (9, "id = \"/a~2\"", "event.id", "not_a_pointer", "~1 for a / in it"),
        (9, "id = \"/a~\"", "event.id", "not_a_pointer", "~0 for a ~"),
        (9, "id = 1", "event.id", "wrong_type", "write id = \"/id\""),
        (9, "id = \"/type\"", "event.type", "same_place", "is where event.id stands"),
        (9, "id = \"/data\"", "event.object-id", "inside_text", "leads into event.id"),
        (9, "id = \"/created/id\"", "event.id", "inside_text", "leads into event.created"),
        (9, "id = { header = \"x y\" }", "event.id.header", "not_a_header", "\"x y\" is no header's name"),
        (
            9,
            "id = { header = \"x-shop\" }",
            "event.id",
            "same_header",
            "is the header of signature.header too",
        ),
        (9, "id = { heder = \"x-id\" }", "event.id.heder", "unknown_field", "did you mean header?"),
        (9, "id = {}", "event.id.header", "missing_field", "write header = \"x-shop-signature\""),
        (9, "", "key", "without", "means nothing without event.id"),
        (10, "", "event-types", "without", "means nothing without event.type"),
        (11, "created-format = \"rfc3339\"", "event.created-format", "without", "without event.created"),
        (
            11,
            "created = { header = \"date\" }",
            "event.created",
            "wrong_type",
            "is a table; write created = \"/created\"",
        ),
        (
            11,
            "created = \"/created\"\ncreated-format = \"iso\"",
            "event.created-format",
            "unknown_choice",
            "unix-seconds, rfc3339",
        ),
        (12, "object = \"/id\"", "event.object", "same_place", "is where event.id stands"),
        (12, "object = \"/type/data\"", "event.object", "inside_text", "leads into event.type"),
        (12, "object = \"/data/no\"", "sample.body", "not_an_object", "has no object at \"/data/no\""),
        (13, "object-id = \"/data/nothing\"", "sample.body", "not_replaceable", "at \"/data/nothing\""),
        (13, "object_id = \"/data/id\"", "event.object_id", "unknown_field", "did you mean object-id?"),
        (
            15,
            "construction = \"hmac\"",
            "signature.construction",
            "unknown_choice",
            "timestamped, standard, body",
        ),
        (
            15,
            "construction = \"timestamped\"",
            "signature.prefix",
            "unknown_field",
            "there are construction, header",
        ),
        (
            15,
            "construction = \"standard\"",
            "signature.id-header",
            "missing_field",
            "id-header = \"webhook-id\"",
        ),
        (15, "", "signature.construction", "missing_field", "construction = \"timestamped\""),
        (16, "header = \"\"", "signature.header", "not_a_header", "such as x-shop-signature"),
        (16, "header = \"x:y\"", "signature.header", "not_a_header", "\"x:y\""),
        (
            16,
            "header = \"Content-Length\"",
            "signature.header",
            "reserved_header",
            "Content-Length is a header",
        ),
        (16, "headers = \"x\"", "signature.headers", "unknown_field", "did you mean header?"),
        (16, "", "signature.header", "missing_field", "is missing; write header ="),
        (17, "prefix = \" mac\"", "signature.prefix", "not_a_prefix", "no space first"),
        (17, "prefix = \"a\\r\\nb: \"", "signature.prefix", "not_a_prefix", "\"a\\r\\nb: \""),
        (18, "encoding = \"utf-8\"", "signature.encoding", "unknown_choice", "there are hex, base64"),
        (20, "body = '{'", "sample.body", "not_an_event", "the body is not JSON"),
        (20, "body = '{\"id\": 7, \"data\": {}}'", "sample.body", "not_an_event", "/id is not a string"),
        (
            20,
            "body = '{\"id\": \"e\", \"type\": \"order.paid\", \"data\": {\"id\": \"o\"}}'",
            "sample.body",
            "not_an_event",
            "/created is missing",
        ),
        (20, "", "sample.body", "missing_field", "write body ="),
        (
            21,
            "fresh = [\"/data/none\"]",
            "sample.fresh[0]",
            "not_replaceable",
            "which each event needs another of",
        ),
        (21, "fresh = [\"/data/e\"]", "sample.fresh[0]", "not_replaceable", "a text without escapes"),
        (21, "fresh = [\"/type\"]", "sample.fresh[0]", "same_place", "is where event.type stands"),
        (21, "fresh = [\"/data/id/x\"]", "sample.fresh[0]", "inside_text", "leads into event.object-id"),
        (21, "fresh = []", "sample.fresh", "empty_list", "leave it out"),
    ] {
        let mut lines: alloc::vec::Vec<&str> = SHOP.lines().collect();
        lines[line - 1] = put;
        let error = Provider::from_toml(&lines.join("\n")).expect_err(put);
        let said = error.to_string();
        assert_eq!((&*error.field, error.code()), (field, code), "{put}: {said}");
        assert!(said.contains(part), "{put}: {said}");
        assert!(error.column >= 1 && said.starts_with(&format!("line {}", error.line)), "{put}: {said}");
        // What is missing, or is right and only does not go with the rest, is told elsewhere.
        let named = field.rsplit('.').next().and_then(|name| name.split('[').next()).unwrap_or_default();
        if put.starts_with(named) && !named.is_empty() {
            assert_eq!(error.line, line + put.matches('\n').count(), "{put}: {said}");
        }
    }
}

#[test]
fn a_place_counts_lines_from_one_and_columns_in_characters() {
    let text = "# é\nname = 'shop'\nretries = [\n  '5m',\n  'é', '7x',\n]\n[event]\nid = '/id'\n";
    let error = Provider::from_toml(text).expect_err("no unit");
    assert_eq!((error.line, error.column, &*error.field), (5, 3, "retries[1]"));
    let error = Provider::from_toml(&text.replace("'é', ", "'6m', ")).expect_err("no unit");
    assert_eq!(
        error.to_string(),
        "line 5, column 9: retries[2]: \"x\" is no unit of time; write ms, s, m or h"
    );
}

#[test]
fn the_first_of_several_faults_of_the_file_is_told() {
    let error = Provider::from_toml("name = \"a\nid = 3 4\n").expect_err("it is no TOML");
    assert_eq!((error.line, &*error.field, error.code()), (1, "", "not_toml"));
}

#[test]
fn a_table_that_is_missing_is_missed_where_the_file_begins() {
    let error = Provider::from_toml("name = \"shop\"").expect_err("it has no event");
    assert_eq!(error.to_string(), "line 1, column 1: event: is missing; write a table [event]");
    let error =
        Provider::from_toml("name = \"shop\"\n[event]\ntype = \"/t\"").expect_err("types are missing");
    assert_eq!((error.line, &*error.field), (1, "event-types"));
    let error = Provider::from_toml("name = \"shop\"\n[event]\n").expect_err("nothing tells events apart");
    assert_eq!((&*error.field, error.code()), ("key", "missing_field"));
}

#[test]
fn without_an_id_a_key_needs_the_objects_id_and_something_that_differs() {
    let read = |key: &str, event: &str| {
        Provider::from_toml(&format!("name = \"shop\"\nkey = {key}\n[event]\n{event}"))
            .map(drop)
            .map_err(|error| error.code())
    };
    assert_eq!(read("['/no']", "object-id = '/no'"), Ok(()));
    assert_eq!(read("['/no']", "object-id = '/id'"), Ok(()));
    assert_eq!(read("['/a']", "object-id = '/a/id'"), Ok(()));
    assert_eq!(read("['/no']", "type = '/t'"), Err("missing_field"));
    assert_eq!(read("['/no']", "object = '/a'"), Err("without"));
    assert_eq!(read("'event-id'", "object-id = '/id'"), Err("without"));
    assert_eq!(read("['/at']", "object-id = '/id'\ncreated = '/at'"), Err("tells_nothing_apart"));
    assert_eq!(read("['/meta']", "object-id = '/id'\ncreated = '/meta/at'"), Err("tells_nothing_apart"));
}

#[test]
fn a_pointer_is_at_most_64_levels_deep() {
    let read =
        |levels| Provider::from_toml(&format!("name = 'shop'\n[event]\nid = '{}'", "/a".repeat(levels)));
    assert!(read(64).is_ok());
    assert_eq!(read(65).expect_err("too deep").code(), "not_a_pointer");
}

#[test]
fn a_standard_message_shares_its_id_header_with_the_event_and_with_nothing_else() {
    let read = |id: &str, kind: &str, timestamp: &str| {
        let text = format!(
            "name = 'shop'\nevent-types = ['a']\n[event]\nid = {{ header = '{id}' }}\ntype = {{ header = '{kind}' }}\n\
             [signature]\nconstruction = 'standard'\nheader = 'sig'\nid-header = 'msg-id'\ntimestamp-header = '{timestamp}'"
        );
        Provider::from_toml(&text).map(drop).map_err(|error| (error.line, error.field))
    };
    assert_eq!(read("Msg-Id", "kind", "at"), Ok(()));
    assert_eq!(read("own", "kind", "at"), Ok(()));
    assert_eq!(read("own", "msg-ID", "at"), Err((5, "event.type".into())));
    assert_eq!(read("at", "kind", "at"), Err((4, "event.id".into())));
    assert_eq!(read("own", "own", "at"), Err((5, "event.type".into())));
    assert_eq!(read("own", "kind", "SIG"), Err((10, "signature.timestamp-header".into())));
}

#[test]
fn a_built_in_name_belongs_to_that_providers_own_profile() {
    let own = Provider::built_in("turratech").expect("built in").to_toml();
    let changed = own.replace("time-limit = \"30s\"", "time-limit = \"31s\"");
    assert_eq!(Provider::from_toml(&changed).expect_err("it differs").code(), "name_taken");
    let renamed = Provider::from_toml(&changed.replace("\"turratech\"", "\"shop\"")).expect("it is its own");
    assert_eq!(renamed.clause_prefix, None, "clauses are those of documents that we have numbered");
}

#[test]
fn a_long_text_does_not_hide_what_is_wrong_with_it() {
    let error = Provider::from_toml(&format!("name = '{}\u{202e}'", "A".repeat(5_000))).expect_err("no name");
    assert!(error.to_string().len() < 250, "{error}");
    let error = Provider::from_toml("name = '\u{202e}'").expect_err("no name");
    assert!(!error.to_string().contains('\u{202e}'), "{error}");
}
