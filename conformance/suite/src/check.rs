//! What a check is: identity, bindingness, authority and behaviour in one literal.

use alloc::{format, string::String, vec::Vec};

use hookproof_core::{At, Provider, Retries};

use crate::{
    Bench, Exchange, Seen, Setting, Step, Verdict,
    clause::belongs_to,
    sample::{Money, sample_for, tells_livemode},
};

/// One promise of a sound endpoint, and how it is tried.
#[derive(Debug)]
pub struct Check {
    /// `area/rule-in-kebab`; names the rule that should hold and is never reused.
    pub id: &'static str,
    /// The rule as a sentence.
    pub title: &'static str,
    /// How binding the rule is for a provider with clauses of ours; see [`Check::level_for`].
    pub level: Level,
    /// Who says so, for a provider with clauses of ours; see [`Check::basis_for`].
    pub basis: Basis,
    /// What follows for the merchant when the rule is broken.
    pub harm: Harm,
    /// The clauses it stands on, of every provider.
    pub clauses: &'static [&'static str],
    /// When in the run it is tried.
    pub phase: Phase,
    /// What the provider or the call must have for the rule to exist.
    pub rests_on: &'static [Feature],
    /// What must be true of the run for a verdict to be believed.
    pub needs: &'static [Need],
    /// What is tried, what it costs to fail it, and the cure (Markdown).
    pub explain: &'static str,
    /// How it is judged.
    pub judge: Judge,
}

/// How a check is judged.
#[derive(Clone, Copy, Debug)]
pub enum Judge {
    /// From the transcript so far to the next step; asked again after each.
    Script(fn(&Bench, &[Seen]) -> Step),
    /// From every exchange of the run, at its end.
    Whole(fn(&Bench, &[Exchange]) -> Verdict),
}

/// How binding a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The provider says so, or money is at stake.
    Must,
    /// Sound endpoints do; one that does not has a weakness.
    Should,
    /// Good to have.
    May,
}

impl Level {
    /// `MUST`, `SHOULD` or `MAY`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::May => "MAY",
        }
    }
}

/// On whose word a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A clause of the provider's documents.
    Provider,
    /// Our own reading, with its reasons in the explanation.
    Hookproof,
}

impl Basis {
    /// `provider` or `hookproof`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Hookproof => "hookproof",
        }
    }
}

/// What a merchant suffers when a rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// A payment is never booked.
    EffectLost,
    /// A payment is booked twice.
    EffectDoubled,
    /// A payment is booked twice or never, as it happens.
    EffectMiscounted,
    /// A stranger's event is believed.
    ForgeryBelieved,
    /// The provider counts a failed attempt.
    AttemptFailed,
    /// A weakness that costs something only beside another one.
    Weakness,
}

/// When a check is tried. Each phase ends with an ordinary event, the canary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// One ordinary event, alone.
    Baseline,
    /// Everything that a provider really sends.
    Sound,
    /// What must be refused.
    Refused,
    /// What no provider sends, and what breaks weak software.
    Hostile,
    /// What bears no company: each of these checks has the endpoint for itself.
    Alone,
}

impl Phase {
    /// All phases, in the order of the run.
    pub const ALL: [Self; 5] = [Self::Baseline, Self::Sound, Self::Refused, Self::Hostile, Self::Alone];

    /// The name that reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Sound => "sound traffic",
            Self::Refused => "refused traffic",
            Self::Hostile => "hostile traffic",
            Self::Alone => "checks that stand alone",
        }
    }
}

/// What a rule rests on; without it the check is not applicable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// The provider signs its deliveries.
    Signature,
    /// The signature covers the time of sending.
    SignedTimestamp,
    /// The signature's header can hold several signatures.
    SignatureList,
    /// The retry schedule is published.
    Schedule,
    /// The event says when it was created.
    CreationTime,
    /// Events have a type.
    EventTypes,
    /// A time limit is published or was given.
    TimeLimit,
    /// The types to judge were named by the caller.
    NamedTypes,
    /// The types to judge were not named, so that the whole catalogue counts.
    WholeCatalogue,
    /// Events say how much they are about.
    Amounts,
    /// Events say whether they are live, and live ones were asked for.
    Livemode,
    /// The caller has time for what takes longer than the provider's limit.
    Patience,
}

impl Feature {
    /// Why the rule does not exist here, or nothing where it does.
    pub(crate) fn missing(self, provider: &Provider, setting: &Setting) -> Option<String> {
        let title = &provider.title;
        let signs_timestamp =
            provider.signature.as_ref().is_some_and(hookproof_core::Scheme::signs_timestamp);
        let (holds, why) = match self {
            Self::Signature => (provider.is_signed(), format!("{title} does not sign its deliveries")),
            Self::SignedTimestamp => (signs_timestamp, format!("{title} does not sign the time of sending")),
            // The constructions that sign a time are those that list their signatures.
            Self::SignatureList => (signs_timestamp, format!("{title} sends one signature and no list")),
            Self::Schedule => (
                matches!(provider.retries, Retries::Schedule(_)),
                match provider.retries {
                    Retries::Never => format!("{title} does not retry by itself"),
                    _ => format!("{title} publishes no retry schedule"),
                },
            ),
            Self::CreationTime => (
                !matches!(provider.shape.created, At::Nowhere),
                format!("{title}'s events do not say when they were created"),
            ),
            Self::EventTypes => {
                (!matches!(provider.shape.kind, At::Nowhere), format!("{title}'s events have no type"))
            }
            Self::TimeLimit => (
                setting.time_limit.or(provider.time_limit).is_some(),
                format!("{title} publishes no time limit; name the one you promise with --timeout"),
            ),
            Self::NamedTypes => (!setting.events.is_empty(), "no types were named with --events".into()),
            Self::Amounts => (
                !Money::of(&sample_for(provider, setting.ordinary_type(provider)), &provider.shape.object)
                    .amounts
                    .is_empty(),
                format!("{title}'s ordinary event has no amount"),
            ),
            Self::Livemode => {
                let told = tells_livemode(&sample_for(provider, setting.ordinary_type(provider)));
                let why = if told {
                    "every event of this run is a test event; --livemode tries both kinds".into()
                } else {
                    format!("{title}'s events do not say whether they are live")
                };
                (told && setting.livemode, why)
            }
            Self::Patience => (setting.full, "it takes longer than the time limit; --full tries it".into()),
            Self::WholeCatalogue => {
                (setting.events.is_empty(), "the types to judge were named with --events".into())
            }
        };
        (!holds).then_some(why)
    }
}

/// What must be true of a run for a verdict to be believed; without it the verdict is `Unknown`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The baseline event was acknowledged.
    Accepted,
    /// A forgery was seen refused, or without effect, in this run.
    Refuses,
    /// Something observes effects.
    Observer,
    /// The observer saw the effect of the baseline event.
    WiredObserver,
    /// A later event had its effect while this one's was awaited.
    SettledEffects,
    /// The merchant's downstream answers as we command.
    Downstream,
    /// The merchant can be stopped and started.
    Restart,
    /// The merchant's clock can be moved.
    Clock,
    /// The driver can look at TLS.
    Tls,
}

impl Need {
    /// Why a verdict cannot be given without it, and what would settle it.
    pub const fn why_missing(self) -> &'static str {
        match self {
            Self::Accepted => "the ordinary event that opens the run was not acknowledged",
            Self::Refuses => {
                "no forgery was seen refused in this run, so accepting a right signature proves nothing"
            }
            Self::Observer => {
                "nothing observes effects; connect one with --effects-listen, --effects-url or --effects-cmd"
            }
            Self::WiredObserver => {
                "the ordinary event that opens the run had no effect that the observer saw: is it wired to the endpoint?"
            }
            Self::SettledEffects => {
                "no effect was seen, but an ordinary event sent later had none in time either; raise --effect-wait"
            }
            Self::Downstream => {
                "it needs a downstream that fails or is slow on command; let the endpoint call --effects-listen"
            }
            Self::Restart => "it needs to stop and start the endpoint; name the command with --restart-cmd",
            Self::Clock => "it needs to move the endpoint's clock; name the command with --advance-clock-cmd",
            Self::Tls => "this driver cannot look at TLS",
        }
    }
}

impl Check {
    /// How binding the rule is for `provider`. Where no clause of the provider's stands behind it, it is a
    /// MUST only when an effect lost, an effect doubled or a forgery believed follows from breaking it.
    pub fn level_for(&self, provider: &Provider) -> Level {
        let grave = matches!(
            self.harm,
            Harm::EffectLost | Harm::EffectDoubled | Harm::EffectMiscounted | Harm::ForgeryBelieved
        );
        if self.level == Level::Must && self.clauses_for(provider).is_empty() && !grave {
            Level::Should
        } else {
            self.level
        }
    }

    /// On whose word the rule stands for `provider`.
    pub fn basis_for(&self, provider: &Provider) -> Basis {
        if self.clauses_for(provider).is_empty() { Basis::Hookproof } else { self.basis }
    }

    /// The clauses of `provider` that the rule stands on.
    pub fn clauses_for(&self, provider: &Provider) -> Vec<&'static str> {
        self.clauses.iter().copied().filter(|id| belongs_to(id, provider)).collect()
    }

    /// Why the rule does not exist for `provider` under `setting`, or nothing where it does.
    pub fn not_applicable(&self, provider: &Provider, setting: &Setting) -> Option<String> {
        self.rests_on.iter().find_map(|feature| feature.missing(provider, setting))
    }
}
