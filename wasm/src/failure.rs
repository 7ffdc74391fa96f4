//! What went wrong in the last call, in the core's own codes and words.

use hookproof_core::{ConfigError, EventError, VerifyError};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::with;

/// A failure of one of three kinds.
#[derive(Debug)]
pub(crate) enum Failure {
    Verification(VerifyError),
    Config(ConfigError),
    /// A code and a message of the bindings' own: the caller gave what is no profile, or no signature is asked for.
    Call(&'static str, &'static str),
    Event(EventError),
    /// As [`Failure::Call`], with what is wrong in what was given.
    #[cfg(feature = "desk")]
    Given(&'static str, String),
}

impl Failure {
    /// JavaScript's bindings hand over what they cannot hand over otherwise; anything else is our own mistake.
    pub(crate) const fn malformed_call() -> Self {
        Self::Call("internal", "the bindings were called with what they cannot read")
    }

    pub(crate) const fn number(&self) -> i32 {
        match self {
            Self::Verification(_) => -1,
            Self::Config(_) | Self::Call(..) => -2,
            Self::Event(_) => -3,
            #[cfg(feature = "desk")]
            Self::Given(..) => -2,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Verification(error) => error.code(),
            Self::Config(error) => error.code(),
            Self::Call(code, _) => code,
            Self::Event(error) => error.code(),
            #[cfg(feature = "desk")]
            Self::Given(code, _) => code,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Verification(error) => error.to_string(),
            Self::Config(error) => match error {
                ConfigError::BlankSecret
                | ConfigError::SecretWhitespace
                | ConfigError::SecretNotBase64
                | ConfigError::SecretEmptyKey => "the secret ".to_owned() + &error.to_string(),
                _ => error.to_string(),
            },
            Self::Call(_, message) => (*message).to_owned(),
            Self::Event(error) => error.to_string(),
            #[cfg(feature = "desk")]
            Self::Given(_, message) => message.clone(),
        }
    }
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        Self::Verification(error)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<EventError> for Failure {
    fn from(error: EventError) -> Self {
        Self::Event(error)
    }
}

/// The stable code of the last failure: the length of the text at the beginning of the buffer.
#[wasm_bindgen]
pub fn failure_code() -> i32 {
    told(|failure| failure.code().to_owned())
}

/// What the last failure was, in a sentence: the length of the text at the beginning of the buffer.
#[wasm_bindgen]
pub fn failure_message() -> i32 {
    told(Failure::message)
}

fn told(text: fn(&Failure) -> String) -> i32 {
    with(&|state| {
        let text = state.failure.as_ref().map(text).unwrap_or_default();
        Ok(state.answer(0, text.as_bytes()))
    })
}
