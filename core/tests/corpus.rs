//! The fuzz targets on their committed corpora, without a fuzzer.

use std::{fs, path::Path};

#[path = "../fuzz/src/lib.rs"]
pub mod targets;

/// Gives every committed input to the target.
fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let inputs = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut replayed = 0;
    for input in inputs {
        let path = input.expect("a readable folder").path();
        println!("replaying {}", path.display());
        target(&fs::read(&path).expect("a readable input"));
        replayed += 1;
    }
    assert!(replayed >= 20, "only {replayed} inputs of {name}");
}

#[test]
fn headers_are_judged_as_the_constructions_rules_say() {
    replay("headers", targets::headers);
}

#[test]
fn bodies_are_judged_and_read_as_serde_json_does() {
    replay("scan", targets::scan);
}

#[cfg(feature = "profile")]
#[test]
fn a_profile_that_is_taken_works_and_one_that_is_refused_says_where() {
    replay("profile", targets::profile);
}

#[test]
fn urls_mean_what_a_browser_takes_them_for() {
    replay("url", targets::url);
}

#[test]
fn a_key_has_one_holder_whose_token_alone_commits() {
    replay("claim", targets::claim);
}

#[test]
fn a_delivery_follows_from_its_log() {
    replay("delivery", targets::delivery);
}
