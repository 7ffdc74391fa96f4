//! The form in which the corpus keeps a request.

use hookproof_core::{Encoding, Provider, Scheme};

/// A request, its secrets and the time of its arrival.
///
/// ```text
/// turratech 1704067200 whsec_first whsec_second
/// turratech-signature: t=1704067200,v1=\x01
///
/// {"id":"evt_1"}
/// ```
///
/// In a header's value the byte 1 stands for the right MAC by the first secret and 2 for that by the last, because no
/// fuzzer finds one.
pub(super) struct Request<'a> {
    pub(super) construction: Construction,
    pub(super) now_secs: u64,
    pub(super) secrets: Vec<&'a str>,
    pub(super) lines: Vec<(&'a str, &'a [u8])>,
    pub(super) body: &'a [u8],
}

/// The constructions that there are vectors for.
#[derive(Clone, Copy)]
pub(super) enum Construction {
    Timestamped,
    Standard,
    BodyHex,
    BodyBase64,
}

impl<'a> Request<'a> {
    pub(super) fn read(data: &'a [u8]) -> Option<Self> {
        let (first, mut rest) = line(data)?;
        let mut words = std::str::from_utf8(first).ok()?.split(' ');
        let construction = Construction::named(words.next()?)?;
        let now_secs = words.next()?.parse().ok()?;
        let mut lines = Vec::new();
        loop {
            let (header, behind) = line(rest)?;
            rest = behind;
            if header.is_empty() {
                break;
            }
            let colon = header.windows(2).position(|pair| pair == b": ")?;
            lines.push((std::str::from_utf8(&header[..colon]).ok()?, &header[colon + 2..]));
        }
        Some(Self { construction, now_secs, secrets: words.collect(), lines, body: rest })
    }
}

fn line(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = data.iter().position(|byte| *byte == b'\n')?;
    Some((&data[..end], &data[end + 1..]))
}

impl Construction {
    fn named(name: &str) -> Option<Self> {
        match name {
            "turratech" => Some(Self::Timestamped),
            "standard-webhooks" => Some(Self::Standard),
            "github" => Some(Self::BodyHex),
            "in-base64" => Some(Self::BodyBase64),
            _ => None,
        }
    }

    pub(super) fn scheme(self) -> Scheme {
        let of = |name| Provider::built_in(name).and_then(|provider| provider.signature.clone());
        let built_in = match self {
            Self::Timestamped => of("turratech"),
            Self::Standard => of("standard-webhooks"),
            Self::BodyHex => of("github"),
            Self::BodyBase64 => None,
        };
        built_in.unwrap_or(Scheme::Body {
            header: "x-hmac-sha256".into(),
            prefix: "".into(),
            encoding: Encoding::Base64,
        })
    }
}
