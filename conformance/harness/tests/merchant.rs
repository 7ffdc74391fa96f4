//! What the reference merchant promises, input by input, where no check of the suite looks yet.

use std::time::Duration;

use hookproof_conformance::merchant::{
    CallId, Character, Incoming, Input, Merchant, Nature, Output, RequestId, TimerId, Variant,
};
use hookproof_core::{Provider, Timestamp};

#[test]
fn an_event_is_acknowledged_after_its_effect_and_not_before() {
    let mut shop = Shop::open(Nature::Reference);
    let outputs = shop.deliver(1, "71902");
    let [Output::Call { call, method, path, body, .. }, _] = outputs.as_slice() else {
        panic!("{outputs:?}")
    };
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/fulfil"));
    assert!(String::from_utf8_lossy(body).contains(r#""event":"71902""#));
    assert_eq!(statuses(&shop.called(*call, Some(204))), [200]);
    assert_eq!(statuses(&shop.deliver(2, "71902")), [200], "a redelivery is acknowledged and does nothing");
}

#[test]
fn a_copy_that_comes_while_the_first_is_worked_on_is_told_to_come_back() {
    let mut shop = Shop::open(Nature::Reference);
    let first = call_of(&shop.deliver(1, "71902"));
    let outputs = shop.deliver(2, "71902");
    let [Output::Answer { status: 409, headers, .. }] = outputs.as_slice() else { panic!("{outputs:?}") };
    assert!(headers.contains(&("retry-after".into(), "1".into())));
    assert_eq!(statuses(&shop.called(first, Some(200))), [200]);
}

#[test]
fn an_event_whose_downstream_failed_is_not_acknowledged_and_may_come_again() {
    for failure in [None, Some(503), Some(302)] {
        let mut shop = Shop::open(Nature::Reference);
        let call = call_of(&shop.deliver(1, "71902"));
        assert_eq!(statuses(&shop.called(call, failure)), [500]);
        let call = call_of(&shop.deliver(2, "71902"));
        assert_eq!(statuses(&shop.called(call, Some(200))), [200]);
    }
}

#[test]
fn an_event_that_always_fails_ends_after_eight_attempts() {
    let mut shop = Shop::open(Nature::Reference);
    for attempt in 0..8 {
        let call = call_of(&shop.deliver(attempt, "71902"));
        assert_eq!(statuses(&shop.called(call, Some(500))), [500]);
    }
    assert_eq!(statuses(&shop.deliver(8, "71902")), [500], "poisoned: nothing is called");
    call_of(&shop.deliver(9, "71903"));
}

#[test]
fn work_goes_on_when_the_client_hangs_up() {
    let mut shop = Shop::open(Nature::Reference);
    let call = call_of(&shop.deliver(1, "71902"));
    assert_eq!(shop.handle(Input::Disconnected(RequestId(1))), []);
    assert_eq!(shop.called(call, Some(200)), [], "nobody waits for an answer");
    assert_eq!(statuses(&shop.deliver(2, "71902")), [200]);
}

#[test]
fn a_holder_that_outlasts_its_lease_does_not_acknowledge_what_another_one_does() {
    let mut shop = Shop::open(Nature::Reference);
    let first = call_of(&shop.deliver(1, "71902"));
    shop.now = shop.now.saturating_add(Duration::from_secs(61));
    let second = call_of(&shop.deliver(2, "71902"));
    assert_eq!(statuses(&shop.called(first, Some(200))), [500]);
    assert_eq!(statuses(&shop.called(second, Some(200))), [200]);
}

#[test]
fn a_polled_queue_tries_again_until_its_downstream_is_back() {
    let mut shop = Shop::open(Nature::sound([Variant::PolledQueue]));
    let outputs = shop.deliver(1, "71902");
    assert_eq!(statuses(&outputs), [200]);
    let call = call_of(&shop.woken(timer_of(&outputs)));
    let outputs = shop.called(call, Some(503));
    let call = call_of(&shop.woken(timer_of(&outputs)));
    assert_eq!(shop.called(call, Some(200)), []);
    assert_eq!(statuses(&shop.deliver(2, "71902")), [200]);
}

#[test]
fn work_that_takes_long_goes_on_in_a_durable_queue_behind_the_answer() {
    let mut shop = Shop::open(Nature::Reference);
    let outputs = shop.deliver(1, "71902");
    let (call, timer) = (call_of(&outputs), timer_of(&outputs));
    assert_eq!(statuses(&shop.woken(timer)), [200]);
    assert_eq!(statuses(&shop.deliver(2, "71902")), [200], "it is durable");
    let outputs = shop.called(call, Some(503));
    assert!(statuses(&outputs).is_empty());
    let again = call_of(&shop.woken(timer_of(&outputs)));
    assert_eq!(shop.called(again, Some(200)), []);
    assert_eq!(statuses(&shop.deliver(3, "71902")), [200]);
}

#[test]
fn an_answer_that_was_given_is_not_given_again_when_the_second_has_passed() {
    let mut shop = Shop::open(Nature::Reference);
    let outputs = shop.deliver(1, "71902");
    assert_eq!(statuses(&shop.called(call_of(&outputs), Some(200))), [200]);
    assert_eq!(shop.woken(timer_of(&outputs)), []);
}

#[test]
fn a_restart_loses_what_was_not_acknowledged_and_goes_on_with_the_rest() {
    let mut shop = Shop::open(Nature::Reference);
    let slow = shop.deliver(1, "71901");
    assert_eq!(statuses(&shop.woken(timer_of(&slow))), [200]);
    let lost = call_of(&shop.deliver(2, "71902"));
    let resumed = call_of(&shop.handle(Input::Restarted));
    assert_eq!(shop.called(lost, Some(200)), []);
    assert_eq!(shop.called(call_of(&slow), Some(200)), [], "that answer died with the process");
    assert_eq!(shop.called(resumed, Some(200)), []);
    assert_eq!(statuses(&shop.deliver(3, "71901")), [200]);
    assert_eq!(statuses(&shop.deliver(4, "71902")), [409], "the books hold the claim of who died");
    shop.now = shop.now.saturating_add(Duration::from_secs(61));
    call_of(&shop.deliver(5, "71902"));
}

#[test]
fn a_polled_queue_survives_a_restart() {
    let mut shop = Shop::open(Nature::sound([Variant::PolledQueue]));
    let before = timer_of(&shop.deliver(1, "71902"));
    let after = timer_of(&shop.handle(Input::Restarted));
    assert_eq!(shop.woken(before), []);
    let call = call_of(&shop.woken(after));
    assert_eq!(shop.called(call, Some(200)), []);
}

#[test]
fn what_is_no_event_is_refused_without_a_trace() {
    let mut shop = Shop::open(Nature::Reference);
    for body in ["", "null", "[]", "{", "{}", r#"{"type":1}"#] {
        assert_eq!(statuses(&shop.request(1, "POST", body)), [400], "{body}");
    }
    assert_eq!(statuses(&shop.request(2, "GET", "")), [405]);
    call_of(&shop.deliver(3, "71902"));
}

#[test]
fn what_was_never_asked_for_changes_nothing() {
    let mut shop = Shop::open(Nature::Reference);
    let call = call_of(&shop.deliver(1, "71902"));
    assert_eq!(statuses(&shop.called(call, Some(200))), [200]);
    assert_eq!(shop.called(call, Some(200)), []);
    assert_eq!(shop.called(call, None), []);
    assert_eq!(shop.handle(Input::Disconnected(RequestId(77))), []);
    assert_eq!(statuses(&shop.deliver(2, "71902")), [200]);
}

#[test]
fn whoever_tries_its_own_jobs_again_acknowledges_a_failure_and_works_a_minute_later() {
    let mut shop = Shop::open(Nature::sound([Variant::OwnJobRetry]));
    let call = call_of(&shop.deliver(1, "71902"));
    let outputs = shop.called(call, Some(503));
    assert_eq!(statuses(&outputs), [200]);
    let [.., Output::Wake { timer, after }] = outputs.as_slice() else { panic!("{outputs:?}") };
    assert_eq!(*after, Duration::from_secs(60));
    assert_eq!(statuses(&shop.deliver(2, "71902")), [200], "a redelivery does nothing");
    let call = call_of(&shop.woken(*timer));
    assert_eq!(shop.called(call, Some(200)), []);
}

#[test]
fn a_client_that_does_not_wait_for_ever_calls_again_and_takes_no_late_answer() {
    let mut shop = Shop::open(Nature::sound([Variant::TenSecondClient]));
    let outputs = shop.deliver(1, "71902");
    let [
        Output::Call { call, headers, .. },
        Output::Wake { timer: abandon, after },
        Output::Wake { timer, .. },
    ] = outputs.as_slice()
    else {
        panic!("{outputs:?}")
    };
    let key = ("idempotency-key".to_owned(), "71902".to_owned());
    assert!(headers.contains(&key) && *after == Duration::from_secs(10));
    assert_eq!(statuses(&shop.woken(*timer)), [200], "it is durable before");
    let again = timer_of(&shop.woken(*abandon));
    let outputs = shop.woken(again);
    let [Output::Call { call: second, headers, .. }, ..] = outputs.as_slice() else { panic!("{outputs:?}") };
    assert!(headers.contains(&key) && second != call);
    assert_eq!(shop.called(*call, Some(200)), [], "nobody waits for it");
    assert_eq!(shop.woken(timer_of(&outputs)).len(), 1, "the second is abandoned too");
    let mut shop = Shop::open(Nature::sound([Variant::TenSecondClient]));
    let outputs = shop.deliver(1, "71902");
    assert_eq!(statuses(&shop.called(call_of(&outputs[..1]), Some(200))), [200]);
    assert_eq!(shop.woken(timer_of(&outputs)), [], "a call that was answered is not abandoned");
}

#[test]
fn a_cap_closes_the_connection_without_an_answer() {
    for (variant, cap) in [(Variant::CapsAtHundredKb, 100_000), (Variant::CapsAtOneMb, 1_000_000)] {
        let mut shop = Shop::open(Nature::sound([variant]));
        let spaces = " ".repeat(cap - 2);
        assert_eq!(statuses(&shop.request(1, "POST", &format!("{{}}{spaces}"))), [400], "it is read");
        assert_eq!(shop.request(2, "POST", &format!("{{}} {spaces}")), [Output::Close(RequestId(2))]);
    }
}

#[test]
fn fifty_requests_a_second_are_taken_and_no_more() {
    let mut shop = Shop::open(Nature::sound([Variant::FiftyASecond]));
    for id in 0..50 {
        assert_eq!(statuses(&shop.request(id, "GET", "")), [405]);
    }
    let outputs = shop.request(50, "GET", "");
    let [Output::Answer { status: 429, headers, .. }] = outputs.as_slice() else { panic!("{outputs:?}") };
    assert!(headers.contains(&("retry-after".into(), "1".into())));
    shop.now = shop.now.saturating_add(Duration::from_secs(1));
    assert_eq!(statuses(&shop.request(51, "GET", "")), [405]);
}

#[test]
fn a_second_type_is_another_business_and_a_second_event_of_the_same_is_not() {
    let mut shop = Shop::open(Nature::sound([Variant::BusinessKey]));
    let paid = |status: &str| {
        format!(
            r#"{{"type":"merchant_of_record.payment_intent.succeeded","data":{{"object":{{"id":"71902","status":"{status}"}}}}}}"#
        )
    };
    let call = call_of(&shop.request(1, "POST", &paid("PROCESSED")));
    assert_eq!(statuses(&shop.request(2, "POST", &paid("SETTLED"))), [409], "it is worked on");
    assert_eq!(statuses(&shop.called(call, Some(503))), [500]);
    let call = call_of(&shop.request(3, "POST", &paid("SETTLED")));
    assert_eq!(statuses(&shop.called(call, Some(200))), [200]);
    assert_eq!(statuses(&shop.request(4, "POST", &paid("PROCESSED"))), [200], "and it does nothing");
    call_of(&shop.deliver(5, "71903"));
}

#[test]
fn whoever_confirms_asks_before_it_acts() {
    let mut shop = Shop::open(Nature::sound([Variant::ConfirmsByApi]));
    let outputs = shop.deliver(1, "71902");
    let [Output::Call { call, method, path, .. }, ..] = outputs.as_slice() else { panic!("{outputs:?}") };
    assert_eq!((method.as_str(), path.as_str()), ("GET", "/v1/events/71902"));
    let outputs = shop.called(*call, Some(200));
    let [Output::Call { call, method, path, .. }] = outputs.as_slice() else { panic!("{outputs:?}") };
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/fulfil"));
    assert_eq!(statuses(&shop.called(*call, Some(200))), [200]);
}

#[test]
fn a_set_of_variants_holds_what_was_put_into_it() {
    let two = [Variant::PrefixedIds, Variant::ThreeDownstreamCalls];
    let Nature::Sound(ways) = Nature::sound(two) else { panic!("it is sound") };
    assert_eq!(ways.iter().collect::<Vec<_>>(), [Variant::ThreeDownstreamCalls, Variant::PrefixedIds]);
    assert!(!ways.contains(Variant::PolledQueue));
    let Nature::Sound(all) = Nature::sound(Variant::ALL.iter().copied()) else { panic!("it is sound") };
    assert_eq!(all.iter().count(), Variant::ALL.len());
}

/// A merchant of TurnStay, whose requests need no signature.
struct Shop {
    merchant: Merchant,
    now: Timestamp,
}

impl Shop {
    fn open(nature: Nature) -> Self {
        let provider = Provider::built_in("turnstay").expect("it is built in");
        let character = Character::new(nature, Duration::from_secs(30));
        let merchant = Merchant::new(character, provider, None).expect("it needs no secret");
        Self { merchant, now: Timestamp::from_unix_secs(1_767_225_600) }
    }

    fn deliver(&mut self, id: u64, object: &str) -> Vec<Output> {
        let body = format!(
            r#"{{"type":"merchant_of_record.payment_intent.succeeded","data":{{"object":{{"id":"{object}"}}}}}}"#
        );
        self.request(id, "POST", &body)
    }

    fn request(&mut self, id: u64, method: &str, body: &str) -> Vec<Output> {
        let request = Incoming {
            method: method.into(),
            target: "/webhooks".into(),
            headers: vec![("content-type".into(), b"application/json".to_vec())],
            body: body.into(),
            first_read: body.len(),
            earlier: 0,
            is_broken: false,
        };
        self.handle(Input::Request { id: RequestId(id), request: &request })
    }

    fn called(&mut self, call: CallId, status: Option<u16>) -> Vec<Output> {
        self.handle(Input::Called { call, status })
    }

    fn woken(&mut self, timer: TimerId) -> Vec<Output> {
        self.handle(Input::Timer(timer))
    }

    fn handle(&mut self, input: Input<'_>) -> Vec<Output> {
        self.merchant.handle(self.now, input)
    }
}

fn statuses(outputs: &[Output]) -> Vec<u16> {
    let status = |output: &Output| match output {
        Output::Answer { status, .. } => Some(*status),
        _ => None,
    };
    outputs.iter().filter_map(status).collect()
}

#[track_caller]
fn call_of(outputs: &[Output]) -> CallId {
    match outputs {
        [Output::Call { call, .. }] | [Output::Call { call, .. }, Output::Wake { .. }] => *call,
        other => panic!("one call was due: {other:?}"),
    }
}

#[track_caller]
fn timer_of(outputs: &[Output]) -> TimerId {
    let timer = |output: &Output| match output {
        Output::Wake { timer, .. } => Some(*timer),
        _ => None,
    };
    outputs.iter().find_map(timer).expect("a timer was due")
}
