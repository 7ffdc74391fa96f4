//! How a run ends when somebody does not want it to go on, when nobody listens, and what is told of secrets.

use std::{fs::OpenOptions, time::Duration};

use serde_json::Value;
use tokio::{process::Command, sync::mpsc, time::timeout};

use crate::{
    call::{Ended, SECRET, check, hookproof},
    endpoint::{Endpoint, HANGS, OK},
    folder::Folder,
    row::{Held, Row, read, row},
};

#[tokio::test]
async fn c67_ctrl_c_ends_a_run_with_what_is_known_by_then() {
    interrupted_by("INT", row!()).await;
}

#[tokio::test]
async fn c67_sigterm_ends_a_run_with_what_is_known_by_then() {
    interrupted_by("TERM", row!()).await;
}

/// The first event is acknowledged; the signal comes while the answer to the second one is waited for.
async fn interrupted_by(signal: &str, row: &Row) {
    let (came, mut coming) = mpsc::unbounded_channel();
    let endpoint = Endpoint::playing(move |mut line| {
        let came = came.clone();
        async move {
            line.read().await;
            came.send(line.number).expect("the test listens");
            if line.number == 0 {
                line.write(OK).await;
            } else {
                line.stay().await;
            }
        }
    })
    .await;
    let folder = Folder::new(&row.test);
    let file = folder.file("report.json");
    let report = format!("json={file}");
    let url = endpoint.url();
    let child = check(&url, row.told().into_iter().chain(["--report", &report])).start();
    while coming.recv().await.expect("the endpoint lives") == 0 {}
    let process = child.id().expect("it runs").to_string();
    let sent = Command::new("kill").args([&format!("-{signal}"), &process]).status().await;
    assert!(sent.expect("there is a kill").success());
    let ended = timeout(HANGS, Ended::of(child)).await.expect("it ends at once");
    let report = read(&file);
    assert_eq!(report["exit_status"], 130);
    row.judges(Held { ended, report, peak: 0 });
    row.received(endpoint.end().await);
}

#[tokio::test]
async fn c67_a_reader_that_went_away_changes_nothing_of_the_run() {
    let endpoint = Endpoint::answering(OK).await;
    let row = row!();
    let folder = Folder::new(&row.test);
    let file = folder.file("report.json");
    let report = format!("json={file}");
    let url = endpoint.url();
    let (reader, writer) = std::io::pipe().expect("a pipe can be had");
    drop(reader);
    let child = check(&url, row.told().into_iter().chain(["--report", &report])).stdout(writer);
    let ended = timeout(HANGS, Ended::of(child)).await.expect("it ends by itself");
    row.judges(Held { ended, report: read(&file), peak: 0 });
    row.received(endpoint.end().await);
}

#[tokio::test]
async fn c67_a_full_disk_behind_a_report_is_the_tools_trouble() {
    let endpoint = Endpoint::answering(OK).await;
    row!().holds_at(&endpoint.url(), endpoint, &["--report", "html=/dev/full"]).await;
}

#[tokio::test]
async fn c67_a_full_disk_behind_stdout_is_the_tools_trouble() {
    let endpoint = Endpoint::answering(OK).await;
    let row = row!();
    let url = endpoint.url();
    let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let child = check(&url, row.told()).stdout(full);
    let ended = timeout(HANGS, Ended::of(child)).await.expect("it ends by itself");
    row.judges(Held { ended, report: Value::Null, peak: 0 });
    row.received(endpoint.end().await);
}

#[tokio::test]
async fn c70_a_secret_on_the_command_line_is_warned_of() {
    let endpoint = Endpoint::answering(OK).await;
    row!().holds_at(&endpoint.url(), endpoint, &["--secret", SECRET]).await;
}

/// With everything that it can do to one: duplicates, bursts, two megabytes, and histories at random.
#[tokio::test]
async fn a_full_run_against_the_built_in_merchant_takes_little_memory() {
    let child = hookproof(["check"]).start();
    let process = child.id().expect("it runs");
    let run = crate::memory::beside(process, Ended::of(child));
    let (ended, peak) = timeout(Duration::from_secs(300), run).await.expect("it ends by itself");
    ended.exits(0);
    assert!((1..crate::memory::LIMIT).contains(&peak), "{peak} bytes of memory");
}
