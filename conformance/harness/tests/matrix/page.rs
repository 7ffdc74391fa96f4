//! `docs/matrix.md`: what the suite says of every merchant that we understand.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use hookproof_conformance::merchant::{Defect, Nature, Variant};
use hookproof_suite::{CATALOGUE, Verdict};

use crate::{
    configuration::{FOUR, NAMED, NAMED_UNOBSERVED, SINK, UNOBSERVED},
    ids, is_unknown, verdicts,
};

/// What each defect fails, under each of the [`FOUR`].
pub(crate) type Failed = BTreeMap<Defect, [BTreeSet<&'static str>; 4]>;

/// Plays every defect under the [`FOUR`].
pub(crate) fn failed() -> Failed {
    let play = |defect| {
        FOUR.map(|configuration| {
            ids(&verdicts(Nature::Flawed(defect), configuration, "aaaaaaaa"), Verdict::is_fail)
        })
    };
    Defect::ALL.iter().map(|defect| (*defect, play(*defect))).collect()
}

/// The whole page.
pub(crate) fn page(failed: &Failed) -> String {
    let mut page = String::from(INTRODUCTION);
    for (letter, configuration) in LETTERS.iter().zip(FOUR) {
        put(&mut page, format_args!("- **{letter}**: {}\n", configuration.name));
    }
    page.push_str("\n## Every check, and the defects that it catches\n\n| check | fails |\n| --- | --- |\n");
    for check in CATALOGUE {
        let caught = failed.iter().filter_map(|(defect, columns)| {
            let letters = letters(columns, check.id);
            (!letters.is_empty()).then(|| format!("{defect} {letters}"))
        });
        put(&mut page, format_args!("| {} | {} |\n", check.id, caught.collect::<Vec<_>>().join(", ")));
    }
    page.push_str("\n## Every defect, and the checks that it fails\n\n| defect | what it does | fails |\n| --- | --- | --- |\n");
    for (defect, columns) in failed {
        let checks: BTreeSet<_> = columns.iter().flatten().collect();
        let checks: Vec<_> =
            checks.into_iter().map(|check| format!("{check} {}", letters(columns, check))).collect();
        put(&mut page, format_args!("| {defect} | {} | {} |\n", defect.description(), checks.join(", ")));
    }
    page.push_str(VARIANTS);
    for &variant in Variant::ALL {
        // These two show nothing of themselves in a run of test events of all types.
        let called = match variant {
            Variant::TwoTypes | Variant::IgnoresTestEvents => [&NAMED, &NAMED_UNOBSERVED],
            _ => [&SINK, &UNOBSERVED],
        };
        let [observed, blind] = called.map(|configuration| {
            let reference = ids(&verdicts(Nature::Reference, configuration, "aaaaaaaa"), is_unknown);
            let unknown = ids(&verdicts(Nature::sound([variant]), configuration, "aaaaaaaa"), is_unknown);
            unknown.difference(&reference).copied().collect::<Vec<_>>().join(", ")
        });
        put(&mut page, format_args!("| {variant} | {} | {observed} | {blind} |\n", variant.description()));
    }
    page
}

/// Holds that the page is current, or with `HOOKPROOF_UPDATE` set makes it so.
pub(crate) fn assert_current(page: &str) {
    let path = path();
    if env::var_os("HOOKPROOF_UPDATE").is_some() {
        fs::write(&path, page).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let unlike = written.lines().zip(page.lines()).find(|(written, made)| written != made);
    assert!(
        written == page,
        "docs/matrix.md is not current; `cargo xtask matrix --update` makes it: {unlike:#?}"
    );
}

/// Under which configurations a check fails, as their letters.
fn letters(columns: &[BTreeSet<&str>; 4], check: &str) -> String {
    let failed = LETTERS.iter().zip(columns).filter(|(_, failed)| failed.contains(check));
    failed.map(|(letter, _)| *letter).collect()
}

fn put(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).expect("a String takes all that is written to it");
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/matrix.md")
}

const LETTERS: [char; 4] = ['S', 'N', 'T', 'U'];

const INTRODUCTION: &str = "\
# The matrix

Which mistake each check catches, and what stays unknown of merchants that are sound in their own way. Every merchant
here is one that we wrote and understand: the same code is behind `hookproof check --demo DEFECT`.

This page is made by `cargo xtask matrix --update`: each merchant under the whole suite, on a virtual clock. The tests
make it again and compare; they also hold that every check is failed by some defect, that no two checks fail just the
same ones, that every defect fails the check that it was written for, and that no sound variant fails anything.

Behind each name stand the letters of the configurations in which it fails:

";

const VARIANTS: &str = "
## Every sound variant, and what stays unknown of it

None of these fails anything, nor do 500 random compositions of two or three of them. What is unknown of each beyond
what is unknown of the reference merchant; `two-types` and `ignores-test-events` are called with named types and live
events:

| variant | what it does | with a sink | without an observer |
| --- | --- | --- | --- |
";
