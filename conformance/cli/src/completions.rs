//! `hookproof completions SHELL` and `hookproof man`: what shells and readers of manuals install.

use std::{fs, path::Path};

use clap::CommandFactory;

use crate::{
    args::{Args, CompletionsArgs, ManArgs},
    exit::{Error, Status},
    terminal,
};

/// Prints the script that completes our command lines in one shell.
pub(crate) fn run(args: &CompletionsArgs) -> Result<Status, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "hookproof", &mut script);
    terminal::print(&String::from_utf8_lossy(&script))
}

/// Prints the manual page of the command, or writes one for it and each subcommand.
pub(crate) fn man(args: &ManArgs) -> Result<Status, Error> {
    match &args.folder {
        None => terminal::print(&page(Args::command())),
        Some(folder) => write_pages(folder),
    }
}

/// A page for the command and one for each subcommand.
fn write_pages(folder: &Path) -> Result<Status, Error> {
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Args::command(), folder))
        .map_err(|error| Error::Tool(format!("{} cannot be written: {error}", folder.display())))?;
    Ok(Status::Holds)
}

fn page(command: clap::Command) -> String {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).expect("memory takes every page");
    String::from_utf8_lossy(&page).into_owned()
}
