//! A fleet for CI servers: one suite a target.

use alloc::{format, string::String, vec::Vec};
use core::fmt;

use super::{Ending, Target};
use crate::report::junit::{Junit, Suite, Written, without_verdicts, write_suites};

/// One `JUnit` document. A target that could not be judged has one case, which is an error; one that was not run has
/// one that is skipped.
pub fn junit(targets: &[Target]) -> String {
    let mut text = String::new();
    document(targets, &mut text).expect("a string takes every text");
    text
}

fn document(targets: &[Target], out: &mut String) -> fmt::Result {
    let cases: Result<Vec<Vec<Written>>, fmt::Error> = targets.iter().map(written).collect();
    let cases = cases?;
    let suites = targets.iter().zip(&cases).map(|(target, cases)| Suite {
        name: format!("{} at {}", target.name, target.url),
        properties: Vec::new(),
        notes: match &target.ending {
            Ending::Judged(record) => &record.notes,
            Ending::Failed(..) | Ending::NotRun(_) => &[],
        },
        cases,
    });
    write_suites(&suites.collect::<Vec<_>>(), out)
}

fn written(target: &Target) -> Result<Vec<Written>, fmt::Error> {
    match &target.ending {
        Ending::Judged(record) => {
            Junit::new(record.bar.strict, record.bar.require_observed).cases(&record.cases)
        }
        Ending::Failed(_, why) => Ok(alloc::vec![without_verdicts(why, true, target.took)]),
        Ending::NotRun(why) => Ok(alloc::vec![without_verdicts(why, false, target.took)]),
    }
}
