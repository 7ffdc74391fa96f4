//! `hookproof rehearse`: one event's life through the provider's schedule, with faults of the caller's choosing.

mod pages;

use hookproof_conformance::{Client, Clock, drive};
use hookproof_core::{Provider, Retries, RetrySchedule};
use hookproof_suite::{
    KnownFailing, Plan, Run, Selection, Setting, Verdict,
    life::{Fault, Rehearsal},
    report::{self, Bar, Subject, Text, write_life},
};

use crate::{
    again,
    args::RehearseArgs,
    check::{Stage, observer, own},
    exit::{Error, Status},
    interruption::interruption,
    message, provider, secret, target, terminal,
};

pub(crate) async fn run(args: Box<RehearseArgs>) -> Result<Status, Error> {
    let mut provider = provider::find(&args.provider)?;
    if !args.delays.is_empty() {
        provider.retries = Retries::Schedule(RetrySchedule::new(args.delays.clone()));
    }
    let attempts = attempts(&provider)?;
    suits(&args, attempts)?;
    let pages = pages::parse(&args.report)?;
    let events: Vec<String> =
        args.event.iter().map(|kind| message::event_type(kind)).collect::<Result<_, _>>()?;
    let changes = own::changes(&args.stage.own, &events, &mut provider)?;
    let moves_clock = args.url.is_none() || args.stage.controls.advance_clock_cmd.is_some();
    let setting = Setting {
        changes,
        events,
        rehearsal: Some(Rehearsal { faults: args.faults.clone(), moves_clock }),
        ..args.stage.setting(args.url.is_none())?
    };
    let patience = setting.patience(&provider);
    let stage = match &args.url {
        Some(url) => {
            let target = target::find(url, &args.stage.target, patience)?;
            Stage::theirs(target, secret::find(&args.stage.secret, &provider)?, &args.stage).await?
        }
        None => Stage::built_in(&args.stage, &provider, patience).await?,
    };
    let plan = Plan {
        provider: provider.clone(),
        secret: stage.secret.as_ref().map(|(secret, _)| secret.clone()),
        setting,
        selection: Selection::baseline(),
        observer: stage.observer.kind(),
        jobs: JOBS,
        rate: None,
        confidential: stage.confidential(),
    };
    let began = Clock::start().now();
    let mut run = Run::new(plan, began).map_err(|error| Error::Usage(format!("the secret {error}")))?;
    own::rehearse(run.bench(), &args.stage.own)?;
    observer::question(&stage.observer, run.bench()).await?;
    let client = own::listed(Client::new(stage.target.clone()), &args.stage.own, &provider).await?;
    let interrupted = tokio::select! {
        () = drive(&mut run, &client, &stage.observer, &stage.controls, |_| ()) => false,
        () = interruption() => true,
    };
    if let Some(failure) = run.unreachable() {
        return Err(target::unreachable(&stage.shown, failure));
    }
    let subject = Subject {
        notes: notes(interrupted),
        command: again::rehearse(&args),
        extent: String::new(),
        target: stage.shown.clone(),
        began,
        seed: 1,
        provider,
        known: KnownFailing::default(),
        exit_status: None,
        why: None,
        bar: Bar::default(),
    };
    told(&mut run, &subject, &pages, interrupted)
}

/// Prints what became of the event, and what that means for the caller.
fn told(run: &mut Run, subject: &Subject, pages: &[pages::Page], interrupted: bool) -> Result<Status, Error> {
    let findings = run.findings();
    let (Some(baseline), Some(rehearsed), Some(life)) = (findings.first(), findings.last(), run.life())
    else {
        return Err(Error::Tool("nothing was rehearsed".to_owned()));
    };
    let mut text = String::new();
    if !run.accepted() && !interrupted {
        report::write(&mut Text::default(), subject, std::slice::from_ref(baseline), &mut text)
            .expect("a string takes every text");
        terminal::print(&terminal::painted(&text))?;
        terminal::say("the ordinary event that goes first was not acknowledged, so nothing was rehearsed");
        return Ok(Status::Fails);
    }
    write_life(&life, &rehearsed.verdict, subject, &mut text).expect("a string takes every text");
    let printed = terminal::print(&terminal::painted(&text));
    pages::write_all(pages, &life, &rehearsed.verdict, subject)?;
    printed?;
    Ok(match &rehearsed.verdict {
        _ if interrupted => Status::Interrupted,
        Verdict::Fail { .. } => Status::Fails,
        Verdict::Pass | Verdict::Unknown(_) | Verdict::NotApplicable(_) => Status::Holds,
    })
}

/// How many attempts the provider makes.
fn attempts(provider: &Provider) -> Result<usize, Error> {
    match &provider.retries {
        Retries::Schedule(schedule) => Ok(schedule.attempts()),
        Retries::Unspecified => Err(Error::Usage(format!(
            "{} retries, but does not publish when; say what you expect with --delays 5m,30m,2h",
            provider.title
        ))),
        Retries::Never => Err(Error::Usage(format!(
            "{} does not retry by itself; --delays 5m,30m,2h rehearses deliveries that are sent again by hand",
            provider.title
        ))),
    }
}

/// Whether the caller gave what the faults need, and there are attempts for them all.
fn suits(args: &RehearseArgs, attempts: usize) -> Result<(), Error> {
    let faults = &args.faults.0;
    if faults.len() > attempts {
        return Err(Error::Usage(format!(
            "--faults names {} attempts, and there are {attempts}",
            faults.len()
        )));
    }
    if args.url.is_none() {
        return Ok(());
    }
    if faults.contains(&Fault::Restart) && args.stage.controls.restart_cmd.is_none() {
        return Err(Error::usage(
            "the fault restart needs --restart-cmd, which stops and starts the endpoint",
        ));
    }
    if faults.contains(&Fault::DownstreamFails) && args.stage.effects.effects_listen.is_none() {
        return Err(Error::usage(
            "the fault downstream-fails needs --effects-listen, which stands in for the endpoint's downstream",
        ));
    }
    Ok(())
}

fn notes(interrupted: bool) -> Vec<String> {
    let around = "an ordinary event goes before this one and one behind it, to see that the endpoint is well";
    let interrupted = interrupted.then_some("interrupted: what follows is what was known by then");
    interrupted.into_iter().chain([around]).map(str::to_owned).collect()
}

/// Two copies at once are the most that leave together.
const JOBS: usize = 8;
