use alloc::vec::Vec;

use hookproof_core::{Header, VerifyError};

use super::*;
use crate::{
    Intent,
    scene::{STARTED, assert_verdicts, bench, drafts, play},
};

const SIGNED: [&str; 4] = ["turratech", "standard-webhooks", "stripe", "github"];

#[test]
fn one_forgery_has_no_effect_whatever_it_is_answered() {
    for check in [&REJECTS_TAMPERED_TIMESTAMP, &REJECTS_DOWNGRADE] {
        assert_verdicts(
            check,
            &bench("turratech"),
            &[
                (&["400", "0"], "pass"),
                (&["200", "0"], "pass"),
                (&["500", "0"], "pass"),
                (&["400", "no-observer"], "pass"),
                (&["200", "1"], "fail: 200, and one effect"),
                (&["400", "1"], "fail: 400, and one effect"),
                (&["200", "no-observer"], "unknown: answered 200"),
                (&["429", "0"], "unknown: come back later"),
                (&["refused", "0"], "unknown: did not reach the endpoint"),
            ],
        );
    }
}

#[test]
fn neither_of_two_forgeries_has_an_effect_whatever_they_are_answered() {
    for check in [&REJECTS_TRUNCATED, &REJECTS_EMPTY] {
        assert_verdicts(
            check,
            &bench("turratech"),
            &[
                (&["400 x 2", "0 x 2"], "pass"),
                (&["200 x 1, 401 x 1", "0 x 2"], "pass"),
                (&["500 x 2", "0 x 2"], "pass"),
                (&["closed x 1, late x 1", "0 x 2"], "pass"),
                (&["200 x 1, 400 x 1", "1 x 1, 0 x 1"], "fail: event 1, with"),
                (&["400 x 1, 200 x 1", "0 x 1, 1 x 1"], "fail: event 2, with"),
                (&["400 x 2", "0 x 1, 2 x 1"], "fail: event 2, with"),
                (&["200 x 2", "1 x 2"], "fail: 200, and one effect; event 2"),
                // An effect tells more than the other one's silence.
                (&["429 x 1, 200 x 1", "0 x 1, 1 x 1"], "fail: event 2"),
                (&["429 x 1, 400 x 1", "0 x 2"], "unknown: come back later"),
                (&["400 x 1, 503 retry-after 3 x 1", "0 x 2"], "unknown: come back later"),
                (&["400 x 1, refused x 1", "0 x 2"], "unknown: event 2, with"),
                (&["late-unsent x 1, 400 x 1", "0 x 2"], "unknown: did not reach the endpoint"),
            ],
        );
        for blind in ["no-observer", "not-wired", "unsettled"] {
            assert_verdicts(
                check,
                &bench("turratech"),
                &[
                    (&["400 x 2", blind], "pass"),
                    (&["403 x 1, 500 x 1", blind], "pass"),
                    (&["400 x 1, 200 x 1", blind], "unknown: 200, and whether it had an effect"),
                    (&["400 x 1, 429 x 1", blind], "unknown: come back later"),
                    (&["closed x 1, 400 x 1", blind], "unknown: was not answered (connection closed"),
                ],
            );
        }
    }
}

#[test]
fn with_one_delivery_at_a_time_they_go_one_by_one() {
    let mut bench = bench("turratech");
    bench.jobs = 1;
    assert_verdicts(&REJECTS_EMPTY, &bench, &[(&["400 x 1", "400 x 1", "0 x 2"], "pass")]);
}

#[test]
fn each_forgery_is_what_its_check_says_and_is_refused_for_it() {
    for name in SIGNED {
        for (check, replies, code) in [
            (&REJECTS_TAMPERED_TIMESTAMP, &["400", "0"][..], "no_match"),
            (&REJECTS_TRUNCATED, &["400 x 2", "0 x 2"], "malformed_header"),
            (&REJECTS_EMPTY, &["400 x 2", "0 x 2"], "malformed_header"),
            (&REJECTS_DOWNGRADE, &["400", "0"], "malformed_header"),
        ] {
            if check.not_applicable(&bench(name).provider, &crate::scene::setting()).is_some() {
                continue;
            }
            let played = play(check, &bench(name), replies);
            for draft in drafts(&played) {
                assert_eq!(refusal(&bench(name), draft), code, "{name} {}: {}", check.id, draft.summary());
                assert_eq!(draft.intent, Intent::Refusable);
            }
        }
    }
}

#[test]
fn only_the_mac_tells_that_a_time_was_changed() {
    let bench = bench("turratech");
    let request = bench.seal(&tampered_timestamp(&bench), STARTED);
    let (_, value) = request.headers.last().unwrap();
    let said = alloc::format!("t={},v1=", STARTED.as_unix_secs() - 60);
    assert!(value.starts_with(&said), "{value}");
    // With the time that was signed it would be believed.
    let signed = alloc::format!("t={},v1=", STARTED.as_unix_secs());
    let repaired = value.replace(&said, &signed);
    let header = Header { name: "turratech-signature", value: repaired.as_bytes() };
    assert!(bench.verifier().unwrap().verify(&[header], &request.body, STARTED).is_ok());
}

#[test]
fn each_forgery_is_written_as_signatures_of_its_construction_are() {
    for (name, lead, old) in [
        ("turratech", "t=1767225600,v1=", "t=1767225600,v0="),
        ("standard-webhooks", "v1,", "v0,"),
        ("github", "sha256=", "sha1="),
    ] {
        let bench = bench(name);
        let written = |mut draft: Draft| {
            // The first event's, so that all have its MAC.
            draft.event = bench.name(1);
            bench.seal(&draft, STARTED).headers.pop().unwrap().1
        };
        let right = written(bench.event(1));
        let mac = right.strip_prefix(lead).unwrap();
        for (number, bytes) in [(1, 16_usize), (2, 31)] {
            let value = written(truncated(&bench, number));
            let beginning = value.strip_prefix(lead).unwrap_or_else(|| panic!("{name}: {value}"));
            // A character of hexadecimal is four bits of the MAC, one of base64 six; its last ones are of no whole byte.
            let (length, whole) = if mac.ends_with('=') {
                (bytes.div_ceil(3) * 4, bytes * 8 / 6)
            } else {
                (bytes * 2, bytes * 2)
            };
            assert_eq!(beginning.len(), length, "{name}: {value}");
            assert!(mac.starts_with(&beginning[..whole]) && beginning != mac, "{name}: {value}");
        }
        assert_eq!([1, 2].map(|number| written(empty(&bench, number))), [lead, ""], "{name}");
        assert_eq!(written(downgraded(&bench)), [old, mac].concat(), "{name}");
    }
}

/// The code with which an endpoint's verifier refuses a draft that leaves at once.
pub(crate) fn refusal(bench: &Bench, draft: &Draft) -> &'static str {
    let request = bench.seal(draft, STARTED);
    let headers: Vec<Header<'_>> =
        request.headers.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
    let verdict = bench.verifier().unwrap().verify(&headers, &request.body, STARTED);
    verdict.as_ref().map_or_else(VerifyError::code, |_| "ok")
}
