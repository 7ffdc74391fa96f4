//! The URL that the provider calls, as far as the caller says.

use hookproof_conformance::{Target, merchant::Registration};
use hookproof_suite::{Registered, Setting};

use crate::{args::AddressArgs, exit::Error};

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

/// The public URL for a command that repeats this one. A password in it is nobody's business.
pub(super) fn shown(url: &str) -> String {
    match Registered::parse(url) {
        Ok(registered) if registered.has_credentials => {
            registered.url.to_string().replacen("://", "://…@", 1)
        }
        _ => url.to_owned(),
    }
}

fn read(url: &str) -> Result<Registered, Error> {
    Registered::parse(url)
        .map_err(|error| Error::Usage(format!("--public-url: the URL \"{}\" {error}", url.escape_debug())))
}
