//! `cargo xtask bench core`: verification, scanning and a delivery's schedule, beside what people use instead, in one run.

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use hmac::{Hmac, KeyInit, Mac};
use hookproof_bench::{SIZES, body};
use hookproof_core::{
    Acknowledgement, Delivery, Event, Header, Message, Next, Outcome, Provider, Retries, Secret, Timestamp,
    Tolerance, Verifier, scan,
};
use sha2::Sha256;
use standardwebhooks::Webhook;
use stripe_webhook::Webhook as StripeWebhook;

const SECRET: &str = "whsec_c2hvcCBzZWNyZXQgb2YgMzIgYnl0ZXMgaGVyZSEh";

fn provider(name: &str) -> &'static Provider {
    Provider::built_in(name).expect("built in")
}

fn verifier(provider: &Provider) -> Verifier {
    let scheme = provider.signature.as_ref().expect("signed");
    Verifier::new(scheme, &[Secret::new(SECRET).expect("a secret")], Tolerance::DEFAULT).expect("it fits")
}

/// Ours over each construction, the bare HMAC over the same bytes, and the two crates. `async-stripe-webhook` also
/// parses the event into its types, so it is set beside ours with the event read.
fn verify(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify");
    let now = Timestamp::from_unix_secs(
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs(),
    );
    for size in SIZES {
        let text = body(size);
        let body = text.as_bytes();
        group.throughput(Throughput::Bytes(body.len() as u64));
        let keyed = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("every length");
        group.bench_function(BenchmarkId::new("bare HMAC", size), |bencher| {
            bencher.iter(|| {
                let mut mac = keyed.clone();
                mac.update(b"1704067200.");
                mac.update(black_box(body));
                mac.finalize().into_bytes()
            });
        });
        for name in ["stripe", "standard-webhooks"] {
            let provider = provider(name);
            let verifier = verifier(provider);
            let signed = verifier.sign(&Message { id: "msg_1", at: now, body }).expect("signable");
            let headers: Vec<Header<'_>> =
                signed.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
            group.bench_function(BenchmarkId::new(format!("hookproof, {name}"), size), |bencher| {
                bencher.iter(|| verifier.verify(black_box(&headers), black_box(body), now).expect("right"));
            });
            if name == "stripe" {
                group.bench_function(
                    BenchmarkId::new("hookproof, stripe, with the event", size),
                    |bencher| {
                        bencher.iter(|| {
                            verifier.verify(black_box(&headers), black_box(body), now).expect("right");
                            Event::parse(&provider.shape, &headers, body).expect("an event").kind().len()
                        });
                    },
                );
                let value = &signed[0].1;
                StripeWebhook::construct_event(&text, value, SECRET).expect("right and an event");
                group.bench_function(
                    BenchmarkId::new("async-stripe-webhook, with the event", size),
                    |bencher| {
                        bencher.iter(|| {
                            StripeWebhook::construct_event(black_box(&text), value, SECRET).expect("right")
                        });
                    },
                );
            } else {
                let theirs = Webhook::new(SECRET).expect("a secret");
                let mut map = http::HeaderMap::new();
                for (name, value) in &signed {
                    map.insert(
                        http::HeaderName::try_from(name.as_str()).expect("a name"),
                        value.parse().expect("a value"),
                    );
                }
                group.bench_function(BenchmarkId::new("standardwebhooks", size), |bencher| {
                    bencher.iter(|| theirs.verify(black_box(body), black_box(&map)).expect("right"));
                });
            }
        }
    }
    group.finish();
}

fn scanning(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scan");
    for size in SIZES {
        let text = body(size);
        let body = text.as_bytes();
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(BenchmarkId::new("hookproof", size), |bencher| {
            bencher.iter(|| scan(black_box(body)).expect("JSON"));
        });
        group.bench_function(BenchmarkId::new("serde_json IgnoredAny", size), |bencher| {
            bencher.iter(|| serde_json::from_slice::<serde::de::IgnoredAny>(black_box(body)).expect("JSON"));
        });
        group.bench_function(BenchmarkId::new("serde_json Value", size), |bencher| {
            bencher.iter(|| serde_json::from_slice::<serde_json::Value>(black_box(body)).expect("JSON"));
        });
    }
    group.finish();
}

/// All eight attempts of TurraTech's schedule, each of which fails.
fn delivery(criterion: &mut Criterion) {
    let Retries::Schedule(schedule) = &provider("turratech").retries else { unreachable!("published") };
    let mut group = criterion.benchmark_group("delivery");
    group.bench_function("a whole schedule", |bencher| {
        bencher.iter(|| {
            let mut now = Timestamp::from_unix_secs(1_704_067_200);
            let limit = Duration::from_secs(30);
            let mut delivery = Delivery::new(schedule.clone(), limit, Acknowledgement::AnySuccess, now);
            loop {
                match delivery.next(black_box(now)) {
                    Next::Send { attempt, deadline } => {
                        now = deadline;
                        let _ = delivery.record(attempt, now, Outcome::TimedOut);
                    }
                    Next::Wait { until } => now = until,
                    Next::Done(conclusion) => break (conclusion, delivery.log().len()),
                }
            }
        });
    });
}

criterion_group!(benches, verify, scanning, delivery);
criterion_main!(benches);
