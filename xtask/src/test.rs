//! `cargo xtask test`: every test, in every language, in one order, stopping at the first failure.

use std::process::Command;
use std::time::Instant;

use crate::build;
use crate::clauses;
use crate::command::{self, Fallible, cargo, root};
use crate::differences;
use crate::docs;
use crate::install::{self, Runtime};
use crate::pages;
use crate::real_merchants;
use crate::runtimes;

/// Runs every step and ends with one plain line of how many passed and failed.
///
/// # Errors
///
/// The first step that fails, with its name.
pub(crate) fn everything() -> Fallible {
    let started = Instant::now();
    for (done, Step { name, run }) in STEPS.iter().enumerate() {
        let heading = format!("=== {}/{} {name}", done + 1, STEPS.len());
        println!("\n{heading}");
        let step_started = Instant::now();
        if let Err(error) = run() {
            println!("\n{heading}: failed; {} steps were not run", STEPS.len() - done - 1);
            println!("{done} passed, 1 failed");
            return Err(format!("the step `{name}` failed: {error}"));
        }
        println!("{heading}: passed in {:.1} s", step_started.elapsed().as_secs_f64());
    }
    println!(
        "\neverything holds, in {:.0} s; of the {} steps:",
        started.elapsed().as_secs_f64(),
        STEPS.len()
    );
    println!("{} passed, 0 failed", STEPS.len());
    Ok(())
}

struct Step {
    name: &'static str,
    run: fn() -> Fallible,
}

const STEPS: &[Step] = &[
    Step { name: "formatting", run: formatting },
    Step { name: "lints", run: lints },
    Step { name: "tests in Rust", run: tests_in_rust },
    Step { name: "fixtures and their makers", run: fixtures },
    Step { name: "clauses and their tests", run: || clauses::run(&[]) },
    Step { name: "differences from the official SDKs", run: || differences::run(&[]) },
    Step { name: "documentation", run: documentation },
    Step { name: "core and suite on wasm32", run: build::core_and_suite_for_wasm },
    Step { name: "npm package on Node", run: npm_package },
    Step { name: "component in Node and Python", run: component },
    Step { name: "npm package on every runtime", run: || runtimes::prove(&[]) },
    Step { name: "installation of the real merchants", run: real_merchants::install_all },
    Step { name: "promises of the sound merchants", run: real_merchants::test_the_sound },
    Step { name: "real merchants", run: || real_merchants::run(&[]) },
    Step { name: "sound merchants, ten times", run: || real_merchants::sound_merchants(10, false) },
    Step { name: "page of the real merchants", run: real_merchants::document_is_current },
    Step { name: "HTML report in Chromium", run: pages::prove },
    Step { name: "output in the README", run: || docs::run(&[]) },
];

fn formatting() -> Fallible {
    require_component("fmt", "rustfmt")?;
    command::run(&mut cargo(["fmt", "--all", "--check"]))
        .map_err(|error| format!("{error}; run `cargo fmt --all`"))
}

fn lints() -> Fallible {
    require_component("clippy", "clippy")?;
    command::run(&mut cargo([
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "--deny",
        "warnings",
    ]))
}

fn tests_in_rust() -> Fallible {
    command::run(&mut cargo(["test", "--quiet", "--workspace", "--all-features"]))
}

/// The fixtures that a program made are what it makes.
fn fixtures() -> Fallible {
    for maker in ["signatures", "idempotency", "requests", "scanner"] {
        let path = root().join("fixtures").join(maker).join("make.py");
        command::run(Command::new("python3").arg(path).arg("--check"))?;
    }
    Ok(())
}

/// Both hosts run every vector and trace through the component, and the programs in its README.
fn component() -> Fallible {
    build::component()?;
    let folder = build::component::folder();
    command::run_quietly(Command::new("npm").args(["test", "--silent"]).current_dir(&folder))?;
    install::make_ready(Runtime::Python, &folder, "the component's host in Python")?;
    command::run(
        Command::new(install::interpreter(Runtime::Python, &folder))
            .args(["-m", "unittest", "--quiet"])
            .current_dir(folder.join("tests/python")),
    )
}

fn documentation() -> Fallible {
    command::run(
        cargo(["doc", "--quiet", "--workspace", "--all-features", "--no-deps"])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

fn npm_package() -> Fallible {
    build::package()?;
    command::run_quietly(Command::new("npm").args(["test", "--silent"]).current_dir(root().join("wasm/npm")))
}

/// rustup's minimal profile has neither of the two.
fn require_component(subcommand: &str, component: &str) -> Fallible {
    match command::read(&mut cargo([subcommand, "--version"])) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("cargo {subcommand} is missing: run `rustup component add {component}`")),
    }
}
