//! A report without what changes from run to run, and how two of them differ.

use serde_json::Value;

/// The report as it is kept: without the version, times, ports, the run's nonce, the command, which names programs of this
/// machine, and the exchanges, whose signatures and dates differ in every run.
pub(super) fn stable(mut report: Value) -> Value {
    strip(&mut report);
    report
}

/// The text of a snapshot file.
pub(super) fn print(report: &Value) -> String {
    format!("{report:#}\n")
}

/// Where two reports differ, a line each: `duplicate/sequential verdict: was "fail", is "pass"`.
pub(super) fn differences(was: &Value, is: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    compare("", was, is, &mut lines);
    lines
}

/// `31 pass, 2 fail, 1 unknown, 4 not applicable`
pub(super) fn tally(report: &Value) -> String {
    let count = |name: &str| report["summary"][name].as_u64().unwrap_or_default();
    format!(
        "{:2} pass, {:2} fail, {:2} unknown, {:2} not applicable",
        count("pass"),
        count("fail"),
        count("unknown"),
        count("not_applicable")
    )
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !CHANGING.contains(&name.as_str()));
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::String(text) => *text = stable_text(text),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn stable_text(text: &str) -> String {
    let text = replace_after(text, "127.0.0.1:", char::is_ascii_digit, "PORT");
    let text = replace_after(&text, "hp_", char::is_ascii_alphanumeric, "NONCE");
    without_measured_times(&without_made_up_ids(&text))
}

/// Writes `ID` for what the suite makes up where a provider's ids have no prefix: a GUID, or 15 digits.
fn without_made_up_ids(text: &str) -> String {
    let is_inside = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let mut stable = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let behind = rest.trim_start_matches(is_inside);
        let word = &rest[..rest.len() - behind.len()];
        stable.push_str(if is_made_up(word) { "ID" } else { word });
        rest = behind.trim_start_matches(|letter| !is_inside(letter));
        stable.push_str(&behind[..behind.len() - rest.len()]);
    }
    stable
}

fn is_made_up(word: &str) -> bool {
    let digits = word.len() == 15 && word.bytes().all(|byte| byte.is_ascii_digit());
    let hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits || (word.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && word.split('-').all(hex))
}

/// Replaces the run of `these` characters behind each `marker`, if there is one.
fn replace_after(text: &str, marker: &str, these: fn(&char) -> bool, with: &str) -> String {
    let mut parts = text.split(marker);
    let mut stable = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|letter| these(&letter));
        stable.push_str(marker);
        stable.push_str(if rest.len() < part.len() { with } else { "" });
        stable.push_str(rest);
    }
    stable
}

/// Writes `TIME` for `0.21 s`, `0.2s` and `13 ms`. A whole number of seconds is a limit that somebody set and stays.
fn without_measured_times(text: &str) -> String {
    let mut stable = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, from_number) = rest.split_at(start);
        stable.push_str(before);
        let behind = from_number.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        let number = &from_number[..from_number.len() - behind.len()];
        let unit_and_rest = behind.strip_prefix(' ').unwrap_or(behind);
        let after = unit_and_rest.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric());
        let unit = &unit_and_rest[..unit_and_rest.len() - after.len()];
        let in_word = before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        let is_measured = unit == "ms" || (unit == "s" && number.trim_end_matches('.').contains('.'));
        let taken = if is_measured && !in_word { after } else { behind };
        stable.push_str(if is_measured && !in_word { "TIME" } else { number });
        rest = taken;
    }
    stable + rest
}

fn compare(place: &str, was: &Value, is: &Value, lines: &mut Vec<String>) {
    match (was, is) {
        (Value::Object(old), Value::Object(new)) => {
            let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
            for name in names {
                compare(&format!("{place} {name}"), &was[name], &is[name], lines);
            }
        }
        (Value::Array(old), Value::Array(new)) if is_list_of_checks(old) || is_list_of_checks(new) => {
            let ids = old.iter().chain(new.iter().filter(|check| find(old, &check["id"]).is_null()));
            for id in ids.map(|check| &check["id"]) {
                compare(
                    &format!(" {}", id.as_str().unwrap_or_default()),
                    find(old, id),
                    find(new, id),
                    lines,
                );
            }
        }
        (was, is) if was == is => {}
        (was, is) => lines.push(format!("{}: was {}, is {}", place.trim_start(), shown(was), shown(is))),
    }
}

fn is_list_of_checks(items: &[Value]) -> bool {
    items.first().is_some_and(|item| item["id"].is_string())
}

fn find<'a>(checks: &'a [Value], id: &Value) -> &'a Value {
    checks.iter().find(|check| check["id"] == *id).unwrap_or(&Value::Null)
}

/// A value in a line; a whole check is told by its verdict.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "absent".to_owned(),
        Value::Object(fields) => fields.get("verdict").map_or_else(|| value.to_string(), Value::to_string),
        value => value.to_string(),
    }
}

const CHANGING: [&str; 6] = ["command", "hookproof", "began", "took_millis", "exchanges", "nonce"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_changes_from_run_to_run_is_taken_out() {
        let report = json!({
            "schema": 1, "target": "http://127.0.0.1:40123/hook", "nonce": "k3x", "seed": 1,
            "checks": [{
                "id": "duplicate/sequential", "took_millis": 212, "exchanges": [{"answer": 200}],
                "expected": "one effect within 10 s", "actual": "evt_hp_k3x9_4 twice, 0.21 s apart, the slower in 13 ms",
            }],
        });
        assert_eq!(
            stable(report),
            json!({
                "schema": 1, "target": "http://127.0.0.1:PORT/hook", "seed": 1,
                "checks": [{
                    "id": "duplicate/sequential",
                    "expected": "one effect within 10 s", "actual": "evt_hp_NONCE_4 twice, TIME apart, the slower in TIME",
                }],
            })
        );
    }

    #[test]
    fn ids_that_were_made_up_are_taken_out_whatever_they_look_like() {
        let rows = [
            ("event 1 (msg_hp_t8h0zmqr_300059): 204", "event 1 (msg_hp_NONCE_300059): 204"),
            ("BOOKING-hp_t8h0_1", "BOOKING-hp_NONCE_1"),
            ("(bb73b003-df6c-4b4d-84d6-00000004941b)", "(ID)"),
            ("event 1 (911705550300059): 200, 200", "event 1 (ID): 200, 200"),
            ("9117055503000591 and 91170555030005", "9117055503000591 and 91170555030005"),
            ("bb73b003-df6c-4b4d-84d6-00000004941", "bb73b003-df6c-4b4d-84d6-00000004941"),
            ("well-known, \u{e9}-1", "well-known, \u{e9}-1"),
        ];
        for (text, stable) in rows {
            assert_eq!(stable_text(text), stable);
        }
    }

    #[test]
    fn only_measured_times_are_times() {
        let rows = [
            ("answered after 0.2s.", "answered after TIME."),
            ("(1.250 s)", "(TIME)"),
            ("took 12ms, then 5 ms", "took TIME, then TIME"),
            ("within 30 s", "within 30 s"),
            ("TLS 1.2 or newer, HTTP/1.1 sent", "TLS 1.2 or newer, HTTP/1.1 sent"),
            ("version 1.2 same", "version 1.2 same"),
            ("v1.5 s", "v1.5 s"),
            ("200, 200, and two effects", "200, 200, and two effects"),
            ("37 h 38 min", "37 h 38 min"),
            ("at 5. s", "at 5. s"),
            ("é 0.5 s é", "é TIME é"),
        ];
        for (text, stable) in rows {
            assert_eq!(without_measured_times(text), stable);
        }
    }

    #[test]
    fn a_marker_with_nothing_behind_it_stays_as_it_is() {
        assert_eq!(
            stable_text("listen on 127.0.0.1:0 or 127.0.0.1: none, evt_hp_"),
            "listen on 127.0.0.1:PORT or 127.0.0.1: none, evt_hp_"
        );
    }

    #[test]
    fn differences_name_the_check_and_the_field() {
        let check = |id, verdict| json!({"id": id, "verdict": verdict, "clauses": ["TT-8"]});
        let was = json!({"seed": 1, "summary": {"fail": 1}, "checks": [check("a/b", "fail"), check("a/c", "pass")]});
        let is = json!({"seed": 1, "summary": {"fail": 0}, "checks": [check("a/d", "unknown"), check("a/b", "pass")]});
        assert_eq!(
            differences(&was, &is),
            [
                r#"a/b verdict: was "fail", is "pass""#,
                r#"a/c: was "pass", is absent"#,
                r#"a/d: was absent, is "unknown""#,
                "summary fail: was 1, is 0",
            ]
        );
    }

    #[test]
    fn a_report_does_not_differ_from_itself_printed_and_read_again() {
        let report = json!({"checks": [{"id": "a/b", "why": null}], "summary": {}});
        let again = serde_json::from_str(&print(&report)).unwrap();
        assert_eq!(differences(&report, &again), Vec::<String>::new());
    }

    #[test]
    fn the_tally_is_the_reports_own() {
        let report = json!({"summary": {"pass": 31, "fail": 2, "unknown": 1, "not_applicable": 4}});
        assert_eq!(tally(&report), "31 pass,  2 fail,  1 unknown,  4 not applicable");
    }
}
