//! A certificate for 127.0.0.1 that nobody vouches for, and a server that is too old for one.

use std::{
    fmt, io,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy, sink},
    net::TcpStream,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

/// What a server shows and how it proves it.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) acceptor: TlsAcceptor,
    pub(super) certificate_pem: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.certificate_pem)
    }
}

impl Identity {
    /// Valid for this long.
    pub(super) fn self_signed(left: Duration) -> io::Result<Self> {
        let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
        let mut wanted = CertificateParams::new(names).map_err(io::Error::other)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        wanted.not_after = date_time_ymd(1970, 1, 1) + now + left;
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = wanted.self_signed(&key).map_err(io::Error::other)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate_pem: certificate.pem() })
    }
}

/// Answers a client that begins with TLS 1.2 or 1.3 as a server does that has neither.
pub(super) async fn refuse_versions(mut stream: TcpStream) {
    // A client that has gone needs no refusal.
    let _ = stream.read(&mut [0; 4096]).await;
    let _ = stream.write_all(&PROTOCOL_VERSION).await;
    let _ = stream.shutdown().await;
    let _ = copy(&mut stream, &mut sink()).await;
}

/// A record of TLS 1.1 with the fatal alert `protocol_version`: RFC 4346, section 7.2.
const PROTOCOL_VERSION: [u8; 7] = [21, 3, 2, 0, 2, 2, 70];
