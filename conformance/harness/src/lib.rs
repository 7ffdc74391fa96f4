//! Drives the Hookproof suite over real sockets.
//!
//! [`drive`] does what a [`hookproof_suite::Run`] asks for and tells it what happened, until every check has
//! its verdict. [`Client`] delivers to one [`Target`]; [`Observer`] tells what a delivery did at the merchant's,
//! and [`Controls`] restart it or move its clock.
//! Nothing here judges: what is not certain is told as it was seen.

mod answer;
mod check;
mod client;
mod connection;
mod controls;
mod driver;
mod exchange;
pub mod load;
mod lookup;
pub mod merchant;
mod nonce;
mod obedience;
mod observer;
mod prepare;
pub mod server;
pub mod simulation;
mod target;
mod tls;
mod trust;
mod wire;

pub use check::{CheckError, Checked, EndpointCheck, check};
pub use client::Client;
pub use controls::{Controls, ControlsError};
pub use driver::{Clock, drive};
pub use lookup::LookupApi;
pub use nonce::nonce;
pub use observer::{Command, Observer, ObserverError, Sink, Url};
pub use target::{Resolve, Target, TargetError};
pub use tls::inspect_tls;
pub use wire::{HeaderError, Outgoing, check_header};
