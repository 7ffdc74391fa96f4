//! SHA-256 (FIPS 180-4) over messages that come in parts, on the compression function of the `sha2` crate. That crate's own
//! way to take parts in is four times as much code, and a browser has to load it.

use sha2::block_api::compress256;

/// A hash that is not finished.
#[derive(Clone)]
pub(crate) struct Sha256 {
    state: [u32; 8],
    /// Of the last bytes, those that fill no block: `length % 64` of them.
    pending: [u8; BLOCK],
    length: usize,
}

impl Sha256 {
    pub(crate) const fn new() -> Self {
        Self { state: INITIAL, pending: [0; BLOCK], length: 0 }
    }

    pub(crate) fn update(&mut self, mut bytes: &[u8]) {
        let filled = self.length % BLOCK;
        self.length = self.length.wrapping_add(bytes.len());
        if filled > 0 {
            let free = self.pending.get_mut(filled..).unwrap_or_default();
            let Some((now, rest)) = bytes.split_at_checked(free.len()) else {
                return fill(free, bytes);
            };
            free.copy_from_slice(now);
            compress256(&mut self.state, core::slice::from_ref(&self.pending));
            bytes = rest;
        }
        let (blocks, rest) = bytes.as_chunks();
        compress256(&mut self.state, blocks);
        fill(&mut self.pending, rest);
    }

    /// The hash of all that was taken in. What is left here is no hash any more.
    pub(crate) fn finish(&mut self) -> [u8; 32] {
        let bits = u64::try_from(self.length).unwrap_or(u64::MAX).wrapping_mul(8);
        let filled = self.length % BLOCK;
        // A one, and zeros until the length fills the last block.
        if let Some((one, zeros)) = self.pending.get_mut(filled..).and_then(<[u8]>::split_first_mut) {
            *one = 0x80;
            zeros.fill(0);
        }
        if filled >= BLOCK.wrapping_sub(LENGTH) {
            compress256(&mut self.state, core::slice::from_ref(&self.pending));
            self.pending.fill(0);
        }
        if let Some(place) = self.pending.last_chunk_mut() {
            *place = bits.to_be_bytes();
        }
        compress256(&mut self.state, core::slice::from_ref(&self.pending));
        let mut hash = [0; 32];
        for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(self.state) {
            *bytes = word.to_be_bytes();
        }
        hash
    }

    /// The hash of one text.
    pub(crate) fn of(bytes: &[u8]) -> [u8; 32] {
        let mut hash = Self::new();
        hash.update(bytes);
        hash.finish()
    }
}

fn fill(place: &mut [u8], bytes: &[u8]) {
    if let Some(place) = place.get_mut(..bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

/// What is taken in at a time.
pub(crate) const BLOCK: usize = 64;

/// The bytes of a message's length at its end.
const LENGTH: usize = 8;

/// FIPS 180-4, 5.3.3: of the square roots of the first eight primes, the first 32 bits behind the point.
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use sha2::Digest;

    use super::*;

    #[test]
    fn a_message_of_any_length_cut_anywhere_has_the_hash_of_the_crate() {
        let message: Vec<u8> = (0..=255).cycle().take(300).collect();
        for length in 0..=message.len() {
            let message = &message[..length];
            let right: [u8; 32] = sha2::Sha256::digest(message).into();
            for cut in [0, 1, 31, 55, 56, 63, 64, 65, 128, 200, length] {
                let (one, other) = message.split_at(cut.min(length));
                let mut hash = Sha256::new();
                for part in [one, b"", other] {
                    hash.update(part);
                }
                assert_eq!(hash.finish(), right, "{length} bytes, cut at {cut}");
            }
        }
    }
}
