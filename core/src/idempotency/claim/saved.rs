//! A claim as JSON.

use alloc::string::String;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Claim, State};
use crate::saved::{Millis, Schema};

/// One of
///
/// ```json
/// { "schema": 1, "issued": 0, "attempts": 0, "state": "absent" }
/// { "schema": 1, "issued": 1, "attempts": 1, "state": "processing", "owner": "a", "lease_until_millis": 31000 }
/// { "schema": 1, "issued": 1, "attempts": 1, "state": "done", "until_millis": 604801000 }
/// ```
///
/// `issued` is the latest token; a key that was released is absent and keeps it, and its `attempts`. Moments are whole
/// milliseconds; those beyond 2^53 - 1 are written as that.
impl Serialize for Claim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (state, owner, lease_until_millis, until_millis) = match &self.state {
            State::Absent => (Word::Absent, None, None, None),
            State::Processing { owner, lease_until } => {
                (Word::Processing, Some(owner.clone()), Some((*lease_until).into()), None)
            }
            State::Done { until } => (Word::Done, None, None, Some((*until).into())),
        };
        Saved {
            schema: Schema,
            issued: Millis(self.issued),
            attempts: self.attempts,
            state,
            owner,
            lease_until_millis,
            until_millis,
        }
        .serialize(serializer)
    }
}

/// Refused are a text of another form, a state that lacks what belongs to it or has what does not, and counts that no
/// claim can have.
impl<'de> Deserialize<'de> for Claim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let saved = Saved::deserialize(deserializer)?;
        let state = match (saved.state, saved.owner, saved.lease_until_millis, saved.until_millis) {
            (Word::Absent, None, None, None) => State::Absent,
            (Word::Processing, Some(owner), Some(until), None) => {
                State::Processing { owner, lease_until: until.into() }
            }
            (Word::Done, None, None, Some(until)) => State::Done { until: until.into() },
            _ => {
                return Err(de::Error::custom(
                    "the claim's state has not exactly the fields that belong to it",
                ));
            }
        };
        let claim = Self { issued: saved.issued.0, attempts: saved.attempts, state };
        if claim.is_possible() {
            Ok(claim)
        } else {
            Err(de::Error::custom(
                "no claim has these counts: each attempt is issued a token, and only a token gets a key",
            ))
        }
    }
}

impl Claim {
    /// Every attempt has its own token, who holds the key is in an attempt, and who did the work had a token.
    fn is_possible(&self) -> bool {
        let begun = match self.state {
            State::Absent => true,
            State::Processing { .. } => self.attempts > 0,
            State::Done { .. } => self.issued > 0,
        };
        begun && u64::from(self.attempts) <= self.issued
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    schema: Schema,
    /// A number that JSON must hold exactly, as it must milliseconds.
    issued: Millis,
    attempts: u32,
    state: Word,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lease_until_millis: Option<Millis>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until_millis: Option<Millis>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Absent,
    Processing,
    Done,
}
