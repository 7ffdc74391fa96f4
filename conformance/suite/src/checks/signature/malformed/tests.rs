use alloc::{collections::BTreeMap, string::ToString};

use hookproof_core::{Encoding, Scheme, Secret, Timestamp, Tolerance, Verifier};
use serde_json::Value;

use super::*;
use crate::{
    Intent, Spelling,
    checks::signature::forged::tests::refusal,
    scene::{assert_verdicts, bench, bench_of, drafts, play},
    spelling::Facts,
};

const TIMESTAMPED: &str = include_str!("../../../../../../fixtures/signatures/timestamped.json");
const STANDARD: &str = include_str!("../../../../../../fixtures/signatures/standard.json");
const BODY: &str = include_str!("../../../../../../fixtures/signatures/body.json");

/// Every header here is one that was given to every official SDK, and refused by all.
#[test]
fn each_header_is_the_fixture_of_its_name_which_every_sdk_refuses() {
    for (provider, file, id, least) in [
        ("turratech", TIMESTAMPED, "", 60),
        ("stripe", TIMESTAMPED, "", 60),
        ("standard-webhooks", STANDARD, "msg_2Lm5Qp8s", 21),
        ("github", BODY, "", 13),
    ] {
        let vectors: Value = serde_json::from_str(file).expect("sound JSON");
        let cases: BTreeMap<&str, &Value> = vectors["cases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|case| (case["id"].as_str().unwrap(), case))
            .collect();
        let scheme = bench(provider).provider.signature.clone().unwrap();
        let rows = headers::of(&scheme);
        for (name, spelling) in &rows {
            let case = cases.get(name).unwrap_or_else(|| panic!("{provider}: no fixture {name}"));
            let flags: Vec<&str> =
                case["flags"].as_array().unwrap().iter().map(|flag| flag.as_str().unwrap()).collect();
            assert!(flags.contains(&"refused-by-every-sdk"), "{provider} {name}: {flags:?}");
            let values: Vec<&str> =
                case["headers"].as_array().unwrap().iter().map(|line| line[1].as_str().unwrap()).collect();
            assert_eq!(written_at(&scheme, *spelling, case, id), values, "{provider} {name}");
        }
        assert!(rows.len() >= least, "{provider}: {}", rows.len());
        let names: alloc::collections::BTreeSet<&str> = rows.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), rows.len(), "{provider}");
    }
}

#[test]
fn each_header_can_be_sent_and_is_refused_as_malformed() {
    for name in ["turratech", "standard-webhooks", "stripe", "github"] {
        let bench = bench(name);
        let all = headers::of(bench.provider.signature.as_ref().unwrap());
        for (number, malformed) in (1..).zip(&all) {
            let draft = draft(&bench, number, malformed);
            let code = refusal(&bench, &draft);
            assert!(matches!(code, "malformed_header" | "missing_header"), "{name} {}: {code}", malformed.0);
            for (_, value) in bench.seal(&draft, crate::scene::STARTED).headers {
                let carried = value.trim() == value && value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
                assert!(carried, "{name} {}: {value}", malformed.0);
                assert!(!value.contains(['<', '>']), "{name} {}: a hole is open in {value}", malformed.0);
            }
            assert_eq!(draft.intent, Intent::Refusable);
        }
    }
}

#[test]
fn of_a_profile_only_what_is_malformed_there_is_sent() {
    for (signature, count) in [
        ("prefix = \"v0=\"\nencoding = \"hex\"", 12),
        ("encoding = \"base64\"", 4),
        ("encoding = \"hex\"", 9),
        ("prefix = \"sha256=\"\nencoding = \"base64\"", 8),
    ] {
        let bench = bench_of(&alloc::format!(
            "name = \"corner-shop\"\nevent-types = [\"order.paid\"]\n[event]\nid = \"/id\"\ntype = \"/what\"\n\
             object = \"/order\"\n[signature]\nconstruction = \"body\"\nheader = \"x-sign\"\n{signature}\n"
        ));
        let all = headers::of(bench.provider.signature.as_ref().unwrap());
        for (number, malformed) in (1..).zip(&all) {
            let code = refusal(&bench, &draft(&bench, number, malformed));
            assert_eq!(code, "malformed_header", "{signature}: {}", malformed.0);
        }
        assert_eq!(all.len(), count, "{signature}");
    }
}

#[test]
fn none_of_them_has_an_effect_and_none_is_an_error() {
    let turratech = bench("turratech");
    let all = headers::of(turratech.provider.signature.as_ref().unwrap()).len();
    assert_eq!(all % 4, 0, "the table below sends them by fours");
    let rounds = all / 4;
    let play = |first: &str, behind: &[&str], expected: &str| {
        let replies: Vec<&str> = [first]
            .into_iter()
            .chain(core::iter::repeat_n("400 x 4", rounds - 1))
            .chain(behind.iter().copied())
            .collect();
        assert_verdicts(&REJECTS_MALFORMED, &turratech, &[(&replies, expected)]);
    };
    let none = alloc::format!("0 x {all}");
    let one = alloc::format!("0 x 1, 1 x 1, 0 x {}", all - 2);
    play("400 x 4", &[&none], "pass");
    play("200 x 4", &[&none], "pass");
    play("closed x 1, 404 x 3", &[&none], "pass");
    play(
        "400 x 1, 200 x 1, 400 x 2",
        &[&one],
        "fail: event 2, its signature malformed (timestamp-negative): 200, and one effect",
    );
    play("429 x 1, 400 x 3", &[&none], "unknown: come back later");
    play("429 x 1, 400 x 3", &[&one], "fail: event 2");
    play("refused x 1, 400 x 3", &[&none], "unknown: did not reach");
    play("400 x 4", &["no-observer"], "pass");
    play("400 x 3, 200 x 1", &["no-observer"], "unknown: event 4, its signature malformed");
    // Errors: held against an endpoint when forgeries get something else and the error comes again.
    play("500 x 1, 400 x 3", &[&none, "400", "500"], "fail: once more: 500");
    play(
        "500 x 4",
        &["no-observer", "401", "502", "502", "400"],
        "fail: (timestamp-negative), once more: 502",
    );
    play("500 x 4", &[&none, "200", "500", "500", "500"], "fail: event 64");
    play("500 x 1, 400 x 3", &[&none, "400", "400"], "unknown: not when they were sent again");
    play("500 x 1, 400 x 3", &[&none, "500"], "unknown: so is a plain forgery (500)");
    play("500 x 1, 200 x 1, 400 x 2", &[&one], "fail: event 2");
    // A busy endpoint says so.
    play("503 x 1, 400 x 3", &[&none], "pass");
}

#[test]
fn every_delivery_is_an_event_of_its_own() {
    let bench = bench("github");
    let played = play(
        &REJECTS_MALFORMED,
        &bench,
        &["500 x 4", "400 x 4", "400 x 4", "400 x 1", "0 x 13", "400", "500", "500", "500"],
    );
    let sent = drafts(&played);
    let names: alloc::collections::BTreeSet<_> = sent.iter().map(|draft| draft.event).collect();
    assert_eq!((names.len(), sent.len()), (17, 17));
}

/// The values of the headers that a spelling has at the time, with the secret and over the body of a fixture.
fn written_at(scheme: &Scheme, spelling: Spelling, case: &Value, id: &str) -> Vec<String> {
    let verifier =
        |secret: &str| Verifier::new(scheme, &[Secret::new(secret).unwrap()], Tolerance::DEFAULT).unwrap();
    let right = verifier(case["secrets"][0].as_str().unwrap());
    let now = Timestamp::from_unix_secs(case["now_secs"].as_u64().unwrap());
    let body = decoded(case["body_base64"].as_str().unwrap());
    let other = verifier("whsec_b3RoZXI=");
    let facts = Facts { scheme, right: &right, other: &other, id, signed: now, now, body: &body };
    let written = spelling.write(&facts).unwrap();
    written.headers.into_iter().map(|(_, value)| value).collect()
}

/// The bytes of a fixture's body.
fn decoded(base64: &str) -> Vec<u8> {
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = base64
        .trim_end_matches('=')
        .chars()
        .flat_map(|letter| {
            let value = digits.find(letter).unwrap();
            (0..6).rev().map(move |bit| u8::from(value >> bit & 1 == 1))
        })
        .collect();
    let bytes: Vec<u8> =
        bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    assert_eq!(Encoding::Base64.encode(&bytes), base64.to_string());
    bytes
}
