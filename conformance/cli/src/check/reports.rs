//! The reports of a run: text for the terminal, and files.

use std::{fs, path::PathBuf};

use hookproof_suite::{
    Finding,
    report::{self, Json, Junit, Markdown, Reporter, Subject, Text},
};

use crate::{args::CheckArgs, exit::Error, terminal};

/// A report that the caller wants as a file.
pub(super) struct Report {
    kind: Kind,
    path: PathBuf,
}

#[derive(Clone, Copy)]
enum Kind {
    Json,
    Junit,
    Markdown,
}

impl Kind {
    const ALL: [(&'static str, Self); 3] =
        [("json", Self::Json), ("junit", Self::Junit), ("markdown", Self::Markdown)];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }
}

/// Reads `KIND=FILE`.
pub(super) fn parse(wanted: &[String]) -> Result<Vec<Report>, Error> {
    wanted
        .iter()
        .map(|text| {
            let (kind, path) =
                text.split_once('=').filter(|(_, path)| !path.is_empty()).ok_or_else(|| {
                    Error::Usage(format!("--report \"{text}\" is not KIND=FILE, such as json=report.json"))
                })?;
            let kind = Kind::named(kind).ok_or_else(|| {
                let known = Kind::ALL.map(|(name, _)| name).join(", ");
                Error::Usage(format!("there is no report of the kind \"{kind}\"; there are {known}"))
            })?;
            Ok(Report { kind, path: path.into() })
        })
        .collect()
}

/// The report for the terminal.
pub(super) fn text(subject: &Subject, findings: &[Finding]) -> String {
    written(&mut Text::default(), subject, findings)
}

/// Writes every report. One that cannot be written stops no other; it is told at the end.
pub(super) fn write_all(
    reports: &[Report],
    args: &CheckArgs,
    subject: &Subject,
    findings: &[Finding],
) -> Result<(), Error> {
    let mut failed = Vec::new();
    for report in reports {
        let text = match report.kind {
            Kind::Json => written(&mut Json::default(), subject, findings),
            Kind::Junit => written(&mut Junit::new(args.strict, args.require_observed), subject, findings),
            Kind::Markdown => written(&mut Markdown::default(), subject, findings),
        };
        match fs::write(&report.path, text) {
            Ok(()) => terminal::say(&format!("the report is in {}", report.path.display())),
            Err(error) => {
                failed.push(format!("the report {} cannot be written: {error}", report.path.display()));
            }
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Error::Tool(failed.join("\n"))) }
}

fn written(reporter: &mut dyn Reporter, subject: &Subject, findings: &[Finding]) -> String {
    let mut text = String::new();
    report::write(reporter, subject, findings, &mut text).expect("a string takes every text");
    text
}
