//! What careless merchants hold against a sound event: what it says, and how it came.

use serde_json::Value;

use super::{Character, Defect, Incoming, Nature, Notice, Reply};

/// The answer to an event that the character's defect does not bear, `object` being the pointer of what the event is
/// about.
pub(super) fn objection(character: &Character, notice: &Notice, object: &str, body: &[u8]) -> Option<Reply> {
    let Nature::Flawed(defect) = character.nature else { return None };
    let said = || serde_json::from_slice::<Value>(body).unwrap_or_default();
    match defect {
        Defect::RefusesTestEvents => notice.is_test.then(|| Reply::new(400, "this is the live endpoint")),
        Defect::TakesZeroForMissing => {
            is_over_nothing(said().pointer(object)).then(|| Reply::new(400, "the amount is missing"))
        }
        // Printed again without escapes, a character is as long as it is stored.
        Defect::ThreeByteText => {
            let is_wide = said().to_string().chars().any(|letter| letter.len_utf8() > 3);
            is_wide.then(|| Reply::new(500, "incorrect string value"))
        }
        Defect::StoresSixtyFourKib => {
            (body.len() > TEXT_COLUMN).then(|| Reply::new(500, "data too long for column"))
        }
        _ => None,
    }
}

/// The answer to a request that the character's defect does not bear, whatever it says.
pub(super) fn complaint(character: &Character, request: &Incoming) -> Option<Reply> {
    let Nature::Flawed(defect) = character.nature else { return None };
    let header = |name: &str| {
        let line = request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        line.map(|(_, value)| value.as_slice())
    };
    match defect {
        Defect::ComparesContentType if header("content-type") != Some(b"application/json") => {
            Some(Reply::new(415, "JSON only"))
        }
        Defect::NeedsContentLength if header("content-length").is_none() => {
            Some(Reply::new(411, "length required"))
        }
        Defect::KeepsOldBody if request.earlier > 0 => {
            Some(Reply::new(400, "unexpected token { behind JSON"))
        }
        Defect::ComparesWholeTarget if request.target.contains('?') => Some(Reply::new(404, "no such route")),
        _ => None,
    }
}

/// Whether an object names an amount of 0, under whatever name its provider has for it.
fn is_over_nothing(object: Option<&Value>) -> bool {
    let members = object.and_then(Value::as_object).into_iter().flatten();
    members.into_iter().any(|(name, value)| name.ends_with("amount") && *value == 0)
}

/// What a TEXT column of `MySQL` holds, in bytes.
const TEXT_COLUMN: usize = 65_535;
