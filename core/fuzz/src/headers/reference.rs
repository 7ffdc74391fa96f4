//! The three constructions once more, written for reading: no state kept, everything allocated.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::request::{Construction, Request};

/// Header lines, their MACs filled in.
pub(super) type Lines = Vec<(String, Vec<u8>)>;

/// What judges a request by the rules' text.
pub(super) struct Reference {
    construction: Construction,
    keys: Vec<Vec<u8>>,
}

/// What a request claims.
struct Claim {
    signed_at: Option<u64>,
    covered: Vec<u8>,
    macs: Vec<Vec<u8>>,
}

impl Reference {
    /// # Errors
    ///
    /// The code of what is wrong with the secrets.
    pub(super) fn new(construction: Construction, secrets: &[&str]) -> Result<Self, &'static str> {
        if let Some(bad) = secrets.iter().find(|secret| secret.trim() != **secret || secret.is_empty()) {
            return Err(if bad.trim().is_empty() { "blank_secret" } else { "secret_whitespace" });
        }
        if secrets.is_empty() {
            return Err("no_secret");
        }
        let keys = secrets.iter().map(|secret| match construction {
            Construction::Standard => {
                let key = from_base64(secret.strip_prefix("whsec_").unwrap_or(secret).as_bytes());
                let key = key.ok_or("secret_not_base64")?;
                if key.is_empty() { Err("secret_empty_key") } else { Ok(key) }
            }
            _ => Ok(secret.as_bytes().to_vec()),
        });
        Ok(Self { construction, keys: keys.collect::<Result<_, _>>()? })
    }

    /// The request's lines with the right MACs in the places kept for them.
    pub(super) fn with_macs(&self, request: &Request<'_>) -> Lines {
        let [first, last] = self.right_macs(request);
        let fill = |byte: &u8| match byte {
            1 => first.clone(),
            2 => last.clone(),
            other => vec![*other],
        };
        let lines = request.lines.iter();
        lines.map(|(name, value)| ((*name).to_owned(), value.iter().flat_map(fill).collect())).collect()
    }

    /// The right MACs by the first secret and by the last, as headers write them.
    pub(super) fn right_macs(&self, request: &Request<'_>) -> [Vec<u8>; 2] {
        let named = |name: &str| {
            let line = request.lines.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
            line.map_or(&b""[..], |(_, value)| value)
        };
        let before = match self.construction {
            Construction::Timestamped => {
                let mut items = named("turratech-signature").split(|byte| *byte == b',');
                let timestamp = items.find_map(|item| item.strip_prefix(b"t="));
                [timestamp.unwrap_or_default(), b"."].concat()
            }
            Construction::Standard => [named("webhook-id"), b".", named("webhook-timestamp"), b"."].concat(),
            Construction::BodyHex | Construction::BodyBase64 => Vec::new(),
        };
        let covered = [&before, request.body].concat();
        let keys = [self.keys.first(), self.keys.last()];
        keys.map(|key| self.written(&mac(key.map_or(&[], Vec::as_slice), &covered)))
    }

    /// The signed time of a request that holds.
    ///
    /// # Errors
    ///
    /// The code of the reason to refuse it.
    pub(super) fn judge(
        &self,
        lines: &Lines,
        body: &[u8],
        now_secs: u64,
    ) -> Result<Option<u64>, &'static str> {
        let claim = match self.construction {
            Construction::Timestamped => timestamped(&only(lines, "turratech-signature")?),
            Construction::Standard => standard(
                &only(lines, "webhook-id")?,
                &only(lines, "webhook-timestamp")?,
                &only(lines, "webhook-signature")?,
            ),
            Construction::BodyHex => {
                let header = only(lines, "x-hub-signature-256")?;
                of_body(header.strip_prefix(b"sha256=").and_then(from_hex))
            }
            Construction::BodyBase64 => of_body(from_base64(&only(lines, "x-hmac-sha256")?)),
        }?;
        let covered = [&claim.covered, body].concat();
        let right = self.macs(&covered);
        if !claim.macs.iter().any(|mac| right.iter().any(|right| right == &**mac)) {
            return Err("no_match");
        }
        match claim.signed_at {
            Some(signed_at) if signed_at + 300 < now_secs => Err("too_old"),
            Some(signed_at) if signed_at > now_secs + 300 => Err("too_new"),
            signed_at => Ok(signed_at),
        }
    }

    /// The right MACs, one by each secret.
    pub(super) fn macs(&self, covered: &[u8]) -> Vec<[u8; 32]> {
        self.keys.iter().map(|key| mac(key, covered)).collect()
    }

    fn written(&self, mac: &[u8]) -> Vec<u8> {
        match self.construction {
            Construction::Timestamped | Construction::BodyHex => {
                mac.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
            }
            Construction::Standard | Construction::BodyBase64 => to_base64(mac),
        }
    }
}

/// Lines of one name are one value, with commas between; 8 KiB are read at the most.
fn only(lines: &Lines, name: &str) -> Result<Vec<u8>, &'static str> {
    let values: Vec<&[u8]> = lines
        .iter()
        .filter(|(other, _)| other.eq_ignore_ascii_case(name))
        .map(|(_, value)| &**value)
        .collect();
    match values.join(&b','.to_owned()) {
        _ if values.is_empty() => Err("missing_header"),
        value if value.len() > 8_192 => Err("header_too_large"),
        value => Ok(value),
    }
}

fn timestamped(header: &[u8]) -> Result<Claim, &'static str> {
    let halves = |item: &[u8]| {
        let equals = item.iter().position(|byte| *byte == b'=')?;
        Some((item[..equals].to_vec(), item[equals + 1..].to_vec()))
    };
    let items: Vec<(Vec<u8>, Vec<u8>)> = header.split(|byte| *byte == b',').filter_map(halves).collect();
    let named = |name: &'static [u8]| {
        items.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_slice())
    };
    let times: Vec<&[u8]> = named(b"t").collect();
    let [time] = times[..] else { return Err("malformed_header") };
    let signed_at = Some(seconds(time)?);
    let macs = candidates(named(b"v1").map(from_hex).collect())?;
    Ok(Claim { signed_at, covered: [time, b"."].concat(), macs })
}

fn standard(id: &[u8], time: &[u8], signatures: &[u8]) -> Result<Claim, &'static str> {
    if id.is_empty() || id.contains(&b'.') {
        return Err("malformed_header");
    }
    let signed_at = Some(seconds(time)?);
    let tokens = signatures.split(|byte| *byte == b' ').filter_map(|token| token.strip_prefix(b"v1,"));
    let macs = candidates(tokens.map(from_base64).collect())?;
    Ok(Claim { signed_at, covered: [id, b".", time, b"."].concat(), macs })
}

fn of_body(mac: Option<Vec<u8>>) -> Result<Claim, &'static str> {
    let mac = mac.filter(|mac| mac.len() == 32).ok_or("malformed_header")?;
    Ok(Claim { signed_at: None, covered: Vec::new(), macs: vec![mac] })
}

/// Those of 32 bytes, of 32 offered at the most.
fn candidates(offered: Vec<Option<Vec<u8>>>) -> Result<Vec<Vec<u8>>, &'static str> {
    if offered.len() > 32 {
        return Err("too_many_candidates");
    }
    let macs: Vec<Vec<u8>> = offered.into_iter().flatten().filter(|mac| mac.len() == 32).collect();
    if macs.is_empty() { Err("malformed_header") } else { Ok(macs) }
}

/// `[0-9]{1,15}` without a leading zero.
fn seconds(text: &[u8]) -> Result<u64, &'static str> {
    let number: u64 =
        std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).ok_or("malformed_header")?;
    if number.to_string().as_bytes() == text && text.len() <= 15 {
        Ok(number)
    } else {
        Err("malformed_header")
    }
}

fn mac(key: &[u8], covered: &[u8]) -> [u8; 32] {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    hmac.update(covered);
    hmac.finalize().into_bytes().into()
}

fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |letter: &u8| b"0123456789abcdef".iter().position(|other| other == letter);
    let pair = |pair: &[u8]| u8::try_from(digit(pair.first()?)? * 16 + digit(pair.get(1)?)?).ok();
    text.chunks(2).map(pair).collect()
}

/// Strictly: whatever is not what we would have written is nothing.
fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_suffix(b"==").or(text.strip_suffix(b"=")).unwrap_or(text);
    let mut bits = Vec::new();
    for letter in digits {
        let digit = ALPHABET.iter().position(|other| other == letter)?;
        bits.extend((0..6).rev().map(|place| digit >> place & 1 == 1));
    }
    let byte = |bits: &[bool]| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
    let bytes: Vec<u8> = bits.chunks_exact(8).map(byte).collect();
    (to_base64(&bytes) == text).then_some(bytes)
}

fn to_base64(bytes: &[u8]) -> Vec<u8> {
    let bits: Vec<u8> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1)).collect();
    let digit = |bits: &[u8]| {
        let value = bits.iter().fold(0, |value, bit| value << 1 | usize::from(*bit)) << (6 - bits.len());
        ALPHABET[value]
    };
    let mut text: Vec<u8> = bits.chunks(6).map(digit).collect();
    text.resize(text.len().next_multiple_of(4), b'=');
    text
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
