//! The scanner, with `serde_json` as the second opinion.

use hookproof_core::{ScanErrorKind, locate, scan};
use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::Value;

use crate::json::{places, printed, values};

/// Text made of what JSON is made of, so that a good part of it is JSON and most of the rest nearly so.
fn nearly_json() -> impl Strategy<Value = String> {
    let pieces = vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "\\ud83e",
        "\\uddfe",
        "0041",
        "\\n",
        "\\x",
        "0",
        "-",
        "12",
        ".",
        "e",
        "E+",
        "true",
        "false",
        "null",
        "nul",
        " ",
        "\n",
        "\t",
        "\u{c}",
        "a",
        "é",
        "🧾",
        "\"a\"",
        "\"a\":",
        "{\"a\":1}",
        "[1]",
        "\u{1}",
        "\u{feff}",
    ];
    vec(prop::sample::select(pieces), 0..10).prop_map(|pieces| pieces.concat())
}

/// Whether both agree. Ours keeps numbers as they are written, so none is too large for it.
fn agree(json: &[u8]) -> bool {
    match (scan(json), serde_json::from_slice::<Value>(json)) {
        (Ok(()), Err(error)) => error.to_string().starts_with("number out of range"),
        (ours, theirs) => ours.is_ok() == theirs.is_ok(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn it_agrees_with_serde_json_on_what_is_nearly_json(json in nearly_json()) {
        prop_assert!(agree(json.as_bytes()), "{json:?}: {:?}", scan(json.as_bytes()));
    }

    #[test]
    fn it_agrees_with_serde_json_on_any_bytes(json in vec(any::<u8>(), 0..12)) {
        prop_assert!(agree(&json), "{json:?}: {:?}", scan(&json));
    }
}

proptest! {
    #[test]
    fn it_agrees_with_serde_json_when_one_byte_is_changed(
        value in values(),
        pretty in any::<bool>(),
        place in any::<Index>(),
        byte in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let mut json = printed(&value, pretty);
        let place = place.index(json.len());
        if cut {
            json.truncate(place);
        } else {
            json[place] = byte;
        }
        prop_assert!(agree(&json), "{:?}: {:?}", String::from_utf8_lossy(&json), scan(&json));
    }

    #[test]
    fn whatever_is_printed_is_sound(value in values(), pretty in any::<bool>()) {
        prop_assert_eq!(scan(&printed(&value, pretty)), Ok(()));
    }

    #[test]
    fn every_value_is_located_by_its_pointer(value in values(), pretty in any::<bool>()) {
        let json = printed(&value, pretty);
        for (pointer, inner) in places(&value) {
            let range = locate(&json, &pointer);
            let found = range.and_then(|range| serde_json::from_slice::<Value>(&json[range]).ok());
            prop_assert_eq!(found.as_ref(), Some(inner), "{}", pointer);
        }
    }

    #[test]
    fn no_pointer_panics_and_what_it_finds_lies_within(json in nearly_json(), pointer in "[/~01a\\PC]{0,8}") {
        if let Some(range) = locate(json.as_bytes(), &pointer) {
            prop_assert_eq!(scan(&json.as_bytes()[range]), Ok(()));
        }
    }

    #[test]
    fn the_place_of_an_error_lies_within_the_body(json in vec(any::<u8>(), 0..40)) {
        if let Err(error) = scan(&json) {
            prop_assert!(error.at <= json.len(), "{error}");
        }
    }

    #[test]
    fn nesting_ends_at_128_levels_whatever_it_is_made_of(kinds in vec(any::<bool>(), 1..300)) {
        let open: String = kinds.iter().map(|object| if *object { "{\"a\":" } else { "[" }).collect();
        let close: String = kinds.iter().rev().map(|object| if *object { "}" } else { "]" }).collect();
        let judged = scan(format!("{open}0{close}").as_bytes()).map_err(|error| error.kind);
        prop_assert_eq!(judged, if kinds.len() <= 128 { Ok(()) } else { Err(ScanErrorKind::TooDeep) });
    }
}

#[test]
fn a_hundred_thousand_levels_are_refused_without_a_stack() {
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        let error = scan(open.repeat(100_000).as_bytes()).expect_err("too deep");
        assert_eq!(error.kind, ScanErrorKind::TooDeep);
    }
}
