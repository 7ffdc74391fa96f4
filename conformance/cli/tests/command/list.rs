//! `hookproof list`

use hookproof_suite::CATALOGUE;

use crate::call::hookproof;

#[tokio::test]
async fn every_check_is_listed_once_with_level_basis_clauses_and_title() {
    let ended = hookproof(["list"]).run().await.exits(0);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines.len(), CATALOGUE.len());
    for (line, check) in lines.iter().zip(CATALOGUE) {
        let columns: Vec<&str> = line.split_whitespace().collect();
        assert!(columns.contains(&check.id) && line.ends_with(check.title), "{line}");
    }
    assert!(lines[0].starts_with("MUST    provider   TT-5 "), "{}", lines[0]);
}

#[tokio::test]
async fn another_providers_clauses_are_its_own() {
    let ended = hookproof(["list", "--provider", "turnstay"]).run().await.exits(0);
    assert!(ended.out.contains("TS-4") && !ended.out.contains("TT-"), "{}", ended.out);
    let ended = hookproof(["list", "--provider", "github"]).run().await.exits(0);
    assert!(!ended.out.contains("TT-") && !ended.out.contains(" provider "), "{}", ended.out);
}
