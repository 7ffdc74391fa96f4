//! The headers of a signature where they are not as the provider writes them: texts with holes, which are filled
//! as the delivery leaves.
//!
//! Holes are `<t>` (the time of signing), `<now>` (the time at which it leaves), `<time>` (what the MAC covers as
//! the time), `<t:x>`, `<t:o>` and `<date>` (the time of signing in other notations), `<id>`, `<prefix>`, and the
//! MAC: `<mac>` as the scheme writes it, `<hex>`, `<HEX>`, `<base64>`, and `<other>` by a secret that the endpoint
//! does not know. `<mac/31>` is its first 31 bytes, `<hex:..62>` and `<hex:32..>` are some of its characters.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use hookproof_core::{ConfigError, Encoding, Scheme, Timestamp, Verifier};

/// What stands in the headers of a signature, and what its MAC covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// What the MAC covers as the id, where the construction signs one.
    pub(crate) id: &'static str,
    /// What the MAC covers as the time, where the construction signs one.
    pub(crate) time: &'static str,
    /// The lines of the id's header, where the construction has one.
    pub(crate) ids: &'static [&'static str],
    /// The lines of the time's header, where the construction has one.
    pub(crate) times: &'static [&'static str],
    /// The lines of the signature's header.
    pub(crate) signatures: &'static [&'static str],
}

/// What fills the holes.
pub(crate) struct Facts<'a> {
    pub(crate) scheme: &'a Scheme,
    pub(crate) right: &'a Verifier,
    pub(crate) other: &'a Verifier,
    pub(crate) id: &'a str,
    pub(crate) signed: Timestamp,
    pub(crate) now: Timestamp,
    pub(crate) body: &'a [u8],
}

/// A spelling whose holes are filled.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) headers: Vec<(String, String)>,
    /// The right MACs among them, and long pieces of such.
    pub(crate) macs: Vec<String>,
}

impl Spelling {
    /// As the provider writes the signature of [`Scheme::Timestamped`].
    pub(crate) const TIMESTAMPED: Self = Self { signatures: &["t=<time>,v1=<mac>"], ..Self::STANDARD };

    /// As the provider writes the signature of [`Scheme::Standard`].
    pub(crate) const STANDARD: Self =
        Self { id: "<id>", time: "<t>", ids: &["<id>"], times: &["<time>"], signatures: &["v1,<mac>"] };

    /// As the provider writes the signature of [`Scheme::Body`].
    pub(crate) const BODY: Self = Self { signatures: &["<prefix><mac>"], ..Self::STANDARD };

    /// As the provider writes it.
    pub(crate) const fn of(scheme: &Scheme) -> Self {
        match scheme {
            Scheme::Timestamped { .. } => Self::TIMESTAMPED,
            Scheme::Standard { .. } => Self::STANDARD,
            Scheme::Body { .. } => Self::BODY,
        }
    }

    /// The header lines, and what of them nobody may see.
    pub(crate) fn write(&self, facts: &Facts<'_>) -> Result<Written, ConfigError> {
        let [id, time] = [self.id, self.time].map(|text| fill(text, |hole| facts.text(hole)));
        let before = before_body(facts.scheme, &id, &time);
        let right = facts.right.mac(&[before.as_bytes(), facts.body])?;
        let other = facts.other.mac(&[before.as_bytes(), facts.body])?;
        let places = match facts.scheme {
            Scheme::Timestamped { .. } | Scheme::Body { .. } => [self.signatures, &[], &[]],
            Scheme::Standard { .. } => [self.ids, self.times, self.signatures],
        };
        let mut written = Written::default();
        for (name, lines) in facts.scheme.header_names().into_iter().zip(places) {
            for line in lines {
                let value = fill(line, |hole| match hole {
                    "time" => Some(time.clone()),
                    _ => facts.text(hole).or_else(|| {
                        let is_other = hole.starts_with("other");
                        let text = mac_text(hole, if is_other { &other } else { &right }, facts.scheme)?;
                        if !is_other && text.len() >= CONFIDENTIAL {
                            written.macs.push(text.clone());
                        }
                        Some(text)
                    }),
                });
                written.headers.push((name.to_string(), value));
            }
        }
        Ok(written)
    }
}

impl Facts<'_> {
    /// What fills a hole that is no MAC.
    fn text(&self, hole: &str) -> Option<String> {
        let secs = self.signed.as_unix_secs();
        Some(match hole {
            "t" => secs.to_string(),
            "t:x" => format!("{secs:#x}"),
            "t:o" => format!("{secs:#o}"),
            "date" => Timestamp::from_unix_secs(secs).rfc3339(),
            "now" => self.now.as_unix_secs().to_string(),
            "id" => self.id.into(),
            "prefix" => match self.scheme {
                Scheme::Body { prefix, .. } => prefix.to_string(),
                Scheme::Timestamped { .. } | Scheme::Standard { .. } => return None,
            },
            _ => return None,
        })
    }
}

/// What a scheme's MAC covers before the body.
pub(crate) fn before_body(scheme: &Scheme, id: &str, time: &str) -> String {
    match scheme {
        Scheme::Timestamped { .. } => format!("{time}."),
        Scheme::Standard { .. } => format!("{id}.{time}."),
        Scheme::Body { .. } => String::new(),
    }
}

/// A MAC as a hole wants it.
fn mac_text(hole: &str, mac: &[u8; 32], scheme: &Scheme) -> Option<String> {
    let (hole, characters) = hole.split_once(':').unwrap_or((hole, ".."));
    let (name, bytes) = match hole.split_once('/') {
        Some((name, count)) => (name, mac.get(..count.parse().ok()?)?),
        None => (hole, &mac[..]),
    };
    let own = match scheme {
        Scheme::Timestamped { .. } => Encoding::Hex,
        Scheme::Standard { .. } => Encoding::Base64,
        Scheme::Body { encoding, .. } => *encoding,
    };
    let text = match name {
        "mac" | "other" => own.encode(bytes),
        "hex" => Encoding::Hex.encode(bytes),
        "HEX" => Encoding::Hex.encode(bytes).to_ascii_uppercase(),
        "base64" => Encoding::Base64.encode(bytes),
        _ => return None,
    };
    let (start, end) = characters.split_once("..")?;
    let at = |number: &str, absent| if number.is_empty() { Some(absent) } else { number.parse().ok() };
    text.get(at(start, 0)?..at(end, text.len())?).map(Into::into)
}

/// A text in which every hole that is known is filled.
fn fill(text: &str, mut hole: impl FnMut(&str) -> Option<String>) -> String {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, (name, behind))) =
        rest.split_once('<').and_then(|(before, behind)| Some((before, behind.split_once('>')?)))
    {
        filled.push_str(before);
        match hole(name) {
            Some(text) => filled.push_str(&text),
            None => filled.push_str(&format!("<{name}>")),
        }
        rest = behind;
    }
    filled + rest
}

/// Shorter pieces of a MAC help nobody to forge.
const CONFIDENTIAL: usize = 16;

#[cfg(test)]
mod tests;
