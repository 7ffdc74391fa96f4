//! Webhook events, signatures, retries and idempotency, without any IO.
//!
//! The core has no clock, socket, thread or randomness: time comes in as a [`Timestamp`], bytes come in and go
//! out, decisions come out as values. The same code runs in a server, a worker, a browser and a model checker.
//!
//! Two types matter first: [`Verifier`] tells whether a request is the provider's, and [`Event`] what it says.
//! [`Claim`] gives each event one effect, and [`Provider`] is everything in which two platforms differ.
//!
//! ```
//! use hookproof_core::{Event, Header, Message, Provider, Secret, Timestamp, Tolerance, Verifier};
//!
//! # fn main() -> Result<(), Box<dyn core::error::Error>> {
//! let provider = Provider::built_in("turratech").ok_or("no such provider")?;
//! let scheme = provider.signature.as_ref().ok_or("unsigned")?;
//! let verifier = Verifier::new(scheme, &[Secret::new("whsec_shop")?], Tolerance::DEFAULT)?;
//!
//! let now = Timestamp::from_unix_secs(1_704_067_200);
//! let body = br#"{"id":"evt_1","object":"event","type":"payment.succeeded","created":1704067200,"data":{"object":{}}}"#;
//! let signed = verifier.sign(&Message { id: "evt_1", at: now, body })?;
//! let headers: Vec<Header> = signed.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
//!
//! verifier.verify(&headers, body, now)?;
//! assert_eq!(Event::parse(&provider.shape, &headers, body)?.kind(), "payment.succeeded");
//! # Ok(())
//! # }
//! ```

#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

extern crate alloc;

mod decimal;
mod delivery;
mod endpoint;
mod event;
mod idempotency;
#[cfg(feature = "profile")]
mod profile;
mod provider;
mod retry;
#[cfg(feature = "serde")]
mod saved;
mod scan;
mod sha256;
mod signature;
#[cfg(feature = "proptest")]
pub mod strategies;
mod time;

pub use delivery::{Attempt, Conclusion, Delivery, Jitter, Next, Outcome, Recorded};
pub use endpoint::{EndpointUrl, Host, Subscription, SubscriptionError, UrlError, UrlScheme, is_public};
pub use event::{At, Event, EventError, EventShape, TimeFormat};
pub use idempotency::{Claim, Claimed, KEEP_DEFAULT, KEEP_MINIMUM, LeaseLost, Token, idempotency_key};
#[cfg(feature = "profile")]
pub use profile::{ProfileError, ProfileFault, Span, SpanError};
pub use provider::{Acknowledgement, EventSample, KeyRule, Provider, Retries, Text};
pub use retry::RetrySchedule;
pub use scan::{ScanError, ScanErrorKind, locate, scan};
pub use signature::{
    Cause, ConfigError, Diagnosis, Encoding, Header, Message, Scheme, Secret, SignedHeaders, Suspect,
    Tolerance, Verified, Verifier, VerifyError, diagnose, mistaken, sign,
};
pub use time::Timestamp;
