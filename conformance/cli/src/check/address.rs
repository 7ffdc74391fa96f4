//! The URL that the provider calls, as far as the caller says.

use hookproof_conformance::{Target, merchant::Registration};
use hookproof_suite::{Registered, Setting};

use crate::{args::AddressArgs, exit::Error, target::shown};

/// Enters into the setting where deliveries go and which URL the provider calls. That of a demo about URLs is known.
pub(super) fn tell(
    setting: &mut Setting,
    args: &AddressArgs,
    demo: Option<Registration>,
    target: &Target,
) -> Result<(), Error> {
    setting.endpoint = Some(target.url.clone());
    setting.production = args.production || demo.is_some();
    let public_url = demo.map(|demo| demo.url).or(args.public_url.as_deref());
    setting.public_url = public_url.map(read).transpose()?;
    Ok(())
}

fn read(url: &str) -> Result<Registered, Error> {
    Registered::parse(url).map_err(|error| {
        Error::Usage(format!("--public-url: the URL \"{}\" {error}", shown(url).escape_debug()))
    })
}
