//! The scanner, with `serde_json` as the second opinion.

use hookproof_core::{ScanError, ScanErrorKind, locate, scan};
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

/// The bytes by which a reader tells where it is.
const STRUCTURE: &[u8] = br#"{}[],:"\0-.e "#;

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
        byte in prop_oneof![any::<u8>(), prop::sample::select(STRUCTURE.to_vec())],
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
fn it_agrees_with_serde_json_on_every_short_text_of_structure() {
    for length in 1..=5 {
        let count = STRUCTURE.len().pow(length);
        for number in 0..count {
            let digits = (0..length).map(|place| number / STRUCTURE.len().pow(place) % STRUCTURE.len());
            let json: Vec<u8> = digits.map(|digit| STRUCTURE[digit]).collect();
            assert!(agree(&json), "{}: {:?}", String::from_utf8_lossy(&json), scan(&json));
        }
    }
}

#[test]
fn it_agrees_with_serde_json_on_every_byte_and_escape_of_a_string() {
    let units =
        ["0000", "0041", "00e9", "D7FF", "d800", "DbFf", "dc00", "dfff", "e000", "ffff", "00g0", "+041"];
    let pairs = units.iter().flat_map(|first| units.map(|second| format!("\\u{first}\\u{second}")));
    let singles =
        units.iter().flat_map(|unit| ["", "a", "\\n", "\\"].map(|after| format!("\\u{unit}{after}")));
    let bytes = (0..=255).flat_map(|byte: u8| [vec![byte], vec![b'\\', byte], vec![0xe0, byte, 0x80]]);
    for inner in pairs.chain(singles).map(String::into_bytes).chain(bytes) {
        for json in [[b"\"", &*inner, b"\""].concat(), [b"{\"", &*inner, b"\":0}"].concat()] {
            assert!(agree(&json), "{}: {:?}", String::from_utf8_lossy(&json), scan(&json));
        }
    }
}

#[test]
fn it_agrees_with_the_standard_library_on_what_is_utf8_around_every_limit_of_it() {
    let second = [0x22, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
    let later = [0x22, 0x7f, 0x80, 0xbf, 0xc0];
    for lead in 0x80..=0xff_u8 {
        for second in second {
            for third in later {
                for fourth in later {
                    let inner = [lead, second, third, fourth];
                    // Behind so many letters, that the bytes lie across the words that are read at once.
                    let before = &b"aaaaaaaa"[usize::from(lead % 8)..];
                    let json = [b"\"", before, &inner, b"\""].concat();
                    match (core::str::from_utf8(&json), scan(&json)) {
                        (Ok(_), judged) => {
                            assert_ne!(judged.map_err(|error| error.kind), Err(ScanErrorKind::NotUtf8));
                        }
                        (Err(error), judged) => {
                            let place = ScanError { at: error.valid_up_to(), kind: ScanErrorKind::NotUtf8 };
                            assert_eq!(judged, Err(place), "{json:x?}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn an_error_names_its_place_and_what_is_wrong_there() {
    for (json, at, kind) in [
        (&b"\xef\xbb\xbf{}"[..], 0, ScanErrorKind::ByteOrderMark),
        (b"{\"a\":\"\xff\"}", 6, ScanErrorKind::NotUtf8),
        (b"{\"a\":", 5, ScanErrorKind::UnexpectedEnd),
        (b"{\"a\" 1}", 5, ScanErrorKind::UnexpectedByte),
        (b"[01]", 2, ScanErrorKind::BadNumber),
        (b"[1.]", 3, ScanErrorKind::BadNumber),
        (b"[\"a\\x\"]", 4, ScanErrorKind::BadEscape),
        (b"[\"a\\ud800\"]", 3, ScanErrorKind::LoneSurrogate),
        (b"[\"a\n\"]", 3, ScanErrorKind::ControlCharacter),
        (b"{} {}", 3, ScanErrorKind::TrailingBytes),
    ] {
        let error = scan(json).expect_err("not JSON");
        assert_eq!((error.at, error.kind), (at, kind), "{}", String::from_utf8_lossy(json));
        assert!(error.to_string().starts_with(&format!("byte {at} is ")), "{error}");
    }
}

#[test]
fn a_hundred_thousand_levels_are_refused_without_a_stack() {
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        let error = scan(open.repeat(100_000).as_bytes()).expect_err("too deep");
        assert_eq!(error.kind, ScanErrorKind::TooDeep);
    }
}
