//! Several reports as one: the shards of a fleet, or whatever was checked apart.

use alloc::{
    borrow::ToOwned,
    collections::{BTreeMap, BTreeSet},
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use super::{Ending, Head, Part, Target, why};

/// All targets of several reports.
#[derive(Debug)]
pub struct Merged {
    /// What the report of all says of itself.
    pub head: Head,
    /// Each target with its line, in the order of the reports.
    pub targets: Vec<(Target, String)>,
}

/// Puts reports together, each under its name (a path). A target that one report has and another has not run is taken
/// from the one that has it; one that was planned and is nowhere was not run.
///
/// # Errors
///
/// [`MergeError`], when they cannot be parts of one whole.
pub fn merge(parts: Vec<(String, Part)>) -> Result<Merged, MergeError> {
    let head = common(&parts)?;
    let mut targets: Vec<(String, Target, String)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (source, part) in parts {
        for (target, line) in part.targets {
            let Some(known) = places.get(&target.name).and_then(|place| targets.get_mut(*place)) else {
                places.insert(target.name.clone(), targets.len());
                targets.push((source.clone(), target, line));
                continue;
            };
            match (&known.1.ending, &target.ending) {
                (_, Ending::NotRun(_)) => {}
                (Ending::NotRun(_), _) => *known = (source.clone(), target, line),
                _ if agree(&known.1, &target) => {}
                _ => {
                    let sources = [known.0.clone(), source];
                    return Err(MergeError::Disagree { target: target.name, sources });
                }
            }
        }
    }
    for name in head.planned.iter().filter(|name| !places.contains_key(*name)) {
        let target = never_run(name);
        let line = target.line(None);
        targets.push((String::new(), target, line));
    }
    Ok(Merged { head, targets: targets.into_iter().map(|(_, target, line)| (target, line)).collect() })
}

/// What the heads come to. Shards must be of one fleet, and all there.
fn common(parts: &[(String, Part)]) -> Result<Head, MergeError> {
    let mut planned: Vec<String> = Vec::new();
    for name in parts.iter().flat_map(|(_, part)| &part.head.planned) {
        if !planned.contains(name) {
            planned.push(name.clone());
        }
    }
    let mut shards =
        parts.iter().filter_map(|(source, part)| part.head.shard.map(|shard| (source, part, shard)));
    let Some((first_source, first, shard)) = shards.next() else {
        let fleets: BTreeSet<&str> = parts.iter().map(|(_, part)| part.head.fleet.as_str()).collect();
        let fleet = if fleets.len() == 1 { fleets.first().copied().unwrap_or_default() } else { "" };
        return Ok(Head { shard: None, fleet: fleet.to_owned(), planned });
    };
    let mut seen = BTreeSet::from([shard.index]);
    for (source, part, other) in shards {
        if other.count != shard.count || part.head.fleet != first.head.fleet {
            return Err(MergeError::OtherFleet([first_source.clone(), source.clone()]));
        }
        seen.insert(other.index);
    }
    let missing: Vec<usize> = (1..=shard.count).filter(|index| !seen.contains(index)).collect();
    if !missing.is_empty() {
        return Err(MergeError::Missing { missing, count: shard.count });
    }
    Ok(Head { shard: None, fleet: first.head.fleet.clone(), planned })
}

/// Whether two reports say the same of a target.
fn agree(one: &Target, other: &Target) -> bool {
    let verdicts = |target: &Target| match &target.ending {
        Ending::Judged(record) => {
            record.cases.iter().map(|case| (case.id.to_string(), case.verdict.name())).collect()
        }
        Ending::Failed(..) | Ending::NotRun(_) => Vec::new(),
    };
    one.fingerprint == other.fingerprint
        && one.exit_status() == other.exit_status()
        && verdicts(one) == verdicts(other)
        && why(&one.ending).is_some() == why(&other.ending).is_some()
}

fn never_run(name: &str) -> Target {
    Target {
        name: name.to_owned(),
        url: String::new(),
        fingerprint: String::new(),
        ending: Ending::NotRun("its run was cut short before it ended".into()),
        took: core::time::Duration::ZERO,
    }
}

/// Why reports are no parts of one whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MergeError {
    /// Of these shards there is no report.
    Missing {
        /// Counted from 1.
        missing: Vec<usize>,
        /// How many there are.
        count: usize,
    },
    /// These two are shards of different fleets.
    OtherFleet([String; 2]),
    /// Two reports say different things of one target.
    Disagree {
        /// Its name.
        target: String,
        /// The reports.
        sources: [String; 2],
    },
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { missing, count } => {
                let shards: Vec<String> =
                    missing.iter().map(|index| alloc::format!("{index}/{count}")).collect();
                write!(f, "no report is of the shard {}", shards.join(", "))
            }
            Self::OtherFleet([one, other]) => {
                write!(f, "{one} and {other} are shards of different fleets, or of one cut differently")
            }
            Self::Disagree { target, sources: [one, other] } => {
                write!(f, "{one} and {other} disagree on {}", target.escape_debug())
            }
        }
    }
}

impl core::error::Error for MergeError {}
