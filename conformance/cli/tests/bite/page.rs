//! `docs/hostile-endpoints.md`, and that no row of the table is without its test.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::row::{ELSEWHERE, Elsewhere, ROWS, Row};

#[test]
fn every_row_has_its_test_and_every_test_its_row() {
    let rows: BTreeSet<&str> = ROWS.iter().map(|row| &*row.test).collect();
    let tests = tests();
    let tests: BTreeSet<&str> = tests.iter().map(String::as_str).collect();
    assert_eq!(rows, tests, "the rows of the table, and the tests of this binary");
    assert_eq!(rows.len(), ROWS.len(), "no test stands in two rows");
    for Row { row, test, .. } in &*ROWS {
        assert!(test.starts_with(&format!("{}_", row.to_lowercase())), "{test} is not of {row}");
    }
}

#[test]
fn every_number_of_our_list_is_tested_here_or_elsewhere() {
    let here = ROWS.iter().map(|row| &*row.row);
    let tested: BTreeSet<&str> = here.chain(ELSEWHERE.iter().map(|elsewhere| &*elsewhere.row)).collect();
    // C68 is about the sandbox's database.
    let numbers: Vec<String> =
        (1..=70).filter(|number| *number != 68).map(|number| format!("C{number:02}")).collect();
    assert_eq!(tested, numbers.iter().map(String::as_str).collect());
    for Elsewhere { row, file, .. } in &*ELSEWHERE {
        let text = fs::read_to_string(root().join(file)).expect("it is there");
        assert!(text.contains(row), "{file} does not name {row}");
    }
}

#[test]
fn the_page_is_made_of_the_table() {
    let path = root().join("docs/hostile-endpoints.md");
    let page = page();
    if env::var_os("HOOKPROOF_UPDATE").is_some() {
        fs::write(&path, &page).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/hostile-endpoints.md is not current; `cargo xtask docs --update` makes it"
    );
}

/// The tests of this binary that are named after a row, as it lists them itself.
fn tests() -> Vec<String> {
    let listed = Command::new(env::current_exe().expect("it runs")).arg("--list").output().expect("it lists");
    let listed = String::from_utf8(listed.stdout).expect("names are UTF-8");
    let names = listed.lines().filter_map(|line| line.strip_suffix(": test")?.rsplit("::").next());
    let is_of_a_row = |name: &&str| {
        name.strip_prefix('c').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
    };
    names.filter(is_of_a_row).map(str::to_owned).collect()
}

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for entry in &*ROWS {
        let Row { row, endpoint, verdict, exit_status, connections, requests, says, .. } = entry;
        let told = entry.told().join(" ");
        let with = match entry.command() {
            "check" => told.strip_prefix(USUAL).unwrap_or(&told).trim().to_owned(),
            other => format!("hookproof {other} {told}"),
        };
        let with = if with.is_empty() { with } else { format!(" (`{with}`)") };
        let verdict = verdict.as_deref().unwrap_or("none");
        let count = |number: &Option<usize>| number.map_or("–".to_owned(), |number| number.to_string());
        let (connections, requests) = (count(connections), count(requests));
        page.push_str(&format!(
            "| {row} | {}{with} | {verdict} | {exit_status} | {connections} | {requests} | `{}` |\n",
            endpoint.replace('|', "\\|"),
            says.replace('|', "\\|"),
        ));
    }
    page.push_str(ELSEWHERE_INTRODUCTION);
    for Elsewhere { row, endpoint, file, why } in &*ELSEWHERE {
        page.push_str(&format!("| {row} | {endpoint} | `{file}` | {why} |\n"));
    }
    page
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a call is told where nothing else is said.
const USUAL: &str = "--only acknowledge/success-status";

const INTRODUCTION: &str = "\
# Endpoints that bite

What `hookproof` makes of endpoints that answer as no server should, hang, lie or hit back. Each row is a test of the
command itself, in `conformance/cli/tests/bite`; this page is made by `cargo xtask docs --update` of the table that
those tests are held to, `fixtures/hostile/endpoints.json`.

Where nothing else is said, the command is `hookproof check URL --only acknowledge/success-status`: one event, so an
endpoint that received more than one request would have been sent something again behind your back. *Connections* are
those that it accepted, *requests* those that it read to their end. The verdict is that of the check; there is none
where no endpoint was reached. The exit status is 1 when a promise is broken, 2 when the call is wrong, 3 when nobody
was reached, 4 when the tool itself failed, 130 when it was interrupted.

| row | the endpoint | verdict | exit status | connections | requests | the tool says |
| --- | --- | --- | --- | --- | --- | --- |
";

const ELSEWHERE_INTRODUCTION: &str = "
## Tested elsewhere

| row | the endpoint | tests | why not here |
| --- | --- | --- | --- |
";
