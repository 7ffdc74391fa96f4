//! What no provider sends, and how a merchant meets it: soundly, or as careless software does.

use super::{Character, Defect, Incoming, Reply};

/// The answer to a request that is no delivery at all, before anything in it is believed.
pub(super) fn turned_away(character: &Character, request: &Incoming) -> Result<(), Reply> {
    let has = |defect| character.has(defect);
    let is_chunked = header(request, "transfer-encoding").is_some();
    let takes_broken = if is_chunked { Defect::TakesBrokenChunks } else { Defect::TakesShortBodies };
    if request.is_broken && !has(takes_broken) {
        return Err(Reply::new(400, "the body ended too early").with("connection", "close"));
    }
    if request.method != "POST" && !has(Defect::TakesAnyMethod) {
        return Err(Reply::new(405, "only POST").with("allow", "POST"));
    }
    if request.body.len() > LONGEST_BODY {
        return Err(if has(Defect::CrashesOnLargeBodies) {
            Reply::new(500, "heap out of memory")
        } else {
            Reply::new(413, "a payment needs no such body").with("connection", "close")
        });
    }
    if header(request, "content-encoding").is_some_and(|coding| !coding.eq_ignore_ascii_case(b"identity")) {
        return Err(if has(Defect::CrashesOnCompressedBodies) {
            Reply::new(500, "unexpected token in JSON at position 0")
        } else {
            Reply::new(415, "no content coding is taken")
        });
    }
    Ok(())
}

/// What careless software says when it crashes over a body whose signature it has verified.
pub(super) fn crash(character: &Character, body: &[u8]) -> Option<&'static str> {
    let said = |defect: Defect, is_so: bool, words| (character.has(defect) && is_so).then_some(words);
    let text = std::str::from_utf8(body);
    let is_json = || serde_json::from_slice::<serde_json::Value>(body).is_ok();
    said(Defect::CrashesOnEmptyBody, body.is_empty(), "cannot read a property of null")
        .or_else(|| said(Defect::CrashesOnBadUtf8, text.is_err(), "invalid start byte"))
        .or_else(|| {
            said(Defect::CrashesOnDeepNesting, depth(body) > STACK, "maximum recursion depth exceeded")
        })
        .or_else(|| {
            let is_broken = !body.is_empty() && text.is_ok() && depth(body) < STACK && !is_json();
            said(Defect::CrashesOnInvalidJson, is_broken, "unexpected end of JSON input")
        })
        .or_else(|| {
            let nul = text.is_ok_and(|text| text.contains(r"\u0000"));
            said(Defect::CrashesOnNul, nul, "unsupported Unicode escape sequence")
        })
        .or_else(|| {
            let twice = text.is_ok_and(|text| text.matches("\"hookproof_note\"").count() > 2);
            said(Defect::CrashesOnRepeatedKeys, twice, "duplicate key")
        })
}

fn header<'a>(request: &'a Incoming, wanted: &str) -> Option<&'a [u8]> {
    let found = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map(|(_, value)| value.as_slice())
}

/// How many lists stand directly inside each other.
fn depth(body: &[u8]) -> usize {
    body.split(|byte| *byte != b'[').map(<[u8]>::len).max().unwrap_or_default()
}

/// What a careless parser's stack holds.
const STACK: usize = 1_000;

/// A provider's events have some KiB.
pub(crate) const LONGEST_BODY: usize = 1024 * 1024;
