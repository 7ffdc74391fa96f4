//! What the caller lets us do to the endpoint, and knows of it.

use std::time::Duration;

use hookproof_conformance::{Controls, ControlsError};

use crate::{
    args::{CheckArgs, ControlArgs},
    exit::Error,
};

/// The commands that the caller named.
pub(super) fn connect(args: &ControlArgs) -> Result<Controls, Error> {
    let wrong = |option: &'static str| move |error: ControlsError| Error::Usage(format!("{option}: {error}"));
    let mut controls = Controls::default();
    if let Some(line) = &args.restart_cmd {
        controls = controls.with_restart_command(line).map_err(wrong("--restart-cmd"))?;
    }
    if let Some(line) = &args.advance_clock_cmd {
        controls = controls.with_clock_command(line).map_err(wrong("--advance-clock-cmd"))?;
    }
    Ok(controls)
}

/// Within which the endpoint tries again by itself. Of the built-in merchant we know that it does so at once.
pub(super) fn own_retry(args: &CheckArgs) -> Option<Duration> {
    args.controls.own_retry_within.or(args.url.is_none().then_some(Duration::ZERO))
}
