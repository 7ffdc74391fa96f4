//! Where checks get their events from, and where drafts become requests.

mod changes;
mod keys;
mod mould;
mod setting;
mod stencil;

use alloc::{string::String, vec::Vec};
use core::{fmt, time::Duration};

use hookproof_core::{At, ConfigError, Provider, Secret, Timestamp};

use self::{
    keys::{Keys, misreading},
    stencil::{Filling, Stencil},
};
pub use self::{mould::Mould, setting::Setting};
use crate::{
    Draft, Intent, Pace, Request, Signing, Transport,
    draft::{Pacing, apply},
    sample::{Money, fresh_like, has_sample, is_drawn, sample_for},
};

/// The name of one event of a run, the same in every run: the check that made it, and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventName {
    pub(crate) check: u16,
    pub(crate) number: u16,
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {}", self.number)
    }
}

/// The part of a run that a check sees: it makes events and knows the provider.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The provider whose promises are checked.
    pub provider: Provider,
    /// What the caller chose.
    pub setting: Setting,
    pub(crate) check: u16,
    /// Deliveries that may be in flight at once; at least 1.
    pub(crate) jobs: usize,
    /// Each count of effects is a question to somebody else, so it costs.
    pub(crate) counts_dearly: bool,
    started: Timestamp,
    keys: Option<Keys>,
    /// Of the ordinary type.
    stencil: Stencil,
}

impl Bench {
    /// A bench for `provider` whose events are created at `started`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] when the provider signs and `secret` is absent or does not fit its scheme.
    pub fn new(
        provider: Provider,
        secret: Option<&Secret>,
        setting: Setting,
        started: Timestamp,
    ) -> Result<Self, ConfigError> {
        let keys = match (&provider.signature, secret) {
            (Some(scheme), Some(secret)) => Some(Keys::new(scheme, secret)?),
            (Some(_), None) => return Err(ConfigError::BlankSecret),
            (None, _) => None,
        };
        let stencil = Stencil::new(&provider, setting.ordinary_type(&provider));
        Ok(Self {
            provider,
            setting,
            check: 0,
            jobs: ORDINARY_JOBS,
            counts_dearly: false,
            started,
            keys,
            stencil,
        })
    }

    /// The same bench for a run of another name, whose ids are unlike those of this one; see [`Setting::nonce`].
    pub fn renamed(&self, nonce: String) -> Self {
        let mut renamed = self.clone();
        renamed.setting.nonce = nonce;
        renamed
    }

    /// The number-th event of this check, of the ordinary type.
    pub fn event(&self, number: u16) -> Draft {
        self.event_of(number, self.ordinary_type())
    }

    /// The number-th event of this check, of type `kind`.
    pub fn event_of(&self, number: u16, kind: &str) -> Draft {
        Draft::new(self.name(number), kind)
    }

    /// The name of the number-th event of this check.
    pub fn name(&self, number: u16) -> EventName {
        EventName { check: self.check, number }
    }

    /// The type of the events by which effects are judged.
    pub fn ordinary_type(&self) -> &str {
        self.setting.ordinary_type(&self.provider)
    }

    /// When its events are created, unless they are older.
    pub(crate) fn started(&self) -> Timestamp {
        self.started
    }

    /// These in an order that the seed decides: an endpoint must not depend on ours.
    pub(crate) fn shuffled<T: Copy>(&self, items: &[T]) -> Vec<T> {
        let mut left = items.to_vec();
        let mut state = self.setting.seed ^ u64::from(self.check).rotate_left(32);
        core::iter::from_fn(|| {
            let choices = u64::try_from(left.len()).ok().filter(|choices| *choices > 0)?;
            let choice = usize::try_from(next_random(&mut state) % choices).ok()?;
            Some(left.remove(choice))
        })
        .collect()
    }

    /// Whether we know what an event of this type looks like. Of one that was only named we know nothing but
    /// its name, so an endpoint that refuses ours may be right.
    pub fn knows(&self, kind: &str) -> bool {
        has_sample(&self.provider, kind)
    }

    /// Where the ordinary event's object says how much of which money it is about.
    pub(crate) fn money(&self) -> Money {
        Money::of(&sample_for(&self.provider, self.ordinary_type()), self.object())
    }

    /// Whether events are made of the provider's shape alone, because there is no sample of any type.
    pub fn draws(&self) -> bool {
        is_drawn(&self.provider)
    }

    /// The limit within which an answer must come, published or given.
    pub fn time_limit(&self) -> Option<Duration> {
        self.setting.time_limit.or(self.provider.time_limit)
    }

    /// As [`Setting::patience`].
    pub fn patience(&self) -> Duration {
        self.setting.patience(&self.provider)
    }

    /// The pointer of the object that an event is about.
    pub fn object(&self) -> &str {
        &self.provider.shape.object
    }

    /// The tokens by which a merchant's downstream calls are matched to an event: first the one that names
    /// it (its id; the object's id where the provider's events have none), then every other fresh one.
    pub fn tokens(&self, event: EventName) -> Vec<String> {
        let is_named = !matches!(self.provider.shape.id, At::Nowhere);
        let id = is_named.then(|| self.like(&self.stencil.id, event));
        let mut tokens: Vec<String> = id.into_iter().chain(self.fresh(event)).collect();
        let id = tokens.first().cloned().unwrap_or_default();
        tokens.extend(self.names_in_changes(event, &id));
        tokens
    }

    /// Those of the event that a draft carries. The tokens of an object that is another event's are not among them.
    pub(crate) fn tokens_of(&self, draft: &Draft) -> Vec<String> {
        let is_named = !matches!(self.provider.shape.id, At::Nowhere);
        let id = self.id_of(draft);
        let mut tokens: Vec<String> = is_named.then(|| id.clone()).into_iter().collect();
        if draft.about.is_none() {
            tokens.extend(self.fresh(draft.event));
        }
        tokens.extend(self.names_in_changes(draft.event, &id));
        tokens
    }

    /// How an event is called outside: its id, or its object's where the provider's events have none.
    pub fn id(&self, event: EventName) -> String {
        self.tokens(event).into_iter().next().unwrap_or_default()
    }

    /// What names the event that a draft carries: an id of its own choice, or as [`Bench::id`].
    pub(crate) fn id_of(&self, draft: &Draft) -> String {
        draft.id.clone().unwrap_or_else(|| self.id(draft.event))
    }

    /// What names the object of an event, whatever its type, in the order of the ordinary sample's fresh values.
    fn fresh(&self, event: EventName) -> Vec<String> {
        self.stencil.fresh.iter().map(|old| self.like(old, event)).collect()
    }

    /// A value of this event's own.
    fn like(&self, old: &str, event: EventName) -> String {
        fresh_like(old, &self.setting.nonce, unique(event))
    }

    /// Signs a draft as it leaves at `now`.
    pub fn seal(&self, draft: &Draft, now: Timestamp) -> Request {
        let id = self.id_of(draft);
        let unedited =
            draft.body.clone().unwrap_or_else(|| self.changed(self.render(draft, &id), draft, &id));
        let signed = apply(unedited, &draft.edits);
        let content_type = draft.content_type.map(|value| ("content-type".into(), value.into()));
        let mut headers: Vec<(String, String)> = content_type.into_iter().collect();
        headers.push(("user-agent".into(), USER_AGENT.into()));
        headers.push(("accept-encoding".into(), "identity".into()));
        for (at, value) in
            [(&self.provider.shape.id, id.as_str()), (&self.provider.shape.kind, draft.kind.as_str())]
        {
            if let At::Header(name) = at {
                headers.push((name.clone().into_owned(), value.into()));
            }
        }
        let written = self.keys.as_ref().map(|keys| keys.headers(draft, &id, now, &signed));
        let written = written.unwrap_or_default();
        let scheme =
            self.provider.signature.as_ref().filter(|_| matches!(draft.signing, Signing::Spelled(_)));
        let names = scheme.into_iter().flat_map(|scheme| scheme.header_names());
        let replaced: Vec<&str> =
            names.chain(written.headers.iter().map(|(name, _)| name.as_str())).collect();
        headers.retain(|(key, _)| !replaced.iter().any(|name| name.eq_ignore_ascii_case(key)));
        let lines = written.headers.into_iter();
        headers.extend(lines.map(|(name, value)| (draft.header_case.spelled(&name), value)));
        headers.extend(draft.headers.iter().chain(&self.setting.headers).cloned());
        let mut body = apply(signed.clone(), &draft.tampering);
        if !draft.tampering.is_empty() && body == signed {
            // A body of the caller's that is no object changes too.
            body.push(b' ');
        }
        let pace = match draft.pacing {
            Pacing::Whole(pace) => pace,
            Pacing::InsideACharacter => inside_a_character(&body).map_or(Pace::AtOnce, Pace::SplitAt),
        };
        let times = [draft.signed_at(now), now];
        let refused = self.keys.as_ref().filter(|_| draft.intent == Intent::Refusable);
        Request {
            event: draft.event,
            method: draft.method,
            query: draft.query,
            headers,
            transport: Transport {
                lane: draft.lane.map(|lane| (draft.event.check, lane)),
                cut_before_answer: draft.cut_after.is_some(),
                cut_after: draft.cut_after.unwrap_or_default(),
                delay: draft.delay,
                framing: draft.framing,
                pace,
                stop: draft.stop,
                patience: draft.patience,
            },
            due: refused.map(|keys| keys.due(&id, times, &body)).unwrap_or_default(),
            body,
            intent: draft.intent,
            authentic: draft.is_authentic(),
            crowded: draft.crowded,
            summary: draft.summary(),
            confidential: written.macs,
        }
    }

    /// The body of a draft before its edits: the sample with fresh ids, its type and its time of creation.
    fn render(&self, draft: &Draft, id: &str) -> Vec<u8> {
        let other;
        let stencil = if draft.kind == self.stencil.kind {
            &self.stencil
        } else {
            other = Stencil::new(&self.provider, &draft.kind);
            &other
        };
        let filling = Filling {
            id,
            fresh: &self.fresh(draft.about.unwrap_or(draft.event)),
            kind: &draft.kind,
            created: self.created(draft),
            livemode: draft.livemode.unwrap_or(self.setting.livemode),
        };
        stencil.filled(self.provider.shape.created_format, &filling)
    }

    /// When the event of a draft came into being. The clock may have been moved by then.
    fn created(&self, draft: &Draft) -> Timestamp {
        self.started.saturating_add(draft.born_ahead).saturating_sub(draft.created_ago)
    }

    /// What an endpoint that refuses the right signature may have got wrong, in sentences.
    pub fn mistakes(&self) -> Vec<String> {
        let mistaken = self.keys.iter().flat_map(|keys| &keys.mistaken);
        mistaken.map(|(cause, _)| misreading(cause)).collect()
    }

    /// Judges by the endpoint's secret.
    #[cfg(test)]
    pub(crate) fn verifier(&self) -> Option<&hookproof_core::Verifier> {
        self.keys.as_ref().map(|keys| &keys.right)
    }
}

/// `SplitMix64`: every seed gives a sequence of its own.
pub(crate) fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A number that no other event of the run has, of seven digits at the most.
fn unique(event: EventName) -> u32 {
    u32::from(event.check) * EVENTS_OF_A_CHECK + u32::from(event.number)
}

fn inside_a_character(body: &[u8]) -> Option<usize> {
    body.iter().position(|byte| *byte >= 0xC0).map(|lead| lead + 1)
}

/// Canaries are numbered like checks, so that this many an ordinary one fit into seven digits.
const EVENTS_OF_A_CHECK: u32 = 10_000;

/// As many as a run has in flight unless it is told otherwise.
const ORDINARY_JOBS: usize = 8;

const USER_AGENT: &str = concat!("hookproof/", env!("CARGO_PKG_VERSION"));

#[cfg(test)]
mod tests;
