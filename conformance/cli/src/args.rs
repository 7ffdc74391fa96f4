//! Every argument of every subcommand.

#![expect(clippy::doc_markdown, reason = "these comments are the help text, which is no Markdown")]

use std::{path::PathBuf, time::Duration};

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

/// Prove that a payment webhook endpoint will survive production.
#[derive(Debug, Parser)]
#[command(name = "hookproof", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check an endpoint; without a URL, the built-in merchant
    Check(Box<CheckArgs>),
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
}

#[derive(Debug, Group)]
pub(crate) struct CheckArgs {
    /// The endpoint, such as http://127.0.0.1:3000/webhooks
    pub(crate) url: Option<String>,
    /// Check the built-in merchant with this defect (`--demo help` lists them)
    #[arg(long, value_name = "DEFECT", conflicts_with = "url")]
    pub(crate) demo: Option<String>,
    #[command(flatten)]
    pub(crate) provider: ProviderArg,
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    #[command(flatten)]
    pub(crate) effects: EffectsArgs,
    /// The types the endpoint is subscribed to, the first being the ordinary one
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub(crate) events: Vec<String>,
    /// Only the checks whose id matches (`*` stands for anything)
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Not the checks whose id matches
    #[arg(long, value_name = "PATTERNS", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
    /// A SHOULD that fails makes the run fail too
    #[arg(long)]
    pub(crate) strict: bool,
    /// A MUST that could not be judged makes the run fail too (with --strict, a SHOULD as well)
    #[arg(long)]
    pub(crate) require_observed: bool,
    /// Decides the choices of the run, never its ids
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Deliveries in flight at once
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value = "8", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// Try to connect for this long before the run begins
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = span)]
    pub(crate) wait: Option<Duration>,
    /// Write a report: json=FILE
    #[arg(long, value_name = "KIND=FILE")]
    pub(crate) report: Vec<String>,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

#[derive(Debug, Group)]
pub(crate) struct ProviderArg {
    /// Whose webhooks: turratech, turnstay, standard-webhooks, stripe or github
    #[arg(long = "provider", value_name = "NAME", default_value = "turratech")]
    pub(crate) name: String,
}

#[derive(Debug, Group)]
pub(crate) struct SecretArgs {
    /// Read the endpoint's secret from this file (otherwise from HOOKPROOF_SECRET, or a prompt)
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// The endpoint's secret; everyone on this machine can see it in the list of processes
    #[arg(long, value_name = "SECRET", conflicts_with = "secret_file")]
    pub(crate) secret: Option<String>,
}

#[derive(Debug, Group)]
#[group(multiple = true)]
pub(crate) struct EffectsArgs {
    /// Stand in for the endpoint's downstream at this address and count its calls
    #[arg(long, value_name = "ADDR:PORT", conflicts_with_all = ["effects_url", "effects_cmd"])]
    pub(crate) effects_listen: Option<std::net::SocketAddr>,
    /// Ask this URL for the number of effects of an event, 0 included; {id} becomes its id
    #[arg(long, value_name = "URL", conflicts_with = "effects_cmd")]
    pub(crate) effects_url: Option<String>,
    /// Ask this shell command for the number of effects of an event, 0 included; the event's id is $1
    #[arg(long, value_name = "CMD")]
    pub(crate) effects_cmd: Option<String>,
    /// How long an effect may take to show
    #[arg(long, value_name = "TIME", default_value = "10s", allow_hyphen_values = true, value_parser = span)]
    pub(crate) effect_wait: Duration,
}

#[derive(Debug, Group)]
pub(crate) struct TargetArgs {
    /// Add this header to every delivery
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
    /// The limit for one answer, in place of the provider's
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = limit)]
    pub(crate) timeout: Option<Duration>,
    /// Trust the authorities in this PEM file too
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

/// What `--effect-wait` is when nobody says it.
pub(crate) const DEFAULT_EFFECT_WAIT: Duration = Duration::from_secs(10);

/// Reads `30s`, `500ms`, `5m`, `2h`; a bare number is seconds.
fn span(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let count: u64 = digits.parse().map_err(|_| {
        format!("\"{text}\" is not a time; write a whole number and ms, s, m or h, such as 30s")
    })?;
    let millis = match &text[digits.len()..] {
        "ms" => Some(count),
        "" | "s" => count.checked_mul(1_000),
        "m" => count.checked_mul(60_000),
        "h" => count.checked_mul(3_600_000),
        unit => return Err(format!("\"{unit}\" is no unit of time; write ms, s, m or h")),
    };
    millis.map(Duration::from_millis).ok_or_else(|| format!("{text} is too long"))
}

/// A span in which something can happen.
fn limit(text: &str) -> Result<Duration, String> {
    match span(text)? {
        Duration::ZERO => Err("within no time at all nothing can be answered".to_owned()),
        limit => Ok(limit),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_span_has_a_unit_or_is_in_seconds() {
        for (text, millis) in
            [("30s", 30_000), ("500ms", 500), ("5m", 300_000), ("2h", 7_200_000), ("7", 7_000)]
        {
            assert_eq!(span(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "-1s", "1.5s", "3d", "99999999999999999999", "18446744073709551615h"] {
            assert!(span(text).is_err(), "{text}");
        }
        assert_eq!((span("0s"), limit("0ms").is_err()), (Ok(Duration::ZERO), true));
    }
}
