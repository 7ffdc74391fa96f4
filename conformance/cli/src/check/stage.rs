//! Where a run plays, and who watches it: an endpoint with its surroundings, or the built-in merchant.

use std::time::Duration;

use hookproof_conformance::{Controls, Observer, Target, merchant::Registration, nonce, server::Server};
use hookproof_core::{Provider, Secret};
use hookproof_suite::Setting;

use super::{controls, observer};
use crate::{
    args::StageArgs,
    demo::{self, Demo},
    exit::Error,
    message, target,
};

/// A built-in merchant lives as long as this does.
pub(crate) struct Stage {
    pub(crate) target: Target,
    pub(crate) observer: Observer,
    pub(crate) controls: Controls,
    /// And its text, which nobody may see.
    pub(crate) secret: Option<(Secret, String)>,
    /// What it is called in reports.
    pub(crate) shown: String,
    /// Of a demo about URLs.
    pub(crate) registration: Option<Registration>,
    _merchant: Option<Server>,
}

impl Stage {
    /// An endpoint of the caller's.
    pub(crate) async fn theirs(
        target: Target,
        secret: Option<(Secret, String)>,
        args: &StageArgs,
    ) -> Result<Self, Error> {
        let observer = observer::connect(&args.effects, &target).await?;
        let controls = controls::connect(Controls::default(), &args.controls, &args.own)?;
        Ok(Self {
            shown: target.url.to_string(),
            target,
            observer,
            controls,
            secret,
            registration: None,
            _merchant: None,
        })
    }

    /// The built-in merchant, sound or with the defect of the demo.
    pub(crate) async fn built_in(
        args: &StageArgs,
        provider: &Provider,
        patience: Duration,
    ) -> Result<Self, Error> {
        suits_the_built_in_merchant(args)?;
        let Demo { server, observer, secret, registration, certificate } =
            demo::start(args.demo.as_deref(), provider, patience).await?;
        let mut target = target::vouched(&server.url(), &args.target, certificate.as_deref(), patience)?;
        target.resolve.extend(registration.iter().flat_map(Registration::rules));
        let shown = match &args.demo {
            Some(defect) => format!("the built-in merchant with the defect {defect} ({})", server.url()),
            None => format!("the built-in merchant ({})", server.url()),
        };
        let controls = controls::connect(Controls::over(server.switch()), &args.controls, &args.own)?;
        Ok(Self { target, observer, controls, secret, shown, registration, _merchant: Some(server) })
    }

    /// What no report may show.
    pub(crate) fn confidential(&self) -> Vec<String> {
        self.secret.iter().map(|(_, text)| text.clone()).collect()
    }
}

fn suits_the_built_in_merchant(StageArgs { secret, effects, controls, .. }: &StageArgs) -> Result<(), Error> {
    if effects.effects_listen.is_some() || effects.effects_url.is_some() || effects.effects_cmd.is_some() {
        return Err(Error::usage("the built-in merchant has its own observer; --effects-… goes with a URL"));
    }
    if secret.secret.is_some() || secret.secret_file.is_some() {
        return Err(Error::usage("the built-in merchant has its own secret; --secret… goes with a URL"));
    }
    if controls.restart_cmd.is_some() || controls.advance_clock_cmd.is_some() {
        return Err(Error::usage(
            "the built-in merchant is restarted without a command; --restart-cmd and --advance-clock-cmd go with a URL",
        ));
    }
    Ok(())
}

impl StageArgs {
    /// What a run is told of the stage, the events excepted. Of the built-in merchant (`is_ours`) we know that it tries again
    /// at once what its downstream failed to do.
    pub(crate) fn setting(&self, is_ours: bool) -> Result<Setting, Error> {
        Ok(Setting {
            prepares: self.own.prepare_cmd.is_some() || self.own.prepare_url.is_some(),
            headers: message::headers(&self.target.headers)?,
            time_limit: self.target.timeout,
            effect_wait: self.effects.effect_wait,
            own_retry_within: self.controls.own_retry_within.or(is_ours.then_some(Duration::ZERO)),
            nonce: nonce(),
            ..Setting::default()
        })
    }
}
