//! HMAC-SHA-256 with its key absorbed once, and MACs that are compared in constant time.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;

/// A key, kept as the state of an HMAC that has absorbed it.
#[derive(Clone)]
pub(super) struct Key(Hmac<Sha256>);

/// The 32 bytes of a MAC, claimed or right.
#[derive(Clone, Copy)]
pub(super) struct Mac(pub(super) [u8; 32]);

impl Key {
    pub(super) fn new(key: &[u8]) -> Self {
        // A key longer than a block is hashed first, so every length is a key (RFC 2104).
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        Self(Hmac::new_from_slice(key).expect("HMAC takes keys of every length"))
    }

    /// The MAC of the parts, one behind the other.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> Mac {
        let mut hmac = self.0.clone();
        for part in parts {
            hmac.update(part);
        }
        Mac(hmac.finalize().into_bytes().into())
    }
}

impl Mac {
    /// Compares all 32 bytes, whichever differ.
    pub(super) fn equals(&self, other: &Self) -> bool {
        let difference = self.0.iter().zip(&other.0).fold(0, |all, (ours, theirs)| all | (ours ^ theirs));
        core::hint::black_box(difference) == 0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}
