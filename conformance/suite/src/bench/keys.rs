//! Who signs: the one who may, one whose secret the endpoint does not know, and those that err as receivers do.

use alloc::{string::String, vec::Vec};

use hookproof_core::{Cause, ConfigError, Message, Scheme, Secret, Timestamp, Tolerance, Verifier, mistaken};

use crate::{
    Draft, Signing,
    spelling::{Facts, Written, before_body},
};

#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub(super) scheme: Scheme,
    pub(super) right: Verifier,
    forger: Verifier,
    pub(super) mistaken: Vec<(Cause, Verifier)>,
}

impl Keys {
    pub(super) fn new(scheme: &Scheme, secret: &Secret) -> Result<Self, ConfigError> {
        Ok(Self {
            scheme: scheme.clone(),
            mistaken: mistaken(scheme, secret),
            right: Verifier::new(scheme, core::slice::from_ref(secret), Tolerance::DEFAULT)?,
            forger: Verifier::new(scheme, &[Secret::new(FORGERS_SECRET)?], Tolerance::DEFAULT)?,
        })
    }

    /// The headers that a draft wants to be signed with, leaving at `now` with this body.
    pub(super) fn headers(&self, draft: &Draft, id: &str, now: Timestamp, body: &[u8]) -> Written {
        let signed = draft.signed_at(now);
        let message = Message { id, at: signed, body };
        let headers = match &draft.signing {
            Signing::Right => self.right.sign(&message),
            Signing::Forged => self.forger.sign(&message),
            Signing::Mistaken(mistake) => match self.mistaken.get(*mistake) {
                Some((_, signer)) => signer.sign(&message),
                None => return Written::default(),
            },
            // The id of a Standard Webhooks delivery belongs to the event, so it stays.
            Signing::Missing => return Written::default(),
            Signing::Spelled(spelling) => {
                let (scheme, right, other) = (&self.scheme, &self.right, &self.forger);
                let facts = Facts { scheme, right, other, id, signed, now, body };
                return spelling.write(&facts).unwrap_or_default();
            }
        };
        let headers = headers.unwrap_or_default();
        let mut macs = Vec::new();
        if draft.signing != Signing::Forged {
            // A mistaken construction may hold the right MAC in another provider's header.
            let values = headers.iter().flat_map(|(_, value)| self.bare(value).rsplit(['=', ',']));
            macs.extend(values.filter(|part| part.len() >= SHORTEST_MAC).map(Into::into));
        }
        Written { headers, macs }
    }

    /// The MACs by which the endpoint judges a request, if it takes its time for one of these.
    pub(super) fn due(&self, id: &str, times: [Timestamp; 2], body: &[u8]) -> Vec<[u8; 32]> {
        let mut due: Vec<[u8; 32]> = Vec::new();
        for time in times {
            let before = before_body(&self.scheme, id, &alloc::format!("{}", time.as_unix_secs()));
            due.extend(self.right.mac(&[before.as_bytes(), body]).ok().filter(|mac| !due.contains(mac)));
        }
        due
    }

    /// The value of a signature's header without what stands before its MAC.
    fn bare<'v>(&self, value: &'v str) -> &'v str {
        match &self.scheme {
            Scheme::Body { prefix, .. } => value.strip_prefix(&**prefix).unwrap_or(value),
            Scheme::Timestamped { .. } | Scheme::Standard { .. } => value,
        }
    }
}

/// A mistake as the receiver makes it.
pub(super) fn misreading(cause: &Cause) -> String {
    match cause {
        Cause::SecretDecoded => "the secret were decoded from base64".into(),
        Cause::SecretNotDecoded => "the secret's text were the key".into(),
        Cause::SecretPrefixRemoved => "whsec_ were no part of the secret".into(),
        Cause::OtherProvider { title } => alloc::format!("{title} had sent it"),
        other => alloc::format!("{other}"),
    }
}

/// Neither party knows it; its form fits every scheme (a prefix that one of them strips, strict base64 behind it).
const FORGERS_SECRET: &str = "whsec_aG9va3Byb29mIHNpZ25zIHRoaXMgZm9yZ2VyeSE=";

/// 32 bytes in base64 without its padding; no id and no time is as long.
const SHORTEST_MAC: usize = 43;
