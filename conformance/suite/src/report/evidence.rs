//! What a person needs to see of a check that failed, the same in every report.

use alloc::{format, string::String, vec::Vec};

use hookproof_core::Provider;

use super::Subject;
use crate::{Check, Clause, Exchange, Finding, Judge, Verdict, checks::property::ANY_HISTORY, clause};

/// Names and texts: what was sent, how the endpoint's logs call it, what was expected and seen, on whose word,
/// the cure, and the command that shows it again. Of any other verdict there is nothing.
pub(super) fn evidence(finding: &Finding, subject: &Subject) -> Vec<(&'static str, String)> {
    let Verdict::Fail { expected, actual } = &finding.verdict else { return Vec::new() };
    let check = finding.check;
    let (said, script) = match actual.split_once('\n') {
        Some((said, script)) if replays(check) => (said, Some(script)),
        _ => (actual.as_str(), None),
    };
    let all = || finding.exchanges.iter().collect();
    let told: Vec<&Exchange> = script.map_or_else(all, |_| of_the_event(&finding.exchanges, said));
    let mut rows = alloc::vec![
        ("sent", sent(&told)),
        ("ids", ids(&told)),
        ("expected", expected.clone()),
        ("actual", said.into()),
    ];
    rows.extend(script.into_iter().flat_map(str::lines).map(|step| ("history", step.into())));
    let clauses = clauses(check, &subject.provider);
    rows.extend(clauses.iter().map(|clause| ("clause", format!("{}: {}", clause.id, clause.paraphrase))));
    rows.push(("cure", format!("hookproof explain {}", check.id)));
    rows.push(("again", again(check, subject)));
    rows
}

/// What of the provider's the check stands on.
pub(super) fn clauses(check: &Check, provider: &Provider) -> Vec<Clause> {
    check.clauses_for(provider).into_iter().filter_map(clause).collect()
}

/// Whether a failure of the check is a history, told as a script.
fn replays(check: &Check) -> bool {
    check.id == ANY_HISTORY.id
}

/// The command that shows a failure again. What all of the run showed needs all of it.
fn again(check: &Check, subject: &Subject) -> String {
    if replays(check) {
        return format!("{} --replay FILE, with the lines of the history in FILE", subject.command);
    }
    let only = match check.judge {
        Judge::Script(_) => format!(" --only {}", check.id),
        Judge::Whole(_) => String::new(),
    };
    format!("{}{only} --seed {}", subject.command, subject.seed)
}

/// How the endpoint's own logs call the events.
fn ids(exchanges: &[&Exchange]) -> String {
    let mut names: Vec<String> = Vec::new();
    for exchange in exchanges {
        let name = format!("{} is {}", exchange.event, exchange.sent.id);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("; ")
}

/// What was sent, equal deliveries counted once: `event 1; event 1, again (2 times)`.
fn sent(exchanges: &[&Exchange]) -> String {
    let mut lines: Vec<(&str, usize)> = Vec::new();
    for exchange in exchanges {
        match lines.iter_mut().find(|(line, _)| *line == exchange.sent.summary) {
            Some((_, times)) => *times += 1,
            None => lines.push((&exchange.sent.summary, 1)),
        }
    }
    if lines.is_empty() {
        return "no delivery of its own; judged by all of the run".into();
    }
    let lines: Vec<String> = lines
        .into_iter()
        .map(|(line, times)| if times == 1 { line.into() } else { format!("{line} ({times} times)") })
        .collect();
    lines.join("; ")
}

/// The deliveries of the event that is spoken of.
fn of_the_event<'a>(exchanges: &'a [Exchange], said: &str) -> Vec<&'a Exchange> {
    exchanges.iter().filter(|exchange| said.contains(&format!("({})", exchange.sent.id))).collect()
}
