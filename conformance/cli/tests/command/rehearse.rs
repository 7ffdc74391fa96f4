//! One event's life through the schedule.

use hookproof_conformance::merchant::Defect;

use crate::{
    call::{Call, SECRET, hookproof},
    effects::Books,
    endpoint::{always, flawed, requests, sound},
    folder::Folder,
};

fn rehearse<'a>(url: &'a str, options: impl IntoIterator<Item = &'a str>) -> Call {
    hookproof(["rehearse", url].into_iter().chain(options)).secret(SECRET)
}

#[tokio::test]
async fn without_an_endpoint_the_built_in_merchant_shows_what_a_rehearsal_is() {
    let ended = hookproof(["rehearse"]).run().await.exits(0);
    let lines: Vec<&str> = ended.out.lines().filter(|line| line.starts_with("attempt ")).collect();
    let [first, second, third] = lines[..] else { panic!("{}", ended.out) };
    assert!(first.ends_with("not delivered"), "{first}");
    assert!(second.contains(" 5 min later  answer lost ") && second.ends_with("one effect"), "{second}");
    assert!(third.contains("30 min later  200 in ") && third.ends_with("one effect"), "{third}");
    assert!(ended.out.contains("\nacknowledged at attempt 3, 35 min after the first; one effect\nholds: "));
}

#[tokio::test]
async fn an_event_that_is_booked_twice_fails_and_is_told() {
    let ended =
        hookproof(["rehearse", "--demo", "no-dedupe", "--faults", "answer-lost"]).run().await.exits(1);
    assert!(ended.out.contains("\nfails: one effect was expected, 2 effects came\n"), "{}", ended.out);
}

#[tokio::test]
async fn a_restart_and_a_failing_downstream_are_played_on_the_built_in_merchant() {
    let ended = hookproof(["rehearse", "--faults", "downstream-fails,restart"]).run().await.exits(0);
    assert!(ended.out.contains("downstream fails: 500 in "), "{}", ended.out);
    assert!(ended.out.contains("after a restart: 200 in "), "{}", ended.out);
    let lost = ["--demo", "remembers-in-memory", "--faults", "answer-lost,restart"];
    let ended = hookproof(["rehearse"].into_iter().chain(lost)).run().await.exits(1);
    assert!(ended.out.contains("2 effects came"), "{}", ended.out);
}

#[tokio::test]
async fn an_endpoint_of_the_callers_is_rehearsed_with_its_own_books() {
    let books = Books::open(None).await;
    let count = format!("{}/effects?event={{id}}", books.server.uri());
    let shop = sound(Some(*books.server.address()));
    let ended =
        rehearse(&shop.url(), ["--effects-url", &count, "--faults", "answer-lost*2"]).run().await.exits(0);
    assert!(
        ended.out.contains("acknowledged at attempt 3, 35 min after the first; one effect"),
        "{}",
        ended.out
    );
    assert!(ended.out.starts_with("TurraTech delivers payment.succeeded evt_hp_"), "{}", ended.out);

    let shop = flawed(Defect::NoDedupe, Some(*books.server.address()));
    rehearse(&shop.url(), ["--effects-url", &count]).run().await.exits(1);
}

#[tokio::test]
async fn without_an_observer_it_is_told_what_was_answered_and_that_nothing_else_was_seen() {
    let shop = sound(None);
    let ended = rehearse(&shop.url(), []).run().await.exits(0);
    assert!(
        ended.out.contains("acknowledged at attempt 3, 35 min after the first; effects were not observed")
    );
    assert!(ended.out.contains("\nunknown: ") && ended.out.contains("--effects-listen"), "{}", ended.out);
}

#[tokio::test]
async fn a_provider_without_a_schedule_is_rehearsed_with_delays_of_the_callers() {
    let turnstay = ["rehearse", "--provider", "turnstay"];
    hookproof(turnstay).run().await.refuses(&["does not publish when", "--delays"]);
    let delays = turnstay.into_iter().chain(["--delays", "1m,2h"]);
    let ended = hookproof(delays).run().await.exits(0);
    assert!(ended.out.contains(" 2 h later  200 in "), "{}", ended.out);
}

#[tokio::test]
async fn an_endpoint_that_acknowledges_nothing_is_told_so_before_anything_is_rehearsed() {
    let endpoint = always(500).await;
    let ended = rehearse(&endpoint.uri(), []).run().await.exits(1);
    assert_eq!(ended.verdict("acknowledge/success-status"), "FAIL");
    assert!(ended.err.contains("nothing was rehearsed"), "{}", ended.err);
    let sent = requests(&endpoint).await;
    assert!(!sent.is_empty());
    assert!(sent.iter().all(|request| !String::from_utf8_lossy(&request.body).contains("_8000001")));
}

#[tokio::test]
async fn nobody_there_is_status_3_and_a_wrong_call_2() {
    rehearse("http://127.0.0.1:9/", []).run().await.exits(3);
    for (options, words) in [
        (&["--faults", "late"][..], &["there is no fault \"late\"", "answer-lost"][..]),
        (&["--faults", "none*9"], &["names 9 attempts, and there are 8"]),
        (&["--faults", "restart"], &["--restart-cmd"]),
        (&["--faults", "downstream-fails"], &["--effects-listen"]),
        (&["--delays", "5x"], &["--delays"]),
        (&["--report", "json=life.json"], &["html=FILE"]),
    ] {
        rehearse("http://127.0.0.1:9/", options.iter().copied()).run().await.refuses(words);
    }
    hookproof(["rehearse", "--effects-cmd", "echo 1"]).run().await.refuses(&["goes with a URL"]);
    hookproof(["rehearse", "--restart-cmd", "true"]).run().await.refuses(&["go with a URL"]);
    hookproof(["rehearse", "--secret-file", "none"]).run().await.refuses(&["has its own secret"]);
    rehearse("http://192.0.2.1/", []).run().await.refuses(&["--allow-remote 192.0.2.1"]);
}

#[tokio::test]
async fn a_header_of_the_callers_is_in_no_page() {
    let folder = Folder::new("rehearse-header");
    let to = format!("html={}", folder.file("life.html"));
    let header = ["--header", "Authorization: Bearer 0pen-sesame"];
    hookproof(["rehearse", "--report", &to].into_iter().chain(header)).run().await.exits(0);
    let page = std::fs::read_to_string(folder.file("life.html")).unwrap();
    assert!(page.contains("Authorization: &lt;redacted&gt;"), "{page}");
    assert!(!page.contains("0pen-sesame"), "{page}");
}

#[tokio::test]
async fn the_timeline_is_a_page_too_and_one_that_cannot_be_written_stops_no_other() {
    let folder = Folder::new("rehearse-page");
    let (page, nowhere) = (folder.path().join("life.html"), folder.path().join("none/life.html"));
    let [to, lost] = [&page, &nowhere].map(|path| format!("html={}", path.display()));
    let ended = hookproof(["rehearse", "--report", &lost, "--report", &to]).run().await.exits(4);
    assert!(ended.out.contains("\nholds: "), "{}", ended.out);
    assert!(ended.err.contains("cannot be written"), "{}", ended.err);
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("Acknowledged at attempt 3, 35 min after the first; one effect"));
}
