//! One request and its answer on an open connection.

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
    let writing = write(&mut writer, request);
    let reading = read_answer(&mut reader);
    let deadline = sleep_until(deadline);
    pin!(writing, reading, deadline);
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

async fn write<W: AsyncWrite + Unpin>(writer: &mut W, request: &Outgoing) -> std::io::Result<()> {
    let pause = match request.transport.pace {
        Pace::AtOnce | Pace::SplitAt(_) => SPLIT_PAUSE,
        Pace::Dripped { pause, .. } => pause,
    };
    sleep(request.transport.delay).await;
    for (place, piece) in request.pieces.iter().enumerate() {
        if place > 0 {
            sleep(pause).await;
        }
        writer.write_all(piece).await?;
        writer.flush().await?;
    }
    if request.transport.stop.is_some_and(|stop| stop.then == Then::HalfClose) {
        writer.shutdown().await?;
    }
    Ok(())
}

/// For a body that is still under way when its last byte has been handed to the system.
const FAREWELL: Duration = Duration::from_millis(50);
