//! Where a run plays, and who watches it: an endpoint with its surroundings, or the built-in merchant.

use std::time::Duration;

use hookproof_conformance::{Controls, Observer, Target, merchant::Registration, server::Server};
use hookproof_core::{Provider, Secret};

use super::{controls, observer};
use crate::{
    args::{ControlArgs, EffectsArgs, OwnArgs, SecretArgs, TargetArgs},
    demo::{self, Demo},
    exit::Error,
    target,
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

/// What a call says of the endpoint's surroundings.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) demo: Option<&'a str>,
    pub(crate) target: &'a TargetArgs,
    pub(crate) secret: &'a SecretArgs,
    pub(crate) effects: &'a EffectsArgs,
    pub(crate) controls: &'a ControlArgs,
    pub(crate) own: &'a OwnArgs,
}

impl Stage {
    /// An endpoint of the caller's.
    pub(crate) async fn theirs(
        target: Target,
        secret: Option<(Secret, String)>,
        around: Surroundings<'_>,
    ) -> Result<Self, Error> {
        let observer = observer::connect(around.effects, &target).await?;
        let controls = controls::connect(Controls::default(), around.controls, around.own)?;
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
        around: Surroundings<'_>,
        provider: &Provider,
        patience: Duration,
    ) -> Result<Self, Error> {
        around.suits_the_built_in_merchant()?;
        let Demo { server, observer, secret, registration, certificate } =
            demo::start(around.demo, provider, patience).await?;
        let mut target = target::vouched(&server.url(), around.target, certificate.as_deref(), patience)?;
        target.resolve.extend(registration.iter().flat_map(Registration::rules));
        let shown = match around.demo {
            Some(defect) => format!("the built-in merchant with the defect {defect} ({})", server.url()),
            None => format!("the built-in merchant ({})", server.url()),
        };
        let controls = controls::connect(Controls::over(server.switch()), around.controls, around.own)?;
        Ok(Self { target, observer, controls, secret, shown, registration, _merchant: Some(server) })
    }

    /// What no report may show.
    pub(crate) fn confidential(&self) -> Vec<String> {
        self.secret.iter().map(|(_, text)| text.clone()).collect()
    }
}

impl Surroundings<'_> {
    fn suits_the_built_in_merchant(&self) -> Result<(), Error> {
        let Self { secret, effects, controls, .. } = self;
        if effects.effects_listen.is_some() || effects.effects_url.is_some() || effects.effects_cmd.is_some()
        {
            return Err(Error::usage(
                "the built-in merchant has its own observer; --effects-… goes with a URL",
            ));
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
}
