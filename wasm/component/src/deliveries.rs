//! The interface `deliveries`.

use std::{cell::RefCell, time::Duration};

use hookproof_core::{
    Acknowledgement as Rule, Conclusion, Delivery as Sent, Jitter, Next as ToDo, Outcome as Ended, Recorded,
    Retries as Known, RetrySchedule, Timestamp,
};

use crate::{
    Component,
    bindings::exports::hookproof::core::{
        deliveries::{
            Acknowledgement, Attempt, Delivery as Handle, Guest, GuestDelivery, Next, Outcome, Published,
            Retries, Terms, ToSend,
        },
        types::{Failure, Provider, UnixMillis},
    },
    failure::failure,
    provider::provider,
};

/// A component has one thread, and no call is made within another.
pub(crate) struct Delivery(RefCell<Sent>);

impl Guest for Component {
    type Delivery = Delivery;

    fn schedule(given: Provider) -> Result<Published, Failure> {
        let provider = provider(given)?;
        Ok(Published {
            retries: match &provider.retries {
                Known::Unspecified => Retries::Unspecified,
                Known::Never => Retries::Never,
                Known::Schedule(schedule) => {
                    Retries::After(schedule.delays().iter().copied().map(millis).collect())
                }
            },
            time_limit: provider.time_limit.map(millis),
            acknowledgement: provider.acknowledgement.into(),
        })
    }
}

impl GuestDelivery for Delivery {
    fn new(terms: Terms, due: UnixMillis) -> Self {
        let delays = terms.delays.into_iter().map(Duration::from_millis).collect();
        Self(RefCell::new(Sent::new(
            RetrySchedule::new(delays),
            Duration::from_millis(terms.time_limit),
            terms.acknowledgement.into(),
            Timestamp::from_unix_millis(due),
        )))
    }

    fn load(text: String) -> Result<Handle, Failure> {
        Ok(Handle::new(Self(RefCell::new(serde_json::from_str(&text)?))))
    }

    fn save(&self) -> String {
        // Numbers, texts and lists of them: there is nothing in it that JSON has not.
        serde_json::to_string(&*self.0.borrow()).unwrap_or_default()
    }

    fn next(&self, now: UnixMillis) -> Next {
        match self.0.borrow().next(Timestamp::from_unix_millis(now)) {
            ToDo::Send { attempt, deadline } => {
                Next::Send(ToSend { attempt, deadline: deadline.as_unix_millis() })
            }
            ToDo::Wait { until } => Next::Wait(until.as_unix_millis()),
            ToDo::Done(Conclusion::Delivered) => Next::Delivered,
            ToDo::Done(Conclusion::Exhausted) => Next::Exhausted,
        }
    }

    fn record(&self, attempt: u32, now: UnixMillis, outcome: Outcome) -> bool {
        let now = Timestamp::from_unix_millis(now);
        self.0.borrow_mut().record(attempt, now, outcome.into()) == Recorded::Applied
    }

    fn resend(&self) {
        self.0.borrow_mut().resend();
    }

    fn set_jitter(&self, per_mille: i32) -> Result<(), Failure> {
        let beyond = "a jitter is from -200 to 200 thousandths";
        let jitter = Jitter::per_mille(per_mille).ok_or_else(|| failure("bad_argument", beyond))?;
        self.0.borrow_mut().set_jitter(jitter);
        Ok(())
    }

    fn log(&self) -> Vec<Attempt> {
        let delivery = self.0.borrow();
        let attempts = delivery.log().iter().map(|attempt| Attempt {
            number: attempt.number,
            ended: attempt.ended.as_unix_millis(),
            outcome: attempt.outcome.into(),
            by_hand: attempt.by_hand,
        });
        attempts.collect()
    }
}

impl From<Rule> for Acknowledgement {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::AnySuccess => Self::AnySuccess,
            Rule::Exactly(status) => Self::Exactly(status),
        }
    }
}

impl From<Acknowledgement> for Rule {
    fn from(rule: Acknowledgement) -> Self {
        match rule {
            Acknowledgement::AnySuccess => Self::AnySuccess,
            Acknowledgement::Exactly(status) => Self::Exactly(status),
        }
    }
}

impl From<Outcome> for Ended {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Answered(status) => Self::Answered(status),
            Outcome::TimedOut => Self::TimedOut,
            Outcome::Unreachable => Self::Unreachable,
        }
    }
}

impl From<Ended> for Outcome {
    fn from(outcome: Ended) -> Self {
        match outcome {
            Ended::Answered(status) => Self::Answered(status),
            Ended::TimedOut => Self::TimedOut,
            Ended::Unreachable => Self::Unreachable,
        }
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
