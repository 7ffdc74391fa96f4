//! `hookproof load`: many events, each one unique and signed as it leaves, and how soon they are answered.

mod page;
mod reports;
mod text;

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use hookproof_conformance::{
    Clock, Target,
    load::{Figures, Load, Pace, Progress, Trouble},
    nonce,
};
use hookproof_core::{Provider, Timestamp};
use hookproof_suite::{Bench, Setting};

use crate::{
    args::{LoadArgs, OwnArgs},
    check::own,
    exit::{Error, Status},
    interruption::interruption,
    message, provider, secret, target, terminal,
};

/// What a load came to, for those who tell of it.
struct Told<'a> {
    load: &'a Load,
    figures: &'a Figures,
    provider: &'a Provider,
    began: Timestamp,
    interrupted: bool,
    /// Why the command fails, if it does.
    objections: Vec<String>,
}

pub(crate) async fn run(args: Box<LoadArgs>) -> Result<Status, Error> {
    let mut provider = provider::find(&args.provider)?;
    let reports = reports::parse(&args.report)?;
    let events: Vec<String> =
        args.events.iter().map(|kind| message::event_type(kind)).collect::<Result<_, _>>()?;
    let own = OwnArgs {
        template: args.template.clone(),
        changes: args.changes.clone(),
        prepare_cmd: None,
        prepare_url: None,
        confirm_listen: None,
    };
    let setting = Setting {
        changes: own::changes(&own, &events, &mut provider)?,
        events,
        headers: message::headers(&args.target.headers)?,
        time_limit: args.target.timeout,
        nonce: nonce(),
        ..Setting::default()
    };
    let patience = setting.patience(&provider);
    let target = target::find(&args.url, &args.target, patience)?;
    if !target.url.is_loopback() && !args.allow_remote_load {
        return Err(Error::usage(format!(
            "{} is not this machine, and would be put under load; if that is meant, add --allow-remote-load",
            target.url.host()
        )));
    }
    let secret = secret::find(&args.secret, &provider)?;
    let began = Clock::start().now();
    let bench = Bench::new(provider.clone(), secret.as_ref().map(|(secret, _)| secret), setting, began)
        .map_err(|error| Error::Usage(format!("the secret {error}")))?;
    own::rehearse(&bench, &own)?;
    let load = load(&args, target);
    let progress = Arc::new(Progress::default());
    let sent = watched(&load, bench, &progress).await;
    let (figures, interrupted) = (sent.0.map_err(Error::usage)?, sent.1);
    if let (0, Some(Trouble::Endpoint(why)), false) =
        (figures.service.count(), figures.troubles.keys().next(), interrupted)
        && nobody(&figures)
    {
        return Err(Error::Unreachable(format!(
            "{} could not be reached: {why}; is it running?",
            load.target.url
        )));
    }
    let told = Told {
        objections: objections(&args, &figures),
        load: &load,
        figures: &figures,
        provider: &provider,
        began,
        interrupted,
    };
    reports::write_all(&reports, &told)?;
    Ok(match (interrupted, told.objections.is_empty()) {
        (true, _) => Status::Interrupted,
        (false, true) => Status::Holds,
        (false, false) => Status::Fails,
    })
}

fn load(args: &LoadArgs, target: Target) -> Load {
    let (pace, usual) = args.rate.map_or((Pace::Closed, CLOSED), |rate| (Pace::Open(rate), OPEN));
    Load {
        target,
        pace,
        connections: args.connections.map_or(usual, usize::from),
        duration: args.duration,
        count: args.count,
        duplicates: args.duplicates,
        seed: args.seed,
    }
}

/// Sends, with a live line for who looks on; whether it was interrupted.
async fn watched(load: &Load, bench: Bench, progress: &Arc<Progress>) -> (Result<Figures, String>, bool) {
    let sending = load.run(bench, Arc::clone(progress));
    tokio::pin!(sending);
    let bar = terminal::live();
    let interrupt = interruption();
    tokio::pin!(interrupt);
    let mut interrupted = false;
    loop {
        tokio::select! {
            figures = &mut sending => {
                bar.finish_and_clear();
                return (figures, interrupted);
            }
            // What is under way is waited for; a second Ctrl-C waits for nothing.
            () = &mut interrupt => {
                if interrupted {
                    std::process::exit(Status::Interrupted.code().into());
                }
                interrupted = true;
                interrupt.set(interruption());
                progress.stop.store(true, Ordering::Relaxed);
            }
            () = tokio::time::sleep(GLANCE) => {
                let [acknowledged, failed] =
                    [&progress.acknowledged, &progress.failed].map(|count| count.load(Ordering::Relaxed));
                bar.set_message(format!("{acknowledged} acknowledged, {failed} not"));
            }
        }
    }
}

/// Whether not one connection was ever made.
fn nobody(figures: &Figures) -> bool {
    figures.statuses.is_empty()
        && figures.troubles.keys().all(|trouble| match trouble {
            Trouble::Endpoint(words) => words.contains("refused") || words.contains("no address"),
            Trouble::OutOfFiles => false,
        })
}

/// Why a load is no success.
fn objections(args: &LoadArgs, figures: &Figures) -> Vec<String> {
    let mut objections = Vec::new();
    let own: u64 = figures.troubles.get(&Trouble::OutOfFiles).copied().unwrap_or_default();
    // What found no connection in time was not acknowledged either.
    let (failed, judged) = (figures.failed() - own + figures.dropped, figures.sent - own + figures.dropped);
    if judged == 0 {
        objections.push("nothing was sent".to_owned());
    } else if text::share(failed, judged) > args.max_failed {
        objections.push(format!("{failed} of {judged} deliveries were not acknowledged"));
    }
    if let Some(limit) = args.max_p99 {
        match figures.response.within(0.99) {
            Some(p99) if p99 <= limit => {}
            Some(p99) => objections.push(format!(
                "the 99th percentile is {}, longer than {}",
                text::time(p99),
                text::time(limit)
            )),
            None => objections.push("there are too few answers to tell a 99th percentile".to_owned()),
        }
    }
    objections
}

const CLOSED: usize = 64;

/// Many more than a sound endpoint needs, so that a slow one does not slow the load down.
const OPEN: usize = 1_024;

/// Between two looks at the live line.
const GLANCE: Duration = Duration::from_millis(200);
