use alloc::vec;

use super::*;
use crate::scene::{assert_verdict, bench, exchange, outcome};

#[test]
fn no_answer_to_a_forgery_may_show_the_right_signature() {
    let bench = bench("turratech");
    let answer = |draft, reply| exchange(&bench, &draft, outcome(reply));
    let forged = |reply| answer(bench.event(1).forged(), reply);
    let showing = |reply| Exchange { shows_mac: true, ..forged(reply) };
    let ordinary = || answer(bench.event(2), "200");
    for (exchanges, expected) in [
        (vec![ordinary(), forged("400")], "pass"),
        (vec![forged("500"), forged("200")], "pass"),
        (vec![forged("400"), showing("400")], "fail: event 1, signed with another secret: 400"),
        (vec![showing("200")], "fail: 200"),
        // Nothing was refused, so nothing can be told of refusals.
        (vec![], "unknown: no forgery was answered with a refusal"),
        (vec![ordinary()], "unknown: no forgery"),
        (vec![forged("200"), forged("closed"), forged("late")], "unknown: no forgery"),
        // It bears the right signature, and is refused for something else.
        (vec![answer(bench.event(1).refusable(), "400")], "unknown: no forgery"),
        (vec![answer(bench.event(1).refusable(), "400"), forged("200")], "unknown: no forgery"),
        // What the endpoint answers to the provider is between the two.
        (vec![answer(bench.event(1), "400")], "unknown: no forgery"),
    ] {
        assert_verdict(&no_oracle(&bench, &exchanges), expected, "no-oracle");
    }
}

#[test]
fn of_a_long_refusal_not_everything_was_seen() {
    let bench = bench("turratech");
    for (length, expected) in [(19_999, "pass"), (20_000, "unknown: only the first 20000 bytes")] {
        let mut refusal = exchange(&bench, &bench.event(1).forged(), outcome("400"));
        if let Outcome::Answered(answer) = &mut refusal.outcome {
            answer.body = vec![b' '; length];
        }
        assert_verdict(&no_oracle(&bench, &[refusal]), expected, "no-oracle");
    }
}
