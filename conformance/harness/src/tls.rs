//! What a TLS handshake shows, in words that a merchant's developer can act on.

use std::{io, time::Duration};

use hookproof_core::{EndpointUrl, Host, Timestamp, UrlScheme};
use hookproof_suite::{Failure, Handshake, TlsFacts};
use tokio::time::Instant;
use tokio_rustls::rustls::{
    AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible, pki_types::UnixTime,
};

use crate::{
    Target,
    connection::{self, HandshakeError},
    trust::is_issuers_own,
};

/// Makes a handshake with the target and nothing more. It goes on when the certificate is bad, so that one look shows
/// all there is.
pub async fn inspect_tls(target: &Target) -> TlsFacts {
    if target.url.scheme() == UrlScheme::Http {
        return TlsFacts::Plain;
    }
    let deadline = Instant::now() + target.time_limit;
    let tcp = match connection::dial(target, deadline).await {
        Ok(tcp) => tcp,
        Err(failure) => return TlsFacts::Unreached(failure.to_string()),
    };
    let (client, witness) = target.trust.witness();
    let ended = connection::handshake(target.url.host(), &client, tcp, deadline).await;
    match (ended, witness.noted()) {
        (Ok(_), Some(shown)) => TlsFacts::Made(Handshake {
            trust: shown.trust.map_err(|error| words(&error, &target.url)),
            expires_in: shown
                .ends
                .map(|ends| Duration::from_secs(ends.as_secs().saturating_sub(UnixTime::now().as_secs()))),
        }),
        (Ok(_), None) => TlsFacts::Unreached("the server showed no certificate".into()),
        (Err(HandshakeError::Refused(error)), _) if is_outdated(&error) => TlsFacts::Outdated,
        (Err(HandshakeError::Refused(error)), _) => TlsFacts::Refused(words(&error, &target.url)),
        (Err(HandshakeError::Broken(why)), _) => TlsFacts::Unreached(why),
    }
}

/// Whether the server offers nothing from TLS 1.2 on: it chose an older version, or refused those that we offer. Both
/// are told before any certificate.
fn is_outdated(error: &Error) -> bool {
    matches!(
        error,
        Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13)
            | Error::AlertReceived(AlertDescription::ProtocolVersion)
    )
}

/// A TLS error as a fragment: `expired on 2024-01-01`.
pub(crate) fn words(error: &Error, url: &EndpointUrl) -> String {
    match error {
        outdated if is_outdated(outdated) => "the server offers nothing that is newer than TLS 1.1".into(),
        Error::InvalidCertificate(why) => certificate_words(why, url),
        Error::InvalidMessage(
            InvalidMessage::HandshakePayloadTooLarge | InvalidMessage::CertificatePayloadTooLarge,
        ) => "the server's certificates, or another part of its handshake, are larger than 64 KiB".into(),
        Error::InvalidMessage(_) => "what answers there does not speak TLS".into(),
        Error::AlertReceived(alert) => format!("the server ended the handshake with the alert {alert:?}"),
        Error::PeerIncompatible(why) => {
            format!("the server offers nothing that TLS 1.2 or 1.3 can use: {why:?}")
        }
        other => other.to_string(),
    }
}

/// The TLS error inside an error of the connection: what only reading or writing brings to light.
pub(crate) fn failure_in(error: &io::Error) -> Option<Failure> {
    let tls = error.get_ref()?.downcast_ref::<Error>()?;
    Some(Failure::Tls(match tls {
        Error::AlertReceived(alert) => format!("the server ended the connection with the alert {alert:?}"),
        other => other.to_string(),
    }))
}

fn certificate_words(error: &CertificateError, url: &EndpointUrl) -> String {
    match error {
        CertificateError::UnknownIssuer => "self-signed or from an unknown issuer".into(),
        CertificateError::Expired => "expired".into(),
        CertificateError::ExpiredContext { not_after, .. } => format!("expired on {}", date(*not_after)),
        CertificateError::NotValidYet => "not valid yet".into(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("not valid before {}", date(*not_before))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("is for other names than {}", host(url))
        }
        // What `openssl req -x509` makes by default: its own issuer, marked as one.
        own if is_issuers_own(own) => "self-signed: it is an issuer's own certificate, not a server's".into(),
        other => other.to_string(),
    }
}

fn date(moment: UnixTime) -> String {
    let text = Timestamp::from_unix_secs(moment.as_secs()).rfc3339();
    text.split('T').next().unwrap_or(&text).to_string()
}

fn host(url: &EndpointUrl) -> String {
    match url.host() {
        Host::Name(name) => name.clone(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    }
}
