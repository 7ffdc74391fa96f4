//! Who sent it: an HMAC-SHA-256 over the bytes as received.
//!
//! Nothing is decoded, trimmed or printed again before the MAC holds; the MAC is judged before the age, so that
//! a stranger learns nothing of the clock. Every candidate is compared with every secret, all 32 bytes of it,
//! in constant time.

mod base64;
mod body;
mod diagnose;
mod error;
pub(crate) mod hex;
mod mac;
mod secret;
mod standard;
mod timestamped;

use alloc::{borrow::Cow, string::String, vec, vec::Vec};
use core::time::Duration;

use self::mac::{Key, Mac};
pub use self::{
    diagnose::{Cause, Diagnosis, Suspect, diagnose, mistaken},
    error::{ConfigError, VerifyError},
    secret::Secret,
};
use crate::{Text, Timestamp, decimal};

/// How a provider signs: the construction, and the names of its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `t=<unix seconds>,v1=<hex>` in one header; the MAC covers `<t>.<body>`, its key is the whole text of the secret.
    Timestamped {
        /// The header's name.
        header: Text,
    },
    /// The Standard Webhooks construction: three headers, the MAC covers `<id>.<timestamp>.<body>`, its key is the
    /// base64 behind an optional `whsec_`.
    Standard {
        /// The header of the message's id.
        id: Text,
        /// The header of the time of sending.
        timestamp: Text,
        /// The header of the signatures.
        signature: Text,
    },
    /// The MAC covers the body alone; its key is the whole text of the secret. GitHub's is `sha256=<hex>`.
    Body {
        /// The header's name.
        header: Text,
        /// What stands before the MAC.
        prefix: Text,
        /// How the MAC is written.
        encoding: Encoding,
    },
}

/// How a MAC is written in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// 64 lower-case hexadecimal digits.
    Hex,
    /// Standard base64 with padding.
    Base64,
}

impl Encoding {
    /// A text as a MAC, if it is one in this spelling.
    fn mac(self, text: &[u8]) -> Option<Mac> {
        match self {
            Self::Hex => hex::mac(text),
            Self::Base64 => base64::mac(text),
        }
    }

    /// Some bytes, written so.
    pub fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::encode(bytes),
            Self::Base64 => base64::encode(bytes),
        }
    }
}

impl Scheme {
    /// Whether the MAC covers the time of sending, so that an old capture can be told.
    pub const fn signs_timestamp(&self) -> bool {
        !matches!(self, Self::Body { .. })
    }

    /// The header that carries the MAC.
    pub fn signature_header(&self) -> &str {
        match self {
            Self::Timestamped { header } | Self::Body { header, .. } => header,
            Self::Standard { signature, .. } => signature,
        }
    }

    /// Every header of the construction.
    pub fn header_names(&self) -> Vec<&str> {
        match self {
            Self::Timestamped { header } | Self::Body { header, .. } => vec![header],
            Self::Standard { id, timestamp, signature } => vec![id, timestamp, signature],
        }
    }
}

/// One header line of a request. Names are matched in any case.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    /// As received.
    pub name: &'a str,
    /// As received, without the white space around it.
    pub value: &'a [u8],
}

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The message's id; only [`Scheme::Standard`] signs it.
    pub id: &'a str,
    /// The time of sending.
    pub at: Timestamp,
    /// The exact body.
    pub body: &'a [u8],
}

/// How far the signed time may lie from now, in either direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance(Option<Duration>);

impl Tolerance {
    /// 300 s: a timestamp 300 s off holds, one 301 s off does not.
    pub const DEFAULT: Self = Self(Some(Duration::from_secs(300)));

    /// So many whole seconds, at least one.
    ///
    /// # Errors
    ///
    /// [`ConfigError::ToleranceZero`]: zero would refuse every event or, in some libraries, none.
    pub const fn secs(secs: u64) -> Result<Self, ConfigError> {
        match secs {
            0 => Err(ConfigError::ToleranceZero),
            secs => Ok(Self(Some(Duration::from_secs(secs)))),
        }
    }

    /// No check of the age: a captured request stays valid for ever. For tests and for queues that keep
    /// requests for later.
    pub const fn unlimited() -> Self {
        Self(None)
    }
}

/// What a right signature tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The time of sending, where the construction signs one.
    pub signed_at: Option<Timestamp>,
}

/// What the headers of a request say of its signature.
#[derive(Clone, Debug)]
pub struct SignedHeaders {
    signed_at: Option<Timestamp>,
    before: Vec<u8>,
    candidates: Vec<Mac>,
}

impl SignedHeaders {
    /// What the MAC covers before the body.
    pub fn before_body(&self) -> &[u8] {
        &self.before
    }
}

/// Tells whether a request is the provider's. Made once for a set of secrets; it keeps the state of each
/// HMAC after its key, so that a verification costs only the message's own blocks.
#[derive(Clone, Debug)]
pub struct Verifier {
    scheme: Scheme,
    keys: Vec<Key>,
    tolerance: Tolerance,
}

impl Verifier {
    /// A verifier that accepts a MAC by any of `secrets`; two are in force while one is rotated.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] without a secret, and when one does not fit the scheme.
    pub fn new(scheme: &Scheme, secrets: &[Secret], tolerance: Tolerance) -> Result<Self, ConfigError> {
        if secrets.is_empty() {
            return Err(ConfigError::NoSecret);
        }
        let mut keys = Vec::new();
        for secret in secrets {
            keys.push(secret.key_for(scheme)?);
        }
        Ok(Self { scheme: scheme.clone(), keys, tolerance })
    }

    /// Judges a request received at `now`. `body` must be the bytes as received: JSON that was parsed and
    /// printed again has another MAC.
    ///
    /// # Errors
    ///
    /// [`VerifyError`], for every input that a stranger can choose. Never panics.
    pub fn verify(
        &self,
        headers: &[Header<'_>],
        body: &[u8],
        now: Timestamp,
    ) -> Result<Verified, VerifyError> {
        let signed = self.read(headers)?;
        let macs = self.keys.iter().map(|key| key.mac(&[&signed.before, body]));
        self.judge(&signed, macs, now)
    }

    /// Reads the headers: the first half of [`verify`](Self::verify), for a platform whose own SHA-256 is faster than ours,
    /// as a host of WebAssembly's is.
    ///
    /// # Errors
    ///
    /// [`VerifyError`] when the headers are refused whatever the body is.
    pub fn read(&self, headers: &[Header<'_>]) -> Result<SignedHeaders, VerifyError> {
        self.scheme.read(headers)
    }

    /// What is hashed before [`before_body`](SignedHeaders::before_body) and the body, by each secret in turn. Whoever
    /// has it can forge.
    pub fn blocks(&self) -> impl ExactSizeIterator<Item = &[u8; 64]> {
        self.keys.iter().map(Key::block)
    }

    /// The second half: as [`verify`](Self::verify), where `hashes` were made elsewhere, the SHA-256 of each of
    /// [`blocks`](Self::blocks) with what is behind it. Whoever gives others believes forgeries.
    ///
    /// # Errors
    ///
    /// [`VerifyError`], the same that [`verify`](Self::verify) gives.
    pub fn verify_hashes(
        &self,
        signed: &SignedHeaders,
        hashes: &[[u8; 32]],
        now: Timestamp,
    ) -> Result<Verified, VerifyError> {
        let macs = self.keys.iter().zip(hashes).map(|(key, hash)| key.mac_of_hash(hash));
        self.judge(signed, macs, now)
    }

    /// Judges by the right MACs, one of each secret.
    fn judge(
        &self,
        signed: &SignedHeaders,
        macs: impl Iterator<Item = Mac>,
        now: Timestamp,
    ) -> Result<Verified, VerifyError> {
        if !macs.fold(false, |found, mac| found | mac.is_among(&signed.candidates)) {
            return Err(VerifyError::NoMatch);
        }
        if let (Some(signed_at), Tolerance(Some(tolerance))) = (signed.signed_at, self.tolerance) {
            within(signed_at, tolerance, now)?;
        }
        Ok(Verified { signed_at: signed.signed_at })
    }

    /// Signs a message with the first secret: the headers to send, in order.
    ///
    /// # Errors
    ///
    /// [`ConfigError::UnsignableId`] when the scheme signs an id and this one could be mistaken for more.
    pub fn sign(&self, message: &Message<'_>) -> Result<Vec<(String, String)>, ConfigError> {
        let Some(key) = self.keys.first() else { return Err(ConfigError::NoSecret) };
        let mut at = String::new();
        decimal::push(&mut at, message.at.as_unix_secs());
        let Draft { before, mut value, encoding } = match &self.scheme {
            Scheme::Timestamped { .. } => timestamped::draft(&at),
            Scheme::Standard { .. } => standard::draft(message.id, &at)?,
            Scheme::Body { prefix, encoding, .. } => body::draft(prefix, *encoding),
        };
        value.push_str(&encoding.encode(&key.mac(&[&before, message.body]).0));
        let mut headers = Vec::new();
        if let Scheme::Standard { id, timestamp, .. } = &self.scheme {
            headers.push((id.as_ref().into(), message.id.into()));
            headers.push((timestamp.as_ref().into(), at));
        }
        headers.push((self.scheme.signature_header().into(), value));
        Ok(headers)
    }

    /// The MAC of any text by the first secret: its parts, one behind the other. For whoever tries receivers with
    /// headers that [`sign`](Self::sign) never writes. Whoever shows one shows how to forge that text.
    ///
    /// # Errors
    ///
    /// [`ConfigError::NoSecret`], as [`new`](Self::new).
    pub fn mac(&self, parts: &[&[u8]]) -> Result<[u8; 32], ConfigError> {
        self.keys.first().map(|key| key.mac(parts).0).ok_or(ConfigError::NoSecret)
    }
}

/// Signs one message; see [`Verifier::sign`] for many.
///
/// # Errors
///
/// [`ConfigError`] when the secret or the id does not fit the scheme.
pub fn sign(
    scheme: &Scheme,
    secret: &Secret,
    message: &Message<'_>,
) -> Result<Vec<(String, String)>, ConfigError> {
    Verifier::new(scheme, core::slice::from_ref(secret), Tolerance::DEFAULT)?.sign(message)
}

/// A header that signs a body, before it is signed.
struct Draft {
    /// What the MAC covers before the body.
    before: Vec<u8>,
    /// What the header's value is before the MAC.
    value: String,
    encoding: Encoding,
}

/// The MACs that a header offers.
#[derive(Default)]
struct Candidates {
    offered: usize,
    sound: Vec<Mac>,
}

impl Candidates {
    /// Takes one, which is skipped where it is no MAC.
    fn offer(&mut self, encoding: Encoding, text: &[u8]) {
        self.offered = self.offered.saturating_add(1);
        self.sound.extend(encoding.mac(text));
    }

    /// Those that were sound, of which there must be one.
    fn some(self, none: &'static str) -> Result<Vec<Mac>, VerifyError> {
        if self.offered > MOST_CANDIDATES {
            Err(VerifyError::TooManyCandidates)
        } else if self.sound.is_empty() {
            Err(VerifyError::MalformedHeader(none))
        } else {
            Ok(self.sound)
        }
    }
}

impl Scheme {
    fn read(&self, headers: &[Header<'_>]) -> Result<SignedHeaders, VerifyError> {
        match self {
            Self::Timestamped { header } => timestamped::read(&only(headers, header)?),
            Self::Standard { id, timestamp, signature } => {
                standard::read(&only(headers, id)?, &only(headers, timestamp)?, &only(headers, signature)?)
            }
            Self::Body { header, prefix, encoding } => body::read(&only(headers, header)?, prefix, *encoding),
        }
    }
}

/// The value of a header. Lines of the same name are one value, joined by a comma, as HTTP says.
fn only<'a>(headers: &[Header<'a>], name: &str) -> Result<Cow<'a, [u8]>, VerifyError> {
    let mut lines = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
    let Some(first) = lines.next() else { return Err(VerifyError::MissingHeader(name.into())) };
    let mut value = Cow::Borrowed(first.value);
    for line in lines {
        let value = value.to_mut();
        value.push(b',');
        value.extend_from_slice(line.value);
    }
    if value.len() > LARGEST_HEADER {
        return Err(VerifyError::HeaderTooLarge { length: value.len() });
    }
    Ok(value)
}

/// Digits alone, at most 15 of them and without a leading zero: what every honest sender writes.
fn seconds(text: &[u8]) -> Option<Timestamp> {
    let honest = text.len() == 1 || (text.len() <= 15 && !text.starts_with(b"0"));
    decimal::number(text).filter(|_| honest).map(Timestamp::from_unix_secs)
}

/// Whether the signed time is near enough to now. Both are whole seconds, so that 300 s are 300 s.
fn within(signed_at: Timestamp, tolerance: Duration, now: Timestamp) -> Result<(), VerifyError> {
    let now = Timestamp::from_unix_secs(now.as_unix_secs());
    let off = now.abs_diff(signed_at);
    if off <= tolerance {
        Ok(())
    } else if signed_at < now {
        Err(VerifyError::TooOld { age: off, tolerance })
    } else {
        Err(VerifyError::TooNew { ahead: off, tolerance })
    }
}

/// Larger headers are refused unread: a right one has a few hundred bytes.
const LARGEST_HEADER: usize = 8 * 1_024;

/// More MACs than any rotation needs; each costs a comparison.
const MOST_CANDIDATES: usize = 32;
