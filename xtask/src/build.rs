//! `cargo xtask build`: core and suite for wasm32, which proves that they do no IO, the npm package with its modules, and
//! the component.
//!
//! The standard library for wasm32 is not part of every toolchain, so it is looked for in three places.
//! None of them is ever skipped in silence: a build without wasm is a failed build.

pub(crate) mod component;
mod module;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{self, Fallible, cargo};
use crate::debian;

/// Builds everything that is built for WebAssembly.
///
/// # Errors
///
/// When no standard library is to be had, with the one command that changes it, or when a build fails.
pub(crate) fn everything() -> Fallible {
    core_and_suite_for_wasm()?;
    package()?;
    component()
}

/// Builds `hookproof-core` and `hookproof-suite` for `wasm32-unknown-unknown`.
///
/// # Errors
///
/// As [`everything`].
pub(crate) fn core_and_suite_for_wasm() -> Fallible {
    let way = Machine::ready()?;
    command::run(way.cargo().args(["--package", "hookproof-core", "--package", "hookproof-suite"]))
}

/// Builds the npm package: the modules that it loads, into its folder `core`, and what is published, into `dist`.
///
/// # Errors
///
/// As [`everything`].
pub(crate) fn package() -> Fallible {
    let way = Machine::ready()?;
    module::ALL.iter().try_for_each(|module| module.build(&way))?;
    command::run(Command::new("node").arg("build.mjs").current_dir(command::root().join("wasm/npm")))
}

/// Builds the core as a WebAssembly component, into `wasm/component/dist`.
///
/// # Errors
///
/// As [`everything`].
pub(crate) fn component() -> Fallible {
    component::build(&Machine::ready()?)
}

/// What decides where the standard library comes from.
struct Machine {
    toolchain_has_it: bool,
    has_rustup: bool,
    is_debian: bool,
    is_root: bool,
    missing: Vec<&'static str>,
}

impl Machine {
    /// Where the standard library comes from, installed where we may.
    fn ready() -> Fallible<Way> {
        let way = Self::look().way()?;
        println!("the standard library for {TARGET}: {}", way.name());
        if let Way::Debian { missing } = &way
            && !missing.is_empty()
        {
            debian::install(missing)
                .map_err(|error| format!("{error}; or, with rustup: rustup target add {TARGET}"))?;
        }
        Ok(way)
    }

    fn look() -> Self {
        let is_debian = debian::is_debian();
        Self {
            toolchain_has_it: toolchain_has_target(),
            has_rustup: command::succeeds("rustup", &["--version"]),
            is_debian,
            is_root: debian::is_root(),
            missing: if is_debian { debian::missing(&DEBIAN_PACKAGES) } else { Vec::new() },
        }
    }

    fn way(self) -> Fallible<Way> {
        let rustup = format!("rustup target add {TARGET}");
        match self {
            Self { toolchain_has_it: true, .. } => Ok(Way::Toolchain),
            Self { is_debian: true, is_root, missing, .. } if is_root || missing.is_empty() => {
                Ok(Way::Debian { missing })
            }
            Self { is_debian: true, has_rustup: false, missing, .. } => Err(debian::by_hand(&missing)),
            Self { .. } => Err(rustup),
        }
        .map_err(|cure| format!("the standard library for {TARGET} is missing: run `{cure}`"))
    }
}

/// Where the standard library comes from.
#[derive(Debug, PartialEq)]
enum Way {
    /// The toolchain in use brings it.
    Toolchain,
    /// Debian's own compiler builds it from the sources packaged with it; those fit no other compiler.
    Debian { missing: Vec<&'static str> },
}

impl Way {
    fn name(&self) -> &'static str {
        match self {
            Self::Toolchain => "the toolchain has it",
            Self::Debian { .. } => "built from Debian's sources, with Debian's compiler",
        }
    }

    /// A build for wasm32; its products are in [`products`].
    fn cargo(&self) -> Command {
        let mut command = match self {
            Self::Toolchain => cargo(["build", "--quiet"]),
            Self::Debian { .. } => debian_cargo(),
        };
        command.args(["--target", TARGET, "--target-dir"]).arg(command::target().join("wasm"));
        command
    }
}

fn debian_cargo() -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    command
        .args(["build", "--quiet", "-Zbuild-std=std", "-Zbuild-std-features=optimize_for_size"])
        .current_dir(command::root())
        .env("PATH", format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()))
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld")
        .env("RUSTFLAGS", RUSTFLAGS)
        // The toolchain that runs xtask must not lend this compiler its libraries.
        .env_remove("LD_LIBRARY_PATH");
    command
}

/// Where the products of a profile are.
fn products(profile: &str) -> PathBuf {
    command::target().join("wasm").join(TARGET).join(profile)
}

fn toolchain_has_target() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    command::read(Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|folder| Path::new(&folder).is_dir())
}

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld"];

/// `mvp` with what every runtime of today has, named one by one: the module then has no imports.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Ctarget-cpu=mvp \
     -Ctarget-feature=+simd128,+bulk-memory,+sign-ext,+nontrapping-fptoint,+mutable-globals";

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: Machine = Machine {
        toolchain_has_it: false,
        has_rustup: true,
        is_debian: false,
        is_root: false,
        missing: Vec::new(),
    };

    #[test]
    fn the_toolchains_own_library_comes_first() {
        let machine = Machine { toolchain_has_it: true, is_debian: true, is_root: true, ..DESK };
        assert_eq!(machine.way(), Ok(Way::Toolchain));
    }

    #[test]
    fn root_on_debian_installs_what_is_missing() {
        let machine = Machine { is_debian: true, is_root: true, missing: vec!["lld"], ..DESK };
        assert_eq!(machine.way(), Ok(Way::Debian { missing: vec!["lld"] }));
    }

    #[test]
    fn anyone_on_debian_uses_what_is_installed() {
        let machine = Machine { is_debian: true, ..DESK };
        assert_eq!(machine.way(), Ok(Way::Debian { missing: vec![] }));
    }

    #[test]
    fn others_are_told_one_command() {
        let cures = [
            (DESK, "run `rustup target add wasm32-unknown-unknown`"),
            (
                Machine { is_root: true, has_rustup: false, ..DESK },
                "run `rustup target add wasm32-unknown-unknown`",
            ),
            (
                Machine { is_debian: true, missing: vec!["lld"], ..DESK },
                "run `rustup target add wasm32-unknown-unknown`",
            ),
            (
                Machine { is_debian: true, has_rustup: false, missing: vec!["rustc-web", "lld"], ..DESK },
                "run `sudo apt-get install --yes rustc-web lld`",
            ),
        ];
        for (machine, cure) in cures {
            let message = machine.way().unwrap_err();
            assert_eq!(message, format!("the standard library for {TARGET} is missing: {cure}"));
        }
    }
}
