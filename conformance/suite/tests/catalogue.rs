//! The catalogue of checks, held to the rules that every check must keep.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
    time::Duration,
};

use hookproof_core::Provider;
use hookproof_suite::{
    Basis, CATALOGUE, Harm, Level, Phase, Selection, SelectionError, Setting, clause, clauses,
};

#[test]
fn every_id_is_an_area_and_a_rule_in_kebab_case_and_stands_once() {
    let mut ids = BTreeSet::new();
    for check in CATALOGUE {
        let (area, rule) = check.id.split_once('/').unwrap_or_else(|| panic!("{} has no area", check.id));
        for word in area.split('-').chain(rule.split('-')) {
            let sound = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
            assert!(!word.is_empty() && word.chars().all(sound), "{}", check.id);
        }
        assert!(ids.insert(check.id), "{} stands twice", check.id);
    }
}

#[test]
fn the_area_of_a_check_is_the_file_that_holds_it() {
    for check in CATALOGUE {
        let area = check.id.split('/').next().unwrap();
        let registered = format!("id: \"{}\"", check.id);
        let sources = sources(area);
        assert!(sources.iter().any(|source| source.contains(&registered)), "{} is not in {area}", check.id);
    }
}

#[test]
fn a_title_is_a_sentence_without_its_full_stop() {
    let titles: BTreeSet<&str> = CATALOGUE.iter().map(|check| check.title).collect();
    assert_eq!(titles.len(), CATALOGUE.len(), "two checks have one title");
    for title in titles {
        assert!(title.starts_with(|letter: char| letter.is_ascii_lowercase()), "{title}");
        assert!(!title.ends_with('.') && title.len() <= 90, "{title}");
    }
}

#[test]
fn every_clause_that_a_check_names_is_one_of_the_documents() {
    assert!(!clauses().is_empty());
    for check in CATALOGUE {
        let named: BTreeSet<&str> = check.clauses.iter().copied().collect();
        assert_eq!(named.len(), check.clauses.len(), "{} names a clause twice", check.id);
        for id in named {
            let clause = clause(id).unwrap_or_else(|| panic!("{} names {id}, which nobody wrote", check.id));
            assert_eq!(clause.id, id);
        }
    }
    assert!(clause("TT-0").is_none() && clause("").is_none());
}

#[test]
fn a_report_names_only_the_clauses_of_the_provider_that_is_tested() {
    for check in CATALOGUE {
        for provider in Provider::BUILT_IN {
            for id in check.clauses_for(provider) {
                assert_eq!(clause(id).unwrap().provider, provider.name, "{} for {}", check.id, provider.name);
            }
        }
        let [turratech, turnstay] = ["turratech", "turnstay"].map(|name| check.clauses_for(&provider(name)));
        assert_eq!([turratech, turnstay].concat().len(), check.clauses.len(), "{} loses a clause", check.id);
    }
}

#[test]
fn a_must_stands_on_a_providers_word_or_its_page_gives_the_reasons() {
    for check in CATALOGUE {
        for provider in Provider::BUILT_IN {
            if check.level_for(provider) == Level::Must && check.basis_for(provider) == Basis::Hookproof {
                assert!(
                    check.explain.contains("\n## Why this level\n"),
                    "{} is a MUST for {} and does not say why",
                    check.id,
                    provider.name
                );
            }
        }
    }
}

#[test]
fn no_must_rests_on_a_recommendation_alone() {
    let file: serde_json::Value =
        serde_json::from_str(include_str!("../../../fixtures/clauses.json")).expect("sound JSON");
    let recommended: BTreeMap<&str, bool> = file["clauses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|clause| (clause["id"].as_str().unwrap(), clause["recommendation"].as_bool().unwrap()))
        .collect();
    for check in CATALOGUE {
        let grave = !matches!(check.harm, Harm::AttemptFailed | Harm::Weakness);
        for provider in Provider::BUILT_IN.iter().filter(|_| !grave) {
            if check.level_for(provider) == Level::Must {
                let clauses = check.clauses_for(provider);
                assert!(clauses.iter().any(|id| !recommended[id]), "{} for {}", check.id, provider.name);
            }
        }
    }
}

#[test]
fn every_page_begins_with_the_id_and_has_what_a_reader_needs() {
    for check in CATALOGUE {
        let page = check.explain;
        assert_eq!(page.lines().next(), Some(format!("# {}", check.id).as_str()));
        for section in ["\n## What it costs\n", "\n## The cure\n"] {
            assert!(page.contains(section), "{} lacks{section}", check.id);
        }
        if check.basis == Basis::Hookproof {
            assert!(page.contains("\n## Why this level\n"), "{} does not say why", check.id);
        }
        let widest = page.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(100), "{} has a line of {widest:?} columns", check.id);
        assert!(page.ends_with('\n') && !page.contains('\t') && !page.contains('\r'), "{}", check.id);
        assert_eq!(page.matches("```").count() % 2, 0, "{} leaves a block of code open", check.id);
    }
}

#[test]
fn every_page_is_that_of_a_check() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks/explain");
    let pages: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let wanted = CATALOGUE.iter().map(|check| format!("{}.md", check.id.replace('/', "-"))).collect();
    assert_eq!(pages, wanted);
}

#[test]
fn a_page_names_no_check_and_no_clause_that_does_not_exist() {
    let areas: BTreeSet<&str> = CATALOGUE.iter().filter_map(|check| check.id.split('/').next()).collect();
    for check in CATALOGUE {
        let words =
            check.explain.split(|letter: char| !letter.is_ascii_alphanumeric() && !"/-".contains(letter));
        for word in words {
            let word = word.trim_end_matches(['-', '/']);
            if let Some((area, rule)) = word.split_once('/')
                && areas.contains(area)
                && !rule.contains('/')
            {
                assert!(CATALOGUE.iter().any(|other| other.id == word), "{} speaks of {word}", check.id);
            }
            if let Some(number) = word.strip_prefix("TT-").or(word.strip_prefix("TS-"))
                && number.parse::<u8>().is_ok()
            {
                assert!(clause(word).is_some(), "{} speaks of {word}", check.id);
            }
        }
    }
}

#[test]
fn the_run_opens_with_one_check_and_that_one_needs_nothing() {
    let opening: Vec<&str> =
        CATALOGUE.iter().filter(|check| check.phase == Phase::Baseline).map(|check| check.id).collect();
    assert_eq!(opening, ["acknowledge/success-status"]);
    assert!(CATALOGUE[0].needs.is_empty() && CATALOGUE[0].rests_on.is_empty());
}

#[test]
fn the_levels_bases_and_clauses_of_each_provider_are_these() {
    let mut table = String::new();
    for provider in Provider::BUILT_IN {
        writeln!(table, "{}", provider.name).unwrap();
        for check in CATALOGUE {
            let (level, basis) = (check.level_for(provider).name(), check.basis_for(provider).name());
            let line =
                format!("  {level:<7}{basis:<10}{:<41}{}", check.id, check.clauses_for(provider).join(" "));
            writeln!(table, "{}", line.trim_end()).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_does_not_apply_to_each_provider_is_this() {
    let mut table = String::new();
    for provider in Provider::BUILT_IN {
        let ordinary = provider.event_types[0].to_string();
        for (events, limit) in
            [(vec![], None), (vec![ordinary], None), (vec![], Some(Duration::from_secs(5)))]
        {
            let named = if events.is_empty() { "" } else { ", types named" };
            let given = if limit.is_some() { ", limit given" } else { "" };
            writeln!(table, "{}{named}{given}", provider.name).unwrap();
            let setting = setting(events, limit);
            for check in CATALOGUE {
                if let Some(why) = check.not_applicable(provider, &setting) {
                    writeln!(table, "  {:<41}{why}", check.id).unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_selection_takes_patterns_and_refuses_idle_ones() {
    for (only, skip, chosen) in [
        (&[][..], &[][..], CATALOGUE.len()),
        (&["tls/certificate"], &[], 1),
        (&["signature/*"], &[], in_area("signature")),
        (&["*"], &["signature/*"], CATALOGUE.len() - in_area("signature")),
        (&["duplicate/*", "tls/*"], &[], in_area("duplicate") + in_area("tls")),
        (&["*/*-*"], &[], CATALOGUE.iter().filter(|check| check.id.contains('-')).count()),
        (&["*"], &["*e*"], CATALOGUE.iter().filter(|check| !check.id.contains('e')).count()),
    ] {
        let selection =
            select(only, skip).unwrap_or_else(|error| panic!("{only:?} without {skip:?}: {error}"));
        let included = CATALOGUE.iter().filter(|check| selection.includes(check)).count();
        assert_eq!(included, chosen, "{only:?} without {skip:?}");
    }
    for (only, skip, error, message) in [
        (
            &["duplicates/*"][..],
            &[][..],
            SelectionError::NoMatch("duplicates/*".into()),
            "no check matches \"duplicates/*\"; `hookproof list` names them all",
        ),
        (
            &["tls/*"],
            &["signature/nothing"],
            SelectionError::NoMatch("signature/nothing".into()),
            "no check matches \"signature/nothing\"; `hookproof list` names them all",
        ),
        (
            &["Duplicate/sequential"],
            &[],
            SelectionError::NoMatch("Duplicate/sequential".into()),
            "no check matches \"Duplicate/sequential\"; is duplicate/sequential meant? `hookproof list` names them all",
        ),
        (&["tls/*"], &["tls/*"], SelectionError::NothingLeft, "--skip leaves no check to run"),
        (&[], &["*"], SelectionError::NothingLeft, "--skip leaves no check to run"),
    ] {
        let refused = select(only, skip).expect_err("it is refused");
        assert_eq!(refused, error);
        assert_eq!(refused.to_string(), message);
    }
}

fn select(only: &[&str], skip: &[&str]) -> Result<Selection, SelectionError> {
    let owned = |patterns: &[&str]| patterns.iter().map(ToString::to_string).collect();
    Selection::new(owned(only), owned(skip))
}

fn in_area(area: &str) -> usize {
    CATALOGUE.iter().filter(|check| check.id.split('/').next() == Some(area)).count()
}

fn provider(name: &str) -> Provider {
    Provider::built_in(name).expect("it is built in").clone()
}

fn setting(events: Vec<String>, time_limit: Option<Duration>) -> Setting {
    Setting { events, time_limit, nonce: "k3w9x1q0".into(), ..Setting::default() }
}

/// An area is a file, or a file and those in the folder beside it.
fn sources(area: &str) -> Vec<String> {
    let checks = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks");
    let beside = fs::read_dir(checks.join(area)).into_iter().flatten();
    let beside = beside.map(|entry| entry.expect("it can be read").path());
    let files = [checks.join(area).with_extension("rs")].into_iter().chain(beside);
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files
        .map(|path| fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        .collect()
}
