//! The merchant's calls to its downstream: plain HTTP/1.1, one connection a call.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A call that is ready to leave.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// Makes the call and gives its status, or none where no answer came in time.
pub(super) async fn call(downstream: SocketAddr, call: &Call) -> Option<u16> {
    tokio::time::timeout(LIMIT, exchange(downstream, call)).await.ok()?.ok()
}

async fn exchange(downstream: SocketAddr, call: &Call) -> io::Result<u16> {
    let mut stream = TcpStream::connect(downstream).await?;
    let mut head = format!("{} {} HTTP/1.1\r\nhost: {downstream}\r\n", call.method, call.path);
    for (name, value) in &call.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n", call.body.len()));
    stream.write_all(&[head.as_bytes(), &call.body].concat()).await?;
    let mut read = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let length = stream.read(&mut piece).await?;
        read.extend_from_slice(piece.get(..length).unwrap_or_default());
        let mut lines = [httparse::EMPTY_HEADER; 100];
        let mut answer = httparse::Response::new(&mut lines);
        match answer.parse(&read) {
            Ok(httparse::Status::Complete(_)) => return answer.code.ok_or(io::ErrorKind::InvalidData.into()),
            Ok(httparse::Status::Partial) if length > 0 && read.len() < LONGEST_HEAD => {}
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

/// Longer than a provider waits: how long the merchant waits is for itself to say.
const LIMIT: Duration = Duration::from_secs(120);

const LONGEST_HEAD: usize = 64 * 1024;
