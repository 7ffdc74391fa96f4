//! How an HTTP client may send the same event.

use alloc::{format, vec::Vec};

use super::beside_its_plain_form;
use crate::{
    Basis, Bench, Check, Draft, Framing, Harm, Judge, Level, Need, Phase, Seen, Step, checks::excused,
    step::unknown,
};

pub(crate) const CHARSET: Check = Check {
    id: "acknowledge/charset",
    title: "an event whose content type names its charset is acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-4"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/acknowledge-charset.md"),
    judge: Judge::Script(|bench, seen| {
        let named = bench.event(1).with_content_type(Some(WITH_CHARSET)).noted("with a charset");
        beside_an_ordinary_one(bench, seen, [named])
    }),
};

pub(crate) const CHUNKED: Check = Check {
    id: "acknowledge/chunked",
    title: "an event whose length is not told before its body is acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-4"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/acknowledge-chunked.md"),
    judge: Judge::Script(|bench, seen| {
        let chunked = bench.event(1).framed(Framing::Chunked).noted("its body in chunks");
        beside_an_ordinary_one(bench, seen, [chunked])
    }),
};

pub(crate) const KEEP_ALIVE: Check = Check {
    id: "acknowledge/keep-alive",
    title: "several events on one connection are acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-4"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/acknowledge-keep-alive.md"),
    judge: Judge::Script(|bench, seen| {
        // An endpoint that closes the connection behind its answer is asked on new ones, as HTTP has it.
        let kept = |number, note| bench.event(number).on_connection(1).noted(note);
        let drafts = [
            kept(1, "first on its connection"),
            kept(2, "second on its connection"),
            kept(3, "third on its connection"),
        ];
        beside_an_ordinary_one(bench, seen, drafts)
    }),
};

pub(crate) const QUERY_STRING: Check = Check {
    id: "acknowledge/query-string",
    title: "an event to the address with a query behind it is acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-4"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/acknowledge-query-string.md"),
    judge: Judge::Script(query_string),
};

/// An endpoint that takes another parameter reads this one, and may know no such tenant.
fn query_string(bench: &Bench, seen: &[Seen]) -> Step {
    let [tenant, other] =
        [(1, "tenant=1"), (2, "hookproof=1")].map(|(number, query)| bench.event(number).with_query(query));
    match seen {
        [Seen::Answer(first), rest @ ..] if !first.is_acknowledged() && excused(bench, first).is_none() => {
            match rest {
                [Seen::Answer(second), ..] if second.is_acknowledged() => unknown(format!(
                    "it takes ?hookproof=1 and not ?tenant=1 ({}), so it may read the tenant and know no such one",
                    first.result()
                )),
                _ => beside_an_ordinary_one(bench, seen, [tenant, other]),
            }
        }
        _ => beside_an_ordinary_one(bench, seen, [tenant]),
    }
}

/// What is refused is held against an endpoint that takes an ordinary event behind it.
fn beside_an_ordinary_one<const N: usize>(bench: &Bench, seen: &[Seen], drafts: [Draft; N]) -> Step {
    let ordinary = || bench.event(ORDINARY).noted("sent as ever");
    let pairs: Vec<(Draft, Draft)> = drafts.into_iter().map(|draft| (draft, ordinary())).collect();
    beside_its_plain_form(bench, seen, &pairs, "an event that was sent as ever")
}

/// The number of the event that every check of this file compares with.
const ORDINARY: u16 = 9;

const WITH_CHARSET: &str = "application/json; charset=utf-8";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{STARTED, assert_verdicts, bench, drafts, play};

    #[test]
    fn what_travels_in_another_way_is_held_against_an_ordinary_event() {
        for (check, note) in [(&CHARSET, "with a charset"), (&CHUNKED, "its body in chunks")] {
            assert_verdicts(
                check,
                &bench("turratech"),
                &[
                    (&["200"], "pass"),
                    (&["204"], "pass"),
                    (&["415", "200"], &alloc::format!("fail: event 1, {note}: 415")),
                    (&["closed", "200"], "fail: connection closed"),
                    (&["late", "200"], "fail: no answer within 30 s"),
                    (
                        &["400", "500"],
                        "unknown: an event that was sent as ever was not acknowledged either (500)",
                    ),
                    (&["400", "429"], "unknown: either (429)"),
                    (&["429"], "unknown: come back later"),
                    (&["503 retry-after 1"], "unknown: come back later"),
                ],
            );
            assert_verdicts(
                check,
                &bench("turnstay"),
                &[(&["late"], "unknown: our assumption"), (&["202", "200"], "fail: 202")],
            );
        }
    }

    #[test]
    fn a_query_is_held_against_an_endpoint_that_takes_no_other_either() {
        assert_verdicts(
            &QUERY_STRING,
            &bench("turratech"),
            &[
                (&["200"], "pass"),
                (&["404", "404", "200"], "fail: event 1, with the query ?tenant=1: 404; event 2"),
                (&["closed", "404", "200"], "fail: connection closed"),
                (&["404", "200"], "unknown: it may read the tenant and know no such one"),
                (&["404", "404", "500"], "unknown: sent as ever was not acknowledged either (500)"),
                (&["404", "429", "200"], "fail: event 1, with the query ?tenant=1: 404"),
                (&["429"], "unknown: come back later"),
            ],
        );
        assert_verdicts(&QUERY_STRING, &bench("turnstay"), &[(&["late"], "unknown: our assumption")]);
    }

    #[test]
    fn each_travels_as_its_check_says() {
        let bench = bench("turratech");
        let sent = |check| bench.seal(drafts(&play(check, &bench, &["200"]))[0], STARTED);
        let content_type = |request: &crate::Request| {
            let lines = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            lines.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        assert_eq!(content_type(&sent(&CHARSET)), ["application/json; charset=utf-8"]);
        assert_eq!(sent(&CHUNKED).transport.framing, Framing::Chunked);
        assert_eq!(sent(&QUERY_STRING).query, Some("tenant=1"));
        for check in [&CHUNKED, &QUERY_STRING] {
            assert_eq!(content_type(&sent(check)), ["application/json"], "{}", check.id);
        }
    }

    #[test]
    fn several_events_share_one_connection_and_the_ordinary_one_has_its_own() {
        assert_verdicts(
            &KEEP_ALIVE,
            &bench("turratech"),
            &[
                (&["200", "200", "200"], "pass"),
                (&["200", "400", "400", "200"], "fail: event 2, second on its connection: 400; event 3"),
                (
                    &["200", "closed", "200", "200"],
                    "fail: event 2, second on its connection: connection closed",
                ),
                (&["200", "429", "200"], "unknown: come back later"),
                (&["200", "500", "500", "500"], "unknown: sent as ever was not acknowledged either"),
            ],
        );
        let played = play(&KEEP_ALIVE, &bench("turratech"), &["200", "400", "200", "200"]);
        let lanes: Vec<Option<u8>> = drafts(&played).into_iter().map(|draft| draft.lane).collect();
        assert_eq!(lanes, [Some(1), Some(1), Some(1), None]);
    }
}
