//! Which lines ran, file by file, read from LCOV.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::command::Fallible;

/// The lines of every file, without those of its unit tests: a test that runs covers itself and nothing else.
pub(super) struct Report(BTreeMap<PathBuf, Lines>);

/// Numbers of lines from 1, and whether each ran.
type Lines = BTreeMap<usize, bool>;

impl Report {
    /// Reads what LCOV says of the files in `folder`. `read` gives the text of a file.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or a line of LCOV is not understood.
    pub(super) fn of(
        lcov: &str,
        folder: &Path,
        mut read: impl FnMut(&Path) -> Fallible<String>,
    ) -> Fallible<Self> {
        let mut files: BTreeMap<PathBuf, Lines> = BTreeMap::new();
        let mut current: Option<(PathBuf, usize)> = None;
        for record in lcov.lines() {
            if let Some(path) = record.strip_prefix("SF:") {
                let path = Path::new(path);
                current = match path.strip_prefix(folder) {
                    Ok(name) if !is_of_tests(name) => Some((name.to_owned(), first_of_tests(&read(path)?))),
                    _ => None,
                };
            } else if let (Some(counts), Some((name, tests))) = (record.strip_prefix("DA:"), &current) {
                let counts = counts.split_once(',').and_then(|(line, runs)| {
                    Some((line.parse::<usize>().ok()?, runs.split(',').next()?.parse::<u64>().ok()?))
                });
                let (line, runs) = counts.ok_or_else(|| format!("`{record}` is no count of LCOV's"))?;
                if line < *tests {
                    *files.entry(name.clone()).or_default().entry(line).or_default() |= runs > 0;
                }
            }
        }
        Ok(Self(files))
    }

    /// Lines that ran, and all lines.
    pub(super) fn sum(&self) -> (usize, usize) {
        self.0.values().map(sum).fold((0, 0), |(run, lines), of| (run + of.0, lines + of.1))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.0.keys().map(|name| name.as_os_str().len());
        let width = widths.max().unwrap_or_default().max("together".len());
        for (name, lines) in &self.0 {
            let (run, all) = sum(lines);
            let name = name.display().to_string();
            write!(f, "{name:<width$}  {:>8} of {all:>4} lines", percent(run, all))?;
            if run < all {
                write!(f, "  not run: {}", missed(lines))?;
            }
            writeln!(f)?;
        }
        let (run, all) = self.sum();
        writeln!(f, "{:<width$}  {:>8} of {all:>4} lines", "together", percent(run, all))
    }
}

/// Cut off rather than rounded, so that 100 % is said of all lines alone.
pub(super) fn percent(run: usize, lines: usize) -> String {
    let hundredths = run * 10_000 / lines.max(1);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

fn sum(lines: &Lines) -> (usize, usize) {
    (lines.values().filter(|ran| **ran).count(), lines.len())
}

/// `12, 20-23`: lines that did not run, those without code between them left out.
fn missed(lines: &Lines) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut goes_on = false;
    for (line, ran) in lines {
        match runs.last_mut() {
            Some((_, last)) if goes_on && !ran => *last = *line,
            _ if !ran => runs.push((*line, *line)),
            _ => {}
        }
        goes_on = !ran;
    }
    let spelled = runs.iter().map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    });
    spelled.collect::<Vec<_>>().join(", ")
}

/// Whether a whole file is one of tests: `tests.rs`, or in a folder `tests`.
fn is_of_tests(name: &Path) -> bool {
    name.file_name().is_some_and(|file| file == "tests.rs") || name.iter().any(|part| part == "tests")
}

/// The line at which the module of unit tests begins, which ends every file that has one.
fn first_of_tests(source: &str) -> usize {
    let lines: Vec<&str> = source.lines().collect();
    let begins = |pair: &[&str]| matches!(pair, ["#[cfg(test)]", module] if module.ends_with('{'));
    lines.windows(2).position(begins).map_or(usize::MAX, |before| before + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LCOV: &str = "\
SF:/home/core/src/a.rs\nFN:1,a\nDA:1,5\nDA:2,0\nDA:3,0\nDA:5,0\nDA:6,1\nDA:9,0\nDA:12,7\nend_of_record
SF:/home/core/src/a/tests.rs\nDA:1,5\nend_of_record
SF:/home/core/src/whole.rs\nDA:1,1\nDA:2,1,checksum\nend_of_record
SF:/home/suite/src/a.rs\nDA:1,0\nend_of_record
";

    fn report() -> Report {
        let source = |path: &Path| {
            Ok(match path.ends_with("a.rs") {
                true => format!("{}#[cfg(test)]\nmod tests {{\n    x\n}}\n", "x\n".repeat(9)),
                false => "#[cfg(test)]\nmod tests;\nx\n".to_owned(),
            })
        };
        Report::of(LCOV, Path::new("/home/core/src"), source).unwrap()
    }

    #[test]
    fn files_are_listed_with_the_lines_that_did_not_run() {
        assert_eq!(
            report().to_string(),
            "a.rs       33.33 % of    6 lines  not run: 2-5, 9\n\
             whole.rs  100.00 % of    2 lines\n\
             together   50.00 % of    8 lines\n"
        );
    }

    #[test]
    fn tests_and_other_crates_do_not_count() {
        assert_eq!(report().sum(), (4, 8));
    }

    #[test]
    fn a_line_that_ran_in_one_instance_of_a_function_ran() {
        let lcov = "SF:/s/a.rs\nDA:1,0\nDA:1,3\nend_of_record\nSF:/s/a.rs\nDA:1,0\n";
        let report = Report::of(lcov, Path::new("/s"), |_| Ok(String::new())).unwrap();
        assert_eq!(report.sum(), (1, 1));
    }

    #[test]
    fn a_share_is_cut_off_and_not_rounded() {
        assert_eq!(percent(2_999, 3_000), "99.96 %");
        assert_eq!(percent(3_000, 3_000), "100.00 %");
        assert_eq!(percent(0, 0), "0.00 %");
    }

    #[test]
    fn what_is_no_lcov_is_told() {
        let error = Report::of("SF:/s/a.rs\nDA:x,1\n", Path::new("/s"), |_| Ok(String::new())).err();
        assert_eq!(error.as_deref(), Some("`DA:x,1` is no count of LCOV's"));
    }
}
