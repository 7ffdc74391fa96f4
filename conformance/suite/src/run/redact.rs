//! Keeps secrets and right MACs out of the evidence, also where an endpoint reflects them.

use alloc::{format, string::String, vec::Vec};

use crate::{Answer, Outcome};

/// Texts that must not be shown, each as it is and as JSON and URLs spell it. The longest comes first: of a text that begins
/// with another one, no rest is left.
pub(super) fn spellings<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let texts = texts.into_iter().filter(|text| !text.is_empty());
    let mut spellings: Vec<String> = texts
        .flat_map(|text| {
            let json = text.replace('/', "\\/");
            [json.replace('+', "\\u002B"), text.replace('+', "\\u002B"), json, percent(text), text.clone()]
        })
        .collect();
    spellings.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    spellings.dedup();
    spellings
}

/// What of a header's value that the caller added no report may show: all of it and, as in `Bearer TOKEN`, its last word.
/// Values as short as a tenant's number protect nothing, and without them no evidence could be read.
pub(super) fn confidential_in(value: &str) -> impl Iterator<Item = &str> {
    let word = value.rsplit(' ').next().filter(|word| *word != value);
    [Some(value), word].into_iter().flatten().filter(|text| text.len() >= SHORTEST_CONFIDENTIAL)
}

/// An outcome in which every hidden text is replaced.
pub(super) fn redacted(outcome: Outcome, hidden: &[String]) -> Outcome {
    let Outcome::Answered(Answer { status, headers, body }) = outcome else { return outcome };
    let headers = headers.into_iter().map(|(name, value)| (name, without(&value, hidden))).collect();
    let text = String::from_utf8_lossy(&body);
    let shows_one = hidden.iter().any(|hidden| text.contains(hidden.as_str()));
    let body = if shows_one { without(&text, hidden).into_bytes() } else { body };
    Outcome::Answered(Answer { status, headers, body })
}

/// A text in which every hidden one is replaced.
pub(super) fn without(text: &str, hidden: &[String]) -> String {
    hidden.iter().fold(text.into(), |shown: String, secret| {
        if shown.contains(secret.as_str()) { shown.replace(secret.as_str(), "<redacted>") } else { shown }
    })
}

fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut spelled, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            spelled.push(char::from(byte));
        } else {
            spelled.push_str(&format!("%{byte:02X}"));
        }
        spelled
    })
}

const SHORTEST_CONFIDENTIAL: usize = 4;

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
        let Outcome::Answered(shown) =
            redacted(Outcome::Answered(answer), &spellings(&["abcdef".into(), "".into()]))
        else {
            unreachable!("an answer stays one")
        };
        assert_eq!(shown.headers[0].1, "v1=<redacted>");
        assert_eq!(shown.body, "\u{fffd} you sent <redacted>".as_bytes());
    }

    #[test]
    fn of_a_header_its_value_and_the_last_word_of_it_are_confidential_unless_short() {
        let of = |value| confidential_in(value).collect::<Vec<_>>();
        assert_eq!(of("Bearer 0pen-sesame"), ["Bearer 0pen-sesame", "0pen-sesame"]);
        assert_eq!(of("0pen"), ["0pen"]);
        assert_eq!(of("tenant 7"), ["tenant 7"]);
        assert!(of("7").is_empty() && of("").is_empty());
    }

    #[test]
    fn of_a_text_that_begins_with_another_no_rest_is_shown() {
        let hidden = spellings(&["hunter".into(), "hunter22".into(), "unter22".into()]);
        assert_eq!(without("hunter22, hunter, unter22", &hidden), "<redacted>, <redacted>, <redacted>");
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        let hidden = spellings(&["a+/b=".into()]);
        for spelled in ["a+/b=", r"a+\/b=", r"a\u002B/b=", r"a\u002B\/b=", "a%2B%2Fb%3D"] {
            assert_eq!(without(&format!("<{spelled}>"), &hidden), "<<redacted>>", "{spelled}");
        }
        assert_eq!(without("a+/b", &hidden), "a+/b");
        assert!(spellings(&["".into()]).is_empty());
    }
}
