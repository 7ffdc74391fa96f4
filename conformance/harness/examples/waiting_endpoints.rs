//! Endpoints that wait before they answer, for `cargo xtask bench fleet`: any path of this server is one. It prints its
//! address and serves until it is killed. The secret is its argument.

use std::{
    convert::Infallible,
    env,
    error::Error,
    io::Write,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hookproof_core::{Header, Provider, Secret, Timestamp, Tolerance, Verifier};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpSocket, time::sleep};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = env::args().nth(1).ok_or("the secret is missing")?;
    let provider = Provider::built_in("turratech").ok_or("there is no such provider")?;
    let scheme = provider.signature.as_ref().ok_or("it does not sign")?;
    let verifier = Arc::new(Verifier::new(scheme, &[Secret::new(&secret)?], Tolerance::DEFAULT)?);
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let listener = socket.listen(BACKLOG)?;
    println!("{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    loop {
        // Out of descriptors, or the peer has gone already: others may fare better.
        let Ok((stream, _)) = listener.accept().await else { continue };
        let verifier = Arc::clone(&verifier);
        tokio::spawn(async move {
            let answer = service_fn(|request| answer(request, &verifier));
            // A sender that goes away is no trouble of the others.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    verifier: &Verifier,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, MOST_BYTES).collect().await;
    sleep(WAIT).await;
    let headers: Vec<Header<'_>> = head
        .headers
        .iter()
        .map(|(name, value)| Header { name: name.as_str(), value: value.as_bytes() })
        .collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Timestamp::from_unix_secs(now.as_secs());
    let is_right = body.is_ok_and(|body| verifier.verify(&headers, &body.to_bytes(), now).is_ok());
    let mut response = Response::new(Empty::new());
    *response.status_mut() = if is_right { hyper::StatusCode::OK } else { hyper::StatusCode::BAD_REQUEST };
    Ok(response)
}

const WAIT: Duration = Duration::from_millis(50);
const MOST_BYTES: usize = 16 << 20;

/// Connections that come at once and wait to be taken.
const BACKLOG: u32 = 4096;
