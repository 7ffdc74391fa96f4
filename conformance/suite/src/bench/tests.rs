mod clauses;
mod profile;
mod signing;

use alloc::{collections::BTreeSet, string::ToString};
use core::str;

use hookproof_core::{Event, Header, VerifyError, locate, scan};

use super::*;
use crate::{
    Intent, Spelling,
    scene::{SECRET, STARTED, bench, bench_with, setting},
};

const PROVIDERS: [&str; 5] = ["turratech", "turnstay", "standard-webhooks", "stripe", "github"];
const SIGNED: [&str; 4] = ["turratech", "standard-webhooks", "stripe", "github"];

#[test]
fn every_type_is_sent_as_an_event_of_its_provider() {
    for name in PROVIDERS {
        let bench = bench(name);
        let shape = &bench.provider.shape;
        for kind in bench.provider.event_types.iter() {
            let request = bench.seal(&bench.event_of(7, kind), STARTED);
            let headers = headers(&request);
            let event = Event::parse(shape, &headers, &request.body)
                .unwrap_or_else(|error| panic!("{name} {kind}: {error}"));
            let id = bench.tokens(bench.name(7)).remove(0);
            let wanted = (!matches!(shape.id, At::Nowhere)).then_some(id.as_str());
            assert_eq!(event.id(), wanted, "{name} {kind}");
            assert_eq!(event.kind(), kind, "{name}");
            let created = (!matches!(shape.created, At::Nowhere)).then_some(STARTED);
            assert_eq!(event.created(), created, "{name} {kind}");
        }
    }
}

#[test]
fn an_event_says_when_it_was_created_not_when_it_leaves() {
    for name in ["turratech", "stripe", "standard-webhooks"] {
        let bench = bench(name);
        let age = Duration::from_secs(37 * 3_600);
        let later = STARTED.saturating_add(Duration::from_secs(90));
        let request = bench.seal(&bench.event(1).created_ago(age), later);
        let event = Event::parse(&bench.provider.shape, &headers(&request), &request.body).unwrap();
        assert_eq!(event.created(), Some(STARTED.saturating_sub(age)), "{name}");
    }
}

#[test]
fn an_event_says_that_it_is_live_where_its_provider_does_and_the_caller_wants_it() {
    for (name, tells) in PROVIDERS.into_iter().zip([true, false, false, true, false]) {
        for (chosen, own, said) in [
            (false, None, "false"),
            (true, None, "true"),
            (true, Some(false), "false"),
            (false, Some(true), "true"),
        ] {
            let bench = bench_with(name, Setting { livemode: chosen, ..setting() });
            let draft = own.into_iter().fold(bench.event(1), Draft::live);
            let body = bench.seal(&draft, STARTED).body;
            let found = locate(&body, "/livemode").map(|range| str::from_utf8(&body[range]).unwrap());
            assert_eq!(found, tells.then_some(said), "{name}");
        }
    }
}

#[test]
fn every_type_of_a_catalogue_has_a_sample_of_its_own() {
    for name in PROVIDERS {
        let bench = bench(name);
        for kind in bench.provider.event_types.iter() {
            assert!(bench.knows(kind), "{name}: {kind}");
        }
        assert!(!bench.knows("hookproof.unheard_of"), "{name}");
    }
}

#[test]
fn a_type_without_a_sample_goes_out_as_the_ordinary_one_under_its_name() {
    for name in PROVIDERS {
        let bench = bench(name);
        let request = bench.seal(&bench.event_of(1, "hookproof.unheard_of"), STARTED);
        let event = Event::parse(&bench.provider.shape, &headers(&request), &request.body).unwrap();
        assert_eq!(event.kind(), "hookproof.unheard_of", "{name}");
    }
}

#[test]
fn no_two_events_of_any_runs_share_a_token() {
    for name in PROVIDERS {
        let mut known = BTreeSet::new();
        for nonce in ["k3w9x1q0", "k3w9x1q1", "00000000"] {
            let mut bench = bench_with(name, Setting { nonce: nonce.into(), ..setting() });
            for check in [1, 2, 21, 900, 903] {
                bench.check = check;
                for number in [1, 2, 12, 501] {
                    let tokens = bench.tokens(bench.name(number));
                    assert!(!tokens.is_empty(), "{name}");
                    for token in tokens {
                        assert!(known.insert(token.clone()), "{name}: {token} twice");
                    }
                }
            }
        }
    }
}

#[test]
fn every_token_of_an_event_is_in_its_delivery_and_no_token_of_the_sample_is() {
    for name in PROVIDERS {
        let bench = bench(name);
        for kind in bench.provider.event_types.iter() {
            let sample = sample_for(&bench.provider, kind);
            let request = bench.seal(&bench.event_of(3, kind), STARTED);
            let body = str::from_utf8(&request.body).unwrap();
            for token in bench.tokens(bench.name(3)) {
                let in_headers = request.headers.iter().any(|(_, value)| *value == token);
                assert!(in_headers || body.contains(&token), "{name} {kind}: {token}");
            }
            let shape_id =
                if let At::Body(pointer) = &bench.provider.shape.id { &**pointer } else { "/nowhere" };
            for pointer in sample.fresh.iter().map(AsRef::as_ref).chain([shape_id]) {
                let old = locate(sample.body.as_bytes(), pointer).and_then(|range| sample.body.get(range));
                assert!(
                    old.is_none_or(|old| !body.contains(old)),
                    "{name} {kind}: {pointer} is the sample's"
                );
            }
        }
    }
}

#[test]
fn a_turnstay_object_is_named_by_fifteen_digits() {
    let mut bench = bench("turnstay");
    for (check, number) in [(1, 1), (21, 12), (903, 502)] {
        bench.check = check;
        let request = bench.seal(&bench.event(number), STARTED);
        let event = Event::parse(&bench.provider.shape, &[], &request.body).unwrap();
        let id = str::from_utf8(event.field("/data/object/id").unwrap()).unwrap().trim_matches('"');
        assert_eq!(id.len(), 15, "{id}");
        assert!(id.bytes().all(|byte| byte.is_ascii_digit()) && !id.starts_with('0'), "{id}");
        assert_eq!(bench.tokens(bench.name(number))[0], id);
    }
}

#[test]
fn a_github_delivery_is_a_guid_of_version_4() {
    let bench = bench("github");
    let request = bench.seal(&bench.event(1), STARTED);
    let id = header(&request, "x-github-delivery").unwrap();
    let groups: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12], "{id}");
    assert!(id.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)));
    assert_eq!((&id[14..15], &id[19..20]), ("4", "8"), "{id}");
}

#[test]
fn equal_drafts_that_leave_at_one_moment_are_equal_byte_for_byte() {
    for name in PROVIDERS {
        let bench = bench(name);
        let [first, again] = [bench.event(1), bench.event(1)].map(|draft| bench.seal(&draft, STARTED));
        assert_eq!(first, again, "{name}");
        let other = bench.seal(&bench.event(2), STARTED);
        assert_ne!((&first.body, &first.headers), (&other.body, &other.headers), "{name}");
    }
}

#[test]
fn a_split_lies_inside_a_character() {
    for name in PROVIDERS {
        let bench = bench(name);
        for text in ["é", "€", "😀"] {
            let member = alloc::format!("\"note\":\"plain {text} plain\"");
            let draft = bench.event(1).with_member(bench.object(), member).split_inside_a_character();
            let request = bench.seal(&draft, STARTED);
            let Pace::SplitAt(at) = request.transport.pace else { panic!("{name}: no split") };
            let (before, after) = request.body.split_at(at);
            assert!(str::from_utf8(&request.body).is_ok(), "{name} {text}");
            assert!(str::from_utf8(before).is_err() && str::from_utf8(after).is_err(), "{name} {text}: {at}");
        }
        // A body of ASCII alone has no such place.
        let plain = bench.event(1).with_body(b"{}".to_vec()).split_inside_a_character();
        assert_eq!(bench.seal(&plain, STARTED).transport.pace, Pace::AtOnce, "{name}");
        assert_eq!(bench.seal(&bench.event(1), STARTED).transport.pace, Pace::AtOnce, "{name}");
    }
}

#[test]
fn the_callers_headers_are_on_every_delivery() {
    let headers: Vec<(String, String)> = [("Authorization", "Bearer t0ken"), ("x-tenant", "7")]
        .map(|(name, value)| (name.into(), value.into()))
        .into();
    for name in PROVIDERS {
        let bench = bench_with(name, Setting { headers: headers.clone(), ..setting() });
        for draft in [bench.event(1), bench.event(2).forged(), bench.event(3).unsigned()] {
            let request = bench.seal(&draft, STARTED);
            assert!(request.headers.ends_with(&headers), "{name}: {:?}", request.headers);
        }
    }
}

#[test]
fn a_member_keeps_the_body_sound_wherever_it_goes() {
    let bench = bench("turratech");
    for (body, into, expected) in [
        (r#"{"a":1}"#, "", Some(r#"{"new":true,"a":1}"#)),
        (r#"{"a":{"b":2}}"#, "/a", Some(r#"{"a":{"new":true,"b":2}}"#)),
        (r#"{"a":{}}"#, "/a", Some(r#"{"a":{"new":true}}"#)),
        (r#"{"a":{ }}"#, "/a", Some(r#"{"a":{"new":true }}"#)),
        (" {}\n", "", Some(" {\"new\":true}\n")),
        (r#"{"a":1}"#, "/missing", None),
    ] {
        let draft = bench.event(1).with_body(body.into()).with_member(into, r#""new":true"#);
        let request = bench.seal(&draft, STARTED);
        assert_eq!(str::from_utf8(&request.body).unwrap(), expected.unwrap_or(body), "{body} at {into:?}");
    }
}

#[test]
fn edits_of_the_spelling_keep_the_event_the_same() {
    for name in PROVIDERS {
        let bench = bench(name);
        for draft in [bench.event(1).spaced(), bench.event(1).with_final_newline()] {
            let request = bench.seal(&draft, STARTED);
            let plain = bench.seal(&bench.event(1), STARTED);
            assert_ne!(request.body, plain.body, "{name}");
            assert_eq!(scan(&request.body), Ok(()), "{name}");
            let [found, wanted] = [&request, &plain].map(|request| {
                serde_json::from_slice::<serde_json::Value>(&request.body).expect("sound JSON")
            });
            assert_eq!(found, wanted, "{name}");
        }
    }
}

#[test]
fn a_draft_says_how_it_travels_and_what_it_is_for() {
    let mut bench = bench("turratech");
    bench.check = 9;
    let plain = bench.seal(&bench.event(1), STARTED);
    assert_eq!((plain.transport, plain.intent), (Transport::default(), Intent::Ordinary));
    let cut = bench.event(1).on_connection(2).cut_before_answer(Duration::from_millis(100));
    let wanted = Transport {
        lane: Some((9, 2)),
        cut_before_answer: true,
        cut_after: Duration::from_millis(100),
        ..Transport::default()
    };
    assert_eq!(bench.seal(&cut, STARTED).transport, wanted);
    for draft in [bench.event(1).forged(), bench.event(1).unsigned(), bench.event(1).tampered("")] {
        assert_eq!(bench.seal(&draft, STARTED).intent, Intent::Refusable);
    }
}

#[test]
fn what_the_provider_could_have_made_is_authentic_however_old_and_a_forgery_is_not() {
    let bench = bench("turratech");
    let event = || bench.event(1);
    let two = Spelling { signatures: &["t=<t>,v1=<other>,v1=<mac>"], ..Spelling::TIMESTAMPED };
    let bare = Spelling { signatures: &["v0=<mac>"], ..Spelling::TIMESTAMPED };
    for (draft, authentic) in [
        (event(), true),
        (event().spelled(two), true),
        (event().refusable().signed_ago(Duration::from_secs(3_600)), true),
        (event().refusable().spelled(bare), false),
        (event().forged(), false),
        (event().unsigned(), false),
        (event().tampered(""), false),
    ] {
        assert_eq!(bench.seal(&draft, STARTED).authentic, authentic, "{}", draft.summary());
    }
}

#[test]
fn the_seed_decides_the_order_and_loses_nothing() {
    let items: Vec<u32> = (0..12).collect();
    let mut orders = BTreeSet::new();
    for seed in 0..20 {
        let mut bench = bench_with("turratech", Setting { seed, ..setting() });
        let order = bench.shuffled(&items);
        assert_eq!(order, bench.shuffled(&items), "seed {seed}");
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, items, "seed {seed}");
        orders.insert(order.clone());
        bench.check = 5;
        assert_ne!(order, bench.shuffled(&items), "another check has another order");
    }
    assert_eq!(orders.len(), 20, "two seeds give the same order");
    assert!(bench("turratech").shuffled::<u32>(&[]).is_empty());
}

#[test]
fn the_limit_is_the_callers_or_the_providers_or_an_assumption() {
    let secs = Duration::from_secs;
    for (name, given, limit, patience) in [
        ("turratech", None, Some(secs(30)), secs(30)),
        ("turratech", Some(secs(3)), Some(secs(3)), secs(3)),
        ("github", None, Some(secs(10)), secs(10)),
        ("turnstay", None, None, secs(30)),
        ("turnstay", Some(secs(7)), Some(secs(7)), secs(7)),
    ] {
        let bench = bench_with(name, Setting { time_limit: given, ..setting() });
        assert_eq!((bench.time_limit(), bench.patience()), (limit, patience), "{name} {given:?}");
    }
}

#[test]
fn the_ordinary_type_is_the_first_that_was_named_or_the_catalogues_first() {
    let named = Setting { events: ["payout.paid", "payment.failed"].map(Into::into).into(), ..setting() };
    assert_eq!(bench_with("turratech", named).ordinary_type(), "payout.paid");
    for (name, kind) in [
        ("turratech", "payment.succeeded"),
        ("turnstay", "merchant_of_record.payment_intent.succeeded"),
        ("standard-webhooks", "contact.created"),
        ("stripe", "payment_intent.succeeded"),
        ("github", "issues"),
    ] {
        assert_eq!(bench(name).ordinary_type(), kind);
    }
}

fn headers(request: &Request) -> Vec<Header<'_>> {
    let lines = request.headers.iter();
    lines.map(|(name, value)| Header { name, value: value.as_bytes() }).collect()
}

fn header<'a>(request: &'a Request, name: &'a str) -> Option<&'a str> {
    named(request, name).next()
}

fn named<'a>(request: &'a Request, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = request.headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name));
    lines.map(|(_, value)| value.as_str())
}
