//! The list of a fleet's targets: a TOML file, one table a target, whose paths are relative to the file's folder.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    args::{self, CheckArgs},
    exit::Error,
    terminal,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    target: Vec<Entry>,
}

/// One target. What it does not say is as the call says it for all.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) known_failing: Option<PathBuf>,
    provider: Option<String>,
    profile: Option<PathBuf>,
    secret_env: Option<String>,
    secret_file: Option<PathBuf>,
    secret: Option<String>,
    events: Option<Vec<String>>,
    headers: Option<Vec<String>>,
    template: Option<PathBuf>,
    set: Option<Vec<String>>,
    prepare_cmd: Option<String>,
    prepare_url: Option<String>,
    confirm_listen: Option<std::net::SocketAddr>,
    effects_listen: Option<std::net::SocketAddr>,
    effects_url: Option<String>,
    effects_cmd: Option<String>,
    effect_wait: Option<String>,
    restart_cmd: Option<String>,
    advance_clock_cmd: Option<String>,
    own_retry_within: Option<String>,
    public_url: Option<String>,
    only: Option<Vec<String>>,
    skip: Option<Vec<String>>,
    timeout: Option<String>,
    rate: Option<f64>,
    jobs: Option<u16>,
    cacert: Option<PathBuf>,
}

/// The targets in this file.
pub(super) fn read(path: &Path) -> Result<Vec<Entry>, Error> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Error::Usage(format!("--targets: {shown} cannot be read: {error}")))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut entries = parse(&text).map_err(|why| Error::Usage(format!("{shown}{why}")))?;
    for entry in &mut entries {
        let paths = [
            &mut entry.known_failing,
            &mut entry.profile,
            &mut entry.secret_file,
            &mut entry.template,
            &mut entry.cacert,
        ];
        for path in paths.into_iter().flatten() {
            *path = folder.join(&*path);
        }
    }
    Ok(entries)
}

/// What is wrong begins with its place, after which an editor finds the line.
fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let List { target } = toml::from_str(text).map_err(|error| {
        // The excerpt that the error would show may have a secret in it.
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        format!(":{}: {}", 1 + before.matches('\n').count(), error.message())
    })?;
    if target.is_empty() {
        return Err(": there is no [[target]] in it".to_owned());
    }
    let mut names = BTreeSet::new();
    for Entry { name, .. } in &target {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        if name.is_empty() || !name.chars().all(is_plain) {
            let shown = name.escape_debug();
            return Err(format!(
                ": a target's name has letters, digits, '.', '_' and '-': \"{shown}\" has not"
            ));
        }
        if !names.insert(name) {
            return Err(format!(": two targets have the name {name}"));
        }
    }
    Ok(target)
}

impl Entry {
    /// The call for this target alone.
    pub(super) fn call(self, all: &CheckArgs) -> Result<Box<CheckArgs>, Error> {
        let wrong = |name: &str, why: &dyn std::fmt::Display| Error::Usage(format!("{name}: {why}"));
        let span = |name: &str, text: Option<String>| {
            text.map(|text| args::span(&text)).transpose().map_err(|error| wrong(name, &error))
        };
        let mut args = Box::new(all.clone());
        args.url = Some(self.url);
        (args.fleet.targets, args.fleet.shard, args.fleet.resume) = (None, None, None);
        args.fleet.parallel = 1;
        (args.known_failing, args.report) = (None, Vec::new());
        match (self.provider, self.profile) {
            (None, None) => {}
            (Some(_), Some(_)) => return Err(Error::usage("it has either a provider or a profile")),
            (Some(name), None) => (args.provider.name, args.provider.profile) = (name, None),
            (None, profile) => args.provider.profile = profile,
        }
        let secrets = [self.secret_env.is_some(), self.secret_file.is_some(), self.secret.is_some()];
        match secrets.iter().filter(|is_there| **is_there).count() {
            0 => {}
            1 => {
                if self.secret.is_some() {
                    terminal::say(&format!(
                        "the list shows the secret of {} to everyone who may read it; secret_env and secret_file do not",
                        self.name
                    ));
                }
                args.stage.secret.secret_env = self.secret_env;
                args.stage.secret.secret_file = self.secret_file;
                args.stage.secret.secret = self.secret;
            }
            _ => return Err(Error::usage("it has one of secret_env, secret_file and secret")),
        }
        args.stage.secret.unattended = true;
        let observers =
            [self.effects_listen.is_some(), self.effects_url.is_some(), self.effects_cmd.is_some()];
        match observers.iter().filter(|is_there| **is_there).count() {
            0 => {}
            1 => {
                args.stage.effects.effects_listen = self.effects_listen;
                args.stage.effects.effects_url = self.effects_url;
                args.stage.effects.effects_cmd = self.effects_cmd;
            }
            _ => return Err(Error::usage("it has one of effects_listen, effects_url and effects_cmd")),
        }
        if let Some(wait) = span("effect_wait", self.effect_wait)? {
            args.stage.effects.effect_wait = wait;
        }
        replace(&mut args.events, self.events);
        replace(&mut args.stage.target.headers, self.headers);
        replace(&mut args.stage.own.changes, self.set);
        replace(&mut args.only, self.only);
        replace(&mut args.skip, self.skip);
        replace_some(&mut args.stage.own.template, self.template);
        match (self.prepare_cmd, self.prepare_url) {
            (None, None) => {}
            (Some(_), Some(_)) => return Err(Error::usage("it has either prepare_cmd or prepare_url")),
            (cmd, url) => (args.stage.own.prepare_cmd, args.stage.own.prepare_url) = (cmd, url),
        }
        replace_some(&mut args.stage.own.confirm_listen, self.confirm_listen);
        replace_some(&mut args.stage.controls.restart_cmd, self.restart_cmd);
        replace_some(&mut args.stage.controls.advance_clock_cmd, self.advance_clock_cmd);
        replace_some(
            &mut args.stage.controls.own_retry_within,
            span("own_retry_within", self.own_retry_within)?,
        );
        replace_some(&mut args.address.public_url, self.public_url);
        let limit = self.timeout.map(|text| args::limit(&text)).transpose();
        replace_some(&mut args.stage.target.timeout, limit.map_err(|why| wrong("timeout", &why))?);
        let rate = self.rate.map(|rate| args::rate(&rate.to_string())).transpose();
        replace_some(&mut args.rate, rate.map_err(|why| wrong("rate", &why))?);
        replace_some(&mut args.stage.target.cacert, self.cacert);
        if let Some(jobs) = self.jobs {
            if !(1..=256).contains(&jobs) {
                return Err(Error::usage("jobs is a number from 1 to 256"));
            }
            args.jobs = jobs;
        }
        Ok(args)
    }
}

fn replace<T>(of_all: &mut T, own: Option<T>) {
    if let Some(own) = own {
        *of_all = own;
    }
}

fn replace_some<T>(of_all: &mut Option<T>, own: Option<T>) {
    if own.is_some() {
        *of_all = own;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_list_is_told_with_its_line_and_never_with_its_text() {
        for (text, said) in [
            ("", ": there is no [[target]] in it"),
            ("[[target]]\nname = \"a\"\n", ":1: missing field `url`"),
            (
                "[[target]]\nname = \"a\"\nurl = \"u\"\nsecret = 7",
                ":4: invalid type: integer `7`, expected a string",
            ),
            (
                "[[target]]\nname = \"a b\"\nurl = \"u\"",
                ": a target's name has letters, digits, '.', '_' and '-': \"a b\" has not",
            ),
        ] {
            assert_eq!(parse(text).expect_err("it is wrong"), said);
        }
        let twice = "[[target]]\nname = \"a\"\nurl = \"u\"\n".repeat(2);
        assert_eq!(parse(&twice).expect_err("it is wrong"), ": two targets have the name a");
        let unknown = parse("[[target]]\nname = \"a\"\nurl = \"u\"\nsecrt = \"x\"").expect_err("it is wrong");
        assert!(unknown.starts_with(":4: unknown field `secrt`, expected one of `name`, `url`"), "{unknown}");
    }
}
