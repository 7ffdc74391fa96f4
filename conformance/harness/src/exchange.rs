//! One request and its answer on an open connection.

use std::{io, mem};

use hookproof_suite::{Failure, Pace, SPLIT_PAUSE, Then};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy, sink, split},
    pin, select,
    time::{Duration, Instant, sleep, sleep_until, timeout, timeout_at},
};

use crate::{
    answer::{Received, read_answer},
    tls,
    wire::Outgoing,
};

/// Writes the request and reads the answer, at the same time: an endpoint may refuse a body before its end,
/// and one that never reads must not hold us longer than the deadline.
pub(crate) async fn exchange<S>(
    stream: &mut S,
    request: &Outgoing,
    deadline: Instant,
) -> Result<Received, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut reader, mut writer) = split(stream);
    let deadline = sleep_until(deadline);
    pin!(deadline);
    // What came before anything was asked would else be taken for the answer, and the request stay here.
    let begun = select! {
        begun = begin(&mut writer, request) => begun,
        () = &mut deadline => return Err(Failure::TimedOut { sent: false }),
    };
    let writing = finish(&mut writer, request, begun);
    let reading = read_answer(&mut reader);
    pin!(writing, reading);
    let mut sent = None;
    loop {
        select! {
            biased;
            written = &mut writing, if sent.is_none() => sent = Some(written.is_ok()),
            answer = &mut reading => {
                let whole = sent == Some(true);
                return answer.map(|answer| Received { reusable: answer.reusable && whole, ..answer });
            }
            () = &mut deadline => return Err(Failure::TimedOut { sent: sent == Some(true) }),
        }
    }
}

/// Writes the request and closes the connection behind it when `leave` is over, without reading an answer.
pub(crate) async fn cut<S>(
    mut stream: S,
    request: &Outgoing,
    leave: impl Future<Output = ()>,
    deadline: Instant,
) -> Result<(), Failure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    match timeout_at(deadline, write(&mut stream, request)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(tls::failure_in(&error).unwrap_or(Failure::Closed { partial: false })),
        Err(_) => return Err(Failure::TimedOut { sent: false }),
    }
    leave.await;
    let leaving = async {
        let _ = stream.shutdown().await;
        let _ = copy(&mut stream, &mut sink()).await;
    };
    // Our end has gone out. Bytes of the server's that meet a closed socket would make the system throw away
    // what of the body is still under way, so the rest is closed a moment later.
    let _ = timeout(FAREWELL, leaving).await;
    Ok(())
}

async fn write<W: AsyncWrite + Unpin>(writer: &mut W, request: &Outgoing) -> io::Result<()> {
    let begun = begin(writer, request).await;
    finish(writer, request, begun).await
}

/// Writes as much as goes out at once; how many bytes that was.
async fn begin<W: AsyncWrite + Unpin>(writer: &mut W, request: &Outgoing) -> io::Result<usize> {
    sleep(request.transport.delay).await;
    match request.pieces.first() {
        Some(piece) => writer.write(piece).await,
        None => Ok(0),
    }
}

async fn finish<W: AsyncWrite + Unpin>(
    writer: &mut W,
    request: &Outgoing,
    begun: io::Result<usize>,
) -> io::Result<()> {
    let mut begun = begun?;
    let pause = match request.transport.pace {
        Pace::AtOnce | Pace::SplitAt(_) => SPLIT_PAUSE,
        Pace::Dripped { pause, .. } => pause,
    };
    for (place, piece) in request.pieces.iter().enumerate() {
        if place > 0 {
            sleep(pause).await;
        }
        writer.write_all(&piece[mem::take(&mut begun)..]).await?;
        writer.flush().await?;
    }
    if request.transport.stop.is_some_and(|stop| stop.then == Then::HalfClose) {
        writer.shutdown().await?;
    }
    Ok(())
}

/// For a body that is still under way when its last byte has been handed to the system.
const FAREWELL: Duration = Duration::from_millis(50);

/// On a virtual clock: a deadline is held to the millisecond.
#[cfg(test)]
mod tests {
    use hookproof_core::EndpointUrl;
    use hookproof_suite::Transport;
    use tokio::io::{AsyncReadExt, DuplexStream, duplex};

    use super::*;

    /// What an exchange with a server that does this comes to, and how long that takes.
    async fn with<F: Future<Output = ()>>(
        server: impl FnOnce(DuplexStream) -> F,
        room: usize,
    ) -> (Result<u16, Failure>, Duration) {
        let (mut ours, theirs) = duplex(room);
        let url = EndpointUrl::parse("http://127.0.0.1:3000/").unwrap();
        let request = Outgoing::post(&url, &[], &[b'x'; 1000], Transport::default()).unwrap();
        let began = Instant::now();
        let talking = exchange(&mut ours, &request, began + LIMIT);
        let outcome = select! {
            outcome = talking => outcome,
            () = async { server(theirs).await; std::future::pending().await } => unreachable!("it stays"),
        };
        (outcome.map(|received| received.answer.status), began.elapsed())
    }

    /// Timers of the runtime go by whole milliseconds.
    fn assert_ends_at_the_deadline((outcome, took): (Result<u16, Failure>, Duration), sent: bool) {
        assert_eq!(outcome, Err(Failure::TimedOut { sent }));
        assert!((LIMIT..=LIMIT + Duration::from_millis(1)).contains(&took), "{took:?}");
    }

    /// C01, C09, C17, C23, C31.
    #[tokio::test(start_paused = true)]
    async fn an_answer_that_never_becomes_whole_ends_at_the_deadline() {
        for begin in [
            "",
            "HTTP/1.1 200 OK\r\nx-slow: ",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n",
        ] {
            let server = async |mut stream: DuplexStream| {
                stream.write_all(begin.as_bytes()).await.unwrap();
                let _ = copy(&mut stream, &mut sink()).await;
            };
            assert_ends_at_the_deadline(with(server, 4096).await, true);
        }
    }

    /// C01, C02: bytes that keep coming do not move the deadline.
    #[tokio::test(start_paused = true)]
    async fn an_answer_that_drips_ends_at_the_deadline() {
        for begin in ["HTTP/1.1 200 OK\r\na: ", "HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n"] {
            let server = async |mut stream: DuplexStream| {
                stream.read_exact(&mut [0; 1000]).await.unwrap();
                stream.write_all(begin.as_bytes()).await.unwrap();
                while stream.write_all(b"x").await.is_ok() {
                    sleep(Duration::from_millis(70)).await;
                }
            };
            assert_ends_at_the_deadline(with(server, 4096).await, true);
        }
    }

    /// C18: the write side stands under the deadline too.
    #[tokio::test(start_paused = true)]
    async fn a_server_that_never_reads_ends_at_the_deadline() {
        let server = async |_stream: DuplexStream| std::future::pending().await;
        assert_ends_at_the_deadline(with(server, 100).await, false);
    }

    /// C30: what comes after the deadline is read by nobody.
    #[tokio::test(start_paused = true)]
    async fn an_answer_after_the_deadline_is_none() {
        let server = async |mut stream: DuplexStream| {
            sleep(LIMIT + Duration::from_secs(5)).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        };
        assert_ends_at_the_deadline(with(server, 4096).await, true);
    }

    /// C33.
    #[tokio::test(start_paused = true)]
    async fn an_answer_that_was_there_first_does_not_keep_the_request_back() {
        let server = async |mut stream: DuplexStream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            let mut request = vec![0; 1000];
            stream.read_exact(&mut request).await.unwrap();
            assert!(request.starts_with(b"POST / "));
        };
        assert_eq!(with(server, 4096).await, (Ok(200), Duration::ZERO));
    }

    const LIMIT: Duration = Duration::from_secs(30);
}
