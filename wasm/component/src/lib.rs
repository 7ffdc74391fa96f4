//! The core as a WebAssembly component: one file for each interface of `wit/hookproof.wit`, each of which converts and
//! never decides.

mod claims;
mod deliveries;
mod events;
mod failure;
mod provider;
mod signatures;

mod bindings {
    wit_bindgen::generate!({ world: "hookproof", path: "../wit" });
}

struct Component;

// What is exported has names that only WebAssembly's linker takes.
#[cfg(target_arch = "wasm32")]
bindings::export!(Component with_types_in bindings);
