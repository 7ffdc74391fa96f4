//! What a report may say of a merchant that keeps every promise.

use serde_json::Value;

/// What the report holds against a sound merchant, a line each: one of the two is wrong then, and no `--update` may
/// hide it.
pub(super) fn accusations(report: &Value) -> Vec<String> {
    report["checks"].as_array().into_iter().flatten().filter_map(accusation).collect()
}

fn accusation(check: &Value) -> Option<String> {
    let text = |field: &str| check[field].as_str().unwrap_or_default();
    let id = text("id");
    let is_among = |ids: &[&str]| ids.iter().any(|prefix| id.starts_with(prefix));
    match text("verdict") {
        "pass" => None,
        "unknown" if is_among(&MAY_BE_UNKNOWN) => None,
        "not_applicable" if is_among(&MAY_NOT_APPLY) => None,
        "fail" => Some(format!("{id} fails: {} was expected, {} came", text("expected"), text("actual"))),
        verdict => Some(format!("{id} is {verdict}: {}", text("why"))),
    }
}

/// Nobody moves the clock of a merchant on a real stack.
const MAY_BE_UNKNOWN: [&str; 1] = ["duplicate/retention"];

/// On loopback there is neither a public address nor TLS; without `--events` the whole catalogue is tried.
const MAY_NOT_APPLY: [&str; 4] = ["url/", "tls/", "acknowledge/test-mode", "acknowledge/subscribed-types"];

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
            accusations(&report),
            [
                "duplicate/restart is unknown: nobody looked",
                "timing/within-limit is not_applicable: nobody looked",
                "timing/burst is half: nobody looked",
                "duplicate/many fails: one effect was expected, two effects came",
            ]
        );
    }
}
