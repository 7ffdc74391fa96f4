//! Every argument of every subcommand.

#![expect(clippy::doc_markdown, reason = "these comments are the help text, which is no Markdown")]

mod fleet;
mod load;
mod rehearse;
mod surroundings;

use std::{path::PathBuf, time::Duration};

use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use hookproof_core::{Span, SpanError};
use hookproof_suite::report::Bar;

use crate::{environment, exit::Status};

pub(crate) use self::{
    fleet::{FleetArgs, MergeArgs},
    load::LoadArgs,
    rehearse::RehearseArgs,
    surroundings::{AddressArgs, ControlArgs, EffectsArgs, OwnArgs, StageArgs},
};

/// Prove that a payment webhook endpoint will survive production.
#[derive(Debug, Parser)]
#[command(
    name = "hookproof",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_long_help = endnotes()
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check an endpoint; without a URL, the built-in merchant
    Check(Box<CheckArgs>),
    /// Play one event's life through the retry schedule, with faults of your choosing
    Rehearse(Box<RehearseArgs>),
    /// Send many events, each unique and signed, and tell how soon they are answered
    Load(Box<LoadArgs>),
    /// Put JSON reports of several runs together: the shards of a fleet, or what was checked apart
    Merge(MergeArgs),
    /// List every check with its level, basis and clauses
    List(ListArgs),
    /// Explain one check: what is tried, what it costs to fail it, and the cure
    Explain(ExplainArgs),
    /// Deliver one event, once or several times
    Send(Box<SendArgs>),
    /// Sign the body on stdin and print the headers
    Sign(SignArgs),
    /// Verify the body on stdin as an endpoint must
    Verify(VerifyArgs),
    /// Print when the retries of an event come
    Schedule(ScheduleArgs),
    /// Print a script that completes command lines in a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write one for each subcommand
    Man(ManArgs),
    /// Profiles of providers, for --profile
    #[command(subcommand)]
    Profile(ProfileCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// Print the profile of a built-in provider: a file that explains itself, to begin your own with
    Show {
        /// turratech, turnstay, standard-webhooks, stripe or github
        name: String,
    },
}

#[derive(Clone, Debug, Group)]
pub(crate) struct CheckArgs {
    /// The endpoint, such as http://127.0.0.1:3000/webhooks
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) provider: ProviderArg,
    #[command(flatten)]
    pub(crate) stage: StageArgs,
    #[command(flatten)]
    pub(crate) address: AddressArgs,
    /// The types the endpoint is subscribed to, the first being the ordinary one
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub(crate) events: Vec<String>,
    /// Events say that they are live; without it they are test events
    #[arg(long)]
    pub(crate) livemode: bool,
    /// Only the checks whose id matches (`*` stands for anything)
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Not the checks whose id matches
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
    /// The checks that are known to fail, an id and perhaps a reason a line: they run and are told, and make the run fail only when they pass
    #[arg(long, value_name = "FILE")]
    pub(crate) known_failing: Option<PathBuf>,
    /// A SHOULD that fails makes the run fail too
    #[arg(long)]
    pub(crate) strict: bool,
    /// A MUST that could not be judged makes the run fail too (with --strict, a SHOULD as well)
    #[arg(long)]
    pub(crate) require_observed: bool,
    /// Decides the choices of the run, never its ids
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many histories property/any-history plays
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = DEFAULT_CASES, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) cases: u16,
    /// Play the history in this file (`-` for stdin), as a failure of property/any-history prints it, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "skip"])]
    pub(crate) replay: Option<PathBuf>,
    /// Deliveries in flight at once
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = DEFAULT_JOBS, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// Deliveries a second at the most
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = rate)]
    pub(crate) rate: Option<f64>,
    /// Try what takes longer than the provider's time limit, too
    #[arg(long)]
    pub(crate) full: bool,
    /// Try to connect for this long before the run begins
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = span)]
    pub(crate) wait: Option<Duration>,
    /// Write a report: html=FILE, json=FILE, junit=FILE or markdown=FILE; several at once
    #[arg(long, value_name = "KIND=FILE")]
    pub(crate) report: Vec<String>,
    #[command(flatten)]
    pub(crate) fleet: FleetArgs,
}

impl CheckArgs {
    /// What makes the run fail beside a MUST that does.
    pub(crate) fn bar(&self) -> Bar {
        Bar { strict: self.strict, require_observed: self.require_observed }
    }
}

#[derive(Clone, Debug, Group)]
pub(crate) struct ProviderArg {
    /// Whose webhooks: turratech, turnstay, standard-webhooks, stripe or github
    #[arg(long = "provider", value_name = "NAME", default_value = DEFAULT_PROVIDER)]
    pub(crate) name: String,
    /// Those of the provider in this file; `hookproof profile show turratech` prints one to begin with
    #[arg(long, value_name = "FILE", conflicts_with = "name")]
    pub(crate) profile: Option<PathBuf>,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct SecretArgs {
    /// Read the endpoint's secret from this file (otherwise from HOOKPROOF_SECRET, or a prompt)
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// The endpoint's secret; everyone on this machine can see it in the list of processes
    #[arg(long, value_name = "SECRET", conflicts_with = "secret_file")]
    pub(crate) secret: Option<String>,
    /// Of a fleet's target: the environment variable that has it.
    #[arg(skip)]
    pub(crate) secret_env: Option<String>,
    /// Nobody is asked for it.
    #[arg(skip)]
    pub(crate) unattended: bool,
}

#[derive(Clone, Debug, Group)]
pub(crate) struct TargetArgs {
    /// Add this header to every delivery
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
    /// The limit for one answer, in place of the provider's
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = limit)]
    pub(crate) timeout: Option<Duration>,
    /// Trust the certificates in this PEM file too: a server's own, or its authority's
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,
    /// Connect to this address when HOST:PORT is called
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    pub(crate) resolve: Vec<String>,
    /// Allow a target that is not this machine; say its host again here
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_remote: Vec<String>,
}

#[derive(Debug, Group)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) provider: ProviderArg,
}

#[derive(Debug, Group)]
pub(crate) struct ExplainArgs {
    /// The check's id, such as duplicate/sequential
    pub(crate) check: String,
}

#[derive(Debug, Group)]
pub(crate) struct SendArgs {
    /// The endpoint
    pub(crate) url: String,
    #[command(flatten)]
    pub(crate) provider: ProviderArg,
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    /// The event's type (otherwise the provider's ordinary one)
    #[arg(long, value_name = "TYPE")]
    pub(crate) event: Option<String>,
    /// Send this file's bytes as the body (`-` for stdin)
    #[arg(long, value_name = "FILE")]
    pub(crate) body: Option<PathBuf>,
    /// Deliver the same bytes this often
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) times: u16,
    /// Deliver all copies at the same moment
    #[arg(long)]
    pub(crate) together: bool,
    /// Change the body after it was signed
    #[arg(long)]
    pub(crate) tamper: bool,
    /// Sign it as if it left this long ago
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = span, default_value = "0s")]
    pub(crate) age: Duration,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

#[derive(Debug, Group)]
pub(crate) struct SignArgs {
    #[command(flatten)]
    pub(crate) provider: ProviderArg,
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    /// The delivery's id, for providers that sign one
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// The time of sending in Unix seconds (otherwise now)
    #[arg(long, allow_negative_numbers = true, value_name = "SECONDS")]
    pub(crate) now: Option<u64>,
}

#[derive(Debug, Group)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) provider: ProviderArg,
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    /// A header of the request, as often as there are any
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
    /// The time of receiving in Unix seconds (otherwise now)
    #[arg(long, allow_negative_numbers = true, value_name = "SECONDS")]
    pub(crate) now: Option<u64>,
    /// How far the signed time may be off, in whole seconds
    #[arg(long, allow_negative_numbers = true, value_name = "SECONDS", default_value_t = 300)]
    pub(crate) tolerance: u64,
    /// Where the signature is refused, look for the cause and name it
    #[arg(long)]
    pub(crate) explain: bool,
    /// With --explain: a secret that was in force before, or another endpoint's, in this file
    #[arg(long, value_name = "FILE", requires = "explain")]
    pub(crate) other_secret_file: Vec<PathBuf>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A sentence
    Text,
    /// {"result": "ok"} or {"result": CODE, "message": …}
    Json,
}

#[derive(Debug, Group)]
pub(crate) struct ScheduleArgs {
    #[command(flatten)]
    pub(crate) provider: ProviderArg,
    /// When the first attempt ends in failure, in Unix seconds (otherwise now)
    #[arg(long, allow_negative_numbers = true, value_name = "SECONDS")]
    pub(crate) from: Option<u64>,
}

#[derive(Debug, Group)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Group)]
pub(crate) struct ManArgs {
    /// Write hookproof.1, hookproof-check.1 and so on into this folder
    pub(crate) folder: Option<PathBuf>,
}

/// What follows the help: how the command ends, and what it reads from its environment.
fn endnotes() -> String {
    let statuses = Status::ALL.map(|status| format!("  {:<17} {}\n", status.code(), status.meaning()));
    let variables = environment::ALL.map(|(name, meaning)| format!("  {name:<17} {meaning}\n"));
    format!("Exit status:\n{}\nEnvironment:\n{}", statuses.concat(), variables.concat())
}

/// What `--provider` is when nobody says it.
pub(crate) const DEFAULT_PROVIDER: &str = "turratech";

/// What `--cases` is when nobody says it.
pub(crate) const DEFAULT_CASES: u16 = 20;

/// What `--jobs` is when nobody says it.
pub(crate) const DEFAULT_JOBS: u16 = 8;

/// What `--effect-wait` is when nobody says it.
pub(crate) const DEFAULT_EFFECT_WAIT: Duration = Duration::from_secs(10);

/// Reads `30s`, `500ms`, `5m`, `2h`; a bare number is seconds.
pub(crate) fn span(text: &str) -> Result<Duration, SpanError> {
    text.parse::<Span>().map(|span| span.0)
}

/// A span in which something can happen.
pub(crate) fn limit(text: &str) -> Result<Duration, String> {
    match span(text).map_err(|error| error.to_string())? {
        Duration::ZERO => Err("within no time at all nothing can be answered".to_owned()),
        limit => Ok(limit),
    }
}

/// Deliveries a second.
pub(crate) fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if (SLOWEST..=FASTEST).contains(&rate) => Ok(rate),
        _ => Err(format!("a rate is a number of deliveries a second, from {SLOWEST} to {FASTEST}")),
    }
}

/// One delivery in a quarter of an hour.
const SLOWEST: f64 = 0.001;

const FASTEST: f64 = 100_000.0;

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Args::command().debug_assert();
    }

    #[test]
    fn no_help_has_the_hole_that_clap_prints_as_a_new_line() {
        let command = Args::command();
        let check = command.find_subcommand("check").unwrap();
        for argument in check.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            assert!(!help.contains("{n}") && !help.contains('\n'), "{help}");
        }
    }

    #[test]
    fn limits_and_rates_are_such_that_something_can_happen() {
        assert_eq!(span("0s"), Ok(Duration::ZERO));
        assert_eq!(limit("500ms"), Ok(Duration::from_millis(500)));
        assert!(limit("0ms").is_err_and(|why| why.contains("no time")));
        assert_eq!((rate("50"), rate("0.5")), (Ok(50.0), Ok(0.5)));
        for text in ["0", "-1", "NaN", "inf", "1e9", "fast", ""] {
            assert!(rate(text).is_err_and(|why| why.contains("a second")), "{text}");
        }
        assert!(limit("3d").is_err_and(|why| why.contains("no unit")));
    }
}
