//! What an event says must not matter: any letter, any amount, live or test.

use alloc::{format, string::String, vec, vec::Vec};

use super::beside_its_plain_form;
use crate::{
    Basis, Bench, Check, Draft, Feature, Harm, Judge, Level, Need, Outcome, Phase, Seen, Step, Verdict,
    checks::{all_acknowledged, answers, excused},
    step::{fail, pass, unknown},
};

pub(crate) const UNICODE: Check = Check {
    id: "acknowledge/unicode",
    title: "an event with letters of every kind is acknowledged",
    level: Level::Must,
    basis: Basis::Provider,
    harm: Harm::EffectLost,
    clauses: &["TT-4", "TS-3"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/acknowledge-unicode.md"),
    judge: Judge::Script(unicode),
};

pub(crate) const TEST_MODE: Check = Check {
    id: "acknowledge/test-mode",
    title: "live events and test events are both acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-1"],
    phase: Phase::Sound,
    rests_on: &[Feature::Livemode],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/acknowledge-test-mode.md"),
    judge: Judge::Script(|bench, seen| {
        all_acknowledged(bench, seen, vec![bench.event(1).live(true), bench.event(2).live(false)])
    }),
};

pub(crate) const AMOUNTS: Check = Check {
    id: "acknowledge/amounts",
    title: "events over nothing, over the least and in a currency without cents are acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-1"],
    phase: Phase::Sound,
    rests_on: &[Feature::Amounts],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/acknowledge-amounts.md"),
    judge: Judge::Script(amounts),
};

fn unicode(bench: &Bench, seen: &[Seen]) -> Step {
    let draft = |number, note: &str| {
        bench.event(number).with_member(bench.object(), format!("\"hookproof_note\":\"{note}\""))
    };
    let plain = || draft(5, "Zoe paid 20").noted("with a plain note");
    let pairs: Vec<(Draft, Draft)> = (1..)
        .zip(NOTES)
        .map(|(number, (note, of))| (draft(number, note).noted(format!("with {of} in a note")), plain()))
        .collect();
    beside_its_plain_form(bench, seen, &pairs, "the same event with a plain note")
}

/// Each as it stands in the body, and what it is called in reports.
const NOTES: [(&str, &str); 4] = [
    // The second name is spelled with combining marks.
    ("Zoë Müller, Ame\u{301}lie, Łukasz, Ωρα, 東京", "accents and letters of several scripts"),
    // One character of four bytes, and one that is joined of three of them.
    ("paid \u{1f600} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}", "emoji"),
    (r#"Zo\u00eb \ud83d\ude00 said \"20\u20ac\" \\ \/ \t"#, "escaped letters"),
    // They end a line in JavaScript and nowhere in JSON; the third is read from right to left.
    ("a\u{2028}b\u{2029}c \u{5e9}\u{5dc}", "U+2028, U+2029 and letters from right to left"),
];

fn amounts(bench: &Bench, seen: &[Seen]) -> Step {
    let money = bench.money();
    let usual = |number| priced(bench, number, "1234", None);
    let mut pairs = vec![(priced(bench, 1, "0", None), usual(5)), (priced(bench, 2, "1", None), usual(5))];
    let other = ["usd", "eur"]
        .into_iter()
        .find(|code| !money.currencies.iter().any(|(_, own)| own.eq_ignore_ascii_case(code)));
    if let (Some(other), false) = (other, money.currencies.is_empty()) {
        // An endpoint that takes only its own currency says nothing about cents.
        pairs.push((priced(bench, 3, "500", Some("jpy")), priced(bench, 6, "1234", Some(other))));
    }
    match beside_its_plain_form(bench, seen, &pairs, "an event over another amount") {
        Step::Decide(Verdict::Pass) => beyond_a_double(bench, seen),
        step => step,
    }
}

/// An event over this amount of minor units, in the sample's currency or in this one.
fn priced(bench: &Bench, number: u16, amount: &'static str, currency: Option<&str>) -> Draft {
    let money = bench.money();
    let mut draft = money.amounts.iter().fold(bench.event(number), |draft, at| draft.with_value(at, amount));
    let mut note = format!("over {amount}");
    if let Some(code) = currency.map(|code| money.spelled(code)) {
        let quoted = format!("\"{code}\"");
        draft = money.currencies.iter().fold(draft, |draft, (at, _)| draft.with_value(at, quoted.clone()));
        note.push(' ');
        note.push_str(&code);
    }
    draft.noted(note)
}

/// 2^53+1 is an integer that a double cannot hold: a refusal is as sound as a success, because it changes nothing.
fn beyond_a_double(bench: &Bench, seen: &[Seen]) -> Step {
    let draft = priced(bench, 4, "9007199254740993", None);
    let answers = answers(seen);
    let Some(answer) = answers.iter().find(|answer| answer.event == draft.event) else {
        return Step::Send(draft);
    };
    if let Some(excuse) = excused(bench, answer) {
        return excuse;
    }
    match &answer.outcome {
        Outcome::Answered(_) if answer.is_acknowledged() => pass(),
        Outcome::Answered(refusal) if (400..500).contains(&refusal.status) => pass(),
        Outcome::Answered(_) => unknown(format!(
            "{} was answered {}: refused, or an error while it was looked at; from outside both look alike",
            answer.sent.summary,
            answer.result()
        )),
        _ => fail(
            String::from("an answer, be it a refusal"),
            format!("{}: {}", answer.sent.summary, answer.result()),
        ),
    }
}

#[cfg(test)]
mod tests;
