//! The reports of a run: text for the terminal, and files.

use std::path::PathBuf;

use hookproof_suite::{
    Finding,
    report::{self, Bar, Html, Json, Junit, Markdown, Reporter, Subject, Text},
};

use crate::{exit::Error, terminal, whole_file};

/// A report that the caller wants as a file.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) kind: Kind,
    pub(crate) path: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    Junit,
    Html,
    Markdown,
}

impl Kind {
    const ALL: [(&'static str, Self); 4] =
        [("json", Self::Json), ("junit", Self::Junit), ("html", Self::Html), ("markdown", Self::Markdown)];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }

    fn reporter(self, bar: Bar) -> Box<dyn Reporter> {
        match self {
            Self::Json => Box::new(Json::default()),
            Self::Junit => Box::new(Junit::new(bar.strict, bar.require_observed)),
            Self::Html => Box::new(Html::default()),
            Self::Markdown => Box::new(Markdown::default()),
        }
    }
}

/// Reads `KIND=FILE`.
pub(crate) fn parse(wanted: &[String]) -> Result<Vec<Report>, Error> {
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

/// Writes every report, that for the terminal first. One that cannot be written stops no other; all that cannot are
/// told at the end.
pub(super) fn write_all(reports: &[Report], subject: &Subject, findings: &[Finding]) -> Result<(), Error> {
    let written = |reporter: &mut dyn Reporter| {
        let mut text = String::new();
        report::write(reporter, subject, findings, &mut text).expect("a string takes every text");
        text
    };
    let mut failed = Vec::new();
    if let Err(error) = terminal::print(&terminal::painted(&written(&mut Text::default()))) {
        failed.push(error.to_string());
    }
    for Report { kind, path } in reports {
        match whole_file::write(path, &written(&mut *kind.reporter(subject.bar))) {
            Ok(()) => terminal::say(&format!("the report is in {}", path.display())),
            Err(error) => failed.push(format!("the report {} cannot be written: {error}", path.display())),
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(Error::Tool(failed.join("\n"))) }
}
