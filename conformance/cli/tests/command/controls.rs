//! What the caller lets us do to the endpoint: restart it, move its clock, and wait for its own next try.

use crate::{
    call::{check, hookproof},
    effects::Books,
    endpoint::sound,
};

#[tokio::test]
async fn the_built_in_merchant_is_restarted_and_its_clock_is_moved() {
    let only = ["check", "--only", "duplicate/restart,duplicate/retention"];
    let ended = hookproof(only).run().await.exits(0);
    assert_eq!((ended.verdict("duplicate/restart"), ended.verdict("duplicate/retention")), ("pass", "pass"));
}

#[tokio::test]
async fn of_the_built_in_merchant_it_is_known_that_it_never_tries_again_by_itself() {
    let lost = ["--demo", "swallows-failures", "--effect-wait", "1s", "--only", "duplicate/failed-effect"];
    let ended = hookproof(["check"].into_iter().chain(lost)).run().await.exits(1);
    assert_eq!(ended.verdict("duplicate/failed-effect"), "FAIL");
    assert!(ended.out.contains("200, and no effect"), "{}", ended.out);
}

#[tokio::test]
async fn a_restart_command_is_run_and_the_endpoint_asked_behind_it() {
    let books = Books::open(None).await;
    let count = format!("{}/effects?event={{id}}", books.server.uri());
    let shop = sound(Some(*books.server.address()));
    for (command, word, why) in [
        ("true", "pass", ""),
        (
            "echo no such unit >&2; exit 5",
            "unknown",
            "the restart command ended with exit status: 5: \"no such unit\"",
        ),
    ] {
        let options = ["--effects-url", &count, "--only", "duplicate/restart", "--restart-cmd", command];
        let ended = check(&shop.url(), options).run().await.exits(0);
        assert_eq!(ended.verdict("duplicate/restart"), word, "{}", ended.out);
        assert!(ended.out.contains(why), "{}", ended.out);
    }
}

#[tokio::test]
async fn a_clock_that_does_not_obey_is_found_out_and_accuses_nobody() {
    let books = Books::open(None).await;
    let count = format!("{}/effects?event={{id}}", books.server.uri());
    let shop = sound(Some(*books.server.address()));
    let options = ["--effects-url", &count, "--only", "duplicate/retention"];
    let clock = ["--advance-clock-cmd", "test \"$1\" = 136800"];
    let ended = check(&shop.url(), options.into_iter().chain(clock)).run().await.exits(0);
    assert_eq!(ended.verdict("duplicate/retention"), "unknown");
    assert!(ended.out.contains("does it go by the clock that --advance-clock-cmd moves?"), "{}", ended.out);
}

#[tokio::test]
async fn commands_that_are_blank_or_have_nothing_to_command_are_refused() {
    for (option, word) in
        [("--restart-cmd", "--restart-cmd: the command is blank"), ("--advance-clock-cmd", "blank")]
    {
        check("http://127.0.0.1:9/", [option, " "]).run().await.refuses(&[word]);
        hookproof(["check", option, "true"]).run().await.refuses(&["go with a URL"]);
    }
    check("http://127.0.0.1:9/", ["--own-retry-within", "-1s"]).run().await.refuses(&["--own-retry-within"]);
}
