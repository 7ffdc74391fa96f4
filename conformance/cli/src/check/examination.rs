//! One endpoint, from a call that is right to its findings.

use std::time::Duration;

use hookproof_conformance::{Client, Clock, Target, drive};
use hookproof_core::{Provider, Secret};
use hookproof_suite::{Finding, KnownFailing, Plan, Run, Selection, Setting, report::Subject};

use super::{Stage, address, observer, outcome, own, replay};
use crate::{
    again,
    args::CheckArgs,
    exit::{Error, Status},
    message, provider, secret, target,
};

/// A call in which nothing is wrong that can be known before anything is sent.
pub(crate) struct Examination {
    args: Box<CheckArgs>,
    provider: Provider,
    selection: Selection,
    setting: Setting,
    known: KnownFailing,
    patience: Duration,
    /// Where there is a URL.
    endpoint: Option<(Target, Option<(Secret, String)>)>,
}

/// What an endpoint came to.
pub(crate) struct Examined {
    pub(crate) subject: Subject,
    pub(crate) findings: Vec<Finding>,
    pub(crate) status: Status,
    pub(crate) phases: Vec<(&'static str, Duration)>,
}

impl Examination {
    /// Reads everything that the call names.
    pub(crate) fn new(args: Box<CheckArgs>, known: KnownFailing) -> Result<Self, Error> {
        let mut provider = provider::find(&args.provider)?;
        let selection = replay::selection(&args)?;
        let events = args.events.iter().map(|kind| message::event_type(kind)).collect::<Result<_, _>>()?;
        let changes = own::changes(&args.stage.own, &args.events, &mut provider)?;
        let setting = Setting {
            changes,
            events,
            livemode: args.livemode,
            full: args.full,
            cases: args.cases,
            replay: replay::history(&args)?,
            seed: args.seed,
            ..args.stage.setting(args.url.is_none())?
        };
        let patience = setting.patience(&provider);
        let endpoint = match &args.url {
            Some(url) => Some((
                target::find(url, &args.stage.target, patience)?,
                secret::find(&args.stage.secret, &provider)?,
            )),
            None => None,
        };
        Ok(Self { args, provider, selection, setting, known, patience, endpoint })
    }

    /// Runs it; `progress` is called after each result. When `interrupt` is ready the run ends with what it knows.
    pub(crate) async fn run(
        self,
        progress: impl FnMut(&Run),
        interrupt: impl Future<Output = ()>,
    ) -> Result<Examined, Error> {
        let Self { args, provider, selection, mut setting, known, patience, endpoint } = self;
        let stage = match endpoint {
            Some((target, secret)) => Stage::theirs(target, secret, &args.stage).await?,
            None if args.address.production || args.address.public_url.is_some() => {
                return Err(Error::usage(
                    "no provider calls the built-in merchant; --production and --public-url go with a URL",
                ));
            }
            None => Stage::built_in(&args.stage, &provider, patience).await?,
        };
        address::tell(&mut setting, &args.address, stage.registration, &stage.target)?;
        if let Some(wait) = args.wait {
            target::wait_for(&stage.target, wait).await;
        }

        let plan = Plan {
            provider: provider.clone(),
            secret: stage.secret.as_ref().map(|(secret, _)| secret.clone()),
            setting,
            selection,
            observer: stage.observer.kind(),
            jobs: usize::from(args.jobs),
            rate: args.rate,
            confidential: stage.confidential(),
        };
        let began = Clock::start().now();
        let mut run = Run::new(plan, began).map_err(|error| Error::Usage(format!("the secret {error}")))?;
        own::rehearse(run.bench(), &args.stage.own)?;
        observer::question(&stage.observer, run.bench()).await?;
        let client = own::listed(Client::new(stage.target.clone()), &args.stage.own, &provider).await?;
        let interrupted = tokio::select! {
            () = drive(&mut run, &client, &stage.observer, &stage.controls, progress) => false,
            () = interrupt => true,
        };
        if let Some(failure) = run.unreachable() {
            return Err(target::unreachable(&stage.shown, failure));
        }
        let findings = run.findings();
        let mut subject = Subject {
            notes: outcome::notes(&run, &client, &args, interrupted),
            command: again::check(&args),
            extent: again::extent(&args),
            target: stage.shown,
            began,
            seed: args.seed,
            provider,
            known,
            exit_status: None,
            why: None,
            bar: args.bar(),
        };
        let (status, why) = outcome::status(run.accepted(), &subject.summary(&findings), &args, interrupted);
        (subject.exit_status, subject.why) = (Some(status.code()), why);
        Ok(Examined { subject, findings, status, phases: run.phases() })
    }
}
