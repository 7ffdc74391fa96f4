//! What measuring needs: cargo-llvm-cov, and LLVM's tools in the version that the compiler was built with.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{self, Fallible};
use crate::debian;
use crate::install;

/// cargo-llvm-cov, ready to run.
pub(super) struct Tool {
    program: PathBuf,
    /// LLVM's own tools, where rustup has none.
    llvm: Option<[(&'static str, String); 2]>,
}

impl Tool {
    /// Installs what is missing.
    ///
    /// # Errors
    ///
    /// When something cannot be installed, with the command that does.
    pub(super) fn make_ready() -> Fallible<Self> {
        Ok(Self { program: install::cargo_subcommand("llvm-cov", VERSION)?, llvm: llvm_tools()? })
    }

    /// `cargo llvm-cov`, whose build products go to a folder of their own: they count what they run.
    pub(super) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("llvm-cov").env("CARGO_LLVM_COV_TARGET_DIR", folder).current_dir(command::root());
        command.env_remove("CARGO_TARGET_DIR");
        command.envs(self.llvm.iter().flatten().map(|(variable, program)| (*variable, program)));
        command
    }
}

/// The toolchain's own tools, which cargo-llvm-cov finds by itself, or else those of LLVM, which it must be told.
fn llvm_tools() -> Fallible<Option<[(&'static str, String); 2]>> {
    let rustc = command::read(Command::new("rustc").arg("-vV"))?;
    let libraries = command::read(Command::new("rustc").args(["--print", "target-libdir"]))?;
    let own =
        Path::new(&libraries).with_file_name("bin").join(format!("llvm-cov{}", env::consts::EXE_SUFFIX));
    if own.is_file() || command::succeeds("rustup", &["component", "add", "llvm-tools"]) {
        return Ok(None);
    }
    let version = major_of_llvm(&rustc).ok_or("`rustc -vV` names no version of LLVM")?;
    let named = |tool: &str| format!("{tool}-{version}");
    if !command::succeeds(&named("llvm-cov"), &["--version"]) {
        debian::require(
            &[&named("llvm")],
            "LLVM's tool for coverage",
            "run `rustup component add llvm-tools`, or put the llvm-cov and llvm-profdata of the compiler's LLVM on the path",
        )?;
    }
    Ok(Some([("LLVM_COV", named("llvm-cov")), ("LLVM_PROFDATA", named("llvm-profdata"))]))
}

fn major_of_llvm(rustc: &str) -> Option<&str> {
    let version = rustc.lines().find_map(|line| line.strip_prefix("LLVM version: "))?;
    version.split('.').next()
}

const VERSION: &str = "0.9.1";

#[cfg(test)]
mod tests {
    use super::major_of_llvm;

    #[test]
    fn the_compiler_tells_its_llvm() {
        assert_eq!(major_of_llvm("rustc 1.95.0\nhost: x\nLLVM version: 22.1.2\n"), Some("22"));
        assert_eq!(major_of_llvm("rustc 1.95.0\n"), None);
    }
}
