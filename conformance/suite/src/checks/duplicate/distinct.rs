//! What makes two deliveries the same event: its id, and nothing else.

use alloc::{format, string::String, vec, vec::Vec};

use hookproof_core::At;

use super::not_yet;
use crate::{
    Basis, Bench, Check, Draft, Effects, EventName, Exchange, Expecting, Feature, Harm, Judge, Level, Need,
    Phase, Seen, Step,
    checks::{answers, exactly_one, otherwise, statuses},
    step::{fail, not_applicable, pass, unknown},
};

pub(crate) const FORGED_FIRST: Check = Check {
    id: "duplicate/forged-first",
    title: "a forged copy that comes first does not suppress the genuine event",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-7", "TT-8"],
    phase: Phase::Refused,
    rests_on: &[Feature::Signature],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/duplicate-forged-first.md"),
    judge: Judge::Script(forged_first),
};

pub(crate) const DISTINCT_EVENTS: Check = Check {
    id: "duplicate/distinct-events",
    title: "events that are alike and not the same have an effect each",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-8", "TS-6"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/duplicate-distinct-events.md"),
    judge: Judge::Script(distinct_events),
};

pub(crate) const UNSIGNED_KEY: Check = Check {
    id: "duplicate/unsigned-key",
    title: "a header that nobody signed does not decide what is a duplicate",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
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

/// Whoever notes an id before the signature is verified lets any stranger suppress any event.
fn forged_first(bench: &Bench, seen: &[Seen]) -> Step {
    let copies = answers(seen);
    match (copies.as_slice(), seen.last()) {
        ([], _) => Step::Send(bench.event(1).forged()),
        ([forged, ..], _) if !forged.arrived() => {
            unknown(format!("the forged copy did not reach the endpoint ({})", forged.result()))
        }
        ([_], Some(Seen::Answer(_))) => Step::Observe(bench.name(1), Expecting::Quiet),
        ([_], Some(Seen::Effects(effects))) if effects.count > 0 => unknown(
            "the forged copy had the effect itself, so the genuine one could not; see signature/rejects-forged",
        ),
        // Without an observer, a genuine event that is refused still tells.
        ([_], Some(Seen::Effects(_) | Seen::Cannot(_))) => {
            Step::Send(bench.event(1).noted("the genuine event"))
        }
        ([_, .., last], Some(Seen::Answer(_))) if !last.is_acknowledged() => {
            not_yet(bench, seen, &copies, "a success status for the genuine event behind a forged copy")
        }
        ([_, ..], Some(Seen::Paused(_))) => Step::Send(bench.event(1).noted("the genuine event again")),
        (_, Some(Seen::Answer(_))) => Step::Observe(bench.name(1), Expecting::Some),
        (_, Some(Seen::Effects(effects))) => exactly_one(effects, &statuses(seen)),
        _ => otherwise(seen),
    }
}

/// Those that come first, then those that are taken for them.
fn distinct_events(bench: &Bench, seen: &[Seen]) -> Step {
    let [first, second] = crowd(bench);
    let judged = || {
        let drafts = crowd(bench).into_iter().flatten().filter(|draft| draft.about.is_none());
        drafts.map(|draft| draft.event).collect()
    };
    match seen {
        [] => Step::SendTogether(first),
        [Seen::Together(_)] if !second.is_empty() => Step::SendTogether(second),
        [Seen::Together(copies)] | [Seen::Together(_), Seen::Together(copies)] => {
            let all = seen.iter().flat_map(|seen| match seen {
                Seen::Together(copies) => copies.as_slice(),
                _ => &[],
            });
            refusal(bench, all, copies).unwrap_or_else(|| Step::ObserveEach(judged(), Expecting::Some))
        }
        [.., Seen::Tallied(effects)] => each_its_own(bench, seen, effects),
        _ => otherwise(seen),
    }
}

/// Two ordinary events of one second; where ids are text, two that differ in the case of one letter, and two of
/// which one begins with the other; and one about an object of which another type has spoken before.
fn crowd(bench: &Bench) -> [Vec<Draft>; 2] {
    let ordinary = |number| bench.event(number);
    let mut first = vec![ordinary(1).noted("one of two in one second"), ordinary(2).noted("the other")];
    let mut second = Vec::new();
    // GUIDs are written in either case, and numbers are all alike. What counts effects may not tell cases apart.
    let [case, prefix] = [SMALL, LONGER].map(|number| bench.id(bench.name(number - 1)));
    if !matches!(bench.provider.shape.id, At::Nowhere) && case.contains('_') {
        if !bench.counts_dearly {
            first.push(
                ordinary(SMALL - 1).called(format!("{case}_a")).noted("its id ends with a small letter"),
            );
            second.push(
                ordinary(SMALL)
                    .called(format!("{case}_A"))
                    .noted("its id ends with the same letter as a capital"),
            );
        }
        first.push(ordinary(LONGER - 1));
        second.push(
            ordinary(LONGER)
                .called(format!("{prefix}_2"))
                .noted(format!("its id begins with that of event {}", LONGER - 1)),
        );
    }
    if !matches!((&bench.provider.shape.id, &bench.provider.shape.kind), (At::Nowhere, _) | (_, At::Nowhere))
    {
        let note = format!("of another type, about the object of event {ABOUT}");
        first.push(bench.event_of(ABOUT - 1, "hookproof.noted").about(bench.name(ABOUT)).noted(note));
        second.push(ordinary(ABOUT).noted("about an object of which another type has spoken before"));
    }
    [first, second]
}

/// Why there is nothing to count.
fn refusal<'a>(
    bench: &Bench,
    mut all: impl Iterator<Item = &'a Exchange>,
    last: &[Exchange],
) -> Option<Step> {
    let about = last.iter().find(|exchange| exchange.event == bench.name(ABOUT));
    if let Some(refused) = about.filter(|exchange| matches!(exchange.status(), Some(400 | 404 | 410 | 422))) {
        return Some(fail(
            "a success status for each",
            format!("{}: {}", refused.sent.summary, refused.result()),
        ));
    }
    let refused = all.find(|exchange| {
        // What is of a type that nobody has heard of may be refused.
        !exchange.is_acknowledged() && exchange.event != bench.name(ABOUT - 1)
    })?;
    Some(unknown(format!("{} was not acknowledged ({})", refused.sent.summary, refused.result())))
}

fn each_its_own(bench: &Bench, seen: &[Seen], effects: &[Effects]) -> Step {
    let summary = |event: EventName| {
        let mut exchanges = seen.iter().flat_map(|seen| match seen {
            Seen::Together(exchanges) => exchanges.as_slice(),
            _ => &[],
        });
        exchanges
            .find(|exchange| exchange.event == event)
            .map_or("", |exchange| exchange.sent.summary.as_str())
    };
    let count = |number| {
        let of = effects.iter().find(|effects| effects.event == bench.name(number));
        of.map_or(0, |effects| effects.count)
    };
    // A command that looks for an id counts those that begin with it, too.
    let is_counted_twice = |effects: &Effects| {
        bench.counts_dearly && effects.event == bench.name(LONGER - 1) && effects.count == 1 + count(LONGER)
    };
    let wrong: Vec<String> = effects
        .iter()
        .filter(|effects| effects.count != 1 && !is_counted_twice(effects))
        .map(|effects| format!("{}: {}", summary(effects.event), effects.phrase()))
        .collect();
    let is_odd = |event: EventName| event == bench.name(SMALL) || event == bench.name(SMALL - 1);
    let only_odd = effects.iter().all(|effects| effects.count == 1 || is_odd(effects.event));
    if wrong.is_empty() {
        pass()
    } else if only_odd && count(SMALL) == 0 && count(SMALL - 1) == 0 {
        unknown(format!(
            "events with ids like ours of another form seem to be ignored ({})",
            wrong.join("; ")
        ))
    } else {
        fail("one effect for each event", wrong.join("; "))
    }
}

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
    match seen {
        [.., Seen::Answer(last)] if !last.is_acknowledged() => {
            unknown(format!("{} was not acknowledged ({})", last.sent.summary, last.result()))
        }
        [] => send(1, &one, "with an unsigned key"),
        [_] => send(2, &one, "another event with the same unsigned key"),
        [_, _] => send(1, &other, "event 1 again with another unsigned key"),
        [_, _, _] => Step::ObserveEach(vec![bench.name(1), bench.name(2)], Expecting::Some),
        [.., Seen::Tallied(effects)] => match effects.iter().find(|effects| effects.count != 1) {
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
        [_, _, Seen::Answer(_)] => Step::Observe(bench.name(1), Expecting::Quiet),
        [_, _, _, Seen::Effects(effects)] => exactly_one(effects, &statuses(seen)),
        _ => otherwise(seen),
    }
}

/// Names under which frameworks and proxies pass a key on.
const UNSIGNED: [&str; 2] = ["x-request-id", "idempotency-key"];

/// The events of [`crowd`] that come second; the one before each is the one that it is taken for.
const SMALL: u16 = 4;
const LONGER: u16 = 6;
const ABOUT: u16 = 8;

#[cfg(test)]
mod tests;
