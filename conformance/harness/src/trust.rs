//! Whom TLS trusts, and what it makes of the certificate that a server shows.

use std::sync::{Arc, Mutex, PoisonError};

use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        Resumption, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::ring,
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
    server::ParsedCertificate,
};

use crate::TargetError;

/// Publicly trusted issuers, and the certificates that the caller vouches for.
#[derive(Clone, Debug)]
pub(crate) struct Trust {
    judge: Arc<Judge>,
    client: Arc<ClientConfig>,
}

impl Trust {
    /// In public issuers, and in what stands in `cacert` (PEM).
    ///
    /// # Errors
    ///
    /// [`TargetError`] when `cacert` has no certificate that can be used.
    pub(crate) fn new(cacert: Option<&[u8]>) -> Result<Self, TargetError> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let mut named = Vec::new();
        if let Some(pem) = cacert {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|error| TargetError::Pem(error.to_string()))?;
                roots
                    .add(certificate.clone())
                    .map_err(|error| TargetError::Certificate(error.to_string()))?;
                named.push(certificate);
            }
            if named.is_empty() {
                return Err(TargetError::NoCertificate);
            }
        }
        let provider = Arc::new(ring::default_provider());
        let public = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .expect("there are public issuers, and no revocation lists that could be broken");
        let judge = Arc::new(Judge { public, named });
        Ok(Self { client: Arc::new(client(Arc::clone(&judge) as _)), judge })
    }

    /// For deliveries: a connection comes about only with a server that is trusted.
    pub(crate) fn client(&self) -> &Arc<ClientConfig> {
        &self.client
    }

    /// For one look: the handshake goes on whatever the server's certificate is, and the witness tells of it.
    pub(crate) fn witness(&self) -> (Arc<ClientConfig>, Arc<Witness>) {
        let witness = Arc::new(Witness { judge: Arc::clone(&self.judge), noted: Mutex::default() });
        (Arc::new(client(Arc::clone(&witness) as _)), witness)
    }
}

/// What a server's certificate is worth.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// Whether chain and name hold.
    pub(crate) trust: Result<(), Error>,
    /// When the server's own certificate ends.
    pub(crate) ends: Option<UnixTime>,
}

/// Notes what it sees and lets it pass. Nothing may be sent over a connection that it let pass.
#[derive(Debug)]
pub(crate) struct Witness {
    judge: Arc<Judge>,
    noted: Mutex<Option<Shown>>,
}

impl Witness {
    /// What was shown, if it came to that.
    pub(crate) fn noted(&self) -> Option<Shown> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let trust = self
            .judge
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map(|_| ());
        let shown = Shown { trust, ends: self.judge.end_of(end_entity, server_name) };
        *self.noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}

/// Judges as everybody does, but takes the caller's word for a certificate that the caller named.
#[derive(Debug)]
struct Judge {
    public: Arc<WebPkiServerVerifier>,
    named: Vec<CertificateDer<'static>>,
}

impl Judge {
    /// When a certificate ends: asked about the end of time, the verifier says so. It looks at the dates of the
    /// server's own certificate before anything else.
    fn end_of(&self, certificate: &CertificateDer<'_>, name: &ServerName<'_>) -> Option<UnixTime> {
        match self.public.verify_server_cert(certificate, &[], name, &[], END_OF_TIME) {
            Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
                Some(not_after)
            }
            _ => None,
        }
    }
}

impl ServerCertVerifier for Judge {
    /// `openssl req -x509` marks what it makes as an issuer's certificate, which webpki does not take for a server's.
    /// OpenSSL does, and so curl, where the caller trusts that very certificate. Its dates were looked at before
    /// its mark.
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict =
            self.public.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verdict {
            Err(Error::InvalidCertificate(why))
                if is_issuers_own(&why) && self.named.iter().any(|named| named == end_entity) =>
            {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.public.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.public.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.public.supported_verify_schemes()
    }
}

/// Whether a server showed a certificate that is marked as an issuer's. webpki's error comes without its type.
pub(crate) fn is_issuers_own(error: &CertificateError) -> bool {
    matches!(error, CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity"))
}

fn client(verifier: Arc<dyn ServerCertVerifier>) -> ClientConfig {
    let mut client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has the cipher suites of TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    client.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A provider that delivers one event makes a full handshake, and so does each of ours.
    client.resumption = Resumption::disabled();
    client
}

/// The year 10000, after every date that a certificate can bear.
const END_OF_TIME: UnixTime = UnixTime::since_unix_epoch(std::time::Duration::from_secs(253_402_300_800));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_that_are_none_are_refused_with_the_reason() {
        for (pem, wanted) in [
            ("", "the certificates to trust hold no \"-----BEGIN CERTIFICATE-----\" section"),
            ("-----BEGIN CERTIFICATE-----\nAAAA", "the certificates to trust are no PEM text: "),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "one of the certificates to trust",
            ),
        ] {
            let error = Trust::new(Some(pem.as_bytes())).unwrap_err().to_string();
            assert!(error.starts_with(wanted), "{pem}: {error}");
        }
    }
}
