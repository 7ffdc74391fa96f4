//! What makes our events acceptable to an endpoint that has data of its own.

use std::{fs, path::Path};

use hookproof_conformance::{Client, LookupApi};
use hookproof_core::Provider;
use hookproof_suite::{Bench, Change, Template};

use crate::{args::OwnArgs, exit::Error, terminal};

/// What the caller wants in every event. A template becomes the provider's sample, and its type the ordinary one.
pub(crate) fn changes(
    own: &OwnArgs,
    events: &[String],
    provider: &mut Provider,
) -> Result<Vec<Change>, Error> {
    let mut changes = match &own.template {
        None => Vec::new(),
        Some(path) => template(path, events, provider)?,
    };
    for text in &own.changes {
        let change = Change::parse(text)
            .map_err(|error| Error::Usage(format!("--set: \"{}\" {error}", text.escape_debug())))?;
        changes.push(change);
    }
    Ok(changes)
}

fn template(path: &Path, events: &[String], provider: &mut Provider) -> Result<Vec<Change>, Error> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Error::Usage(format!("--template: {shown} cannot be read: {error}")))?;
    let template = Template::parse(&text, provider)
        .map_err(|error| Error::Usage(format!("--template: {shown} {error}")))?;
    if let (Some(kind), Some(first)) = (template.kind(), events.first())
        && kind != first
    {
        return Err(Error::Usage(format!(
            "--template: {shown} is of the type {kind}; let --events begin with it"
        )));
    }
    Ok(template.into_sample_of(provider))
}

/// Looks at events of the caller's making before any is sent.
pub(crate) fn rehearse(bench: &Bench, args: &OwnArgs) -> Result<(), Error> {
    let option = match (&args.template, args.changes.is_empty()) {
        (None, true) => return Ok(()),
        (Some(_), true) => "--template",
        (None, false) => "--set",
        (Some(_), false) => "--template with --set",
    };
    bench
        .rehearse()
        .map_err(|why| Error::Usage(format!("{option}: the events that come of it are of no use: {why}")))
}

/// The client, with the provider's API beside it if the caller wants one.
pub(crate) async fn listed(client: Client, args: &OwnArgs, provider: &Provider) -> Result<Client, Error> {
    let Some(address) = args.confirm_listen else { return Ok(client) };
    let api = LookupApi::listen(address, provider.shape.clone())
        .await
        .map_err(|error| Error::Tool(format!("--confirm-listen: {error}")))?;
    if address.port() == 0 {
        terminal::say(&format!("the provider's API listens on http://{}", api.address()));
    }
    Ok(client.listed_on(api))
}
