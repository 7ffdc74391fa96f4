//! `--rate`

use std::time::Duration;

use hookproof_conformance::merchant::{Nature, Variant};

use crate::{call::check, endpoint::merchant};

#[tokio::test]
async fn an_endpoint_that_allows_fifty_a_second_is_never_asked_for_more() {
    let shop = merchant(Nature::sound([Variant::FiftyASecond]), Duration::from_secs(30), None);
    // Those that say nothing without an observer would only take time.
    let options = ["--only", "acknowledge/*,signature/*,timing/within-limit,http/survives"];
    let paced = check(&shop.url(), options.into_iter().chain(["--rate", "40"])).run().await.exits(0);
    assert!(!paced.out.contains("come back later"), "{}", paced.out);
    for id in ["acknowledge/every-type", "signature/rejects-forged", "http/survives"] {
        assert_eq!(paced.verdict(id), "pass", "{}", paced.out);
    }
}
