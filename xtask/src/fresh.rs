//! `cargo xtask fresh`: do the README's commands work for somebody who has nothing but the clone?
//!
//! Not a step of `cargo xtask test`, which it runs itself.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::command::{self, Fallible};

/// Clones HEAD into an empty folder and runs the README's commands there, with an empty HOME and empty caches.
///
/// # Errors
///
/// The first command that fails, or that the README does not have; the folder is then left for a look.
pub(crate) fn prove() -> Fallible {
    let uncommitted =
        command::read(Command::new("git").args(["status", "--short"]).current_dir(command::root()))?;
    if !uncommitted.is_empty() {
        println!("note: {} uncommitted paths are not in the clone", uncommitted.lines().count());
    }
    let desk = Desk::lay()?;
    desk.try_out()
        .map_err(|error| format!("{error}; the folder is left as it was: {}", desk.folder.display()))?;
    fs::remove_dir_all(&desk.folder)
        .map_err(|error| format!("cannot remove {}: {error}", desk.folder.display()))
}

/// An empty folder with a clone and a home of its own.
struct Desk {
    folder: PathBuf,
}

impl Desk {
    fn lay() -> Fallible<Self> {
        let folder = env::temp_dir().join(format!("hookproof-fresh-{}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        fs::create_dir(folder.join("home")).map_err(|error| format!("cannot make a home: {error}"))?;
        Ok(Self { folder })
    }

    fn try_out(&self) -> Fallible {
        timed(
            "git clone",
            Command::new("git").args(["clone", "--quiet"]).arg(command::root()).arg(self.checkout()),
        )?;
        let readme = self.checkout().join("README.md");
        let readme =
            fs::read_to_string(&readme).map_err(|error| format!("cannot read the README: {error}"))?;
        for line in COMMANDS {
            if !promises(&readme, line) {
                return Err(format!("the README has no line `{line}`"));
            }
            timed(line, &mut self.command(line))?;
        }
        Ok(())
    }

    /// The command in the clone, as it would run after the first login on a new machine.
    fn command(&self, line: &str) -> Command {
        let mut words = line.split(' ');
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).current_dir(self.checkout());
        for (name, _) in env::vars_os() {
            if is_left_by_a_tool(&name.to_string_lossy()) {
                command.env_remove(name);
            }
        }
        let home = self.folder.join("home");
        command.env("CARGO_HOME", home.join(".cargo")).env("npm_config_cache", home.join(".npm"));
        command.env("PIP_CACHE_DIR", home.join(".cache/pip"));
        if let Some(toolchains) = toolchains() {
            command.env("RUSTUP_HOME", toolchains);
        }
        command.env("HOME", home);
        command
    }

    fn checkout(&self) -> PathBuf {
        self.folder.join("hookproof")
    }
}

fn timed(name: &str, command: &mut Command) -> Fallible {
    println!("=== {name}");
    let started = Instant::now();
    command::run(command)?;
    println!("=== {name}: passed in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// Whether the README gives the command on a line of its own, with or without a remark behind it.
fn promises(readme: &str, command: &str) -> bool {
    readme.lines().any(|line| line.split('#').next().is_some_and(|line| line.trim() == command))
}

/// Variables that cargo and rustup set for what they start, or that move or change a build. A proxy or a
/// mirror that somebody needs stays.
fn is_left_by_a_tool(variable: &str) -> bool {
    let prefixes = ["CARGO_BUILD_", "CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_TARGET_", "RUSTC", "RUSTDOC"];
    let names = ["CARGO", "LD_LIBRARY_PATH", "RUSTFLAGS", "RUSTUP_TOOLCHAIN", "XDG_CACHE_HOME"];
    prefixes.iter().any(|prefix| variable.starts_with(prefix)) || names.contains(&variable)
}

/// Where rustup keeps its toolchains, without which there is no cargo; nothing of ours is in it.
fn toolchains() -> Option<PathBuf> {
    let beside_home =
        || env::var_os("HOME").map(|home| Path::new(&home).join(".rustup")).filter(|folder| folder.is_dir());
    env::var_os("RUSTUP_HOME").map(PathBuf::from).or_else(beside_home)
}

/// What the README promises to work with nothing installed by hand before.
const COMMANDS: [&str; 2] = ["cargo run --release -- check", "cargo xtask test"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_of_the_readme_stands_on_a_line_of_its_own() {
        let readme = "Run this:\n\n    cargo run --release -- check        # the built-in merchant\n";
        assert!(promises(readme, "cargo run --release -- check"));
        assert!(!promises(readme, "cargo run --release"));
        assert!(!promises("see `cargo xtask test` below", "cargo xtask test"));
    }

    #[test]
    fn what_the_tools_left_in_the_environment_is_not_taken_along() {
        for name in ["CARGO_TARGET_DIR", "CARGO", "CARGO_MANIFEST_DIR", "RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER"] {
            assert!(is_left_by_a_tool(name), "{name}");
        }
        for name in ["PATH", "RUSTUP_HOME", "CARGO_HTTP_CAINFO", "npm_config_registry"] {
            assert!(!is_left_by_a_tool(name), "{name}");
        }
    }
}
