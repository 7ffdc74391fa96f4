//! The command line that does the same again.

use std::{fmt::Display, time::Duration};

use crate::{
    args::{
        CheckArgs, DEFAULT_CASES, DEFAULT_EFFECT_WAIT, DEFAULT_JOBS, DEFAULT_PROVIDER, ProviderArg,
        RehearseArgs, StageArgs,
    },
    target,
};

/// The command that repeats this run; a failure adds its check and seed.
pub(crate) fn check(args: &CheckArgs) -> String {
    let mut line = Line::new("check", args.url.as_deref(), &args.provider, &args.stage);
    line.option("--known-failing", args.known_failing.as_ref().map(|path| path.display()));
    line.option("--public-url", args.address.public_url.as_deref().map(target::shown));
    line.list("--events", &args.events);
    line.option("--jobs", Some(args.jobs).filter(|jobs| *jobs != DEFAULT_JOBS));
    line.option("--rate", args.rate);
    line.flag("--production", args.address.production);
    line.flag("--livemode", args.livemode);
    line.flag("--full", args.full);
    line.written()
}

/// Which checks the run has, and what it takes to be a success, as options: beside the command, what repeats all of it.
pub(crate) fn extent(args: &CheckArgs) -> String {
    let mut line = Line::empty();
    line.list("--only", &args.only);
    line.list("--skip", &args.skip);
    line.option("--replay", args.replay.as_ref().map(|path| path.display()));
    line.option("--cases", Some(args.cases).filter(|cases| *cases != DEFAULT_CASES));
    line.flag("--strict", args.strict);
    line.flag("--require-observed", args.require_observed);
    line.written()
}

/// The command that rehearses the same again.
pub(crate) fn rehearse(args: &RehearseArgs) -> String {
    let mut line = Line::new("rehearse", args.url.as_deref(), &args.provider, &args.stage);
    line.option("--faults", Some(&args.faults));
    let delays: Vec<String> = args.delays.iter().map(|delay| format!("{}ms", delay.as_millis())).collect();
    line.list("--delays", &delays);
    line.option("--event", args.event.as_ref());
    line.written()
}

/// A command line, as a shell reads it.
struct Line {
    words: Vec<String>,
}

impl Line {
    /// A subcommand on a stage, at an endpoint or without one.
    fn new(subcommand: &str, url: Option<&str>, provider: &ProviderArg, stage: &StageArgs) -> Self {
        let secret = stage.secret.secret_env.as_ref().map(|name| format!("HOOKPROOF_SECRET=\"${name}\""));
        let mut line = Self { words: secret.into_iter().collect() };
        line.words.extend(["hookproof".to_owned(), subcommand.to_owned()]);
        line.words.extend(url.map(quoted));
        line.option("--demo", stage.demo.as_ref());
        match &provider.profile {
            Some(path) => line.option("--profile", Some(path.display())),
            None => line.option("--provider", Some(&provider.name).filter(|name| *name != DEFAULT_PROVIDER)),
        }
        line.surroundings(stage);
        line
    }

    /// Options alone.
    const fn empty() -> Self {
        Self { words: Vec::new() }
    }

    fn option(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.words.extend([name.to_owned(), quoted(&value.to_string())]);
        }
    }

    fn time(&mut self, name: &str, value: Option<Duration>) {
        self.option(name, value.map(|time| format!("{}ms", time.as_millis())));
    }

    fn list(&mut self, name: &str, values: &[String]) {
        self.option(name, Some(values.join(",")).filter(|_| !values.is_empty()));
    }

    fn flag(&mut self, name: &str, is_given: bool) {
        self.words.extend(is_given.then(|| name.to_owned()));
    }

    /// All but a secret on the command line: whoever repeats it has one.
    fn surroundings(&mut self, StageArgs { demo: _, secret, effects, controls, own, target }: &StageArgs) {
        self.option("--secret-file", secret.secret_file.as_ref().map(|path| path.display()));
        self.option("--effects-listen", effects.effects_listen);
        self.option("--effects-url", effects.effects_url.as_ref());
        self.option("--effects-cmd", effects.effects_cmd.as_ref());
        self.time("--effect-wait", Some(effects.effect_wait).filter(|wait| *wait != DEFAULT_EFFECT_WAIT));
        self.option("--template", own.template.as_ref().map(|path| path.display()));
        for change in &own.changes {
            self.option("--set", Some(change));
        }
        self.option("--prepare-cmd", own.prepare_cmd.as_ref());
        self.option("--prepare-url", own.prepare_url.as_ref());
        self.option("--confirm-listen", own.confirm_listen);
        self.option("--restart-cmd", controls.restart_cmd.as_ref());
        self.option("--advance-clock-cmd", controls.advance_clock_cmd.as_ref());
        self.time("--own-retry-within", controls.own_retry_within);
        self.time("--timeout", target.timeout);
        self.option("--cacert", target.cacert.as_ref().map(|path| path.display()));
        for rule in &target.resolve {
            self.option("--resolve", Some(rule));
        }
        for host in &target.allow_remote {
            self.option("--allow-remote", Some(host));
        }
        for header in &target.headers {
            // Its value may be a password; its name says which one to give again.
            self.option("--header", header.split_once(':').map(|(name, _)| format!("{name}: …")));
        }
    }

    /// The whole line.
    fn written(&self) -> String {
        self.words.join(" ")
    }
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::args::{Args, Command};

    /// Every option of a run, each away from its default, but for those that two of them exclude.
    const CHECK: &str = "check http://127.0.0.1:3000/hooks --provider stripe --secret-file secret --effects-listen 127.0.0.1:4000 \
        --effect-wait 3000ms --template event.json --set data.object.customer=cus_7 --set livemode=true \
        --prepare-cmd prepare --confirm-listen 127.0.0.1:5000 --restart-cmd restart --advance-clock-cmd advance \
        --own-retry-within 7000ms --timeout 5000ms --cacert ca.pem --resolve shop.example:443:127.0.0.1 \
        --allow-remote shop.example --known-failing known.txt --public-url https://shop.example/hooks \
        --events a.b,c.d --jobs 4 --rate 2.5 --production --livemode --full";

    const REHEARSE: &str = "rehearse http://127.0.0.1:3000/hooks --profile own.toml --effects-cmd count --prepare-url http://127.0.0.1:1/ \
        --faults none,twice --delays 5000ms,60000ms --event a.b";

    fn again(call: &str) -> String {
        match Args::parse_from(["hookproof"].into_iter().chain(call.split_whitespace())).command {
            Command::Check(args) => check(&args),
            Command::Rehearse(args) => rehearse(&args),
            other => panic!("{other:?} is not repeated"),
        }
    }

    /// In the order of the alphabet: of options it does not matter.
    fn words(line: &str) -> Vec<String> {
        let mut words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        words.sort();
        words
    }

    #[test]
    fn a_call_is_repeated_with_all_that_it_said() {
        for call in [CHECK, REHEARSE, "check", "rehearse --demo no-dedupe --faults twice"] {
            assert_eq!(words(&again(call)), words(&format!("hookproof {call}")));
        }
    }

    /// A new option belongs into the command that repeats a run, or into a list here.
    #[test]
    fn no_option_is_forgotten() {
        // Where a run is told, what is told another way, what is never told, and what only the first run waits for.
        let told = ["report", "header", "secret", "wait"];
        let of_a_fleet = ["targets", "parallel", "shard", "resume"];
        let extent = ["only", "skip", "seed", "cases", "replay", "strict", "require-observed"];
        let calls = [
            CHECK,
            REHEARSE,
            "check --demo no-dedupe",
            "check http://127.0.0.1:1/ --effects-url http://127.0.0.1:2/{id}",
        ];
        let repeated: Vec<String> = calls.iter().flat_map(|call| words(&again(call))).collect();
        for subcommand in ["check", "rehearse"] {
            let command = Args::command();
            let command = command.find_subcommand(subcommand).expect("it is one");
            for option in command.get_arguments().filter_map(clap::Arg::get_long) {
                let is_elsewhere = [&told[..], &of_a_fleet, &extent].concat().contains(&option);
                assert_ne!(
                    repeated.contains(&format!("--{option}")),
                    is_elsewhere,
                    "--{option} of {subcommand}"
                );
            }
        }
    }

    #[test]
    fn of_a_header_the_name_is_told_and_of_a_fleets_secret_its_variable() {
        assert_eq!(
            again("check http://127.0.0.1:1/ --header authorization:hunter2"),
            "hookproof check http://127.0.0.1:1/ --header 'authorization: …'"
        );
        let Command::Check(mut args) =
            Args::parse_from(["hookproof", "check", "http://127.0.0.1:1/"]).command
        else {
            panic!("it is a check")
        };
        args.stage.secret.secret_env = Some("SHOP_SECRET".to_owned());
        assert_eq!(check(&args), "HOOKPROOF_SECRET=\"$SHOP_SECRET\" hookproof check http://127.0.0.1:1/");
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
