//! `--known-failing`

use hookproof_conformance::merchant::Defect;
use serde_json::Value;

use crate::{
    call::{Ended, check, hookproof},
    endpoint::{always, flawed, requests, sound},
    folder::Folder,
};

#[tokio::test]
async fn a_failure_that_is_known_fails_no_run_and_is_told_everywhere() {
    let folder = Folder::new("known");
    let list = folder.with("known.txt", "# of the shop\nduplicate/sequential  issue 12\n");
    let reports = ["json", "junit", "markdown", "html"].map(|kind| format!("{kind}={}", folder.file(kind)));
    let mut call = vec!["check", "--demo", "no-dedupe", "--only", "duplicate/sequential"];
    call.extend(["--known-failing", &list]);
    call.extend(reports.iter().flat_map(|report| ["--report", report]));
    let ended = hookproof(call).run().await.exits(0);
    for words in [
        "known   MUST    duplicate/sequential ",
        "        known     issue 12\n",
        "holds but for what is known to fail: 0 of 1 MUSTs proven, 1 failed (1 of them known), 0 unknown\n",
        "       1 known failure; ",
    ] {
        assert!(ended.out.contains(words), "{words:?} is not in\n{}", ended.out);
    }
    let read = |kind| std::fs::read_to_string(folder.file(kind)).expect("it is written");
    let json: Value = serde_json::from_str(&read("json")).expect("it is JSON");
    assert_eq!((&json["checks"][0]["known_failing"], &json["exit_status"]), (&"issue 12".into(), &0.into()));
    assert_eq!(crate::report::faults(&json), Vec::<String>::new());
    assert!(read("junit").contains("failures=\"0\"") && read("junit").contains("known failure (issue 12)"));
    assert!(read("markdown").contains("### Known failures\n\n- MUST `duplicate/sequential`: issue 12\n"));
    assert!(read("html").contains("issue 12"));
}

#[tokio::test]
async fn a_check_that_is_listed_and_passes_fails_the_run() {
    let folder = Folder::new("mended");
    let list = folder.with("known.txt", "acknowledge/success-status  issue 7");
    let shop = sound(None);
    let ended = listed(&shop.url(), &list, &["--only", "acknowledge/success-status"]).await.exits(1);
    assert!(ended.out.contains("MENDED  MUST    acknowledge/success-status"), "{}", ended.out);
    assert!(ended.out.contains("it passes: take it off the list"), "{}", ended.out);
    assert!(ended.err.contains("--known-failing lists them, and should be taken off: 1"), "{}", ended.err);
}

#[tokio::test]
async fn a_check_that_is_listed_and_not_judged_is_neither_expected_nor_an_error() {
    let folder = Folder::new("unjudged");
    let list = folder.with("known.txt", "duplicate/sequential\ntls/certificate\n");
    let shop = sound(None);
    // Nobody observes effects.
    let only = ["--only", "duplicate/sequential,tls/certificate"];
    let ended = listed(&shop.url(), &list, &only).await.exits(0);
    assert_eq!(ended.verdict("duplicate/sequential"), "unknown");
    assert!(ended.out.contains("0 pass and should be taken off, 2 were not judged"), "{}", ended.out);
    listed(&shop.url(), &list, &[&only[..], &["--require-observed"]].concat()).await.exits(1);
}

#[tokio::test]
async fn a_known_failure_does_not_hide_another() {
    let folder = Folder::new("another");
    let list = folder.with("known.txt", "duplicate/resigned");
    let only = "duplicate/sequential,duplicate/resigned";
    let call = ["check", "--demo", "no-dedupe", "--only", only, "--known-failing", &list];
    let ended = hookproof(call).run().await.exits(1);
    assert_eq!(ended.verdict("duplicate/sequential"), "FAIL");
    assert!(ended.out.contains("known   MUST    duplicate/resigned"), "{}", ended.out);
    assert!(ended.out.contains("fails: 0 of 2 MUSTs proven, 2 failed (1 of them known)"), "{}", ended.out);
}

#[tokio::test]
async fn a_should_that_is_known_is_not_counted_by_strict() {
    let folder = Folder::new("strict");
    let shop = flawed(Defect::RefusesUnknownTypes, None);
    let only = ["--only", "acknowledge/unknown-type", "--strict"];
    check(&shop.url(), only).run().await.exits(1);
    let list = folder.with("known.txt", "acknowledge/unknown-type");
    listed(&shop.url(), &list, &only).await.exits(0);
}

#[tokio::test]
async fn a_list_that_is_wrong_is_refused_before_anything_is_sent() {
    let folder = Folder::new("wrong-list");
    let endpoint = always(200).await;
    for (text, words) in [
        (&b"\nduplicate/sequental"[..], &["line 2", "is duplicate/sequential meant?"][..]),
        (b"shop: duplicate/sequential", &["the target shop", "--targets"]),
        (b"http/survives\nhttp/survives", &["listed twice"]),
        (b"\xff", &["not UTF-8"]),
    ] {
        let list = folder.with("known.txt", text);
        listed(&endpoint.uri(), &list, &[]).await.refuses(words);
    }
    listed(&endpoint.uri(), &folder.file("absent"), &[])
        .await
        .refuses(&["--known-failing", "cannot be read"]);
    assert!(requests(&endpoint).await.is_empty());
}

async fn listed(url: &str, list: &str, options: &[&str]) -> Ended {
    check(url, ["--known-failing", list].iter().chain(options).copied()).run().await
}
