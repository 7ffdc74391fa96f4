//! What the providers' documents say of every delivery.

use super::*;

/// TT-4, TS-3.
#[test]
fn every_delivery_is_a_post_with_a_body_of_json_that_says_so() {
    for name in PROVIDERS {
        let bench = bench(name);
        for kind in bench.provider.event_types.iter() {
            let request = bench.seal(&bench.event_of(1, kind), STARTED);
            assert_eq!(request.method, "POST", "{name} {kind}");
            assert_eq!(header(&request, "content-type"), Some("application/json"), "{name} {kind}");
            assert_eq!(scan(&request.body), Ok(()), "{name} {kind}");
        }
    }
}

/// TS-11: a merchant finds the booking by its reference and books the amount.
#[test]
fn a_turnstay_delivery_names_a_booking_and_the_amount_to_book() {
    let bench = bench("turnstay");
    let request = bench.seal(&bench.event(1), STARTED);
    let event = Event::parse(&bench.provider.shape, &[], &request.body).unwrap();
    let reference = event.text("/data/object/merchant_reference").unwrap();
    assert!(!reference.is_empty(), "{reference:?}");
    let amount = str::from_utf8(event.field("/data/object/billing_amount").unwrap()).unwrap();
    assert!(amount.parse::<u64>().is_ok(), "{amount}");
    // Were it the same in two events, their effects could not be told apart.
    let other = bench.seal(&bench.event(2), STARTED);
    let other = Event::parse(&bench.provider.shape, &[], &other.body).unwrap();
    assert_ne!(other.text("/data/object/merchant_reference"), Some(reference));
}
