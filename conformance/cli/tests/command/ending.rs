//! How a call ends when somebody does not want to wait for it, or stops listening to it.

use std::{
    fs::OpenOptions,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    sync::mpsc,
};
use wiremock::{Request, ResponseTemplate};

use crate::{
    call::{Call, Ended, SECRET, check, hookproof},
    endpoint::{answering, sound},
    folder::Folder,
};

/// C67
#[tokio::test]
async fn ctrl_c_ends_a_run_at_once_with_what_is_known_so_far() {
    let folder = Folder::new("interrupted");
    let report = format!("json={}", folder.file("report.json"));
    let (came, mut coming) = mpsc::unbounded_channel();
    let number = AtomicUsize::new(0);
    let endpoint = answering(move |_: &Request| {
        let earlier = number.fetch_add(1, Ordering::SeqCst);
        came.send(earlier).expect("the test listens to its end");
        let answer = ResponseTemplate::new(200);
        if earlier == 0 { answer } else { answer.set_delay(AN_HOUR) }
    })
    .await;
    let child = check(&endpoint.uri(), ["--timeout", "2h", "--report", &report]).start();
    while coming.recv().await.expect("the endpoint lives") == 0 {}
    interrupt(&child).await;
    let ended = Ended::of(child).await.exits(130);
    assert!(ended.out.contains("note: interrupted: what follows is what was known by then"), "{}", ended.out);
    assert_eq!(ended.verdict("acknowledge/success-status"), "pass");
    assert_eq!(ended.verdict("signature/rejects-forged"), "unknown");
    assert!(ended.out.contains("the run ended before this check did"), "{}", ended.out);
    let text = std::fs::read_to_string(folder.file("report.json")).expect("the report is written");
    let json: serde_json::Value = serde_json::from_str(&text).expect("it is whole");
    assert_eq!(json["checks"][0]["verdict"], "pass");
}

/// C67
#[tokio::test]
async fn a_reader_that_went_away_is_no_trouble() {
    let shop = sound(None);
    let url = shop.url();
    let calls: [Call; 5] = [
        hookproof(["list"]),
        hookproof(["explain", "duplicate/sequential"]),
        hookproof(["schedule"]),
        hookproof(["send", &url]).secret(SECRET),
        check(&url, ["--only", "acknowledge/success-status"]),
    ];
    for call in calls {
        let (reader, writer) = std::io::pipe().expect("a pipe can be had");
        drop(reader);
        Ended::of(call.stdout(writer)).await.exits(0);
    }
}

/// C67
#[tokio::test]
async fn a_full_disk_behind_stdout_is_told() {
    let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let ended = Ended::of(hookproof(["list"]).stdout(full)).await.exits(4);
    assert!(ended.err.contains("stdout cannot be written"), "{}", ended.err);
}

pub(crate) async fn interrupt(child: &Child) {
    let process = child.id().expect("it runs").to_string();
    let sent = Command::new("kill").args(["-INT", &process]).status().await.expect("there is a kill");
    assert!(sent.success());
}

const AN_HOUR: Duration = Duration::from_secs(3600);
