//! For whom a merchant works and what is at hand: one run of the suite on a virtual clock each.

use std::time::Duration;

use hookproof_conformance::{
    merchant::{Character, Merchant, Nature, Variant},
    simulation::Simulation,
};
use hookproof_core::{EndpointUrl, Provider, Secret};
use hookproof_suite::{Observer, Plan, Registered, Run, Selection, Setting, Verdict};

/// What each check came to.
pub(crate) type Verdicts = Vec<(&'static str, Verdict)>;

/// For which provider, with what at hand.
pub(crate) struct Configuration {
    pub(crate) name: &'static str,
    provider: &'static str,
    events: &'static [&'static str],
    livemode: bool,
    /// The address under which the merchant is registered is told, and in production.
    production: bool,
    pub(crate) observer: Observer,
    /// How many events `duplicate/many` sends.
    many: u16,
    pub(crate) not_applicable: &'static [&'static str],
}

pub(crate) const SINK: Configuration = Configuration {
    name: "turratech with a sink",
    provider: "turratech",
    events: &[],
    livemode: false,
    production: true,
    observer: Observer::Calls,
    // Half as many again as the shortest memory holds.
    many: 150,
    not_applicable: &[
        "acknowledge/subscribed-types",
        "acknowledge/test-mode",
        "tls/certificate",
        "tls/expiry",
        "tls/version",
    ],
};

/// The same, where it need not be proven that many events are remembered.
pub(crate) const SMALL: Configuration = Configuration { many: 10, ..SINK };

pub(crate) const NAMED: Configuration = Configuration {
    name: "turratech with named types and live events",
    livemode: true,
    events: &["payment.succeeded", "payment.failed"],
    not_applicable: &[
        "acknowledge/every-type",
        "acknowledge/unknown-type",
        "tls/certificate",
        "tls/expiry",
        "tls/version",
    ],
    ..SMALL
};

pub(crate) const TURNSTAY: Configuration = Configuration {
    name: "turnstay with a sink",
    provider: "turnstay",
    not_applicable: &[
        "acknowledge/out-of-order",
        "acknowledge/subscribed-types",
        "acknowledge/test-mode",
        "duplicate/aged-redelivery",
        "duplicate/forged-first",
        "duplicate/resigned",
        "duplicate/retention",
        "duplicate/same-id-other-body",
        "retry/aged-event",
        "retry/rehearsal",
        "signature/accepts-extra-scheme",
        "signature/accepts-rotated",
        "signature/accepts-skew",
        "signature/header-case",
        "signature/no-oracle",
        "signature/raw-body",
        "signature/refusal-status",
        "signature/rejects-downgrade",
        "signature/rejects-empty",
        "signature/rejects-forged",
        "signature/rejects-future",
        "signature/rejects-malformed",
        "signature/rejects-missing",
        "signature/rejects-non-numeric-timestamp",
        "signature/rejects-stale",
        "signature/rejects-tampered-body",
        "signature/rejects-tampered-timestamp",
        "signature/rejects-truncated",
        "signature/rejects-two-timestamps",
        "timing/headroom",
        "timing/slow-effect-limit",
        "timing/within-limit",
        "tls/certificate",
        "tls/expiry",
        "tls/version",
    ],
    ..SMALL
};

pub(crate) const UNOBSERVED: Configuration =
    Configuration { name: "turratech without an observer", observer: Observer::None, ..SMALL };

pub(crate) const NAMED_UNOBSERVED: Configuration =
    Configuration { name: "turratech with named types and no observer", observer: Observer::None, ..NAMED };

pub(crate) const FOUR: [&Configuration; 4] = [&SINK, &NAMED, &TURNSTAY, &UNOBSERVED];

pub(crate) const CONFIGURATIONS: [Configuration; 8] = [
    SINK,
    NAMED,
    TURNSTAY,
    UNOBSERVED,
    Configuration {
        name: "turratech with the merchant's books, at a desk",
        observer: Observer::Counts,
        production: false,
        not_applicable: &[
            "acknowledge/subscribed-types",
            "acknowledge/test-mode",
            "tls/certificate",
            "tls/expiry",
            "tls/version",
            "url/https",
            "url/no-credentials",
            "url/public",
        ],
        ..SMALL
    },
    Configuration {
        name: "standard-webhooks with a sink",
        provider: "standard-webhooks",
        not_applicable: &[
            "acknowledge/amounts",
            "acknowledge/subscribed-types",
            "acknowledge/test-mode",
            "duplicate/aged-redelivery",
            "duplicate/retention",
            "duplicate/unsigned-key",
            "retry/aged-event",
            "retry/rehearsal",
            "timing/headroom",
            "timing/slow-effect-limit",
            "timing/within-limit",
            "tls/certificate",
            "tls/expiry",
            "tls/version",
        ],
        ..SMALL
    },
    Configuration {
        name: "stripe with a sink",
        provider: "stripe",
        not_applicable: &[
            "acknowledge/subscribed-types",
            "acknowledge/test-mode",
            "duplicate/aged-redelivery",
            "duplicate/retention",
            "retry/aged-event",
            "retry/rehearsal",
            "timing/headroom",
            "timing/slow-effect-limit",
            "timing/within-limit",
            "tls/certificate",
            "tls/expiry",
            "tls/version",
        ],
        ..SMALL
    },
    Configuration {
        name: "github with a sink",
        provider: "github",
        not_applicable: &[
            "acknowledge/amounts",
            "acknowledge/out-of-order",
            "acknowledge/subscribed-types",
            "acknowledge/test-mode",
            "duplicate/aged-redelivery",
            "duplicate/resigned",
            "duplicate/retention",
            "duplicate/unsigned-key",
            "retry/aged-event",
            "retry/rehearsal",
            "signature/accepts-extra-scheme",
            "signature/accepts-rotated",
            "signature/accepts-skew",
            "signature/rejects-future",
            "signature/rejects-non-numeric-timestamp",
            "signature/rejects-stale",
            "signature/rejects-tampered-timestamp",
            "signature/rejects-two-timestamps",
            "tls/certificate",
            "tls/expiry",
            "tls/version",
        ],
        ..SMALL
    },
];

impl Configuration {
    /// Whether a caller of this merchant can have chosen it: whoever refuses types must be called with its own.
    pub(crate) fn suits(&self, nature: Nature) -> bool {
        !self.events.is_empty() || !matches!(nature, Nature::Sound(ways) if ways.contains(Variant::TwoTypes))
    }

    fn provider(&self) -> &'static Provider {
        Provider::built_in(self.provider).expect("it is built in")
    }

    fn secret(&self) -> Option<Secret> {
        self.provider()
            .is_signed()
            .then(|| Secret::new("whsec_c2ltdWxhdGVkIG1lcmNoYW50").expect("it is sound"))
    }

    pub(crate) fn simulation(&self, nature: Nature) -> Simulation {
        let character = Character::new(nature, self.provider().time_limit.unwrap_or(Duration::from_secs(30)));
        let merchant =
            Merchant::new(character, self.provider(), self.secret().as_ref()).expect("the secret fits");
        Simulation::new(merchant, self.observer)
    }

    pub(crate) fn run(&self, simulation: &mut Simulation, nonce: &str) -> Verdicts {
        self.run_at(None, simulation, nonce)
    }

    /// With so many deliveries a second at the most.
    pub(crate) fn run_at(&self, rate: Option<f64>, simulation: &mut Simulation, nonce: &str) -> Verdicts {
        let registered = Registered::parse(simulation.registration().url).expect("it is a URL");
        let setting = Setting {
            endpoint: EndpointUrl::parse("http://127.0.0.1/webhooks").ok(),
            public_url: self.production.then_some(registered),
            production: self.production,
            events: self.events.iter().map(ToString::to_string).collect(),
            livemode: self.livemode,
            // Longer than any variant's.
            own_retry_within: Some(Duration::from_secs(90)),
            full: true,
            many: self.many,
            nonce: nonce.to_owned(),
            cases: HISTORIES,
            ..Setting::default()
        };
        let plan = Plan {
            provider: self.provider().clone(),
            secret: self.secret(),
            setting,
            selection: Selection::default(),
            observer: self.observer,
            jobs: 8,
            rate,
            confidential: Vec::new(),
        };
        let mut run = Run::new(plan, simulation.now()).expect("the secret fits");
        simulation.drive(&mut run);
        run.findings().into_iter().map(|finding| (finding.check.id, finding.verdict)).collect()
    }
}

/// Enough for every defect; more would make the matrix a matter of minutes.
const HISTORIES: u16 = 5;
