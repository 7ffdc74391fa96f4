//! The table of promises, and what must hold for it.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::test_name::TestName;
use crate::command::{self, Fallible};

/// What is promised, by what it is held, and what is open.
pub(super) struct Table {
    pub(super) clauses: Vec<Clause>,
    pub(super) promises: Vec<Promise>,
    pub(super) open: Vec<Open>,
}

/// A numbered promise of the documents.
pub(super) struct Clause {
    pub(super) id: String,
    pub(super) paraphrase: String,
}

/// What of one clause or two the product keeps.
pub(super) struct Promise {
    pub(super) clauses: Vec<String>,
    pub(super) promise: String,
    /// Each of them fails when the promise is broken.
    pub(super) tests: Vec<TestName>,
    pub(super) broken: Break,
}

/// The smallest change that breaks a promise.
pub(super) struct Break {
    pub(super) file: String,
    pub(super) text: String,
    pub(super) becomes: String,
}

/// A clause that no test names yet.
pub(super) struct Open {
    pub(super) clause: String,
    why: String,
    /// The check of the catalogue to come that will show it.
    check: Option<String>,
}

impl Table {
    /// # Errors
    ///
    /// When a file cannot be read, or a row lacks something.
    pub(super) fn read() -> Fallible<Self> {
        let clauses = json("fixtures/clauses.json")?;
        let table = json(TABLE)?;
        let rows = |name: &str| table[name].as_array().cloned().unwrap_or_default();
        Ok(Self {
            clauses: clauses["clauses"]
                .as_array()
                .into_iter()
                .flatten()
                .map(clause)
                .collect::<Fallible<_>>()?,
            promises: rows("promises").iter().map(promise).collect::<Fallible<_>>()?,
            open: rows("open").iter().map(open).collect::<Fallible<_>>()?,
        })
    }

    /// Whether each clause is kept or open and not both, each test stands where the table says, each break can
    /// be made, and nothing is open that may not be.
    ///
    /// # Errors
    ///
    /// Everything that does not hold, a line each.
    pub(super) fn check(&self) -> Fallible {
        let mut wrong = Vec::new();
        let kept: BTreeSet<&str> =
            self.promises.iter().flat_map(|promise| &promise.clauses).map(String::as_str).collect();
        let known: BTreeSet<&str> = self.clauses.iter().map(|clause| clause.id.as_str()).collect();
        let open: BTreeSet<&str> = self.open.iter().map(|open| open.clause.as_str()).collect();
        wrong.extend(
            kept.union(&open).filter(|id| !known.contains(*id)).map(|id| format!("{id} is no clause")),
        );
        for id in known {
            match (kept.contains(id), open.contains(id)) {
                (false, false) => wrong.push(format!("{id} is named by no test and is not on the open list")),
                (true, true) => wrong.push(format!("{id} is named by a test and is on the open list too")),
                _ => {}
            }
        }
        for promise in &self.promises {
            let name = promise.clauses.join(" ");
            if promise.tests.is_empty() {
                wrong.push(format!("{name}: \"{}\" has no test", promise.promise));
            }
            wrong.extend(
                promise
                    .tests
                    .iter()
                    .filter_map(|test| test.check().err())
                    .map(|why| format!("{name}: {why}")),
            );
            wrong.extend(promise.broken.applied().err().map(|why| format!("{name}: {why}")));
        }
        wrong.extend(self.open.iter().filter_map(|open| open.check().err()));
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(format!("{TABLE} does not hold:\n  {}", wrong.join("\n  ")))
        }
    }
}

impl Break {
    /// The file's text with the promise broken.
    ///
    /// # Errors
    ///
    /// When what is to be changed does not stand there exactly once, or would not change.
    pub(super) fn applied(&self) -> Fallible<String> {
        let source = source(&self.file)?;
        match source.matches(&self.text).count() {
            1 if self.text != self.becomes => Ok(source.replace(&self.text, &self.becomes)),
            1 => Err(format!("the break in {} changes nothing", self.file)),
            count => Err(format!("`{}` stands {count} times in {}, not once", self.text, self.file)),
        }
    }
}

impl Open {
    /// Why it is open, and what will close it.
    pub(super) fn reason(&self) -> String {
        match &self.check {
            None => self.why.clone(),
            Some(check) => format!("{}; the check {check} will show it", self.why),
        }
    }

    fn check(&self) -> Fallible {
        match &self.check {
            None if MAY_BE_OPEN.contains(&self.clause.as_str()) => Ok(()),
            None => Err(format!("{} may not be open", self.clause)),
            Some(check) => {
                let area = check.split('/').next().unwrap_or_default();
                let file = command::root().join(format!("conformance/suite/src/checks/{area}.rs"));
                let is_there =
                    fs::read_to_string(file).is_ok_and(|text| text.contains(&format!("id: \"{check}\"")));
                if is_there {
                    Err(format!("{} is open, and {check} shows it now", self.clause))
                } else {
                    Ok(())
                }
            }
        }
    }
}

/// A file of the repository.
pub(super) fn source(path: &str) -> Fallible<String> {
    fs::read_to_string(command::root().join(path)).map_err(|error| format!("cannot read {path}: {error}"))
}

fn json(path: &str) -> Fallible<Value> {
    serde_json::from_str(&source(path)?).map_err(|error| format!("{path} is no JSON: {error}"))
}

fn clause(row: &Value) -> Fallible<Clause> {
    Ok(Clause { id: text(row, "id")?, paraphrase: text(row, "paraphrase")? })
}

fn promise(row: &Value) -> Fallible<Promise> {
    let texts = |name: &str| -> Vec<String> {
        row[name].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let change = &row["break"];
    Ok(Promise {
        clauses: texts("clauses"),
        promise: text(row, "promise")?,
        tests: texts("tests").iter().map(|test| TestName::read(test)).collect::<Fallible<_>>()?,
        broken: Break {
            file: text(change, "file")?,
            text: text(change, "text")?,
            becomes: text(change, "becomes")?,
        },
    })
}

fn open(row: &Value) -> Fallible<Open> {
    let check = row["check"].as_str().map(str::to_owned);
    Ok(Open { clause: text(row, "clause")?, why: text(row, "why")?, check })
}

fn text(row: &Value, name: &str) -> Fallible<String> {
    row[name].as_str().map(str::to_owned).ok_or_else(|| format!("{TABLE}: a row has no `{name}`: {row}"))
}

const TABLE: &str = "xtask/clauses.json";

/// What a provider does at its own desk, and no receiver and no core sees.
const MAY_BE_OPEN: [&str; 7] = ["TT-10", "TT-14", "TT-15", "TT-16", "TS-8", "TS-9", "TS-10"];

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Table {
        Table::read().unwrap()
    }

    fn wrong(table: &Table) -> String {
        table.check().unwrap_err()
    }

    #[test]
    fn a_clause_that_nothing_names_is_missed() {
        let mut table = sound();
        table.open.retain(|open| open.clause != "TS-10");
        assert_eq!(
            wrong(&table),
            format!("{TABLE} does not hold:\n  TS-10 is named by no test and is not on the open list")
        );
    }

    #[test]
    fn what_must_be_shown_may_not_be_open() {
        let mut table = sound();
        table.promises.retain(|promise| promise.clauses != ["TT-13"]);
        table.open.push(Open { clause: "TT-13".into(), why: "later".into(), check: None });
        assert!(wrong(&table).ends_with("\n  TT-13 may not be open"));
    }

    #[test]
    fn a_clause_is_open_for_a_check_only_until_the_check_is_there() {
        let open =
            |check: &str| Open { clause: "TS-5".into(), why: "later".into(), check: Some(check.into()) };
        assert_eq!(open("url/nothing-yet").check(), Ok(()));
        let message = open("tls/certificate").check().unwrap_err();
        assert_eq!(message, "TS-5 is open, and tls/certificate shows it now");
    }

    #[test]
    fn a_break_must_be_possible_and_change_something() {
        let file = "core/src/provider.rs".to_owned();
        let at = |text: &str, becomes: &str| Break {
            file: file.clone(),
            text: text.into(),
            becomes: becomes.into(),
        };
        assert!(at("status <= 299", "status <= 399").applied().is_ok_and(|source| source.contains("<= 399")));
        assert!(at("status <= 299", "status <= 299").applied().is_err());
        assert_eq!(at("no such", "").applied(), Err(format!("`no such` stands 0 times in {file}, not once")));
    }
}
