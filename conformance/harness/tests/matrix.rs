//! Every merchant that we understand under every check, on a virtual clock: the suite is right when each
//! defect fails its checks and no others, and nobody who is sound fails any.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use hookproof_conformance::{
    merchant::{Character, Defect, Fraud, Merchant, Nature, Variant},
    simulation::Simulation,
};
use hookproof_core::{Provider, Secret};
use hookproof_suite::{CATALOGUE, Observer, Plan, Run, Selection, Setting, Verdict};

/// Which checks each defect fails: under TurraTech with a sink for effects, the same with two types named,
/// TurnStay with a sink, and TurraTech without an observer.
const TABLE: [(Defect, [&[&str]; 4]); 25] = [
    (Defect::CrashesOnEveryEvent, [&["acknowledge/success-status"]; 4]),
    (Defect::Redirects, [&["acknowledge/success-status", "acknowledge/no-redirect"]; 4]),
    (
        Defect::KnowsOneType,
        [
            &["acknowledge/every-type", "acknowledge/unknown-type"],
            &["acknowledge/subscribed-types"],
            &["acknowledge/unknown-type"],
            &["acknowledge/every-type", "acknowledge/unknown-type"],
        ],
    ),
    (Defect::CrashesOnRareTypes, [&["acknowledge/every-type"], NONE, NONE, &["acknowledge/every-type"]]),
    (
        Defect::RefusesUnknownTypes,
        [&["acknowledge/unknown-type"], NONE, &["acknowledge/unknown-type"], &["acknowledge/unknown-type"]],
    ),
    (Defect::StrictFields, [&["acknowledge/unknown-fields"]; 4]),
    (Defect::ReadsOnePacket, [&["acknowledge/segmentation"]; 4]),
    (
        Defect::NoVerification,
        [
            &["signature/rejects-missing", "signature/rejects-forged", "signature/rejects-tampered-body"],
            &["signature/rejects-missing", "signature/rejects-forged", "signature/rejects-tampered-body"],
            NONE,
            NONE,
        ],
    ),
    (
        Defect::ChecksPresenceOnly,
        [
            &["signature/rejects-forged", "signature/rejects-tampered-body"],
            &["signature/rejects-forged", "signature/rejects-tampered-body"],
            NONE,
            NONE,
        ],
    ),
    (
        Defect::VerifiesOnlyWhenPresent,
        [&["signature/rejects-missing"], &["signature/rejects-missing"], NONE, NONE],
    ),
    (
        Defect::StripsBeforeVerifying,
        [
            &["acknowledge/unknown-fields", "signature/rejects-tampered-body"],
            &["acknowledge/unknown-fields", "signature/rejects-tampered-body"],
            NONE,
            &["acknowledge/unknown-fields"],
        ],
    ),
    (Defect::VerifiesReprintedJson, signed(&["signature/raw-body"])),
    (Defect::CaseSensitiveHeader, signed(&["signature/header-case"])),
    (Defect::Answers404ToForgeries, signed(&["signature/refusal-status"])),
    (Defect::NoDedupe, [DUPLICATES, DUPLICATES, UNSIGNED_DUPLICATES, NONE]),
    (
        Defect::DedupesBySignature,
        [
            &["duplicate/resigned", "duplicate/lost-answer"],
            &["duplicate/resigned", "duplicate/lost-answer"],
            NONE,
            NONE,
        ],
    ),
    (Defect::CheckThenAct, observed(&["duplicate/concurrent"])),
    (Defect::MarksAfterAnswer, observed(&["duplicate/lost-answer"])),
    (Defect::DropsWorkOnDisconnect, observed(&["duplicate/lost-answer"])),
    (Defect::RefusesDuplicates, [DUPLICATES, DUPLICATES, UNSIGNED_DUPLICATES, DUPLICATES]),
    (Defect::RunsJobsTwice, [DUPLICATES, DUPLICATES, UNSIGNED_DUPLICATES, NONE]),
    (
        Defect::AnswersLate,
        [
            &["acknowledge/every-type", "timing/within-limit"],
            &["acknowledge/subscribed-types", "timing/within-limit"],
            &["acknowledge/every-type"],
            &["acknowledge/every-type", "timing/within-limit"],
        ],
    ),
    (Defect::RefusesOldEvents, signed(&["retry/aged-event"])),
    (Defect::DiesAfterForgeries, signed(&["http/survives"])),
    (Defect::SelfSignedCertificate, [&["acknowledge/success-status", "tls/certificate"]; 4]),
];

/// What is Unknown of each sound variant beyond what is Unknown of the reference: with a sink, and without
/// an observer.
const UNSETTLED: [(Variant, [&[&str]; 2]); 7] = [
    (Variant::ThreeDownstreamCalls, [NONE; 2]),
    (Variant::PolledQueue, [NONE; 2]),
    (
        Variant::IgnoresForgeries,
        [
            &["signature/refusal-status"],
            &[
                "signature/header-case",
                "signature/raw-body",
                "signature/refusal-status",
                "signature/rejects-forged",
                "signature/rejects-missing",
                "signature/rejects-tampered-body",
            ],
        ],
    ),
    (Variant::Answers500ToForgeries, [&["signature/refusal-status"]; 2]),
    (Variant::ActsOnOneType, [NONE; 2]),
    (Variant::Answers500ToCopies, [NONE; 2]),
    (Variant::DownstreamDedupes, [NONE; 2]),
];

#[test]
fn each_defect_fails_its_checks_and_no_others() {
    for (defect, expected) in TABLE {
        for (configuration, expected) in FOUR.iter().zip(expected) {
            let failed = ids(&verdicts(Nature::Flawed(defect), configuration, "aaaaaaaa"), Verdict::is_fail);
            assert_eq!(failed, expected.iter().copied().collect(), "{defect} under {}", configuration.name);
        }
    }
}

#[test]
fn every_defect_stands_in_the_table_and_fails_something() {
    assert_eq!(TABLE.map(|(defect, _)| defect), Defect::ALL);
    for (defect, failed) in TABLE {
        assert!(failed.iter().any(|checks| !checks.is_empty()), "{defect} is caught by nothing");
    }
}

#[test]
fn every_check_is_failed_by_some_defect_and_no_other_check_by_just_the_same() {
    let mut columns: BTreeMap<&str, BTreeSet<Defect>> = BTreeMap::new();
    for (defect, failed) in TABLE {
        for check in failed.into_iter().flatten() {
            columns.entry(check).or_default().insert(defect);
        }
    }
    assert_eq!(
        columns.keys().copied().collect::<BTreeSet<_>>(),
        CATALOGUE.iter().map(|check| check.id).collect()
    );
    let distinct: BTreeSet<_> = columns.values().collect();
    assert_eq!(distinct.len(), columns.len(), "two checks fail the same defects: {columns:#?}");
}

#[test]
fn the_reference_merchant_proves_every_check_that_applies() {
    for configuration in CONFIGURATIONS {
        let verdicts = verdicts(Nature::Reference, &configuration, "aaaaaaaa");
        assert_eq!(ids(&verdicts, Verdict::is_fail), BTreeSet::new(), "{}", configuration.name);
        let unknown = ids(&verdicts, is_unknown);
        if configuration.observer == Observer::None {
            let expected = DUPLICATES.iter().copied().chain(["retry/aged-event"]).collect();
            assert_eq!(unknown, expected, "{}", configuration.name);
        } else {
            assert_eq!(unknown, BTreeSet::new(), "{}", configuration.name);
        }
        let absent = ids(&verdicts, |verdict| matches!(verdict, Verdict::NotApplicable(_)));
        assert_eq!(absent, configuration.not_applicable.iter().copied().collect(), "{}", configuration.name);
    }
}

#[test]
fn no_sound_variant_fails_anything() {
    for variant in Variant::ALL {
        for configuration in CONFIGURATIONS {
            let failed = ids(&verdicts(Nature::Sound(variant), &configuration, "aaaaaaaa"), Verdict::is_fail);
            assert_eq!(failed, BTreeSet::new(), "{variant} under {}", configuration.name);
        }
    }
}

#[test]
fn what_stays_unknown_of_a_sound_variant_is_known() {
    assert_eq!(UNSETTLED.map(|(variant, _)| variant), Variant::ALL);
    for (variant, expected) in UNSETTLED {
        for (configuration, expected) in [&SINK, &UNOBSERVED].into_iter().zip(expected) {
            let reference = ids(&verdicts(Nature::Reference, configuration, "aaaaaaaa"), is_unknown);
            let unknown = ids(&verdicts(Nature::Sound(variant), configuration, "aaaaaaaa"), is_unknown);
            let more: BTreeSet<_> = unknown.difference(&reference).copied().collect();
            assert_eq!(more, expected.iter().copied().collect(), "{variant} under {}", configuration.name);
        }
    }
}

#[test]
fn a_fraud_passes_nothing_about_signatures_or_duplicates() {
    for fraud in Fraud::ALL {
        for configuration in CONFIGURATIONS {
            let passed = ids(&verdicts(Nature::Fraud(fraud), &configuration, "aaaaaaaa"), Verdict::is_pass);
            let believed: Vec<_> = passed
                .iter()
                .filter(|id| id.starts_with("signature/") || id.starts_with("duplicate/"))
                .collect();
            assert!(believed.is_empty(), "{fraud} under {}: {believed:?}", configuration.name);
        }
    }
}

#[test]
fn a_second_run_with_the_same_seed_on_the_same_merchant_gives_the_same_verdicts() {
    // These two are not the same merchant any more after a run.
    let changes = [Defect::AnswersLate, Defect::DiesAfterForgeries];
    for nature in
        natures().into_iter().filter(|nature| !changes.iter().any(|one| *nature == Nature::Flawed(*one)))
    {
        let mut simulation = SINK.simulation(nature);
        let first = names(&SINK.run(&mut simulation, "aaaaaaaa"));
        let second = names(&SINK.run(&mut simulation, "zz9zz9zz"));
        assert_eq!(first, second, "{nature:?}");
    }
}

#[test]
fn another_nonce_gives_the_same_verdicts() {
    for nature in natures() {
        for configuration in [&SINK, &TURNSTAY] {
            let [first, second] =
                ["aaaaaaaa", "0k3w9x1q"].map(|nonce| names(&verdicts(nature, configuration, nonce)));
            assert_eq!(first, second, "{nature:?} under {}", configuration.name);
        }
    }
}

#[test]
fn a_simulation_is_the_same_each_time() {
    for nature in natures() {
        assert_eq!(verdicts(nature, &SINK, "aaaaaaaa"), verdicts(nature, &SINK, "aaaaaaaa"), "{nature:?}");
    }
}

/// For which provider, with what at hand.
struct Configuration {
    name: &'static str,
    provider: &'static str,
    events: &'static [&'static str],
    observer: Observer,
    not_applicable: &'static [&'static str],
}

const SINK: Configuration = Configuration {
    name: "turratech with a sink",
    provider: "turratech",
    events: &[],
    observer: Observer::Calls,
    not_applicable: &["acknowledge/subscribed-types", "tls/certificate"],
};

const NAMED: Configuration = Configuration {
    name: "turratech with named types",
    events: &["payment.succeeded", "payment.failed"],
    not_applicable: &["acknowledge/every-type", "acknowledge/unknown-type", "tls/certificate"],
    ..SINK
};

const TURNSTAY: Configuration = Configuration {
    name: "turnstay with a sink",
    provider: "turnstay",
    not_applicable: &[
        "acknowledge/subscribed-types",
        "duplicate/resigned",
        "retry/aged-event",
        "signature/header-case",
        "signature/raw-body",
        "signature/refusal-status",
        "signature/rejects-forged",
        "signature/rejects-missing",
        "signature/rejects-tampered-body",
        "timing/within-limit",
        "tls/certificate",
    ],
    ..SINK
};

const UNOBSERVED: Configuration =
    Configuration { name: "turratech without an observer", observer: Observer::None, ..SINK };

const FOUR: [&Configuration; 4] = [&SINK, &NAMED, &TURNSTAY, &UNOBSERVED];

const CONFIGURATIONS: [Configuration; 8] = [
    SINK,
    NAMED,
    TURNSTAY,
    UNOBSERVED,
    Configuration { name: "turratech with the merchant's books", observer: Observer::Counts, ..SINK },
    Configuration {
        name: "standard-webhooks with a sink",
        provider: "standard-webhooks",
        not_applicable: &[
            "acknowledge/subscribed-types",
            "retry/aged-event",
            "timing/within-limit",
            "tls/certificate",
        ],
        ..SINK
    },
    Configuration {
        name: "stripe with a sink",
        provider: "stripe",
        not_applicable: &[
            "acknowledge/subscribed-types",
            "retry/aged-event",
            "timing/within-limit",
            "tls/certificate",
        ],
        ..SINK
    },
    Configuration {
        name: "github with a sink",
        provider: "github",
        not_applicable: &[
            "acknowledge/subscribed-types",
            "duplicate/resigned",
            "retry/aged-event",
            "tls/certificate",
        ],
        ..SINK
    },
];

impl Configuration {
    fn provider(&self) -> &'static Provider {
        Provider::built_in(self.provider).expect("it is built in")
    }

    fn secret(&self) -> Option<Secret> {
        self.provider()
            .is_signed()
            .then(|| Secret::new("whsec_c2ltdWxhdGVkIG1lcmNoYW50").expect("it is sound"))
    }

    fn simulation(&self, nature: Nature) -> Simulation {
        let character = Character::new(nature, self.provider().time_limit.unwrap_or(Duration::from_secs(30)));
        let merchant =
            Merchant::new(character, self.provider(), self.secret().as_ref()).expect("the secret fits");
        Simulation::new(merchant, self.observer)
    }

    fn run(&self, simulation: &mut Simulation, nonce: &str) -> Verdicts {
        let setting = Setting {
            events: self.events.iter().map(ToString::to_string).collect(),
            headers: Vec::new(),
            time_limit: None,
            effect_wait: Duration::from_secs(10),
            seed: 1,
            nonce: nonce.to_owned(),
        };
        let plan = Plan {
            provider: self.provider().clone(),
            secret: self.secret(),
            setting,
            selection: Selection::default(),
            observer: self.observer,
            jobs: 8,
            confidential: Vec::new(),
        };
        let mut run = Run::new(plan, simulation.now()).expect("the secret fits");
        simulation.drive(&mut run);
        run.findings().into_iter().map(|finding| (finding.check.id, finding.verdict)).collect()
    }
}

type Verdicts = Vec<(&'static str, Verdict)>;

fn verdicts(nature: Nature, configuration: &Configuration, nonce: &str) -> Verdicts {
    configuration.run(&mut configuration.simulation(nature), nonce)
}

fn natures() -> Vec<Nature> {
    let flawed = Defect::ALL.map(Nature::Flawed);
    let sound = Variant::ALL.map(Nature::Sound);
    [Nature::Reference].into_iter().chain(flawed).chain(sound).chain(Fraud::ALL.map(Nature::Fraud)).collect()
}

fn ids(verdicts: &Verdicts, wanted: impl Fn(&Verdict) -> bool) -> BTreeSet<&'static str> {
    verdicts.iter().filter(|(_, verdict)| wanted(verdict)).map(|(id, _)| *id).collect()
}

fn names(verdicts: &Verdicts) -> Vec<(&'static str, &'static str)> {
    verdicts.iter().map(|(id, verdict)| (*id, verdict.name())).collect()
}

fn is_unknown(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Unknown(_))
}

/// A row of a defect that only a provider that signs, and that publishes what TurraTech does, can show.
const fn signed(checks: &'static [&'static str]) -> [&'static [&'static str]; 4] {
    [checks, checks, NONE, checks]
}

/// A row of a defect that only shows in effects.
const fn observed(checks: &'static [&'static str]) -> [&'static [&'static str]; 4] {
    [checks, checks, checks, NONE]
}

const NONE: &[&str] = &[];

const DUPLICATES: &[&str] =
    &["duplicate/sequential", "duplicate/resigned", "duplicate/concurrent", "duplicate/lost-answer"];

const UNSIGNED_DUPLICATES: &[&str] =
    &["duplicate/sequential", "duplicate/concurrent", "duplicate/lost-answer"];
