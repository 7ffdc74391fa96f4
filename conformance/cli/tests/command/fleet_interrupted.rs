//! `--resume`: a fleet that did not get to its end, and the rest of it.

use std::time::Duration;

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Child,
};
use wiremock::{MockServer, ResponseTemplate};

use crate::{
    call::Ended,
    ending::interrupt,
    endpoint::{always, answering, requests},
    fleet::{entry, fleet, read, target},
    folder::Folder,
};

/// Two endpoints that answer and one that does not; a fleet of them, with a report, that has told of the two.
struct Hanging {
    folder: Folder,
    quick: [MockServer; 2],
    list: String,
    report: String,
}

impl Hanging {
    async fn start(name: &str) -> (Self, Child) {
        let folder = Folder::new(name);
        let hanging = answering(ResponseTemplate::new(200).set_delay(AN_HOUR)).await;
        let quick = [always(200).await, always(200).await];
        let list = target("hangs", &hanging.uri(), "timeout = \"2h\"")
            + &target("one", &quick[0].uri(), "")
            + &target("two", &quick[1].uri(), "");
        let report = format!("json={}", folder.file("report.json"));
        let mut child = fleet(&folder, &list, &["--parallel", "2", "--report", &report]).start();
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let mut told = Vec::new();
        while told.len() < 2 {
            let line = lines.next_line().await.expect("it can be read").expect("it is under way");
            told.extend((!line.starts_with(' ')).then_some(line));
        }
        assert!(told[0].contains("one") && told[1].contains("two"), "{told:?}");
        // It goes on: nobody who hangs is waited for by the others, and the pipe stays open.
        drop(hanging);
        child.stdout = Some(lines.into_inner().into_inner());
        (Self { folder, quick, list, report }, child)
    }

    /// The rest of the fleet, where the one that hung answers by now.
    async fn resume(&self, list: &str) -> Ended {
        let earlier = self.folder.file("report.json");
        fleet(&self.folder, list, &["--resume", &earlier, "--report", &self.report]).run().await
    }

    async fn came(&self) -> [usize; 2] {
        [requests(&self.quick[0]).await.len(), requests(&self.quick[1]).await.len()]
    }
}

#[tokio::test]
async fn ctrl_c_leaves_what_is_done_in_the_report_and_tells_the_rest_as_not_run() {
    let (fleet, child) = Hanging::start("fleet-interrupted").await;
    interrupt(&child).await;
    let ended = Ended::of(child).await.exits(130);
    assert!(ended.out.contains("not run hangs"), "{}", ended.out);
    assert!(ended.out.contains("2 of 3 targets hold, 0 fail, 1 not run"), "{}", ended.out);
    let report = read(&fleet.folder, "report.json");
    assert_eq!(entry(&report, "hangs")["why"], "interrupted before it ended");
    assert!(entry(&report, "hangs").get("exit_status").is_none());
    assert_eq!(
        (&entry(&report, "one")["exit_status"], &entry(&report, "two")["exit_status"]),
        (&0.into(), &0.into())
    );

    let before = fleet.came().await;
    let well = always(200).await;
    let ended = fleet.resume(&fleet.list.replacen(&first_url(&fleet.list), &well.uri(), 1)).await.exits(0);
    assert!(ended.err.contains("taken over from the earlier run: 2 of 3"), "{}", ended.err);
    assert!(ended.out.contains("3 of 3 targets hold"), "{}", ended.out);
    assert_eq!(fleet.came().await, before, "what was judged is not run again");
    assert_eq!(read(&fleet.folder, "report.json")["targets"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn what_a_killed_run_leaves_behind_is_a_report() {
    let (fleet, mut child) = Hanging::start("fleet-killed").await;
    child.kill().await.expect("it runs");
    let report = read(&fleet.folder, "report.json");
    assert_eq!(report["planned"].as_array().map(Vec::len), Some(3));
    assert_eq!(report["targets"].as_array().map(Vec::len), Some(2));

    // Another option makes another run of it.
    let before = fleet.came().await;
    let well = always(200).await;
    let list = fleet.list.replacen(&first_url(&fleet.list), &well.uri(), 1) + "seed_of_nobody = 1\n";
    fleet.resume(&list).await.refuses(&["unknown field `seed_of_nobody`"]);
    let list = fleet.list.replacen(&first_url(&fleet.list), &well.uri(), 1) + "rate = 50.0\n";
    let ended = fleet.resume(&list).await.exits(0);
    assert!(ended.err.contains("taken over from the earlier run: 1 of 3"), "{}", ended.err);
    let after = fleet.came().await;
    assert_eq!(after[0], before[0]);
    assert!(after[1] > before[1], "the target that changed is run again");
}

fn first_url(list: &str) -> String {
    let (_, rest) = list.split_once("url = \"").expect("it has a URL");
    rest.split_once('"').expect("it ends").0.to_owned()
}

const AN_HOUR: Duration = Duration::from_secs(3600);
