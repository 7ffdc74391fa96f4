//! The core as a WebAssembly component: compiled, made small by wasm-opt, wrapped by jco, and made a module for Node.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::module::{PROFILE, WASM_OPT};
use super::{Way, products};
use crate::command::{self, Fallible, root};
use crate::install::{self, Runtime};

/// The crate, its tests and their tools.
pub(crate) fn folder() -> PathBuf {
    root().join("wasm/component")
}

/// Builds it into `wasm/component/dist`: `hookproof.wasm`, and from that `js`, the same for JavaScript.
pub(super) fn build(way: &Way) -> Fallible {
    let folder = folder();
    let dist = folder.join("dist");
    let tool = |name: &str| Command::new(folder.join("node_modules/.bin").join(name));
    command::run(way.cargo().args(["--package", "hookproof-component", "--profile", PROFILE]))?;
    install::make_ready(Runtime::Node, &folder, "the tools of the component")?;
    fs::create_dir_all(&dist).map_err(|error| format!("cannot make {}: {error}", dist.display()))?;
    let (core, component) = (dist.join("core.wasm"), dist.join("hookproof.wasm"));
    // It is loaded once and from a disk, so it is small rather than fast.
    command::run(
        tool("wasm-opt")
            .arg(products(PROFILE).join("hookproof_component.wasm"))
            .args(WASM_OPT)
            .args(["-Oz", "--output"])
            .arg(&core),
    )?;
    command::run_quietly(tool("jco").arg("new").arg(&core).arg("--output").arg(&component))?;
    command::run_quietly(
        tool("jco")
            .arg("transpile")
            .arg(&component)
            .args(["--name", "hookproof", "--out-dir"])
            .arg(dist.join("js")),
    )?;
    let size = fs::metadata(&component).map_err(|error| format!("the component: {error}"))?.len();
    println!("{}: {size} bytes", component.display());
    Ok(())
}
