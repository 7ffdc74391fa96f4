//! Looks for an answer that tells a forger how to forge. Answers are judged as they came: the evidence that is
//! kept of them shows no MAC any more.

use alloc::{string::String, vec::Vec};

use hookproof_core::Encoding;

use super::redact::spellings;
use crate::{Outcome, Request};

/// Whether an answer shows a MAC by which its request was judged. One that the request holds itself, in whatever
/// spelling, may be reflected and tells nothing new.
pub(super) fn shows_mac(request: &Request, outcome: &Outcome) -> bool {
    let Outcome::Answered(answer) = outcome else { return false };
    let body = String::from_utf8_lossy(&answer.body);
    let texts: Vec<&str> = answer.headers.iter().map(|(_, value)| value.as_str()).chain([&*body]).collect();
    request.due.iter().filter(|mac| !bears(request, mac)).any(|mac| {
        spellings(&mac_spellings(mac))
            .iter()
            .any(|known| texts.iter().any(|text| text.contains(known.as_str())))
    })
}

/// Whether a request bears no MAC by which it could be believed, so that its refusal is that of a forgery.
pub(crate) fn is_forged(request: &Request) -> bool {
    !request.due.is_empty() && !request.due.iter().any(|mac| bears(request, mac))
}

/// Also where it stands apart: whoever reads it may put it together.
fn bears(request: &Request, mac: &[u8; 32]) -> bool {
    let known = mac_spellings(mac);
    request.headers.iter().any(|(_, value)| {
        let value: String = value.split_whitespace().collect();
        known.iter().any(|text| value.contains(text.as_str()))
    })
}

/// A MAC in every spelling that software prints.
pub(super) fn mac_spellings(mac: &[u8; 32]) -> Vec<String> {
    let hex = Encoding::Hex.encode(mac);
    let base64 = Encoding::Base64.encode(mac);
    // Padding is written or not.
    let base64 = base64.trim_end_matches('=');
    let url = base64.replace('+', "-").replace('/', "_");
    alloc::vec![hex.to_ascii_uppercase(), hex, base64.into(), url]
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString};

    use super::*;
    use crate::{
        Answer, Draft,
        scene::{STARTED, bench},
    };

    #[test]
    fn a_request_is_forged_unless_it_bears_a_right_mac() {
        for name in ["turratech", "standard-webhooks", "github"] {
            let bench = bench(name);
            let forged = |draft: Draft| is_forged(&bench.seal(&draft, STARTED));
            assert!(forged(bench.event(1).forged()), "{name}");
            assert!(forged(bench.event(1).unsigned()), "{name}");
            // It may be refused for something else.
            assert!(!forged(bench.event(1).refusable()), "{name}");
            assert!(!forged(bench.event(1)), "{name}");
        }
        let bench = bench("turnstay");
        assert!(!is_forged(&bench.seal(&bench.event(1).refusable(), STARTED)), "nobody signs there");
    }

    #[test]
    fn a_right_mac_is_found_in_every_spelling_and_place() {
        for name in ["turratech", "standard-webhooks", "github"] {
            let bench = bench(name);
            let request = bench.seal(&bench.event(1).forged(), STARTED);
            let right = bench.seal(&bench.event(1), STARTED).confidential.remove(0);
            let [mac] = request.due[..] else { panic!("{name}: {:?}", request.due) };
            assert!(mac_spellings(&mac).contains(&right), "{name}");
            for text in mac_spellings(&mac) {
                let slashed = text.replace('/', "\\/");
                let percent = text.replace('+', "%2B").replace('/', "%2F");
                for shown in [format!("expected v1={text}, got another"), format!("{slashed}="), percent] {
                    assert!(shows_mac(&request, &answered("", &shown)), "{name}: {shown}");
                    assert!(shows_mac(&request, &answered(&shown, "no")), "{name}: {shown}");
                }
                let cut = &text[..text.len() - 1];
                assert!(!shows_mac(&request, &answered(cut, cut)), "{name}: {cut}");
            }
            assert!(!shows_mac(&request, &answered("401", "the signature does not match")), "{name}");
            assert!(!shows_mac(&request, &Outcome::Cut), "{name}");
        }
    }

    #[test]
    fn what_we_sent_may_be_reflected() {
        for name in ["turratech", "standard-webhooks", "github"] {
            let bench = bench(name);
            for draft in [bench.event(1).forged(), bench.event(1).tampered(bench.object()), bench.event(1)] {
                let request = bench.seal(&draft, STARTED);
                let headers = format!("{:?}", request.headers);
                assert!(!shows_mac(&request, &answered("", &headers)), "{name}: {:?}", draft.signing);
            }
            // A right MAC in capitals is still the one that we sent.
            let request = bench.seal(&bench.event(1).refusable(), STARTED);
            let shown = mac_spellings(&request.due[0]).concat();
            assert!(!shows_mac(&request, &answered("", &shown)), "{name}");
        }
    }

    #[test]
    fn the_mac_over_the_body_as_it_came_is_shown_by_whoever_computes_it() {
        let bench = bench("turratech");
        let tampered: Draft = bench.event(1).tampered(bench.object());
        let request = bench.seal(&tampered, STARTED);
        let text = [STARTED.as_unix_secs().to_string().as_bytes(), b".", &request.body].concat();
        let mac = Encoding::Hex.encode(&bench.verifier().unwrap().mac(&[&text]).unwrap());
        assert!(shows_mac(&request, &answered("", &mac)));
    }

    fn answered(header: &str, body: &str) -> Outcome {
        let headers = alloc::vec![("x-debug".to_string(), header.to_string())];
        Outcome::Answered(Answer { status: 401, headers, body: body.into() })
    }
}
