//! A call that is wrong is refused before anything is sent or written, with what is wrong and what there is.

use crate::{
    call::{check, hookproof},
    endpoint::{always, requests},
    folder::Folder,
};

#[tokio::test]
async fn an_unknown_name_is_answered_with_those_there_are() {
    for (args, words) in [
        (["check", "--provider", "paypal"], ["\"paypal\"", "turratech, turnstay, standard-webhooks"]),
        (["check", "--demo", "no-such"], ["\"no-such\"", "no-dedupe "]),
        (["check", "--only", "duplicates/*"], ["\"duplicates/*\"", "hookproof list"]),
        (["check", "--skip", "nothing"], ["\"nothing\"", "hookproof list"]),
        (["check", "--report", "pdf=x"], ["\"pdf\"", "json"]),
        (["list", "--provider", "paypal"], ["\"paypal\"", "github"]),
        (["schedule", "--provider", "paypal"], ["\"paypal\"", "github"]),
        (["sign", "--provider", "paypal"], ["\"paypal\"", "github"]),
        (["verify", "--provider", "paypal"], ["\"paypal\"", "github"]),
        (["profile", "show", "paypal"], ["\"paypal\"", "turratech, turnstay, standard-webhooks"]),
    ] {
        hookproof(args).run().await.refuses(&words);
    }
}

#[tokio::test]
async fn a_wrong_option_leaves_no_request_and_no_report() {
    let folder = Folder::new("wrong-option");
    let endpoint = always(200).await;
    let url = format!("{}/webhooks", endpoint.uri());
    let no_pem = folder.with("no.pem", "a certificate, surely");
    let no_history = folder.with("no-history.txt", "deliver 1\ndelivr 1\n");
    let no_text = folder.with("no-text.txt", b"deliver \xff");
    for (option, value, words) in [
        ("--only", "", ["no check matches", "\"\""]),
        ("--skip", "*", ["--skip", "no check"]),
        ("--report", "json", ["json=report.json", "KIND=FILE"]),
        ("--report", "json=", ["json=report.json", "KIND=FILE"]),
        ("--events", "a,,b", ["\"\"", "payment.succeeded"]),
        ("--events", "a\"b", ["a\\\"b", "type of an event"]),
        ("--rate", "0", ["--rate", "deliveries a second"]),
        ("--rate", "NaN", ["--rate", "deliveries a second"]),
        ("--public-url", "shop.example", ["--public-url", "http://"]),
        ("--public-url", "https://user:pass@", ["--public-url", "no host"]),
        ("--timeout", "3d", ["\"d\"", "ms, s, m or h"]),
        ("--timeout", "soon", ["\"soon\"", "30s"]),
        ("--timeout", "0s", ["--timeout", "no time"]),
        ("--wait", "1.5s", ["1.5s", "whole number"]),
        ("--effect-wait", "99999999999999999h", ["--effect-wait", "too long"]),
        ("--jobs", "0", ["--jobs", "1..=256"]),
        ("--jobs", "257", ["--jobs", "1..=256"]),
        ("--seed", "-1", ["-1", "--seed"]),
        ("--cases", "0", ["--cases", "1..=1000"]),
        ("--cases", "1001", ["--cases", "1..=1000"]),
        ("--replay", &folder.file("absent.txt"), ["the history", "cannot be read"]),
        ("--replay", &no_history, ["line 2", "\"delivr\" is no move"]),
        ("--replay", &no_text, ["--replay", "not UTF-8"]),
        ("--header", "no colon", ["no colon", "name: value"]),
        ("--header", "sp ace: x", ["sp ace", "letters, digits"]),
        ("--header", "x: a\r\ny: b", ["header x", "control character"]),
        ("--header", "Content-Length: 3", ["Content-Length", "cannot be chosen"]),
        ("--resolve", "shop.example", ["HOST:PORT:ADDRESS", "no port"]),
        ("--resolve", "shop.example:443:elsewhere", ["HOST:PORT:ADDRESS", "its address is none"]),
        ("--cacert", &folder.file("absent.pem"), ["--cacert", "cannot be read"]),
        ("--cacert", &no_pem, ["--cacert", "BEGIN CERTIFICATE"]),
        ("--effects-listen", "9000", ["--effects-listen", "9000"]),
        ("--template", &folder.file("absent.json"), ["--template", "cannot be read"]),
        ("--template", &no_pem, ["no.pem", "is no JSON on line 1"]),
        ("--set", "customer", ["--set", "PATH=VALUE"]),
        ("--set", "a={number}", ["{number}", "there are {id}, {n}"]),
        ("--set", "id=evt_1", ["--set", "/id is made anew"]),
        ("--set", "data.object.id=pay_1", ["/data/object/id is \"pay_1\" in every event", "put {n} in it"]),
        ("--set", "a.b=1", ["--set", "/a/b cannot be put there"]),
        ("--prepare-cmd", " ", ["--prepare-cmd", "blank"]),
        ("--prepare-url", "shop.example", ["--prepare-url", "http://"]),
        ("--confirm-listen", "9000", ["--confirm-listen", "9000"]),
        ("--effects-cmd", " ", ["--effects-cmd", "blank"]),
        ("--effects-url", "http://127.0.0.1/count", ["--effects-url", "{id}"]),
        ("--effects-url", "{id}", ["--effects-url", "http://"]),
        ("--demo", "no-dedupe", ["--demo", "cannot be used with"]),
    ] {
        let call = check(&url, ["--report", "json=report.json", option, value]);
        call.within(folder.path()).run().await.refuses(&words);
    }
    let mut names = folder.names();
    names.sort();
    assert_eq!(names, ["no-history.txt", "no-text.txt", "no.pem"]);
    assert!(requests(&endpoint).await.is_empty());
}

#[tokio::test]
async fn a_url_that_is_none_is_told_what_is_wrong_with_it() {
    for (url, words) in [
        ("shop.example", ["shop.example", "http://"]),
        ("ftp://127.0.0.1/", ["ftp", "http"]),
        ("http://user:pass@127.0.0.1/", ["http://…@127.0.0.1/", "password"]),
        ("http://127.0.0.1:0/", ["127.0.0.1:0", "port"]),
        ("http://127.0.0.1/#top", ["#top", "URL"]),
        ("http://127.0.0.1/\r\nx: y", ["\\r\\n", "URL"]),
    ] {
        check(url, []).run().await.refuses(&words);
        hookproof(["send", url]).run().await.refuses(&words);
    }
}

#[tokio::test]
async fn another_machine_is_sent_nothing_until_its_host_is_said_twice() {
    for options in [
        &["http://192.0.2.1/"] as &[&str],
        &["https://shop.example/"],
        &["https://shop.example/", "--allow-remote", "other.example"],
        &["https://shop.example/", "--resolve", "shop.example:443:192.0.2.1"],
        // A name of this machine that was given another's address.
        &["http://localhost:8080/", "--resolve", "localhost:8080:192.0.2.1"],
    ] {
        for command in ["check", "send"] {
            hookproof([command].iter().chain(options).copied()).run().await.refuses(&["--allow-remote"]);
        }
    }
}

#[tokio::test]
async fn the_built_in_merchant_takes_no_options_that_belong_to_a_url() {
    for options in [
        ["--effects-listen", "127.0.0.1:0"],
        ["--effects-url", "http://127.0.0.1/{id}"],
        ["--effects-cmd", "echo 1"],
        ["--secret", "whsec_eA=="],
        ["--secret-file", "secret"],
        ["--public-url", "https://shop.example/"],
    ] {
        let words = ["built-in merchant", "with a URL"];
        hookproof(["check"].into_iter().chain(options)).run().await.refuses(&words);
    }
    hookproof(["check", "--production"]).run().await.refuses(&["built-in merchant", "go with a URL"]);
}

#[tokio::test]
async fn a_call_without_a_command_shows_the_help() {
    let ended = hookproof([]).run().await.exits(2);
    assert!(ended.err.contains("Usage: hookproof"), "{}", ended.err);
    for command in ["check", "list", "explain", "send", "sign", "verify", "schedule", "profile", "merge"] {
        assert!(ended.err.contains(&format!("\n  {command} ")), "{command} is not in\n{}", ended.err);
    }
}
