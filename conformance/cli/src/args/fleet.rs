//! The arguments of many endpoints at once, and of what puts their reports together.

use std::path::PathBuf;

use clap::Args as Group;
use hookproof_suite::report::fleet::Shard;

#[derive(Clone, Debug, Group)]
#[group(multiple = true)]
pub(crate) struct FleetArgs {
    /// Check every endpoint of this list: a TOML file with a table for each, which has a name, a url, and options of its own
    #[arg(long, value_name = "FILE", conflicts_with_all = ["url", "demo", "replay"])]
    pub(crate) targets: Option<PathBuf>,
    /// With --targets: endpoints that are checked at once
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) parallel: u16,
    /// With --targets: only the i-th of n parts; `hookproof merge` puts their JSON reports together
    #[arg(long, value_name = "I/N", requires = "targets")]
    pub(crate) shard: Option<Shard>,
    /// With --targets: take what was judged from the JSON report of an interrupted run, and run the rest
    #[arg(long, value_name = "REPORT", requires = "targets")]
    pub(crate) resume: Option<PathBuf>,
}

#[derive(Debug, Group)]
pub(crate) struct MergeArgs {
    /// JSON reports: of the shards of a fleet, of fleets, or of single endpoints
    #[arg(required = true, value_name = "REPORT")]
    pub(crate) parts: Vec<PathBuf>,
    /// Write a report on all of them: html=FILE, json=FILE, junit=FILE or markdown=FILE; several at once
    #[arg(long, value_name = "KIND=FILE")]
    pub(crate) report: Vec<String>,
}
