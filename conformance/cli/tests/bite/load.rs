//! Endpoints that bite under load, and a machine that cannot bear one.

use std::{process::Stdio, time::Duration};

use tokio::{process::Command, time::sleep};

use crate::{
    call::{Ended, SECRET},
    endpoint::{ERROR, Endpoint, OK},
    row::{Held, row},
};

#[tokio::test]
async fn c61_an_endpoint_that_gives_up_fails_at_the_rate_at_which_it_does() {
    let endpoint = Endpoint::playing(|mut line| async move {
        while line.read().await.is_some() {
            let answer = if line.received() <= 50 { OK } else { ERROR };
            line.write(answer).await;
        }
    });
    let held = row!().holds(endpoint.await).await;
    assert_eq!((&held.report["statuses"]["200"], &held.report["statuses"]["500"]), (&50.into(), &150.into()));
}

#[tokio::test]
async fn c62_answers_of_two_kinds_are_told_with_the_longest_and_a_warning() {
    let endpoint = Endpoint::playing(|mut line| async move {
        while line.read().await.is_some() {
            sleep(Duration::from_millis(if line.received() % 500 == 0 { 1_600 } else { 1 })).await;
            line.write(OK).await;
        }
    });
    let held = row!().holds(endpoint.await).await;
    let times = &held.report["response_micros"];
    assert!(times["max"].as_u64().is_some_and(|longest| longest >= 1_600_000), "{times}");
    assert!(times["p99"].as_u64().is_some(), "{times}");
}

/// How many events leave depends on how soon files are free again, so the row counts none.
#[tokio::test]
async fn c69_too_few_open_files_are_this_machines_trouble() {
    let endpoint = Endpoint::playing(|mut line| async move {
        while line.read().await.is_some() {
            line.write(OK).await;
        }
    });
    let endpoint = endpoint.await;
    let options = row!().told().join(" ");
    let line =
        format!("ulimit -n 64; exec {} load {} {options}", env!("CARGO_BIN_EXE_hookproof"), endpoint.url());
    let mut shell = Command::new("sh");
    shell.args(["-c", &line]).env("HOOKPROOF_SECRET", SECRET).env("NO_COLOR", "1").kill_on_drop(true);
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let ended = Ended::of(shell.spawn().expect("there is a shell")).await;
    row!().judges(Held { ended, report: serde_json::Value::Null, peak: 0 });
    let received = endpoint.end().await;
    assert!((1..=400).contains(&received.requests), "{received:?}");
}
