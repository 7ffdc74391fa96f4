//! Header lines as they were spelled. The HTTP library lower-cases names, and one defect is about their case.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What was read from a connection since the last request on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Record(Arc<Mutex<Vec<u8>>>);

impl Record {
    /// The header lines of the request that is now complete, and forgets it. None where the record does not
    /// begin with its head, because a client sent two requests in one go.
    pub(super) fn take_headers(&self) -> Option<Vec<(String, Vec<u8>)>> {
        let read = std::mem::take(&mut *self.bytes());
        let mut lines = [httparse::EMPTY_HEADER; MOST_LINES];
        let mut head = httparse::Request::new(&mut lines);
        head.parse(&read)
            .ok()?
            .is_complete()
            .then(|| head.headers.iter().map(|line| (line.name.to_owned(), line.value.to_vec())).collect())
    }

    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that keeps a record of what is read from it.
///
/// The HTTP library drops a request as soon as it sees that the client hung up, even one that has come whole
/// and was not yet looked at. A client that hangs up at once must not unsend its event, so the end of the
/// stream is held back for some turns while a request is in the record.
#[derive(Debug)]
pub(super) struct Recorder<S> {
    stream: S,
    record: Record,
    turns_left: u8,
}

impl<S> Recorder<S> {
    pub(super) fn new(stream: S, record: Record) -> Self {
        Self { stream, record, turns_left: MOST_TURNS }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Recorder<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, into);
        let read = into.filled().get(before..).unwrap_or_default();
        let is_end = polled.is_ready() && read.is_empty();
        let mut record = self.record.bytes();
        record.extend_from_slice(read);
        let is_unread = !record.is_empty();
        drop(record);
        if is_end && is_unread && self.turns_left > 0 {
            self.turns_left -= 1;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Recorder<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// As many as the HTTP library takes.
const MOST_LINES: usize = 100;

/// More than the library needs to hand a request over; a client that sent half of one ends all the same.
const MOST_TURNS: u8 = 32;
