//! The checks, one file an area. Each is a literal that says everything about itself and one pure function.

pub(crate) mod acknowledge;
pub(crate) mod duplicate;
pub(crate) mod http;
pub(crate) mod property;
pub(crate) mod retry;
pub(crate) mod signature;
pub(crate) mod timing;
pub(crate) mod tls;
pub(crate) mod url;

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use crate::{
    Bench, Draft, Effects, Exchange, Failure, Outcome, Seen, Step,
    step::{fail, out_of_step, pass, unknown},
};

/// Sends the drafts one after the other and passes if every one was acknowledged. All that were not are named.
fn all_acknowledged(bench: &Bench, seen: &[Seen], drafts: Vec<Draft>) -> Step {
    if let Some(next) = drafts.into_iter().nth(seen.len()) {
        return Step::Send(next);
    }
    let answers = answers(seen);
    let refused: Vec<&&Exchange> = answers.iter().filter(|exchange| !exchange.is_acknowledged()).collect();
    if refused.is_empty() {
        return pass();
    }
    if let Some(excuse) =
        refused.iter().map(|exchange| excused(bench, exchange)).collect::<Option<Vec<Step>>>()
    {
        return excuse.into_iter().next().unwrap_or_else(pass);
    }
    let actual: Vec<String> =
        refused.iter().map(|exchange| format!("{}: {}", exchange.sent.summary, exchange.result())).collect();
    fail(format!("{} each time", bench.provider.acknowledgement), actual.join("; "))
}

/// Every exchange of a transcript that was sent alone.
fn answers(seen: &[Seen]) -> Vec<&Exchange> {
    seen.iter()
        .filter_map(|seen| match seen {
            Seen::Answer(exchange) => Some(exchange),
            _ => None,
        })
        .collect()
}

/// The verdict on the effects of an event that must have exactly one.
fn exactly_one(effects: &Effects, statuses: &str) -> Step {
    if effects.count == 1 {
        pass()
    } else {
        fail("one effect", format!("{statuses}, and {}", effects.phrase()))
    }
}

/// What was answered, in order: `200, 200, 409`.
fn statuses(seen: &[Seen]) -> String {
    let mut results: Vec<String> = Vec::new();
    for seen in seen {
        match seen {
            Seen::Answer(exchange) => results.push(exchange.result().into_owned()),
            Seen::Together(exchanges) => results.push(tally(exchanges)),
            _ => {}
        }
    }
    results.join(", ")
}

/// `200 (1 of 16), 409 (15 of 16)`.
fn tally(exchanges: &[Exchange]) -> String {
    let mut results: Vec<(String, usize)> = Vec::new();
    for exchange in exchanges {
        let result = exchange.result().into_owned();
        match results.iter_mut().find(|(known, _)| *known == result) {
            Some((_, count)) => *count += 1,
            None => results.push((result, 1)),
        }
    }
    let of = exchanges.len();
    let parts: Vec<String> =
        results.into_iter().map(|(result, count)| format!("{result} ({count} of {of})")).collect();
    parts.join(", ")
}

/// Why a delivery that was not acknowledged is held against nobody, where that is so.
fn excused(bench: &Bench, exchange: &Exchange) -> Option<Step> {
    let assumed = bench.time_limit().is_none();
    match &exchange.outcome {
        _ if exchange.is_throttled() => Some(throttled(exchange)),
        Outcome::Failed(Failure::TimedOut { .. }) if assumed => Some(unknown(format!(
            "{}, which is our assumption; name the limit that you promise with --timeout",
            exchange.result()
        ))),
        _ => None,
    }
}

fn throttled(exchange: &Exchange) -> Step {
    unknown(format!("the endpoint asked us to come back later ({}); lower --jobs", exchange.result()))
}

/// Whether the endpoint says that another copy is being worked on, or that it is too busy just now.
pub(crate) fn is_busy(exchange: &Exchange) -> bool {
    exchange.is_throttled() || matches!(exchange.status(), Some(409 | 425 | 503))
}

/// Whether the answer may be another one a moment later: the endpoint is busy, or broke down over a copy that it is
/// still working on.
pub(crate) fn is_passing(exchange: &Exchange) -> bool {
    is_busy(exchange) || exchange.status().is_some_and(|status| status >= 500)
}

/// How long to wait before a busy endpoint is tried again: as it asks, but never longer than effects may take.
pub(crate) fn until_free<'a>(bench: &Bench, exchanges: impl IntoIterator<Item = &'a Exchange>) -> Duration {
    let asked = exchanges.into_iter().filter_map(Exchange::retry_after).max();
    asked.unwrap_or(Duration::from_secs(1)).min(bench.setting.effect_wait)
}

/// What remains of a transcript that no arm of a script knows.
pub(crate) fn otherwise(seen: &[Seen]) -> Step {
    match seen.last() {
        Some(Seen::Cannot(need)) => crate::step::unknown_without(*need),
        Some(Seen::Failed(why)) => unknown(why.as_str()),
        _ => out_of_step(),
    }
}
