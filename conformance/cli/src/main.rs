//! `hookproof`: prove that a payment webhook endpoint will survive production.
//!
//! This file is arguments and exit codes; each subcommand is a file of its own.

#![forbid(unsafe_code)]

mod again;
mod args;
mod check;
mod clock;
mod completions;
mod demo;
mod environment;
mod exit;
mod explain;
mod fleet;
mod interruption;
mod list;
mod load;
mod merge;
mod message;
mod profile;
mod provider;
#[cfg(test)]
mod reference;
mod rehearse;
mod schedule;
mod secret;
mod send;
mod sign;
mod target;
mod terminal;
mod verify;
mod whole_file;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::{Args, Command},
    exit::{Error, Status},
};

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ended(Err(Error::Tool(format!("no runtime can be started: {error}")))),
    };
    let outcome = runtime.block_on(run(args.command));
    // A name server that does not answer must not hold up the end of an interrupted run.
    runtime.shutdown_background();
    ended(outcome)
}

async fn run(command: Command) -> Result<Status, Error> {
    match command {
        Command::Check(args) => check::run(args).await,
        Command::Rehearse(args) => rehearse::run(args).await,
        Command::Merge(args) => merge::run(&args),
        Command::Load(args) => load::run(args).await,
        Command::List(args) => list::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Send(args) => send::run(args).await,
        Command::Sign(args) => sign::run(args),
        Command::Verify(args) => verify::run(&args),
        Command::Schedule(args) => schedule::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => completions::man(&args),
        Command::Profile(command) => profile::run(&command),
    }
}

fn ended(outcome: Result<Status, Error>) -> ExitCode {
    match outcome {
        Ok(status) => status.into(),
        Err(error) => {
            terminal::complain(&error.to_string());
            error.status().into()
        }
    }
}
