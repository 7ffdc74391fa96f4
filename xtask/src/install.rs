//! Installation of software that we did not write, from a folder's own lock file, once until that file changes.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::{self, Fallible};
use crate::debian;

/// What runs a program of the folder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Runtime {
    Node,
    Python,
}

impl Runtime {
    /// The file that says which versions are installed.
    const fn lock_file(self) -> &'static str {
        match self {
            Self::Node => "package-lock.json",
            Self::Python => "requirements.txt",
        }
    }
}

/// Installs what the folder's lock file lists, unless exactly that was installed before.
///
/// # Errors
///
/// When npm or Python's `venv` is missing, with the command that brings it, or when the installation fails.
pub(crate) fn make_ready(runtime: Runtime, folder: &Path, name: &str) -> Fallible {
    let wanted = Receipt::due(runtime, folder)?;
    if wanted.is_kept(runtime, folder) {
        return Ok(());
    }
    println!("installing {name}");
    match runtime {
        Runtime::Node => install_for_node(folder)?,
        Runtime::Python => install_for_python(folder)?,
    }
    wanted.keep(runtime, folder)
}

/// A subcommand of cargo such as `fuzz`: the program from the path, or installed as [`cargo_program`] does.
///
/// # Errors
///
/// When it does not install.
pub(crate) fn cargo_subcommand(name: &str, version: &str) -> Fallible<PathBuf> {
    let package = format!("cargo-{name}");
    if command::succeeds(&package, &[name, "--version"]) {
        return Ok(package.into());
    }
    cargo_program(&package, version)
}

/// A program that cargo installs, once, into the target folder, where it is in nobody's way.
///
/// # Errors
///
/// When it does not install.
pub(crate) fn cargo_program(package: &str, version: &str) -> Fallible<PathBuf> {
    let tools = command::target().join("tools");
    let program = tools.join("bin").join(format!("{package}{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        println!("installing {package} {version} into {}", tools.display());
        let mut install = command::cargo(["install", "--quiet", "--locked", package, "--version", version]);
        command::run_quietly(install.arg("--root").arg(&tools))?;
    }
    Ok(program)
}

/// Makes sure of a browser.
///
/// # Errors
///
/// When it is missing, with the command that brings it.
pub(crate) fn require_chromium() -> Fallible {
    if command::succeeds("chromium", &["--version"]) {
        return Ok(());
    }
    debian::require(&["chromium"], "Chromium", "install it, as `chromium` in the PATH")
}

/// The version of a package that the folder's lock file pins.
///
/// # Errors
///
/// When it pins none.
pub(crate) fn pinned_version(runtime: Runtime, folder: &Path, package: &str) -> Fallible<String> {
    let path = folder.join(runtime.lock_file());
    let lock =
        fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let version = match runtime {
        Runtime::Node => locked_by_npm(&lock, package),
        Runtime::Python => pinned_for_pip(&lock, package),
    };
    version.ok_or_else(|| format!("{} does not pin {package}", path.display()))
}

/// The program that runs what the folder holds, out of what was installed for it.
pub(crate) fn interpreter(runtime: Runtime, folder: &Path) -> PathBuf {
    match runtime {
        Runtime::Node => "node".into(),
        Runtime::Python if cfg!(windows) => folder.join(".venv/Scripts/python.exe"),
        Runtime::Python => folder.join(".venv/bin/python"),
    }
}

fn install_for_node(folder: &Path) -> Fallible {
    if !command::succeeds("npm", &["--version"]) {
        debian::require(&["npm"], "npm", "install it with Node.js")?;
    }
    command::run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"])
            .current_dir(folder),
    )
}

fn install_for_python(folder: &Path) -> Fallible {
    // Debian ships the module `venv` without what it needs: `import ensurepip` tells.
    if !command::succeeds("python3", &["-c", "import venv, ensurepip"]) {
        debian::require(&["python3-venv"], "Python's venv", "install Python 3 with venv and ensurepip")?;
    }
    command::run(Command::new("python3").args(["-m", "venv", "--clear", ".venv"]).current_dir(folder))?;
    command::run(
        Command::new(interpreter(Runtime::Python, folder))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
                "requirements.txt",
            ])
            .current_dir(folder),
    )
}

/// What an installation was made from: the lock file, and the version of what runs it.
#[derive(PartialEq)]
struct Receipt(String);

impl Receipt {
    fn due(runtime: Runtime, folder: &Path) -> Fallible<Self> {
        let lock = folder.join(runtime.lock_file());
        let lock =
            fs::read_to_string(&lock).map_err(|error| format!("cannot read {}: {error}", lock.display()))?;
        let program = match runtime {
            Runtime::Node => "node",
            Runtime::Python => "python3",
        };
        let version = command::read(Command::new(program).arg("--version"))?;
        Ok(Self(format!("{version}\n{lock}")))
    }

    fn is_kept(&self, runtime: Runtime, folder: &Path) -> bool {
        fs::read_to_string(Self::place(runtime, folder)).is_ok_and(|kept| kept == self.0)
    }

    fn keep(&self, runtime: Runtime, folder: &Path) -> Fallible {
        let place = Self::place(runtime, folder);
        fs::write(&place, &self.0).map_err(|error| format!("cannot write {}: {error}", place.display()))
    }

    /// Inside of what was installed, so that the two go together.
    fn place(runtime: Runtime, folder: &Path) -> PathBuf {
        match runtime {
            Runtime::Node => folder.join("node_modules/.hookproof-receipt"),
            Runtime::Python => folder.join(".venv/hookproof-receipt"),
        }
    }
}

fn locked_by_npm(lock: &str, package: &str) -> Option<String> {
    let lock: Value = serde_json::from_str(lock).ok()?;
    let packages = &lock["packages"];
    let mut entry = &packages[format!("node_modules/{package}")];
    // A folder of this repository stands there as a link.
    if let (Some(true), Some(folder)) = (entry["link"].as_bool(), entry["resolved"].as_str()) {
        entry = &packages[folder];
    }
    entry["version"].as_str().map(str::to_owned)
}

fn pinned_for_pip(requirements: &str, package: &str) -> Option<String> {
    let pins = requirements.lines().filter_map(|line| line.split_once("=="));
    // PyPI's names are the same in any case.
    pins.into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(package))
        .map(|(_, version)| version.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installation_is_kept_until_the_lock_file_changes() {
        let folder = std::env::temp_dir().join(format!("hookproof-receipt-{}", std::process::id()));
        fs::create_dir_all(folder.join(".venv")).unwrap();
        let write = |text| fs::write(folder.join("requirements.txt"), text).unwrap();
        let due = || Receipt::due(Runtime::Python, &folder).unwrap();

        write("Flask==3.1.3\n");
        assert!(!due().is_kept(Runtime::Python, &folder));
        due().keep(Runtime::Python, &folder).unwrap();
        assert!(due().is_kept(Runtime::Python, &folder));
        write("Flask==3.1.4\n");
        assert!(!due().is_kept(Runtime::Python, &folder));

        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn versions_come_from_the_lock_files() {
        let lock = r#"{"packages": {"node_modules/a": {"version": "1.2.3"}, "node_modules/@o/b": {"version": "4.5.6"},
            "node_modules/c": {"resolved": "../c", "link": true}, "../c": {"version": "0.1.0"}}}"#;
        assert_eq!(locked_by_npm(lock, "@o/b").as_deref(), Some("4.5.6"));
        assert_eq!(locked_by_npm(lock, "c").as_deref(), Some("0.1.0"));
        assert_eq!(locked_by_npm(lock, "b"), None);
        assert_eq!(pinned_for_pip("click==8.1\nFlask==3.1.3 \n", "flask").as_deref(), Some("3.1.3"));
        assert_eq!(pinned_for_pip("Flask>=3\n", "Flask"), None);
    }
}
