//! The three ways to observe effects, and what is unknown without one.

use std::{
    fs::OpenOptions,
    io::Write,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use hookproof_conformance::merchant::Defect;
use tokio::{
    io::{AsyncBufReadExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use wiremock::{MockServer, Request, ResponseTemplate};

use crate::{
    call::{Ended, check},
    endpoint::{always, answering, flawed, requests, sound},
    folder::Folder,
};

#[tokio::test]
async fn a_stand_in_for_the_downstream_proves_everything() {
    let (downstream, known) = forwarder().await;
    let shop = sound(Some(downstream));
    let mut child = check(&shop.url(), ["--effects-listen", "127.0.0.1:0"]).start();
    let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let line = lines.next_line().await.expect("it is UTF-8").expect("it says where it listens");
    let address = line.strip_prefix("note: the downstream stand-in listens on http://").expect("an address");
    known.send_replace(Some(address.parse().expect("it is an address")));
    let ended = Ended::of(child).await.exits(0);
    for (id, word) in ended.verdicts() {
        let is_out_of_reach = ["duplicate/restart", "duplicate/retention"].contains(&id);
        assert_eq!(word == "unknown", is_out_of_reach, "{id} is {word}");
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_the_tools_trouble_and_nothing_is_sent() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
    let address = taken.local_addr().expect("it is bound").to_string();
    let shop = sound(None);
    let ended = check(&shop.url(), ["--effects-listen", &address]).run().await.exits(4);
    assert_eq!(ended.out, "");
    assert!(ended.err.contains("--effects-listen") && ended.err.contains(&address), "{}", ended.err);
}

#[tokio::test]
async fn a_url_that_counts_proves_duplicates_and_finds_them() {
    let books = Books::open(None).await;
    let count = format!("{}/effects?event={{id}}", books.server.uri());
    let options = ["--effects-url", count.as_str(), "--only", "duplicate/*,signature/rejects-*"];
    let shop = sound(Some(*books.server.address()));
    all_pass(&check(&shop.url(), options).run().await.exits(0));
    let careless = flawed(Defect::NoDedupe, Some(*books.server.address()));
    let ended = check(&careless.url(), options).run().await.exits(1);
    assert_eq!(ended.verdict("duplicate/sequential"), "FAIL");
    assert!(ended.out.contains("200, 200, 200, and 3 effects"), "{}", ended.out);
}

#[tokio::test]
async fn a_command_that_counts_proves_duplicates_and_finds_them() {
    let folder = Folder::new("effects-cmd");
    let books = Books::open(Some(folder.with("bookings.log", ""))).await;
    // grep ends with 1 where nothing matches.
    let options =
        ["--effects-cmd", "grep -c \"$1\" bookings.log || true", "--only", "duplicate/*,signature/rejects-*"];
    let shop = sound(Some(*books.server.address()));
    all_pass(&check(&shop.url(), options).within(folder.path()).run().await.exits(0));
    let careless = flawed(Defect::NoDedupe, Some(*books.server.address()));
    let ended = check(&careless.url(), options).within(folder.path()).run().await.exits(1);
    assert_eq!(ended.verdict("duplicate/sequential"), "FAIL");
    assert!(ended.out.contains("200, 200, 200, and 3 effects"), "{}", ended.out);
}

#[tokio::test]
async fn an_observer_that_gives_no_number_is_told_of_and_leaves_effects_unknown() {
    let shop = sound(None);
    let options = ["--effects-cmd", "echo many", "--only", "duplicate/sequential"];
    let ended = check(&shop.url(), options).run().await.exits(0);
    assert_eq!(ended.verdict("duplicate/sequential"), "unknown");
    let words = "the observer of effects should say 0, but the command printed \"many\", not a whole number";
    assert!(ended.err.contains(words), "{}", ended.err);
}

#[tokio::test]
async fn an_observer_that_does_not_look_at_the_id_is_not_believed() {
    let endpoint = always(200).await;
    let url = endpoint.uri();
    let call = check(&url, ["--effects-cmd", "echo 1"]);
    call.run().await.refuses(&["counts 1 of evt_hp_", "never sent", "does it look at the id?"]);
    assert!(requests(&endpoint).await.is_empty());
}

#[tokio::test]
async fn without_an_observer_effects_are_unknown_and_only_require_observed_minds() {
    let shop = sound(None);
    let only = ["--only", "acknowledge/*,duplicate/*"];
    let lenient = check(&shop.url(), only).run().await.exits(0);
    for (id, word) in lenient.verdicts() {
        match id.split_once('/') {
            Some(("duplicate", _) | (_, "out-of-order")) => assert_eq!(word, "unknown", "{id}"),
            _ => assert!(matches!(word, "pass" | "n/a"), "{id} is {word}"),
        }
    }
    assert!(lenient.out.contains("note: nothing observes effects"), "{}", lenient.out);
    assert!(
        lenient.out.contains("holds as far as was seen: 4 of 15 MUSTs proven, 0 failed, 11 unknown"),
        "{}",
        lenient.out
    );
    let strict = check(&shop.url(), only.into_iter().chain(["--require-observed"])).run().await.exits(1);
    assert!(strict.err.contains("which --require-observed counts: 11"), "{}", strict.err);
}

/// But what needs more than an observer.
#[track_caller]
fn all_pass(ended: &Ended) {
    let more = [
        "duplicate/failed-effect",
        "duplicate/overlap-with-failure",
        "duplicate/restart",
        "duplicate/retention",
    ];
    assert!(!ended.verdicts().is_empty());
    for (id, word) in ended.verdicts() {
        let expected = if more.contains(&id) { "unknown" } else { "pass" };
        assert_eq!(word, expected, "{id} in\n{}", ended.out);
    }
}

/// A merchant's downstream that books each call, and says how many of them named an event.
pub(crate) struct Books {
    pub(crate) server: MockServer,
}

impl Books {
    /// Each call is also a line in `log`, where there is one.
    pub(crate) async fn open(log: Option<String>) -> Self {
        let booked: Mutex<Vec<String>> = Mutex::default();
        let answer = move |request: &Request| {
            let mut booked = booked.lock().expect("nobody panics with it");
            if let Some((_, id)) = request.url.query_pairs().find(|(name, _)| name == "event") {
                let count = booked.iter().filter(|call| call.contains(&*id)).count();
                return ResponseTemplate::new(200).set_body_string(count.to_string());
            }
            let call = String::from_utf8_lossy(&request.body).into_owned();
            if let Some(log) = &log {
                let mut log = OpenOptions::new().append(true).open(log).expect("it is there");
                writeln!(log, "{call}").expect("it can be written");
            }
            booked.push(call);
            ResponseTemplate::new(200)
        };
        Self { server: answering(answer).await }
    }
}

/// An address whose connections go on to another one as soon as that is known.
async fn forwarder() -> (SocketAddr, Arc<watch::Sender<Option<SocketAddr>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let known = Arc::new(watch::Sender::new(None));
    let known_here = Arc::clone(&known);
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let mut known = known_here.subscribe();
            tokio::spawn(async move {
                let to = *known.wait_for(Option::is_some).await.expect("its sender stays");
                let mut to = TcpStream::connect(to.expect("it was waited for")).await.expect("it listens");
                // Either side may close first.
                let _ = copy_bidirectional(&mut from, &mut to).await;
            });
        }
    });
    (address, known)
}
