//! Events of a provider of whom only a profile is known.

use super::*;
use crate::{
    CATALOGUE, Level,
    scene::{bench_of, exchange, outcome},
};

const DRAWN: &str = r#"
name = "corner-shop"
event-types = ["order.paid", "order.lost"]
key = ["/meta/ref", "/what"]

[event]
type = "/what"
created = "/meta/at"
created-format = "rfc3339"
object = "/items/0"
object-id = "/items/0/ref"

[signature]
construction = "body"
header = "X-Shop-Mac"
prefix = "mac "
encoding = "base64"
"#;

const OWN: &str = r#"
name = "corner-shop"
event-types = ["order.paid", "order.lost"]

[event]
id = { header = "X-Shop-Event" }
type = "/what"
object = "/order"
object-id = "/order/number"

[sample]
body = '''
{
  "what": "order.paid",
  "order": {"number": 4711, "reference": "BOOKING-7", "customer": {"email": "zoe@example.org"}}
}
'''
fresh = ["/order/reference"]
"#;

#[test]
fn a_profiles_event_is_one_of_its_provider() {
    for profile in [DRAWN, OWN] {
        let bench = bench_of(profile);
        for kind in ["order.paid", "order.lost", "hookproof.unheard_of"] {
            let request = bench.seal(&bench.event_of(7, kind), STARTED);
            let headers = headers(&request);
            let event = Event::parse(&bench.provider.shape, &headers, &request.body)
                .unwrap_or_else(|error| panic!("{kind}: {error}"));
            assert_eq!(event.kind(), kind);
            let tokens = bench.tokens(bench.name(7));
            let body = str::from_utf8(&request.body).unwrap();
            for token in &tokens {
                let in_headers = request.headers.iter().any(|(_, value)| value == token);
                assert!(in_headers || body.contains(token.as_str()), "{token} is not in {body}");
            }
            assert!(event.object().starts_with(b"{"), "{body}");
        }
    }
}

#[test]
fn a_drawn_event_is_known_by_its_object_and_by_what_its_key_is_made_of() {
    let bench = bench_of(DRAWN);
    assert_eq!(bench.tokens(bench.name(7)), ["obj_hp_k3w9x1q0_7", "ref_hp_k3w9x1q0_7"]);
    let request = bench.seal(&bench.event(7), STARTED);
    let event = Event::parse(&bench.provider.shape, &[], &request.body).unwrap();
    assert_eq!(event.created(), Some(STARTED));
    assert_eq!(event.text("/meta/ref").as_deref(), Some("ref_hp_k3w9x1q0_7"));
    assert!(bench.draws() && !bench.knows("order.paid"));
}

#[test]
fn a_profiles_own_sample_keeps_its_look_and_everything_else_in_it() {
    let bench = bench_of(OWN);
    let tokens = bench.tokens(bench.name(7));
    assert_eq!((&*tokens[0], &*tokens[2]), ("evt_hp_k3w9x1q0_7", "BOOKING-hp_k3w9x1q0_7"));
    let request = bench.seal(&bench.event(7), STARTED);
    assert_eq!(header(&request, "x-shop-event"), Some("evt_hp_k3w9x1q0_7"));
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["order"]["number"].as_u64().map(|number| number.to_string()), Some(tokens[1].clone()));
    assert_eq!(body["order"]["customer"]["email"], "zoe@example.org");
    assert!(!bench.draws() && bench.knows("order.paid") && !bench.knows("order.lost"));
}

#[test]
fn a_header_is_spelled_as_the_profile_spells_it() {
    let bench = bench_of(DRAWN);
    let request = bench.seal(&bench.event(1), STARTED);
    let (name, value) =
        request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-shop-mac")).unwrap();
    assert!(name == "X-Shop-Mac" && value.starts_with("mac "), "{name}: {value}");
    assert_eq!(refusal_of(&bench, &request), None);
}

#[test]
fn a_mac_behind_any_prefix_is_confidential_without_it() {
    let bench = bench_of(DRAWN);
    let request = bench.seal(&bench.event(1), STARTED);
    let mac = header(&request, "x-shop-mac").and_then(|value| value.strip_prefix("mac ")).unwrap();
    assert!(
        request.confidential.iter().any(|text| text == mac.trim_end_matches('=')),
        "{:?}",
        request.confidential
    );
}

#[test]
fn no_clause_stands_behind_a_profile_and_only_what_is_grave_is_a_must() {
    let bench = bench_of(DRAWN);
    for check in CATALOGUE {
        assert!(check.clauses_for(&bench.provider).is_empty(), "{}", check.id);
        assert_eq!(check.basis_for(&bench.provider).name(), "hookproof", "{}", check.id);
    }
    let level = |id: &str| {
        CATALOGUE.iter().find(|check| check.id == id).map(|check| check.level_for(&bench.provider))
    };
    assert_eq!(
        level("timing/within-limit"),
        Some(Level::Should),
        "an attempt counted as failed is not enough"
    );
    for id in ["acknowledge/success-status", "signature/rejects-forged", "duplicate/sequential"] {
        assert_eq!(level(id), Some(Level::Must), "{id}");
    }
}

#[test]
fn the_profile_of_a_built_in_provider_is_sent_the_same_events() {
    for name in PROVIDERS {
        let by_name = bench(name);
        let by_profile = bench_of(&by_name.provider.to_toml());
        for kind in by_name.provider.event_types.iter() {
            let [one, other] =
                [&by_name, &by_profile].map(|bench| bench.seal(&bench.event_of(7, kind), STARTED));
            assert_eq!(one, other, "{name} {kind}");
        }
    }
}

#[test]
fn what_a_status_acknowledges_is_the_profiles_rule() {
    let bench = bench_of(&DRAWN.replace("key =", "acknowledgement = 204\nkey ="));
    for (status, acknowledges) in [("200", false), ("204", true)] {
        assert_eq!(
            exchange(&bench, &bench.event(1), outcome(status)).is_acknowledged(),
            acknowledges,
            "{status}"
        );
    }
}

fn refusal_of(bench: &Bench, request: &Request) -> Option<VerifyError> {
    bench.verifier().unwrap().verify(&headers(request), &request.body, STARTED).err()
}
