//! A row of the table, and what it holds a run to.

use std::{fs, sync::LazyLock};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    call::{Ended, SECRET, hookproof},
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
    /// The subcommand, where it is not `check`.
    command: Option<String>,
    /// What is checked, where that is not `acknowledge/success-status`.
    check: Option<String>,
    /// Given to the command beside that.
    #[serde(default)]
    options: Vec<String>,
    /// Of the check, where the run comes to one.
    pub(crate) verdict: Option<String>,
    pub(crate) exit_status: i32,
    /// What reached the endpoint, where that is ours and counts.
    pub(crate) connections: Option<usize>,
    pub(crate) requests: Option<usize>,
    /// Words that stand on stdout or stderr.
    pub(crate) says: String,
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

    /// The subcommand.
    pub(crate) fn command(&self) -> &str {
        self.command.as_deref().unwrap_or("check")
    }

    /// What the command is told, but for the URL and what only the test knows.
    pub(crate) fn told(&self) -> Vec<&str> {
        let only = self.check().map(|check| ["--only", check]);
        only.into_iter().flatten().chain(self.options.iter().map(String::as_str)).collect()
    }

    /// Calls the endpoint and holds the run, and what came, to the row.
    pub(crate) async fn holds(&self, endpoint: Endpoint) -> Held {
        let url = endpoint.url();
        self.holds_at(&url, endpoint, &[]).await
    }

    /// The same, for an endpoint that is called by another URL, with options that only the test knows.
    pub(crate) async fn holds_at(&self, url: &str, endpoint: Endpoint, more: &[&str]) -> Held {
        let held = self.run(url, more).await;
        self.received(endpoint.end().await);
        held
    }

    /// Calls a URL and holds the run to the row.
    pub(crate) async fn run(&self, url: &str, more: &[&str]) -> Held {
        let folder = Folder::new(&self.test);
        let file = folder.file("report.json");
        let report = format!("json={file}");
        let mut call = vec![self.command(), url, "--report", &report];
        call.extend(self.told());
        call.extend(more);
        let child = hookproof(call).secret(SECRET).start();
        let process = child.id().expect("it has not been waited for");
        let ending = timeout(HANGS, memory::beside(process, Ended::of(child)));
        let (ended, peak) = ending.await.expect("it ends by itself");
        assert!(peak < memory::LIMIT, "{peak} bytes of memory");
        self.judges(Held { ended, report: read(&file), peak })
    }

    /// Holds what a run came to to the row.
    #[track_caller]
    pub(crate) fn judges(&self, held: Held) -> Held {
        let said = format!("{}{}", held.ended.out, held.ended.err);
        let is_it = |check: &&Value| check["id"].as_str() == self.check();
        let judged = held.report["checks"].as_array().and_then(|checks| checks.iter().find(is_it));
        let verdict = judged.and_then(|check| check["verdict"].as_str());
        assert_eq!(verdict, self.verdict.as_deref(), "{said}");
        assert_eq!(held.ended.status, Some(self.exit_status), "{said}");
        assert!(said.contains(&self.says), "{:?} is not in\n{said}", self.says);
        held
    }

    /// Holds what came to the row.
    #[track_caller]
    pub(crate) fn received(&self, Received { connections, requests }: Received) {
        assert_eq!((Some(connections), Some(requests)), (self.connections, self.requests), "{}", self.test);
    }

    fn check(&self) -> Option<&str> {
        let check = self.check.as_deref().unwrap_or("acknowledge/success-status");
        Some(check).filter(|_| self.command() == "check")
    }
}

/// The JSON report at this path, or null where there is none.
pub(crate) fn read(path: &str) -> Value {
    let text = fs::read_to_string(path).ok();
    text.map(|text| serde_json::from_str(&text).expect("it is whole")).unwrap_or_default()
}

/// What no run of the command can show, and where it is tested instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Elsewhere {
    pub(crate) row: String,
    pub(crate) endpoint: String,
    /// From the root of the repository.
    pub(crate) file: String,
    pub(crate) why: String,
}

/// Every row.
pub(crate) static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| rows("rows"));

/// Every row that is tested elsewhere.
pub(crate) static ELSEWHERE: LazyLock<Vec<Elsewhere>> = LazyLock::new(|| rows("elsewhere"));

fn rows<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let mut table: Value = serde_json::from_str(TABLE).expect("it is JSON");
    serde_json::from_value(table[name].take()).expect("its rows are rows")
}

const TABLE: &str = include_str!("../../../../fixtures/hostile/endpoints.json");
