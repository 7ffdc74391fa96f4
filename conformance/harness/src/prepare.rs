//! Tells the merchant of an event before it comes, as its own shop would know of the payment.

use std::time::Duration;

use hookproof_core::EndpointUrl;
use hookproof_suite::{Failure, Outcome, Preparation, Told, Transport};

use crate::{Client, ControlsError, Outgoing, Target, controls::run};

/// Who is told.
#[derive(Clone, Debug, Default)]
pub(crate) enum Prepare {
    /// Nobody.
    #[default]
    Nobody,
    /// A command line for `sh`, with the event's id as `$1` and its body on stdin.
    Command(String),
    /// A URL that the body is posted to.
    Url(EndpointUrl),
}

impl Prepare {
    /// # Errors
    ///
    /// [`ControlsError::BlankCommand`].
    pub(crate) fn command(line: &str) -> Result<Self, ControlsError> {
        if line.trim().is_empty() { Err(ControlsError::BlankCommand) } else { Ok(Self::Command(line.into())) }
    }

    /// Tells of these events, one after the other, until one goes wrong. A URL is reached with the trust and the
    /// addresses of `like`.
    pub(crate) async fn all(&self, events: &[Preparation], like: &Target) -> Told {
        for event in events {
            let done = match self {
                Self::Nobody => Ok(()),
                Self::Command(line) => run("prepare", line, &[&event.id], &event.body).await,
                Self::Url(url) => post(url, &event.body, like).await,
            };
            if let Err(why) = done {
                return Told::Failed(why);
            }
        }
        Told::Prepared
    }
}

async fn post(url: &EndpointUrl, body: &[u8], like: &Target) -> Result<(), String> {
    let json = [("content-type".to_owned(), "application/json".to_owned())];
    let outgoing =
        Outgoing::post(url, &json, body, Transport::default()).map_err(|error| error.to_string())?;
    let client = Client::new(like.at(url.clone(), LIMIT));
    match client.deliver(outgoing).await.0 {
        Outcome::Answered(answer) if (200..300).contains(&answer.status) => Ok(()),
        Outcome::Answered(answer) => Err(format!(
            "the URL that prepares events answered {}: {}",
            answer.status,
            crate::observer::quoted(&answer.body)
        )),
        Outcome::Failed(Failure::TimedOut { .. }) => {
            Err(format!("the URL that prepares events did not answer within {} s", LIMIT.as_secs()))
        }
        Outcome::Failed(failure) => Err(format!("the URL that prepares events did not answer: {failure}")),
        Outcome::Cut => Err("the URL that prepares events was not asked".into()),
    }
}

const LIMIT: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{body_string, header, method},
    };

    use super::*;

    fn like() -> Target {
        let url = EndpointUrl::parse("http://127.0.0.1/").unwrap();
        Target::new(url, Vec::new(), None, Duration::from_secs(30)).unwrap()
    }

    fn event(id: &str, body: &[u8]) -> Preparation {
        Preparation { id: id.into(), body: body.into() }
    }

    fn why(told: Told) -> String {
        match told {
            Told::Failed(why) => why,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_command_gets_the_id_and_the_body() {
        let command = Prepare::command("test \"$1\" = evt_1 && test \"$(cat)\" = '{\"a\":1}'").unwrap();
        assert!(matches!(command.all(&[event("evt_1", b"{\"a\":1}")], &like()).await, Told::Prepared));
        let failed = command.all(&[event("evt_1", b"{\"a\":1}"), event("evt_2", b"")], &like()).await;
        assert_eq!(why(failed), "the prepare command ended with exit status: 1");
    }

    #[tokio::test]
    async fn a_command_need_not_read_a_body_however_long() {
        let long = vec![b' '; 1 << 20];
        let ignoring = Prepare::command("true").unwrap();
        assert!(matches!(ignoring.all(&[event("evt_1", &long)], &like()).await, Told::Prepared));
        let complaining = Prepare::command("cat >/dev/null; echo no such customer >&2; exit 4").unwrap();
        let told = why(complaining.all(&[event("evt_1", &long)], &like()).await);
        assert_eq!(told, "the prepare command ended with exit status: 4: \"no such customer\"");
    }

    #[tokio::test]
    async fn a_url_gets_the_body() {
        let shop = MockServer::start().await;
        Mock::given(method("POST"))
            .and(header("content-type", "application/json"))
            .and(body_string("{\"a\":1}"))
            .respond_with(ResponseTemplate::new(201))
            .mount(&shop)
            .await;
        Mock::given(method("POST"))
            .respond_with(ResponseTemplate::new(409).set_body_string("no such customer"))
            .mount(&shop)
            .await;
        let url = Prepare::Url(EndpointUrl::parse(&format!("{}/orders", shop.uri())).unwrap());
        assert!(matches!(url.all(&[event("evt_1", b"{\"a\":1}")], &like()).await, Told::Prepared));
        let told = why(url.all(&[event("evt_2", b"{}")], &like()).await);
        assert_eq!(told, "the URL that prepares events answered 409: \"no such customer\"");
    }

    #[test]
    fn a_blank_command_is_refused() {
        assert_eq!(Prepare::command(" ").unwrap_err(), ControlsError::BlankCommand);
    }
}
