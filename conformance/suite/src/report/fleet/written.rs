//! The JSON report of a fleet, one target a line; its shape is `fixtures/schema/fleet.json`.

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Ending, Shard, Target, why};
use crate::{
    Finding,
    report::{Json, Record, Subject, record::demand_schema, visible_json},
};

/// What stands before the targets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    /// Which part of the fleet this is, where it is not all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// Differs where lists of targets differ: shards of one fleet have the same.
    pub fleet: String,
    /// The names of the targets of this part, those that never ran included.
    pub planned: Vec<String>,
}

#[derive(Serialize)]
struct Opening<'a> {
    schema: u32,
    hookproof: &'static str,
    #[serde(flatten)]
    head: &'a Head,
    targets: [(); 0],
}

/// The first line of a report. [`Target::line`]s follow, each but the last with a comma behind it, and [`TAIL`].
pub fn head(head: &Head) -> String {
    let opening = Opening { schema: 1, hookproof: env!("CARGO_PKG_VERSION"), head, targets: [] };
    let text = json(&opening);
    // Up to where the first target stands.
    text.strip_suffix("]}").unwrap_or(&text).to_owned() + "\n"
}

/// What stands behind the last target.
pub const TAIL: &str = "\n]}\n";

#[derive(Serialize)]
struct Line<'a, R> {
    name: &'a str,
    url: &'a str,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_status: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    took_millis: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<R>,
}

impl Target {
    /// The target on one line of JSON, with the report on its run, where it was judged.
    pub fn line(&self, run: Option<(&Subject, &[Finding])>) -> String {
        let summary = run.map(|(subject, findings)| subject.summary(findings));
        let report = run.map(|(subject, findings)| Json::of(subject, findings));
        let report =
            report.as_ref().zip(summary.as_ref()).and_then(|(report, summary)| report.report(summary));
        json(&Line {
            name: &self.name,
            url: &self.url,
            fingerprint: &self.fingerprint,
            exit_status: self.exit_status(),
            why: why(&self.ending),
            took_millis: u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
            report,
        })
    }

    fn read(line: &Value) -> Result<Self, String> {
        let Entry { name, url, fingerprint, exit_status, why, took_millis, report } =
            Entry::deserialize(line).map_err(|error| error.to_string())?;
        let ending = match (report, exit_status, why) {
            (Some(report), _, _) => Ending::Judged(Record::read(&report)?),
            (None, Some(status), Some(why)) => Ending::Failed(status, why),
            (None, None, Some(why)) => Ending::NotRun(why),
            (None, _, None) => {
                return Err(format!("{} has neither a report nor a reason", name.escape_debug()));
            }
        };
        Ok(Self { name, url, fingerprint, ending, took: Duration::from_millis(took_millis) })
    }
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    url: String,
    fingerprint: String,
    exit_status: Option<u8>,
    why: Option<String>,
    took_millis: u64,
    report: Option<Value>,
}

/// A report that was read: of all of a fleet, of a shard, or of one endpoint.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it says of itself.
    pub head: Head,
    /// Each target with its line, as it stands there.
    pub targets: Vec<(Target, String)>,
}

impl Part {
    /// Reads a JSON report. That of a fleet may be cut short, and is read up to its last whole line; that of one
    /// endpoint is a fleet of one, whose name is its URL.
    ///
    /// # Errors
    ///
    /// In words, when it is no report, or one of another schema.
    pub fn read(text: &str) -> Result<Self, String> {
        match text.split_once('\n') {
            Some((opening, lines)) if opening.ends_with("\"targets\":[") => {
                let opening = value(&format!("{opening}]}}"))?;
                let mut part = Self { head: Self::head(&opening)?, targets: Vec::new() };
                for line in lines.lines().map(|line| line.strip_suffix(',').unwrap_or(line)) {
                    // The line that a killed run was writing is none.
                    let Ok(entry) = value(line) else { break };
                    part.targets.push((Target::read(&entry)?, line.to_owned()));
                }
                Ok(part)
            }
            _ => Self::whole(&value(text)?),
        }
    }

    /// A report that another program has printed anew.
    fn whole(report: &Value) -> Result<Self, String> {
        let Some(targets) = report.get("targets").and_then(Value::as_array) else {
            return Self::single(report);
        };
        let read = |entry: &Value| Target::read(entry).map(|target| (target, json(entry)));
        Ok(Self { head: Self::head(report)?, targets: targets.iter().map(read).collect::<Result<_, _>>()? })
    }

    fn single(report: &Value) -> Result<Self, String> {
        let record = Record::read(report)?;
        let took = record.cases.iter().map(|case| case.took).max().unwrap_or_default();
        let name = record.target.clone();
        let (ending, exit_status) = match record.exit_status {
            Some(130) => (Ending::NotRun("interrupted before it ended".into()), None),
            None => return Err("it does not say how its run ended".into()),
            status => (Ending::Judged(record), status),
        };
        let target = Target { url: name.clone(), name, fingerprint: String::new(), ending, took };
        let line = json(&Line {
            name: &target.name,
            url: &target.url,
            fingerprint: "",
            exit_status,
            why: why(&target.ending),
            took_millis: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            report: exit_status.map(|_| report),
        });
        let head = Head { shard: None, fleet: String::new(), planned: alloc::vec![target.name.clone()] };
        Ok(Self { head, targets: alloc::vec![(target, line)] })
    }

    fn head(opening: &Value) -> Result<Head, String> {
        demand_schema(opening)?;
        Head::deserialize(opening).map_err(|error| error.to_string())
    }
}

fn value(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))
}

fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("keys are texts, and nothing here refuses to be written");
    visible_json(&text)
}
