//! The core for JavaScript, in two modules. The feature `receive` is what a receiver needs while it answers:
//! verification, the event, its key; and signing, which is the same code. The feature `desk` is everything else, so
//! that what answers requests does not load it.
//!
//! Every function takes and gives numbers only. Texts and bytes lie in one buffer that JavaScript asks for with
//! [`buffer`] and fills before it calls: no copy is made twice, and the module needs nothing of its host. Where a
//! function fails, it answers with the kind of the failure, and [`failure_code`] and [`failure_message`] tell the rest.
//!
//! | number | failure | in JavaScript |
//! | --- | --- | --- |
//! | -1 | the peer's | `WebhookVerificationError` |
//! | -2 | the caller's | `WebhookConfigError` |
//! | -3 | rightly signed, but no event | `EventFormatError` |

#[cfg(feature = "desk")]
mod desk;
mod failure;
mod fields;
#[cfg(feature = "receive")]
mod hmac;
mod profile;
#[cfg(feature = "receive")]
mod receiver;
mod state;

#[cfg(feature = "desk")]
pub use desk::{
    claim_claim, claim_commit, claim_release, delivery_new, delivery_next, delivery_record, delivery_resend,
    diagnose, schedule, signature_headers,
};
pub use failure::{failure_code, failure_message};
#[cfg(feature = "receive")]
pub use receiver::{
    before_body, close, header_names, idempotency_key, open, open_unverified, parse, receive, sign, verify,
    wide_integers,
};
pub use state::buffer;
