//! What a person reads of a fleet: a line as soon as a target is done, with what fails there, and the totals.

use hookproof_suite::report::{
    fleet::{Ending, Target, Totals},
    harmless, span,
};

/// A target on a line, and each check that fails there on one of its own.
pub(crate) fn line(target: &Target) -> String {
    let mut text =
        format!("{:<8}{:<24} {}", target.word(), harmless(&target.name), harmless(&target.sentence()));
    if !matches!(target.ending, Ending::NotRun(_)) {
        text.push_str(&format!(" ({})", span(target.took)));
    }
    text.push('\n');
    if let Ending::Judged(record) = &target.ending {
        for case in record.cases.iter().filter(|case| case.is_red()) {
            text.push_str(&format!(
                "        {:<7} {:<41} {}\n",
                case.level.name(),
                case.id,
                harmless(&case.said())
            ));
        }
    }
    text
}

/// All of them in a sentence.
pub(crate) fn totals<'a>(targets: impl IntoIterator<Item = &'a Target>) -> String {
    format!("\n{}\n", Totals::of(targets))
}
