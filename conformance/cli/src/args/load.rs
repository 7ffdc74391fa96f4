//! The arguments of `hookproof load`.

use std::{path::PathBuf, time::Duration};

use clap::Args as Group;

use super::{ProviderArg, SecretArgs, TargetArgs, limit, rate};

#[derive(Debug, Group)]
pub(crate) struct LoadArgs {
    /// The endpoint
    pub(crate) url: String,
    /// Events a second, whatever becomes of them (an open loop); without it each connection sends as soon as it has its answer (a closed loop)
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = rate)]
    pub(crate) rate: Option<f64>,
    /// Connections at the most (otherwise 64, and 1,024 with --rate)
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(crate) connections: Option<u16>,
    /// How long events leave
    #[arg(long, value_name = "TIME", default_value = "10s", allow_hyphen_values = true, value_parser = limit)]
    pub(crate) duration: Duration,
    /// How many leave at the most
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,
    /// The share of deliveries that repeat an event which was sent before, such as 30%
    #[arg(long, value_name = "SHARE", default_value = "0%", allow_hyphen_values = true, value_parser = share)]
    pub(crate) duplicates: f64,
    /// The share of deliveries that may be not acknowledged without a failure of the command
    #[arg(long, value_name = "SHARE", default_value = "0%", allow_hyphen_values = true, value_parser = share)]
    pub(crate) max_failed: f64,
    /// Fail when the 99th percentile of the response times is longer than this
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = limit)]
    pub(crate) max_p99: Option<Duration>,
    /// The types of the events, in turn (otherwise the provider's ordinary one)
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub(crate) events: Vec<String>,
    /// Make every event from the one in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
    /// Put a value into every event: data.object.customer=cus_7, or with holes as in a template
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) changes: Vec<String>,
    /// Decides which events come again
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Write a report: html=FILE or json=FILE; several at once
    #[arg(long, value_name = "KIND=FILE")]
    pub(crate) report: Vec<String>,
    /// Allow load on a target that is not this machine, beside --allow-remote
    #[arg(long)]
    pub(crate) allow_remote_load: bool,
    #[command(flatten)]
    pub(crate) provider: ProviderArg,
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// Reads `30%`: a share of the whole.
fn share(text: &str) -> Result<f64, String> {
    let percent = text.strip_suffix('%').and_then(|number| number.parse::<f64>().ok());
    match percent {
        Some(percent) if (0.0..100.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("a share is a number of percent from 0% up, and less than 100%".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_some_percent_and_never_all() {
        assert_eq!((share("30%"), share("0%"), share("99.5%")), (Ok(0.3), Ok(0.0), Ok(0.995)));
        for wrong in ["30", "100%", "-1%", "NaN%", "inf%", "%", "", "0.3"] {
            assert!(share(wrong).is_err_and(|why| why.contains("percent")), "{wrong}");
        }
    }
}
