//! One delivery, kept by the caller as JSON between the calls.

use hookproof_core::{Conclusion, Delivery, Jitter, Next, Outcome, Recorded, Timestamp};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{answer, kept, schedule::Asked};
use crate::failure::Failure;

/// A delivery whose first attempt is due: `{"due_millis": 1704067200000, "terms": …}`, the terms as
/// [`schedule`](super::schedule()) takes them. The answer is the delivery.
#[wasm_bindgen]
pub fn delivery_new(request: usize, end: usize) -> i32 {
    answer(request, end, |New { due_millis, terms }, _| {
        let terms = terms.resolve()?;
        let schedule = terms.schedule().ok_or_else(|| {
            Failure::call(
                "no_schedule",
                "the delays of this provider's retries are not published: give your own as delaysMillis",
            )
        })?;
        let time_limit = terms.time_limit.ok_or_else(|| {
            Failure::call(
                "no_time_limit",
                "this provider's time limit is not published: give your own as timeLimitMillis",
            )
        })?;
        let due = Timestamp::from_unix_millis(due_millis);
        Ok(Delivery::new(schedule, time_limit, terms.acknowledgement, due))
    })
}

/// What to do: `{"now_millis": 1704067200000}`, and behind it the delivery.
#[wasm_bindgen]
pub fn delivery_next(request: usize, end: usize) -> i32 {
    answer(request, end, |Asking { now_millis }, text| {
        let delivery: Delivery = kept(text)?;
        Ok(match delivery.next(Timestamp::from_unix_millis(now_millis)) {
            Next::Send { attempt, deadline } => {
                ToDo::Send { attempt, deadline_millis: deadline.as_unix_millis() }
            }
            Next::Wait { until } => ToDo::Wait { until_millis: until.as_unix_millis() },
            Next::Done(conclusion) => ToDo::Done {
                conclusion: match conclusion {
                    Conclusion::Delivered => "delivered",
                    Conclusion::Exhausted => "exhausted",
                },
            },
        })
    })
}

/// Takes what came of an attempt: `{"attempt": 1, "now_millis": 1704067230000, "outcome": 500}`, with the jitter of
/// delays from now on where it is to change, and behind it the delivery.
#[wasm_bindgen]
pub fn delivery_record(request: usize, end: usize) -> i32 {
    answer(request, end, |report: Report, text| {
        let mut delivery: Delivery = kept(text)?;
        if let Some(jitter) = report.jitter_per_mille {
            delivery.set_jitter(jitter);
        }
        let now = Timestamp::from_unix_millis(report.now_millis);
        let applied = delivery.record(report.attempt, now, report.outcome) == Recorded::Applied;
        Ok(Reported { applied, delivery })
    })
}

/// Adds one attempt by hand: `{}`, and behind it the delivery. The answer is the delivery.
#[wasm_bindgen]
pub fn delivery_resend(request: usize, end: usize) -> i32 {
    answer(request, end, |Nothing {}, text| {
        let mut delivery: Delivery = kept(text)?;
        delivery.resend();
        Ok(delivery)
    })
}

#[derive(Deserialize)]
struct New {
    due_millis: u64,
    terms: Asked,
}

#[derive(Deserialize)]
struct Asking {
    now_millis: u64,
}

#[derive(Deserialize)]
struct Report {
    attempt: u32,
    now_millis: u64,
    outcome: Outcome,
    jitter_per_mille: Option<Jitter>,
}

#[derive(Deserialize)]
struct Nothing {}

#[derive(Serialize)]
#[serde(tag = "do", rename_all = "lowercase")]
enum ToDo {
    Send { attempt: u32, deadline_millis: u64 },
    Wait { until_millis: u64 },
    Done { conclusion: &'static str },
}

#[derive(Serialize)]
struct Reported {
    applied: bool,
    delivery: Delivery,
}
