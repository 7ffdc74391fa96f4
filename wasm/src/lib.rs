//! The core for JavaScript, in two modules. The feature `receive` is what a receiver needs while it answers:
//! verification, the event, its key; and signing, which is the same code. The feature `desk` is everything else, so
//! that what answers requests does not load it.
//!
//! Every function takes and gives numbers only. Texts and bytes lie in one buffer that JavaScript asks for with
//! [`buffer`] and fills before it calls: no copy is made twice, and the module needs nothing of its host. Where a
//! function fails, its answer is below 0: the two lowest bits of that number, the sign left off, are the kind of the
//! failure, and the others the length of the text at the beginning of the buffer, a code and a message.
//!
//! | kind | failure | in JavaScript |
//! | --- | --- | --- |
//! | 1 | the peer's | `WebhookVerificationError` |
//! | 2 | the caller's | `WebhookConfigError` |
//! | 3 | rightly signed, but no event | `EventFormatError` |

#[cfg(feature = "desk")]
mod desk;
mod failure;
mod fields;
#[cfg(any(target_arch = "wasm32", test))]
mod heap;
mod profile;
#[cfg(feature = "receive")]
mod receiver;
mod state;

#[cfg(feature = "desk")]
pub use desk::{
    claim_claim, claim_commit, claim_release, delivery_new, delivery_next, delivery_record, delivery_resend,
    diagnose, schedule, signature_headers,
};
#[cfg(feature = "receive")]
pub use receiver::{ask, open};
pub use state::buffer;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: heap::Heap = heap::Heap::new(|pages| {
    let page = core::arch::wasm32::memory_grow(0, pages);
    // Beyond what the host has, it answers with all bits set.
    page.checked_mul(65_536)
});
