//! The reports of a load: text for the terminal, and files.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Told, page, text};
use crate::{exit::Error, terminal, whole_file};

/// A report that the caller wants as a file.
pub(super) enum Report {
    Json(PathBuf),
    Html(PathBuf),
}

/// Reads `KIND=FILE`.
pub(super) fn parse(wanted: &[String]) -> Result<Vec<Report>, Error> {
    let read = |text: &String| match text.split_once('=').filter(|(_, path)| !path.is_empty()) {
        Some(("json", path)) => Ok(Report::Json(path.into())),
        Some(("html", path)) => Ok(Report::Html(path.into())),
        _ => Err(Error::Usage(format!(
            "--report \"{}\" is neither html=FILE nor json=FILE",
            text.escape_debug()
        ))),
    };
    wanted.iter().map(read).collect()
}

/// Writes every report, that for the terminal first. One that cannot be written stops no other; all that cannot are told
/// at the end.
pub(super) fn write_all(reports: &[Report], told: &Told<'_>) -> Result<(), Error> {
    let mut failed = Vec::new();
    if let Err(error) = terminal::print(&terminal::painted(&text::report(told))) {
        failed.push(error.to_string());
    }
    for report in reports {
        let (path, text) = match report {
            Report::Json(path) => (path, format!("{:#}\n", json(told))),
            Report::Html(path) => (path, page::page(told)),
        };
        match whole_file::write(path, &text) {
            Ok(()) => terminal::say(&format!("the report is in {}", path.display())),
            Err(error) => failed.push(format!("the report {} cannot be written: {error}", path.display())),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Error::Tool(failed.join("\n"))) }
}

/// As `fixtures/schema/load.json` has it. Times are microseconds.
fn json(told: &Told<'_>) -> Value {
    let Told { load, figures, .. } = told;
    let times = |times: &hookproof_conformance::load::Times| {
        let mut shares = serde_json::Map::new();
        for (name, share) in text::SHARES {
            if let Some(time) = times.within(share) {
                shares.insert(name.to_owned(), text::micros(time).into());
            }
        }
        shares.insert("count".to_owned(), times.count().into());
        shares.insert("max".to_owned(), text::micros(times.longest()).into());
        Value::Object(shares)
    };
    let statuses: serde_json::Map<String, Value> =
        figures.statuses.iter().map(|(status, count)| (status.to_string(), (*count).into())).collect();
    let troubles: Vec<Value> = figures
        .troubles
        .iter()
        .map(|(trouble, count)| {
            let own = *trouble == hookproof_conformance::load::Trouble::OutOfFiles;
            json!({ "what": trouble.to_string(), "count": count, "of_this_machine": own })
        })
        .collect();
    let seconds: Vec<Value> = figures
        .seconds
        .iter()
        .map(|second| {
            json!({
                "acknowledged": second.acknowledged,
                "failed": second.failed,
                "longest_micros": text::micros(second.longest),
            })
        })
        .collect();
    let rate = match load.pace {
        hookproof_conformance::load::Pace::Open(rate) => json!(rate),
        hookproof_conformance::load::Pace::Closed => Value::Null,
    };
    json!({
        "schema": 1,
        "hookproof": env!("CARGO_PKG_VERSION"),
        "began": told.began.rfc3339(),
        "provider": told.provider.name,
        "target": load.target.url.to_string(),
        "rate": rate,
        "connections": load.connections,
        "took_micros": text::micros(figures.took),
        "interrupted": told.interrupted,
        "sent": figures.sent,
        "again": figures.again,
        "acknowledged": figures.acknowledged,
        "late": figures.late,
        "dropped": figures.dropped,
        "resent": figures.resent,
        "bytes": figures.bytes,
        "statuses": statuses,
        "troubles": troubles,
        "response_micros": times(&figures.response),
        "service_micros": times(&figures.service),
        "seconds": seconds,
        "notes": text::notes(told),
        "objections": told.objections,
    })
}
