//! What a person needs to see of a check that failed, the same in every report.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use hookproof_core::Provider;

use super::{Subject, whole};
use crate::{CATALOGUE, Check, Clause, Finding, Judge, Verdict, checks::property::ANY_HISTORY, clause};

/// One delivery, as far as a person is told of it.
pub(super) struct Delivery<'a> {
    pub(super) event: String,
    pub(super) id: &'a str,
    pub(super) summary: &'a str,
}

/// A failure, whether it was seen just now or stands in an earlier report.
pub(super) struct Failure<'a> {
    pub(super) check: &'a str,
    pub(super) expected: &'a str,
    pub(super) actual: &'a str,
    pub(super) deliveries: Vec<Delivery<'a>>,
    pub(super) clauses: Vec<Clause>,
    pub(super) command: &'a str,
    pub(super) extent: &'a str,
    pub(super) seed: u64,
}

/// What [`Failure::evidence`] gives of a finding. Of any verdict but a failure there is nothing.
pub(super) fn evidence(finding: &Finding, subject: &Subject) -> Vec<(&'static str, String)> {
    let Verdict::Fail { expected, actual } = &finding.verdict else { return Vec::new() };
    let deliveries = finding.exchanges.iter().map(|exchange| Delivery {
        event: exchange.event.to_string(),
        id: &exchange.sent.id,
        summary: &exchange.sent.summary,
    });
    let failure = Failure {
        check: finding.check.id,
        expected,
        actual,
        deliveries: deliveries.collect(),
        clauses: clauses(finding.check, &subject.provider),
        command: &subject.command,
        extent: &subject.extent,
        seed: subject.seed,
    };
    failure.evidence()
}

impl Failure<'_> {
    /// Names and texts: what was sent, how the endpoint's logs call it, what was expected and seen, on whose word,
    /// the cure, and the command that shows it again.
    pub(super) fn evidence(&self) -> Vec<(&'static str, String)> {
        let (said, script) = match self.actual.split_once('\n') {
            Some((said, script)) if self.replays() => (said, Some(script)),
            _ => (self.actual, None),
        };
        let told: Vec<&Delivery<'_>> = match script {
            None => self.deliveries.iter().collect(),
            Some(_) => self.of_the_event(said),
        };
        let mut rows = alloc::vec![
            ("sent", sent(&told)),
            ("ids", ids(&told)),
            ("expected", self.expected.into()),
            ("actual", said.into()),
        ];
        rows.extend(script.into_iter().flat_map(str::lines).map(|step| ("history", step.into())));
        rows.extend(
            self.clauses.iter().map(|clause| ("clause", format!("{}: {}", clause.id, clause.paraphrase))),
        );
        rows.push(("cure", format!("hookproof explain {}", self.check)));
        rows.push(("again", self.again()));
        rows
    }

    /// Whether a failure of the check is a history, told as a script.
    fn replays(&self) -> bool {
        self.check == ANY_HISTORY.id
    }

    /// The command that shows a failure again. What all of the run showed needs all of it.
    fn again(&self) -> String {
        if self.replays() {
            return format!("{} --replay FILE, with the lines of the history in FILE", self.command);
        }
        let is_whole = |check: &Check| check.id == self.check && matches!(check.judge, Judge::Whole(_));
        if CATALOGUE.iter().any(is_whole) {
            return whole(self.command, self.extent, self.seed);
        }
        whole(self.command, &format!("--only {}", self.check), self.seed)
    }

    /// The deliveries of the event that is spoken of.
    fn of_the_event(&self, said: &str) -> Vec<&Delivery<'_>> {
        self.deliveries.iter().filter(|delivery| said.contains(&format!("({})", delivery.id))).collect()
    }
}

/// What of the provider's the check stands on.
pub(super) fn clauses(check: &Check, provider: &Provider) -> Vec<Clause> {
    check.clauses_for(provider).into_iter().filter_map(clause).collect()
}

/// How the endpoint's own logs call the events.
fn ids(deliveries: &[&Delivery<'_>]) -> String {
    let mut names: Vec<String> = Vec::new();
    for delivery in deliveries {
        let name = format!("{} is {}", delivery.event, delivery.id);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join("; ")
}

/// What was sent, equal deliveries counted once: `event 1; event 1, again (2 times)`.
fn sent(deliveries: &[&Delivery<'_>]) -> String {
    let mut lines: Vec<(&str, usize)> = Vec::new();
    for delivery in deliveries {
        match lines.iter_mut().find(|(line, _)| *line == delivery.summary) {
            Some((_, times)) => *times += 1,
            None => lines.push((delivery.summary, 1)),
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
