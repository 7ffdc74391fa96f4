//! Events that the merchant must be made ready for.

use std::{cell::Cell, collections::BTreeMap};

use hookproof_core::Event;
use hookproof_suite::{Need, Plan, Request, Run, Setting, Verdict};

use crate::driver::{Driver, Reply, finding, name_of, only, plan, sound, verdict, why};

/// A whole suite whose events are prepared.
fn prepared() -> Plan {
    let plan = plan();
    Plan { setting: Setting { prepares: true, ..plan.setting }, ..plan }
}

#[test]
fn every_event_is_prepared_once_before_it_is_first_sent() {
    let plan = prepared();
    let mut driver = Driver::new(&plan, sound("turratech"));
    let mut run = Run::new(plan, driver.now()).expect("the plan is sound");
    driver.drive(&mut run);
    let provider = &run.bench().provider;
    let mut first = BTreeMap::new();
    let findings = run.findings();
    let entries = || findings.iter().flat_map(|finding| &finding.exchanges);
    // Some events have ids of their check's choice.
    let id_of = |event| {
        let entry = entries().find(|exchange| exchange.event == event);
        entry.map_or_else(|| run.bench().id(event), |exchange| exchange.sent.id.clone())
    };
    for (place, (_, request)) in driver.sent.iter().enumerate() {
        first.entry(id_of(request.event)).or_insert(place);
    }
    let mut known = BTreeMap::new();
    for (left, event) in &driver.prepared {
        assert!(known.insert(event.id.clone(), *left).is_none(), "{} twice", event.id);
        let read = Event::parse(&provider.shape, &[], &event.body).expect("what is prepared is an event");
        assert_eq!(read.id(), Some(event.id.as_str()));
        let text = String::from_utf8_lossy(&event.body);
        assert!(!text.contains("tampered"), "the shop knows what was paid, not what was made of it: {text}");
    }
    for (id, place) in first {
        assert!(known.get(&id).is_some_and(|left| *left <= place), "{id} was sent before it was prepared");
    }
    let odd: Vec<_> = findings.iter().filter(|finding| finding.verdict.is_fail()).collect();
    assert!(odd.is_empty(), "{odd:#?}");
}

#[test]
fn what_cannot_be_prepared_is_not_sent_and_nothing_is_said_of_it() {
    let plan = Plan { selection: only("acknowledge/un*"), ..prepared() };
    let provider = plan.provider.clone();
    let mut driver = Driver::new(&plan, sound("turratech"));
    driver.unpreparable = Box::new(|event| {
        let is_odd = String::from_utf8_lossy(&event.body).contains("hookproof.unheard_of");
        is_odd.then(|| "the prepare command ended with 3".into())
    });
    let mut run = Run::new(plan, driver.now()).expect("the plan is sound");
    driver.drive(&mut run);
    let refused = finding(&run, "acknowledge/unknown-type");
    let said = "its event could not be prepared: the prepare command ended with 3";
    assert!(matches!(&refused.verdict, Verdict::Unknown(why) if why == said), "{:?}", refused.verdict);
    assert!(refused.exchanges.is_empty());
    assert_eq!(verdict(&run, "acknowledge/unknown-fields"), Verdict::Pass);
    assert!(driver.sent.iter().all(|(_, request)| !name_of(&provider, request).is_empty()));
}

#[test]
fn nothing_is_known_where_no_event_can_be_prepared() {
    let plan = prepared();
    let mut driver = Driver::new(&plan, sound("turratech"));
    driver.unpreparable = Box::new(|_| Some("no such shop".into()));
    let mut run = Run::new(plan, driver.now()).expect("the plan is sound");
    driver.drive(&mut run);
    assert!(driver.sent.is_empty());
    assert!(why(&verdict(&run, "acknowledge/success-status")).contains("no such shop"));
    assert!(run.findings().iter().all(|finding| !finding.verdict.is_pass()), "{:#?}", run.findings());
}

#[test]
fn as_many_events_are_prepared_at_once_as_may_be_in_flight() {
    for jobs in [1, 3] {
        let plan = Plan { jobs, ..prepared() };
        let mut driver = Driver::new(&plan, sound("turratech"));
        let mut run = Run::new(plan, driver.now()).expect("the plan is sound");
        driver.drive(&mut run);
        assert_eq!(driver.most_preparing, jobs);
    }
}

#[test]
fn an_effect_that_does_not_show_is_not_missing_where_no_later_event_can_be_prepared() {
    let plan = Plan { selection: only("retry/aged-event"), ..prepared() };
    let mut healthy = sound("turratech");
    // The baseline, the event of the check, and the one that is to tell whether effects are observed.
    let asked = Cell::new(0);
    let deliveries = Cell::new(0);
    let mut driver = Driver::new(&plan, |request: &Request| {
        deliveries.set(deliveries.get() + 1);
        let reply = healthy(request);
        if deliveries.get() == 2 { Reply::of(200) } else { reply }
    });
    driver.unpreparable = Box::new(|_| {
        asked.set(asked.get() + 1);
        (asked.get() == 3).then(|| "no such shop".into())
    });
    let mut run = Run::new(plan, driver.now()).expect("the plan is sound");
    driver.drive(&mut run);
    assert_eq!(
        verdict(&run, "retry/aged-event"),
        Verdict::Unknown(Need::SettledEffects.why_missing().into())
    );
}

#[test]
fn an_effect_is_missing_where_a_later_event_that_was_prepared_has_its_own() {
    let plan = Plan { selection: only("retry/aged-event"), ..prepared() };
    let mut healthy = sound("turratech");
    let mut driver = Driver::new(&plan, |request: &Request| {
        let reply = healthy(request);
        if request.summary.contains("created") { Reply::of(200) } else { reply }
    });
    let mut run = Run::new(plan, driver.now()).expect("the plan is sound");
    driver.drive(&mut run);
    assert!(verdict(&run, "retry/aged-event").is_fail(), "{:?}", verdict(&run, "retry/aged-event"));
}

#[test]
fn a_canary_that_cannot_be_prepared_takes_its_phase_back() {
    let plan = Plan { selection: only("acknowledge/unknown-fields"), ..prepared() };
    let mut driver = Driver::new(&plan, sound("turratech"));
    // Canaries are numbered from 900 on, 10,000 events each.
    driver.unpreparable = Box::new(|event| event.id.contains("_90").then(|| "no such shop".into()));
    let mut run = Run::new(plan, driver.now()).expect("the plan is sound");
    driver.drive(&mut run);
    let said = verdict(&run, "acknowledge/unknown-fields");
    assert!(matches!(&said, Verdict::Unknown(why) if why.contains("no such shop")), "{said:?}");
}
