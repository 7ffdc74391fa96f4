//! The secret that provider and endpoint share.

use alloc::string::String;
use core::fmt;

use super::{ConfigError, Scheme, base64, mac::Key};

/// The text of a secret, as the provider shows it. It is never shown again, by `Debug` or otherwise.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret as the provider shows it.
    ///
    /// # Errors
    ///
    /// [`ConfigError::BlankSecret`], and [`ConfigError::SecretWhitespace`] for white space around it: the provider
    /// signs without it, and every event would be refused.
    pub fn new(text: &str) -> Result<Self, ConfigError> {
        match text.trim() {
            "" => Err(ConfigError::BlankSecret),
            trimmed if trimmed.len() != text.len() => Err(ConfigError::SecretWhitespace),
            trimmed => Ok(Self(trimmed.into())),
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// The key that this secret is under a scheme.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when the scheme decodes the secret and it is not base64, or nothing is left.
    pub(super) fn key_for(&self, scheme: &Scheme) -> Result<Key, ConfigError> {
        match scheme {
            Scheme::Timestamped { .. } | Scheme::Body { .. } => Ok(Key::new(self.0.as_bytes())),
            Scheme::Standard { .. } => {
                let text = self.0.strip_prefix("whsec_").unwrap_or(&self.0);
                match base64::decode(text.as_bytes()) {
                    None => Err(ConfigError::SecretNotBase64),
                    Some(key) if key.is_empty() => Err(ConfigError::SecretEmptyKey),
                    Some(key) => Ok(Key::new(&key)),
                }
            }
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
