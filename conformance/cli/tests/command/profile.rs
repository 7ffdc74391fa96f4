//! `--profile FILE` and `hookproof profile show NAME`

use hookproof_suite::CATALOGUE;
use tokio::task::JoinSet;

use crate::{
    call::{Ended, SECRET, hookproof},
    endpoint::{always, requests},
    folder::Folder,
};

const PROVIDERS: [&str; 5] = ["turratech", "turnstay", "standard-webhooks", "stripe", "github"];

/// A provider like no other: its own headers and places, a MAC in base64 behind a word, 204 alone.
const SHOP: &str = r#"
name = "corner-shop"
title = "Corner Shop"
acknowledgement = 204
time-limit = "5s"
retries = ["0s", "10s", "1m"]
event-types = ["order.paid", "order.refunded"]

[event]
id = "/meta/event_id"
type = "/what"
created = "/meta/at"
created-format = "rfc3339"
object = "/items/0"
object-id = "/items/0/ref"

[signature]
construction = "body"
header = "X-Shop-Mac"
prefix = "mac "
encoding = "base64"
"#;

#[tokio::test]
async fn the_profile_of_a_built_in_provider_comes_to_the_same_verdicts_as_its_name() {
    let folder = Folder::new("built-in-profiles");
    let mut runs = JoinSet::new();
    for provider in PROVIDERS {
        let shown = hookproof(["profile", "show", provider]).run().await.exits(0);
        let file = folder.with(&format!("{provider}.toml"), &shown.out);
        runs.spawn(async move {
            let by_name = hookproof(["check", "--provider", provider]).run().await.exits(0);
            let by_profile = hookproof(["check", "--profile", &file]).run().await.exits(0);
            (by_name, by_profile)
        });
    }
    for (by_name, by_profile) in runs.join_all().await {
        assert_eq!(by_name.verdicts(), by_profile.verdicts());
        assert_eq!(by_name.verdicts().len(), CATALOGUE.len());
        assert_eq!(summary(&by_name), summary(&by_profile));
    }
}

#[tokio::test]
async fn every_must_of_a_provider_of_ones_own_is_proven_against_the_built_in_merchant() {
    let folder = Folder::new("own-profiles");
    let with_sample = format!(
        "{SHOP}\n[sample]\nbody = '''\n{}\n'''\nfresh = [\"/items/0/no\"]\n",
        r#"{"meta": {"event_id": "ev-1", "at": "2026-01-01T00:00:00Z"}, "what": "order.paid", "items": [{"ref": 1, "no": "n_1"}]}"#
    );
    let standard = "name = 'std'\nevent-types = ['a', 'b']\n[event]\nid = { header = 'Msg-Id' }\ntype = { header = 'X-What' }\n\
        [signature]\nconstruction = 'standard'\nheader = 'Msg-Sig'\nid-header = 'msg-id'\ntimestamp-header = 'Msg-Time'\n";
    let timestamped = "name = 'stamped'\nevent-types = ['a']\n[event]\nid = '/id'\ntype = '/a~1b'\nobject-id = '/id'\n\
        [signature]\nconstruction = 'timestamped'\nheader = 'X-Stamped'\n";
    let bare = "name = 'bare'\nkey = ['/state', '/amount']\n[event]\nobject-id = '/reference'\n";
    let mut runs = JoinSet::new();
    let profiles = [
        ("shop", SHOP),
        ("sample", &with_sample),
        ("standard", standard),
        ("stamped", timestamped),
        ("bare", bare),
    ];
    for (name, text) in profiles {
        let file = folder.with(&format!("{name}.toml"), text);
        runs.spawn(async move { (name, hookproof(["check", "--profile", &file]).run().await) });
    }
    for (name, ended) in runs.join_all().await {
        let ended = ended.exits(0);
        assert!(ended.verdicts().iter().all(|(_, word)| matches!(*word, "pass" | "n/a")), "{}", ended.out);
        assert_all_proven(name, &ended);
    }
}

#[tokio::test]
async fn the_profile_in_the_readme_is_sound() {
    let readme = include_str!("../../../../README.md");
    let (_, behind) = readme.split_once("## Another provider").expect("it is about profiles");
    let (_, behind) = behind.split_once("```toml\n").expect("it shows a profile");
    let (profile, _) = behind.split_once("```").expect("it ends");
    let folder = Folder::new("readme");
    let file = folder.with("shop.toml", profile);
    let ended =
        hookproof(["check", "--profile", &file, "--only", "signature/*,duplicate/*"]).run().await.exits(0);
    assert_all_proven("the readme's", &ended);
    let wrong = folder.with("wrong.toml", profile.replace("\"/what\"", "\"what\""));
    hookproof(["list", "--profile", &wrong]).run().await.refuses(&["wrong.toml:6: event.type: "]);
}

#[tokio::test]
async fn a_demo_fails_as_a_provider_of_ones_own_and_says_how_to_see_it_again() {
    let folder = Folder::new("own-demo");
    folder.with("shop.toml", SHOP);
    let call = hookproof([
        "check",
        "--profile",
        "shop.toml",
        "--demo",
        "no-dedupe",
        "--only",
        "duplicate/sequential",
    ]);
    let ended = call.within(folder.path()).run().await.exits(1);
    for text in [
        "Corner Shop at the built-in merchant",
        "204, 204, 204, and 3 effects",
        "again     hookproof check --demo no-dedupe --profile shop.toml --only duplicate/sequential --seed 1",
    ] {
        assert!(ended.out.contains(text), "{text:?} is not in\n{}", ended.out);
    }
    assert!(!ended.out.contains("clause"), "{}", ended.out);
}

#[tokio::test]
async fn without_a_sample_an_endpoint_that_refuses_is_not_accused() {
    let folder = Folder::new("no-sample");
    let file = folder.with("shop.toml", SHOP);
    let endpoint = always(422).await;
    let ended = hookproof(["check", &endpoint.uri(), "--profile", &file]).secret(SECRET).run().await.exits(1);
    assert_eq!(ended.verdict("acknowledge/success-status"), "unknown");
    assert!(ended.out.contains("give the profile a [sample]"), "{}", ended.out);
    assert!(ended.err.contains("no event was acknowledged"), "{}", ended.err);
}

#[tokio::test]
async fn every_command_takes_a_profile() {
    let folder = Folder::new("every-command");
    let file = folder.with("shop.toml", SHOP);
    let listed = hookproof(["list", "--profile", &file]).run().await.exits(0);
    assert!(
        listed.out.lines().all(|line| line.split_whitespace().nth(1) == Some("hookproof")),
        "{}",
        listed.out
    );
    let retried = hookproof(["schedule", "--profile", &file, "--from", "0"]).run().await.exits(0);
    assert!(retried.out.contains("attempt 4         1970-01-01T00:01:10Z"), "{}", retried.out);
    let body =
        r#"{"meta": {"event_id": "e", "at": "2026-01-01T00:00:00Z"}, "what": "order.paid", "items": [{}]}"#;
    let signed = hookproof(["sign", "--profile", &file]).secret(SECRET).stdin(body).run().await.exits(0);
    assert!(signed.out.starts_with("X-Shop-Mac: mac "), "{}", signed.out);
    let verified = hookproof(["verify", "--profile", &file, "--header", signed.out.trim_end()]);
    let verified = verified.secret(SECRET).stdin(body).run().await.exits(0);
    assert_eq!(verified.out, "ok: order.paid, signed by Corner Shop\n");
    let endpoint = always(204).await;
    let sent = hookproof(["send", &endpoint.uri(), "--profile", &file]).secret(SECRET).run().await.exits(0);
    assert!(sent.out.starts_with("204 in "), "{}", sent.out);
    let request = requests(&endpoint).await.remove(0);
    assert!(request.headers.contains_key("x-shop-mac"), "{request:?}");
    let body: serde_json::Value = request.body_json().expect("it is JSON");
    assert_eq!(body["what"], "order.paid");
}

#[tokio::test]
async fn a_wrong_profile_is_told_with_its_line_and_its_field() {
    let folder = Folder::new("wrong-profiles");
    for (line, put, words) in [
        (2, "name = \"Corner Shop\"", "shop.toml:2: name: \"Corner Shop\" is no name"),
        (2, "name = \"stripe\"", "shop.toml:2: name: \"stripe\" is built in"),
        (2, "nmae = \"shop\"", "shop.toml:2: nmae: there is no such field; did you mean name?"),
        (4, "acknowledgement = 302", "shop.toml:4: acknowledgement: 302 is no status of success"),
        (5, "time-limit = \"0s\"", "shop.toml:5: time-limit: is no limit; write a time from 1ms to 1h"),
        (6, "retries = [\n\"0s\",\n\"-1s\"]", "shop.toml:8: retries[1]: is negative"),
        (7, "event-types = []", "shop.toml:7: event-types: is an empty list"),
        (10, "id = \"meta/id\"", "shop.toml:10: event.id: \"meta/id\" is no JSON pointer"),
        (10, "", "shop.toml:1: key: is missing; write event.id, or key = ["),
        (
            18,
            "construction = \"rsa\"",
            "shop.toml:18: signature.construction: \"rsa\" is not known; there are timestamped, standard, body",
        ),
        (19, "header = \"x shop\"", "shop.toml:19: signature.header: \"x shop\" is no header's name"),
        (19, "", "shop.toml:17: signature.header: is missing; write header ="),
        (21, "encoding = base64", "shop.toml:21: the file is not TOML"),
    ] {
        let mut lines: Vec<&str> = SHOP.lines().collect();
        lines[line - 1] = put;
        folder.with("shop.toml", lines.join("\n"));
        for command in ["check", "list", "schedule", "sign", "verify"] {
            hookproof([command, "--profile", "shop.toml"])
                .within(folder.path())
                .run()
                .await
                .refuses(&[words]);
        }
    }
}

#[tokio::test]
async fn a_profile_that_cannot_be_read_and_one_too_many_are_refused() {
    let folder = Folder::new("no-profiles");
    let latin = folder.with("latin.toml", b"name = \"a\"\ntitle = \"Zo\xeb\"\n");
    let shop = folder.with("shop.toml", SHOP);
    for (args, words) in [
        (["list", "--profile", "absent.toml", "--"], ["absent.toml", "cannot be read"]),
        (["list", "--profile", &latin, "--"], ["latin.toml:2: ", "not UTF-8"]),
    ] {
        hookproof(args).within(folder.path()).run().await.refuses(&words);
    }
    let both = hookproof(["list", "--profile", &shop, "--provider", "turratech"]).run().await;
    both.refuses(&["--profile", "cannot be used with", "--provider"]);
}

#[track_caller]
fn assert_all_proven(name: &str, ended: &Ended) {
    let lines = ended.out.lines().filter(|line| line.starts_with("pass") && line.contains(" MUST "));
    let musts = lines.count();
    assert!(musts > 0, "{name}: {}", ended.out);
    assert_eq!(summary(ended), format!("holds: {musts} of {musts} MUSTs proven, 0 failed, 0 unknown"));
}

fn summary(ended: &Ended) -> &str {
    ended.out.lines().find(|line| line.contains("MUSTs proven")).expect("it has a summary")
}
