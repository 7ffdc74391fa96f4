//! How a merchant verifies a signature: as the core does, or as people who write it themselves get it wrong.

use std::collections::BTreeSet;

use hookproof_core::{
    ConfigError, Encoding, Header, Scheme, Secret, Timestamp, Tolerance, Verifier, VerifyError,
};

use super::{Character, Defect, Nature, text};

/// Verifies for one provider.
#[derive(Debug)]
pub(super) struct Verification {
    scheme: Scheme,
    usual: Verifier,
    narrow: Verifier,
    ageless: Verifier,
}

impl Verification {
    pub(super) fn new(scheme: &Scheme, secret: &Secret) -> Result<Self, ConfigError> {
        let verifier = |tolerance| Verifier::new(scheme, std::slice::from_ref(secret), tolerance);
        Ok(Self {
            scheme: scheme.clone(),
            usual: verifier(Tolerance::DEFAULT)?,
            narrow: verifier(Tolerance::secs(30)?)?,
            ageless: verifier(Tolerance::unlimited())?,
        })
    }

    /// Judges a request; `stripped` is its body without what no earlier event had.
    pub(super) fn judge(
        &self,
        character: &Character,
        headers: &[Header<'_>],
        body: &[u8],
        stripped: impl FnOnce() -> Vec<u8>,
        now: Timestamp,
    ) -> Result<(), VerifyError> {
        let Nature::Flawed(defect) = character.nature else {
            return self.usual.verify(headers, body, now).map(drop);
        };
        let is_present = self.signature_of(headers).is_some();
        let verdict = match defect {
            Defect::NoVerification => return Ok(()),
            Defect::ChecksPresenceOnly if is_present => return Ok(()),
            Defect::VerifiesOnlyWhenPresent if !is_present => return Ok(()),
            Defect::CaseSensitiveHeader => {
                let names: BTreeSet<&str> = self.scheme.header_names().into_iter().collect();
                let found: Vec<Header<'_>> =
                    headers.iter().filter(|header| names.contains(header.name)).copied().collect();
                self.usual.verify(&found, body, now)
            }
            Defect::VerifiesReprintedJson => self.usual.verify(headers, &text::printed_again(body), now),
            Defect::StripsBeforeVerifying => self.usual.verify(headers, &stripped(), now),
            Defect::IgnoresAge => self.ageless.verify(headers, body, now),
            Defect::BelievesTheFuture => match self.usual.verify(headers, body, now) {
                Err(VerifyError::TooNew { .. }) => return Ok(()),
                verdict => verdict,
            },
            Defect::NarrowTolerance => self.narrow.verify(headers, body, now),
            _ => match self.by_hand(defect, headers, body, now) {
                Some(verdict) => return verdict,
                None => self.usual.verify(headers, body, now),
            },
        };
        verdict.map(drop)
    }

    /// The value of the signature's header.
    pub(super) fn signature_of(&self, headers: &[Header<'_>]) -> Option<String> {
        let name = self.scheme.signature_header();
        let header = headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(header.value).into_owned())
    }

    /// The signature that this request should have had, as a refusal must never tell it.
    pub(super) fn expected(&self, headers: &[Header<'_>], body: &[u8]) -> Option<String> {
        let signed = self.usual.read(headers).ok()?;
        let mac = self.usual.mac(&[signed.before_body(), body]).ok()?;
        Some(match &self.scheme {
            Scheme::Timestamped { .. } => Encoding::Hex.encode(&mac),
            Scheme::Standard { .. } => Encoding::Base64.encode(&mac),
            Scheme::Body { encoding, .. } => encoding.encode(&mac),
        })
    }

    /// What a parser of one's own makes of `t=…,v1=…`, for the defects that lie in such a parser.
    fn by_hand(
        &self,
        defect: Defect,
        headers: &[Header<'_>],
        body: &[u8],
        now: Timestamp,
    ) -> Option<Result<(), VerifyError>> {
        let Scheme::Timestamped { header: name } = &self.scheme else { return None };
        let value = self.signature_of(headers)?;
        let written =
            |value: &str| self.usual.verify(&[Header { name, value: value.as_bytes() }], body, now).map(drop);
        let parsed = Parsed::of(&value);
        let genuine = match defect {
            Defect::TidiesHeader => return Some(written(&value.to_lowercase().replace([' ', '"'], ""))),
            Defect::VerifiesByOwnClock => {
                let clock = (0..=5).map(|back| now.as_unix_secs().saturating_sub(back));
                let mut claims = clock.map(|secs| format!("t={secs},v1={}", parsed.versions.join(",v1=")));
                return Some(claims.find_map(|claim| written(&claim).ok()).ok_or(VerifyError::NoMatch));
            }
            Defect::FirstSignatureOnly => {
                let first = parsed.versions.first().copied().unwrap_or_default();
                return Some(written(&format!("t={},v1={first}", parsed.first_time)));
            }
            Defect::RefusesUnknownItems if !parsed.others.is_empty() => false,
            Defect::ComparesPrefix => self.any(&parsed, body, |right, claimed| right.starts_with(claimed)),
            Defect::BelievesNoSignature => {
                let right = self.right(&parsed, body);
                parsed.versions.iter().filter(|claimed| !claimed.is_empty()).all(|claimed| **claimed == right)
            }
            Defect::BelievesAnyVersion => {
                let right = self.right(&parsed, body);
                parsed.versions.iter().chain(&parsed.others).any(|claimed| **claimed == right)
            }
            Defect::ReadsTheLastTimestamp | Defect::TakesNoNumberForFresh => {
                self.any(&parsed, body, |right, claimed| right == claimed)
            }
            _ => return None,
        };
        let time = if defect == Defect::ReadsTheLastTimestamp { parsed.last_time } else { parsed.first_time };
        let is_fresh = match time.parse() {
            Ok(secs) => now.abs_diff(Timestamp::from_unix_secs(secs)) <= FIVE_MINUTES,
            // As a comparison with NaN: it is not older.
            Err(_) => defect == Defect::TakesNoNumberForFresh,
        };
        Some(if genuine && is_fresh { Ok(()) } else { Err(VerifyError::NoMatch) })
    }

    fn any(&self, parsed: &Parsed<'_>, body: &[u8], same: impl Fn(&str, &str) -> bool) -> bool {
        let right = self.right(parsed, body);
        parsed.versions.iter().any(|claimed| same(&right, claimed))
    }

    /// The MAC over the first of its times.
    fn right(&self, parsed: &Parsed<'_>, body: &[u8]) -> String {
        let mac = self.usual.mac(&[parsed.first_time.as_bytes(), b".", body]);
        mac.map(|mac| Encoding::Hex.encode(&mac)).unwrap_or_default()
    }
}

/// The items of a header, in their order.
struct Parsed<'h> {
    first_time: &'h str,
    last_time: &'h str,
    /// What stands behind `v1=`.
    versions: Vec<&'h str>,
    /// What stands behind any other name.
    others: Vec<&'h str>,
}

impl<'h> Parsed<'h> {
    fn of(header: &'h str) -> Self {
        let items: Vec<(&str, &str)> = header.split(',').filter_map(|item| item.split_once('=')).collect();
        let named = |name: &'static str| items.iter().filter(move |item| item.0 == name).map(|item| item.1);
        Self {
            first_time: named("t").next().unwrap_or_default(),
            last_time: named("t").next_back().unwrap_or_default(),
            versions: named("v1").collect(),
            others: items.iter().filter(|item| !["t", "v1"].contains(&item.0)).map(|item| item.1).collect(),
        }
    }
}

const FIVE_MINUTES: std::time::Duration = std::time::Duration::from_secs(300);
