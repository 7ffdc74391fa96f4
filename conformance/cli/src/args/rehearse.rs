//! The arguments of `hookproof rehearse`.

use std::time::Duration;

use clap::Args as Group;
use hookproof_suite::life::Faults;

use super::{ProviderArg, StageArgs, span};

#[derive(Debug, Group)]
pub(crate) struct RehearseArgs {
    /// The endpoint; without one, the built-in merchant
    pub(crate) url: Option<String>,
    /// What befalls each attempt, the first one first: none, undelivered, answer-lost, twice, downstream-fails or restart; answer-lost*3 is three of them
    #[arg(long, value_name = "FAULTS", default_value = "undelivered,answer-lost")]
    pub(crate) faults: Faults,
    /// The delays between attempts, in place of the provider's: 5m,30m,2h
    #[arg(long, value_name = "TIMES", value_delimiter = ',', allow_hyphen_values = true, value_parser = span)]
    pub(crate) delays: Vec<Duration>,
    /// The event's type (otherwise the provider's ordinary one)
    #[arg(long, value_name = "TYPE")]
    pub(crate) event: Option<String>,
    /// Write the timeline as a page too: html=FILE
    #[arg(long, value_name = "KIND=FILE")]
    pub(crate) report: Vec<String>,
    #[command(flatten)]
    pub(crate) provider: ProviderArg,
    #[command(flatten)]
    pub(crate) stage: StageArgs,
}
