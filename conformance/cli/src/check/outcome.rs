//! What a run means for the caller: notes, how long it took, and why it fails.

use std::time::Duration;

use hookproof_conformance::Client;
use hookproof_suite::{
    Run,
    report::{Summary, span},
};

use super::known;
use crate::{args::CheckArgs, exit::Status};

/// What the reader should know before the verdicts.
pub(super) fn notes(run: &Run, client: &Client, args: &CheckArgs, interrupted: bool) -> Vec<String> {
    let provider = &run.bench().provider;
    let title = &provider.title;
    let effects = &args.stage.effects;
    let observed = args.url.is_none()
        || effects.effects_listen.is_some()
        || effects.effects_url.is_some()
        || effects.effects_cmd.is_some();
    let mut notes = Vec::new();
    if interrupted {
        notes.push("interrupted: what follows is what was known by then".to_owned());
    }
    if !provider.is_signed() {
        notes.push(format!(
            "{title} does not sign: the endpoint cannot tell it from anyone else, and must ask {title}'s API before it acts"
        ));
    }
    if run.bench().time_limit().is_none() {
        notes.push(format!(
            "{title} publishes no time limit; we wait {}, which is our assumption",
            span(run.bench().patience())
        ));
    }
    if !observed {
        notes.push(
            "nothing observes effects, so what a payment did cannot be seen; see --effects-listen, --effects-url and --effects-cmd"
                .to_owned(),
        );
    }
    notes.extend(run.warnings());
    match run.unmatched_calls() {
        0 => {}
        calls => {
            notes.push(format!("{calls} downstream calls named no event of this run; they were not counted"));
        }
    }
    match client.resent() {
        0 => {}
        times => notes.push(format!(
            "{times} deliveries met a kept connection that the endpoint had just closed, and were sent again on a fresh one"
        )),
    }
    notes
}

/// How long the run took, and which phase how much of that: `4.1 s: baseline 200 ms, sound traffic 3.9 s`.
pub(super) fn times(phases: &[(&str, Duration)]) -> String {
    let each: Vec<String> = phases.iter().map(|(phase, took)| format!("{phase} {}", span(*took))).collect();
    format!("{}: {}", span(phases.iter().map(|(_, took)| *took).sum()), each.join(", "))
}

/// How a run ends, and why, where its summary does not say it.
pub(super) fn status(
    accepted: bool,
    summary: &Summary,
    args: &CheckArgs,
    interrupted: bool,
) -> (Status, Option<String>) {
    if interrupted {
        return (Status::Interrupted, None);
    }
    if summary.new_must_fail() > 0 {
        return (Status::Fails, known::complaint(summary));
    }
    match known::complaint(summary).or_else(|| objection(accepted, summary, args)) {
        Some(why) => (Status::Fails, Some(why)),
        None => (Status::Holds, None),
    }
}

/// Why a run in which no MUST failed does not end with 0, if it does not.
fn objection(accepted: bool, summary: &Summary, args: &CheckArgs) -> Option<String> {
    let unseen = if args.strict { summary.unknown } else { summary.must_unknown };
    let should_fail = summary.new_should_fail();
    if !accepted {
        Some("no event was acknowledged, so nothing is proven".to_owned())
    } else if args.strict && should_fail > 0 {
        Some(format!("SHOULDs that fail, which --strict counts: {should_fail}"))
    } else if args.require_observed && unseen > 0 {
        Some(format!("checks that are unknown, which --require-observed counts: {unseen}"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::times;

    #[test]
    fn the_time_of_a_run_is_told_phase_by_phase() {
        let phases =
            [("baseline", Duration::from_millis(200)), ("sound traffic", Duration::from_millis(3_900))];
        assert_eq!(times(&phases), "4.1 s: baseline 200 ms, sound traffic 3.9 s");
    }
}
