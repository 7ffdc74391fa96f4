use core::time::Duration;

use super::*;
use crate::{
    Setting, Signing,
    scene::{STARTED, assert_verdicts, bench, bench_with, drafts, exchange, outcome, play, setting},
};

const SIGNED: [&str; 4] = ["turratech", "standard-webhooks", "stripe", "github"];

#[test]
fn a_forgery_has_no_effect_whatever_it_is_answered() {
    for check in [&REJECTS_MISSING, &REJECTS_FORGED, &REJECTS_TAMPERED_BODY] {
        assert_verdicts(
            check,
            &bench("turratech"),
            &[
                (&["400", "0"], "pass"),
                (&["401", "0"], "pass"),
                (&["404", "0"], "pass"),
                (&["500", "0"], "pass"),
                (&["302", "0"], "pass"),
                // It acknowledges forgeries and ignores them.
                (&["200", "0"], "pass"),
                (&["closed", "0"], "pass"),
                (&["late", "0"], "pass"),
                (&["200", "1"], "fail: 200, and one effect"),
                (&["400", "1"], "fail: 400, and one effect"),
                (&["500", "2"], "fail: 500, and two effects (POST /fulfil)"),
                (&["late", "1"], "fail: no answer within 30 s, and one effect"),
                (&["429", "1"], "fail: 429, and one effect"),
                // It did not come to the code that verifies.
                (&["429", "0"], "unknown: come back later"),
                (&["503 retry-after 3", "0"], "unknown: come back later"),
                (&["refused", "0"], "unknown: did not reach the endpoint (connection refused)"),
                (&["unreachable", "0"], "unknown: did not reach the endpoint"),
                (&["connect-timeout", "0"], "unknown: did not reach the endpoint"),
                (&["tls", "0"], "unknown: did not reach the endpoint"),
                (&["late-unsent", "0"], "unknown: did not reach the endpoint"),
            ],
        );
    }
}

#[test]
fn without_an_observer_a_refusal_is_proof_and_a_success_is_none() {
    for check in [&REJECTS_MISSING, &REJECTS_FORGED, &REJECTS_TAMPERED_BODY] {
        for blind in ["no-observer", "not-wired", "unsettled"] {
            assert_verdicts(
                check,
                &bench("turratech"),
                &[
                    (&["400", blind], "pass"),
                    (&["403", blind], "pass"),
                    (&["500", blind], "pass"),
                    (
                        &["200", blind],
                        "unknown: answered 200, and whether it had an effect could not be seen",
                    ),
                    (&["204", blind], "unknown: answered 204"),
                    (&["429", blind], "unknown: come back later"),
                    (&["503 retry-after 3", blind], "unknown: come back later"),
                    (&["closed", blind], "unknown: was not answered (connection closed"),
                    (&["late", blind], "unknown: was not answered (no answer within 30 s)"),
                    (&["refused", blind], "unknown: did not reach the endpoint"),
                ],
            );
        }
    }
}

#[test]
fn each_forgery_is_what_its_check_says_and_else_as_usual() {
    for name in SIGNED {
        let bench = bench(name);
        for (check, signing, tampered) in [
            (&REJECTS_MISSING, Signing::Missing, false),
            (&REJECTS_FORGED, Signing::Forged, false),
            (&REJECTS_TAMPERED_BODY, Signing::Right, true),
        ] {
            let played = play(check, &bench, &["400", "0"]);
            let [draft] = drafts(&played)[..] else { panic!("{played:?}") };
            assert_eq!((draft.signing, draft.tampering.is_empty()), (signing, !tampered), "{}", check.id);
            assert_eq!(draft.kind, bench.ordinary_type());
            assert!(draft.edits.is_empty() && draft.created_ago.is_zero() && draft.signed_ago.is_zero());
        }
    }
}

#[test]
fn a_right_signature_is_believed_however_the_body_is_spelled() {
    assert_verdicts(
        &RAW_BODY,
        &bench("turratech"),
        &[
            (&["200", "200", "200", "200"], "pass"),
            (&["200", "400", "200", "200"], "fail: event 2, with white space between its members: 400"),
            (&["200", "200", "401", "200"], "fail: event 3, with a newline behind it: 401"),
            (&["200", "200", "200", "400"], "fail: event 4, with keys out of order"),
            (
                &["200", "400", "400", "400"],
                "fail: event 2, with white space between its members: 400; event 3",
            ),
            (&["200", "429", "200", "200"], "unknown: come back later"),
            // An endpoint that refuses new fields says nothing about their spelling.
            (&["400", "200", "200"], "pass"),
            (&["400", "400", "200"], "fail: event 2"),
            (&["400", "200", "400"], "fail: event 3"),
            (&["429", "200", "200"], "pass"),
        ],
    );
}

#[test]
fn a_header_is_found_in_any_case() {
    for name in SIGNED {
        let bench = bench(name);
        assert_verdicts(
            &HEADER_CASE,
            &bench,
            &[
                (&["200", "200", "200"], "pass"),
                (&["200", "400", "200"], "fail: header names in upper case: 400"),
                (&["401", "200", "200"], "fail: header names in lower case: 401"),
                (&["200", "200", "500"], "fail: header names in title case: 500"),
                (&["200", "429", "200"], "unknown: come back later"),
                (&["429", "400", "200"], "fail: header names in upper case"),
            ],
        );
        let played = play(&HEADER_CASE, &bench, &["200"; 3]);
        let header = bench.provider.signature.as_ref().unwrap().signature_header().to_lowercase();
        let mut spellings = Vec::new();
        for draft in drafts(&played) {
            let lines = bench.seal(draft, STARTED).headers;
            spellings
                .extend(lines.into_iter().map(|(name, _)| name).filter(|name| name.to_lowercase() == header));
        }
        spellings.sort_unstable();
        spellings.dedup();
        assert_eq!(spellings.len(), 3, "{name}: {spellings:?}");
    }
}

#[test]
fn a_refusal_says_what_it_is() {
    assert_verdicts(
        &REFUSAL_STATUS,
        &bench("turratech"),
        &[
            (&["400", "401"], "pass"),
            (&["403", "403"], "pass"),
            (&["404", "401"], "fail: signed with another secret: 404"),
            (&["400", "302"], "fail: without a signature: 302"),
            (&["422", "405"], "fail: 422; event 2, without a signature: 405"),
            (&["402", "400"], "fail: 402"),
            (&["499", "400"], "fail: 499"),
            // One odd refusal is enough, whatever the other is.
            (&["200", "404"], "fail: 404"),
            (&["500", "404"], "fail: 404"),
            (&["500", "400"], "unknown: answered 500: refused, or an error"),
            (&["400", "503"], "unknown: answered 503"),
            (&["429", "400"], "unknown: answered 429"),
            (&["200", "400"], "unknown: answered 200, which refuses nothing"),
            (&["400", "204"], "unknown: answered 204, which refuses nothing"),
            (&["closed", "400"], "unknown: connection closed without an answer"),
            (&["400", "late"], "unknown: no answer within 30 s"),
        ],
    );
}

#[test]
fn every_spelling_of_a_body_is_rightly_signed_and_another_body() {
    for name in SIGNED {
        let limit = Some(Duration::from_secs(5));
        let bench = bench_with(name, Setting { time_limit: limit, ..setting() });
        let played = play(&RAW_BODY, &bench, &["200"; 4]);
        for draft in drafts(&played) {
            let sent = exchange(&bench, draft, outcome("200")).sent;
            let headers: Vec<_> = sent
                .headers
                .iter()
                .map(|(name, value)| hookproof_core::Header { name, value: value.as_bytes() })
                .collect();
            let verifier = bench.verifier().unwrap();
            assert!(verifier.verify(&headers, &sent.body, STARTED).is_ok(), "{name}: {}", sent.summary);
            if draft.event.number > 1 {
                // A parser that prints it again gets other bytes.
                let value: serde_json::Value = serde_json::from_slice(&sent.body).expect("sound JSON");
                assert_ne!(serde_json::to_vec(&value).unwrap(), sent.body, "{name}: {}", sent.summary);
            }
        }
    }
}
