//! `hookproof merge`: the reports of several runs as one, and the status with which one run of all would have ended.

use std::fs;

use hookproof_suite::report::fleet::{self, Part, Target, merge};

use crate::{
    args::MergeArgs,
    check,
    exit::{Error, Status},
    fleet::{reports::Reports, told},
};

pub(crate) fn run(args: &MergeArgs) -> Result<Status, Error> {
    let reports = check::reports::parse(&args.report)?;
    let mut parts = Vec::new();
    for path in &args.parts {
        let shown = path.display().to_string();
        let text = fs::read_to_string(path)
            .map_err(|error| Error::Usage(format!("{shown} cannot be read: {error}")))?;
        let part = Part::read(&text).map_err(|why| Error::Usage(format!("{shown}: {why}")))?;
        parts.push((shown, part));
    }
    let merged = merge(parts).map_err(Error::usage)?;
    let lines: Vec<&str> = merged.targets.iter().map(|(_, line)| line.as_str()).collect();
    let mut reports = Reports::begin(reports, &merged.head, &lines);
    let targets: Vec<Target> = merged.targets.iter().map(|(target, _)| target.clone()).collect();
    reports.print(&targets.iter().map(told::line).collect::<String>());
    reports.print(&told::totals(&targets));
    reports.end(&targets)?;
    Ok(Status::of(fleet::exit_status(&targets)))
}
