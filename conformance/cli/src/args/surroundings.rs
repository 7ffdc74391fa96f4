//! The arguments of what stands around an endpoint: its effects, its process and clock, its data, its address.

use std::{path::PathBuf, time::Duration};

use clap::Args as Group;

use super::{SecretArgs, TargetArgs, span};

/// Who is spoken to, what watches it, and what its events are like.
#[derive(Clone, Debug, Group)]
pub(crate) struct StageArgs {
    /// The built-in merchant with this defect (`hookproof check --demo help` lists them)
    #[arg(long, value_name = "DEFECT", conflicts_with = "url")]
    pub(crate) demo: Option<String>,
    #[command(flatten)]
    pub(crate) secret: SecretArgs,
    #[command(flatten)]
    pub(crate) effects: EffectsArgs,
    #[command(flatten)]
    pub(crate) controls: ControlArgs,
    #[command(flatten)]
    pub(crate) own: OwnArgs,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

#[derive(Clone, Debug, Group)]
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

#[derive(Clone, Debug, Group)]
#[group(multiple = true)]
pub(crate) struct ControlArgs {
    /// Stop and start the endpoint with this shell command
    #[arg(long, value_name = "CMD")]
    pub(crate) restart_cmd: Option<String>,
    /// Move the endpoint's clock ahead by $1 seconds with this shell command
    #[arg(long, value_name = "CMD")]
    pub(crate) advance_clock_cmd: Option<String>,
    /// Within which time the endpoint does by itself what its downstream failed to do; 0s if it never does
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = span)]
    pub(crate) own_retry_within: Option<Duration>,
}

#[derive(Clone, Debug, Group)]
#[group(multiple = true)]
pub(crate) struct OwnArgs {
    /// Make every event from the one in this file; holes in it, such as {id}, differ from event to event
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
    /// Put a value into every event: data.object.customer=cus_7, or with holes as in a template
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) changes: Vec<String>,
    /// Make the endpoint ready for an event with this shell command before it is first sent; its id is $1, its body on stdin
    #[arg(long, value_name = "CMD", conflicts_with = "prepare_url")]
    pub(crate) prepare_cmd: Option<String>,
    /// Make the endpoint ready for an event with a POST of its body to this URL before it is first sent
    #[arg(long, value_name = "URL")]
    pub(crate) prepare_url: Option<String>,
    /// Play the provider's API at this address for an endpoint that asks there for each event
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) confirm_listen: Option<std::net::SocketAddr>,
}

#[derive(Clone, Debug, Group)]
#[group(multiple = true)]
pub(crate) struct AddressArgs {
    /// The endpoint, or the URL given with --public-url, is in production: judge its address and look its name up
    #[arg(long)]
    pub(crate) production: bool,
    /// The URL that the provider calls, where that is not the endpoint's here; nothing is sent there
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
}
