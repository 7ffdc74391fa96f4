//! Reads one answer: interim answers skipped, every length capped, nothing decompressed.
//!
//! [`AnswerReader`] is fed with bytes and knows no socket; [`read_answer`] feeds it from one.

mod chunked;
mod head;

use std::io;

use hookproof_suite::{Answer, Failure};
use tokio::io::{AsyncRead, AsyncReadExt};

use self::{
    chunked::Chunked,
    head::{Framing, Head},
};
use crate::tls;

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    /// What came.
    pub(crate) answer: Answer,
    /// Whether another request may follow on the same connection. It may not after anything odd.
    pub(crate) reusable: bool,
}

/// Reads one answer from bytes in pieces of any size.
#[derive(Debug, Default)]
pub(crate) struct AnswerReader {
    stage: Stage,
    /// A head that is not whole yet.
    head: Vec<u8>,
    /// How many of its bytes were searched for its end.
    searched: usize,
    /// How long it must be to be parsed although its end has not come; doubled each time, because bytes may drip.
    parse_at: usize,
    /// Empty lines before the head, in bytes.
    blank: usize,
    interim: u8,
    started: bool,
}

#[derive(Debug, Default)]
enum Stage {
    #[default]
    Head,
    Body {
        head: Box<Head>,
        body: Body,
        ends: Ends,
    },
}

#[derive(Debug)]
enum Ends {
    After(u64),
    Chunked(Chunked),
    AtClose,
}

/// The bytes of a body, up to what is kept and what is read at all.
#[derive(Debug, Default)]
struct Body {
    kept: Vec<u8>,
    read: usize,
}

/// Reads one answer from a connection.
///
/// # Errors
///
/// [`Failure::Closed`] when the peer ends before the answer does, [`Failure::NotHttp`] when it is none, and
/// [`Failure::Tls`] when the peer refuses us only now, as one that demands a client certificate does.
pub(crate) async fn read_answer<R: AsyncRead + Unpin>(reader: &mut R) -> Result<Received, Failure> {
    let mut answer = AnswerReader::default();
    let mut bytes = vec![0; READ_AT_ONCE];
    loop {
        match reader.read(&mut bytes).await {
            Ok(0) => return answer.close(),
            Ok(length) => {
                if let Some(received) = answer.push(&bytes[..length])? {
                    return Ok(received);
                }
            }
            // TLS that ends without its farewell: as common as a plain close.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return answer.close(),
            Err(error) => return Err(tls::failure_in(&error).unwrap_or(answer.cut_off())),
        }
    }
}

impl AnswerReader {
    /// Takes the next bytes; tells the answer when it is whole, after which nothing more may be pushed.
    ///
    /// # Errors
    ///
    /// [`Failure::NotHttp`], with what was wrong.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Option<Received>, Failure> {
        self.started |= !bytes.is_empty();
        if matches!(self.stage, Stage::Body { .. }) {
            return self.read_body(bytes).map_err(Failure::NotHttp);
        }
        self.head.extend_from_slice(bytes);
        while let Some(head) = self.read_head().map_err(Failure::NotHttp)? {
            let rest = self.head.split_off(head.length);
            self.head = rest;
            (self.searched, self.parse_at, self.blank) = (0, 0, 0);
            if head.answer.status >= 200 {
                let ends = match head.framing {
                    Framing::Empty => Ends::After(0),
                    Framing::Length(length) => Ends::After(length),
                    Framing::Chunked => Ends::Chunked(Chunked::new()),
                    Framing::UntilClose => Ends::AtClose,
                };
                self.stage = Stage::Body { head: Box::new(head), body: Body::default(), ends };
                let rest = std::mem::take(&mut self.head);
                return self.read_body(&rest).map_err(Failure::NotHttp);
            }
            self.skip_interim(head.answer.status).map_err(Failure::NotHttp)?;
        }
        Ok(None)
    }

    /// The peer has closed its side.
    ///
    /// # Errors
    ///
    /// [`Failure::Closed`], unless the answer was one that ends with the connection.
    pub(crate) fn close(self) -> Result<Received, Failure> {
        match self.stage {
            Stage::Body { head, body, ends: Ends::AtClose } => Ok(whole(*head, body, false)),
            _ => Err(self.cut_off()),
        }
    }

    fn cut_off(&self) -> Failure {
        Failure::Closed { partial: self.started }
    }

    /// Reads the head if it is whole. What can be seen to be none is refused before its end, so that a peer
    /// of another protocol is named instead of waited for.
    fn read_head(&mut self) -> Result<Option<Head>, String> {
        let blank = self.head.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.blank += self.head.drain(..blank).len();
        let ended = ends_a_head(&self.head[self.searched.saturating_sub(2)..]);
        self.searched = self.head.len();
        let mut head = None;
        if ended || self.head.len() >= self.parse_at {
            self.parse_at = self.head.len() * 2;
            head = head::parse(&self.head)?;
        }
        if self.blank + head.as_ref().map_or(self.head.len(), |head| head.length) > MAX_HEAD {
            return Err(format!("more than {} KiB of header fields", MAX_HEAD / 1024));
        }
        Ok(head)
    }

    fn skip_interim(&mut self, status: u16) -> Result<(), String> {
        self.interim += 1;
        match status {
            101 => Err("it switches protocols (101), which nobody asked for".into()),
            _ if self.interim > MAX_INTERIM => Err(format!("more than {MAX_INTERIM} interim answers")),
            _ => Ok(()),
        }
    }

    fn read_body(&mut self, bytes: &[u8]) -> Result<Option<Received>, String> {
        let Stage::Body { body, ends, .. } = &mut self.stage else { return Ok(None) };
        let (taken, complete) = match ends {
            Ends::After(left) => {
                let taken = body.take(bytes, *left);
                *left -= taken as u64;
                (taken, *left == 0)
            }
            Ends::Chunked(chunked) => (chunked.push(bytes, body)?, chunked.is_done()),
            Ends::AtClose => (body.take(bytes, u64::MAX), false),
        };
        if !complete && !body.is_full() {
            return Ok(None);
        }
        // A body beyond the cap is left unread: the status stands, the connection does not.
        let clean = complete && taken == bytes.len();
        match std::mem::replace(&mut self.stage, Stage::Head) {
            Stage::Body { head, body, .. } => Ok(Some(whole(*head, body, clean))),
            Stage::Head => Ok(None),
        }
    }
}

impl Body {
    /// Takes what may be read of `bytes`, `most` at most, and tells how much that was.
    fn take(&mut self, bytes: &[u8], most: u64) -> usize {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let taken = &bytes[..bytes.len().min(most).min(MAX_READ - self.read)];
        self.kept.extend_from_slice(&taken[..taken.len().min(MAX_KEPT - self.kept.len())]);
        self.read += taken.len();
        taken.len()
    }

    fn is_full(&self) -> bool {
        self.read >= MAX_READ
    }
}

fn whole(head: Head, body: Body, clean: bool) -> Received {
    let answer = Answer { body: body.kept, ..head.answer };
    Received { answer, reusable: head.reusable && clean }
}

/// Whether these bytes hold an empty line after another line. Line feeds alone count too, as in RFC 9112, section 2.2.
fn ends_a_head(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\n\n") || bytes.windows(3).any(|triple| triple == b"\n\r\n")
}

const READ_AT_ONCE: usize = 16 * 1024;

/// Node allows 16 KiB and nginx 8: nobody sound needs more than this.
const MAX_HEAD: usize = 64 * 1024;

const MAX_INTERIM: u8 = 8;

/// What a report shows of a body.
const MAX_KEPT: usize = 20_000;

/// What is read of a body before the rest is left where it is.
const MAX_READ: usize = 64 * 1024;

#[cfg(test)]
mod tests;
