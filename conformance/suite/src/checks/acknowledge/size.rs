//! How long an event may be.

use alloc::format;

use super::beside_its_plain_form;
use crate::{
    Basis, Bench, Check, Draft, Failure, Harm, Judge, Level, Need, Outcome, Phase, Seen, Step,
    checks::excused, step::unknown,
};

pub(crate) const LARGE_EVENT: Check = Check {
    id: "acknowledge/large-event",
    title: "an event of 16 KiB is acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-4", "TS-3"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/acknowledge-large-event.md"),
    judge: Judge::Script(|bench, seen| beside_its_plain_form(bench, seen, &[padded(bench, 16)], SMALL)),
};

pub(crate) const VERY_LARGE_EVENT: Check = Check {
    id: "acknowledge/very-large-event",
    title: "an event of 256 KiB is acknowledged",
    level: Level::May,
    basis: Basis::Hookproof,
    harm: Harm::Weakness,
    clauses: &["TT-4", "TS-3"],
    phase: Phase::Sound,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/acknowledge-very-large-event.md"),
    judge: Judge::Script(very_large),
};

/// A cap is sound, since nobody says how long an event may become: one that is told in time, or by closing.
fn very_large(bench: &Bench, seen: &[Seen]) -> Step {
    if let [Seen::Answer(only)] = seen
        && !only.is_acknowledged()
        && excused(bench, only).is_none()
        && let Outcome::Answered(_) | Outcome::Failed(Failure::Closed { .. }) = &only.outcome
        && only.status().is_none_or(|status| (400..500).contains(&status))
    {
        return unknown(format!(
            "it was not taken ({}), as by an endpoint that caps bodies below 256 KiB; no clause says how long events may be",
            only.result()
        ));
    }
    beside_its_plain_form(bench, seen, &[padded(bench, 256)], SMALL)
}

/// An event of so many KiB in all, and one with the same new field that is short.
fn padded(bench: &Bench, kib: usize) -> (Draft, Draft) {
    let long = bench.event(1).padded(bench.object(), kib * 1024).noted(format!("{kib} KiB long"));
    (long, bench.event(2).padded(bench.object(), 0).noted("with the same new field, empty"))
}

const SMALL: &str = "a short event with the same new field";

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::{
        Setting,
        scene::{STARTED, assert_verdicts, bench, bench_with, drafts, play, setting},
    };

    #[test]
    fn a_large_event_is_held_against_a_short_one_with_the_same_field() {
        assert_verdicts(
            &LARGE_EVENT,
            &bench("turratech"),
            &[
                (&["200"], "pass"),
                (&["413", "200"], "fail: event 1, 16 KiB long: 413"),
                (&["closed", "202"], "fail: connection closed"),
                (&["400", "400"], "unknown: a short event with the same new field was not acknowledged"),
                (&["429"], "unknown: come back later"),
            ],
        );
    }

    #[test]
    fn a_very_large_event_may_be_refused_but_not_break_the_endpoint() {
        assert_verdicts(
            &VERY_LARGE_EVENT,
            &bench("turratech"),
            &[
                (&["200"], "pass"),
                (&["413"], "unknown: caps bodies below 256 KiB"),
                (&["400"], "unknown: caps bodies"),
                (&["closed"], "unknown: caps bodies"),
                (&["half-closed"], "unknown: caps bodies"),
                (&["429"], "unknown: come back later"),
                (&["503 retry-after 1"], "unknown: come back later"),
                (&["500", "200"], "fail: event 1, 256 KiB long: 500"),
                (&["late", "200"], "fail: no answer within 30 s"),
                (&["not-http", "200"], "fail: not HTTP"),
                (&["302", "200"], "fail: 302"),
                (&["500", "500"], "unknown: a short event with the same new field was not acknowledged"),
            ],
        );
        assert_verdicts(&VERY_LARGE_EVENT, &bench("turnstay"), &[(&["late"], "unknown: our assumption")]);
        let promised = Setting { time_limit: Some(Duration::from_secs(9)), ..setting() };
        assert_verdicts(
            &VERY_LARGE_EVENT,
            &bench_with("turnstay", promised),
            &[(&["late", "200"], "fail: no answer within 9 s")],
        );
    }

    #[test]
    fn they_are_as_long_as_their_titles_say() {
        for name in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
            for (check, size) in [(&LARGE_EVENT, 16 * 1024), (&VERY_LARGE_EVENT, 256 * 1024)] {
                let bench = bench(name);
                let played = play(check, &bench, &["500", "200"]);
                let [long, short] = drafts(&played)[..] else { panic!("{played:?}") };
                assert_eq!(bench.seal(long, STARTED).body.len(), size, "{name}");
                let short = bench.seal(short, STARTED).body;
                assert!(short.len() < 1024, "{name}");
                let field = format!("{}/hookproof_padding", bench.object());
                assert!(hookproof_core::locate(&short, &field).is_some(), "{name}");
            }
        }
    }
}
