//! `hookproof`: prove that a payment webhook endpoint will survive production.
//!
//! This file is arguments and exit codes; each subcommand is a file of its own.

#![forbid(unsafe_code)]

mod args;
mod check;
mod clock;
mod demo;
mod exit;
mod explain;
mod list;
mod message;
mod schedule;
mod secret;
mod send;
mod sign;
mod target;
mod terminal;
mod verify;

use clap::Parser;

use crate::args::{Args, Command};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    let outcome = match Args::parse().command {
        Command::Check(args) => check::run(args).await,
        Command::List(args) => list::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Send(args) => send::run(args).await,
        Command::Sign(args) => sign::run(args),
        Command::Verify(args) => verify::run(&args),
        Command::Schedule(args) => schedule::run(&args),
    };
    match outcome {
        Ok(status) => status.into(),
        Err(error) => {
            terminal::complain(&error.to_string());
            error.status().into()
        }
    }
}
