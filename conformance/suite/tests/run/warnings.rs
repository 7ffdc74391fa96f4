//! What is told of an endpoint that fails no check by it: pages, moods, and answers that come nearly too late.

use std::{cell::Cell, time::Duration};

use hookproof_suite::{Answer, Failure, Intent, Observer, Outcome, Plan, Request};

use crate::driver::{EFFECT, Reply, only, plan, run, sound};

fn warnings(endpoint: impl FnMut(&Request) -> Reply) -> Vec<String> {
    let plan = Plan { observer: Observer::None, selection: only("acknowledge/unicode"), ..plan() };
    run(plan, endpoint).0.warnings()
}

fn page(headers: &[(&str, &str)], body: &str) -> Reply {
    let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Reply::outcome(Outcome::Answered(Answer { status: 200, headers, body: body.into() }))
}

#[test]
fn a_sound_endpoint_is_warned_of_nothing() {
    assert_eq!(warnings(|_| Reply::of(200)), Vec::<String>::new());
}

/// C60.
#[test]
fn acknowledgements_that_are_pages_are_counted() {
    let pages: [(&[(&str, &str)], &str); 4] = [
        (&[("Content-Type", "text/html; charset=utf-8")], "<h1>Log in</h1>"),
        (&[("content-type", "application/xhtml+xml, text/HTML")], "x"),
        (&[], "\r\n <!DocType HTML><title>Log in</title>"),
        (&[], "<HTML>"),
    ];
    for (headers, body) in pages {
        let told = warnings(|_| page(headers, body));
        assert!(
            matches!(&*told, [one] if one.contains(" acknowledgements are HTML pages: is that the endpoint")),
            "{body}: {told:?}"
        );
    }
    // Frameworks give an empty answer that type.
    for (headers, body) in [(&[("content-type", "text/html")][..], ""), (&[], "html"), (&[], "{}")] {
        assert_eq!(warnings(|_| page(headers, body)), Vec::<String>::new(), "{body}");
    }
}

/// C38.
#[test]
fn an_ordinary_event_that_fails_before_one_that_does_not_is_a_mood() {
    let canaries = Cell::new(0);
    let told = warnings(|request| {
        canaries.set(canaries.get() + u32::from(request.intent == Intent::Canary));
        Reply::of(if request.intent == Intent::Canary && canaries.get() == 1 { 500 } else { 200 })
    });
    let words = "1 of 3 ordinary events, which differ in nothing but their ids, were not acknowledged (500)";
    assert!(matches!(&*told, [one] if one.starts_with(words)), "{told:?}");
    let broke = warnings(|request| Reply::of(if request.intent == Intent::Canary { 500 } else { 200 }));
    assert_eq!(broke, Vec::<String>::new(), "what fails for good is told as that");
    let throttled = Cell::new(false);
    let told = warnings(|request| {
        let first = request.intent == Intent::Canary && !throttled.replace(request.intent == Intent::Canary);
        Reply::of(if first { 429 } else { 200 })
    });
    assert_eq!(told, Vec::<String>::new(), "nor is one that asks to come back later");
}

/// C62.
#[test]
fn the_slowest_answer_is_told_when_it_is_nearly_too_late() {
    let first = Cell::new(true);
    let slow = |took| Reply { took, ..Reply::of(200) };
    let told = warnings(|_| slow(Duration::from_millis(if first.take() { 29_900 } else { 1 })));
    assert_eq!(told, ["the slowest answer took 29.9 s, and the limit is 30 s"]);
    assert_eq!(warnings(|_| slow(Duration::from_secs(15))), Vec::<String>::new());
}

#[test]
fn an_answer_that_we_slowed_or_that_never_came_is_not_the_slowest() {
    let plan = |id| Plan { selection: only(id), ..plan() };
    // A request that drips in, and one whose effect we make slow: neither says how fast the endpoint is.
    for (id, words) in [("timing/slow-sender", "part"), ("timing/slow-effect", "takes three seconds")] {
        let slowed = Cell::new(0);
        let (run, _) = run(plan(id), |request| {
            let is_slowed = request.summary.contains(words);
            slowed.set(slowed.get() + u32::from(is_slowed));
            let took = Duration::from_secs(if is_slowed { 29 } else { 1 });
            Reply { took, ..Reply::of(200).with_effect_after(EFFECT) }
        });
        assert!(slowed.get() > 0, "{id}");
        assert_eq!(run.warnings(), Vec::<String>::new(), "{id}");
    }
    let (run, _) = run(plan("acknowledge/unicode"), |request| match request.intent {
        Intent::Ordinary if !request.summary.contains("ordinary") => {
            let late = Outcome::Failed(Failure::TimedOut { sent: true });
            Reply { took: Duration::from_secs(30), ..Reply::outcome(late) }
        }
        _ => Reply::of(200).with_effect_after(EFFECT),
    });
    assert_eq!(run.warnings(), Vec::<String>::new(), "what never came was not slow");
}

#[test]
fn an_event_that_is_unlike_the_first_one_may_fail_alone() {
    let refused = Cell::new(0);
    let told = warnings(|request| {
        let is_odd = request.summary.contains(" in a note");
        refused.set(refused.get() + u32::from(is_odd));
        Reply::of(if is_odd { 500 } else { 200 })
    });
    assert!(refused.get() > 0 && told.is_empty(), "{} refused: {told:?}", refused.get());
}

#[test]
fn a_first_event_that_has_two_calls_of_a_kind_is_told() {
    let plan = Plan { selection: only("duplicate/sequential"), ..plan() };
    let mut healthy = sound("turratech");
    let (run, _) = run(plan, |request| {
        let mut reply = healthy(request);
        reply.effects = reply.effects.iter().flat_map(|after| [*after; 2]).collect();
        reply
    });
    let told = run.warnings();
    assert!(
        matches!(&*told, [one] if one.contains("more than one call of a kind (POST /fulfil twice)")),
        "{told:?}"
    );
}
