//! Where the secret comes from, and where it never goes.

use crate::{
    call::{SECRET, check, hookproof},
    endpoint::{always, requests, sound},
    folder::Folder,
};

#[tokio::test]
async fn a_file_may_end_with_one_newline_which_is_not_part_of_the_secret() {
    let folder = Folder::new("secret-file");
    let shop = sound(None);
    for (end, is_told) in [("", false), ("\n", true), ("\r\n", true)] {
        let path = folder.with("secret", format!("{SECRET}{end}"));
        let options = ["check", &shop.url(), "--secret-file", &path, "--only", "acknowledge/success-status"];
        let ended = hookproof(options).run().await.exits(0);
        let note = format!("note: one newline at the end of {path} is not part of the secret");
        assert_eq!(ended.err.contains(&note), is_told, "{}", ended.err);
    }
}

#[tokio::test]
async fn the_file_takes_precedence_over_the_environment() {
    let folder = Folder::new("secret-precedence");
    let shop = sound(None);
    let path = folder.with("secret", SECRET);
    let url = shop.url();
    let call = hookproof(["send", &url, "--secret-file", &path]).secret("whsec_YW5vdGhlcg==");
    call.run().await.exits(0);
}

#[tokio::test]
async fn one_on_the_command_line_works_and_is_warned_of() {
    let shop = sound(None);
    let ended = hookproof(["send", &shop.url(), "--secret", SECRET]).run().await.exits(0);
    assert!(ended.err.contains("shows the secret to everyone on this machine"), "{}", ended.err);
    let both = ["send", "http://127.0.0.1:1/", "--secret", SECRET, "--secret-file", "x"];
    hookproof(both).run().await.refuses(&["--secret", "cannot be used with"]);
}

#[tokio::test]
async fn one_that_cannot_be_right_is_refused_before_anything_is_sent() {
    let folder = Folder::new("wrong-secret");
    let endpoint = always(200).await;
    let url = endpoint.uri();
    for (text, what) in [
        ("", "is blank"),
        (" \t", "is blank"),
        (" whsec_eA==", "white space around it"),
        ("whsec_eA==\n", "white space around it"),
    ] {
        for command in ["check", "send"] {
            let call = hookproof([command, &url]).secret(text);
            call.run().await.refuses(&["in HOOKPROOF_SECRET", what]);
        }
    }
    for (text, what) in [("\n", "is blank"), ("whsec_eA==\n\n", "white space around it")] {
        let path = folder.with("secret", text);
        let call = hookproof(["check", &url, "--secret-file", &path]);
        call.run().await.refuses(&[&path, what]);
    }
    let absent = folder.file("absent");
    hookproof(["check", &url, "--secret-file", &absent]).run().await.refuses(&[&absent, "cannot be read"]);
    let not_utf8 = folder.with("bytes", b"\xff\xfe");
    hookproof(["check", &url, "--secret-file", &not_utf8]).run().await.refuses(&[&not_utf8]);
    let standard = ["check", &url, "--provider", "standard-webhooks"];
    hookproof(standard).secret("not base64!").run().await.refuses(&["the secret", "is not base64"]);
    assert!(requests(&endpoint).await.is_empty());
}

#[tokio::test]
async fn without_one_and_without_a_terminal_the_cure_is_told() {
    for args in [
        &["check", "http://127.0.0.1:1/"] as &[&str],
        &["send", "http://127.0.0.1:1/"],
        &["sign"],
        &["verify"],
    ] {
        let words = ["TurraTech signs its deliveries", "HOOKPROOF_SECRET", "--secret-file"];
        hookproof(args.iter().copied()).run().await.refuses(&words);
    }
}

#[tokio::test]
async fn a_provider_that_does_not_sign_needs_none() {
    let endpoint = always(200).await;
    let url = endpoint.uri();
    hookproof(["send", &url, "--provider", "turnstay"]).run().await.exits(0);
    assert_eq!(requests(&endpoint).await.len(), 1);
}

#[tokio::test]
async fn it_is_never_shown() {
    let folder = Folder::new("never-shown");
    let report = format!("json={}", folder.file("report.json"));
    let shop = sound(None);
    let ended = check(&shop.url(), ["--report", &report]).run().await.exits(0);
    let written = std::fs::read_to_string(folder.file("report.json")).expect("it is written");
    let key = SECRET.trim_start_matches("whsec_");
    for shown in [&ended.out, &ended.err, &written] {
        assert!(!shown.is_empty() && !shown.contains(key), "{shown}");
    }
}
