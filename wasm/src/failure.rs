//! What went wrong in a call, in the core's own codes and words.

use hookproof_core::{ConfigError, EventError, VerifyError};

/// A failure of one of three kinds.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    /// Code and message, with a space between them.
    pub(crate) text: String,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Verification = 1,
    Config = 2,
    Event = 3,
}

impl Failure {
    /// The caller gave what is no profile, or asked for what is not to be had: a code and a message of the bindings' own.
    pub(crate) fn call(code: &str, message: &str) -> Self {
        Self::new(Kind::Config, code, message)
    }

    /// JavaScript's bindings hand over what they cannot hand over otherwise; anything else is our own mistake.
    pub(crate) fn malformed_call() -> Self {
        Self::call("internal", "the bindings were called with what they cannot read")
    }

    fn new(kind: Kind, code: &str, message: &str) -> Self {
        Self { kind, text: [code, " ", message].concat() }
    }

    /// The answer of a call that failed, when its text stands at the beginning of the buffer: below 0, the kind in the two
    /// lowest bits, the text's length in the others.
    pub(crate) fn number(&self) -> i32 {
        let length = i32::try_from(self.text.len()).unwrap_or_default();
        (length << 2 | self.kind as i32).wrapping_neg()
    }
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        Self::new(Kind::Verification, error.code(), &error.message())
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
        Self::new(Kind::Config, error.code(), &[of, error.message()].concat())
    }
}

impl From<EventError> for Failure {
    fn from(error: EventError) -> Self {
        Self::new(Kind::Event, error.code(), &error.message())
    }
}
