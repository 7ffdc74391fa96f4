mod arbitrary;
mod faults;

use alloc::{string::String, vec, vec::Vec};
use core::time::Duration;

use proptest::prelude::*;

use self::arbitrary::profile;
use crate::{
    Acknowledgement, At, Encoding, EventSample, EventShape, KeyRule, Provider, Retries, RetrySchedule,
    Scheme, TimeFormat,
};

#[test]
fn a_profile_with_everything_is_read_field_by_field() {
    let text = r#"
name = "corner-shop"
title = "Corner Shop"
acknowledgement = 204
time-limit = "5s"
retries = ["0s", "1500ms", "2h"]
key = ["/meta/ref", "/meta/state"]
event-types = ["order.paid", "order.refunded"]

[event]
type = { header = "X-Shop-What" }
created = "/meta/at"
created-format = "rfc3339"
object = "/items/0"
object-id = "/meta/ref"

[signature]
construction = "standard"
header = "Shop-Signature"
id-header = "Shop-Id"
timestamp-header = "Shop-Time"

[sample]
body = '''
{"meta": {"ref": "r_1", "at": "2026-01-01T00:00:00Z", "no": 7}, "items": [{}]}
'''
fresh = ["/meta/no"]
"#;
    let shop = Provider {
        name: "corner-shop".into(),
        title: "Corner Shop".into(),
        clause_prefix: None,
        signature: Some(Scheme::Standard {
            id: "Shop-Id".into(),
            timestamp: "Shop-Time".into(),
            signature: "Shop-Signature".into(),
        }),
        acknowledgement: Acknowledgement::Exactly(204),
        time_limit: Some(Duration::from_secs(5)),
        retries: Retries::Schedule(RetrySchedule::new(vec![
            Duration::ZERO,
            Duration::from_millis(1_500),
            Duration::from_secs(7_200),
        ])),
        shape: EventShape {
            id: At::Nowhere,
            kind: At::Header("X-Shop-What".into()),
            created: At::Body("/meta/at".into()),
            created_format: TimeFormat::Rfc3339,
            object: "/items/0".into(),
            object_id: Some("/meta/ref".into()),
        },
        key: KeyRule::Derived(vec!["/meta/ref".into(), "/meta/state".into()].into()),
        event_types: vec!["order.paid".into(), "order.refunded".into()].into(),
        sample: Some(EventSample {
            body: "{\"meta\": {\"ref\": \"r_1\", \"at\": \"2026-01-01T00:00:00Z\", \"no\": 7}, \"items\": [{}]}\n".into(),
            fresh: vec!["/meta/no".into()].into(),
        }),
    };
    assert_eq!(Provider::from_toml(text), Ok(shop));
}

#[test]
fn what_is_left_out_is_the_plainest() {
    let shop = Provider::from_toml("name = \"shop\"\n[event]\nid = \"/id\"").expect("it is sound");
    assert_eq!((&*shop.title, shop.is_signed(), shop.time_limit), ("shop", false, None));
    assert_eq!((shop.acknowledgement, &shop.retries), (Acknowledgement::AnySuccess, &Retries::Unspecified));
    assert_eq!((&shop.key, &*shop.event_types, shop.sample), (&KeyRule::EventId, &[][..], None));
    assert_eq!((&*shop.shape.object, shop.shape.created_format), ("", TimeFormat::UnixSecs));
}

#[test]
fn a_body_mac_has_no_prefix_unless_one_is_written() {
    let text = "name = \"shop\"\nevent.id = \"/id\"\nsignature = { construction = \"body\", header = \"x-mac\", encoding = \"base64\" }";
    let shop = Provider::from_toml(text).expect("it is sound");
    let mac = Scheme::Body { header: "x-mac".into(), prefix: "".into(), encoding: Encoding::Base64 };
    assert_eq!(shop.signature, Some(mac));
}

#[test]
fn the_profile_of_every_built_in_provider_is_that_provider_with_its_clauses() {
    for provider in Provider::BUILT_IN {
        let text = provider.to_toml();
        assert_eq!(Provider::from_toml(&text).as_ref(), Ok(provider), "{text}");
        assert_eq!(
            Provider::from_toml(&text.replace('\n', "\r\n")).as_ref(),
            Ok(provider),
            "{}",
            provider.name
        );
    }
}

#[test]
fn a_profile_explains_every_field_in_lines_that_a_terminal_shows_whole() {
    for provider in Provider::BUILT_IN {
        let text = provider.to_toml();
        for (number, line) in text.lines().enumerate() {
            assert!(line.chars().count() <= 110, "{line}");
            let is_field = !line.starts_with('#') && line.contains(" = ");
            let before =
                number.checked_sub(1).and_then(|before| text.lines().nth(before)).unwrap_or_default();
            assert!(!is_field || before.starts_with("# "), "{line} has no sentence");
        }
    }
}

#[test]
fn what_stands_behind_a_number_sign_is_right_when_the_sign_is_removed() {
    let text = Provider::built_in("turnstay").expect("built in").to_toml();
    let text = text.replace("\"turnstay\"", "\"shop\"").replace("# [signature]", "[signature]");
    let named =
        |name: &str, text: String| text.replace(&alloc::format!("# {name} = "), &alloc::format!("{name} = "));
    let names = ["time-limit", "id", "created", "created-format", "construction", "header"];
    let text = names.into_iter().fold(text, |text, name| named(name, text));
    let shop = Provider::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert!(shop.is_signed() && shop.time_limit.is_some() && shop.shape.created != At::Nowhere, "{shop:?}");
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_as_it_was(provider in profile()) {
        let text = provider.to_toml();
        let read = Provider::from_toml(&text);
        prop_assert_eq!(read.as_ref(), Ok(&provider), "{}", text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = Provider::from_toml(&text);
    }

    #[test]
    fn no_damage_to_a_profile_makes_the_reader_panic_or_lose_the_place(
        provider in profile(),
        (from, length, put) in (any::<prop::sample::Index>(), 0..40_usize, "[\\[\\]{}\"'=\\n#.,0-9a-z~/ é-]{0,6}"),
    ) {
        let text = provider.to_toml();
        let letters: Vec<char> = text.chars().collect();
        let from = from.index(letters.len());
        let until = from.saturating_add(length).min(letters.len());
        let before = letters[..from].iter().copied();
        let damaged: String = before.chain(put.chars()).chain(letters[until..].iter().copied()).collect();
        if let Err(error) = Provider::from_toml(&damaged) {
            let lines = damaged.matches('\n').count() + 1;
            prop_assert!((1..=lines).contains(&error.line) && error.column >= 1, "{:?}", error);
            prop_assert!(!alloc::format!("{error}").contains('\n'), "{}", error);
        }
    }
}
