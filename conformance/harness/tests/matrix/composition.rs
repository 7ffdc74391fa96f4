//! Merchants that are sound in several ways at once, drawn at random.

use std::{collections::BTreeSet, thread};

use hookproof_conformance::merchant::{Nature, Variant};

use crate::{
    configuration::{CONFIGURATIONS, NAMED_UNOBSERVED},
    verdicts,
};

#[test]
fn nothing_fails_whatever_ways_to_be_sound_come_together() {
    let mut draw = Draw(SEED);
    let mut known = BTreeSet::new();
    while known.len() < COMPOSITIONS {
        let composition = draw.composition();
        known.insert(composition);
    }
    let all: Vec<Composition> = known.into_iter().collect();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for part in all.chunks(COMPOSITIONS.div_ceil(workers)) {
            scope.spawn(move || part.iter().for_each(assert_sound));
        }
    });
}

/// The variants, and the place of the configuration.
type Composition = (Vec<Variant>, usize);

fn assert_sound((variants, place): &Composition) {
    let nature = Nature::sound(variants.iter().copied());
    let configuration = CONFIGURATIONS.get(*place).unwrap_or(&NAMED_UNOBSERVED);
    let failed: Vec<_> = verdicts(nature, configuration, "aaaaaaaa")
        .into_iter()
        .filter(|(_, verdict)| verdict.is_fail())
        .collect();
    let names: Vec<&str> = variants.iter().map(|variant| variant.name()).collect();
    assert!(failed.is_empty(), "{} under {}: {failed:#?}", names.join(" + "), configuration.name);
}

/// `SplitMix64`, so that every machine draws the same.
struct Draw(u64);

impl Draw {
    /// Two or three variants, under a configuration that suits them.
    fn composition(&mut self) -> Composition {
        let wanted = 2 + self.below(2);
        let mut variants = BTreeSet::new();
        while variants.len() < wanted {
            variants.insert(Variant::ALL[self.below(Variant::ALL.len())]);
        }
        let nature = Nature::sound(variants.iter().copied());
        let suitable: Vec<usize> = CONFIGURATIONS
            .iter()
            .chain([&NAMED_UNOBSERVED])
            .enumerate()
            .filter(|(_, configuration)| configuration.suits(nature))
            .map(|(place, _)| place)
            .collect();
        (variants.into_iter().collect(), suitable[self.below(suitable.len())])
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).expect("31 bits fit") % bound
    }
}

const COMPOSITIONS: usize = 500;

const SEED: u64 = 5;
