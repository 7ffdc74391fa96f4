//! Rightly signed, but no event.

use alloc::{format, string::String, vec, vec::Vec};

use super::{HOSTILE, hostile};
use crate::{
    Bench, Check, Draft, Exchange, Expecting, Failure, Judge, Outcome, Seen, Step,
    checks::{answers, excused, otherwise, throttled},
    step::{fail, pass, unknown},
};

pub(crate) const INVALID_JSON: Check = Check {
    id: "http/invalid-json",
    title: "a body that is no JSON is refused without an error of the server's",
    explain: include_str!("../explain/http-invalid-json.md"),
    judge: Judge::Script(|bench, seen| refused(bench, seen, invalid_json(bench))),
    ..NONSENSE
};

pub(crate) const EMPTY_BODY: Check = Check {
    id: "http/empty-body",
    title: "an empty body is refused without an error of the server's",
    explain: include_str!("../explain/http-empty-body.md"),
    judge: Judge::Script(|bench, seen| refused(bench, seen, empty_body(bench))),
    ..NONSENSE
};

pub(crate) const WRONG_SHAPE: Check = Check {
    id: "http/wrong-shape",
    title: "a body that is JSON but no event is refused without an error of the server's",
    explain: include_str!("../explain/http-wrong-shape.md"),
    judge: Judge::Script(|bench, seen| refused(bench, seen, wrong_shape(bench))),
    ..NONSENSE
};

pub(crate) const BAD_UTF8: Check = Check {
    id: "http/bad-utf8",
    title: "a body that is no UTF-8 is refused without an error of the server's",
    explain: include_str!("../explain/http-bad-utf8.md"),
    judge: Judge::Script(|bench, seen| refused(bench, seen, bad_utf8(bench))),
    ..NONSENSE
};

const NONSENSE: Check = Check { clauses: &["TT-4", "TS-3"], ..HOSTILE };

fn invalid_json(bench: &Bench) -> Vec<Draft> {
    let drafts = [
        (1, bench.event(1).without_its_end(), "without its last brace"),
        (2, bench.event(2).with_end("}"), "with a brace too many"),
        (3, bench.event(3).with_body(b"id=evt_1&type=payment.succeeded".to_vec()), "a form in place of JSON"),
    ];
    drafts.into_iter().map(|(_, draft, note)| draft.noted(note)).collect()
}

fn empty_body(bench: &Bench) -> Vec<Draft> {
    vec![bench.event(1).with_body(Vec::new()).noted("an empty body")]
}

fn wrong_shape(bench: &Bench) -> Vec<Draft> {
    let bodies = ["[]", "\"event\"", "17", "null"];
    let draft = |(number, body): (u16, &str)| {
        bench.event(number).with_body(body.as_bytes().to_vec()).noted(format!("{body} in place of an event"))
    };
    (1..).zip(bodies).map(draft).collect()
}

fn bad_utf8(bench: &Bench) -> Vec<Draft> {
    let note = "a byte that no UTF-8 has in one of its texts";
    vec![bench.event(1).with_bytes(bench.object(), b"\"hookproof_note\":\"\xff\"").noted(note)]
}

/// Sends each, and then looks whether one had an effect. Those of which nothing could be seen are not held against
/// anybody.
fn refused(bench: &Bench, seen: &[Seen], drafts: Vec<Draft>) -> Step {
    let answered = answers(seen);
    let events: Vec<_> = drafts.iter().map(|draft| draft.event).collect();
    if let Some(draft) = drafts.into_iter().nth(answered.len()) {
        return Step::Send(hostile(draft));
    }
    match seen.last() {
        Some(Seen::Answer(_)) => Step::ObserveEach(events, Expecting::Quiet),
        Some(Seen::Tallied(effects)) => {
            let acted: Vec<String> = answered
                .iter()
                .zip(effects)
                .filter(|(_, effects)| effects.count > 0)
                .map(|(answer, effects)| {
                    format!("{}: {}, and {}", answer.sent.summary, answer.result(), effects.phrase())
                })
                .collect();
            if acted.is_empty() { judge(bench, &answered) } else { fail("no effect", acted.join("; ")) }
        }
        // Nobody watches, but the status tells all that this rule asks for.
        Some(Seen::Cannot(_)) => judge(bench, &answered),
        _ => otherwise(seen),
    }
}

fn judge(bench: &Bench, answered: &[&Exchange]) -> Step {
    let odd = |answer: &&&Exchange| match &answer.outcome {
        Outcome::Answered(_) if answer.is_throttled() => false,
        Outcome::Answered(found) => answer.is_acknowledged() || found.status >= 500,
        Outcome::Failed(failure) => {
            matches!(failure, Failure::Closed { .. } | Failure::TimedOut { .. } | Failure::NotHttp(_))
                && excused(bench, answer).is_none()
        }
        Outcome::Cut => false,
    };
    let odd: Vec<String> = answered
        .iter()
        .filter(odd)
        .map(|answer| format!("{}: {}", answer.sent.summary, answer.result()))
        .collect();
    if !odd.is_empty() {
        return fail("an answer between 300 and 499 each time", odd.join("; "));
    }
    if let Some(slowed) = answered.iter().find(|answer| answer.is_throttled()) {
        return throttled(slowed);
    }
    match answered.iter().find(|answer| answer.status().is_none()) {
        Some(silent) => unknown(format!("{} was not answered ({})", silent.sent.summary, silent.result())),
        None => pass(),
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::{
        Intent, Setting,
        scene::{STARTED, assert_verdicts, bench, bench_with, drafts, play, setting},
    };

    #[test]
    fn a_body_that_is_no_event_is_refused_without_an_error() {
        let bench = bench("turratech");
        assert_verdicts(
            &EMPTY_BODY,
            &bench,
            &[
                (&["400", "0 x 1"], "pass"),
                (&["302", "0 x 1"], "pass"),
                (&["422", "no-observer"], "pass"),
                (&["400", "not-wired"], "pass"),
                (&["400", "1 x 1"], "fail: 400, and one effect"),
                (&["200", "0 x 1"], "fail: an empty body: 200"),
                (&["200", "no-observer"], "fail: an empty body: 200"),
                (&["500", "0 x 1"], "fail: an empty body: 500"),
                (&["closed", "0 x 1"], "fail: connection closed"),
                (&["late", "0 x 1"], "fail: no answer within 30 s"),
                (&["not-http", "0 x 1"], "fail: not HTTP/1.1"),
                (&["429", "0 x 1"], "unknown: come back later"),
                (&["503 retry-after 3", "0 x 1"], "unknown: come back later"),
                (&["refused", "0 x 1"], "unknown: was not answered (connection refused)"),
            ],
        );
        assert_verdicts(
            &WRONG_SHAPE,
            &bench,
            &[
                (&["400", "400", "400", "400", "0 x 4"], "pass"),
                (
                    &["400", "500", "400", "200", "0 x 4"],
                    "fail: event 2, \"event\" in place of an event: 500; event 4",
                ),
            ],
        );
    }

    #[test]
    fn where_nobody_named_a_limit_silence_is_no_failure() {
        let late: &[&str] = &["late", "0 x 1"];
        assert_verdicts(&EMPTY_BODY, &bench("turnstay"), &[(late, "unknown: was not answered")]);
        let named = Setting { time_limit: Some(Duration::from_secs(3)), ..setting() };
        assert_verdicts(&EMPTY_BODY, &bench_with("turnstay", named), &[(late, "fail: no answer within 3 s")]);
    }

    #[test]
    fn each_body_is_signed_as_it_is_and_no_event() {
        for name in ["turratech", "turnstay", "stripe", "github", "standard-webhooks"] {
            let bench = bench(name);
            for (check, count) in [(&INVALID_JSON, 3), (&EMPTY_BODY, 1), (&WRONG_SHAPE, 4), (&BAD_UTF8, 1)] {
                let tally = format!("0 x {count}");
                let replies: Vec<&str> = core::iter::repeat_n("400", count).chain([tally.as_str()]).collect();
                let played = play(check, &bench, &replies);
                for draft in drafts(&played) {
                    let request = bench.seal(draft, STARTED);
                    assert_eq!(request.intent, Intent::Refusable);
                    let headers: Vec<_> = request
                        .headers
                        .iter()
                        .map(|(name, value)| hookproof_core::Header { name, value: value.as_bytes() })
                        .collect();
                    if let Some(verifier) = bench.verifier() {
                        assert!(verifier.verify(&headers, &request.body, STARTED).is_ok(), "{}", check.id);
                    }
                    let event = hookproof_core::Event::parse(&bench.provider.shape, &headers, &request.body);
                    assert!(event.is_err(), "{name}: {}: {}", check.id, request.summary);
                }
            }
        }
    }
}
