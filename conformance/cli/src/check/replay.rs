//! Which checks run, and which histories: those of the seed, or the one in a file.

use std::path::Path;

use hookproof_suite::{History, Selection};

use crate::{args::CheckArgs, exit::Error, message};

/// The history of `--replay`, where there is one.
pub(super) fn history(args: &CheckArgs) -> Result<Option<History>, Error> {
    args.replay.as_deref().map(read).transpose()
}

/// The checks that the caller chose; beside a history that is replayed, no other.
pub(super) fn selection(args: &CheckArgs) -> Result<Selection, Error> {
    let only = match &args.replay {
        Some(_) => vec![CHECK.to_owned()],
        None => args.only.clone(),
    };
    Selection::new(only, args.skip.clone()).map_err(Error::usage)
}

fn read(path: &Path) -> Result<History, Error> {
    let script = message::read(path, "the history")?;
    let script = String::from_utf8(script)
        .map_err(|_| Error::Usage(format!("--replay {}: it is not UTF-8", path.display())))?;
    script.parse().map_err(|error| Error::Usage(format!("--replay {}: {error}", path.display())))
}

const CHECK: &str = "property/any-history";
