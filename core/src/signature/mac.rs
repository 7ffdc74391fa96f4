//! HMAC-SHA-256 (RFC 2104) with its key absorbed once, and MACs that are compared in constant time.

use core::fmt;

use crate::sha256::{BLOCK, Sha256};

/// A key: the states of its two hashes, and what a host hashes first that has to begin without them.
#[derive(Clone)]
pub(super) struct Key {
    block: [u8; BLOCK],
    inner: Sha256,
    outer: Sha256,
}

/// The 32 bytes of a MAC, claimed or right.
#[derive(Clone, Copy)]
pub(super) struct Mac(pub(super) [u8; 32]);

impl Key {
    /// A key of any length: one longer than a block is hashed first.
    pub(super) fn new(key: &[u8]) -> Self {
        let hashed;
        let key = if key.len() > BLOCK {
            hashed = Sha256::of(key);
            &hashed
        } else {
            key
        };
        let block = masked(key, INNER);
        Self { block, inner: after(&block), outer: after(&masked(key, OUTER)) }
    }

    /// The MAC of the parts, one behind the other.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> Mac {
        self.mac_of_hash(&self.hash(parts))
    }

    /// The hash of [`block`](Self::block) and the parts.
    pub(super) fn hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hash = self.inner.clone();
        for part in parts {
            hash.update(part);
        }
        hash.finish()
    }

    /// What is hashed before the message.
    pub(super) const fn block(&self) -> &[u8; BLOCK] {
        &self.block
    }

    /// The MAC of a message, from the hash of [`block`](Self::block) and the message.
    pub(super) fn mac_of_hash(&self, hash: &[u8; 32]) -> Mac {
        let mut outer = self.outer.clone();
        outer.update(hash);
        Mac(outer.finish())
    }
}

impl Mac {
    /// Compares it with every candidate, whichever fits.
    pub(super) fn is_among(&self, candidates: &[Self]) -> bool {
        candidates.iter().fold(false, |found, candidate| found | self.equals(candidate))
    }

    /// Compares all 32 bytes, whichever differ.
    fn equals(&self, other: &Self) -> bool {
        let difference = self.0.iter().zip(&other.0).fold(0, |all, (ours, theirs)| all | (ours ^ theirs));
        core::hint::black_box(difference) == 0
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mac(…)")
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// A key filled up with zeros to a block, each byte changed by the mask.
fn masked(key: &[u8], mask: u8) -> [u8; BLOCK] {
    let mut block = [mask; BLOCK];
    for (byte, key) in block.iter_mut().zip(key) {
        *byte ^= key;
    }
    block
}

fn after(block: &[u8; BLOCK]) -> Sha256 {
    let mut hash = Sha256::new();
    hash.update(block);
    hash
}

/// RFC 2104, `ipad`.
const INNER: u8 = 0x36;

/// RFC 2104, `opad`.
const OUTER: u8 = 0x5c;

#[cfg(test)]
mod tests {
    use alloc::vec;

    use hmac::{Hmac, KeyInit, Mac as _};

    use super::*;

    #[test]
    fn keys_of_every_length_make_the_macs_of_the_crate_and_so_does_a_hosts_hash() {
        for length in [0, 1, 32, 63, 64, 65, 200] {
            let key = vec![b'k'; length];
            let right =
                Hmac::<sha2::Sha256>::new_from_slice(&key).expect("any length").chain_update(b"message");
            let right: [u8; 32] = right.finalize().into_bytes().into();
            let ours = Key::new(&key);
            assert_eq!(ours.mac(&[b"mess", b"", b"age"]).0, right, "a key of {length} bytes");
            let hash = Sha256::of(&[ours.block(), &b"message"[..]].concat());
            assert_eq!(ours.mac_of_hash(&hash).0, right, "a key of {length} bytes");
        }
    }

    #[test]
    fn neither_a_key_nor_a_mac_is_shown() {
        let key = Key::new(b"secret");
        assert_eq!(alloc::format!("{key:?} {:?}", key.mac(&[])), "Key(\u{2026}) Mac(\u{2026})");
    }
}
