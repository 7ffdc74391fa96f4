//! What a provider really sends must be acknowledged.

mod content;
mod order;
mod size;
mod transport;

use alloc::{format, string::String, vec, vec::Vec};

pub(crate) use self::{
    content::{AMOUNTS, TEST_MODE, UNICODE},
    order::OUT_OF_ORDER,
    size::{LARGE_EVENT, VERY_LARGE_EVENT},
    transport::{CHARSET, CHUNKED, KEEP_ALIVE, QUERY_STRING},
};
use crate::{
    Basis, Bench, Check, Draft, Exchange, Expecting, Failure, Feature, Harm, Intent, Judge, Level, Need,
    Outcome, Phase, Seen, Step, Verdict,
    checks::{all_acknowledged, answers, excused, otherwise},
    step::{fail, pass, unknown},
};

pub(crate) const SUCCESS_STATUS: Check = Check {
    id: "acknowledge/success-status",
    title: "an ordinary event is acknowledged with a success status",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-5", "TS-4"],
    phase: Phase::Baseline,
    rests_on: &[],
    needs: &[],
    explain: include_str!("explain/acknowledge-success-status.md"),
    judge: Judge::Script(success_status),
};

pub(crate) const SUBSCRIBED_TYPES: Check = Check {
    id: "acknowledge/subscribed-types",
    title: "every type that the endpoint subscribed to is acknowledged",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-2", "TT-11"],
    phase: Phase::Sound,
    rests_on: &[Feature::EventTypes, Feature::NamedTypes],
    needs: &[Need::Accepted],
    explain: include_str!("explain/acknowledge-subscribed-types.md"),
    judge: Judge::Script(subscribed_types),
};

pub(crate) const EVERY_TYPE: Check = Check {
    id: "acknowledge/every-type",
    title: "every type of the provider's catalogue is acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-2", "TS-2"],
    phase: Phase::Sound,
    rests_on: &[Feature::EventTypes, Feature::WholeCatalogue],
    needs: &[Need::Accepted],
    explain: include_str!("explain/acknowledge-every-type.md"),
    judge: Judge::Script(every_type),
};

pub(crate) const UNKNOWN_TYPE: Check = Check {
    id: "acknowledge/unknown-type",
    title: "an event of a type nobody has heard of is acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-3"],
    phase: Phase::Sound,
    rests_on: &[Feature::EventTypes, Feature::WholeCatalogue],
    needs: &[Need::Accepted],
    explain: include_str!("explain/acknowledge-unknown-type.md"),
    judge: Judge::Script(unknown_type),
};

pub(crate) const UNKNOWN_FIELDS: Check = Check {
    id: "acknowledge/unknown-fields",
    title: "an event with fields that are new is acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-1", "TS-1"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("explain/acknowledge-unknown-fields.md"),
    judge: Judge::Script(unknown_fields),
};

pub(crate) const NO_REDIRECT: Check = Check {
    id: "acknowledge/no-redirect",
    title: "no delivery is answered with a redirect",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-5", "TS-4"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[],
    explain: include_str!("explain/acknowledge-no-redirect.md"),
    judge: Judge::Whole(no_redirect),
};

pub(crate) const SEGMENTATION: Check = Check {
    id: "acknowledge/segmentation",
    title: "a body that arrives in two pieces is acknowledged",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-4", "TS-3"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("explain/acknowledge-segmentation.md"),
    judge: Judge::Script(segmentation),
};

fn success_status(bench: &Bench, seen: &[Seen]) -> Step {
    match seen {
        [] => Step::Send(bench.event(1)),
        [Seen::Answer(first), rest @ ..] if !first.is_acknowledged() => refused(bench, first, rest),
        // What this one event does downstream, sent once and alone, is the measure for all others.
        [Seen::Answer(_)] => Step::Observe(bench.name(1), Expecting::Some),
        [_, Seen::Effects(effects)] if effects.count > 0 => Step::Observe(bench.name(1), Expecting::Quiet),
        [Seen::Answer(_), ..] => pass(),
        _ => otherwise(seen),
    }
}

/// An endpoint that answers is asked once with each mistake that it may have made: the one that it believes is the cause.
fn refused(bench: &Bench, first: &Exchange, tried: &[Seen]) -> Step {
    if let Some(excuse) = excused(bench, first) {
        return excuse;
    }
    let expected = format!("{}", bench.provider.acknowledgement);
    let mistakes = bench.mistakes();
    let believed = answers(tried).iter().position(|answer| answer.is_acknowledged());
    match &first.outcome {
        Outcome::Failed(failure @ (Failure::Unreachable(_) | Failure::Refused | Failure::ConnectTimeout)) => {
            unknown(format!("the endpoint could not be reached: {failure}"))
        }
        // What was in the body is no reason for another success, or for sending us elsewhere.
        Outcome::Answered(answer) if answer.status < 400 => fail(expected, first.result()),
        _ if !bench.knows(bench.ordinary_type()) => unknown(no_sample(bench, bench.ordinary_type(), first)),
        Outcome::Answered(answer) if (400..=599).contains(&answer.status) => {
            match (believed, mistakes.get(tried.len())) {
                (Some(place), _) => {
                    let mistake = mistakes.get(place).map_or("", String::as_str);
                    fail(expected, format!("{}; signed as if {mistake}, it is acknowledged", first.result()))
                }
                (None, Some(mistake)) => {
                    let number = u16::try_from(tried.len()).unwrap_or_default();
                    Step::Send(bench.event(2 + number).mistaken(tried.len(), mistake))
                }
                (None, None) => fail(expected, first.result()),
            }
        }
        _ => fail(expected, first.result()),
    }
}

fn subscribed_types(bench: &Bench, seen: &[Seen]) -> Step {
    let types: Vec<&str> = bench.setting.events.iter().map(AsRef::as_ref).collect();
    one_of_each(bench, seen, &types)
}

fn every_type(bench: &Bench, seen: &[Seen]) -> Step {
    let types: Vec<&str> = bench.provider.event_types.iter().map(AsRef::as_ref).collect();
    one_of_each(bench, seen, &types)
}

fn one_of_each(bench: &Bench, seen: &[Seen], types: &[&str]) -> Step {
    let types = bench.shuffled(types);
    let drafts = (1..)
        .zip(&types)
        .map(|(number, kind)| bench.event_of(number, kind).noted(format!("type {kind}")))
        .collect();
    let answers = answers(seen);
    let refused = || answers.iter().zip(&types).filter(|(answer, _)| !answer.is_acknowledged());
    let all_guessed = refused().all(|(_, kind)| !bench.knows(kind));
    match (all_acknowledged(bench, seen, drafts), refused().next()) {
        (Step::Decide(Verdict::Fail { .. }), Some((answer, kind))) if all_guessed => {
            unknown(no_sample(bench, kind, answer))
        }
        (step, _) => step,
    }
}

/// An endpoint that refuses what was made up by us may be right.
fn no_sample(bench: &Bench, kind: &str, answer: &Exchange) -> String {
    let kind = if kind.is_empty() { String::new() } else { format!(" of the type {kind}") };
    let but = if bench.draws() {
        "its body was made of the profile's pointers alone; give the profile a [sample]"
    } else {
        "its body was that of another type: we have no sample of it"
    };
    format!("an event{kind} was answered {}, but {but}", answer.result())
}

fn unknown_type(bench: &Bench, seen: &[Seen]) -> Step {
    let draft = bench.event_of(1, "hookproof.unheard_of").noted("type hookproof.unheard_of");
    all_acknowledged(bench, seen, vec![draft])
}

fn unknown_fields(bench: &Bench, seen: &[Seen]) -> Step {
    let draft = bench
        .event(1)
        .with_member(bench.object(), r#""hookproof_new_field":{"nested":[1,null,true]}"#)
        .with_member("", r#""hookproof_new_envelope_field":"2026-01-01""#)
        .noted("with new fields in envelope and object");
    all_acknowledged(bench, seen, vec![draft])
}

fn no_redirect(_: &Bench, exchanges: &[Exchange]) -> Verdict {
    let ordinary = || exchanges.iter().filter(|exchange| exchange.intent != Intent::Refusable);
    let redirect = ordinary().find_map(|exchange| match &exchange.outcome {
        Outcome::Answered(answer) if (300..400).contains(&answer.status) => {
            Some(format!("{} to {}", answer.status, answer.header("location").unwrap_or("nowhere")))
        }
        _ => None,
    });
    match redirect {
        Some(actual) => Verdict::Fail { expected: "an answer at the address that was called".into(), actual },
        None if ordinary().any(|exchange| exchange.status().is_some()) => Verdict::Pass,
        None => Verdict::Unknown("no delivery was answered".into()),
    }
}

fn segmentation(bench: &Bench, seen: &[Seen]) -> Step {
    let draft =
        |number| bench.event(number).with_member(bench.object(), "\"hookproof_note\":\"Zoë paid 20 €\"");
    let pair = (draft(1).split_inside_a_character(), draft(2).noted("in one piece"));
    beside_its_plain_form(bench, seen, &[pair], "the same event in one piece")
}

/// Sends what is special, one after the other, and for each that was not acknowledged its plain form: what we made
/// up is held against an endpoint only where it takes the same without what is tried. `plain` says what that is.
fn beside_its_plain_form(bench: &Bench, seen: &[Seen], pairs: &[(Draft, Draft)], plain: &str) -> Step {
    let answers = answers(seen);
    let answer = |draft: &Draft| answers.iter().copied().find(|answer| answer.event == draft.event);
    if let Some(Seen::Cannot(_)) = seen.last() {
        return otherwise(seen);
    }
    if let Some((next, _)) = pairs.iter().find(|(special, _)| answer(special).is_none()) {
        return Step::Send(next.clone());
    }
    let refused: Vec<(&Exchange, &Draft)> = pairs
        .iter()
        .filter_map(|(special, plain)| Some((answer(special)?, plain)))
        .filter(|(special, _)| !special.is_acknowledged())
        .collect();
    if refused.is_empty() {
        return pass();
    }
    let accused = || refused.iter().filter(|(special, _)| excused(bench, special).is_none());
    if let Some((_, next)) = accused().find(|(_, plain)| answer(plain).is_none()) {
        return Step::Send((*next).clone());
    }
    let guilty: Vec<String> = accused()
        .filter(|(_, plain)| answer(plain).is_some_and(Exchange::is_acknowledged))
        .map(|(special, _)| format!("{}: {}", special.sent.summary, special.result()))
        .collect();
    if !guilty.is_empty() {
        return fail(format!("{} each time", bench.provider.acknowledgement), guilty.join("; "));
    }
    match accused().find_map(|(_, plain)| answer(plain)) {
        Some(refused) => unknown(format!("{plain} was not acknowledged either ({})", refused.result())),
        None => refused.iter().find_map(|(special, _)| excused(bench, special)).unwrap_or_else(pass),
    }
}

#[cfg(test)]
mod tests;
