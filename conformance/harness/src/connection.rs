//! A connection to the target: look-up, TCP and TLS under one deadline. No proxy, no cleverness of the system's.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use hookproof_core::{EndpointUrl, Host, UrlScheme};
use hookproof_suite::Failure;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, lookup_host},
    task::JoinSet,
    time::{Instant, sleep, timeout_at},
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{self, ClientConfig, pki_types::ServerName},
};

use crate::{Target, tls};

/// A connection over which requests can be sent.
#[derive(Debug)]
pub(crate) enum Connection {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Connects to the target before `deadline`, with five seconds at most for TCP and five for TLS.
pub(crate) async fn connect(target: &Target, deadline: Instant) -> Result<Connection, Failure> {
    let tcp = dial(target, deadline).await?;
    match target.url.scheme() {
        UrlScheme::Http => Ok(Connection::Plain(tcp)),
        UrlScheme::Https => match handshake(target.url.host(), target.trust.client(), tcp, deadline).await {
            Ok(stream) => Ok(Connection::Tls(Box::new(stream))),
            Err(HandshakeError::Refused(error)) => Err(Failure::Tls(tls::words(&error, &target.url))),
            Err(HandshakeError::Broken(why)) => Err(Failure::Tls(why)),
        },
    }
}

/// The TCP part: every address of the name is tried, a new one as soon as the last one failed or was slow.
pub(crate) async fn dial(target: &Target, deadline: Instant) -> Result<TcpStream, Failure> {
    dial_what(system(target), target, deadline).await
}

/// The same with what a name server says, which nobody asks where the target does not need it.
async fn dial_what(
    said: impl Future<Output = io::Result<Vec<SocketAddr>>>,
    target: &Target,
    deadline: Instant,
) -> Result<TcpStream, Failure> {
    let deadline = deadline.min(Instant::now() + CONNECT_LIMIT);
    let addresses =
        timeout_at(deadline, addresses(target, said)).await.map_err(|_| Failure::ConnectTimeout)??;
    let stream = timeout_at(deadline, race(addresses)).await.map_err(|_| Failure::ConnectTimeout)??;
    stream.set_nodelay(true).map_err(|error| Failure::Unreachable(error.to_string()))?;
    Ok(stream)
}

/// Every address of a host, as a delivery to this port of it would find them. What went wrong, in a sentence fragment.
pub(crate) async fn look_up(host: &str, port: u16, like: &Target) -> Result<Vec<IpAddr>, String> {
    let url = EndpointUrl::parse(&format!("http://{host}:{port}/"))
        .map_err(|error| format!("the URL of {host} {error}"))?;
    let target = like.at(url, CONNECT_LIMIT);
    match timeout_at(Instant::now() + CONNECT_LIMIT, addresses(&target, system(&target))).await {
        Ok(Ok(found)) => {
            let mut found: Vec<IpAddr> = found.into_iter().map(|address| address.ip()).collect();
            found.sort_unstable();
            found.dedup();
            Ok(found)
        }
        Ok(Err(failure)) => Err(failure.to_string()),
        Err(_) => Err(format!("no name server told the addresses of {host} in time")),
    }
}

/// Why there is no TLS connection.
pub(crate) enum HandshakeError {
    /// TLS itself: the certificate, the version, no TLS at all.
    Refused(rustls::Error),
    /// The connection under it, or time.
    Broken(String),
}

/// The TLS part.
pub(crate) async fn handshake(
    host: &Host,
    client: &Arc<ClientConfig>,
    tcp: TcpStream,
    deadline: Instant,
) -> Result<TlsStream<TcpStream>, HandshakeError> {
    let deadline = deadline.min(Instant::now() + CONNECT_LIMIT);
    let name = server_name(host)?;
    let connecting = TlsConnector::from(Arc::clone(client)).connect(name, tcp);
    match timeout_at(deadline, connecting).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => {
            Err(match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(refusal) => HandshakeError::Refused(refusal.clone()),
                None if is_close(error.kind()) => {
                    HandshakeError::Broken("the server closed the connection during the handshake".into())
                }
                None => HandshakeError::Broken(error.to_string()),
            })
        }
        Err(_) => Err(HandshakeError::Broken("no TLS handshake in time".into())),
    }
}

impl Connection {
    /// Whether nothing has come since the last answer: no further bytes, no end.
    pub(crate) fn is_quiet(&mut self) -> bool {
        let mut byte = [0; 1];
        let mut buffer = ReadBuf::new(&mut byte);
        Pin::new(self).poll_read(&mut Context::from_waker(Waker::noop()), &mut buffer).is_pending()
    }
}

/// What this machine's resolver says of the target's name.
async fn system(target: &Target) -> io::Result<Vec<SocketAddr>> {
    let Host::Name(name) = target.url.host() else { return Ok(Vec::new()) };
    Ok(lookup_host((name.as_str(), target.url.port())).await?.collect())
}

async fn addresses(
    target: &Target,
    said: impl Future<Output = io::Result<Vec<SocketAddr>>>,
) -> Result<Vec<SocketAddr>, Failure> {
    let port = target.url.port();
    let with_port =
        |addresses: Vec<IpAddr>| addresses.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
    let chosen = target.chosen_addresses();
    if !chosen.is_empty() {
        return Ok(with_port(chosen));
    }
    match target.url.host() {
        Host::Ipv4(address) => Ok(with_port(vec![(*address).into()])),
        Host::Ipv6(address) => Ok(with_port(vec![(*address).into()])),
        // These names are always this machine (RFC 6761), so nobody's name server may say otherwise.
        Host::Name(_) if target.url.is_loopback() => {
            Ok(with_port(vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]))
        }
        Host::Name(name) => match said.await {
            Ok(found) => Ok(found.into_iter().take(MAX_ADDRESSES).collect()),
            Err(error) => Err(Failure::Unreachable(format!("{name} has no address: {error}"))),
        },
    }
}

/// The first of the addresses that answers. If none does, the failure that came closest to a connection.
async fn race(addresses: Vec<SocketAddr>) -> Result<TcpStream, Failure> {
    let mut waiting = addresses.into_iter();
    let mut attempts = JoinSet::new();
    let mut closest = Failure::Unreachable("the name has no address".into());
    loop {
        if let Some(address) = waiting.next() {
            attempts.spawn(TcpStream::connect(address));
        }
        tokio::select! {
            ended = attempts.join_next() => match ended {
                Some(Ok(Ok(stream))) => return Ok(stream),
                Some(Ok(Err(error))) if error.kind() == io::ErrorKind::ConnectionRefused => closest = Failure::Refused,
                Some(Ok(Err(error))) if closest != Failure::Refused => closest = failure_of(&error),
                Some(_) => {}
                None => return Err(closest),
            },
            () = sleep(STAGGER), if waiting.len() > 0 => {}
        }
    }
}

fn failure_of(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::TimedOut => Failure::ConnectTimeout,
        // It was there: it accepted and reset before we looked. A moment later the request would have met the reset.
        kind if is_close(kind) => Failure::Closed { partial: false },
        _ => Failure::Unreachable(error.to_string()),
    }
}

fn is_close(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(kind, BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

fn server_name(host: &Host) -> Result<ServerName<'static>, HandshakeError> {
    match host {
        Host::Ipv4(address) => Ok(IpAddr::from(*address).into()),
        Host::Ipv6(address) => Ok(IpAddr::from(*address).into()),
        Host::Name(name) => ServerName::try_from(name.trim_end_matches('.').to_string())
            .map_err(|_| HandshakeError::Broken(format!("no certificate can be for the name {name}"))),
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// For TCP with its look-up, and again for TLS. A provider's client waits no longer for an endpoint that is there.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// How long an address is alone before the next one is tried beside it: RFC 8305, section 5.
const STAGGER: Duration = Duration::from_millis(250);

/// As many as can be begun within the limit.
const MAX_ADDRESSES: usize = 20;

#[cfg(test)]
mod tests;
