//! `cargo xtask bench js`: the npm package beside what it replaces, as ratios.
//!
//! Programs in `wasm/npm/test/bench` measure, ours and theirs in turn within one process; this tells what they found.

mod page;
mod row;

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use self::row::{Row, Size};
use super::section;
use crate::build;
use crate::command::{self, Fallible, root};
use crate::install::{self, Runtime};

/// Measures and prints the tables; `--update` writes them to `docs/benchmarks.md` too. `--soak` verifies ten million times
/// instead, which takes minutes, and tells whether anything grew.
///
/// # Errors
///
/// When the package does not build, a contender judges wrongly, or ten million verifications leave memory behind. That
/// something is slow is no error.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    match arguments {
        [] => measure().map(|found| print!("{}", page::shown(&found))),
        ["--update"] => {
            let found = measure()?;
            print!("{}", page::shown(&found));
            section::write_beginning(&page::written(&found))
        }
        ["--soak"] => soak(),
        _ => Err("usage: cargo xtask bench js [--update | --soak]".into()),
    }
}

/// Everything that was measured, and where.
struct Found {
    rows: Vec<Row>,
    sizes: Vec<Size>,
    machine: String,
}

fn measure() -> Fallible<Found> {
    make_ready()?;
    let mut found = Found { rows: Vec::new(), sizes: Vec::new(), machine: machine()? };
    for program in PROGRAMS {
        eprintln!("{program}");
        for line in lines_of(program)? {
            if line["section"] == "size" {
                found.sizes.push(Size::read(&line).ok_or_else(|| unreadable(program, &line))?);
            } else {
                found.rows.push(Row::read(&line).ok_or_else(|| unreadable(program, &line))?);
            }
        }
    }
    Ok(found)
}

fn soak() -> Fallible {
    make_ready()?;
    let lines = lines_of("soak.mjs")?;
    for line in lines.iter().filter(|line| line["section"] == "soak") {
        println!("after {:>10}: heap {:>9}, wasm {:>9} bytes", line["done"], line["heap"], line["memory"]);
    }
    let slope = lines.last().filter(|line| line["section"] == "soak-slope");
    let slope = |of: &str| slope.and_then(|line| line[of].as_f64()).ok_or("the soak told no slope");
    let (heap, memory) = (slope("heap")?, slope("memory")?);
    println!("bytes more after each verification: heap {heap:.4}, wasm {memory:.4}");
    if heap > FLAT || memory > FLAT {
        return Err(format!("memory grows by more than {FLAT} bytes with each verification"));
    }
    Ok(())
}

fn make_ready() -> Fallible {
    build::package()?;
    install::make_ready(Runtime::Node, &folder(), "what the npm package is measured beside")
}

/// What a program told: one value a line.
fn lines_of(program: &str) -> Fallible<Vec<Value>> {
    let told = command::read(
        Command::new(install::interpreter(Runtime::Node, &folder()))
            .arg("--expose-gc")
            .arg(folder().join(program))
            .current_dir(folder()),
    )?;
    told.lines()
        .map(|line| serde_json::from_str(line).map_err(|_| format!("{program} wrote what is no row: {line}")))
        .collect()
}

fn unreadable(program: &str, line: &Value) -> String {
    format!("{program} wrote a row that lacks something: {line}")
}

/// What kind of machine the ratios are of.
fn machine() -> Fallible<String> {
    let node = command::read(Command::new("node").arg("--version"))?;
    let pinned = |package| install::pinned_version(Runtime::Node, &folder(), package);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(format!(
        "Node {}, workerd {}, `stripe` {}, `standardwebhooks` {}, `svix` {}; {cores} cores of {}, shared with others",
        node.trim_start_matches('v'),
        pinned("workerd")?,
        pinned("stripe")?,
        pinned("standardwebhooks")?,
        pinned("svix")?,
        std::env::consts::ARCH,
    ))
}

fn folder() -> PathBuf {
    root().join("wasm/npm/test/bench")
}

const PROGRAMS: [&str; 5] = ["receiving.mjs", "verifying.mjs", "workerd.mjs", "size.mjs", "start.mjs"];

/// In bytes: ten million verifications then add less than what a garbage collector leaves lying about.
const FLAT: f64 = 0.1;

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn what_it_does_not_know_is_refused_before_anything_is_built() {
        assert_eq!(run(&["--sock"]).unwrap_err(), "usage: cargo xtask bench js [--update | --soak]");
    }
}
