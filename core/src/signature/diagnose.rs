//! Why a request that looks right is refused: for a developer's desk, never for an endpoint's answer.
//!
//! Every likely mistake is undone in turn, and where the MAC then holds, that mistake is the cause. Guesses that do not
//! make the MAC hold are not told.

mod cause;
mod reprint;
#[cfg(test)]
mod tests;

use alloc::{borrow::ToOwned, vec, vec::Vec};

pub use self::cause::{Cause, Diagnosis};
use super::{
    Header, Scheme, Secret, Tolerance, Verifier, VerifyError, base64, hex,
    mac::{Key, Mac},
    only,
};
use crate::{Encoding, Provider, Timestamp};

/// A request that was refused, and what it was judged by.
#[derive(Clone, Copy, Debug)]
pub struct Suspect<'a> {
    /// The construction that it should have.
    pub scheme: &'a Scheme,
    /// The secret as it is configured, white space included.
    pub secret: &'a str,
    /// Secrets that were in force before, or that other endpoints have.
    pub other_secrets: &'a [&'a str],
    /// The request's header lines.
    pub headers: &'a [Header<'a>],
    /// The body as it reached the verifying code.
    pub body: &'a [u8],
    /// When it was received.
    pub now: Timestamp,
}

/// Looks for what makes this request fail, with the default tolerance.
///
/// The result shows no secret and no right MAC.
pub fn diagnose(suspect: &Suspect<'_>) -> Diagnosis {
    let refused = match judge(suspect) {
        Ok(()) => return Diagnosis::Sound,
        Err(error) => error,
    };
    let keys = keys(suspect);
    let causes = match refused {
        // Its MAC is right, so nothing was touched.
        VerifyError::TooOld { .. } => None,
        VerifyError::TooNew { .. } => milliseconds(suspect).map(|cause| vec![cause]),
        VerifyError::MalformedHeader(_) => upper_case(suspect, &keys).map(|cause| vec![cause]),
        _ => undone(suspect, suspect.scheme, &keys),
    };
    let causes = causes.or_else(|| other_construction(suspect, &keys));
    causes.map_or(Diagnosis::Unexplained(refused), Diagnosis::Caused)
}

/// Signers that make the mistakes which a receiver may make too: the secret decoded where it should not be or the
/// reverse, and the constructions of the other providers. A receiver that takes one of their requests and refuses the
/// right one has made that mistake.
pub fn mistaken(scheme: &Scheme, secret: &Secret) -> Vec<(Cause, Verifier)> {
    let suspect = Suspect {
        scheme,
        secret: secret.text(),
        other_secrets: &[],
        headers: &[],
        body: &[],
        now: Timestamp::default(),
    };
    let by_key = keys(&suspect).into_iter().filter_map(|candidate| {
        let verifier =
            Verifier { scheme: scheme.clone(), keys: vec![candidate.key], tolerance: Tolerance::DEFAULT };
        Some((candidate.cause?, verifier))
    });
    let others = Provider::BUILT_IN.into_iter().filter_map(|provider| {
        let other = provider.signature.as_ref().filter(|other| *other != scheme)?;
        let verifier = Verifier::new(other, core::slice::from_ref(secret), Tolerance::DEFAULT).ok()?;
        Some((Cause::OtherProvider { title: provider.title.clone() }, verifier))
    });
    by_key.chain(others).collect()
}

/// A key and the mistake by which it differs from the configured one.
struct Candidate {
    cause: Option<Cause>,
    key: Key,
}

/// Judges the request as an endpoint does. A secret that no verifier takes matches nothing.
fn judge(suspect: &Suspect<'_>) -> Result<(), VerifyError> {
    let verifier = Secret::new(suspect.secret)
        .and_then(|secret| Verifier::new(suspect.scheme, &[secret], Tolerance::DEFAULT))
        .map_err(|_| VerifyError::NoMatch)?;
    verifier.verify(suspect.headers, suspect.body, suspect.now).map(drop)
}

/// The configured secret's key, and the keys that it becomes where somebody mistakes its form.
fn keys(suspect: &Suspect<'_>) -> Vec<Candidate> {
    let text = suspect.secret;
    let trimmed = text.trim();
    let inner = trimmed.strip_prefix("whsec_").unwrap_or(trimmed);
    let mut keys = Vec::new();
    let mut add =
        |cause: Option<Cause>, key: Option<Key>| keys.extend(key.map(|key| Candidate { cause, key }));
    let by_rule = |text: &str| Secret::new(text).and_then(|secret| secret.key_for(suspect.scheme)).ok();
    let untouched = text.len() == trimmed.len();
    add((!untouched).then_some(Cause::SecretWhitespace), by_rule(trimmed));
    if !untouched {
        add(Some(Cause::SecretSignedWithWhitespace), Some(Key::new(text.as_bytes())));
    }
    match suspect.scheme {
        Scheme::Standard { .. } => {
            add(Some(Cause::SecretNotDecoded), Some(Key::new(trimmed.as_bytes())));
            add(Some(Cause::SecretNotDecoded), Some(Key::new(inner.as_bytes())));
        }
        Scheme::Timestamped { .. } | Scheme::Body { .. } => {
            add(Some(Cause::SecretDecoded), base64::decode(inner.as_bytes()).map(|key| Key::new(&key)));
            if inner.len() != trimmed.len() {
                add(Some(Cause::SecretPrefixRemoved), Some(Key::new(inner.as_bytes())));
            }
        }
    }
    for (place, other) in suspect.other_secrets.iter().enumerate() {
        add(Some(Cause::OtherSecret { place }), by_rule(other));
    }
    keys
}

/// The mistakes that, undone, make the MAC hold: one in the key or in the body if that is enough, else one in each.
fn undone(suspect: &Suspect<'_>, scheme: &Scheme, keys: &[Candidate]) -> Option<Vec<Cause>> {
    let signed = scheme.read(suspect.headers).ok()?;
    let holds = |key: &Key, body: &[u8]| matches(key, &[&signed.before, body], &signed.candidates);
    let by_key = keys.iter().find(|candidate| holds(&candidate.key, suspect.body));
    if let Some(candidate) = by_key {
        return candidate.cause.clone().map(|cause| vec![cause]);
    }
    let bodies = bodies(suspect.body);
    keys.iter().find_map(|candidate| {
        let (changed, _) = bodies.iter().find(|(_, body)| holds(&candidate.key, body))?;
        Some(candidate.cause.iter().chain([changed]).cloned().collect())
    })
}

/// The bodies that this one may have been before somebody touched it.
fn bodies(body: &[u8]) -> Vec<(Cause, Vec<u8>)> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let with = |before: &[u8], after: &[u8]| [before, body, after].concat();
    let mut bodies = vec![
        (Cause::ByteOrderMarkLost, with(MARK, b"")),
        (Cause::NewlineLost, with(b"", b"\n")),
        (Cause::NewlineLost, with(b"", b"\r\n")),
        (Cause::NewlinesChanged, replaced(body, b"\r\n", b"\n")),
        (Cause::NewlinesChanged, replaced(&replaced(body, b"\r\n", b"\n"), b"\n", b"\r\n")),
    ];
    bodies.extend(body.strip_prefix(MARK).map(|rest| (Cause::ByteOrderMarkGained, rest.to_owned())));
    for ending in [&b"\r\n"[..], b"\n"] {
        bodies.extend(body.strip_suffix(ending).map(|rest| (Cause::NewlineGained, rest.to_owned())));
    }
    bodies
        .extend(reprint::every_way(body).into_iter().map(|(style, body)| (Cause::Reprinted { style }, body)));
    bodies
}

fn replaced(body: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(byte) = rest.first() {
        match rest.strip_prefix(old) {
            Some(after) => {
                result.extend_from_slice(new);
                rest = after;
            }
            None => {
                result.push(*byte);
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    result
}

/// A right MAC over a time in milliseconds, which lies in the year 50,000 when it is read as seconds.
fn milliseconds(suspect: &Suspect<'_>) -> Option<Cause> {
    let signed_at = suspect.scheme.read(suspect.headers).ok()?.signed_at?;
    let meant = Timestamp::from_unix_millis(signed_at.as_unix_secs());
    let near = meant.abs_diff(suspect.now) <= core::time::Duration::from_secs(300);
    near.then_some(Cause::Milliseconds)
}

/// A right MAC in upper-case digits, which is skipped.
fn upper_case(suspect: &Suspect<'_>, keys: &[Candidate]) -> Option<Cause> {
    let Scheme::Timestamped { header } = suspect.scheme else { return None };
    let value = only(suspect.headers, header).ok()?.to_ascii_lowercase();
    let lowered = [Header { name: header, value: &value }];
    let signed = suspect.scheme.read(&lowered).ok()?;
    let mut right = keys.iter().filter(|candidate| candidate.cause.is_none());
    right
        .any(|candidate| matches(&candidate.key, &[&signed.before, suspect.body], &signed.candidates))
        .then_some(Cause::UpperCaseDigits)
}

/// The request is right by another provider's construction, or this header holds another kind of MAC.
fn other_construction(suspect: &Suspect<'_>, keys: &[Candidate]) -> Option<Vec<Cause>> {
    let theirs = Provider::BUILT_IN.into_iter().filter_map(|provider| {
        let scheme = provider.signature.as_ref().filter(|scheme| *scheme != suspect.scheme)?;
        is_right_by(suspect, scheme).then(|| Cause::OtherProvider { title: provider.title.clone() })
    });
    theirs.chain(body_alone(suspect, keys)).next().map(|cause| vec![cause])
}

fn is_right_by(suspect: &Suspect<'_>, scheme: &Scheme) -> bool {
    let secret = Secret::new(suspect.secret.trim());
    secret
        .and_then(|secret| Verifier::new(scheme, &[secret], Tolerance::unlimited()))
        .is_ok_and(|verifier| verifier.verify(suspect.headers, suspect.body, suspect.now).is_ok())
}

/// The MAC covers the body and nothing else, wherever in the header it stands.
fn body_alone(suspect: &Suspect<'_>, keys: &[Candidate]) -> Option<Cause> {
    let value = only(suspect.headers, suspect.scheme.signature_header()).ok()?;
    let pieces = value.split(|byte| matches!(byte, b',' | b'=' | b' '));
    let hexadecimal = pieces.filter_map(hex::mac);
    let base64 = value.split(|byte| matches!(byte, b',' | b' ')).filter_map(base64::mac);
    let candidates: Vec<Mac> = hexadecimal.chain(base64).collect();
    let is_expected =
        matches!(suspect.scheme, Scheme::Body { encoding: Encoding::Hex | Encoding::Base64, .. });
    let holds = keys.iter().any(|candidate| matches(&candidate.key, &[suspect.body], &candidates));
    (holds && !is_expected).then_some(Cause::BodyAlone)
}

/// Whether a candidate is the key's MAC of these parts.
fn matches(key: &Key, parts: &[&[u8]], candidates: &[Mac]) -> bool {
    key.mac(parts).is_among(candidates)
}
