//! Breaking promises, one at a time, in a copy of the tree: a test that stays green then is no proof.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::table::Promise;
use super::test_name::{Target, TestName};
use crate::command::{self, Fallible, cargo};

/// Demands of the tests of each promise that they pass as things are, and that every one fails when it is broken.
///
/// # Errors
///
/// When one does not, or a break does not compile.
pub(super) fn demand_failures(promises: &[&Promise]) -> Fallible {
    let copy = Copy::make()?;
    let tests: Vec<&TestName> = promises.iter().flat_map(|promise| &promise.tests).collect();
    copy.demand(&tests, Ending::Passed).map_err(|error| format!("as things are, {error}"))?;
    println!("{} tests pass as things are; each promise is broken now\n", names(&tests).len());
    let mut unproven = 0;
    for promise in promises {
        let tests: Vec<&TestName> = promise.tests.iter().collect();
        let file = copy.tree.join(&promise.broken.file);
        let before = read(&file)?;
        write(&file, &promise.broken.applied()?)?;
        let proven = copy.demand(&tests, Ending::Failed);
        write(&file, &before)?;
        let outcome = match &proven {
            Ok(()) if tests.len() == 1 => "broken, its test fails".to_owned(),
            Ok(()) => format!("broken, its {} tests fail", tests.len()),
            Err(why) => format!("NOT PROVEN: {why}"),
        };
        println!("{:<12}{}: {outcome}", promise.clauses.join(" "), promise.promise);
        unproven += usize::from(proven.is_err());
    }
    println!("\n{} promises broken, {unproven} not noticed", promises.len());
    if unproven == 0 { Ok(()) } else { Err(format!("{unproven} promises can be broken unnoticed")) }
}

/// How a test is to end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ending {
    Passed,
    Failed,
}

/// A copy of the tree in which things may be broken.
struct Copy {
    tree: PathBuf,
    target: PathBuf,
}

impl Copy {
    /// Copies what is in the repository or could be added to it; what was copied before and is the same stays, so that
    /// it is not compiled again.
    fn make() -> Fallible<Self> {
        let folder = command::target().join("clauses");
        let (tree, target) = (folder.join("tree"), folder.join("target"));
        let listed = command::read(
            Command::new("git")
                .args(["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"])
                .current_dir(command::root()),
        )?;
        for path in listed.lines() {
            // A file that was deleted and not yet committed is listed too.
            let Ok(content) = fs::read(command::root().join(path)) else { continue };
            let place = tree.join(path);
            if fs::read(&place).is_ok_and(|old| old == content) {
                continue;
            }
            let parent = place.parent().unwrap_or(&tree);
            fs::create_dir_all(parent)
                .map_err(|error| format!("cannot make {}: {error}", parent.display()))?;
            fs::write(&place, content)
                .map_err(|error| format!("cannot write {}: {error}", place.display()))?;
        }
        Ok(Self { tree, target })
    }

    /// # Errors
    ///
    /// Names the tests that ended otherwise, or were not run.
    fn demand(&self, tests: &[&TestName], wanted: Ending) -> Fallible {
        let mut by_target: BTreeMap<Target, Vec<&TestName>> = BTreeMap::new();
        for test in tests {
            by_target.entry(test.target()?).or_default().push(test);
        }
        let mut others = Vec::new();
        for (target, tests) in by_target {
            let endings = self.run(&target, &tests)?;
            for name in names(&tests) {
                match endings.get(name) {
                    Some(ending) if *ending == wanted => {}
                    Some(_) if wanted == Ending::Failed => others.push(format!("{name} passes")),
                    Some(_) => others.push(format!("{name} fails")),
                    None => others.push(format!("{name} was not run")),
                }
            }
        }
        if others.is_empty() { Ok(()) } else { Err(others.join(", ")) }
    }

    /// # Errors
    ///
    /// When it does not compile: that is no failure of a test.
    fn run(&self, target: &Target, tests: &[&TestName]) -> Fallible<BTreeMap<String, Ending>> {
        let manifest = self.tree.join(&target.folder).join("Cargo.toml");
        let mut cargo = cargo(["test", "--manifest-path"]);
        cargo.arg(manifest).arg("--target-dir").arg(&self.target).current_dir(&self.tree);
        match &target.integration {
            None => cargo.arg("--lib"),
            Some(name) => cargo.args(["--test", name]),
        };
        // Whatever would keep a failing case for the next run belongs to the tree that is not broken.
        cargo.env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true").env("INSTA_UPDATE", "no");
        cargo.arg("--").args(names(tests));
        let output = cargo.output().map_err(|error| command::not_started(&cargo, &error))?;
        let said = String::from_utf8_lossy(&output.stdout);
        if !said.contains("test result: ") {
            return Err(format!("it does not compile:\n{}", String::from_utf8_lossy(&output.stderr)));
        }
        Ok(endings(&said))
    }
}

/// What libtest says of each test: `test delivery::tests::retries_on_schedule_then_gives_up ... ok`.
fn endings(said: &str) -> BTreeMap<String, Ending> {
    let lines = said.lines().filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "));
    let endings = lines.filter_map(|(path, ending)| {
        let name = path.rsplit("::").next()?.to_owned();
        match ending {
            "ok" => Some((name, Ending::Passed)),
            "FAILED" => Some((name, Ending::Failed)),
            _ => None,
        }
    });
    endings.collect()
}

fn names<'a>(tests: &[&'a TestName]) -> BTreeSet<&'a str> {
    tests.iter().map(|test| test.name.as_str()).collect()
}

fn read(file: &Path) -> Fallible<String> {
    fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}

fn write(file: &Path, text: &str) -> Fallible {
    fs::write(file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_was_ignored_or_not_listed_did_not_end() {
        let said = "running 3 tests\n\
            test a::tests::one ... ok\n\
            test a::tests::two ... FAILED\n\
            test a::three ... ignored\n\
            test result: FAILED. 1 passed; 1 failed; 1 ignored\n";
        let wanted = [("one".to_owned(), Ending::Passed), ("two".to_owned(), Ending::Failed)];
        assert_eq!(endings(said), wanted.into());
    }
}
