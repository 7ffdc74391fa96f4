//! The built-in merchant, for a run without a URL.

use std::time::Duration;

use hookproof_conformance::{
    Observer, Sink,
    merchant::{Character, Defect, Nature, Registration},
    server::Server,
};
use hookproof_core::{Provider, Secret};

use crate::exit::Error;

/// A running merchant with its downstream. Both stop when this is dropped.
pub(crate) struct Demo {
    pub(crate) server: Server,
    pub(crate) observer: Observer,
    pub(crate) secret: Option<(Secret, String)>,
    /// Where it is registered, if that is what is wrong with it.
    pub(crate) registration: Option<Registration>,
    /// Its certificate, for whoever is to trust it.
    pub(crate) certificate: Option<String>,
}

/// Starts the reference merchant, or one with the named defect, on free ports of this machine.
pub(crate) async fn start(defect: Option<&str>, provider: &Provider, limit: Duration) -> Result<Demo, Error> {
    let defect = defect.map(|name| Defect::named(name).ok_or_else(|| unknown(name))).transpose()?;
    let character = Character::new(defect.map_or(Nature::Reference, Nature::Flawed), limit);
    let secret = if provider.is_signed() {
        let secret = Secret::new(SECRET).map_err(|error| Error::Tool(error.to_string()))?;
        Some((secret, SECRET.to_owned()))
    } else {
        None
    };
    let sink =
        Sink::listen(([127, 0, 0, 1], 0).into()).await.map_err(|error| Error::Tool(error.to_string()))?;
    let secret_only = secret.as_ref().map(|(secret, _)| secret);
    let server = Server::start(character, provider, secret_only, Some(sink.address()))
        .map_err(|error| Error::Tool(format!("the built-in merchant cannot be started: {error}")))?;
    let is_about_urls = defect.is_some_and(|defect| defect.check().starts_with("url/"));
    // Of one defect the point is that nobody trusts it.
    let certificate = server.certificate_pem().filter(|_| defect != Some(Defect::SelfSignedCertificate));
    Ok(Demo {
        observer: Observer::Sink(sink),
        secret,
        registration: is_about_urls.then(|| character.registration()),
        certificate: certificate.map(str::to_owned),
        server,
    })
}

/// Every defect, one a line.
pub(crate) fn list() -> String {
    Defect::ALL.iter().map(|defect| format!("  {:<32} {}\n", defect.name(), defect.description())).collect()
}

fn unknown(name: &str) -> Error {
    let there_are = list();
    Error::Usage(format!(
        "there is no defect \"{}\"; there are\n{}",
        name.escape_debug(),
        there_are.trim_end()
    ))
}

/// A form that suits every scheme; it protects nothing.
const SECRET: &str = "whsec_dGhlIGJ1aWx0LWluIG1lcmNoYW50J3Mgc2VjcmV0";
