//! `hookproof profile show NAME`

use crate::{
    args::ProfileCommand,
    exit::{Error, Status},
    provider, terminal,
};

pub(crate) fn run(command: &ProfileCommand) -> Result<Status, Error> {
    let ProfileCommand::Show { name } = command;
    terminal::print(&provider::built_in(name)?.to_toml())
}
