//! `cargo xtask fuzz`: the core under libFuzzer, each target for a while, and what came of it as a table.

mod corpus;
mod fuzzer;
mod seeds;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use self::fuzzer::Fuzzer;
use crate::command::{self, Fallible};

/// Fuzzes (`[--quick | --seconds N] [TARGET...]`), replays one input (`--replay FILE TARGET`) or takes what was
/// found into the committed corpora (`--minimise [TARGET...]`).
///
/// # Errors
///
/// When something is needed that cannot be installed, when a call is wrong, and when there is a finding.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    match arguments {
        ["--replay", file, name] => replay(target(name)?, file),
        ["--minimise", names @ ..] => corpus::minimise(&Fuzzer::make_ready()?, &targets(names)?),
        ["--quick", names @ ..] => session(QUICK, &targets(names)?),
        ["--seconds", number, names @ ..] => {
            let secs = number.parse().map_err(|_| format!("`{number}` is no number of seconds"))?;
            session(Duration::from_secs(secs), &targets(names)?)
        }
        names => session(UNHURRIED, &targets(names)?),
    }
}

/// A function of `core/fuzz` that takes bytes.
pub(crate) type Target = &'static str;

fn targets(names: &[&str]) -> Fallible<Vec<Target>> {
    if names.is_empty() {
        return Ok(TARGETS.to_vec());
    }
    names.iter().map(|name| target(name)).collect()
}

fn target(name: &str) -> Fallible<Target> {
    let found = TARGETS.into_iter().find(|target| *target == name);
    found.ok_or_else(|| format!("`{name}` is no fuzz target; there are {}", TARGETS.join(", ")))
}

/// Gives each target its time, and ends with the table.
fn session(each: Duration, targets: &[Target]) -> Fallible {
    let fuzzer = Fuzzer::make_ready()?;
    seeds::write(&corpus::folder("seeds"))?;
    let mut rows = Vec::new();
    for name in targets.iter().copied() {
        println!("{name}: {} s", each.as_secs());
        rows.push(fuzz(&fuzzer, name, each)?);
    }
    println!("\n{:<10}{:>12}{:>10}{:>8}{:>10}", "target", "runs", "runs/s", "corpus", "findings");
    for Row { name, runs, runs_a_second, corpus, findings } in &rows {
        println!("{name:<10}{runs:>12}{runs_a_second:>10}{corpus:>8}{:>10}", findings.len());
    }
    let mut found = 0;
    for Row { name, findings, .. } in &rows {
        for file in findings {
            found += 1;
            println!("\n{name} fails with {}", file.display());
            println!("again: cargo xtask fuzz --replay {} {name}", file.display());
        }
    }
    if found == 0 { Ok(()) } else { Err(format!("{found} findings")) }
}

/// What came of one target.
struct Row {
    name: Target,
    runs: u64,
    runs_a_second: u64,
    /// Inputs of the working corpus that add coverage.
    corpus: usize,
    findings: Vec<PathBuf>,
}

fn fuzz(fuzzer: &Fuzzer, name: Target, each: Duration) -> Fallible<Row> {
    let working = made(corpus::folder("corpus").join(name))?;
    let artifacts = made(corpus::folder("artifacts").join(name))?;
    let log = made(corpus::folder("logs"))?.join(format!("{name}.log"));
    let before = files(&artifacts);

    let mut command = fuzzer.command("run");
    command.arg(name).arg(&working).arg(corpus::committed(name));
    let seeds = corpus::folder("seeds").join(name);
    if seeds.is_dir() {
        command.arg(seeds);
    }
    command.args(["--", "-print_final_stats=1", "-timeout=10", "-max_len=4096"]);
    command.arg(format!("-max_total_time={}", each.as_secs()));
    // With the separator at its end it is a folder, not the beginning of a name.
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    let dictionary = command::root().join("core/fuzz/dictionaries").join(format!("{name}.dict"));
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    let output = File::create(&log).map_err(|error| format!("cannot write {}: {error}", log.display()))?;
    let status = command.stdout(Stdio::null()).stderr(output).status();
    let status = status.map_err(|error| command::not_started(&command, &error))?;

    let told = fs::read(&log).map_err(|error| format!("cannot read {}: {error}", log.display()))?;
    let told = String::from_utf8_lossy(&told);
    let findings: Vec<PathBuf> =
        files(&artifacts).into_iter().filter(|file| !before.contains(file)).collect();
    if !status.success() && findings.is_empty() {
        eprintln!("{told}");
        return Err(format!("{name} ended with {status} and left no input to blame; see {}", log.display()));
    }
    Ok(Row {
        name,
        runs: statistic(&told, "number_of_executed_units").unwrap_or(0),
        runs_a_second: statistic(&told, "average_exec_per_sec").unwrap_or(0),
        corpus: files(&working).len(),
        findings,
    })
}

/// Runs one input, which shows the oracle's own words.
fn replay(name: Target, file: &str) -> Fallible {
    command::run(Fuzzer::make_ready()?.command("run").arg(name).arg(file))
}

/// One of libFuzzer's last lines: `stat::average_exec_per_sec: 5120`.
fn statistic(log: &str, name: &str) -> Option<u64> {
    let values = log.lines().filter_map(|line| line.strip_prefix("stat::")?.split_once(':'));
    values.filter(|(other, _)| *other == name).find_map(|(_, value)| value.trim().parse().ok())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort_unstable();
    files
}

fn made(folder: PathBuf) -> Fallible<PathBuf> {
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    Ok(folder)
}

/// The binaries of `core/fuzz`.
const TARGETS: [&str; 6] = ["headers", "scan", "url", "claim", "delivery", "profile"];

/// Long enough to fall over what a change has just broken.
const QUICK: Duration = Duration::from_secs(30);

/// Where coverage has stood still for a while on every target.
const UNHURRIED: Duration = Duration::from_secs(600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statistic_is_read_from_the_last_lines_of_the_fuzzer() {
        let log = "#99\tDONE\nstat::number_of_executed_units: 99\nstat::average_exec_per_sec:     33\n";
        assert_eq!(statistic(log, "number_of_executed_units"), Some(99));
        assert_eq!(statistic(log, "average_exec_per_sec"), Some(33));
        assert_eq!(statistic(log, "peak_rss_mb"), None);
    }

    #[test]
    fn every_target_is_a_binary_of_the_fuzz_package_and_has_a_corpus() {
        let package = fs::read_to_string(command::root().join("core/fuzz/Cargo.toml")).unwrap();
        let names = package.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        let binaries: Vec<&str> = names.filter(|name| *name != "hookproof-core-fuzz").collect();
        assert_eq!(binaries, TARGETS);
        for target in TARGETS {
            assert!(!files(&corpus::committed(target)).is_empty(), "{target} has no corpus");
        }
    }

    #[test]
    fn a_wrong_call_is_told_before_anything_is_built() {
        assert_eq!(run(&["--seconds", "many"]).unwrap_err(), "`many` is no number of seconds");
        let message = run(&["--quick", "header"]).unwrap_err();
        assert!(message.starts_with("`header` is no fuzz target; there are headers, scan,"), "{message}");
    }
}
