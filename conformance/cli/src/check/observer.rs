//! Who counts effects: connected as the caller wants, and asked a question whose answer we know.

use hookproof_conformance::{Command, Observer, Sink, Target, Url};
use hookproof_suite::{Bench, Observer as Kind, Reading};

use crate::{args::EffectsArgs, exit::Error, terminal};

/// The observer that the caller chose, if any.
pub(crate) async fn connect(args: &EffectsArgs, target: &Target) -> Result<Observer, Error> {
    if let Some(address) = args.effects_listen {
        let sink =
            Sink::listen(address).await.map_err(|error| Error::Tool(format!("--effects-listen: {error}")))?;
        if address.port() == 0 {
            terminal::say(&format!("the downstream stand-in listens on http://{}", sink.address()));
        }
        return Ok(Observer::Sink(sink));
    }
    if let Some(template) = &args.effects_url {
        let url =
            Url::new(template, target).map_err(|error| Error::Usage(format!("--effects-url: {error}")))?;
        return Ok(Observer::Url(url));
    }
    if let Some(line) = &args.effects_cmd {
        let command = Command::new(line).map_err(|error| Error::Usage(format!("--effects-cmd: {error}")))?;
        return Ok(Observer::Command(command));
    }
    Ok(Observer::None)
}

/// Asks for an event that was never sent. An observer that has counted effects of it does not look at the
/// id, and whatever it says would be believed of each event; one that gives no number may still know those
/// that are sent, so that is only told.
pub(crate) async fn question(observer: &Observer, bench: &Bench) -> Result<(), Error> {
    if observer.kind() != Kind::Counts {
        return Ok(());
    }
    let id = bench.id(bench.name(0));
    match observer.look(&id).await {
        Reading::Count(0) | Reading::Calls(_) => Ok(()),
        Reading::Count(count) => Err(Error::Usage(format!(
            "the observer of effects counts {count} of {id}, an event that was never sent; does it look at the id?"
        ))),
        Reading::Failed(why) => {
            terminal::say(&format!(
                "asked for {id}, an event that was never sent, the observer of effects should say 0, but {why}"
            ));
            Ok(())
        }
    }
}
