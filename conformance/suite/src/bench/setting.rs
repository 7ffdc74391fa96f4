//! What the caller of a run chooses.

use alloc::{string::String, vec::Vec};
use core::time::Duration;

use hookproof_core::{EndpointUrl, Provider};

use crate::{Change, History, Registered, life::Rehearsal};

/// What the caller chose. What is left at its default is what the command does without the option.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The event types that the endpoint is subscribed to; empty when they were not named.
    pub events: Vec<String>,
    /// Header lines added to every delivery.
    pub headers: Vec<(String, String)>,
    /// What the caller wants in every event, made in this order; see [`Bench::rehearse`](crate::Bench::rehearse).
    pub changes: Vec<Change>,
    /// Each event is prepared at the merchant's before it is first sent; see [`crate::Action::Prepare`].
    pub prepares: bool,
    /// Where deliveries go, as far as the driver can say.
    pub endpoint: Option<EndpointUrl>,
    /// The URL that the provider calls, where that is another one.
    pub public_url: Option<Registered>,
    /// That URL is in production.
    pub production: bool,
    /// The limit for one attempt, in place of the provider's.
    pub time_limit: Option<Duration>,
    /// How long an effect may take to show.
    pub effect_wait: Duration,
    /// Within which the merchant promises to try again by itself what its downstream failed to do.
    pub own_retry_within: Option<Duration>,
    /// Checks that take longer than the provider's limit are tried too.
    pub full: bool,
    /// Events say that they are live, where the provider's events say it at all; test events otherwise.
    pub livemode: bool,
    /// How many histories `property/any-history` plays; 1,000 at the most.
    pub cases: u16,
    /// The history that it plays in place of these.
    pub replay: Option<History>,
    /// The one event whose life is played, in place of every check behind the baseline.
    pub rehearsal: Option<Rehearsal>,
    /// How many events `duplicate/many` sends twice.
    pub many: u16,
    /// Decides choices, never ids.
    pub seed: u64,
    /// Makes the ids of this run unlike those of any other: 8 letters and digits, from the driver.
    pub nonce: String,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            events: Vec::new(),
            headers: Vec::new(),
            changes: Vec::new(),
            prepares: false,
            endpoint: None,
            public_url: None,
            production: false,
            time_limit: None,
            effect_wait: Duration::from_secs(10),
            own_retry_within: None,
            full: false,
            livemode: false,
            cases: 20,
            replay: None,
            rehearsal: None,
            many: 1_000,
            seed: 1,
            nonce: String::new(),
        }
    }
}

impl Setting {
    /// How long an answer is waited for: the caller's limit, the provider's, or where nobody named one 30 s, which is our
    /// assumption.
    pub fn patience(&self, provider: &Provider) -> Duration {
        self.time_limit.or(provider.time_limit).unwrap_or(ASSUMED_LIMIT)
    }

    /// The type of the events by which effects are judged: the first that was named, or the provider's.
    pub(crate) fn ordinary_type<'a>(&'a self, provider: &'a Provider) -> &'a str {
        let named = self.events.first().map(String::as_str);
        named.or(provider.event_types.first().map(AsRef::as_ref)).unwrap_or("")
    }
}

/// TurnStay publishes no limit; TurraTech's is the one that merchants build for.
const ASSUMED_LIMIT: Duration = Duration::from_secs(30);
