//! When a failed delivery is tried again: what a provider publishes, or a caller's own delays.

use std::time::Duration;

use hookproof_core::{Acknowledgement, Retries, RetrySchedule};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{answer, provider};
use crate::failure::Failure;

/// The retries of a provider, `{"provider": [text, …]}`, or by delays of the caller's own,
/// `{"delays_millis": [300000], "time_limit_millis": 30000}`. What is not published is absent from the answer.
#[wasm_bindgen]
pub fn schedule(request: usize, end: usize) -> i32 {
    answer(request, end, |asked: Asked, _| asked.resolve().map(Published::from))
}

/// A provider's terms, or the caller's own; where both are given, the caller's.
#[derive(Deserialize)]
pub(super) struct Asked {
    provider: Option<Vec<String>>,
    delays_millis: Option<Vec<u64>>,
    time_limit_millis: Option<u64>,
    acknowledgement: Option<Acknowledgement>,
}

/// How deliveries are sent.
pub(super) struct Terms {
    pub(super) retries: Retries,
    pub(super) time_limit: Option<Duration>,
    pub(super) acknowledgement: Acknowledgement,
}

impl Asked {
    pub(super) fn resolve(self) -> Result<Terms, Failure> {
        let mut terms = match self.provider {
            None => Terms {
                retries: Retries::Unspecified,
                time_limit: None,
                acknowledgement: Acknowledgement::AnySuccess,
            },
            Some(texts) => {
                let provider = provider(&texts)?.into_owned();
                Terms {
                    retries: provider.retries,
                    time_limit: provider.time_limit,
                    acknowledgement: provider.acknowledgement,
                }
            }
        };
        if let Some(delays) = self.delays_millis {
            let delays = delays.into_iter().map(Duration::from_millis).collect();
            terms.retries = Retries::Schedule(RetrySchedule::new(delays));
        }
        terms.time_limit = self.time_limit_millis.map(Duration::from_millis).or(terms.time_limit);
        terms.acknowledgement = self.acknowledgement.unwrap_or(terms.acknowledgement);
        Ok(terms)
    }
}

#[derive(Serialize)]
struct Published {
    retries: &'static str,
    acknowledgement: Acknowledgement,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_limit_millis: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<Schedule>,
}

#[derive(Serialize)]
struct Schedule {
    delays_millis: Vec<u64>,
    attempts: usize,
    total_millis: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    longest_millis: Option<u64>,
}

impl From<Terms> for Published {
    fn from(terms: Terms) -> Self {
        let retries = match terms.retries {
            Retries::Unspecified => "unspecified",
            Retries::Never => "never",
            Retries::Schedule(_) => "schedule",
        };
        Self {
            retries,
            acknowledgement: terms.acknowledgement,
            time_limit_millis: terms.time_limit.map(millis),
            schedule: terms.schedule().map(|schedule| Schedule {
                delays_millis: schedule.delays().iter().copied().map(millis).collect(),
                attempts: schedule.attempts(),
                total_millis: millis(schedule.total()),
                longest_millis: terms.time_limit.map(|limit| millis(schedule.longest(limit))),
            }),
        }
    }
}

impl Terms {
    /// The schedule, where the retries are known; one without delays where there are none.
    pub(super) fn schedule(&self) -> Option<RetrySchedule> {
        match &self.retries {
            Retries::Unspecified => None,
            Retries::Never => Some(RetrySchedule::fixed(&[])),
            Retries::Schedule(schedule) => Some(schedule.clone()),
        }
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
