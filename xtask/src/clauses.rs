//! `cargo xtask clauses`: each promise of the two providers' documents, and the test that fails when we break it.

mod breaking;
mod document;
mod table;
mod test_name;

use std::fs;

use self::table::Table;
use crate::command::{self, Fallible};

/// Checks that the table holds and its page is current (no argument), writes the page (`--update`), or breaks the
/// promises of all or some clauses in a copy of the tree and demands that their tests fail (`--break [CLAUSE...]`).
///
/// # Errors
///
/// What in the table does not hold, or which test did not fail.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    let table = Table::read()?;
    table.check()?;
    let page = document::page(&table);
    let path = command::root().join("docs/clauses.md");
    match arguments {
        [] => {
            print!("{}", document::text(&table));
            let old = fs::read_to_string(&path).unwrap_or_default();
            if old == page {
                Ok(())
            } else {
                Err("docs/clauses.md is old: run `cargo xtask clauses --update`".into())
            }
        }
        ["--update"] => {
            fs::write(&path, page).map_err(|error| format!("cannot write {}: {error}", path.display()))
        }
        ["--break", clauses @ ..] => {
            if let Some(unknown) =
                clauses.iter().find(|id| !table.clauses.iter().any(|clause| clause.id == **id))
            {
                return Err(format!("`{unknown}` is no clause"));
            }
            let is_chosen = |id: &String| clauses.is_empty() || clauses.contains(&id.as_str());
            let chosen = table.promises.iter().filter(|promise| promise.clauses.iter().any(is_chosen));
            breaking::demand_failures(&chosen.collect::<Vec<_>>())
        }
        _ => Err("cargo xtask clauses takes --update or --break [CLAUSE...]".into()),
    }
}
