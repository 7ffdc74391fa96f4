//! `--shard` and `hookproof merge`

use hookproof_conformance::merchant::Defect;

use crate::{
    call::{check, hookproof},
    endpoint::{Reserved, flawed, sound},
    fleet::{entry, fleet, read, target},
    folder::Folder,
};

#[tokio::test]
async fn the_shards_of_a_fleet_come_to_what_the_fleet_would_have() {
    let folder = Folder::new("shards");
    let (good, bad, gone) = (sound(None), flawed(Defect::Redirects, None), Reserved::new());
    let list = [
        target("a", &good.url(), ""),
        target("b", &gone.url(), ""),
        target("c", &good.url(), ""),
        target("d", &bad.url(), "only = [\"acknowledge/no-redirect\"]"),
        target("e", &good.url(), ""),
    ]
    .concat();
    let mut files = Vec::new();
    for (shard, status, names) in
        [("1/3", 1, ["a", "d"].as_slice()), ("2/3", 3, &["b", "e"]), ("3/3", 0, &["c"])]
    {
        let file = format!("{}.json", &shard[..1]);
        let report = format!("json={}", folder.file(&file));
        fleet(&folder, &list, &["--shard", shard, "--report", &report]).run().await.exits(status);
        let json = read(&folder, &file);
        assert_eq!(json["planned"], serde_json::json!(names));
        files.push(folder.file(&file));
    }
    let reports = ["json", "junit", "html", "markdown"].map(|kind| format!("{kind}={}", folder.file(kind)));
    let mut call = vec!["merge"];
    call.extend(files.iter().map(String::as_str));
    call.extend(reports.iter().flat_map(|report| ["--report", report]));
    let ended = hookproof(call).run().await.exits(1);
    assert!(ended.out.contains("\n3 of 5 targets hold, 1 fail, 1 unreachable\n"), "{}", ended.out);
    let json = read(&folder, "json");
    assert!(json.get("shard").is_none());
    assert_eq!(
        ["a", "b", "c", "d", "e"].map(|name| entry(&json, name)["exit_status"].as_u64()),
        [0, 3, 0, 1, 0].map(Some)
    );
    for kind in ["junit", "html", "markdown"] {
        let text = std::fs::read_to_string(folder.file(kind)).expect("it is written");
        assert!(text.contains("acknowledge") && text.contains("no-redirect"), "{kind}: {text}");
    }
    // What was merged can be merged.
    hookproof(["merge", &folder.file("json")]).run().await.exits(1);
    hookproof(["merge", &files[2], &files[1]]).run().await.refuses(&["no report is of the shard 1/3"]);
    hookproof(["merge", &files[0], &files[0]]).run().await.refuses(&["the shard 2/3, 3/3"]);
}

#[tokio::test]
async fn reports_on_single_endpoints_are_merged_too() {
    let folder = Folder::new("singles");
    let (good, bad) = (sound(None), flawed(Defect::Redirects, None));
    let only = ["--only", "acknowledge/no-redirect"];
    for (url, file, status) in
        [(good.url(), "good.json", 0), (bad.url(), "bad.json", 1), (bad.url(), "again.json", 1)]
    {
        let report = format!("json={}", folder.file(file));
        check(&url, only.into_iter().chain(["--report", &report])).run().await.exits(status);
    }
    let [good_file, bad_file, again] = ["good.json", "bad.json", "again.json"].map(|file| folder.file(file));
    let report = format!("json={}", folder.file("all.json"));
    let ended = hookproof(["merge", &good_file, &bad_file, &again, "--report", &report]).run().await.exits(1);
    assert!(ended.out.contains("\n1 of 2 targets hold, 1 fail\n"), "{}", ended.out);
    assert_eq!(entry(&read(&folder, "all.json"), &good.url())["exit_status"], 0);
    hookproof(["merge", &good_file]).run().await.exits(0);
    // The same endpoint, which came to something else.
    let text = std::fs::read_to_string(&bad_file).expect("it is there");
    let mended = text.replace("\"exit_status\": 1", "\"exit_status\": 0");
    let mended = folder.with("mended.json", mended);
    hookproof(["merge", &bad_file, &mended]).run().await.refuses(&["disagree on http://127.0.0.1"]);
}

#[tokio::test]
async fn what_is_no_report_is_refused_with_its_name() {
    let folder = Folder::new("no-report");
    for (text, words) in [
        ("", ["part.json", "no JSON"]),
        ("{}", ["part.json", "no report of Hookproof"]),
        (r#"{"schema": 2, "targets": []}"#, ["part.json", "its schema is 2"]),
        (r#"{"schema": 2, "checks": []}"#, ["part.json", "its schema is 2"]),
    ] {
        let part = folder.with("part.json", text);
        hookproof(["merge", &part]).run().await.refuses(&words);
    }
    hookproof(["merge", &folder.file("absent")]).run().await.refuses(&["absent", "cannot be read"]);
    hookproof(["merge"]).run().await.refuses(&["REPORT"]);
}
