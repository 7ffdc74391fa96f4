//! Messages whose framing is broken (RFC 9112, section 6.3): whoever takes what came for a whole one believes half of
//! something.

use alloc::format;
use core::time::Duration;

use super::{HOSTILE, hostile};
use crate::{
    Bench, Check, Draft, Failure, Framing, Judge, Outcome, Seen, Step, Stop, Then,
    checks::{otherwise, throttled},
    step::{fail, pass, unknown},
};

pub(crate) const TRUNCATED: Check = Check {
    id: "http/truncated",
    title: "a body that ends before its announced length is not acknowledged",
    explain: include_str!("../explain/http-truncated.md"),
    judge: Judge::Script(|bench, seen| unbelieved(bench, seen, truncated)),
    ..HOSTILE
};

pub(crate) const WRONG_LENGTH: Check = Check {
    id: "http/wrong-length",
    title: "a body whose announced length has not come yet is not acknowledged",
    explain: include_str!("../explain/http-wrong-length.md"),
    judge: Judge::Script(|bench, seen| unbelieved(bench, seen, wrong_length)),
    ..HOSTILE
};

pub(crate) const BAD_CHUNK: Check = Check {
    id: "http/bad-chunk",
    title: "a chunked body with a chunk that has no size is not acknowledged",
    explain: include_str!("../explain/http-bad-chunk.md"),
    judge: Judge::Script(|bench, seen| unbelieved(bench, seen, bad_chunk)),
    ..HOSTILE
};

/// The event itself is whole and rightly signed; what is missing are bytes behind it.
fn truncated(draft: Draft) -> Draft {
    draft
        .framed(Framing::Beyond(MISSING))
        .stopped(Stop { at: usize::MAX, then: Then::HalfClose })
        .noted("64 bytes more announced than sent, and no more to come")
}

fn wrong_length(draft: Draft) -> Draft {
    draft
        .framed(Framing::Beyond(MISSING))
        .noted("64 bytes more announced than sent, and the connection left open")
}

fn bad_chunk(draft: Draft) -> Draft {
    draft.framed(Framing::BadChunk).noted("in chunks, the last of which has zz for its size")
}

/// A refusal, a close, and no answer at all are sound.
fn unbelieved(bench: &Bench, seen: &[Seen], breaks: fn(Draft) -> Draft) -> Step {
    match seen {
        [] => Step::Send(breaks(hostile(bench.event(1)).awaited(PATIENCE))),
        [Seen::Answer(only)] if only.is_acknowledged() => fail("no success status", only.result()),
        [Seen::Answer(only)] if only.is_throttled() => throttled(only),
        [Seen::Answer(only)] => match &only.outcome {
            Outcome::Answered(_)
            | Outcome::Failed(
                Failure::Closed { .. } | Failure::TimedOut { sent: true } | Failure::NotHttp(_),
            ) => pass(),
            Outcome::Failed(_) | Outcome::Cut => {
                unknown(format!("it did not reach the endpoint ({})", only.result()))
            }
        },
        _ => otherwise(seen),
    }
}

/// In bytes.
const MISSING: usize = 64;

/// Whoever waits longer for the rest has not taken the message for whole.
const PATIENCE: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Intent, Transport,
        scene::{STARTED, assert_verdicts, bench, drafts, play},
    };

    #[test]
    fn only_a_success_status_believes_a_broken_message() {
        for check in [&TRUNCATED, &WRONG_LENGTH, &BAD_CHUNK] {
            assert_verdicts(
                check,
                &bench("turratech"),
                &[
                    (&["400"], "pass"),
                    (&["500"], "pass"),
                    (&["closed"], "pass"),
                    (&["half-closed"], "pass"),
                    (&["late"], "pass"),
                    (&["not-http"], "pass"),
                    (&["200"], "fail: 200"),
                    (&["204"], "fail: 204"),
                    (&["429"], "unknown: come back later"),
                    (&["refused"], "unknown: it did not reach the endpoint"),
                    (&["late-unsent"], "unknown: it did not reach the endpoint"),
                ],
            );
        }
    }

    #[test]
    fn each_message_is_broken_in_its_own_way_and_its_event_is_whole() {
        let bench = bench("turratech");
        for (check, framing, then) in [
            (&TRUNCATED, Framing::Beyond(MISSING), Some(Then::HalfClose)),
            (&WRONG_LENGTH, Framing::Beyond(MISSING), None),
            (&BAD_CHUNK, Framing::BadChunk, None),
        ] {
            let played = play(check, &bench, &["400"]);
            let request = bench.seal(drafts(&played)[0], STARTED);
            let Transport { framing: found, stop, patience, .. } = request.transport;
            assert_eq!((found, stop.map(|stop| stop.then), patience), (framing, then, Some(PATIENCE)));
            assert_eq!(request.intent, Intent::Refusable);
            assert!(hookproof_core::scan(&request.body).is_ok());
        }
    }
}
