//! A row of the table, and what it holds a run to.

use std::{fs, sync::LazyLock};

use serde::Deserialize;
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    call::{Ended, check},
    endpoint::{Endpoint, HANGS, Received},
    folder::Folder,
    memory,
};

/// A hostile endpoint, and what is due.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// Its number in our list of faults; several rows may be cases of one.
    pub(crate) row: String,
    /// The name of its test.
    pub(crate) test: String,
    /// What it does, as the page says it.
    pub(crate) endpoint: String,
    /// What is checked, where that is not `acknowledge/success-status`.
    pub(crate) check: Option<String>,
    /// Given to the command beside that.
    #[serde(default)]
    pub(crate) options: Vec<String>,
    /// Of the check, where the run comes to one.
    pub(crate) verdict: Option<String>,
    pub(crate) exit_status: i32,
    /// What reached the endpoint, where that is ours and counts.
    pub(crate) connections: Option<usize>,
    pub(crate) requests: Option<usize>,
    /// Words that stand on stdout or stderr.
    pub(crate) says: String,
}

/// The row of the test in whose body this stands.
macro_rules! row {
    () => {{
        fn here() {}
        crate::row::Row::of(std::any::type_name_of_val(&here))
    }};
}
pub(crate) use row;

impl Row {
    /// The row of the test that this path leads through.
    pub(crate) fn of(path: &str) -> &'static Self {
        let is_it = |row: &&Self| path.split("::").any(|name| name == row.test);
        ROWS.iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("{path} has no row in fixtures/hostile/endpoints.json"))
    }

    /// Checks the endpoint and holds the run to the row.
    pub(crate) async fn holds(&self, endpoint: Endpoint) -> Held {
        let url = endpoint.url();
        self.holds_at(&url, endpoint, &[]).await
    }

    /// The same, for an endpoint that is called by another URL, with options that only the test knows.
    pub(crate) async fn holds_at(&self, url: &str, endpoint: Endpoint, more: &[&str]) -> Held {
        let held = self.run(url, more).await;
        let received = endpoint.end().await;
        self.received(received);
        held
    }

    /// Holds what came to the row.
    #[track_caller]
    pub(crate) fn received(&self, Received { connections, requests }: Received) {
        assert_eq!((Some(connections), Some(requests)), (self.connections, self.requests), "{}", self.test);
    }

    /// The same as [`Row::holds_at`], where nobody counts what comes.
    pub(crate) async fn run(&self, url: &str, more: &[&str]) -> Held {
        let folder = Folder::new(&self.test);
        let file = folder.file("report.json");
        let report = format!("json={file}");
        let check_id = self.check.as_deref().unwrap_or("acknowledge/success-status");
        let mut options = vec!["--only", check_id, "--report", &report];
        options.extend(self.options.iter().map(String::as_str));
        options.extend(more);
        let child = check(url, options).start();
        let process = child.id().expect("it has not been waited for");
        let ending = timeout(HANGS, memory::beside(process, Ended::of(child)));
        let (ended, peak) = ending.await.expect("it ends by itself");
        assert!(peak < memory::LIMIT, "{peak} bytes of memory");
        let report =
            fs::read_to_string(file).ok().map(|text| serde_json::from_str(&text).expect("it is whole"));
        let held = Held { ended, report: report.unwrap_or_default(), peak };
        let said = format!("{}{}", held.ended.out, held.ended.err);
        let checks = held.report["checks"].as_array();
        let judged = checks.and_then(|checks| checks.iter().find(|check| check["id"] == check_id));
        let verdict = judged.map(|check| &check["verdict"]);
        assert_eq!(verdict.and_then(Value::as_str), self.verdict.as_deref(), "{said}");
        assert_eq!(held.ended.status, Some(self.exit_status), "{said}");
        assert!(said.contains(&self.says), "{:?} is not in\n{said}", self.says);
        held
    }
}

/// A run that is as its row has it.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) ended: Ended,
    /// The JSON report, or null where none is written.
    pub(crate) report: Value,
    /// The most memory that it had in use at once, in bytes; 0 where it ended before anybody could look.
    pub(crate) peak: u64,
}

/// Every row.
pub(crate) static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut table: Value = serde_json::from_str(TABLE).expect("it is JSON");
    Vec::deserialize(table["rows"].take()).expect("its rows are rows")
});

const TABLE: &str = include_str!("../../../../fixtures/hostile/endpoints.json");
