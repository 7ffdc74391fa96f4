//! `cargo xtask bench`: figures, not tests. Nothing fails because a machine is slow.

pub(crate) mod check;
pub(crate) mod core;
pub(crate) mod fleet;
pub(crate) mod js;
pub(crate) mod load;
mod section;
mod server;
mod taken;
