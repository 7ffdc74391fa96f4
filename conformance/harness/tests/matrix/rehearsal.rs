//! Lives of single events against every merchant that we understand.

use std::time::Duration;

use hookproof_conformance::{
    merchant::{Character, Defect, Merchant, Nature, Variant},
    simulation::Simulation,
};
use hookproof_core::{Provider, Secret};
use hookproof_suite::{
    Observer, Plan, Run, Selection, Setting, Verdict,
    life::{Life, Rehearsal},
};

/// Each fault alone, first and last, and all of them mixed.
const FAULTS: [&str; 12] = [
    "none",
    "undelivered,answer-lost",
    "answer-lost*3",
    "answer-lost*8",
    "twice",
    "twice,twice",
    "downstream-fails",
    "downstream-fails*3",
    "downstream-fails,answer-lost,twice",
    "restart",
    "answer-lost,restart",
    "undelivered*2,answer-lost,downstream-fails,restart,twice",
];

fn rehearsed(
    nature: Nature,
    faults: &str,
    moves_clock: bool,
    own_retry_within: Option<Duration>,
) -> (Verdict, Life) {
    let provider = Provider::built_in("turratech").expect("it is built in");
    let secret = Secret::new("whsec_c2ltdWxhdGVkIG1lcmNoYW50").expect("it is sound");
    let character = Character::new(nature, Duration::from_secs(30));
    let merchant = Merchant::new(character, provider, Some(&secret)).expect("the secret fits");
    let mut simulation = Simulation::new(merchant, Observer::Calls);
    let setting = Setting {
        rehearsal: Some(Rehearsal { faults: faults.parse().expect("they are faults"), moves_clock }),
        own_retry_within,
        nonce: "aaaaaaaa".into(),
        ..Setting::default()
    };
    let plan = Plan {
        provider: provider.clone(),
        secret: Some(secret),
        setting,
        selection: Selection::baseline(),
        observer: Observer::Calls,
        jobs: 8,
        rate: None,
        confidential: Vec::new(),
    };
    let mut run = Run::new(plan, simulation.now()).expect("the secret fits");
    simulation.drive(&mut run);
    let rehearsed = run.findings().pop().expect("it was played");
    (rehearsed.verdict, run.life().expect("it was lived"))
}

/// What came of each attempt, for a message.
fn story(life: &Life) -> String {
    let told = life
        .attempts
        .iter()
        .map(|attempt| format!("{}: {} ({:?})", attempt.fault.name(), attempt.results(), attempt.effects));
    told.collect::<Vec<_>>().join(", ")
}

#[test]
fn no_sound_variant_fails_a_rehearsal() {
    for &variant in Variant::ALL {
        for faults in FAULTS {
            for (moves_clock, own_retry_within) in
                [(false, None), (false, Some(Duration::from_secs(90))), (true, Some(Duration::from_secs(90)))]
            {
                let nature = Nature::sound([variant]);
                let (verdict, life) = rehearsed(nature, faults, moves_clock, own_retry_within);
                assert!(
                    !verdict.is_fail(),
                    "{variant}, {faults}, {moves_clock}: {verdict:?}, {}",
                    story(&life)
                );
            }
        }
    }
}

#[test]
fn the_reference_merchant_proves_every_rehearsal() {
    for faults in FAULTS {
        for moves_clock in [false, true] {
            let (verdict, life) = rehearsed(Nature::Reference, faults, moves_clock, Some(Duration::ZERO));
            assert!(verdict.is_pass(), "{faults}, {moves_clock}: {verdict:?}, {}", story(&life));
        }
    }
}

#[test]
fn a_rehearsal_shows_what_it_was_made_to_show() {
    for (defect, faults) in [
        (Defect::NoDedupe, "answer-lost"),
        (Defect::NoDedupe, "twice"),
        (Defect::DedupesBySignature, "answer-lost"),
        (Defect::RemembersInMemory, "answer-lost,restart"),
        (Defect::SwallowsFailures, "downstream-fails"),
        (Defect::BlocksAbandonedEvents, "answer-lost*3"),
    ] {
        let (verdict, life) = rehearsed(Nature::Flawed(defect), faults, false, Some(Duration::ZERO));
        assert!(verdict.is_fail(), "{defect}, {faults}: {verdict:?}, {}", story(&life));
    }
}
