//! `docs/real-merchants.md`: what each real merchant passes and fails, and why.
//!
//! Made from the snapshots, `merchants.json` and the lock files alone, so that it can be checked without a run.

use serde_json::Value;

use super::merchant::Merchant;
use crate::command::Fallible;
use crate::markdown::{prose, put};

/// What the page tells of one merchant.
pub(super) struct Entry {
    pub(super) merchant: Merchant,
    /// The packages under test, each with its version.
    pub(super) software: Vec<String>,
    pub(super) report: Value,
}

/// The whole page.
///
/// # Errors
///
/// When `merchants.json` gives a reason for a check that does not fail: the reason is out of date.
pub(super) fn render(entries: &[Entry]) -> Fallible<String> {
    let mut page = INTRODUCTION.to_owned();
    page.push_str(&overview(entries));
    page.push_str(&matrix(entries));
    for entry in entries {
        page.push_str(&section(entry)?);
    }
    Ok(page)
}

fn overview(entries: &[Entry]) -> String {
    let mut table = String::from(
        "\n| merchant | provider | software | passes | fails a MUST | fails a SHOULD | unknown |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for Entry { merchant, software, report } in entries {
        let count = |name: &str| report["summary"][name].as_u64().unwrap_or_default();
        put(
            &mut table,
            format_args!(
                "| [{name}](#{name}) | {} | {} | {} | {} | {} | {} |\n",
                merchant.provider,
                software.join(", "),
                count("pass"),
                count("must_fail"),
                count("should_fail"),
                count("unknown"),
                name = merchant.name,
            ),
        );
    }
    table
}

fn matrix(entries: &[Entry]) -> String {
    let names: Vec<&str> = entries.iter().map(|entry| entry.merchant.name.as_str()).collect();
    let mut ids: Vec<(&str, &str)> = Vec::new();
    for check in entries.iter().flat_map(|entry| checks(&entry.report)) {
        let row = (text(check, "id"), text(check, "level"));
        if ids.iter().all(|(id, _)| *id != row.0) {
            ids.push(row);
        }
    }
    let mut table = format!(
        "\n## Check by check\n\n`?` is unknown, `-` not applicable.\n\n| check | level | {} |\n| --- | --- |{}\n",
        names.join(" | "),
        " --- |".repeat(names.len())
    );
    for (id, level) in ids {
        let verdicts: Vec<&str> = entries.iter().map(|entry| verdict(&entry.report, id)).collect();
        put(&mut table, format_args!("| {id} | {level} | {} |\n", verdicts.join(" | ")));
    }
    table
}

fn section(Entry { merchant, report, .. }: &Entry) -> Fallible<String> {
    let with =
        |verdict: &'static str| checks(report).iter().filter(move |check| text(check, "verdict") == verdict);
    let mut section = format!("\n## {}\n\n{}\n", merchant.name, merchant.about);
    if let Some((check, _)) =
        merchant.reasons.iter().find(|(id, _)| with("fail").all(|check| text(check, "id") != id))
    {
        return Err(format!(
            "merchants.json: {} gives a reason for {check}, which does not fail",
            merchant.name
        ));
    }
    heading(&mut section, "Fails", with("fail").count());
    for check in with("fail") {
        section.push_str(&failure(check, merchant));
    }
    heading(&mut section, "Unknown", with("unknown").count());
    for check in with("unknown") {
        put(&mut section, format_args!("- `{}`: {}\n", text(check, "id"), prose(text(check, "why"))));
    }
    heading(&mut section, "Not applicable", with("not_applicable").count());
    for check in with("not_applicable") {
        put(&mut section, format_args!("- `{}`: {}\n", text(check, "id"), prose(text(check, "why"))));
    }
    heading(&mut section, "Passes", with("pass").count());
    let passed: Vec<String> = with("pass").map(|check| format!("`{}`", text(check, "id"))).collect();
    if !passed.is_empty() {
        put(&mut section, format_args!("{}\n", passed.join(", ")));
    }
    Ok(section)
}

fn failure(check: &Value, merchant: &Merchant) -> String {
    let id = text(check, "id");
    let clauses: Vec<&str> =
        check["clauses"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut lines = format!("- **`{id}`** ({}", text(check, "level"));
    put(
        &mut lines,
        format_args!(
            "{}): {}\n",
            clauses.iter().map(|clause| format!(", {clause}")).collect::<String>(),
            prose(text(check, "title"))
        ),
    );
    put(&mut lines, format_args!("  - expected: {}\n", prose(text(check, "expected"))));
    put(&mut lines, format_args!("  - actual: {}\n", prose(text(check, "actual"))));
    if let Some((_, why)) = merchant.reasons.iter().find(|(check, _)| check == id) {
        put(&mut lines, format_args!("  - why: {why}\n"));
    }
    lines
}

fn heading(section: &mut String, name: &str, count: usize) {
    if count > 0 {
        put(section, format_args!("\n{name} ({count}):\n\n"));
    }
}

fn checks(report: &Value) -> &[Value] {
    report["checks"].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(check: &'a Value, field: &str) -> &'a str {
    check[field].as_str().unwrap_or_default()
}

/// How the matrix shows what became of a check; nothing where the report has no such check.
fn verdict<'a>(report: &'a Value, id: &str) -> &'a str {
    match checks(report)
        .iter()
        .find(|check| text(check, "id") == id)
        .map_or("", |check| text(check, "verdict"))
    {
        "pass" => "pass",
        "fail" => "**FAIL**",
        "unknown" => "?",
        "not_applicable" => "-",
        other => other,
    }
}

const INTRODUCTION: &str = "\
# Real merchants

What `hookproof check` says of small receivers on software that we did not write: providers' SDKs as their
documentation uses them, and the handlers that two providers' documentation prints. The receivers are in
`conformance/merchants`.

Three of them, whose names begin with `sound-`, are ours, and written to keep every promise: each on a stack of its own,
with its own signatures and its own table of processed events, and nothing of Hookproof in it. They are killed and started
again in the middle of their runs. Whoever builds a receiver may begin with one of them; and if a check failed there, the
check would be wrong.

This page is made by `cargo xtask real-merchants --update`, from the reports of those runs; `cargo xtask test`
runs them again and compares.
";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::install::Runtime;

    fn shop(reasons: &[(&str, &str)]) -> Entry {
        let reasons = reasons.iter().map(|(check, why)| ((*check).to_owned(), (*why).to_owned())).collect();
        Entry {
            merchant: Merchant {
                name: "shop".to_owned(),
                folder: "shop".to_owned(),
                about: "A shop.".to_owned(),
                provider: "stripe".to_owned(),
                runtime: Runtime::Node,
                command: vec![],
                software: vec![],
                secret: None,
                events: vec![],
                sound: false,
                restart: false,
                options: vec![],
                reasons,
            },
            software: vec!["express 5.0.0".to_owned(), "stripe 1.0.0".to_owned()],
            report: json!({
                "summary": {"pass": 2, "fail": 1, "unknown": 1, "not_applicable": 1, "must_fail": 1, "should_fail": 0},
                "checks": [
                    {"id": "acknowledge/success-status", "level": "MUST", "verdict": "pass"},
                    {"id": "acknowledge/unicode", "level": "MUST", "verdict": "pass"},
                    {"id": "duplicate/sequential", "level": "MUST", "verdict": "fail", "clauses": ["TT-8"],
                     "title": "an event delivered twice has one effect", "expected": "one effect",
                     "actual": "200, 200, and two effects (POST /fulfil twice)"},
                    {"id": "timing/within-limit", "level": "MUST", "verdict": "not_applicable", "why": "no limit"},
                    {"id": "signature/raw-body", "level": "MUST", "verdict": "unknown", "why": "needs a_b|c"},
                ],
            }),
        }
    }

    #[test]
    fn a_failure_is_told_with_what_was_due_what_came_and_why() {
        let page = render(&[shop(&[("duplicate/sequential", "The SDK keeps no ids.")])]).unwrap();
        let failure = "\
Fails (1):

- **`duplicate/sequential`** (MUST, TT-8): an event delivered twice has one effect
  - expected: one effect
  - actual: 200, 200, and two effects (POST /fulfil twice)
  - why: The SDK keeps no ids.

Unknown (1):

- `signature/raw-body`: needs a\\_b\\|c

Not applicable (1):

- `timing/within-limit`: no limit

Passes (2):

`acknowledge/success-status`, `acknowledge/unicode`
";
        assert!(page.ends_with(failure), "{page}");
    }

    #[test]
    fn the_tables_have_a_row_for_each_merchant_and_each_check() {
        let page = render(&[shop(&[])]).unwrap();
        assert!(
            page.contains("\n| [shop](#shop) | stripe | express 5.0.0, stripe 1.0.0 | 2 | 1 | 0 | 1 |\n"),
            "{page}"
        );
        assert!(page.contains("\n| check | level | shop |\n| --- | --- | --- |\n"), "{page}");
        assert!(page.contains("\n| duplicate/sequential | MUST | **FAIL** |\n"), "{page}");
        assert!(page.contains("\n| signature/raw-body | MUST | ? |\n"), "{page}");
    }

    #[test]
    fn a_reason_for_a_check_that_passes_is_an_error() {
        let message = render(&[shop(&[("acknowledge/unicode", "It is slow.")])]).unwrap_err();
        assert_eq!(
            message,
            "merchants.json: shop gives a reason for acknowledge/unicode, which does not fail"
        );
    }
}
