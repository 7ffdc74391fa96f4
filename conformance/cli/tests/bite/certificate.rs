//! Certificates for `shop.example`, good and bad, and the servers that show them.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::ring,
        pki_types::PrivateKeyDer,
        server::{WebPkiClientVerifier, danger::ClientCertVerifier},
    },
};

use crate::endpoint::Endpoint;

/// An issuer, and a server with a certificate from it.
pub(crate) struct Chain {
    pub(crate) issuer_pem: String,
    acceptor: TlsAcceptor,
}

impl Chain {
    /// A certificate changed in this way, for a server that asks for none.
    pub(crate) fn new(change: impl FnOnce(&mut CertificateParams)) -> Self {
        Self::with(change, |_| WebPkiClientVerifier::no_client_auth())
    }

    /// One whose server demands a certificate of its own issuer from the client.
    pub(crate) fn demanding() -> Self {
        Self::with(
            |_| {},
            |issuer| {
                let mut roots = RootCertStore::empty();
                roots.add(issuer.der().clone()).expect("it is an issuer's");
                let provider = Arc::new(ring::default_provider());
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                verifier.build().expect("it has a root")
            },
        )
    }

    fn with(
        change: impl FnOnce(&mut CertificateParams),
        clients: impl FnOnce(&CertifiedIssuer<'static, KeyPair>) -> Arc<dyn ClientCertVerifier>,
    ) -> Self {
        let mut issuer = CertificateParams::new(Vec::new()).expect("no names are sound names");
        issuer.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(issuer, new_key()).expect("it signs itself");
        let mut leaf = CertificateParams::new(vec![NAME.to_owned()]).expect("it is a name");
        change(&mut leaf);
        let key = new_key();
        let leaf = leaf.signed_by(&key, &issuer).expect("it signs");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("it is a key");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has them")
            .with_client_cert_verifier(clients(&issuer))
            .with_single_cert(vec![leaf.der().clone()], key)
            .expect("the key is the certificate's");
        Self { issuer_pem: issuer.pem(), acceptor: TlsAcceptor::from(Arc::new(config)) }
    }

    /// Shakes hands and acknowledges one request on each connection.
    pub(crate) async fn endpoint(&self) -> Endpoint {
        let acceptor = self.acceptor.clone();
        Endpoint::playing(move |line| {
            let acceptor = acceptor.clone();
            async move {
                if let Some(mut line) = line.over_tls(&acceptor).await {
                    line.acknowledge().await;
                    line.stay().await;
                }
            }
        })
        .await
    }
}

fn new_key() -> KeyPair {
    KeyPair::generate().expect("ring makes keys")
}

pub(crate) const NAME: &str = "shop.example";
