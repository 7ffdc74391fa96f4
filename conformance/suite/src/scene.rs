//! What unit tests stand on: a provider's bench.

use alloc::vec::Vec;
use core::time::Duration;

use hookproof_core::{Provider, Secret, Timestamp};

use crate::{Bench, Setting};

/// The secret of the endpoints in unit tests.
pub(crate) const SECRET: &str = "whsec_c3VpdGUgdW5pdCB0ZXN0IHNlY3JldCBvZiAzMiBi";

/// The beginning of 2026.
pub(crate) const STARTED: Timestamp = Timestamp::from_unix_secs(1_767_225_600);

pub(crate) fn provider(name: &str) -> Provider {
    Provider::built_in(name).unwrap_or_else(|| panic!("no provider {name}")).clone()
}

pub(crate) fn secret(provider: &Provider) -> Option<Secret> {
    provider.is_signed().then(|| Secret::new(SECRET).unwrap())
}

pub(crate) fn setting() -> Setting {
    Setting {
        events: Vec::new(),
        headers: Vec::new(),
        time_limit: None,
        effect_wait: Duration::from_secs(10),
        seed: 1,
        nonce: "k3w9x1q0".into(),
    }
}

pub(crate) fn bench(provider: &str) -> Bench {
    bench_with(provider, setting())
}

pub(crate) fn bench_with(name: &str, setting: Setting) -> Bench {
    let provider = provider(name);
    let secret = secret(&provider);
    Bench::new(provider, secret.as_ref(), setting, STARTED).unwrap()
}
