//! What an endpoint knows an event by.

use alloc::{format, vec};

use hookproof_core::At;

use crate::{
    Basis, Bench, Check, Expecting, Harm, Judge, Level, Need, Phase, Seen, Step,
    checks::{answers, exactly_one, is_passing, otherwise, statuses, throttled, until_free},
    step::{fail, not_applicable, pass, unknown},
};

pub(crate) const UNSIGNED_KEY: Check = Check {
    id: "duplicate/unsigned-key",
    title: "a header that nobody signed does not decide what is a duplicate",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectMiscounted,
    clauses: &["TT-8"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/duplicate-unsigned-key.md"),
    judge: Judge::Script(unsigned_key),
};

pub(crate) const SAME_ID_OTHER_BODY: Check = Check {
    id: "duplicate/same-id-other-body",
    title: "another body under the id of a processed event has no effect of its own",
    level: Level::May,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-8"],
    phase: Phase::Hostile,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/duplicate-same-id-other-body.md"),
    judge: Judge::Script(same_id_other_body),
};

/// The same key on two events, and another one on a copy.
fn unsigned_key(bench: &Bench, seen: &[Seen]) -> Step {
    if matches!(bench.provider.shape.id, At::Header(_)) {
        return not_applicable(format!("{}'s own event id is a header", bench.provider.title));
    }
    let (one, other) = (format!("{}-1", bench.id(bench.name(9))), format!("{}-2", bench.id(bench.name(9))));
    let send = |number, key: &str, note: &'static str| {
        let draft = bench.event(number).noted(note);
        Step::Send(UNSIGNED.iter().fold(draft, |draft, name| draft.with_header(name, key)))
    };
    let sent = answers(seen);
    match (sent.as_slice(), seen.last()) {
        ([.., last], Some(Seen::Answer(_))) if !last.is_acknowledged() => {
            // A copy may meet the first one at work.
            if matches!(sent.as_slice(), [_, _, _] | [_, _, _, _]) && is_passing(last) {
                Step::Pause(until_free(bench, [*last]))
            } else {
                unknown(format!("{} was not acknowledged ({})", last.sent.summary, last.result()))
            }
        }
        ([], _) => send(1, &one, "with an unsigned key"),
        ([_], _) => send(2, &one, "another event with the same unsigned key"),
        ([_, _], _) | (_, Some(Seen::Paused(_))) => {
            send(1, &other, "event 1 again with another unsigned key")
        }
        (_, Some(Seen::Answer(_))) => Step::ObserveEach(vec![bench.name(1), bench.name(2)], Expecting::Some),
        (_, Some(Seen::Tallied(effects))) => match effects.iter().find(|effects| effects.count != 1) {
            None => pass(),
            Some(wrong) => {
                fail("one effect for each of two events", format!("{}: {}", wrong.event, wrong.phrase()))
            }
        },
        _ => otherwise(seen),
    }
}

/// Whether the second body is acknowledged or refused is the endpoint's choice.
fn same_id_other_body(bench: &Bench, seen: &[Seen]) -> Step {
    if matches!(bench.provider.shape.id, At::Nowhere) {
        return not_applicable(format!("{}'s events have no id", bench.provider.title));
    }
    match seen {
        [] => Step::Send(bench.event(1)),
        [Seen::Answer(first)] if !first.is_acknowledged() => unknown("the first body was not acknowledged"),
        [Seen::Answer(_)] => Step::Observe(bench.name(1), Expecting::Some),
        [_, Seen::Effects(effects)] if effects.count != 1 => {
            unknown(format!("the first body had {}", effects.phrase()))
        }
        [_, Seen::Effects(_)] => Step::Send(
            bench
                .event(1)
                .created_ago(core::time::Duration::from_secs(60))
                .with_member(bench.object(), r#""hookproof_note":"another body""#)
                .noted("another body under the same id"),
        ),
        [_, _, Seen::Answer(second)] if !second.arrived() => {
            unknown(format!("the second body did not reach the endpoint ({})", second.result()))
        }
        [_, _, Seen::Answer(second)] if second.is_throttled() => throttled(second),
        [_, _, Seen::Answer(_)] => Step::Observe(bench.name(1), Expecting::Quiet),
        [_, _, _, Seen::Effects(effects)] => exactly_one(effects, &statuses(seen)),
        _ => otherwise(seen),
    }
}

/// Names under which frameworks and proxies pass a key on.
const UNSIGNED: [&str; 2] = ["x-request-id", "idempotency-key"];

#[cfg(test)]
mod tests;
