//! Events that are easily taken for one another.

use alloc::{format, string::String, vec, vec::Vec};

use hookproof_core::At;

use crate::{
    Basis, Bench, Check, Draft, Effects, EventName, Exchange, Expecting, Harm, Judge, Level, Need, Phase,
    Seen, Step,
    checks::{otherwise, throttled},
    step::{fail, pass, unknown},
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
        [Seen::Together(_)] | [Seen::Together(_), Seen::Together(_)] => {
            let all = seen.iter().flat_map(|seen| match seen {
                Seen::Together(copies) => copies.as_slice(),
                _ => &[],
            });
            refusal(bench, all).unwrap_or_else(|| Step::ObserveEach(judged(), Expecting::Some))
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
fn refusal<'a>(bench: &Bench, mut all: impl Iterator<Item = &'a Exchange>) -> Option<Step> {
    // What is of a type that nobody has heard of may be refused.
    let first =
        all.find(|exchange| !exchange.is_acknowledged() && exchange.event != bench.name(ABOUT - 1))?;
    // It comes last: all the others were acknowledged, and they differ from it in nothing but in what came before.
    if first.event == bench.name(ABOUT) && matches!(first.status(), Some(400 | 404 | 410 | 422)) {
        let told = format!("{}: {}", first.sent.summary, first.result());
        return Some(fail("a success status for each", told));
    }
    if first.is_throttled() {
        return Some(throttled(first));
    }
    Some(unknown(format!("{} was not acknowledged ({})", first.sent.summary, first.result())))
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
    let is_sound = |effects: &Effects| match effects.count {
        1 => true,
        0 => false,
        // A command that looks for an id counts those that begin with it, too.
        more if bench.counts_dearly && effects.event == bench.name(LONGER - 1) => more == 1 + count(LONGER),
        // Whoever acts on every type may have called about this object before.
        _ => effects.event == bench.name(ABOUT),
    };
    let wrong: Vec<String> = effects
        .iter()
        .filter(|effects| !is_sound(effects))
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

/// The events of [`crowd`] that come second; the one before each is the one that it is taken for.
const SMALL: u16 = 4;
const LONGER: u16 = 6;
const ABOUT: u16 = 8;

#[cfg(test)]
mod tests;
