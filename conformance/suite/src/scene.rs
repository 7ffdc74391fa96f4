//! What unit tests stand on: a provider's bench, and exchanges as a run would have made them.

use alloc::{format, string::ToString, vec, vec::Vec};
use core::time::Duration;

use hookproof_core::{Provider, Secret, Timestamp};

use crate::{
    Answer, Bench, Check, Draft, Effects, EventName, Exchange, Failure, Handshake, Judge, Need, Outcome,
    Seen, Sent, Setting, Step, TlsFacts, Verdict,
};

/// The secret of the endpoints in unit tests.
pub(crate) const SECRET: &str = "whsec_c3VpdGUgdW5pdCB0ZXN0IHNlY3JldCBvZiAzMiBi";

/// The beginning of 2026.
pub(crate) const STARTED: Timestamp = Timestamp::from_unix_secs(1_767_225_600);

pub(crate) fn provider(name: &str) -> Provider {
    Provider::built_in(name).unwrap_or_else(|| panic!("no provider {name}")).clone()
}

pub(crate) fn secret(provider: &Provider) -> Option<Secret> {
    provider.is_signed().then(|| Secret::new(SECRET).unwrap())
}

pub(crate) fn setting() -> Setting {
    Setting { nonce: "k3w9x1q0".into(), ..Setting::default() }
}

pub(crate) fn bench(provider: &str) -> Bench {
    bench_with(provider, setting())
}

pub(crate) fn bench_with(name: &str, setting: Setting) -> Bench {
    let provider = provider(name);
    let secret = secret(&provider);
    Bench::new(provider, secret.as_ref(), setting, STARTED).unwrap()
}

/// A bench for the provider of a profile.
pub(crate) fn bench_of(profile: &str) -> Bench {
    let provider = Provider::from_toml(profile).unwrap_or_else(|error| panic!("{error}"));
    let secret = secret(&provider);
    Bench::new(provider, secret.as_ref(), setting(), STARTED).unwrap()
}

/// What a run would have noted of a draft that came to `outcome`.
pub(crate) fn exchange(bench: &Bench, draft: &Draft, outcome: Outcome) -> Exchange {
    let request = bench.seal(draft, STARTED);
    Exchange {
        forged: crate::run::is_forged(&request),
        event: request.event,
        intent: request.intent,
        slowed: request.is_slowed(),
        sent: Sent {
            id: bench.id(request.event),
            summary: request.summary,
            headers: request.headers,
            body: request.body,
        },
        outcome,
        at: Duration::ZERO,
        took: Duration::from_millis(5),
        shows_mac: false,
        rule: bench.provider.acknowledgement,
        limit: Some(bench.patience()),
    }
}

/// An outcome in short: `200`, `503 retry-after 2`, `302 location /login`, `cut`, `refused`, `unreachable`,
/// `connect-timeout`, `tls`, `closed`, `half-closed`, `late`, `late-unsent`, `not-http`.
pub(crate) fn outcome(text: &str) -> Outcome {
    Outcome::Failed(match text {
        "cut" => return Outcome::Cut,
        "refused" => Failure::Refused,
        "unreachable" => Failure::Unreachable("no such name".into()),
        "connect-timeout" => Failure::ConnectTimeout,
        "tls" => Failure::Tls("expired".into()),
        "closed" => Failure::Closed { partial: false },
        "half-closed" => Failure::Closed { partial: true },
        "late" => Failure::TimedOut { sent: true },
        "late-unsent" => Failure::TimedOut { sent: false },
        "not-http" => Failure::NotHttp("no status line".into()),
        answered => {
            let mut words = answered.split(' ');
            let status = words.next().and_then(|status| status.parse().ok());
            let status = status.unwrap_or_else(|| panic!("no outcome: {text}"));
            let headers = match (words.next(), words.next()) {
                (Some(name), Some(value)) => vec![(name.to_string(), value.to_string())],
                _ => Vec::new(),
            };
            return Outcome::Answered(Answer { status, headers, body: Vec::new() });
        }
    })
}

/// What came of a check that was played against written replies.
#[derive(Debug)]
pub(crate) struct Played {
    /// Every step that it asked for, its verdict left out.
    pub(crate) steps: Vec<Step>,
    pub(crate) seen: Vec<Seen>,
    pub(crate) verdict: Verdict,
}

/// Plays a script against an endpoint that is a list of replies, one a step: to a delivery an [`outcome`]; to
/// several at once outcomes with how often each, `200 x 1, 409 x 15`; to a look the number of effects, or
/// `no-observer`, `not-wired`, `unsettled`, and where its downstream was told to fail and was not called meanwhile `1 untouched`; for several events `1 x 998, 0 x 2`; to a command to the downstream
/// `set` or `no-downstream`; to a restart `restarted`, to a moved clock `advanced`, or `cannot` or `broke`; to a look at TLS
/// what it tells; to a look-up the addresses, or `broke`. A pause needs no reply.
pub(crate) fn play(check: &Check, bench: &Bench, replies: &[&str]) -> Played {
    let Judge::Script(script) = check.judge else { panic!("{} is judged as a whole", check.id) };
    let (mut seen, mut steps, mut left) = (Vec::new(), Vec::new(), replies.iter());
    loop {
        assert!(steps.len() < MOST_STEPS, "{} does not end: {:?}", check.id, steps.last());
        let step = script(bench, &seen);
        let mut reply = || *left.next().unwrap_or_else(|| panic!("{replies:?} has no reply to {step:?}"));
        seen.push(match &step {
            Step::Send(draft) => Seen::Answer(exchange(bench, draft, outcome(reply()))),
            Step::SendTogether(drafts) => {
                let outcomes = several(reply());
                assert_eq!(outcomes.len(), drafts.len(), "{replies:?}");
                let pairs = drafts.iter().zip(outcomes);
                Seen::Together(pairs.map(|(draft, outcome)| exchange(bench, draft, outcome)).collect())
            }
            Step::Observe(event, _) => match reply() {
                "no-observer" => Seen::Cannot(Need::Observer),
                "not-wired" => Seen::Cannot(Need::WiredObserver),
                "unsettled" => Seen::Cannot(Need::SettledEffects),
                count => {
                    let number = count.trim_end_matches(" untouched").parse();
                    let number = number.unwrap_or_else(|_| panic!("{count} is no number of effects"));
                    let refused = if count.ends_with(" untouched") { 0 } else { failures(&steps, *event) };
                    Seen::Effects(Effects { refused, ..effects(*event, number) })
                }
            },
            Step::ObserveEach(events, _) => match reply() {
                "no-observer" => Seen::Cannot(Need::Observer),
                "not-wired" => Seen::Cannot(Need::WiredObserver),
                "unsettled" => Seen::Cannot(Need::SettledEffects),
                counts => Seen::Tallied(tallied(events, counts)),
            },
            Step::Set(_, downstream) => match reply() {
                "no-downstream" => Seen::Cannot(Need::Downstream),
                "not-wired" => Seen::Cannot(Need::WiredObserver),
                "set" => Seen::Set(*downstream),
                other => panic!("{other} is no reply to {step:?}"),
            },
            Step::Restart => match reply() {
                "cannot" => Seen::Cannot(Need::Restart),
                "broke" => Seen::Failed("the command ended with 1".into()),
                "restarted" => Seen::Restarted,
                other => panic!("{other} is no reply to {step:?}"),
            },
            Step::AdvanceClock(by) => match reply() {
                "cannot" => Seen::Cannot(Need::Clock),
                "broke" => Seen::Failed("the command ended with 1".into()),
                "advanced" => Seen::Advanced(*by),
                other => panic!("{other} is no reply to {step:?}"),
            },
            Step::Pause(duration) => Seen::Paused(*duration),
            Step::InspectTls => inspection(reply()),
            Step::LookUp { .. } => match reply() {
                "broke" => Seen::Failed("no such name".into()),
                addresses => Seen::Addresses(
                    addresses.split_terminator(' ').map(|text| text.parse().expect("an address")).collect(),
                ),
            },
            Step::Decide(verdict) => {
                let verdict = verdict.clone();
                assert_eq!(left.next(), None, "{replies:?}: {verdict:?} came before its end");
                return Played { steps, seen, verdict };
            }
        });
        steps.push(step);
    }
}

/// More than any check takes.
const MOST_STEPS: usize = 1_000;

/// Holds that each list of replies comes to its verdict, in short: `pass`, or `fail: ` (`unknown: `, `n/a: `)
/// and a part of what is said.
pub(crate) fn assert_verdicts(check: &Check, bench: &Bench, table: &[(&[&str], &str)]) {
    for (replies, expected) in table {
        let verdict = play(check, bench, replies).verdict;
        assert_verdict(&verdict, expected, &format!("{} with {replies:?}", check.id));
    }
}

pub(crate) fn assert_verdict(verdict: &Verdict, expected: &str, of: &str) {
    let (word, said) = match verdict {
        Verdict::Pass => ("pass", ""),
        Verdict::Fail { actual, .. } => ("fail", actual.as_str()),
        Verdict::Unknown(why) => ("unknown", why.as_str()),
        Verdict::NotApplicable(why) => ("n/a", why.as_str()),
    };
    let (wanted, part) = expected.split_once(": ").unwrap_or((expected, ""));
    assert!(word == wanted && said.contains(part), "{of}: {word} ({said}), wanted {expected}");
}

/// What a look at TLS tells, in short: `trusted` or `untrusted` (`for 3` days), `outdated`, `no-tls`, `plain`,
/// `unreached` or `cannot`.
fn inspection(text: &str) -> Seen {
    const DAY: u64 = 24 * 60 * 60;
    Seen::Tls(match text {
        "plain" => TlsFacts::Plain,
        "outdated" => TlsFacts::Outdated,
        "no-tls" => TlsFacts::Refused("what answers there does not speak TLS".into()),
        "unreached" => TlsFacts::Unreached("connection refused".into()),
        "cannot" => return Seen::Cannot(Need::Tls),
        made => {
            let (trust, days) =
                made.split_once(" for ").map_or((made, None), |(trust, days)| (trust, Some(days)));
            let days = days.map(|days| days.parse::<u64>().expect("a number of days"));
            TlsFacts::Made(Handshake {
                trust: match trust {
                    "trusted" => Ok(()),
                    "untrusted" => Err("self-signed".into()),
                    other => panic!("{other} is no reply to a look at TLS"),
                },
                expires_in: days.map(|days| Duration::from_secs(days * DAY)),
            })
        }
    })
}

/// The drafts of all deliveries that were asked for, in order.
pub(crate) fn drafts(played: &Played) -> Vec<&Draft> {
    let steps = played.steps.iter();
    steps
        .flat_map(|step| match step {
            Step::Send(draft) => core::slice::from_ref(draft),
            Step::SendTogether(drafts) => drafts.as_slice(),
            _ => &[],
        })
        .collect()
}

/// How many calls about an event its downstream was told to refuse.
fn failures(steps: &[Step], event: EventName) -> u64 {
    let failures = steps.iter().map(|step| match step {
        Step::Set(of, downstream) if *of == event => u64::from(downstream.failures),
        _ => 0,
    });
    failures.sum()
}

/// The effects of these events, in their order.
fn tallied(events: &[EventName], counts: &str) -> Vec<Effects> {
    if events.is_empty() {
        return Vec::new();
    }
    let parts = counts.split(", ").map(|part| part.split_once(" x ").expect("a number and how often"));
    let counts: Vec<u64> = parts
        .flat_map(|(count, times)| {
            let times = times.parse().expect("how often is a number");
            core::iter::repeat_n(count.parse().expect("effects are a number"), times)
        })
        .collect();
    assert_eq!(counts.len(), events.len(), "{counts:?}");
    events.iter().zip(counts).map(|(event, count)| effects(*event, count)).collect()
}

pub(crate) fn effects(event: EventName, count: u64) -> Effects {
    Effects { event, count, at_first: count, evidence: "POST /fulfil".into(), refused: 0 }
}

fn several(reply: &str) -> Vec<Outcome> {
    let parts = reply.split(", ").map(|part| part.split_once(" x ").expect("an outcome and how often"));
    parts
        .flat_map(|(text, times)| {
            core::iter::repeat_n(outcome(text), times.parse().expect("how often is a number"))
        })
        .collect()
}
