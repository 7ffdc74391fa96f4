//! One module of the npm package: compiled, bound by wasm-bindgen, made small by wasm-opt.

use std::fs;
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use super::{Way, products};
use crate::command::{self, Fallible, root};
use crate::install::{self, Runtime};

/// A build of `hookproof-wasm`.
pub(super) struct Module {
    /// The one feature that it has, and what its files are called in the package.
    name: &'static str,
}

/// What a receiver needs while it answers, and everything else.
pub(super) const ALL: [Module; 2] = [Module { name: "receive" }, Module { name: "desk" }];

impl Module {
    /// Builds it into `wasm/npm/core`: the module, and the bindings that a bundler's loader instantiates it with.
    pub(super) fn build(&self, way: &Way) -> Fallible {
        let package = root().join("wasm/npm");
        let folder = package.join("core");
        command::run(way.cargo().args(["--package", "hookproof-wasm", "--profile", PROFILE]).args([
            "--no-default-features",
            "--features",
            self.name,
        ]))?;
        let failed = |what: &str, error: &dyn std::fmt::Display| format!("{what} of {}: {error}", self.name);
        Bindgen::new()
            .input_path(products(PROFILE).join("hookproof_wasm.wasm"))
            .out_name(self.name)
            .bundler(true)
            .map_err(|error| failed("the bindings", &error))?
            .generate(&folder)
            .map_err(|error| failed("the bindings", &error))?;
        install::make_ready(Runtime::Node, &package, "the tools of the npm package")?;
        let module = folder.join(format!("{}.wasm", self.name));
        command::run(
            Command::new(package.join("node_modules/.bin/wasm-opt"))
                .arg(folder.join(format!("{}_bg.wasm", self.name)))
                .args(WASM_OPT)
                .arg("--output")
                .arg(&module),
        )?;
        let size = fs::metadata(&module).map_err(|error| failed("the module", &error))?.len();
        println!("{}: {size} bytes", module.display());
        Ok(())
    }
}

pub(super) const PROFILE: &str = "wasm";

/// What every runtime of today has, named one by one: with all features, wasm-opt writes what Node 20 refuses.
pub(super) const WASM_OPT: [&str; 10] = [
    "-O3",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-reference-types",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
];
