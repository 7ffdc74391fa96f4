//! `hookproof sign`

use std::fmt::Write as _;

use hookproof_core::{ConfigError, Message, sign};

use crate::{
    args::SignArgs,
    clock::now_or,
    exit::{Error, Status},
    message, provider, secret, terminal,
};

pub(crate) fn run(args: SignArgs) -> Result<Status, Error> {
    let provider = provider::find(&args.provider)?;
    let (Some(scheme), Some((secret, _))) = (&provider.signature, secret::find(&args.secret, &provider)?)
    else {
        return Err(Error::Usage(format!("{} does not sign its deliveries", provider.title)));
    };
    let body = message::stdin()?;
    let id = args.id.unwrap_or_default();
    let message = Message { id: &id, at: now_or(args.now), body: &body };
    let headers = sign(scheme, &secret, &message).map_err(|error| match error {
        ConfigError::UnsignableId => Error::Usage(format!("--id: {error}")),
        other => Error::Usage(format!("the secret {other}")),
    })?;
    let mut text = String::new();
    for (name, value) in headers {
        let _ = writeln!(text, "{name}: {value}");
    }
    terminal::print(&text)
}
