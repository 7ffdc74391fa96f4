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
