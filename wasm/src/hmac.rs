//! HMAC-SHA-256 (RFC 2104) by two hands: the host hashes the message, by instructions of the processor that WebAssembly
//! does not have, and the hash of that hash is made here.

use sha2::{Digest, Sha256};

/// A key, in the two forms in which HMAC hashes it.
pub(crate) struct Key {
    inner: [u8; BLOCK],
    outer: Sha256,
}

impl Key {
    /// A key of any length: one longer than a block is hashed first.
    pub(crate) fn new(key: &[u8]) -> Self {
        let hashed;
        let key = if key.len() > BLOCK {
            hashed = Sha256::digest(key);
            &hashed[..]
        } else {
            key
        };
        let mut inner = [INNER; BLOCK];
        let mut outer = [OUTER; BLOCK];
        for (byte, (inner, outer)) in key.iter().zip(inner.iter_mut().zip(&mut outer)) {
            *inner ^= byte;
            *outer ^= byte;
        }
        Self { inner, outer: Sha256::new_with_prefix(outer) }
    }

    /// What the host hashes before the message.
    pub(crate) const fn inner(&self) -> &[u8; BLOCK] {
        &self.inner
    }

    /// The MAC of a message, from the host's hash of [`inner`](Self::inner) and the message.
    pub(crate) fn mac(&self, hash: &[u8; 32]) -> [u8; 32] {
        self.outer.clone().chain_update(hash).finalize().into()
    }
}

/// What SHA-256 takes in at a time.
const BLOCK: usize = 64;

/// RFC 2104, `ipad`.
const INNER: u8 = 0x36;

/// RFC 2104, `opad`.
const OUTER: u8 = 0x5c;

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};

    use super::*;

    #[test]
    fn both_hands_make_the_mac_of_one_for_keys_of_every_length() {
        for length in [0, 1, 63, 64, 65, 200] {
            let key = vec![b'k'; length];
            let ours = Key::new(&key);
            let hash = Sha256::new_with_prefix(ours.inner()).chain_update(b"message").finalize();
            let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(b"message").finalize();
            assert_eq!(ours.mac(&hash.into())[..], mac.into_bytes()[..], "a key of {length} bytes");
        }
    }
}
