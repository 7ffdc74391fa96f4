//! A provider as a TOML file (feature `profile`): a user's own platform, without a line of code.
//!
//! [`Provider::to_toml`] writes a file that explains itself, and is the reference of the format: each field stands
//! there under a sentence that says what it means. [`Provider::from_toml`] reads one, and refuses what it does not
//! know, what contradicts itself, and what could not be sent.

mod agree;
mod error;
mod field;
mod read;
mod span;
mod table;
mod value;
mod word;
mod write;

use alloc::string::String;

pub use self::{
    error::{ProfileError, ProfileFault},
    span::{Span, SpanError},
};
use crate::Provider;

impl Provider {
    /// Reads a profile.
    ///
    /// The name of a built-in provider is taken: only that provider's own profile, unchanged, may bear it. Of
    /// clauses ([`Provider::clause_prefix`]) a profile says nothing, because they are numbered here.
    ///
    /// # Errors
    ///
    /// [`ProfileError`], with the line and the field of the first fault. Never panics.
    ///
    /// # Example
    ///
    /// ```
    /// use hookproof_core::{At, Provider};
    ///
    /// let profile = r#"
    ///     name = "shop"
    ///     event-types = ["order.paid"]
    ///
    ///     [event]
    ///     id = "/meta/event_id"
    ///     type = "/what"
    ///
    ///     [signature]
    ///     construction = "body"
    ///     header = "x-shop-mac"
    ///     encoding = "base64"
    /// "#;
    /// let shop = Provider::from_toml(profile).expect("it is sound");
    /// assert_eq!(shop.shape.id, At::Body("/meta/event_id".into()));
    /// assert_eq!(Provider::from_toml(&shop.to_toml()), Ok(shop));
    ///
    /// let error = Provider::from_toml(&profile.replace("x-shop-mac", "x shop mac")).expect_err("it is no header");
    /// assert_eq!((error.line, &*error.field, error.code()), (11, "signature.header", "not_a_header"));
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        read::provider(text)
    }

    /// Writes the profile of this provider, each field with the sentence that says what it means.
    ///
    /// [`Provider::from_toml`] reads it back as the same value, if it is one that a profile can hold. Spans are
    /// written in whole milliseconds at the finest.
    pub fn to_toml(&self) -> String {
        write::profile(self)
    }
}

#[cfg(test)]
mod tests;
