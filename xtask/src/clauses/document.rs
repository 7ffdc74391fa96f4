//! The table as a page and for a terminal.

use super::table::{Clause, Promise, Table};
use crate::markdown::{prose, put};

/// `docs/clauses.md`.
pub(super) fn page(table: &Table) -> String {
    let mut page = String::from(HEAD);
    for clause in &table.clauses {
        let promises: Vec<&Promise> = of(table, clause).collect();
        if promises.is_empty() {
            continue;
        }
        put(&mut page, format_args!("\n## {}: {}\n\n", clause.id, prose(&clause.paraphrase)));
        put(
            &mut page,
            format_args!("| promise | broken where | tests that fail then |\n| --- | --- | --- |\n"),
        );
        for promise in promises {
            let tests: Vec<String> =
                promise.tests.iter().map(|test| format!("`{}` in `{}`", test.name, test.file)).collect();
            let (told, file) = (prose(&promise.promise), &promise.broken.file);
            put(&mut page, format_args!("| {told} | `{file}` | {} |\n", tests.join("; ")));
        }
    }
    put(&mut page, format_args!("\n## Open\n\n| clause | promise | why |\n| --- | --- | --- |\n"));
    for open in &table.open {
        let clause = table.clauses.iter().find(|clause| clause.id == open.clause);
        let paraphrase = clause.map_or(String::new(), |clause| prose(&clause.paraphrase));
        put(&mut page, format_args!("| {} | {paraphrase} | {} |\n", open.clause, prose(&open.reason())));
    }
    page
}

/// A line a clause, then those that are open.
pub(super) fn text(table: &Table) -> String {
    let mut text = format!("{:<7}{:>6}{:>7}  {}\n", "clause", "tests", "breaks", "promise");
    for clause in &table.clauses {
        let promises: Vec<&Promise> = of(table, clause).collect();
        let tests: usize = promises.iter().map(|promise| promise.tests.len()).sum();
        if tests > 0 {
            let (breaks, id) = (promises.len(), &clause.id);
            put(&mut text, format_args!("{id:<7}{tests:>6}{breaks:>7}  {}\n", clause.paraphrase));
        }
    }
    put(&mut text, format_args!("\nopen:\n"));
    for open in &table.open {
        put(&mut text, format_args!("{:<7}{}\n", open.clause, open.reason()));
    }
    text
}

fn of<'t>(table: &'t Table, clause: &'t Clause) -> impl Iterator<Item = &'t Promise> {
    table.promises.iter().filter(|promise| promise.clauses.contains(&clause.id))
}

const HEAD: &str = "\
# Clauses and their tests

Each numbered promise of the two providers' documents (`fixtures/clauses.json`), what we make of it, and the tests that
fail when it is broken. `cargo xtask clauses --break` breaks each one in a copy of the tree, by the smallest change that
does, and demands that every test named here fails; the changes stand in `xtask/clauses.json`. This page is made by
`cargo xtask clauses --update`, and `cargo xtask test` fails when it is old or when a clause is neither here nor open.
";
