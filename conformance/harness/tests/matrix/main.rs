//! Every merchant that we understand under every check, on a virtual clock: the suite is right when each
//! defect fails its checks and no others, and nobody who is sound fails any.

mod composition;
mod configuration;
mod page;
mod rehearsal;

use std::collections::{BTreeMap, BTreeSet};

use hookproof_conformance::merchant::{Defect, Fraud, Nature, Variant};
use hookproof_suite::{CATALOGUE, Observer, Verdict};

use self::configuration::{CONFIGURATIONS, Configuration, SMALL, TURNSTAY, Verdicts};

#[test]
fn the_page_says_what_each_merchant_comes_to_and_nothing_slips_through() {
    let failed = page::failed();
    for (defect, columns) in &failed {
        let caught = columns.iter().any(|failed| failed.contains(defect.check()));
        assert!(caught, "{defect} does not fail {}: {columns:#?}", defect.check());
    }
    let mut columns: BTreeMap<&str, BTreeSet<Defect>> = BTreeMap::new();
    for (defect, failed) in &failed {
        for check in failed.iter().flatten() {
            columns.entry(check).or_default().insert(*defect);
        }
    }
    let ids: BTreeSet<_> = CATALOGUE.iter().map(|check| check.id).collect();
    assert_eq!(columns.keys().copied().collect::<BTreeSet<_>>(), ids, "a check that nothing fails is none");
    let distinct: BTreeSet<_> = columns.values().collect();
    assert_eq!(distinct.len(), columns.len(), "two checks fail the same defects: {columns:#?}");
    page::assert_current(&page::page(&failed));
}

#[test]
fn the_reference_merchant_proves_every_check_that_applies() {
    for configuration in CONFIGURATIONS {
        let verdicts = verdicts(Nature::Reference, &configuration, "aaaaaaaa");
        assert_eq!(ids(&verdicts, Verdict::is_fail), BTreeSet::new(), "{}", configuration.name);
        let expected = match configuration.observer {
            Observer::None => UNSEEN,
            Observer::Calls => &[],
            Observer::Counts => UNCOMMANDED,
        };
        let expected: BTreeSet<_> = expected.iter().copied().collect();
        assert_eq!(ids(&verdicts, is_unknown), expected, "{}", configuration.name);
        let absent = ids(&verdicts, |verdict| matches!(verdict, Verdict::NotApplicable(_)));
        assert_eq!(absent, configuration.not_applicable.iter().copied().collect(), "{}", configuration.name);
    }
}

#[test]
fn no_sound_variant_fails_anything() {
    for &variant in Variant::ALL {
        let nature = Nature::sound([variant]);
        for configuration in CONFIGURATIONS.iter().filter(|configuration| configuration.suits(nature)) {
            let failed = ids(&verdicts(nature, configuration, "aaaaaaaa"), Verdict::is_fail);
            assert_eq!(failed, BTreeSet::new(), "{variant} under {}", configuration.name);
        }
    }
}

#[test]
fn at_fifty_a_second_a_merchant_that_allows_no_more_proves_everything() {
    for configuration in [&SMALL, &TURNSTAY] {
        let nature = Nature::sound([Variant::FiftyASecond]);
        let verdicts = configuration.run_at(Some(50.0), &mut configuration.simulation(nature), "aaaaaaaa");
        let proven = |verdict: &Verdict| verdict.is_pass() || matches!(verdict, Verdict::NotApplicable(_));
        assert_eq!(ids(&verdicts, |verdict| !proven(verdict)), BTreeSet::new(), "{verdicts:#?}");
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
fn a_second_run_gives_the_same_verdicts_also_with_another_nonce_on_a_merchant_that_knows_the_first() {
    // These are not the same merchant any more after a run, or not for a while.
    let changes = [
        Nature::Flawed(Defect::AnswersLate),
        Nature::Flawed(Defect::DiesAfterForgeries),
        Nature::sound([Variant::FiftyASecond]),
        Nature::sound([Variant::BansAfterTwenty]),
    ];
    for nature in natures() {
        // Of a flawed one it is shown once: the ids of TurnStay's events are digits, whoever receives them.
        let flawed = matches!(nature, Nature::Flawed(_));
        for configuration in if flawed { &[&SMALL][..] } else { &[&SMALL, &TURNSTAY] } {
            let mut simulation = configuration.simulation(nature);
            let first = configuration.run(&mut simulation, "aaaaaaaa");
            let second = if changes.contains(&nature) {
                verdicts(nature, configuration, "0k3w9x1q")
            } else {
                configuration.run(&mut simulation, "0k3w9x1q")
            };
            assert_eq!(names(&first), names(&second), "{nature:?} under {}", configuration.name);
            assert_eq!(first, verdicts(nature, configuration, "aaaaaaaa"), "{nature:?}, the same again");
        }
    }
}

fn verdicts(nature: Nature, configuration: &Configuration, nonce: &str) -> Verdicts {
    configuration.run(&mut configuration.simulation(nature), nonce)
}

fn natures() -> Vec<Nature> {
    let flawed = Defect::ALL.iter().copied().map(Nature::Flawed);
    let sound = Variant::ALL.iter().copied().map(|variant| Nature::sound([variant]));
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

/// What nobody can judge whose downstream does as it likes.
const UNCOMMANDED: &[&str] = &[
    "duplicate/failed-effect",
    "duplicate/overlap-with-failure",
    "timing/slow-effect",
    "timing/slow-effect-limit",
];

/// What nobody can judge without an observer.
const UNSEEN: &[&str] = &[
    "acknowledge/out-of-order",
    "duplicate/aged-redelivery",
    "duplicate/concurrent",
    "duplicate/distinct-events",
    "duplicate/failed-effect",
    "duplicate/forged-first",
    "duplicate/lost-answer",
    "duplicate/many",
    "duplicate/overlap-with-failure",
    "duplicate/resigned",
    "duplicate/restart",
    "duplicate/retention",
    "duplicate/same-id-other-body",
    "duplicate/sequential",
    "duplicate/unsigned-key",
    "http/nul-escape",
    "property/any-history",
    "retry/aged-event",
    "retry/rehearsal",
    "timing/slow-effect",
    "timing/slow-effect-limit",
];
