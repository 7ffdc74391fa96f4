//! What is not needed while a request is answered: diagnosis, and the sender's and the store's machines.
//!
//! Here a call is text: JSON in the buffer up to `request`, and behind it, up to `end`, what the call is about: a body,
//! or a delivery or a claim in the JSON that the core keeps it as. The answer is JSON too; a function gives its length,
//! at the beginning of the buffer. What was read is wiped before, because there may be a secret in it.

mod claim;
mod delivery;
mod diagnose;
mod schedule;

pub use claim::{claim_claim, claim_commit, claim_release};
pub use delivery::{delivery_new, delivery_next, delivery_record, delivery_resend};
pub use diagnose::{diagnose, signature_headers};
use hookproof_core::Provider;
pub use schedule::schedule;
use serde::{Serialize, de::DeserializeOwned};
use std::borrow::Cow;

use crate::{
    failure::Failure,
    fields::{Fields, push},
    profile,
    state::with,
};

/// Answers one call with JSON.
fn answer<Q: DeserializeOwned, A: Serialize>(
    request: usize,
    end: usize,
    call: fn(Q, &[u8]) -> Result<A, Failure>,
) -> i32 {
    with(&|state| {
        let texts = state.buffer.get(..end).and_then(|texts| texts.split_at_checked(request));
        let (text, about) = texts.ok_or_else(Failure::malformed_call)?;
        // The reader's own words could show a secret that stands where it should not.
        let asked = serde_json::from_slice(text).map_err(|_| Failure::call("bad_argument", BAD_ARGUMENT));
        let given = asked.and_then(|asked| call(asked, about));
        if let Some(texts) = state.buffer.get_mut(..end) {
            texts.fill(0);
        }
        let text = serde_json::to_vec(&given?).map_err(|_| Failure::malformed_call())?;
        Ok(state.answer(0, &text))
    })
}

/// Reads what the core keeps as JSON.
fn kept<T: DeserializeOwned>(text: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(text)
        .map_err(|error| Failure::call("bad_state", &format!("what was kept is read no more: {error}")))
}

/// The provider that a request names: a built-in one by its name alone, or the texts that the first module takes.
fn provider(texts: &[String]) -> Result<Cow<'static, Provider>, Failure> {
    if let [name] = texts {
        let unknown = "there is no built-in provider of this name; give its profile instead, as an object";
        let found = Provider::built_in(name).ok_or_else(|| Failure::call("bad_profile", unknown))?;
        return Ok(Cow::Borrowed(found));
    }
    let mut list = Vec::new();
    for text in texts {
        push(&mut list, text.as_bytes());
    }
    Ok(Cow::Owned(profile::provider(Fields(&list))))
}

const BAD_ARGUMENT: &str =
    "an argument has another type than the documented one, or a number is negative, not whole or too large";

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls as JavaScript does: the answer's text, or the failure's number, code and message.
    fn call(
        export: fn(usize, usize) -> i32,
        request: &str,
        about: &str,
    ) -> Result<String, (i32, String, String)> {
        let texts = format!("{request}{about}");
        put(texts.as_bytes());
        let answer = export(request.len(), texts.len());
        if answer < 0 {
            let (kind, text) = failure(answer);
            let (code, message) = text.split_once(' ').unwrap();
            Err((kind, code.to_owned(), message.to_owned()))
        } else {
            Ok(read(answer))
        }
    }

    fn put(bytes: &[u8]) {
        with(&|state| {
            state.buffer = bytes.to_vec();
            Ok(0)
        });
    }

    fn failure(answer: i32) -> (i32, String) {
        let number = answer.wrapping_neg();
        (number & 3, read(number >> 2))
    }

    fn read(length: i32) -> String {
        let read = std::cell::RefCell::new(String::new());
        with(&|state| {
            let bytes = usize::try_from(length).ok().and_then(|length| state.buffer.get(..length));
            *read.borrow_mut() = String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
            Ok(0)
        });
        read.into_inner()
    }

    #[test]
    fn a_secret_is_wiped_and_never_told_wherever_it_stands() {
        let right = r#"{"provider":["turratech"],"secret":"whsec_hidden","other_secrets":[],"headers":[],"now_secs":0}"#;
        for request in [
            right.to_owned(),
            right.replace("[]", r#""whsec_hidden""#),
            right.replace(r#""now_secs":0"#, r#""now_secs":"whsec_hidden""#),
            right.replace(r#"["turratech"]"#, r#"["whsec_hidden"]"#),
        ] {
            let told = format!("{:?}", call(diagnose, &request, "whsec_hidden"));
            assert!(!told.contains("hidden"), "{told}");
            with(&|state| {
                let left = String::from_utf8_lossy(&state.buffer).into_owned();
                assert!(!left.contains("hidden"), "{left}");
                Ok(0)
            });
        }
    }

    #[test]
    fn every_wrong_call_has_its_code() {
        let delivery =
            call(delivery_new, r#"{"due_millis":0,"terms":{"provider":["turratech"]}}"#, "").expect("known");
        type Export = fn(usize, usize) -> i32;
        let cases: [(Export, &str, &str, &str); 9] = [
            (
                diagnose,
                r#"{"provider":["turnstay"],"secret":"","other_secrets":[],"headers":[],"now_secs":0}"#,
                "",
                "unsigned_provider",
            ),
            (schedule, r#"{"provider":["nobody"]}"#, "", "bad_profile"),
            (schedule, r#"{"delays_millis":[-1]}"#, "", "bad_argument"),
            (delivery_new, r#"{"due_millis":0,"terms":{"provider":["turnstay"]}}"#, "", "no_schedule"),
            (delivery_new, r#"{"due_millis":0,"terms":{"delays_millis":[]}}"#, "", "no_time_limit"),
            (delivery_next, r#"{"now_millis":0}"#, "{}", "bad_state"),
            (delivery_record, r#"{"attempt":1,"now_millis":0,"outcome":"lost"}"#, &delivery, "bad_argument"),
            (
                claim_claim,
                r#"{"owner":"a","now_millis":0,"lease_millis":1,"max":4294967296}"#,
                "",
                "bad_argument",
            ),
            (claim_commit, r#"{"token":1,"now_millis":0}"#, r#"{"schema":2}"#, "bad_state"),
        ];
        for (export, request, about, code) in cases {
            let failed = call(export, request, about);
            let (number, failed, message) = failed.expect_err(request);
            assert_eq!((number, failed.as_str()), (2, code), "{request}: {message}");
        }
    }

    #[test]
    fn a_place_beyond_the_buffer_is_our_own_mistake() {
        put(b"{}");
        for (request, end) in [(3, 3), (3, 2), (usize::MAX, usize::MAX)] {
            let (kind, text) = failure(schedule(request, end));
            assert_eq!((kind, text.split(' ').next()), (2, Some("internal")));
            put(b"{}");
        }
    }
}
