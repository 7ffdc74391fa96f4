//! A test by its file and its sentence: `core/src/delivery.rs: retries_on_schedule_then_gives_up`.

use std::path::Path;

use super::table::source;
use crate::command::{self, Fallible};

/// One test of the repository.
pub(super) struct TestName {
    pub(super) file: String,
    pub(super) name: String,
}

/// What cargo must be told to run a test.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    /// The folder of the package, from the root.
    pub(super) folder: String,
    /// The file under `tests`, or nothing for the tests within the library.
    pub(super) integration: Option<String>,
}

impl TestName {
    pub(super) fn read(text: &str) -> Fallible<Self> {
        let (file, name) = text.split_once(": ").ok_or_else(|| format!("`{text}` is not `FILE: TEST`"))?;
        Ok(Self { file: file.to_owned(), name: name.to_owned() })
    }

    /// Whether the file has a test of this name that is run.
    ///
    /// # Errors
    ///
    /// When it has not.
    pub(super) fn check(&self) -> Fallible {
        self.target()?;
        let source = source(&self.file)?;
        let lines: Vec<&str> = source.lines().map(str::trim).collect();
        let begins = format!("fn {}(", self.name);
        let place = lines.iter().position(|line| line.starts_with(&begins));
        let place = place.ok_or_else(|| format!("{} has no test {}", self.file, self.name))?;
        let attributes = || lines[..place].iter().rev().take_while(|line| line.starts_with("#["));
        let is_run =
            attributes().any(|line| *line == "#[test]") && !attributes().any(|line| line.contains("ignore"));
        if is_run { Ok(()) } else { Err(format!("{} in {} is no test that is run", self.name, self.file)) }
    }

    pub(super) fn target(&self) -> Fallible<Target> {
        let folders = Path::new(&self.file).ancestors().skip(1);
        let mut packages = folders.filter(|folder| command::root().join(folder).join("Cargo.toml").is_file());
        let folder = packages.next().unwrap_or(Path::new(""));
        let within = Path::new(&self.file).strip_prefix(folder).unwrap_or(Path::new(""));
        let parts: Vec<&str> = within.iter().filter_map(|part| part.to_str()).collect();
        let integration = match parts[..] {
            ["src", ..] => None,
            ["tests", target, ..] => Some(target.trim_end_matches(".rs").to_owned()),
            _ => return Err(format!("{} is no file of a package's tests", self.file)),
        };
        Ok(Target { folder: folder.to_string_lossy().into_owned(), integration })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_found_where_it_stands_and_nowhere_else() {
        let check = |text: &str| TestName::read(text).unwrap().check();
        assert_eq!(check("core/src/delivery.rs: retries_on_schedule_then_gives_up"), Ok(()));
        assert_eq!(
            check("core/tests/properties/claim.rs: one_holder_at_a_time_one_effect_and_an_end"),
            Ok(())
        );
        let elsewhere = check("core/src/retry.rs: retries_on_schedule_then_gives_up").unwrap_err();
        assert_eq!(elsewhere, "core/src/retry.rs has no test retries_on_schedule_then_gives_up");
        let no_test = check("core/src/delivery.rs: delivery").unwrap_err();
        assert_eq!(no_test, "delivery in core/src/delivery.rs is no test that is run");
    }

    #[test]
    fn cargo_is_told_the_package_and_the_target() {
        let target = |file: &str| TestName { file: file.into(), name: String::new() }.target();
        let wanted = |folder: &str, integration: Option<&str>| {
            Ok(Target { folder: folder.into(), integration: integration.map(str::to_owned) })
        };
        assert_eq!(target("core/src/signature/hex.rs"), wanted("core", None));
        assert_eq!(target("core/tests/fixtures/keys.rs"), wanted("core", Some("fixtures")));
        assert_eq!(
            target("conformance/suite/tests/catalogue.rs"),
            wanted("conformance/suite", Some("catalogue"))
        );
        assert!(target("docs/clauses.md").is_err());
    }
}
