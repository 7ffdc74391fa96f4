//! `hookproof send`: one event to one endpoint, as often as wanted.

use std::{fmt::Write as _, time::Duration};

use hookproof_conformance::{Client, nonce};
use hookproof_core::{Acknowledgement, Provider};
use hookproof_suite::{
    Bench, Failure, Outcome, Request, Setting,
    report::{harmless, span, visible_lines},
};

use crate::{
    args::SendArgs,
    clock::now_or,
    exit::{Error, Status},
    message, provider, secret, target, terminal,
};

pub(crate) async fn run(args: Box<SendArgs>) -> Result<Status, Error> {
    let provider = provider::find(&args.provider)?;
    let setting = setting(&args)?;
    let target = target::find(&args.url, &args.target, setting.patience(&provider))?;
    let request = request(&args, &provider, setting)?;
    let client = Client::new(target);
    let copies = vec![request; usize::from(args.times)];
    let outcomes =
        if args.together { client.send_together(&copies).await } else { one_by_one(&client, &copies).await };
    if let Some(failure) = unreachable(&outcomes) {
        return Err(target::unreachable(&args.url, failure));
    }
    let mut text = String::new();
    for (outcome, took) in &outcomes {
        let _ = writeln!(text, "{} in {}{}", result(outcome), span(*took), body(outcome));
    }
    terminal::print(&visible_lines(&text))?;
    Ok(status(&outcomes, provider.acknowledgement))
}

/// Nothing more is sent when the first copy found nobody.
async fn one_by_one(client: &Client, copies: &[Request]) -> Vec<(Outcome, Duration)> {
    let mut outcomes = Vec::new();
    for copy in copies {
        outcomes.push(client.send(copy).await);
        if unreachable(&outcomes).is_some() {
            break;
        }
    }
    outcomes
}

fn setting(args: &SendArgs) -> Result<Setting, Error> {
    Ok(Setting {
        events: args.event.iter().map(|kind| message::event_type(kind)).collect::<Result<_, _>>()?,
        headers: message::headers(&args.target.headers)?,
        time_limit: args.target.timeout,
        nonce: nonce(),
        ..Setting::default()
    })
}

/// The signed request: an event of the suite's, or the caller's bytes.
fn request(args: &SendArgs, provider: &Provider, setting: Setting) -> Result<Request, Error> {
    let secret = secret::find(&args.secret, provider)?;
    let now = now_or(None);
    let bench = Bench::new(provider.clone(), secret.as_ref().map(|(secret, _)| secret), setting, now)
        .map_err(|error| Error::Usage(format!("the secret {error}")))?;
    let mut draft = bench.event(1).signed_ago(args.age);
    if let Some(path) = &args.body {
        draft = draft.with_body(message::body(path)?);
    }
    if args.tamper {
        draft = draft.tampered(bench.object());
    }
    Ok(bench.seal(&draft, now))
}

fn result(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered(answer) => answer.status.to_string(),
        Outcome::Failed(failure) => failure.to_string(),
        Outcome::Cut => "cut".to_owned(),
    }
}

/// The first line of what was answered.
fn body(outcome: &Outcome) -> String {
    let Outcome::Answered(answer) = outcome else { return String::new() };
    let text = String::from_utf8_lossy(&answer.body);
    match text.lines().find(|line| !line.trim().is_empty()) {
        Some(line) => format!(": {}", harmless(line.trim())),
        None => String::new(),
    }
}

/// Why none of the copies found anybody, if that is so.
fn unreachable(outcomes: &[(Outcome, Duration)]) -> Option<&Failure> {
    let mut failures = outcomes.iter().map(|(outcome, _)| match outcome {
        Outcome::Failed(failure @ (Failure::Refused | Failure::Unreachable(_) | Failure::ConnectTimeout)) => {
            Some(failure)
        }
        _ => None,
    });
    let first = failures.next()??;
    failures.all(|failure| failure.is_some()).then_some(first)
}

fn status(outcomes: &[(Outcome, Duration)], rule: Acknowledgement) -> Status {
    let acknowledged =
        |outcome: &Outcome| matches!(outcome, Outcome::Answered(answer) if rule.accepts(answer.status));
    let all = outcomes.iter().all(|(outcome, _)| acknowledged(outcome));
    if all { Status::Holds } else { Status::Fails }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use tokio::net::TcpSocket;

    use super::*;
    use crate::args::{Args, Command};

    #[tokio::test]
    async fn nothing_more_is_sent_when_the_first_copy_found_nobody() {
        // Bound but not listened on: refused, and nobody else can take it.
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let url = format!("http://{}/", socket.local_addr().unwrap());
        let Command::Send(args) =
            Args::parse_from(["hookproof", "send", &url, "--provider", "turnstay"]).command
        else {
            panic!("it is the command that was written")
        };
        let provider = provider::find(&args.provider).unwrap();
        let request = request(&args, &provider, setting(&args).unwrap()).unwrap();
        let copies = vec![request; 3];
        let client = Client::new(target::find(&url, &args.target, Duration::from_secs(30)).unwrap());
        assert_eq!(one_by_one(&client, &copies).await.len(), 1);
        assert_eq!(client.send_together(&copies).await.len(), 3);
    }
}
