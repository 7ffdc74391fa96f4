//! What a run means for the caller: notes, the command that repeats it, and why it fails.

use std::time::Duration;

use hookproof_conformance::Client;
use hookproof_suite::{
    Run,
    report::{Summary, span},
};

use super::known;
use crate::{
    args::{CheckArgs, DEFAULT_CASES, DEFAULT_EFFECT_WAIT, DEFAULT_PROVIDER},
    exit::Status,
    target,
};

/// What the reader should know before the verdicts.
pub(super) fn notes(run: &Run, client: &Client, args: &CheckArgs, interrupted: bool) -> Vec<String> {
    let provider = &run.bench().provider;
    let title = &provider.title;
    let effects = &args.effects;
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

/// The command that repeats this run; a failure adds its check and seed.
pub(super) fn command(args: &CheckArgs) -> String {
    let secret = args.secret.secret_env.as_ref().map(|name| format!("HOOKPROOF_SECRET=\"${name}\""));
    let mut words: Vec<String> = secret.into_iter().collect();
    words.extend(["hookproof".to_owned(), "check".to_owned()]);
    words.extend(args.url.as_deref().map(quoted));
    let mut option = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            words.extend([name.to_owned(), quoted(&value)]);
        }
    };
    option("--demo", args.demo.clone());
    match &args.provider.profile {
        Some(path) => option("--profile", Some(path.display().to_string())),
        None => {
            let name = Some(args.provider.name.clone()).filter(|name| name != DEFAULT_PROVIDER);
            option("--provider", name);
        }
    }
    option("--effects-listen", args.effects.effects_listen.map(|address| address.to_string()));
    option("--effects-url", args.effects.effects_url.clone());
    option("--effects-cmd", args.effects.effects_cmd.clone());
    let wait = Some(args.effects.effect_wait).filter(|wait| *wait != DEFAULT_EFFECT_WAIT);
    option("--effect-wait", wait.map(|wait| format!("{}ms", wait.as_millis())));
    option("--template", args.own.template.as_ref().map(|path| path.display().to_string()));
    for change in &args.own.changes {
        option("--set", Some(change.clone()));
    }
    option("--prepare-cmd", args.own.prepare_cmd.clone());
    option("--prepare-url", args.own.prepare_url.clone());
    option("--confirm-listen", args.own.confirm_listen.map(|address| address.to_string()));
    option("--restart-cmd", args.controls.restart_cmd.clone());
    option("--advance-clock-cmd", args.controls.advance_clock_cmd.clone());
    option("--known-failing", args.known_failing.as_ref().map(|path| path.display().to_string()));
    let within = args.controls.own_retry_within.map(|within| format!("{}ms", within.as_millis()));
    option("--own-retry-within", within);
    option("--public-url", args.address.public_url.as_deref().map(target::shown));
    option("--secret-file", args.secret.secret_file.as_ref().map(|path| path.display().to_string()));
    option("--events", Some(args.events.join(",")).filter(|events| !events.is_empty()));
    option("--rate", args.rate.map(|rate| rate.to_string()));
    option("--timeout", args.target.timeout.map(|limit| format!("{}ms", limit.as_millis())));
    option("--cacert", args.target.cacert.as_ref().map(|path| path.display().to_string()));
    for rule in &args.target.resolve {
        option("--resolve", Some(rule.clone()));
    }
    for host in &args.target.allow_remote {
        option("--allow-remote", Some(host.clone()));
    }
    for header in &args.target.headers {
        // Its value may be a password; its name says which one to give again.
        option("--header", header.split_once(':').map(|(name, _)| format!("{name}: …")));
    }
    words.extend(args.address.production.then(|| "--production".to_owned()));
    words.extend(args.livemode.then(|| "--livemode".to_owned()));
    words.extend(args.full.then(|| "--full".to_owned()));
    words.join(" ")
}

/// Which checks the run has, and what it takes to be a success, as options: beside the command, what repeats all of it.
pub(super) fn extent(args: &CheckArgs) -> String {
    let mut words = Vec::new();
    for (name, ids) in [("--only", &args.only), ("--skip", &args.skip)] {
        if !ids.is_empty() {
            words.extend([name.to_owned(), quoted(&ids.join(","))]);
        }
    }
    if let Some(history) = &args.replay {
        words.extend(["--replay".to_owned(), quoted(&history.display().to_string())]);
    }
    if args.cases != DEFAULT_CASES {
        words.extend(["--cases".to_owned(), args.cases.to_string()]);
    }
    words.extend(args.strict.then(|| "--strict".to_owned()));
    words.extend(args.require_observed.then(|| "--require-observed".to_owned()));
    words.join(" ")
}

/// A word as a shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
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

    use clap::Parser;

    use super::{extent, quoted, times};
    use crate::args::{Args, Command};

    #[test]
    fn the_time_of_a_run_is_told_phase_by_phase() {
        let phases =
            [("baseline", Duration::from_millis(200)), ("sound traffic", Duration::from_millis(3_900))];
        assert_eq!(times(&phases), "4.1 s: baseline 200 ms, sound traffic 3.9 s");
    }

    #[test]
    fn a_run_of_some_checks_is_repeated_with_the_same() {
        let of = |options: &str| {
            let call = ["hookproof", "check"].into_iter().chain(options.split_whitespace());
            let Command::Check(args) = Args::parse_from(call).command else { panic!("it is a check") };
            extent(&args)
        };
        for options in [
            "",
            "--only signature/*d,tls/valid --skip url/https",
            "--replay history.txt",
            "--cases 50 --strict",
        ] {
            assert_eq!(of(options), options.replace("signature/*d,tls/valid", "'signature/*d,tls/valid'"));
        }
        assert_eq!(of("--require-observed --cases 20 --seed 3"), "--require-observed");
    }

    #[test]
    fn a_word_survives_the_shell() {
        for (word, shell) in [
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("x: y", "'x: y'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), shell);
        }
    }
}
