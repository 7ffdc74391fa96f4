//! Odd, but perhaps valid: an endpoint may take it or leave it, and must not fall over it.

use alloc::format;

use super::{HOSTILE, hostile};
use crate::{
    Bench, Check, Draft, Exchange, Expecting, Failure, Judge, Outcome, Seen, Step,
    checks::{excused, otherwise, throttled},
    step::{fail, pass, unknown},
};

pub(crate) const DEEP_NESTING: Check = Check {
    id: "http/deep-nesting",
    title: "an event with ten thousand lists inside each other does no harm",
    explain: include_str!("../explain/http-deep-nesting.md"),
    judge: Judge::Script(|bench, seen| harmless(bench, seen, deep_nesting(bench))),
    ..HOSTILE
};

pub(crate) const OVERSIZE: Check = Check {
    id: "http/oversize",
    title: "an event of two megabytes does no harm",
    explain: include_str!("../explain/http-oversize.md"),
    judge: Judge::Script(|bench, seen| harmless(bench, seen, oversize(bench))),
    ..HOSTILE
};

pub(crate) const REPEATED_KEYS: Check = Check {
    id: "http/repeated-keys",
    title: "an event in which a key stands twice does no harm",
    explain: include_str!("../explain/http-repeated-keys.md"),
    judge: Judge::Script(|bench, seen| harmless(bench, seen, repeated_keys(bench))),
    ..HOSTILE
};

pub(crate) const NUL_ESCAPE: Check = Check {
    id: "http/nul-escape",
    title: r"an event with a \u0000 in one of its texts does no harm",
    explain: include_str!("../explain/http-nul-escape.md"),
    judge: Judge::Script(|bench, seen| harmless(bench, seen, nul_escape(bench))),
    ..HOSTILE
};

pub(crate) const COMPRESSED: Check = Check {
    id: "http/compressed",
    title: "an event that comes compressed does no harm",
    explain: include_str!("../explain/http-compressed.md"),
    judge: Judge::Script(|bench, seen| harmless(bench, seen, compressed(bench))),
    ..HOSTILE
};

fn deep_nesting(bench: &Bench) -> Draft {
    let lists = format!("\"hookproof_note\":{}{}", "[".repeat(DEEP), "]".repeat(DEEP));
    bench.event(1).with_member(bench.object(), lists).noted("with ten thousand lists inside each other")
}

fn oversize(bench: &Bench) -> Draft {
    bench.event(1).padded(bench.object(), LARGE).noted("2 MiB long")
}

/// The same value both times, so that it does not matter which one counts.
fn repeated_keys(bench: &Bench) -> Draft {
    let twice = r#""hookproof_note":"once","hookproof_note":"once""#;
    bench.event(1).with_member("", twice).with_member(bench.object(), twice).noted("with a key twice")
}

fn nul_escape(bench: &Bench) -> Draft {
    bench
        .event(1)
        .with_member(bench.object(), r#""hookproof_note":"a\u0000b""#)
        .noted(r"with \u0000 in a text")
}

fn compressed(bench: &Bench) -> Draft {
    bench
        .event(1)
        .gzipped()
        .with_header("content-encoding", "gzip")
        .noted("compressed with gzip, and signed so")
}

/// Any success, any refusal, a connection closed in time. Acknowledged, it has one effect; otherwise at most one.
fn harmless(bench: &Bench, seen: &[Seen], draft: Draft) -> Step {
    match seen {
        [] => Step::Send(hostile(draft)),
        [Seen::Answer(only)] if only.is_throttled() => throttled(only),
        [Seen::Answer(only)] => match odd(bench, only) {
            Some(step) => step,
            None if only.is_acknowledged() => Step::Observe(bench.name(1), Expecting::Some),
            None => Step::Observe(bench.name(1), Expecting::Quiet),
        },
        [Seen::Answer(only), Seen::Effects(effects)] if only.is_acknowledged() && effects.count == 0 => {
            fail("one effect, as it was acknowledged", format!("{}, and no effect", only.result()))
        }
        // What had its effect may yet come a second time.
        [Seen::Answer(_), Seen::Effects(effects)] if effects.count == 1 => {
            Step::Observe(bench.name(1), Expecting::Quiet)
        }
        [Seen::Answer(only), .., Seen::Effects(effects)] if effects.count > 1 => {
            fail("one effect at the most", format!("{}, and {}", only.result(), effects.phrase()))
        }
        [Seen::Answer(_), .., Seen::Effects(_)] => pass(),
        // One delivery that was refused has nothing to hide behind.
        [Seen::Answer(only), Seen::Cannot(_)] if !only.is_acknowledged() => pass(),
        [Seen::Answer(only), Seen::Cannot(need)] => unknown(format!(
            "it was acknowledged ({}), and whether it had its effect could not be seen: {}",
            only.result(),
            need.why_missing()
        )),
        _ => otherwise(seen),
    }
}

/// What no endpoint should do, or what nobody can tell from outside.
fn odd(bench: &Bench, answer: &Exchange) -> Option<Step> {
    let expected = "a success status, a refusal, or a connection closed in time";
    match &answer.outcome {
        Outcome::Answered(found) if found.status >= 500 => Some(fail(expected, answer.result())),
        Outcome::Failed(Failure::TimedOut { .. } | Failure::NotHttp(_)) => {
            Some(excused(bench, answer).unwrap_or_else(|| fail(expected, answer.result())))
        }
        Outcome::Failed(Failure::Closed { .. }) | Outcome::Answered(_) => None,
        Outcome::Failed(_) | Outcome::Cut => {
            Some(unknown(format!("it did not reach the endpoint ({})", answer.result())))
        }
    }
}

const DEEP: usize = 10_000;

/// In bytes: twice what most frameworks take, and more than any payment needs.
const LARGE: usize = 2 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use alloc::{string::String, vec::Vec};

    use super::*;
    use crate::{
        Request,
        scene::{STARTED, assert_verdicts, bench, drafts, play},
    };

    #[test]
    fn an_odd_event_is_taken_once_or_left() {
        assert_verdicts(
            &NUL_ESCAPE,
            &bench("turratech"),
            &[
                (&["200", "1", "1"], "pass"),
                (&["202", "1", "2"], "fail: 202, and two effects"),
                (&["200", "0"], "fail: 200, and no effect"),
                (&["200", "3"], "fail: 200, and 3 effects"),
                (&["400", "0"], "pass"),
                (&["400", "1", "1"], "pass"),
                (&["400", "2"], "fail: 400, and two effects"),
                (&["302", "0"], "pass"),
                (&["closed", "0"], "pass"),
                (&["half-closed", "0"], "pass"),
                (&["400", "no-observer"], "pass"),
                (&["closed", "not-wired"], "pass"),
                (&["200", "no-observer"], "unknown: acknowledged (200), and whether it had its effect"),
                (&["200", "unsettled"], "unknown: raise --effect-wait"),
                (&["500"], "fail: 500"),
                (&["late"], "fail: no answer within 30 s"),
                (&["not-http"], "fail: not HTTP/1.1"),
                (&["429"], "unknown: come back later"),
                (&["503 retry-after 1"], "unknown: come back later"),
                (&["refused"], "unknown: it did not reach the endpoint"),
                (&["tls"], "unknown: it did not reach the endpoint"),
            ],
        );
        assert_verdicts(&NUL_ESCAPE, &bench("turnstay"), &[(&["late"], "unknown: our assumption")]);
    }

    #[test]
    fn the_effect_of_what_was_acknowledged_is_awaited_and_of_what_was_refused_none() {
        for (answer, expected) in [("200", Expecting::Some), ("400", Expecting::Quiet)] {
            let played = play(&NUL_ESCAPE, &bench("turratech"), &[answer, "1", "1"]);
            let observed = played.steps.iter().find_map(|step| match step {
                Step::Observe(_, expecting) => Some(*expecting),
                _ => None,
            });
            assert_eq!(observed, Some(expected), "{answer}");
        }
    }

    #[test]
    fn each_is_as_odd_as_its_name_says_and_signed() {
        for name in ["turratech", "turnstay", "stripe", "github", "standard-webhooks"] {
            let bench = bench(name);
            let sent = |check: &Check| -> Request {
                let played = play(check, &bench, &["400", "0"]);
                bench.seal(drafts(&played)[0], STARTED)
            };
            let [deep, large, twice, nul, gzip] =
                [&DEEP_NESTING, &OVERSIZE, &REPEATED_KEYS, &NUL_ESCAPE, &COMPRESSED].map(sent);
            assert!(hookproof_core::scan(&deep.body).is_err(), "{name}");
            assert_eq!(deep.body.iter().filter(|byte| **byte == b'[').count() / DEEP, 1, "{name}");
            // As its note says: 2 MiB.
            assert_eq!(large.body.len(), 2_097_152, "{name}");
            assert!(String::from_utf8_lossy(&twice.body).matches("hookproof_note").count() >= 2, "{name}");
            assert!(String::from_utf8_lossy(&nul.body).contains(r"\u0000"), "{name}");
            assert!(hookproof_core::scan(&nul.body).is_ok(), "{name}");
            assert!(gzip.body.starts_with(&[0x1f, 0x8b]), "{name}");
            assert!(gzip.headers.contains(&("content-encoding".into(), "gzip".into())), "{name}");
            for request in [deep, large, twice, nul, gzip] {
                let lines = request.headers.iter();
                let headers: Vec<_> = lines
                    .map(|(name, value)| hookproof_core::Header { name, value: value.as_bytes() })
                    .collect();
                if let Some(verifier) = bench.verifier() {
                    assert!(verifier.verify(&headers, &request.body, STARTED).is_ok(), "{name}");
                }
            }
        }
    }
}
