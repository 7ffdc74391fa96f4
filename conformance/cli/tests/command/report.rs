//! `--report`

use std::{collections::BTreeSet, process::Stdio};

use hookproof_conformance::merchant::Defect;
use serde_json::Value;
use wiremock::{Request, ResponseTemplate};

use crate::{
    call::{Ended, SECRET, check, hookproof},
    endpoint::{answering, flawed, requests, sound},
    folder::Folder,
};

#[tokio::test]
async fn the_json_report_has_the_shape_that_is_documented() {
    let folder = Folder::new("json-report");
    let report = format!("json={}", folder.file("report.json"));
    let options = ["check", "--demo", "no-dedupe", "--seed", "7", "--report", &report];
    let ended = hookproof(options).run().await.exits(1);
    assert!(ended.err.contains("note: the report is in "), "{}", ended.err);
    let json = read(&folder, "report.json");
    let wanted = [
        "began",
        "checks",
        "command",
        "exit_status",
        "hookproof",
        "notes",
        "provider",
        "schema",
        "seed",
        "summary",
        "target",
    ];
    assert_eq!(keys(&json), wanted);
    assert_eq!(
        (&json["schema"], &json["provider"], &json["seed"]),
        (&1.into(), &"turratech".into(), &7.into())
    );
    assert_eq!(
        (&json["exit_status"], &json["command"]),
        (&1.into(), &"hookproof check --demo no-dedupe".into())
    );
    let wanted = ["fail", "must_fail", "must_unknown", "not_applicable", "pass", "should_fail", "unknown"];
    assert_eq!(keys(&json["summary"]), wanted);
    let checks = json["checks"].as_array().expect("it is a list");
    let listed: Vec<(&str, &str)> =
        checks.iter().map(|check| (text(&check["id"]), text(&check["verdict"]))).collect();
    let printed: Vec<(&str, &str)> =
        ended.verdicts().into_iter().map(|(id, word)| (id, verdict(word))).collect();
    assert_eq!(listed, printed);
    for check in checks {
        the_check_has_its_shape(check);
    }
    assert_eq!(faults(&json), Vec::<String>::new());
}

/// Where a report differs from its published schema.
pub(crate) fn faults(report: &Value) -> Vec<String> {
    let schema = serde_json::from_str(include_str!("../../../../fixtures/schema/report.json"));
    let schema = jsonschema::draft202012::new(&schema.expect("it is JSON")).expect("the schema is one");
    schema.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[tokio::test]
async fn several_reports_of_one_run_say_the_same() {
    let folder = Folder::new("several-reports");
    let [json, junit, markdown, html] =
        [("json", "a.json"), ("junit", "b.xml"), ("markdown", "c.md"), ("html", "d.html")]
            .map(|(kind, name)| format!("{kind}={}", folder.file(name)));
    let options = [
        "check",
        "--demo",
        "no-dedupe",
        "--only",
        "duplicate/*",
        "--report",
        &json,
        "--report",
        &junit,
        "--report",
        &markdown,
        "--report",
        &html,
    ];
    hookproof(options).run().await.exits(1);
    let json = read(&folder, "a.json");
    let xml = std::fs::read_to_string(folder.file("b.xml")).expect("it was written");
    let document = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let failures = document.descendants().filter(|node| node.has_tag_name("failure")).count();
    assert_eq!(json["summary"]["must_fail"], failures);
    assert!(failures > 0);
    let page = std::fs::read_to_string(folder.file("c.md")).expect("it was written");
    assert_eq!(page.matches("\n### MUST, not met: ").count(), failures, "{page}");
    let page = std::fs::read_to_string(folder.file("d.html")).expect("it was written");
    assert_eq!(page.matches("data-verdict=\"fail\" data-level=\"MUST\"").count(), failures);
}

#[track_caller]
fn the_check_has_its_shape(check: &Value) {
    let mut wanted =
        BTreeSet::from(["id", "title", "level", "basis", "clauses", "verdict", "took_millis", "exchanges"]);
    match text(&check["verdict"]) {
        "pass" => {}
        "fail" => wanted.extend(["expected", "actual"]),
        "unknown" | "not_applicable" => wanted.extend(["why"]),
        other => panic!("{other} is no verdict"),
    }
    let mut present: BTreeSet<&str> = keys(check).into_iter().collect();
    // Only where there was more than anybody reads.
    present.remove("exchanges_left_out");
    assert_eq!(present, wanted, "{}", check["id"]);
    assert!(["MUST", "SHOULD", "MAY"].contains(&text(&check["level"])));
    assert!(["provider", "hookproof"].contains(&text(&check["basis"])));
    for exchange in check["exchanges"].as_array().expect("it is a list") {
        let present: BTreeSet<&str> = keys(exchange).into_iter().collect();
        let always =
            ["event", "id", "sent", "request_headers", "request_body", "result", "at_millis", "took_millis"];
        assert!(always.iter().all(|key| present.contains(key)), "{present:?}");
        let sometimes = ["status", "answer_headers", "answer_body"];
        assert!(present.iter().all(|key| always.contains(key) || sometimes.contains(key)), "{present:?}");
    }
}

#[tokio::test]
async fn a_report_that_cannot_be_written_stops_no_other() {
    let folder = Folder::new("two-reports");
    let (bad, good) =
        (format!("json={}", folder.path().display()), format!("json={}", folder.file("good.json")));
    let shop = sound(None);
    let options = ["--only", "acknowledge/success-status", "--report", &bad, "--report", &good];
    let ended = check(&shop.url(), options).run().await.exits(4);
    assert_eq!(ended.verdict("acknowledge/success-status"), "pass");
    let words = format!("the report {} cannot be written", folder.path().display());
    assert!(ended.err.contains(&words), "{}", ended.err);
    assert_eq!(read(&folder, "good.json")["summary"]["pass"], 1);
}

/// C67: a full disk takes no part of a report, and keeps no other from being written.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_report_for_which_there_is_no_room_stops_no_other() {
    let folder = Folder::new("no-room");
    let names = ["a.json", "b.xml", "c.html", "d.md"].map(|name| folder.file(name));
    let [json, junit, html, markdown] = &names;
    let (json, junit) = (format!("json={json}"), format!("junit={junit}"));
    let (html, markdown) = (format!("html={html}"), format!("markdown={markdown}"));
    let mut options = vec!["--only", "acknowledge/success-status", "--report", "html=/dev/full"];
    for report in [&json, &junit, &html, &markdown] {
        options.extend(["--report", report, "--report", "json=/dev/full"]);
    }
    let shop = sound(None);
    let ended = check(&shop.url(), options.clone()).run().await.exits(4);
    assert_eq!(ended.err.matches("the report /dev/full cannot be written: No space left").count(), 5);
    let sizes = || names.each_ref().map(|name| std::fs::metadata(name).map_or(0, |file| file.len()));
    assert!(sizes().iter().all(|size| *size > 100), "{:?}", sizes());
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("it is there").count(),
        4,
        "nothing else stays behind"
    );

    // The terminal is one more of them.
    for name in &names {
        std::fs::remove_file(name).expect("it was written");
    }
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let ended = Ended::of(check(&shop.url(), options).stdout(full)).await.exits(4);
    assert!(ended.err.contains("stdout cannot be written: No space left"), "{}", ended.err);
    assert!(sizes().iter().all(|size| *size > 100), "{:?}", sizes());
}

/// C67: a disk that is full in the middle of a report.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_report_that_does_not_fit_leaves_the_last_one_as_it_was() {
    let folder = Folder::new("does-not-fit");
    let path = folder.file("report.html");
    std::fs::write(&path, "the last report").expect("it can be written");
    let limit = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    let shop = sound(None);
    let (url, report) = (shop.url(), format!("html={path}"));
    let call = [
        env!("CARGO_BIN_EXE_hookproof"),
        "check",
        &url,
        "--only",
        "duplicate/sequential",
        "--report",
        &report,
    ];
    let mut command = tokio::process::Command::new("sh");
    command.args(["-c", limit]).args(call).env("HOOKPROOF_SECRET", SECRET);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("there is a shell");
    let ended = Ended::of(child).await.exits(4);
    assert!(ended.err.contains("cannot be written: File too large"), "{}", ended.err);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "the last report");
    assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 1, "nothing stays beside it");
}

#[tokio::test]
async fn a_header_reaches_the_endpoint_and_its_value_no_report() {
    let folder = Folder::new("confidential-header");
    let report = format!("json={}", folder.file("report.json"));
    // C39: an endpoint that tells everything it was told.
    let endpoint = answering(|request: &Request| {
        let token = request.headers["authorization"].to_str().expect("it is ASCII").replace("Bearer ", "");
        let tenant = request.headers["x-tenant"].to_str().expect("it is ASCII");
        let signature =
            request.headers.get("turratech-signature").map_or("", |value| value.to_str().unwrap());
        let body = format!("token {token}, tenant {tenant}, signature {signature}");
        ResponseTemplate::new(if tenant == "7" { 200 } else { 400 })
            .set_body_string(body)
            .insert_header("x-token", token)
    })
    .await;
    let headers = ["--header", "Authorization: Bearer 0pen-sesame", "--header", "X-Tenant:7"];
    // The MAC of a forgery may be shown.
    let only = ["--only", "acknowledge/success-status,duplicate/*", "--skip", "duplicate/forged-first"];
    let only = only.into_iter().chain(["--report", &report]);
    let ended = check(&endpoint.uri(), headers.into_iter().chain(only)).run().await.exits(0);
    let seen = requests(&endpoint).await;
    assert!(
        !seen.is_empty()
            && seen.iter().all(|request| request.headers["authorization"] == "Bearer 0pen-sesame")
    );
    let written = std::fs::read_to_string(folder.file("report.json")).expect("it is written");
    for shown in [&ended.out, &ended.err, &written] {
        assert!(!shown.contains("0pen-sesame"), "{shown}");
        assert!(!shown.contains(SECRET), "{shown}");
    }
    for request in &seen {
        let signature = request.headers["turratech-signature"].to_str().expect("it is ASCII");
        let mac = signature.rsplit_once("v1=").expect("it is signed").1;
        assert!(!written.contains(mac), "the right MAC is shown");
    }
    assert!(written.contains("token <redacted>, tenant 7, signature t="), "{written}");
}

#[tokio::test]
async fn a_failure_can_be_repeated_by_its_command() {
    let shop = flawed(Defect::RefusesUnknownTypes, None);
    let url = format!("{}?a=1&b=2", shop.url());
    let options =
        ["--only", "acknowledge/unknown-type", "--header", "x-key: 0pen sesame", "--effect-wait", "2s"];
    let ended = check(&url, options).run().await.exits(0);
    let again = format!(
        "again     hookproof check '{url}' --effect-wait 2000ms --header 'x-key: …' --only acknowledge/unknown-type --seed 1"
    );
    assert!(ended.out.contains(&again), "{again:?} is not in\n{}", ended.out);
}

fn read(folder: &Folder, name: &str) -> Value {
    let text = std::fs::read_to_string(folder.file(name)).expect("it is written");
    serde_json::from_str(&text).expect("it is JSON")
}

#[track_caller]
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> =
        value.as_object().expect("it is an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().expect("it is a text")
}

/// The verdict for which a line of the report begins so.
fn verdict(word: &str) -> &str {
    match word {
        "FAIL" => "fail",
        "n/a" => "not_applicable",
        other => other,
    }
}
