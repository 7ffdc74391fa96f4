//! Histories played by a whole run: found, shrunk, printed, and played again.

use std::{cell::RefCell, collections::BTreeSet, time::Duration};

use hookproof_core::Provider;
use hookproof_suite::{Observer, Plan, Request, Setting, Verdict, report::Text};

use crate::driver::{EFFECT, Reply, finding, name_of, only, plan, run, sound, verdict, why};

#[test]
fn a_fault_that_needs_four_deliveries_is_found_shrunk_and_repeated_by_its_script() {
    for observer in [Observer::Calls, Observer::Counts] {
        let (run, _) = run(Plan { observer, ..histories() }, short_memory());
        let verdict = verdict(&run, "property/any-history");
        let script = script_in(&verdict);
        assert_eq!(script, "deliver 1\ndeliver 2\ndeliver 3\ndeliver 1", "{observer:?}");

        let replay = Some(script.parse().expect("it is a history"));
        let base = histories();
        let setting = Setting { replay, ..base.setting.clone() };
        let plan = Plan { observer, setting, ..base };
        let (again, driver) = crate::driver::run(plan, short_memory());
        let repeated = crate::driver::verdict(&again, "property/any-history");
        assert_eq!(script_in(&repeated), script, "{observer:?}");
        assert_eq!(driver.sent.len(), 6, "the opening event, the history and the canary");
    }
}

#[test]
fn what_is_lost_is_told_from_what_is_not() {
    for observer in [Observer::Calls, Observer::Counts] {
        let known = RefCell::new(BTreeSet::new());
        let (run, _) = run(Plan { observer, ..histories() }, |request| {
            // Noted before the work, which dies with the connection.
            let is_new = known.borrow_mut().insert(event(request));
            let reply = Reply::of(200);
            if is_new && !request.transport.cut_before_answer {
                reply.with_effect_after(EFFECT)
            } else {
                reply
            }
        });
        let verdict = verdict(&run, "property/any-history");
        assert_eq!(script_in(&verdict), "cut 1 at once", "{observer:?}");
        let said = "): cut by us before the answer, 200, and no effect, after this history";
        assert!(why(&verdict).starts_with("event 1 (evt_hp_") && why(&verdict).contains(said), "{verdict:?}");
    }
}

#[test]
fn a_second_effect_that_comes_when_all_is_counted_turns_the_verdict_and_leaves_the_script_alone() {
    let (_, driver) = run(histories(), sound("turratech"));
    let (canary, all) = (1, driver.sent.len());
    let (mut healthy, mut came) = (sound("turratech"), 0);
    let (run, _) = run(histories(), |request| {
        came += 1;
        let reply = healthy(request);
        // Behind the 250 ms of quiet, before the end of the run.
        if came + canary == all { reply.with_effect_after(Duration::from_millis(400)) } else { reply }
    });
    let verdict = verdict(&run, "property/any-history");
    assert!(
        why(&verdict).contains(", after this history (counted again at the end of the run)\n"),
        "{verdict:?}"
    );
    let script = script_in(&verdict);
    script.parse::<hookproof_suite::History>().unwrap_or_else(|error| panic!("{error}: {script}"));
}

#[test]
fn the_smallest_history_is_printed_a_move_a_line_with_the_command_that_plays_it() {
    let (run, _) = run(histories(), short_memory());
    let finding = finding(&run, "property/any-history");
    assert!(finding.exchanges.len() > 100);
    let subject = hookproof_suite::report::Subject {
        provider: histories().provider,
        target: "http://127.0.0.1:3000/webhooks".into(),
        began: hookproof_core::Timestamp::from_unix_secs(0),
        seed: 1,
        command: "hookproof check http://127.0.0.1:3000/webhooks".into(),
        extent: String::new(),
        notes: Vec::new(),
        known: hookproof_suite::KnownFailing::default(),
        exit_status: None,
        why: None,
        bar: hookproof_suite::report::Bar::default(),
    };
    let mut text = String::new();
    hookproof_suite::report::write(&mut Text::default(), &subject, &[finding], &mut text)
        .expect("it is a string");
    // Their ids tell the place of the check in the catalogue, which is nobody's promise.
    let id = text.split(['(', ')']).find(|part| part.starts_with("evt_hp_")).expect("the event is named");
    insta::assert_snapshot!(text.replace(id, "evt_hp_k3w9x1q0_1"));
}

#[test]
fn another_seed_draws_other_histories() {
    let sent = |seed| {
        let base = histories();
        let setting = Setting { seed, ..base.setting.clone() };
        let (_, driver) = run(Plan { setting, ..base }, sound("turratech"));
        driver.sent.into_iter().map(|(_, request)| request.summary).collect::<Vec<_>>()
    };
    assert_eq!(sent(1), sent(1));
    assert_ne!(sent(1), sent(2));
}

fn histories() -> Plan {
    let base = plan();
    let setting = Setting { cases: 20, ..base.setting.clone() };
    Plan { selection: only("property/any-history"), setting, ..base }
}

/// Remembers the last two events and nothing before them.
fn short_memory() -> impl FnMut(&Request) -> Reply {
    let mut last: Vec<String> = Vec::new();
    move |request| {
        let event = event(request);
        if last.contains(&event) {
            return Reply::of(200);
        }
        last.push(event);
        if last.len() > 2 {
            last.remove(0);
        }
        Reply::of(200).with_effect_after(EFFECT)
    }
}

fn event(request: &Request) -> String {
    name_of(Provider::built_in("turratech").expect("it is built in"), request)
}

fn script_in(verdict: &Verdict) -> String {
    let (_, script) = why(verdict).split_once('\n').unwrap_or_else(|| panic!("{verdict:?} has no script"));
    script.into()
}
