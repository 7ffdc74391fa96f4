//! What no check fails and a reader should know all the same.

use alloc::{format, string::String, vec::Vec};

use super::Run;
use crate::{Answer, Exchange, Intent, Outcome, Phase, report::span};

impl Run {
    /// Sentences about the endpoint as a whole: acknowledgements that are HTML pages, ordinary events that were
    /// acknowledged only now and then, an answer that came near the time limit, a first event that had more than one
    /// effect of a kind.
    pub fn warnings(&self) -> Vec<String> {
        [self.pages(), self.moods(), self.nearly_late(), self.doubled()].into_iter().flatten().collect()
    }

    /// A page to log in at, or a proxy's, answers 200 to everything.
    fn pages(&self) -> Option<String> {
        let acknowledged = || self.exchanges.iter().filter(|exchange| exchange.is_acknowledged());
        let is_page =
            |exchange: &&Exchange| matches!(&exchange.outcome, Outcome::Answered(answer) if is_html(answer));
        match acknowledged().filter(is_page).count() {
            0 => None,
            pages => Some(format!(
                "{pages} of {} acknowledgements are HTML pages: is that the endpoint, or a login page or a proxy in front of it?",
                acknowledged().count()
            )),
        }
    }

    /// An ordinary event that is not acknowledged, and a later one that is. One that fails for good is no mood.
    fn moods(&self) -> Option<String> {
        let alike = self.alike();
        let recovered = alike.iter().rposition(|exchange| exchange.is_acknowledged())?;
        let failed = || alike[..recovered].iter().filter(|exchange| is_failure(exchange));
        let result = failed().next()?.result();
        Some(format!(
            "{} of {} ordinary events, which differ in nothing but their ids, were not acknowledged ({result}), and later ones were: the endpoint is flaky, and what it failed it may pass the next time",
            failed().count(),
            alike.len()
        ))
    }

    /// As for `load`: more than half of the limit.
    fn nearly_late(&self) -> Option<String> {
        let answered = |exchange: &&Exchange| exchange.status().is_some() && !exchange.slowed;
        let slowest = self.exchanges.iter().filter(answered).max_by_key(|exchange| exchange.took)?;
        let limit = slowest.limit.filter(|limit| slowest.took * 2 > *limit)?;
        Some(format!("the slowest answer took {}, and the limit is {}", span(slowest.took), span(limit)))
    }

    fn doubled(&self) -> Option<String> {
        let repeated = self.ledger.repeated_in_one()?;
        Some(format!(
            "the first event, which was sent once, had more than one call of a kind ({repeated}); that is taken for one effect, so make sure that it is not booked twice"
        ))
    }

    /// The first event and every canary, in the order in which they left.
    fn alike(&self) -> Vec<&Exchange> {
        let opening = self.tasks.iter().find(|task| task.phase == Phase::Baseline);
        let opening = opening.and_then(|task| task.exchanges.first()).copied();
        let places = self.exchanges.iter().enumerate();
        let alike = places.filter(|(at, exchange)| Some(*at) == opening || exchange.intent == Intent::Canary);
        let mut alike: Vec<&Exchange> = alike.map(|(_, exchange)| exchange).collect();
        alike.sort_by_key(|exchange| exchange.at);
        alike
    }
}

fn is_failure(exchange: &Exchange) -> bool {
    !exchange.is_acknowledged() && !exchange.is_throttled() && exchange.outcome != Outcome::Cut
}

fn is_html(answer: &Answer) -> bool {
    let says_so =
        answer.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let body = answer.body.trim_ascii_start();
    let begins = |with: &[u8]| body.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with));
    !body.is_empty() && (says_so || begins(b"<!doctype html") || begins(b"<html"))
}
