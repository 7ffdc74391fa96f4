//! What makes two deliveries the same event, and the mistakes that are made about it.

use hookproof_core::{Event, Header, Provider, idempotency_key};

use super::{Character, Defect, Nature};

/// The key under which a merchant books an event.
pub(super) fn key_of(
    character: &Character,
    provider: &Provider,
    headers: &[Header<'_>],
    event: &Event<'_>,
) -> String {
    let whole = || idempotency_key(provider, ENDPOINT, event);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match character.nature {
        Nature::Flawed(Defect::CaseInsensitiveIds) => whole().to_lowercase(),
        Nature::Flawed(Defect::DedupesByBody) => text(event.body()),
        Nature::Flawed(Defect::DedupesByObject) => {
            let object = provider.shape.object_id.as_deref().and_then(|pointer| event.field(pointer));
            object.map_or_else(whole, text)
        }
        Nature::Flawed(Defect::DedupesByUnsignedKey) => {
            let key = headers.iter().find(|header| header.name.eq_ignore_ascii_case("idempotency-key"));
            key.map_or_else(whole, |header| text(header.value))
        }
        _ => whole(),
    }
}

/// This merchant has one endpoint a provider.
const ENDPOINT: &str = "reference";
