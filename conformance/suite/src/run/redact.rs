//! Keeps secrets and right MACs out of the evidence, also where an endpoint reflects them.

use alloc::string::String;

use crate::{Answer, Outcome};

/// An outcome in which every hidden text is replaced.
pub(super) fn redacted(outcome: Outcome, hidden: &[&str]) -> Outcome {
    let Outcome::Answered(Answer { status, headers, body }) = outcome else { return outcome };
    let headers = headers.into_iter().map(|(name, value)| (name, without(&value, hidden))).collect();
    let shows_one = hidden.iter().any(|text| !text.is_empty() && contains(&body, text.as_bytes()));
    let body = if shows_one { without(&String::from_utf8_lossy(&body), hidden).into_bytes() } else { body };
    Outcome::Answered(Answer { status, headers, body })
}

/// A text in which every hidden one is replaced.
pub(super) fn without(text: &str, hidden: &[&str]) -> String {
    hidden.iter().filter(|secret| !secret.is_empty()).fold(text.into(), |shown: String, secret| {
        if shown.contains(secret) { shown.replace(secret, "<redacted>") } else { shown }
    })
}

fn contains(body: &[u8], text: &[u8]) -> bool {
    body.windows(text.len()).any(|window| window == text)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn an_answer_that_reflects_a_mac_is_shown_without_it() {
        let answer = Answer {
            status: 200,
            headers: vec![("x-echo".into(), "v1=abcdef".into())],
            body: b"\xff you sent abcdef".to_vec(),
        };
        let Outcome::Answered(shown) = redacted(Outcome::Answered(answer), &["abcdef", ""]) else {
            unreachable!("an answer stays one")
        };
        assert_eq!(shown.headers[0].1, "v1=<redacted>");
        assert_eq!(shown.body, "\u{fffd} you sent <redacted>".as_bytes());
    }
}
