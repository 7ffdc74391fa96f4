//! What the caller wants in every event, and a look at such events before any is sent.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use core::time::Duration;

use hookproof_core::{At, Event, Header, TimeFormat, idempotency_key, locate};

use super::{Bench, EventName, unique};
use crate::{
    Draft, Request,
    draft::put,
    sample::{Holes, LIVEMODE, fresh_like, sample_for, tells_livemode},
};

impl Bench {
    /// The body of a draft with what the caller wants in every event.
    pub(super) fn changed(&self, mut body: Vec<u8>, draft: &Draft, id: &str) -> Vec<u8> {
        if self.setting.changes.is_empty() {
            return body;
        }
        let created = self.created(draft);
        let holes = Holes {
            id,
            number: &self.number(draft.event),
            kind: &draft.kind,
            created: &match self.provider.shape.created_format {
                TimeFormat::UnixSecs => format!("{}", created.as_unix_secs()),
                TimeFormat::Rfc3339 => created.rfc3339(),
            },
        };
        for change in &self.setting.changes {
            put(&mut body, &change.at, &change.value(&holes));
        }
        body
    }

    /// What in these values names the event of this id and no other.
    pub(super) fn names_in_changes(&self, event: EventName, id: &str) -> Vec<String> {
        let holes = Holes { id, number: &self.number(event), kind: "", created: "" };
        self.setting.changes.iter().flat_map(|change| change.names(&holes)).collect()
    }

    /// Digits that no other event has.
    fn number(&self, event: EventName) -> String {
        fresh_like("1", &self.setting.nonce, unique(event))
    }

    /// Makes two ordinary events, and looks whether they are events of the provider that can be told from each other.
    /// What the caller wants in every event may be in the way of that.
    ///
    /// # Errors
    ///
    /// What is wrong, and what to write instead, as a sentence fragment that begins with its place.
    pub fn rehearse(&self) -> Result<(), String> {
        let [first, second] = [1, 2].map(|number| self.seal(&self.event(number), self.started));
        let (one, other) = (self.read(&first)?, self.read(&second)?);
        for change in &self.setting.changes {
            if locate(&first.body, &change.at).is_none() {
                return Err(format!("{} cannot be put there: what is before it is no object", change.at));
            }
        }
        if let Some(pointer) = self.place_taken() {
            return Err(format!("{pointer} is made anew for every event; leave it out"));
        }
        if let Some(pointer) = self.provider.shape.object_id.as_deref()
            && let (Some(same), true) = (one.field(pointer), one.field(pointer) == other.field(pointer))
        {
            let same = String::from_utf8_lossy(same);
            return Err(format!("{pointer} is {same} in every event; put {{n}} in it"));
        }
        if idempotency_key(&self.provider, "", &one) == idempotency_key(&self.provider, "", &other) {
            return Err("what makes an event itself is the same in all of them; put {n} in it".into());
        }
        Ok(())
    }

    /// The event that a request carries.
    ///
    /// # Errors
    ///
    /// Why it carries none.
    pub(crate) fn read<'a>(&self, request: &'a Request) -> Result<Event<'a>, String> {
        let lines = request.headers.iter();
        let headers: Vec<Header<'_>> =
            lines.map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
        Event::parse(&self.provider.shape, &headers, &request.body).map_err(|error| error.to_string())
    }

    /// Where the caller's values are in the way of what is made anew for every event: what names it, its type, when it
    /// was created, and whether it is live.
    fn place_taken(&self) -> Option<&str> {
        let shape = &self.provider.shape;
        let name = match (&shape.id, &shape.object_id) {
            (At::Nowhere, Some(pointer)) => Some(pointer.as_ref()),
            (id, _) => in_body(id),
        };
        let sample = sample_for(&self.provider, self.ordinary_type());
        let live = tells_livemode(&sample).then_some(LIVEMODE);
        [true, false].into_iter().find_map(|is_live| {
            // Unlike an ordinary event in all of that.
            let mut draft = self.event_of(1, "hookproof.rehearsal").created_ago(A_DAY);
            draft.livemode = Some(is_live);
            let id = self.id_of(&draft);
            let made = self.render(&draft, &id);
            let changed = self.changed(made.clone(), &draft, &id);
            let mut places =
                [name, in_body(&shape.kind), in_body(&shape.created), live].into_iter().flatten();
            places.find(|pointer| value_at(&made, pointer) != value_at(&changed, pointer))
        })
    }
}

fn value_at<'a>(body: &'a [u8], pointer: &str) -> Option<&'a [u8]> {
    body.get(locate(body, pointer)?)
}

fn in_body(at: &At) -> Option<&str> {
    match at {
        At::Body(pointer) => Some(pointer),
        At::Header(_) | At::Nowhere => None,
    }
}

const A_DAY: Duration = Duration::from_secs(86_400);

#[cfg(test)]
mod tests {
    use hookproof_core::{EventSample, Text};

    use crate::{
        Change, Setting, Template,
        scene::{STARTED, bench, bench_with, provider, secret, setting},
    };

    use super::*;

    fn with_changes(name: &str, changes: &[&str]) -> Bench {
        let changes = changes.iter().map(|text| Change::parse(text).unwrap()).collect();
        bench_with(name, Setting { changes, ..setting() })
    }

    fn with_template(name: &str, text: &str) -> Bench {
        let mut provider = provider(name);
        let changes = Template::parse(text, &provider).unwrap().into_sample_of(&mut provider);
        let secret = secret(&provider);
        Bench::new(provider, secret.as_ref(), Setting { changes, ..setting() }, STARTED).unwrap()
    }

    fn body(bench: &Bench, number: u16) -> serde_json::Value {
        let request = bench.seal(&bench.event(number), STARTED);
        serde_json::from_slice(&request.body).unwrap()
    }

    const CAPTURED: &str = r#"{"id": "evt_1Q", "object": "event", "type": "invoice.paid", "created": 1700000000,
        "livemode": true, "data": {"object": {"id": "in_9", "customer": "cus_7", "ref": "BOOK-{n}", "n": {n},
        "event": "{id}", "at": {created}}}}"#;

    #[test]
    fn the_built_in_samples_make_events() {
        for name in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
            assert_eq!(bench(name).rehearse(), Ok(()), "{name}");
        }
    }

    #[test]
    fn a_captured_event_is_made_fresh_and_keeps_the_rest() {
        let bench = with_template("turratech", CAPTURED);
        assert_eq!(bench.rehearse(), Ok(()));
        assert_eq!(bench.ordinary_type(), "invoice.paid");
        let (first, second) = (body(&bench, 1), body(&bench, 2));
        assert_eq!(first["id"], bench.id(bench.name(1)));
        assert_eq!(first["data"]["object"]["event"], first["id"]);
        assert_eq!(
            (&first["created"], &first["data"]["object"]["at"]),
            (&1_767_225_600.into(), &1_767_225_600.into())
        );
        assert_eq!(
            (&first["livemode"], &first["data"]["object"]["customer"]),
            (&false.into(), &"cus_7".into())
        );
        for fresh in ["/id", "/data/object/id", "/data/object/ref", "/data/object/n"] {
            assert_ne!(first.pointer(fresh), second.pointer(fresh), "{fresh}");
        }
        let number = first["data"]["object"]["n"].as_u64().unwrap().to_string();
        assert_eq!(number.len(), 15);
        let reference = format!("BOOK-{number}");
        assert_eq!(first["data"]["object"]["ref"], *reference);
        let tokens = bench.tokens(bench.name(1));
        assert!(tokens.contains(&number) && tokens.contains(&reference), "{tokens:?}");
        assert!(!tokens.contains(&"cus_7".into()), "{tokens:?}");
    }

    #[test]
    fn a_change_stands_in_events_of_every_type_at_any_age() {
        let bench =
            with_changes("turratech", &["data.object.customer=cus_7", "data.object.new={\"a\":\"{n}\"}"]);
        assert_eq!(bench.rehearse(), Ok(()));
        for kind in bench.provider.event_types.iter() {
            let request = bench.seal(&bench.event_of(3, kind), STARTED);
            let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
            assert_eq!(body["data"]["object"]["customer"], "cus_7", "{kind}");
            assert_eq!(body["data"]["object"]["new"]["a"].as_str().map(str::len), Some(15), "{kind}");
        }
    }

    #[test]
    fn what_is_made_anew_may_be_a_hole_for_just_that() {
        for changes in
            [["id={id}", "type={type}", "created={created}"], ["/id={id}", "data.object.id=B-{n}", "a=1"]]
        {
            assert_eq!(with_changes("turratech", &changes).rehearse(), Ok(()), "{changes:?}");
        }
        assert_eq!(with_changes("turnstay", &["data.object.id=\"{id}\""]).rehearse(), Ok(()));
    }

    #[test]
    fn events_that_cannot_be_told_apart_are_refused_with_their_place() {
        for (bench, words) in [
            (with_changes("turratech", &["id=evt_1"]), "/id is made anew for every event; leave it out"),
            (with_changes("turratech", &["id=evt_{n}"]), "/id is made anew"),
            (with_changes("turratech", &["type=payment.succeeded"]), "/type is made anew"),
            (with_changes("turratech", &["created=1767225600"]), "/created is made anew"),
            (with_changes("turratech", &["livemode=true"]), "/livemode is made anew"),
            (with_changes("turnstay", &["data.object.id=B{n}"]), "/data/object/id is made anew"),
            (
                with_changes("turratech", &["data.object.id=pay_1"]),
                "/data/object/id is \"pay_1\" in every event; put {n}",
            ),
            (with_changes("turratech", &["data.customer.id=7"]), "/data/customer/id cannot be put there"),
            (with_changes("turratech", &["data=7"]), "/data"),
            (with_template("turratech", r#"{"type":"payment.succeeded"}"#), "/data/object is missing"),
            (
                with_template("turratech", r#"{"type":"payment.succeeded","data":{"object":{}}}"#),
                "/id is missing",
            ),
            (with_template("turratech", "[]"), "object"),
            (
                with_template(
                    "turnstay",
                    r#"{"type": "payment_intent.failed", "data": {"object": {"a": 1}}}"#,
                ),
                "the same in all of them; put {n} in it",
            ),
        ] {
            let refused = bench.rehearse().expect_err(words);
            assert!(refused.contains(words), "{refused} and not {words}");
        }
    }

    #[test]
    fn what_a_profiles_sample_has_fresh_is_fresh_in_a_template_too() {
        let mut provider = provider("turratech");
        let fresh = ["/data/absent", "/data/order"].map(Text::Borrowed).to_vec().into();
        provider.sample = Some(EventSample { body: "{}".into(), fresh });
        let text = r#"{"id": "1", "type": "a", "created": 1, "data": {"order": "R-1", "object": {"a": 1}}}"#;
        Template::parse(text, &provider).unwrap().into_sample_of(&mut provider);
        let secret = secret(&provider);
        let bench = Bench::new(provider, secret.as_ref(), setting(), STARTED).unwrap();
        assert_ne!(body(&bench, 1)["data"]["order"], body(&bench, 2)["data"]["order"]);
    }

    #[test]
    fn a_template_of_a_provider_without_event_ids_is_told_apart_by_its_object() {
        let text = r#"{"type": "merchant_of_record.payment_intent.succeeded", "data": {"object": {"id": "1",
            "object": "payment_intent", "status": "SUCCEEDED", "billing_amount": 1, "processing_amount": 1,
            "merchant_reference": "BOOK-{n}"}}}"#;
        let bench = with_template("turnstay", text);
        assert_eq!(bench.rehearse(), Ok(()));
        let object = &body(&bench, 1)["data"]["object"];
        assert_eq!(object["id"], bench.id(bench.name(1)));
        assert!(
            bench.tokens(bench.name(1)).iter().any(|token| object["merchant_reference"] == *token.as_str())
        );
    }
}
