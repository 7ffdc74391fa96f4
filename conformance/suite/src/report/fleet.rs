//! What many endpoints came to.
//!
//! The JSON report of a fleet is written while the fleet is under way, one target a line: [`head`], then
//! [`Target::line`] for each, in the order in which they end. What is there is whole at any moment, and what an
//! interrupted run leaves behind can be read ([`Part::read`]) up to its last whole line.

mod html;
mod junit;
mod markdown;
mod merge;
mod shard;
mod written;

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, time::Duration};

pub use self::{
    html::html,
    junit::junit,
    markdown::markdown,
    merge::{MergeError, Merged, merge},
    shard::{Shard, ShardError},
    written::{Head, Part, TAIL, head},
};
use super::{Record, span};

/// One endpoint of a fleet, and what became of it.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name in the list of targets.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Differs where the target or the options of its run differ.
    pub fingerprint: String,
    /// What became of it.
    pub ending: Ending,
    /// From its first connection to its last verdict.
    pub took: Duration,
}

/// How a target's run ended.
#[derive(Clone, Debug)]
pub enum Ending {
    /// It was judged.
    Judged(Record),
    /// It could not be: the exit status that says so (2, 3 or 4), and the reason.
    Failed(u8, String),
    /// It was not run to its end; why.
    NotRun(String),
}

impl Target {
    /// The status with which a command for this target alone ends; nothing where it was not run.
    pub fn exit_status(&self) -> Option<u8> {
        match &self.ending {
            Ending::Judged(record) => record.exit_status,
            Ending::Failed(status, _) => Some(*status),
            Ending::NotRun(_) => None,
        }
    }

    /// What it came to in one word.
    pub fn word(&self) -> &'static str {
        match &self.ending {
            Ending::Judged(_) if self.exit_status() == Some(0) => "holds",
            Ending::Judged(_) => "FAILS",
            Ending::Failed(UNREACHABLE, _) => "absent",
            Ending::Failed(..) => "error",
            Ending::NotRun(_) => "not run",
        }
    }

    /// What it came to in one sentence.
    pub fn sentence(&self) -> String {
        match &self.ending {
            Ending::Judged(record) => match &record.why {
                None => record.summary.to_string(),
                Some(why) => format!("{}; {why}", record.summary),
            },
            Ending::Failed(_, why) => why.clone(),
            Ending::NotRun(why) => format!("not run: {why}"),
        }
    }
}

/// A fleet's targets, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// No MUST fails, nor what else makes a run fail.
    pub hold: usize,
    /// Something fails.
    pub fail: usize,
    /// No TCP connection could be made.
    pub unreachable: usize,
    /// The call was wrong for this target, or the tool failed.
    pub error: usize,
    /// Not run to the end.
    pub not_run: usize,
}

impl Totals {
    /// Counts targets.
    pub fn of<'a>(targets: impl IntoIterator<Item = &'a Target>) -> Self {
        let mut totals = Self::default();
        for target in targets {
            let count = match target.exit_status() {
                None => &mut totals.not_run,
                Some(0) => &mut totals.hold,
                Some(1) => &mut totals.fail,
                Some(UNREACHABLE) => &mut totals.unreachable,
                Some(_) => &mut totals.error,
            };
            *count += 1;
        }
        totals
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.hold + self.fail + self.unreachable + self.error + self.not_run;
        write!(f, "{} of {all} targets hold, {} fail", self.hold, self.fail)?;
        for (count, what) in
            [(self.unreachable, "unreachable"), (self.error, "in error"), (self.not_run, "not run")]
        {
            if count > 0 {
                write!(f, ", {count} {what}")?;
            }
        }
        Ok(())
    }
}

/// The status of a whole fleet: that of an interrupted run when a target was not run, or else the gravest of the
/// targets' own, in this order: the tool failed, the call was wrong, a check failed, an endpoint could not be reached.
pub fn exit_status<'a>(targets: impl IntoIterator<Item = &'a Target>) -> u8 {
    let rank = |status: u8| GRAVEST_FIRST.iter().position(|other| *other == status).unwrap_or(0);
    let statuses = targets.into_iter().map(|target| target.exit_status().unwrap_or(INTERRUPTED));
    statuses.min_by_key(|status| rank(*status)).unwrap_or(0)
}

/// Why there is no verdict on a target, if there is none.
fn why(ending: &Ending) -> Option<&str> {
    match ending {
        Ending::Judged(_) => None,
        Ending::Failed(_, why) | Ending::NotRun(why) => Some(why),
    }
}

/// How long a target took, where it was run.
fn took(target: &Target) -> String {
    match target.ending {
        Ending::NotRun(_) => String::new(),
        _ => span(target.took),
    }
}

/// The targets in the order in which they read best: what fails first, then by name.
fn by_gravity(targets: &[Target]) -> Vec<&Target> {
    let mut sorted: Vec<&Target> = targets.iter().collect();
    let rank = |target: &Target| match target.exit_status() {
        Some(1) => 0,
        Some(0) => 3,
        Some(_) => 1,
        None => 2,
    };
    sorted.sort_by(|one, other| (rank(one), &one.name).cmp(&(rank(other), &other.name)));
    sorted
}

const INTERRUPTED: u8 = 130;
const UNREACHABLE: u8 = 3;
const GRAVEST_FIRST: [u8; 6] = [INTERRUPTED, 4, 2, 1, UNREACHABLE, 0];

#[cfg(test)]
mod tests;
