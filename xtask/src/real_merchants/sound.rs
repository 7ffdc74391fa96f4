//! What a report may say of a merchant that keeps every promise.

use serde_json::Value;

/// What the report holds against a sound merchant, a line each: one of the two is wrong then, and no `--update` may
/// hide it. `named` says whether the run named the types that the endpoint subscribed to.
pub(super) fn accusations(report: &Value, named: bool) -> Vec<String> {
    let checks = report["checks"].as_array().into_iter().flatten();
    checks.filter_map(|check| accusation(check, named)).collect()
}

fn accusation(check: &Value, named: bool) -> Option<String> {
    let text = |field: &str| check[field].as_str().unwrap_or_default();
    let id = text("id");
    let is_among = |ids: &[&str]| ids.iter().any(|prefix| id.starts_with(prefix));
    match text("verdict") {
        "pass" => None,
        "unknown" if is_among(&MAY_BE_UNKNOWN) => None,
        "not_applicable" if is_among(&MAY_NOT_APPLY) => None,
        "not_applicable" if is_among(if named { OF_EVERY_TYPE } else { OF_NAMED_TYPES }) => None,
        "fail" => Some(format!("{id} fails: {} was expected, {} came", text("expected"), text("actual"))),
        verdict => Some(format!("{id} is {verdict}: {}", text("why"))),
    }
}

/// Nobody moves the clock of a merchant on a real stack.
const MAY_BE_UNKNOWN: [&str; 1] = ["duplicate/retention"];

/// On loopback there is neither a public address nor TLS, and a run without `--livemode` has one mode.
const MAY_NOT_APPLY: [&str; 3] = ["url/", "tls/", "acknowledge/test-mode"];

/// They ask about types that nobody named.
const OF_EVERY_TYPE: &[&str] = &["acknowledge/every-type", "acknowledge/unknown-type"];

const OF_NAMED_TYPES: &[&str] = &["acknowledge/subscribed-types"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sound_merchant_passes_what_can_be_tried_on_it() {
        let check = |id, verdict| json!({"id": id, "verdict": verdict, "why": "nobody looked"});
        let report = json!({"checks": [
            check("acknowledge/success-status", "pass"),
            check("duplicate/retention", "unknown"),
            check("duplicate/restart", "unknown"),
            check("tls/expiry", "not_applicable"),
            check("timing/within-limit", "not_applicable"),
            check("timing/burst", "half"),
            {"id": "duplicate/many", "verdict": "fail", "expected": "one effect", "actual": "two effects"},
        ]});
        assert_eq!(
            accusations(&report, false),
            [
                "duplicate/restart is unknown: nobody looked",
                "timing/within-limit is not_applicable: nobody looked",
                "timing/burst is half: nobody looked",
                "duplicate/many fails: one effect was expected, two effects came",
            ]
        );
    }

    #[test]
    fn every_check_of_types_applies_to_one_of_two_runs() {
        let none = |id| json!({"checks": [{"id": id, "verdict": "not_applicable", "why": "of other runs"}]});
        for (id, named, held) in [
            ("acknowledge/subscribed-types", true, true),
            ("acknowledge/subscribed-types", false, false),
            ("acknowledge/every-type", true, false),
            ("acknowledge/every-type", false, true),
            ("acknowledge/unknown-type", true, false),
            ("acknowledge/unknown-type", false, true),
        ] {
            assert_eq!(!accusations(&none(id), named).is_empty(), held, "{id}, {named}");
        }
    }
}
