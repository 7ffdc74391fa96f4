use super::*;
use crate::{
    Setting,
    scene::{assert_verdicts, bench_with, setting},
};

/// An endpoint as a call describes it: where deliveries go, `--public-url`, and whether `--production` was said.
fn call(endpoint: &str, public_url: Option<&str>, production: bool) -> Bench {
    let parsed = |text: &str| Registered::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    bench_with(
        "turratech",
        Setting {
            endpoint: Some(parsed(endpoint).url),
            public_url: public_url.map(parsed),
            production,
            ..setting()
        },
    )
}

const DESK: &str = "http://127.0.0.1:3000/hook";
const SHOP: &str = "https://shop.example/hook";

#[test]
fn the_url_that_is_judged_is_the_public_one_or_the_targets_in_production() {
    for check in [&HTTPS, &NO_CREDENTIALS] {
        for (endpoint, public_url, production, verdict) in [
            (DESK, Some(SHOP), false, "pass"),
            (DESK, Some(SHOP), true, "pass"),
            (SHOP, None, true, "pass"),
            (SHOP, None, false, "unknown: --production"),
            ("http://shop.example/", None, false, "unknown: --public-url"),
            (DESK, None, false, "n/a: --public-url"),
            ("http://10.1.2.3/", None, false, "n/a: --public-url"),
            ("http://shop/", None, false, "n/a: --public-url"),
        ] {
            assert_verdicts(check, &call(endpoint, public_url, production), &[(&[], verdict)]);
        }
        assert_verdicts(check, &bench_with("turratech", setting()), &[(&[], "n/a: no provider calls")]);
    }
}

#[test]
fn plain_http_fails_where_a_provider_calls() {
    let plain = "http://shop.example:8080/hook?token=7";
    let said = "fail: http://shop.example:8080, which";
    assert_verdicts(&HTTPS, &call(DESK, Some(plain), false), &[(&[], said)]);
    assert_verdicts(&HTTPS, &call(plain, None, true), &[(&[], said)]);
    assert_verdicts(&HTTPS, &call(SHOP, Some(plain), true), &[(&[], said)]);
    assert_verdicts(&HTTPS, &call(DESK, None, true), &[(&[], "fail: http://127.0.0.1:3000")]);
}

#[test]
fn a_password_fails_and_is_not_repeated() {
    let bench = call(DESK, Some("https://user:hunter2@shop.example/hook"), false);
    assert_verdicts(&NO_CREDENTIALS, &bench, &[(&[], "fail: one stands before shop.example")]);
    assert_verdicts(&HTTPS, &bench, &[(&[], "pass")]);
}

#[test]
fn every_address_of_a_name_in_production_must_be_public() {
    for bench in [call(DESK, Some(SHOP), true), call(SHOP, None, true)] {
        assert_verdicts(
            &PUBLIC,
            &bench,
            &[
                (&["1.1.1.1"], "pass"),
                (&["1.1.1.1 2606:4700::1111"], "pass"),
                (&["1.1.1.1 10.0.0.5"], "fail: shop.example leads to 10.0.0.5, as looked up from here"),
                (&["192.168.0.2 fd00::1"], "fail: leads to 192.168.0.2 and fd00::1"),
                (&[""], "unknown: shop.example has no address"),
                (&["broke"], "unknown: no such name"),
            ],
        );
    }
}

#[test]
fn what_cannot_be_public_needs_no_look_up() {
    for (url, said) in [
        ("https://1.1.1.1/", "pass"),
        ("https://[2606:4700::1111]/", "pass"),
        ("https://10.0.0.5/", "fail: 10.0.0.5 is not"),
        ("https://[::ffff:10.0.0.5]/", "fail: is not"),
        ("https://localhost/", "fail: localhost is a name for this machine"),
        ("https://shop/", "fail: shop is a name"),
    ] {
        assert_verdicts(&PUBLIC, &call(DESK, Some(url), false), &[(&[], said)]);
        assert_verdicts(&PUBLIC, &call(url, None, true), &[(&[], said)]);
    }
}

#[test]
fn a_name_is_looked_up_only_where_production_was_stated() {
    let said = "unknown: nobody said that shop.example is in production";
    assert_verdicts(&PUBLIC, &call(DESK, Some(SHOP), false), &[(&[], said)]);
    assert_verdicts(
        &PUBLIC,
        &call(SHOP, None, false),
        &[(&[], "unknown: is not stated to be in production")],
    );
    assert_verdicts(&PUBLIC, &call(DESK, None, false), &[(&[], "n/a: no provider calls")]);
}
