//! Failures, in the core's own codes and words.

use hookproof_core::{ConfigError, EventError, LeaseLost, VerifyError};

use crate::bindings::exports::hookproof::core::types::{Failure, Refusal};

pub(crate) fn failure(code: &str, message: impl ToString) -> Failure {
    Failure { code: code.to_owned(), message: message.to_string() }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        failure(error.code(), error)
    }
}

impl From<LeaseLost> for Failure {
    fn from(error: LeaseLost) -> Self {
        failure("lease_lost", error)
    }
}

/// What was given as a delivery or a claim is none.
impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        failure("bad_state", error)
    }
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        Self::Verification(failure(error.code(), error))
    }
}

impl From<EventError> for Refusal {
    fn from(error: EventError) -> Self {
        Self::Event(failure(error.code(), error))
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Config(failure)
    }
}
