//! What the caller lets us do to the endpoint, and knows of it.

use hookproof_conformance::{Controls, ControlsError};
use hookproof_core::EndpointUrl;

use crate::{
    args::{ControlArgs, OwnArgs},
    exit::Error,
    target,
};

/// These controls, and the commands that the caller named.
pub(crate) fn connect(mut controls: Controls, args: &ControlArgs, own: &OwnArgs) -> Result<Controls, Error> {
    let wrong = |option: &'static str| move |error: ControlsError| Error::Usage(format!("{option}: {error}"));
    if let Some(line) = &args.restart_cmd {
        controls = controls.with_restart_command(line).map_err(wrong("--restart-cmd"))?;
    }
    if let Some(line) = &args.advance_clock_cmd {
        controls = controls.with_clock_command(line).map_err(wrong("--advance-clock-cmd"))?;
    }
    if let Some(line) = &own.prepare_cmd {
        controls = controls.with_prepare_command(line).map_err(wrong("--prepare-cmd"))?;
    }
    if let Some(url) = &own.prepare_url {
        let read = EndpointUrl::parse(url).map_err(|error| {
            Error::Usage(format!("--prepare-url: the URL \"{}\" {error}", target::shown(url).escape_debug()))
        })?;
        controls = controls.with_prepare_url(read);
    }
    Ok(controls)
}
