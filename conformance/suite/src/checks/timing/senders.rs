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

/// Four requests stop in the middle and stay; an ordinary one comes a moment after them. An endpoint may be slow for
/// another reason just then, so one that kept it out must do so each time, and be quick without them each time.
fn stalled_sender(bench: &Bench, seen: &[Seen]) -> Step {
    let round = u16::try_from(seen.len() / 2).unwrap_or(ROUNDS);
    match seen {
        [] => beside_stalled(bench, round),
        [.., Seen::Together(all)] => match all.split_last() {
            Some((_, stalled)) if stalled.iter().all(|stalled| !stalled.arrived()) => {
                unknown("none of the unfinished requests reached the endpoint")
            }
            Some((ordinary, _)) if ordinary.is_throttled() => throttled(ordinary),
            Some((ordinary, _)) if ordinary.is_acknowledged() && ordinary.took < HOLD => pass(),
            _ => Step::Send(numbered(bench, round, STALLED + 2).noted("an ordinary event, alone")),
        },
        [.., Seen::Answer(alone)] if !alone.is_acknowledged() || alone.took >= HOLD / 2 => {
            let took = span(alone.took);
            unknown(format!("an ordinary event alone was answered {} after {took}", alone.result()))
        }
        [.., Seen::Answer(_)] if round < ROUNDS => beside_stalled(bench, round),
        [.., Seen::Together(all), Seen::Answer(_)] => fail(
            format!("an answer before the {STALLED} unfinished requests are given up"),
            all.last().map(kept_out).unwrap_or_default(),
        ),
        _ => otherwise(seen),
    }
}

fn beside_stalled(bench: &Bench, round: u16) -> Step {
    let mut drafts: Vec<Draft> = (1..=STALLED).map(|number| stalled(bench, round, number)).collect();
    drafts.push(numbered(bench, round, STALLED + 1).delayed(MOMENT).noted("an ordinary event beside them"));
    Step::SendTogether(drafts)
}

fn stalled(bench: &Bench, round: u16, number: u16) -> Draft {
    let stop = Stop { at: HALF, then: Then::Hold(HOLD) };
    let mut draft = numbered(bench, round, number).stopped(stop);
    draft.intent = crate::Intent::Refusable;
    draft.noted("half of its body, and then nothing for 1.5 s")
}

/// An event of a round of its own.
fn numbered(bench: &Bench, round: u16, number: u16) -> Draft {
    bench.event(round * (STALLED + 2) + number)
}

fn kept_out(beside: &Exchange) -> alloc::string::String {
    format!("{} after {}", beside.result(), span(beside.took))
}

const PARTS: u16 = 4;
const PAUSE: Duration = Duration::from_millis(500);

const STALLED: u16 = 4;

/// How often an endpoint must be kept by them before it is believed of it.
const ROUNDS: u16 = 3;

/// In bytes: less than any event has.
const HALF: usize = 40;

/// How long the unfinished requests stay.
const HOLD: Duration = Duration::from_millis(1_500);

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

    /// What the check says of rounds of an ordinary event beside unfinished requests and then alone.
    fn judged(stalled: &str, rounds: &[[(&str, u64); 2]]) -> Step {
        let bench = bench("turratech");
        let How::Script(script) = STALLED_SENDER.judge else { panic!("it is a script") };
        let took = |draft: &Draft, (text, millis): (&str, u64)| Exchange {
            took: Duration::from_millis(millis),
            ..exchange(&bench, draft, outcome(text))
        };
        let mut seen = Vec::new();
        for [beside, alone] in rounds {
            let drafts = match script(&bench, &seen) {
                Step::SendTogether(drafts) => drafts,
                decided => return decided,
            };
            let (last, others) = drafts.split_last().expect("there are some");
            let mut all: Vec<Exchange> = others.iter().map(|draft| took(draft, (stalled, 1_500))).collect();
            all.push(took(last, *beside));
            seen.push(Seen::Together(all));
            match script(&bench, &seen) {
                Step::Send(draft) => seen.push(Seen::Answer(took(&draft, *alone))),
                decided => return decided,
            }
        }
        script(&bench, &seen)
    }

    #[test]
    fn unfinished_requests_keep_nobody_out() {
        use crate::scene::assert_verdict;
        let quick = ("200", 5);
        let late = [("200", 1_700), quick];
        let soon = [("200", 210), quick];
        for (stalled, rounds, expected) in [
            ("cut", &[soon][..], "pass"),
            ("cut", &[late, late, late], "fail: 200 after 1.7 s"),
            ("cut", &[late, late, [("late", 30_000), quick]], "fail: no answer within 30 s after 30 s"),
            ("cut", &[late, late, [("refused", 210), quick]], "fail: connection refused"),
            // It was busy with something else.
            ("cut", &[late, soon], "pass"),
            ("cut", &[late, late, soon], "pass"),
            ("cut", &[late, [("200", 1_700), ("200", 750)]], "unknown: alone was answered 200 after 750 ms"),
            ("cut", &[[("500", 210), ("500", 5)]], "unknown: alone was answered 500"),
            ("cut", &[[("429", 210), quick]], "unknown: come back later"),
            ("refused", &[soon], "unknown: none of the unfinished requests reached"),
        ] {
            let Step::Decide(verdict) = judged(stalled, rounds) else { panic!("{expected}: undecided") };
            assert_verdict(&verdict, expected, expected);
        }
    }

    #[test]
    fn who_is_kept_out_once_or_twice_is_not_judged_yet() {
        for beside in [("200", 1_500), ("500", 210), ("closed", 210)] {
            let round = [beside, ("200", 749)];
            assert!(matches!(judged("cut", &[round]), Step::SendTogether(_)), "{beside:?}");
            assert!(matches!(judged("cut", &[round, round]), Step::SendTogether(_)), "{beside:?}");
            assert!(matches!(judged("cut", &[round; 3]), Step::Decide(_)), "{beside:?}");
        }
    }

    #[test]
    fn each_event_of_a_round_has_a_number_of_its_own() {
        let bench = bench("turratech");
        let numbers = |drafts: &[Draft]| drafts.iter().map(|draft| draft.event.number).collect::<Vec<_>>();
        let How::Script(script) = STALLED_SENDER.judge else { panic!("it is a script") };
        let mut seen = Vec::new();
        for round in 0..ROUNDS {
            let Step::SendTogether(drafts) = script(&bench, &seen) else { panic!("{seen:?}") };
            let first = 1 + 6 * round;
            assert_eq!(numbers(&drafts), (first..first + 5).collect::<Vec<_>>());
            let late = |draft| Exchange { took: HOLD, ..exchange(&bench, draft, outcome("200")) };
            seen.push(Seen::Together(drafts.iter().map(late).collect()));
            let Step::Send(alone) = script(&bench, &seen) else { panic!("{seen:?}") };
            assert_eq!(alone.event.number, first + 5);
            seen.push(Seen::Answer(exchange(&bench, &alone, outcome("200"))));
        }
    }
}
