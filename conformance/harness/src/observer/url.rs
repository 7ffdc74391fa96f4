//! The merchant's own books, asked over HTTP.

use std::time::Duration;

use hookproof_core::EndpointUrl;
use hookproof_suite::{Outcome, Reading};

use super::{ObserverError, count, quoted};
use crate::{Client, Outgoing, Target};

/// A URL that answers how many effects the event has whose id stands where `{id}` stands.
#[derive(Clone, Debug)]
pub struct Url {
    template: String,
    target: Target,
}

impl Url {
    /// A URL with `{id}`, reached with the trust and the addresses of `like`, within ten seconds each time.
    ///
    /// # Errors
    ///
    /// [`ObserverError`] when there is no `{id}` or what results is no URL.
    pub fn new(template: &str, like: &Target) -> Result<Self, ObserverError> {
        if !template.contains(HOLE) {
            return Err(ObserverError::NoHole);
        }
        let target = like.at(filled(template, "evt_1")?, LIMIT);
        Ok(Self { template: template.into(), target })
    }

    pub(super) async fn look(&self, id: &str) -> Reading {
        let url = match filled(&self.template, id) {
            Ok(url) => url,
            Err(error) => return Reading::Failed(error.to_string()),
        };
        let request = Outgoing::get(&url);
        let client = Client::new(self.target.at(url, self.target.time_limit));
        match client.deliver(request).await.0 {
            Outcome::Answered(answer) if answer.status == 200 => match count(&answer.body) {
                Some(count) => Reading::Count(count),
                None => {
                    Reading::Failed(format!("the URL answered {}, not a whole number", quoted(&answer.body)))
                }
            },
            Outcome::Answered(answer) => {
                Reading::Failed(format!("the URL answered {}, not 200", answer.status))
            }
            Outcome::Failed(failure) => Reading::Failed(format!("the URL gave no number: {failure}")),
            Outcome::Cut => Reading::Failed("the URL was not asked".into()),
        }
    }
}

fn filled(template: &str, id: &str) -> Result<EndpointUrl, ObserverError> {
    let url = template.replace(HOLE, &percent_encoded(id));
    EndpointUrl::parse(&url).map_err(|error| ObserverError::Url(error.to_string()))
}

/// Everything but the unreserved characters of RFC 3986, section 2.3.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

const HOLE: &str = "{id}";

const LIMIT: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

    use super::*;

    fn anywhere() -> Target {
        let url = EndpointUrl::parse("http://127.0.0.1/").unwrap();
        Target::new(url, Vec::new(), None, Duration::from_secs(30)).unwrap()
    }

    async fn look(status: u16, body: &str, id: &str) -> Reading {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(status).set_body_string(body);
        Mock::given(path("/count/evt%2F1%20a")).respond_with(answer).mount(&server).await;
        Url::new(&format!("{}/count/{{id}}", server.uri()), &anywhere()).unwrap().look(id).await
    }

    #[tokio::test]
    async fn the_id_is_percent_encoded_into_the_url_and_the_body_is_the_count() {
        assert_eq!(look(200, " 3\n", "evt/1 a").await, Reading::Count(3));
    }

    #[tokio::test]
    async fn what_is_no_number_is_told_with_what_was_wanted() {
        for (status, body, id, why) in [
            (200, "{\"count\":1}", "evt/1 a", "the URL answered \"{\\\"count\\\":1}\", not a whole number"),
            (500, "1", "evt/1 a", "the URL answered 500, not 200"),
            (200, "1", "another", "the URL answered 404, not 200"),
        ] {
            assert_eq!(look(status, body, id).await, Reading::Failed(why.into()));
        }
    }

    #[test]
    fn a_url_that_asks_nothing_is_refused() {
        assert_eq!(Url::new("http://127.0.0.1/count", &anywhere()).unwrap_err(), ObserverError::NoHole);
        assert!(matches!(Url::new("{id}", &anywhere()).unwrap_err(), ObserverError::Url(_)));
    }
}
