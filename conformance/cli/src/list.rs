//! `hookproof list`

use std::fmt::Write as _;

use hookproof_suite::CATALOGUE;

use crate::{
    args::ListArgs,
    exit::{Error, Status},
    provider, terminal,
};

pub(crate) fn run(args: &ListArgs) -> Result<Status, Error> {
    let provider = provider::find(&args.provider)?;
    let mut text = String::new();
    for check in CATALOGUE {
        let clauses = check.clauses_for(&provider).join(" ");
        let (level, basis) = (check.level_for(&provider).name(), check.basis_for(&provider).name());
        let _ = writeln!(text, "{level:<7} {basis:<10} {clauses:<10} {:<41} {}", check.id, check.title);
    }
    terminal::print(&text)
}
