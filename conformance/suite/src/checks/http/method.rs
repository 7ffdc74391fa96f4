//! A delivery is a POST.

use alloc::{format, vec::Vec};

use super::hostile;
use crate::{
    Basis, Bench, Check, Exchange, Expecting, Harm, Judge, Level, Need, Phase, Seen, Step, Verdict,
    checks::{answers, otherwise, throttled},
    step::{fail, unknown},
};

pub(crate) const METHOD: Check = Check {
    id: "http/method",
    title: "an event that comes by GET, PUT or DELETE is not acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-4", "TS-3"],
    phase: Phase::Hostile,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/http-method.md"),
    judge: Judge::Script(method),
};

fn method(bench: &Bench, seen: &[Seen]) -> Step {
    let answered = answers(seen);
    if let Some((number, name)) = (1..).zip(METHODS).nth(answered.len()) {
        return Step::Send(hostile(bench.event(number).with_method(name)));
    }
    let believed = |answer: &&&Exchange| answer.is_acknowledged();
    match seen.last() {
        Some(Seen::Answer(_)) => match answered.iter().find(believed) {
            // A page for people may be behind GET; only its effect tells it from a delivery.
            Some(first) if first.event == bench.name(1) => Step::Observe(bench.name(1), Expecting::Quiet),
            _ => judge(&answered),
        },
        Some(Seen::Effects(effects)) if effects.count > 0 => {
            fail("no success status and no effect", format!("GET: 200, and {}", effects.phrase()))
        }
        Some(Seen::Effects(_) | Seen::Cannot(_)) => {
            let others: Vec<&Exchange> = answered.iter().skip(1).copied().collect();
            match judge(&others) {
                Step::Decide(Verdict::Pass) => unknown(
                    "GET was answered with a success status: a page for people, or an event that was believed",
                ),
                step => step,
            }
        }
        _ => otherwise(seen),
    }
}

fn judge(answered: &[&Exchange]) -> Step {
    let believed: Vec<_> = answered
        .iter()
        .filter(|answer| answer.is_acknowledged())
        .map(|answer| format!("{}: {}", answer.sent.summary, answer.result()))
        .collect();
    if !believed.is_empty() {
        return fail("no success status", believed.join("; "));
    }
    if let Some(slowed) = answered.iter().find(|answer| answer.is_throttled()) {
        return throttled(slowed);
    }
    match answered.iter().find(|answer| answer.status().is_none()) {
        Some(silent) => unknown(format!("{} was not answered ({})", silent.sent.summary, silent.result())),
        None => Step::Decide(Verdict::Pass),
    }
}

const METHODS: [&str; 3] = ["GET", "PUT", "DELETE"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{assert_verdicts, bench, drafts, play};

    #[test]
    fn no_other_method_is_acknowledged() {
        assert_verdicts(
            &METHOD,
            &bench("turratech"),
            &[
                (&["405", "405", "405"], "pass"),
                (&["404", "500", "302"], "pass"),
                (&["405", "200", "405"], "fail: event 2, PUT: 200"),
                (&["405", "405", "204"], "fail: event 3, DELETE: 204"),
                (&["405", "200", "200"], "fail: PUT: 200; event 3, DELETE: 200"),
                // A page for people, or an event that was believed.
                (&["200", "405", "405", "1"], "fail: GET: 200, and one effect"),
                (&["200", "405", "405", "0"], "unknown: a page for people"),
                (&["200", "405", "405", "no-observer"], "unknown: a page for people"),
                (&["200", "200", "405", "0"], "fail: event 2, PUT: 200"),
                (&["429", "405", "405"], "unknown: come back later"),
                (&["405", "closed", "405"], "unknown: event 2, PUT was not answered (connection closed"),
            ],
        );
    }

    #[test]
    fn what_is_sent_is_signed_and_no_delivery() {
        let bench = bench("turratech");
        let played = play(&METHOD, &bench, &["405", "405", "405"]);
        for (draft, method) in drafts(&played).into_iter().zip(METHODS) {
            let request = bench.seal(draft, crate::scene::STARTED);
            assert_eq!((request.method, request.intent), (method, crate::Intent::Refusable));
            assert!(request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("turratech-signature")));
        }
    }
}
