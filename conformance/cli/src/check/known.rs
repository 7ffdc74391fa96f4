//! The list of checks that are known to fail.

use std::path::Path;

use hookproof_suite::{KnownFailing, report::Summary};

use crate::{exit::Error, message};

/// The list in this file (`-` for stdin), or an empty one.
pub(crate) fn read(path: Option<&Path>) -> Result<KnownFailing, Error> {
    let Some(path) = path else { return Ok(KnownFailing::default()) };
    let shown = path.display();
    let bytes = message::read(path, "--known-failing: the list")?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::Usage(format!("--known-failing {shown}: it is not UTF-8")))?;
    KnownFailing::parse(&text).map_err(|error| Error::Usage(format!("--known-failing {shown}: {error}")))
}

/// The list for one endpoint, which has no name by which a line could be limited to it.
pub(super) fn of_one(path: Option<&Path>) -> Result<KnownFailing, Error> {
    let known = read(path)?;
    if let Some(target) = known.targets().next() {
        return Err(Error::Usage(format!(
            "--known-failing: a line is for the target {}, and only --targets gives targets names",
            target.escape_debug()
        )));
    }
    Ok(known)
}

/// What to say of a list that is wrong, if it is.
pub(super) fn complaint(summary: &Summary) -> Option<String> {
    match summary.mended() {
        0 => None,
        mended => Some(format!(
            "checks that pass although --known-failing lists them, and should be taken off: {mended}"
        )),
    }
}
