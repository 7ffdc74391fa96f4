//! Many at once, as when a sale begins or a provider catches up.

use alloc::{collections::BTreeMap, format, vec::Vec};

use crate::{
    Basis, Bench, Check, Draft, EventName, Exchange, Harm, Judge, Level, Need, Phase, Seen, Step,
    checks::{is_busy, otherwise, tally, until_free},
    step::{fail, pass, unknown},
};

pub(crate) const BURST: Check = Check {
    id: "timing/burst",
    title: "two hundred events that arrive at once are acknowledged, or put off and then acknowledged",
    level: Level::Should,
    basis: Basis::Hookproof,
    harm: Harm::AttemptFailed,
    clauses: &["TT-6"],
    phase: Phase::Alone,
    rests_on: &[],
    needs: &[Need::Accepted],
    explain: include_str!("../explain/timing-burst.md"),
    judge: Judge::Script(burst),
};

fn burst(bench: &Bench, seen: &[Seen]) -> Step {
    let draft = |number| bench.event(number).in_a_crowd().noted("one of 200 events at once");
    let Some(Seen::Together(first)) = seen.first() else {
        return if seen.is_empty() {
            Step::SendTogether((1..=EVENTS).map(draft).collect())
        } else {
            otherwise(seen)
        };
    };
    let left = left(seen);
    if left.is_empty() {
        return pass();
    }
    if left.values().any(|last| last.arrived() && !is_busy(last)) {
        return fail("a success status each time, or 429 or 503 and a success status later", tally(first));
    }
    if left.values().any(|last| !last.arrived()) {
        return unknown(format!("not every event reached the endpoint ({})", tally(first)));
    }
    let rounds = seen.iter().filter(|seen| matches!(seen, Seen::Paused(_))).count();
    match seen.last() {
        Some(Seen::Together(_)) if is_whole_round(seen) && rounds < ROUNDS => {
            Step::Pause(until_free(bench, left.values().copied()))
        }
        Some(Seen::Together(_)) if is_whole_round(seen) => unknown(format!(
            "{} of 200 were still put off after {ROUNDS} rounds of redeliveries; lower the load with --rate, or see whether the endpoint's limit is meant",
            left.len()
        )),
        // A redelivery comes by itself, as a provider's does.
        Some(Seen::Together(_) | Seen::Paused(_)) => {
            let tried = tried_since_the_pause(seen);
            let next = left.keys().filter(|event| !tried.contains(event)).take(AT_ONCE);
            let again = |event: &EventName| redelivery(bench, *event);
            Step::SendTogether(next.map(again).collect())
        }
        _ => otherwise(seen),
    }
}

fn redelivery(bench: &Bench, event: EventName) -> Draft {
    bench.event(event.number).in_a_crowd().noted("again, after it was put off")
}

/// The last exchange of each event that is not acknowledged yet.
fn left(seen: &[Seen]) -> BTreeMap<EventName, &Exchange> {
    let mut left = BTreeMap::new();
    for exchange in together(seen) {
        if exchange.is_acknowledged() {
            left.remove(&exchange.event);
        } else {
            left.insert(exchange.event, exchange);
        }
    }
    left
}

fn together(seen: &[Seen]) -> impl Iterator<Item = &Exchange> {
    seen.iter().flat_map(|seen| if let Seen::Together(exchanges) = seen { exchanges.as_slice() } else { &[] })
}

fn tried_since_the_pause(seen: &[Seen]) -> Vec<EventName> {
    let pause = seen.iter().rposition(|seen| matches!(seen, Seen::Paused(_)));
    let since = pause.and_then(|pause| seen.get(pause..)).unwrap_or(seen);
    together(since).map(|exchange| exchange.event).collect()
}

/// Whether every event that was left at the last pause has been tried again.
fn is_whole_round(seen: &[Seen]) -> bool {
    let tried = tried_since_the_pause(seen);
    left(seen).keys().all(|event| tried.contains(event))
}

const EVENTS: u16 = 200;

/// How many are redelivered at once: no burst any more.
const AT_ONCE: usize = 8;

const ROUNDS: usize = 6;

#[cfg(test)]
mod tests {
    use alloc::vec;
    use core::time::Duration;

    use super::*;
    use crate::scene::{assert_verdicts, bench, drafts, play};

    #[test]
    fn a_burst_is_borne_or_put_off() {
        let put_off = |times: usize| {
            let mut replies = vec!["200 x 184, 429 x 16"];
            replies.extend(vec!["429 x 8"; 2 * times]);
            replies
        };
        let (six, once) = (put_off(6), put_off(1));
        assert_verdicts(
            &BURST,
            &bench("turratech"),
            &[
                (&["200 x 200"], "pass"),
                (&["200 x 184, 429 x 16", "200 x 8", "200 x 8"], "pass"),
                (&["200 x 199, 503 x 1", "200 x 1"], "pass"),
                (&["200 x 199, 409 x 1", "200 x 1"], "pass"),
                (&[once.as_slice(), &["200 x 8", "200 x 8"]].concat(), "pass"),
                (&["200 x 199, 500 x 1"], "fail: 200 (199 of 200), 500 (1 of 200)"),
                (&["200 x 199, 400 x 1"], "fail: 400 (1 of 200)"),
                (&["200 x 198, closed x 2"], "fail: connection closed"),
                (&["200 x 198, late x 2"], "fail: no answer within 30 s"),
                (&["200 x 199, 429 x 1", "500 x 1"], "fail: 429 (1 of 200)"),
                (&["200 x 199, refused x 1"], "unknown: not every event reached the endpoint"),
                (&six, "unknown: 16 of 200 were still put off after 6 rounds"),
            ],
        );
    }

    #[test]
    fn what_was_put_off_comes_again_as_the_endpoint_asks_and_eight_at_once() {
        let played =
            play(&BURST, &bench("turratech"), &["200 x 190, 503 retry-after 4 x 10", "200 x 8", "200 x 2"]);
        let sizes: Vec<usize> = played
            .steps
            .iter()
            .filter_map(|step| if let Step::SendTogether(drafts) = step { Some(drafts.len()) } else { None })
            .collect();
        assert_eq!(sizes, [200, 8, 2]);
        let pauses: Vec<_> = played
            .steps
            .iter()
            .filter_map(|step| if let Step::Pause(duration) = step { Some(*duration) } else { None })
            .collect();
        assert_eq!(pauses, [Duration::from_secs(4)]);
        let again: Vec<u16> = drafts(&played)[200..].iter().map(|draft| draft.event.number).collect();
        assert_eq!(again, (191..=200).collect::<Vec<u16>>());
        assert!(drafts(&played).iter().all(|draft| draft.crowded));
    }
}
