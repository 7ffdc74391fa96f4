//! When a number of effects is believed, and what a later count does to a verdict.

use std::{cell::Cell, time::Duration};

use hookproof_suite::{Intent, Need, Observer, Plan, Request, Run, Selection, Setting, Verdict};

use crate::driver::{Driver, EFFECT, Reply, finding, only, plan, run, sound, verdict, why};

#[test]
fn a_second_effect_that_comes_late_turns_a_pass_into_a_fail() {
    for observer in [Observer::Calls, Observer::Counts] {
        let mut healthy = sound("turratech");
        let plan = Plan { selection: only("duplicate/sequential"), observer, ..plan() };
        let (run, _) = run(plan, |request| {
            let reply = healthy(request);
            // Behind the 250 ms of quiet that the check waits for, before the end of the run.
            if reply.effects.is_empty() && request.intent == Intent::Ordinary {
                reply.with_effect_after(Duration::from_millis(400))
            } else {
                reply
            }
        });
        let verdict = verdict(&run, "duplicate/sequential");
        assert!(verdict.is_fail(), "{observer:?}: {verdict:?}");
        assert!(why(&verdict).ends_with(", counted again at the end of the run"), "{verdict:?}");
        assert!(why(&verdict).starts_with("200, 200, 200, and 3 effects"), "{verdict:?}");
    }
}

#[test]
fn what_many_events_had_is_counted_again_too() {
    let mut healthy = sound("turratech");
    let plan = Plan { selection: only("duplicate/many"), observer: Observer::Counts, ..plan() };
    let (run, _) = run(plan, |request| {
        let reply = healthy(request);
        if reply.effects.is_empty() && request.intent == Intent::Ordinary {
            reply.with_effect_after(Duration::from_millis(400))
        } else {
            reply
        }
    });
    let verdict = verdict(&run, "duplicate/many");
    assert!(verdict.is_fail(), "{verdict:?}");
    assert!(why(&verdict).ends_with(", counted again at the end of the run"), "{verdict:?}");
}

#[test]
fn an_effect_is_seen_soon_after_it_came() {
    for after in [100, 400, 1_600] {
        let after = Duration::from_millis(after);
        let base = plan();
        let setting = Setting { effect_wait: Duration::from_secs(20), ..base.setting.clone() };
        let plan = Plan { selection: only("retry/aged-event"), setting, ..base };
        let mut healthy = sound("turratech");
        let (run, _) = run(plan, |request| {
            let reply = healthy(request);
            if is_aged(request) { Reply::of(200).with_effect_after(after) } else { reply }
        });
        let took = finding(&run, "retry/aged-event").took;
        // A quarter of the wait is what the last pause may have been too long.
        let most = after + after / 4 + Duration::from_millis(30);
        assert!((after..=most).contains(&took), "{after:?}: {took:?}");
    }
}

#[test]
fn calls_about_nothing_that_was_sent_are_counted_apart() {
    let plan = Plan { selection: only("duplicate/sequential"), ..plan() };
    let mut driver = Driver::new(&plan, sound("turratech"));
    driver.call_by_strangers(3);
    let mut run = Run::new(plan, driver.now()).expect("the plan is sound");
    driver.drive(&mut run);
    assert_eq!(run.unmatched_calls(), 3);
    assert!(verdict(&run, "duplicate/sequential").is_pass());
}

#[test]
fn an_effect_that_comes_later_than_awaited_turns_a_fail_into_unknown() {
    for (delay, expected) in [(Duration::from_millis(1_200), "unknown"), (Duration::from_secs(3_600), "fail")]
    {
        let plan = Plan { selection: only("retry/aged-event"), ..plan() };
        let mut healthy = sound("turratech");
        let (run, _) = run(plan, |request| {
            let reply = healthy(request);
            if is_aged(request) { Reply::of(200).with_effect_after(delay) } else { reply }
        });
        let verdict = verdict(&run, "retry/aged-event");
        assert_eq!(verdict.name(), expected, "{delay:?}: {verdict:?}");
        if expected == "unknown" {
            assert_eq!(
                why(&verdict),
                "an effect that was taken for missing came later in the run; raise --effect-wait"
            );
        }
    }
}

#[test]
fn an_effect_is_missing_only_when_a_later_event_has_its_own() {
    // From the aged event on nobody has effects any more: the downstream, not the event, is to blame.
    let stopped = Cell::new(false);
    let mut healthy = sound("turratech");
    let plan = Plan { selection: only("retry/aged-event"), ..plan() };
    let (run, _) = run(plan, |request| {
        stopped.set(stopped.get() || is_aged(request));
        let reply = healthy(request);
        if stopped.get() { Reply::of(200) } else { reply }
    });
    assert_eq!(
        verdict(&run, "retry/aged-event"),
        Verdict::Unknown(Need::SettledEffects.why_missing().into())
    );
    assert_eq!(finding(&run, "retry/aged-event").exchanges.len(), 2, "the event and a later one");
}

#[test]
fn a_probe_that_is_not_acknowledged_settles_nothing() {
    let mut healthy = sound("turratech");
    let plan = Plan { selection: only("retry/aged-event"), ..plan() };
    let (run, _) = run(plan, |request| {
        let reply = healthy(request);
        match request {
            request if is_aged(request) => Reply::of(200),
            request if request.summary.contains("whether effects are observed") => {
                Reply::of(503).with_effect_after(EFFECT)
            }
            _ => reply,
        }
    });
    assert_eq!(
        verdict(&run, "retry/aged-event"),
        Verdict::Unknown(Need::SettledEffects.why_missing().into())
    );
}

#[test]
fn an_observer_that_never_sees_the_opening_event_is_not_wired() {
    for observer in [Observer::Calls, Observer::Counts] {
        let (run, _) = run(Plan { observer, ..plan() }, |request| {
            if request.intent == Intent::Refusable { Reply::of(401) } else { Reply::of(200) }
        });
        for id in ["duplicate/sequential", "duplicate/concurrent", "retry/aged-event"] {
            assert_eq!(verdict(&run, id), Verdict::Unknown(Need::WiredObserver.why_missing().into()), "{id}");
        }
        assert!(verdict(&run, "acknowledge/success-status").is_pass());
        // A refusal is proof enough without one.
        assert!(verdict(&run, "signature/rejects-forged").is_pass());
    }
}

#[test]
fn without_an_observer_effects_are_unknown_and_nothing_fails() {
    let (run, _) = run(Plan { observer: Observer::None, ..plan() }, sound("turratech"));
    for finding in run.findings() {
        let id = finding.check.id;
        let areas = ["duplicate/", "property/", "retry/"];
        let counts = id == "acknowledge/out-of-order" || areas.iter().any(|area| id.starts_with(area));
        // What may be taken or left was taken.
        if ["http/oversize", "http/nul-escape"].contains(&id) {
            assert!(
                why(&finding.verdict).contains(Need::Observer.why_missing()),
                "{id}: {:?}",
                finding.verdict
            );
            continue;
        }
        let expected = match finding.verdict {
            Verdict::NotApplicable(_) => continue,
            _ if finding.check.needs.contains(&Need::Downstream) => {
                Verdict::Unknown(Need::Downstream.why_missing().into())
            }
            _ if counts => Verdict::Unknown(Need::Observer.why_missing().into()),
            _ => Verdict::Pass,
        };
        assert_eq!(finding.verdict, expected, "{id}");
    }
}

#[test]
fn three_rows_an_event_are_one_effect_where_the_opening_event_had_three() {
    for (doubled, expected) in [(false, "pass"), (true, "fail")] {
        let mut healthy = sound("turratech");
        let redelivered =
            ["duplicate/sequential", "duplicate/resigned", "duplicate/concurrent", "duplicate/many"];
        let selection = Selection::new(redelivered.map(Into::into).into(), Vec::new()).expect("they exist");
        let plan = Plan { observer: Observer::Counts, selection, ..plan() };
        let (run, _) = run(plan, |request| {
            let mut reply = healthy(request);
            if doubled && reply.effects.is_empty() {
                reply.effects.push(EFFECT);
            }
            reply.effects = reply.effects.iter().flat_map(|after| [*after; 3]).collect();
            reply
        });
        for finding in run.findings() {
            assert_eq!(finding.verdict.name(), expected, "{}", finding.check.id);
        }
    }
}

#[test]
fn an_absence_is_watched_for_three_times_the_slowest_effect() {
    let base = plan();
    let setting = Setting { effect_wait: Duration::from_secs(20), ..base.setting.clone() };
    let plan = Plan { selection: only("signature/rejects-forged"), setting, ..base };
    // Every effect takes two seconds, and that of the believed forgery nearly six.
    let (run, _) = run(plan, |request| {
        let after = if request.intent == Intent::Refusable { 5_900 } else { 2_000 };
        Reply::of(200).with_effect_after(Duration::from_millis(after))
    });
    assert_eq!(why(&verdict(&run, "signature/rejects-forged")), "200, and one effect");
}

#[test]
fn how_soon_effects_come_is_learned_from_no_request_that_we_slowed() {
    let plan = Plan { selection: only("timing/slow-sender"), ..plan() };
    let (run, _) = run(plan, |request| {
        let after = Duration::from_millis(if request.transport.is_slowed() { 2_000 } else { 20 });
        Reply { took: after, ..Reply::of(200).with_effect_after(after) }
    });
    let last_count = run.phases().into_iter().find(|(phase, _)| *phase == "counting effects again");
    let (_, took) = last_count.expect("effects were counted");
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn a_look_that_fails_is_no_count() {
    let [watched, blind] = [Observer::Calls, Observer::None].map(|observer| Plan {
        selection: only("duplicate/sequential"),
        observer,
        ..plan()
    });
    let mut driver = Driver::new(&blind, sound("turratech"));
    let mut run = Run::new(watched, driver.now()).expect("the plan is sound");
    driver.drive(&mut run);
    assert!(matches!(verdict(&run, "duplicate/sequential"), Verdict::Unknown(_)));
}

/// Whether the event says that it was created more than a day before the run.
fn is_aged(request: &Request) -> bool {
    request.summary.contains("created")
}
