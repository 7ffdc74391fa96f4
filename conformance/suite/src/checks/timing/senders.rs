//! Slow senders: one that drips, and some that never end.

use alloc::{format, vec::Vec};
use core::time::Duration;

use crate::{
    Basis, Bench, Check, Draft, Exchange, Harm, Judge, Level, Need, Phase, Seen, Step, Stop, Then,
    checks::{excused, otherwise, throttled},
    report::span,
    step::{fail, pass, unknown},
};

pub(crate) const SLOW_SENDER: Check = Check {
    id: "timing/slow-sender",
    title: "an event whose body takes two seconds to arrive is acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-4"],
    phase: Phase::Hostile,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/timing-slow-sender.md"),
    judge: Judge::Script(slow_sender),
};

pub(crate) const STALLED_SENDER: Check = Check {
    id: "timing/stalled-sender",
    title: "requests that never end keep no other event out",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-4"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/timing-stalled-sender.md"),
    judge: Judge::Script(stalled_sender),
};

fn slow_sender(bench: &Bench, seen: &[Seen]) -> Step {
    match seen {
        [] => Step::Send(bench.event(1).dripped(PARTS, PAUSE)),
        [Seen::Answer(only)] if only.is_acknowledged() => pass(),
        // Without the dripping: is it the endpoint that is not well?
        [Seen::Answer(only)] => {
            excused(bench, only).unwrap_or_else(|| Step::Send(bench.event(2).noted("the same in one piece")))
        }
        [Seen::Answer(dripped), Seen::Answer(whole)] if whole.is_acknowledged() => {
            fail(format!("{}", bench.provider.acknowledgement), dripped.result())
        }
        [_, Seen::Answer(whole)] => {
            unknown(format!("an ordinary event was not acknowledged either ({})", whole.result()))
        }
        _ => otherwise(seen),
    }
}

/// Four requests stop in the middle and stay; an ordinary one comes a moment after them.
fn stalled_sender(bench: &Bench, seen: &[Seen]) -> Step {
    match seen {
        [] => {
            let mut drafts: Vec<Draft> = (1..=STALLED).map(|number| stalled(bench, number)).collect();
            drafts.push(bench.event(STALLED + 1).delayed(MOMENT).noted("an ordinary event beside them"));
            Step::SendTogether(drafts)
        }
        [Seen::Together(all)] => match all.split_last() {
            Some((_, stalled)) if stalled.iter().all(|stalled| !stalled.arrived()) => {
                unknown("none of the unfinished requests reached the endpoint")
            }
            Some((ordinary, _)) if ordinary.is_throttled() => throttled(ordinary),
            Some((ordinary, _)) if ordinary.is_acknowledged() && ordinary.took < HOLD => pass(),
            // Is it as slow without them?
            _ => Step::Send(bench.event(STALLED + 2).noted("an ordinary event, alone")),
        },
        [Seen::Together(all), Seen::Answer(alone)] => match all.last() {
            Some(beside) if alone.is_acknowledged() && alone.took < HOLD / 2 => fail(
                format!("an answer before the {STALLED} unfinished requests are given up"),
                kept_out(beside),
            ),
            _ => unknown(format!(
                "an ordinary event alone was answered {} after {}",
                alone.result(),
                span(alone.took)
            )),
        },
        _ => otherwise(seen),
    }
}

fn stalled(bench: &Bench, number: u16) -> Draft {
    let mut draft = bench.event(number).stopped(Stop { at: HALF, then: Then::Hold(HOLD) });
    draft.intent = crate::Intent::Refusable;
    draft.noted("half of its body, and then nothing for 3 s")
}

fn kept_out(beside: &Exchange) -> alloc::string::String {
    format!("{} after {}", beside.result(), span(beside.took))
}

const PARTS: u16 = 4;
const PAUSE: Duration = Duration::from_millis(500);

const STALLED: u16 = 4;

/// In bytes: less than any event has.
const HALF: usize = 40;

/// How long the unfinished requests stay.
const HOLD: Duration = Duration::from_secs(3);

/// So that they are there before it.
const MOMENT: Duration = Duration::from_millis(200);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Judge as How,
        scene::{assert_verdicts, bench, drafts, exchange, outcome, play},
    };

    #[test]
    fn a_slow_sender_is_waited_for() {
        assert_verdicts(
            &SLOW_SENDER,
            &bench("turratech"),
            &[
                (&["200"], "pass"),
                (&["408", "200"], "fail: 408"),
                (&["closed", "200"], "fail: connection closed"),
                (&["408", "408"], "unknown: an ordinary event was not acknowledged either (408)"),
                (&["429"], "unknown: come back later"),
            ],
        );
        let bench = bench("turratech");
        let played = play(&SLOW_SENDER, &bench, &["200"]);
        let transport = bench.seal(drafts(&played)[0], crate::scene::STARTED).transport;
        assert_eq!(transport.writing_time(), Duration::from_secs(2));
        assert!(transport.is_slowed() && !transport.is_broken());
    }

    /// What the check says of an ordinary event beside unfinished requests, and then alone.
    fn judged(stalled: &str, beside: (&str, u64), alone: Option<(&str, u64)>) -> Step {
        let bench = bench("turratech");
        let How::Script(script) = STALLED_SENDER.judge else { panic!("it is a script") };
        let Step::SendTogether(drafts) = script(&bench, &[]) else { panic!("it sends several") };
        let took = |draft: &Draft, (text, millis): (&str, u64)| Exchange {
            took: Duration::from_millis(millis),
            ..exchange(&bench, draft, outcome(text))
        };
        let (last, others) = drafts.split_last().expect("there are some");
        let mut all: Vec<Exchange> = others.iter().map(|draft| took(draft, (stalled, 3_000))).collect();
        all.push(took(last, beside));
        let mut seen = alloc::vec![Seen::Together(all)];
        if let Some(alone) = alone {
            seen.push(Seen::Answer(took(&bench.event(9), alone)));
        }
        script(&bench, &seen)
    }

    #[test]
    fn unfinished_requests_keep_nobody_out() {
        use crate::{Verdict, scene::assert_verdict};
        for (stalled, beside, alone, expected) in [
            ("cut", ("200", 210), None, "pass"),
            ("cut", ("200", 3_200), Some(("200", 5)), "fail: 200 after 3.2 s"),
            ("cut", ("late", 30_000), Some(("200", 5)), "fail: no answer within 30 s after 30 s"),
            ("cut", ("refused", 210), Some(("200", 5)), "fail: connection refused"),
            ("cut", ("200", 3_200), Some(("200", 2_900)), "unknown: alone was answered 200 after 2.9 s"),
            ("cut", ("500", 210), Some(("500", 5)), "unknown: alone was answered 500"),
            ("cut", ("429", 210), None, "unknown: come back later"),
            ("refused", ("200", 210), None, "unknown: none of the unfinished requests reached"),
        ] {
            let Step::Decide(verdict) = judged(stalled, beside, alone) else {
                panic!("{expected}: undecided")
            };
            assert_verdict(&verdict, expected, expected);
            assert!(!matches!(verdict, Verdict::NotApplicable(_)));
        }
        for beside in [("200", 3_000), ("500", 210), ("closed", 210)] {
            assert!(matches!(judged("cut", beside, None), Step::Send(_)), "{beside:?} is tried alone");
        }
    }
}
