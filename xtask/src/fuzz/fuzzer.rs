//! What fuzzing needs: cargo-fuzz, a compiler for C++, and a toolchain that takes flags which are not stable.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use super::corpus;
use crate::command::{self, Fallible};
use crate::debian;
use crate::install;

/// cargo-fuzz, ready to build and run the targets.
pub(super) struct Fuzzer {
    program: PathBuf,
    /// rustup's name for a nightly toolchain; without one, stable is told to take nightly's flags.
    nightly: Option<String>,
    sanitizer: &'static str,
}

impl Fuzzer {
    /// Installs what is missing and builds every target.
    ///
    /// # Errors
    ///
    /// When something cannot be installed, with the command that does, or when a target does not compile.
    pub(super) fn make_ready() -> Fallible<Self> {
        let compiler = env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
        if !command::succeeds(&compiler, &["--version"]) {
            debian::require(&["g++"], "a compiler for C++ (c++, or what CXX names)", "install one")?;
        }
        let mut fuzzer = Self {
            program: install::cargo_subcommand("fuzz", VERSION)?,
            nightly: nightly(),
            sanitizer: "none",
        };
        if fuzzer.has_address_sanitizer() {
            fuzzer.sanitizer = "address";
        }
        println!(
            "fuzzing with {}, {}",
            fuzzer.nightly.as_deref().unwrap_or("the toolchain in use (RUSTC_BOOTSTRAP=1)"),
            match fuzzer.sanitizer {
                "none" => "without a sanitizer, which this toolchain lacks and safe code hardly needs",
                _ => "with the address sanitizer",
            }
        );
        command::run_quietly(&mut fuzzer.command("build"))?;
        Ok(fuzzer)
    }

    /// `cargo fuzz SUBCOMMAND` in the folder of the targets.
    pub(super) fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(&self.program);
        self.choose_toolchain(&mut command);
        command.args(["fuzz", subcommand, "--sanitizer", self.sanitizer, "--fuzz-dir"]);
        command.arg(command::root().join("core/fuzz")).arg("--target-dir").arg(corpus::folder("build"));
        command.current_dir(command::root());
        command
    }

    fn choose_toolchain(&self, command: &mut Command) {
        // Cargo leaves these to what it runs, and they would bring the toolchain of xtask.
        for variable in ["CARGO", "RUSTC", "RUSTDOC", "LD_LIBRARY_PATH", "CARGO_TARGET_DIR"] {
            command.env_remove(variable);
        }
        match &self.nightly {
            Some(name) => command.env("RUSTUP_TOOLCHAIN", name),
            None => command.env("RUSTC_BOOTSTRAP", "1"),
        };
    }

    /// Whether the toolchain brings the sanitizer's library; a distribution's own seldom does.
    fn has_address_sanitizer(&self) -> bool {
        let mut rustc = Command::new("rustc");
        self.choose_toolchain(&mut rustc);
        let folder = command::read(rustc.args(["--print", "target-libdir"])).unwrap_or_default();
        let files = super::files(folder.as_ref());
        files.iter().any(|file| file.to_string_lossy().contains("_rt.asan"))
    }
}

/// The first of rustup's nightly toolchains.
fn nightly() -> Option<String> {
    let listed = command::read(Command::new("rustup").args(["toolchain", "list"])).ok()?;
    let names = listed.lines().filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).find(|name| name.starts_with("nightly"))
}

const VERSION: &str = "0.13.2";
