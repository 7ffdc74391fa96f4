//! The events that are sent: one sample body a type, in which ids are made fresh. Those of the built-in providers are
//! fixtures; a profile brings its own, or has one drawn from its shape.

mod change;
mod drawn;
mod fixture;
mod money;
mod template;

use alloc::{
    borrow::{Cow, ToOwned},
    format,
    string::String,
    vec::Vec,
};

pub(crate) use self::{change::Holes, money::Money};
pub use self::{
    change::{Change, ChangeError},
    template::{Template, TemplateError},
};
use hookproof_core::{At, EventSample, Provider, Text, locate};

/// A sample body and what in it must differ from event to event.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// What the event's id looks like.
    pub(crate) id: Text,
    /// The exact body.
    pub(crate) body: Text,
    /// Pointers to the other values that name this event's object and no other's.
    pub(crate) fresh: Vec<Text>,
}

/// The sample of this type; the provider's ordinary one where the type has none, because then only the
/// type's name is known.
pub(crate) fn sample_for(provider: &Provider, kind: &str) -> Sample {
    match &provider.sample {
        Some(own) => Sample::of_profile(provider, own),
        None => fixture::find(provider, kind).unwrap_or_else(|| drawn::sample(provider)),
    }
}

/// Whether there is a sample of this type, and not only of another one.
pub(crate) fn has_sample(provider: &Provider, kind: &str) -> bool {
    match provider.sample {
        Some(_) => provider.event_types.first().map_or("", AsRef::as_ref) == kind,
        None => fixture::exists(provider, kind),
    }
}

/// Whether the provider has no sample of any type, so that what is sent is drawn from its shape.
pub(crate) fn is_drawn(provider: &Provider) -> bool {
    provider.sample.is_none() && fixture::find(provider, "").is_none()
}

/// Whether an event of this sample says whether it is live.
pub(crate) fn tells_livemode(sample: &Sample) -> bool {
    let value = locate(sample.body.as_bytes(), LIVEMODE).and_then(|range| sample.body.get(range));
    matches!(value, Some("true" | "false"))
}

impl Sample {
    fn of_profile(provider: &Provider, own: &EventSample) -> Self {
        let id = match &provider.shape.id {
            At::Body(pointer) => text_at(&own.body, pointer).map(|id| Cow::Owned(id.to_owned())),
            At::Header(_) | At::Nowhere => None,
        };
        // A template need not have all that the provider's events have.
        let fresh = provider.shape.object_id.iter().chain(own.fresh.iter());
        let fresh = fresh.filter(|pointer| text_at(&own.body, pointer).is_some());
        Self {
            id: id.unwrap_or(ORDINARY_ID),
            body: own.body.clone(),
            fresh: beside_the_id(provider, fresh.cloned()),
        }
    }
}

/// Each of these pointers once, and not the event's id, which is replaced anyway.
fn beside_the_id(provider: &Provider, pointers: impl Iterator<Item = Text>) -> Vec<Text> {
    let mut kept: Vec<Text> = Vec::new();
    for pointer in pointers {
        let is_id = matches!(&provider.shape.id, At::Body(id) if *id == pointer);
        if !is_id && !kept.contains(&pointer) {
            kept.push(pointer);
        }
    }
    kept
}

/// The value at a pointer, without its quotes.
pub(crate) fn text_at<'a>(body: &'a str, pointer: &str) -> Option<&'a str> {
    Some(body.get(locate(body.as_bytes(), pointer)?)?.trim_matches('"'))
}

/// A value of the same look as `old` that no other run and no other event has: digits stay digits (15 of
/// them), a GUID a GUID, and anything else keeps its prefix, if that is letters and digits.
pub(crate) fn fresh_like(old: &str, nonce: &str, unique: u32) -> String {
    if !old.is_empty() && old.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{:08}{unique:07}", 10_000_000 + hash(nonce) % 90_000_000);
    }
    if old.len() == 36 && old.bytes().filter(|byte| *byte == b'-').count() == 4 {
        let bits = hash(nonce);
        return format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{unique:012x}",
            bits >> 32,
            bits >> 16 & 0xffff,
            bits >> 4 & 0xfff,
            bits & 0xfff
        );
    }
    // Downstream calls are searched for runs of letters, digits, `_` and `-`.
    let prefix = old.find(|letter: char| !letter.is_ascii_alphanumeric());
    let prefix = prefix.and_then(|end| old.get(..=end)).filter(|prefix| prefix.ends_with(['_', '-']));
    format!("{}hp_{nonce}_{unique}", prefix.unwrap_or_default())
}

/// FNV-1a: ids only have to differ.
fn hash(nonce: &str) -> u64 {
    nonce
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Where an event says whether it is live (TT-1).
pub(crate) const LIVEMODE: &str = "/livemode";

/// An id as most providers write it.
const ORDINARY_ID: Text = Text::Borrowed("evt_1");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_value_looks_like_the_old_one() {
        for (old, nonce, unique, expected) in [
            ("evt_1", "k3w9x1q0", 1_001, "evt_hp_k3w9x1q0_1001"),
            ("BOOKING-2024-117", "k3w9x1q0", 900_001, "BOOKING-hp_k3w9x1q0_900001"),
            ("plain", "k3w9x1q0", 1, "hp_k3w9x1q0_1"),
            ("urn:evt_1", "k3w9x1q0", 1, "hp_k3w9x1q0_1"),
            ("Zo\u{eb}-1", "k3w9x1q0", 1, "hp_k3w9x1q0_1"),
            ("", "k3w9x1q0", 1, "hp_k3w9x1q0_1"),
        ] {
            assert_eq!(fresh_like(old, nonce, unique), expected, "{old}");
        }
    }

    #[test]
    fn digits_stay_digits_and_a_guid_stays_a_guid() {
        for nonce in ["", "a", "k3w9x1q0", "zzzzzzzz"] {
            let digits = fresh_like("71902", nonce, 21_012);
            assert!(digits.len() == 15 && digits.ends_with("021012"), "{nonce}: {digits}");
            assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{nonce}: {digits}");
            let guid = fresh_like("00000000-0000-4000-8000-000000000000", nonce, 255);
            assert!(guid.len() == 36 && guid.ends_with("-0000000000ff"), "{nonce}: {guid}");
        }
    }
}
