//! Why a request that looks right is refused.

use hookproof_core::{Cause, Diagnosis, Header, Provider, Suspect, Timestamp, diagnose as look};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::wasm_bindgen;

use super::{answer, provider};
use crate::failure::Failure;

/// Looks for what makes a request fail: `{"provider": [text, …], "secret": text, "other_secrets": [text, …], "headers":
/// [[name, value], …], "now_secs": 1704067200}`, and behind it the body as received. The answer shows no secret.
#[wasm_bindgen]
pub fn diagnose(request: usize, end: usize) -> i32 {
    answer(request, end, |asked: Asked, body| {
        let provider = provider(&asked.provider)?;
        let scheme = provider.signature.as_ref().ok_or_else(|| {
            Failure::call(
                "unsigned_provider",
                "this provider does not sign its events, so there is no signature to diagnose",
            )
        })?;
        let other_secrets: Vec<&str> = asked.other_secrets.iter().map(String::as_str).collect();
        let lines = asked.headers.iter();
        let headers: Vec<Header<'_>> =
            lines.map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
        Ok(Verdict::from(look(&Suspect {
            scheme,
            secret: &asked.secret,
            other_secrets: &other_secrets,
            headers: &headers,
            body,
            now: Timestamp::from_unix_secs(asked.now_secs),
        })))
    })
}

/// The names of the headers that a diagnosis reads: `{"provider": [text, …]}`. The answer is a list, the one with the
/// provider's signature first, those of the other built-in providers behind its own.
#[wasm_bindgen]
pub fn signature_headers(request: usize, end: usize) -> i32 {
    answer(request, end, |Of { provider: texts }, _| {
        let provider = provider(&texts)?;
        let schemes =
            [&*provider].into_iter().chain(Provider::BUILT_IN).filter_map(|it| it.signature.as_ref());
        let mut names: Vec<String> = Vec::new();
        for scheme in schemes {
            for name in [scheme.signature_header()].into_iter().chain(scheme.header_names()) {
                let name = name.to_ascii_lowercase();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Ok(names)
    })
}

#[derive(Deserialize)]
struct Of {
    provider: Vec<String>,
}

#[derive(Deserialize)]
struct Asked {
    provider: Vec<String>,
    secret: String,
    other_secrets: Vec<String>,
    headers: Vec<(String, String)>,
    now_secs: u64,
}

#[derive(Serialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
enum Verdict {
    Sound,
    Caused { causes: Vec<Told> },
    Unexplained { refusal: Told },
}

/// A code, and its meaning in a sentence.
#[derive(Serialize)]
struct Told {
    code: &'static str,
    message: String,
    /// Which of the other secrets it is, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<usize>,
}

impl From<Diagnosis> for Verdict {
    fn from(diagnosis: Diagnosis) -> Self {
        match diagnosis {
            Diagnosis::Sound => Self::Sound,
            Diagnosis::Caused(causes) => Self::Caused { causes: causes.iter().map(Told::from).collect() },
            Diagnosis::Unexplained(error) => Self::Unexplained {
                refusal: Told { code: error.code(), message: error.to_string(), place: None },
            },
        }
    }
}

impl From<&Cause> for Told {
    fn from(cause: &Cause) -> Self {
        let place = if let Cause::OtherSecret { place } = cause { Some(*place) } else { None };
        Self { code: cause.code(), message: cause.to_string(), place }
    }
}
