//! Checking an endpoint from a test in Rust: one call, and what it found.

use std::{
    error, fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    time::Duration,
};

use hookproof_core::{ConfigError, EndpointUrl, Provider, Secret, UrlError};
use hookproof_suite::{
    Finding, KnownFailing, Level, Plan, Run, Selection, SelectionError, Setting, Verdict,
    report::{self, Bar, Subject, Summary, Text},
};

use crate::{Client, Clock, Controls, Observer, Target, drive, nonce};

/// Checks the endpoint at this URL. What is to be said beyond the URL is said before it is awaited:
///
/// ```
/// use hookproof_conformance::{Observer, Sink, check};
/// # use hookproof_conformance::{merchant::{Character, Nature}, server::Server};
/// # use hookproof_core::{Provider, Secret};
/// #
/// # async fn start_the_shop(downstream: std::net::SocketAddr) -> Server {
/// #     let secret = Secret::new("whsec_c2hvcA==").unwrap();
/// #     let character = Character::new(Nature::Reference, std::time::Duration::from_secs(30));
/// #     Server::start(character, Provider::built_in("turratech").unwrap(), Some(&secret), Some(downstream)).unwrap()
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // Stands in for what the shop calls when a payment comes: its ledger, its fulfilment.
/// let ledger = Sink::listen(([127, 0, 0, 1], 0).into()).await?;
/// let shop = start_the_shop(ledger.address()).await;
///
/// let checked = check(&shop.url())
///     .secret("whsec_c2hvcA==")
///     .observed_by(Observer::Sink(ledger))
///     .only(["acknowledge/success-status", "duplicate/sequential"])
///     .await?;
/// checked.assert_sound();
/// # assert_eq!(checked.findings().len(), 2);
/// # Ok(())
/// # }
/// ```
///
/// Without an observer, whatever rests on effects is [`Verdict::Unknown`]. Forgeries and broken requests are sent, so an
/// endpoint that is not on this machine must be allowed with [`EndpointCheck::allow_remote`].
pub fn check(url: &str) -> EndpointCheck {
    EndpointCheck {
        url: url.to_owned(),
        provider: Provider::built_in("turratech").expect("it is built in").clone(),
        secret: None,
        observer: Observer::None,
        controls: Controls::default(),
        setting: Setting::default(),
        only: Vec::new(),
        skip: Vec::new(),
        jobs: JOBS,
        remote: false,
    }
}

/// A check that has not begun. Awaiting it runs it, within a Tokio runtime; [`EndpointCheck::blocking`] needs none.
#[derive(Debug)]
#[must_use = "nothing is checked before it is awaited"]
pub struct EndpointCheck {
    url: String,
    provider: Provider,
    secret: Option<String>,
    observer: Observer,
    controls: Controls,
    setting: Setting,
    only: Vec<String>,
    skip: Vec<String>,
    jobs: usize,
    remote: bool,
}

impl EndpointCheck {
    /// Whose webhooks the endpoint takes; TurraTech's when this is not said.
    pub fn provider(self, provider: Provider) -> Self {
        Self { provider, ..self }
    }

    /// The endpoint's secret, as the provider shows it. No report has it in it.
    pub fn secret(self, text: &str) -> Self {
        Self { secret: Some(text.to_owned()), ..self }
    }

    /// Who counts what events do.
    pub fn observed_by(self, observer: Observer) -> Self {
        Self { observer, ..self }
    }

    /// What may be done to the endpoint: restart it, move its clock.
    pub fn controlled_by(self, controls: Controls) -> Self {
        Self { controls, ..self }
    }

    /// Only the checks whose ids match one of these patterns, in which `*` stands for anything.
    pub fn only<I: Into<String>>(self, patterns: impl IntoIterator<Item = I>) -> Self {
        Self { only: patterns.into_iter().map(Into::into).collect(), ..self }
    }

    /// Not the checks whose ids match one of these patterns.
    pub fn skip<I: Into<String>>(self, patterns: impl IntoIterator<Item = I>) -> Self {
        Self { skip: patterns.into_iter().map(Into::into).collect(), ..self }
    }

    /// The types that the endpoint is subscribed to, the ordinary one first.
    pub fn events<I: Into<String>>(mut self, types: impl IntoIterator<Item = I>) -> Self {
        self.setting.events = types.into_iter().map(Into::into).collect();
        self
    }

    /// The limit for one answer, in place of the provider's.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.setting.time_limit = Some(limit);
        self
    }

    /// How long an effect may take to show; 10 s when this is not said.
    pub fn effect_wait(mut self, wait: Duration) -> Self {
        self.setting.effect_wait = wait;
        self
    }

    /// Everything else that a caller may choose. The nonce is always a fresh one.
    pub fn setting(mut self, change: impl FnOnce(&mut Setting)) -> Self {
        change(&mut self.setting);
        self
    }

    /// Forgeries may be sent to an endpoint that is not on this machine.
    pub fn allow_remote(self) -> Self {
        Self { remote: true, ..self }
    }

    /// Runs the checks outside of any Tokio runtime, and waits for them.
    ///
    /// # Errors
    ///
    /// As when it is awaited, and [`CheckError::Runtime`].
    pub fn blocking(self) -> Result<Checked, CheckError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|error| CheckError::Runtime(error.to_string()))?.block_on(self.into_future())
    }

    async fn run(self) -> Result<Checked, CheckError> {
        let provider = self.provider;
        let url = EndpointUrl::parse(&self.url).map_err(CheckError::Url)?;
        if !url.is_loopback() && !self.remote {
            return Err(CheckError::Remote(url.host().to_string()));
        }
        let secret = match &self.secret {
            Some(text) if provider.is_signed() => Some(Secret::new(text).map_err(CheckError::Secret)?),
            _ => None,
        };
        let selection = Selection::new(self.only, self.skip).map_err(CheckError::Selection)?;
        let patience = self.setting.patience(&provider);
        let target = Target::new(url.clone(), Vec::new(), None, patience)
            .map_err(|error| CheckError::Runtime(error.to_string()))?;
        let seed = self.setting.seed;
        let plan = Plan {
            provider: provider.clone(),
            secret,
            setting: Setting { endpoint: Some(url.clone()), nonce: nonce(), ..self.setting },
            selection,
            observer: self.observer.kind(),
            jobs: self.jobs,
            rate: None,
            confidential: self.secret.into_iter().collect(),
        };
        let began = Clock::start().now();
        let mut run = Run::new(plan, began).map_err(CheckError::Secret)?;
        let client = Client::new(target);
        drive(&mut run, &client, &self.observer, &self.controls, |_| ()).await;
        if let Some(failure) = run.unreachable() {
            return Err(CheckError::Unreachable(format!("{url}: {failure}")));
        }
        let subject = Subject {
            notes: run.warnings(),
            command: format!("hookproof check {url}"),
            extent: String::new(),
            target: url.to_string(),
            began,
            seed,
            provider,
            known: KnownFailing::default(),
            exit_status: None,
            why: None,
            bar: Bar::default(),
        };
        Ok(Checked { findings: run.findings(), accepted: run.accepted(), subject })
    }
}

impl IntoFuture for EndpointCheck {
    type Output = Result<Checked, CheckError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// What the checks found. As text it is the report that a person reads.
#[derive(Debug)]
pub struct Checked {
    findings: Vec<Finding>,
    accepted: bool,
    subject: Subject,
}

impl Checked {
    /// Every check, in the order of the catalogue.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What one check came to; nothing where it was not chosen.
    pub fn verdict(&self, id: &str) -> Option<&Verdict> {
        self.findings.iter().find(|finding| finding.check.id == id).map(|finding| &finding.verdict)
    }

    /// The verdicts, counted.
    pub fn summary(&self) -> Summary {
        self.subject.summary(&self.findings)
    }

    /// What a [`hookproof_suite::report::Reporter`] says of it: [`report::Json`], [`report::Html`] and their kin.
    pub fn report(&self, reporter: &mut dyn report::Reporter) -> String {
        let mut text = String::new();
        report::write(reporter, &self.subject, &self.findings, &mut text).expect("a string takes every text");
        text
    }

    /// Holds that an ordinary event was acknowledged and no MUST failed.
    ///
    /// # Panics
    ///
    /// When one did, with the report.
    #[track_caller]
    pub fn assert_sound(&self) {
        assert!(self.accepted, "no event was acknowledged, so nothing is proven\n{self}");
        let failed = self.findings.iter().filter(|finding| finding.verdict.is_fail());
        let musts = failed.filter(|finding| finding.check.level_for(&self.subject.provider) == Level::Must);
        assert!(musts.count() == 0, "the endpoint breaks its promises\n{self}");
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report(&mut Text::default()))
    }
}

/// Why nothing was checked.
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckError {
    /// The URL is none that a provider could call.
    Url(UrlError),
    /// The endpoint is on this host, which is not this machine; [`EndpointCheck::allow_remote`] allows it.
    Remote(String),
    /// The secret is absent or does not fit the provider.
    Secret(ConfigError),
    /// A pattern matches no check.
    Selection(SelectionError),
    /// No connection could be made; the endpoint and why.
    Unreachable(String),
    /// The tool itself failed; why.
    Runtime(String),
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(error) => write!(f, "the URL {error}"),
            Self::Remote(host) => write!(
                f,
                "{host} is not this machine, and forged events will be sent there; if that is meant, call allow_remote"
            ),
            Self::Secret(error) => write!(f, "the secret {error}"),
            Self::Selection(error) => error.fmt(f),
            Self::Unreachable(why) => write!(f, "the endpoint could not be reached: {why}"),
            Self::Runtime(why) => f.write_str(why),
        }
    }
}

impl error::Error for CheckError {}

/// Deliveries in flight, as the command has it when nobody says otherwise.
const JOBS: usize = 8;
