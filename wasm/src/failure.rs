//! What went wrong in a call, in the core's own codes and words.

use hookproof_core::{ConfigError, EventError, VerifyError};

/// A failure of one of three kinds.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    code: &'static str,
    message: String,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Verification = 1,
    Config = 2,
    Event = 3,
}

impl Failure {
    /// The caller gave what is no profile, or asked for what is not to be had: a code and a message of the bindings' own.
    pub(crate) fn call(code: &'static str, message: &str) -> Self {
        Self { kind: Kind::Config, code, message: message.to_owned() }
    }

    /// JavaScript's bindings hand over what they cannot hand over otherwise; anything else is our own mistake.
    pub(crate) fn malformed_call() -> Self {
        Self::call("internal", "the bindings were called with what they cannot read")
    }

    /// Code and message, with a space between them.
    pub(crate) fn text(&self) -> String {
        [self.code, " ", &self.message].concat()
    }

    /// The answer of a call that failed, when this text stands at the beginning of the buffer: below 0, the kind in the two
    /// lowest bits, the text's length in the others.
    pub(crate) fn number(&self, text: &str) -> i32 {
        let length = i32::try_from(text.len()).unwrap_or_default();
        (length << 2 | self.kind as i32).wrapping_neg()
    }
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        Self { kind: Kind::Verification, code: error.code(), message: error.message() }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let of = match error {
            ConfigError::BlankSecret
            | ConfigError::SecretWhitespace
            | ConfigError::SecretNotBase64
            | ConfigError::SecretEmptyKey => "the secret ",
            _ => "",
        };
        Self { kind: Kind::Config, code: error.code(), message: [of, error.message()].concat() }
    }
}

impl From<EventError> for Failure {
    fn from(error: EventError) -> Self {
        Self { kind: Kind::Event, code: error.code(), message: error.message() }
    }
}
