//! `hookproof check --targets`

use std::time::{Duration, Instant};

use hookproof_conformance::merchant::Defect;
use serde_json::Value;
use wiremock::ResponseTemplate;

use crate::{
    call::{Call, Ended, SECRET, hookproof},
    endpoint::{Reserved, always, answering, flawed, requests, sound},
    folder::Folder,
};

/// One target of a list, with more lines of its own.
pub(crate) fn target(name: &str, url: &str, more: &str) -> String {
    format!("[[target]]\nname = \"{name}\"\nurl = \"{url}\"\n{more}\n")
}

/// A call for the targets of this list that asks for few checks.
pub(crate) fn fleet(folder: &Folder, list: &str, options: &[&str]) -> Call {
    let list = folder.with("fleet.toml", list);
    let call = ["check", "--targets", &list, "--only", "acknowledge/success-status,acknowledge/unknown-type"];
    hookproof(call.iter().chain(options).copied()).secret(SECRET)
}

pub(crate) fn read(folder: &Folder, name: &str) -> Value {
    let text = std::fs::read_to_string(folder.file(name)).expect("it is written");
    let report = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(faults(&report), Vec::<String>::new());
    report
}

/// Where a report differs from its published schema, which names that of a single report by its file.
fn faults(report: &Value) -> Vec<String> {
    let parsed = |text| serde_json::from_str::<Value>(text).expect("it is JSON");
    let mut schema = parsed(include_str!("../../../../fixtures/schema/fleet.json"));
    let mut single = parsed(include_str!("../../../../fixtures/schema/report.json"));
    schema["$id"] = "https://hookproof.test/fleet.json".into();
    single["$id"] = "https://hookproof.test/report.json".into();
    schema["$defs"]["report"] = single;
    let schema = jsonschema::draft202012::new(&schema).expect("the schema is one");
    schema.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// What stands in a report of a target.
#[track_caller]
pub(crate) fn entry<'a>(report: &'a Value, name: &str) -> &'a Value {
    let targets = report["targets"].as_array().expect("it is a list");
    targets.iter().find(|target| target["name"] == name).unwrap_or_else(|| panic!("no {name} in {report}"))
}

/// How the line of a target begins.
#[track_caller]
fn word<'a>(ended: &'a Ended, name: &str) -> &'a str {
    let is_of = |line: &&str| line.split_whitespace().any(|word| word == name) && !line.starts_with(' ');
    let line = ended.out.lines().find(is_of).unwrap_or_else(|| panic!("no line on {name}\n{}", ended.out));
    line.split_once("  ").map_or(line, |(word, _)| word)
}

#[tokio::test]
async fn each_target_has_its_verdict_in_every_report_and_the_gravest_is_the_status() {
    let folder = Folder::new("fleet");
    let (good, bad, gone) = (sound(None), flawed(Defect::Redirects, None), Reserved::new());
    let list = [
        target("good", &good.url(), ""),
        target("bad", &bad.url(), "only = [\"acknowledge/no-redirect\"]"),
        target("gone", &gone.url(), ""),
    ]
    .concat();
    let reports = ["json", "junit", "markdown", "html"].map(|kind| format!("{kind}={}", folder.file(kind)));
    let options: Vec<&str> = reports.iter().flat_map(|report| ["--report", report]).collect();
    let ended = fleet(&folder, &list, &options).run().await.exits(1);
    assert_eq!(["good", "bad", "gone"].map(|name| word(&ended, name)), ["holds", "FAILS", "absent"]);
    assert!(ended.out.contains("        MUST    acknowledge/no-redirect "), "{}", ended.out);
    assert!(ended.out.contains("\n1 of 3 targets hold, 1 fail, 1 unreachable\n"), "{}", ended.out);
    let json = read(&folder, "json");
    let status = |name| entry(&json, name)["exit_status"].as_u64();
    assert_eq!(["good", "bad", "gone"].map(status), [Some(0), Some(1), Some(3)]);
    assert_eq!(entry(&json, "bad")["report"]["checks"][0]["verdict"], "fail");
    assert!(entry(&json, "gone")["why"].as_str().is_some_and(|why| why.contains("could not be reached")));
    let text = |kind| std::fs::read_to_string(folder.file(kind)).expect("it is written");
    let xml = text("junit");
    let document = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let count = |name| document.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testsuite"), count("failure"), count("error")), (3, 1, 1));
    assert!(text("markdown").contains("\n### bad\n\n#### MUST, not met: `acknowledge/no-redirect`"));
    assert!(text("html").contains("1 of 3 targets hold"));
    // Of endpoints that cannot be reached alone, the status says so.
    fleet(&folder, &target("gone", &gone.url(), ""), &[]).run().await.exits(3);
    fleet(&folder, &target("good", &good.url(), ""), &[]).run().await.exits(0);
}

#[tokio::test]
async fn targets_are_checked_at_once_and_no_more_of_them_than_asked() {
    let folder = Folder::new("parallel");
    let mut servers = Vec::new();
    for _ in 0..6 {
        servers.push(answering(ResponseTemplate::new(200).set_delay(Duration::from_millis(300))).await);
    }
    let list: String = (0..)
        .zip(&servers)
        .map(|(number, server)| target(&format!("t{number}"), &server.uri(), ""))
        .collect();
    let time = async |parallel| {
        let began = Instant::now();
        fleet(&folder, &list, &["--parallel", parallel]).run().await.exits(0);
        began.elapsed()
    };
    let (one, all) = (time("1").await, time("6").await);
    assert!(all * 2 < one, "{all:?} {one:?}");
}

#[tokio::test]
async fn each_target_has_its_own_options_and_secret() {
    let folder = Folder::new("own-options");
    let other = "whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhlIGNvbW1hbmQncyB0ZXN0cw==";
    let (one, two, three) = (always(200).await, always(200).await, always(200).await);
    folder.with("two.secret", other);
    let list = [
        target("one", &one.uri(), "headers = [\"x-tenant: 1\"]\nonly = [\"acknowledge/success-status\"]"),
        target(
            "two",
            &two.uri(),
            "secret_file = \"two.secret\"\nprovider = \"stripe\"\neffects_cmd = \"echo 0\"",
        ),
        target("three", &three.uri(), &format!("secret = \"{other}\"\nevents = [\"refund.succeeded\"]")),
    ]
    .concat();
    let report = format!("json={}", folder.file("report.json"));
    let ended = fleet(&folder, &list, &["--report", &report]).run().await;
    assert!(
        ended.err.contains("the list shows the secret of three to everyone who may read it"),
        "{}",
        ended.err
    );
    let json = read(&folder, "report.json");
    assert_eq!(entry(&json, "one")["report"]["checks"].as_array().map(Vec::len), Some(1));
    assert_eq!(entry(&json, "two")["report"]["provider"], "stripe");
    let notes = |name| entry(&json, name)["report"]["notes"].to_string();
    assert!(notes("one").contains("nothing observes effects") && !notes("two").contains("nothing observes"));
    assert!(requests(&one).await.iter().all(|request| request.headers["x-tenant"] == "1"));
    let sent = requests(&two).await;
    assert!(!sent.is_empty() && sent.iter().all(|request| request.headers.get("x-tenant").is_none()));
    let first = requests(&three).await.swap_remove(0);
    assert!(String::from_utf8_lossy(&first.body).contains("refund.succeeded"));
    let written = std::fs::read_to_string(folder.file("report.json")).expect("it is there");
    for text in [&written, &ended.out, &ended.err] {
        assert!(!text.contains(other) && !text.contains(SECRET), "{text}");
    }
}

#[tokio::test]
async fn a_known_failure_may_be_of_one_target() {
    let folder = Folder::new("known-of-one");
    let (one, two) = (flawed(Defect::RefusesUnknownTypes, None), flawed(Defect::RefusesUnknownTypes, None));
    let list = target("one", &one.url(), "") + &target("two", &two.url(), "");
    let known = folder.with("known.txt", "one: acknowledge/unknown-type  issue 12\n");
    let options = ["--strict", "--known-failing", &known];
    let ended = fleet(&folder, &list, &options).run().await.exits(1);
    assert_eq!((word(&ended, "one"), word(&ended, "two")), ("holds", "FAILS"), "{}", ended.out);
    assert!(ended.out.contains("; SHOULDs that fail, which --strict counts: 1"), "{}", ended.out);
    // A target's own list is read beside it.
    folder.with("two.txt", "acknowledge/unknown-type\n");
    let list = target("one", &one.url(), "") + &target("two", &two.url(), "known_failing = \"two.txt\"");
    fleet(&folder, &list, &options).run().await.exits(0);
}

#[tokio::test]
async fn a_wrong_list_is_refused_before_anything_is_sent() {
    let folder = Folder::new("wrong-fleet");
    let endpoint = always(200).await;
    let url = endpoint.uri();
    let good = target("good", &url, "");
    let with = |more: &str| good.clone() + &target("bad", &url, more);
    let known = folder.with("known.txt", "other: acknowledge/success-status");
    for (list, options, words) in [
        (String::new(), vec![], vec!["no [[target]]"]),
        ("[[target]\n".to_owned(), vec![], vec!["fleet.toml:1: "]),
        (with("colour = 1"), vec![], vec!["fleet.toml:8: unknown field `colour`"]),
        (good.repeat(2), vec![], vec!["two targets have the name good"]),
        (with("secret_env = \"NO_SUCH_VARIABLE_HERE\""), vec![], vec!["target bad", "NO_SUCH_VARIABLE_HERE"]),
        (with("secret_env = \"A\"\nsecret_file = \"b\""), vec![], vec!["target bad", "one of secret_env"]),
        (
            with("only = [\"duplicate/sequental\"]"),
            vec![],
            vec!["target bad", "is duplicate/sequential meant?"],
        ),
        (with("timeout = \"0s\""), vec![], vec!["target bad", "timeout", "no time"]),
        (
            with("effects_url = \"http://127.0.0.1/{id}\"\neffects_cmd = \"echo 0\""),
            vec![],
            vec!["target bad", "effects_url"],
        ),
        (with("jobs = 0"), vec![], vec!["target bad", "jobs"]),
        (
            good.clone() + &target("bad", "https://shop.example/", ""),
            vec![],
            vec!["target bad", "--allow-remote shop.example"],
        ),
        (
            good.clone(),
            vec!["--effects-listen", "127.0.0.1:0"],
            vec!["--effects-listen", "its own effects_listen"],
        ),
        (good.clone(), vec!["--restart-cmd", "true"], vec!["--restart-cmd", "its own restart_cmd"]),
        (good.clone(), vec!["--known-failing", &known], vec!["the target other", "none of that name"]),
        (good.clone(), vec!["--shard", "3/2"], vec!["--shard", "such as 2/5"]),
        (good.clone(), vec!["--parallel", "0"], vec!["--parallel", "1..=1000"]),
        (good.clone(), vec!["--resume", "absent.json"], vec!["--resume", "absent.json", "cannot be read"]),
        (good.clone(), vec![url.as_str()], vec!["--targets", "cannot be used with"]),
    ] {
        fleet(&folder, &list, &options).run().await.refuses(&words);
    }
    hookproof(["check", &url, "--shard", "1/2"]).run().await.refuses(&["--targets"]);
    hookproof(["check", "--targets", &folder.file("absent")]).run().await.refuses(&["cannot be read"]);
    let list = folder.with("fleet.toml", &good);
    hookproof(["check", "--targets", &list])
        .run()
        .await
        .refuses(&["target good", "secret_env or secret_file"]);
    assert!(requests(&endpoint).await.is_empty());
}

#[tokio::test]
async fn a_report_that_cannot_be_written_stops_no_target_and_no_other_report() {
    let folder = Folder::new("fleet-reports");
    let shop = sound(None);
    let (bad, good) =
        (format!("json={}", folder.path().display()), format!("json={}", folder.file("good.json")));
    let options = ["--report", &bad, "--report", &good];
    let ended = fleet(&folder, &target("shop", &shop.url(), ""), &options).run().await.exits(4);
    assert!(ended.err.contains("cannot be written"), "{}", ended.err);
    assert_eq!(word(&ended, "shop"), "holds");
    assert_eq!(entry(&read(&folder, "good.json"), "shop")["exit_status"], 0);
}
