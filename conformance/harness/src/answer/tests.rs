//! Every row is fed whole, byte by byte and in odd pieces: the outcome must be the same.

use super::*;

fn feed(bytes: &[u8], size: usize) -> Result<Option<Received>, Failure> {
    let mut reader = AnswerReader::default();
    for (at, piece) in bytes.chunks(size).enumerate() {
        if let Some(mut received) = reader.push(piece)? {
            received.reusable &= (at + 1) * size >= bytes.len();
            return Ok(Some(received));
        }
    }
    Ok(None)
}

/// The outcome however the bytes come; `None` where more is wanted.
#[track_caller]
fn read(bytes: &[u8]) -> Result<Option<Received>, Failure> {
    let whole = feed(bytes, bytes.len().max(1));
    for size in [1, 2, 3, 7, 1000] {
        let pieces = feed(bytes, size);
        match (&whole, &pieces) {
            (Err(Failure::NotHttp(_)), Err(Failure::NotHttp(_))) => {}
            _ => assert_eq!(whole, pieces, "in pieces of {size}"),
        }
    }
    whole
}

#[track_caller]
fn answered(bytes: &[u8]) -> (u16, String, bool) {
    let received = read(bytes).unwrap().expect("a whole answer");
    (received.answer.status, String::from_utf8(received.answer.body).unwrap(), received.reusable)
}

#[track_caller]
fn refused(bytes: &[u8]) -> String {
    match read(bytes) {
        Err(Failure::NotHttp(why)) => why,
        other => panic!("{other:?} where a refusal was due"),
    }
}

fn closed(bytes: &[u8]) -> Result<Received, Failure> {
    let mut reader = AnswerReader::default();
    assert_eq!(reader.push(bytes).unwrap(), None);
    reader.close()
}

#[test]
fn the_body_ends_by_length_or_by_chunks() {
    assert_eq!(answered(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"), (200, "ok".into(), true));
    assert_eq!(
        answered(b"HTTP/1.1 500 \r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n"),
        (500, "no".into(), true)
    );
    assert_eq!(answered(b"HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n"), (200, String::new(), true));
}

#[test]
fn the_body_may_end_with_the_connection() {
    let received = closed(b"HTTP/1.1 200 OK\r\n\r\nok").unwrap();
    assert_eq!((received.answer.body.as_slice(), received.reusable), (&b"ok"[..], false));
}

/// C16, C19, C32: an answer that stops short is none.
#[test]
fn an_early_close_is_told_from_silence() {
    assert_eq!(closed(b""), Err(Failure::Closed { partial: false }));
    for partial in [
        &b"HTTP/1.1 20"[..],
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ] {
        assert_eq!(closed(partial), Err(Failure::Closed { partial: true }), "{}", partial.escape_ascii());
    }
}

/// C08, C09, C10.
#[test]
fn interim_answers_are_skipped_up_to_a_cap() {
    let interim = "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n";
    let last = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(answered((interim.repeat(8) + last).as_bytes()).0, 200);
    assert_eq!(refused((interim.repeat(9) + last).as_bytes()), "more than 8 interim answers");
    assert_eq!(
        refused(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"),
        "it switches protocols (101), which nobody asked for"
    );
}

/// C06, C07.
#[test]
fn heads_are_capped_in_fields_and_bytes() {
    let flood = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(101));
    assert_eq!(refused(flood.as_bytes()), "more than 100 header fields");
    let just = format!("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n{}\r\n", "a: b\r\n".repeat(99));
    assert_eq!(answered(just.as_bytes()).0, 200);
    let giant = format!("HTTP/1.1 200 OK\r\na: {}\r\n\r\n", "x".repeat(MAX_HEAD));
    assert_eq!(refused(giant.as_bytes()), "more than 64 KiB of header fields");
    assert_eq!(refused("\r\n".repeat(MAX_HEAD).as_bytes()), "more than 64 KiB of header fields");
}

/// C03, C04, C05: what is beyond the cap is left unread, and the status stands.
#[test]
fn endless_bodies_are_cut_off_and_the_status_stands() {
    let endless = "x".repeat(MAX_READ + 1);
    for head in ["content-length: 99999999999", "x: until close", "transfer-encoding: chunked"] {
        let chunk = if head.ends_with("chunked") { "fffffff\r\n" } else { "" };
        let (status, body, reusable) =
            answered(format!("HTTP/1.1 201 X\r\n{head}\r\n\r\n{chunk}{endless}").as_bytes());
        assert_eq!((status, body.len(), reusable), (201, MAX_KEPT, false), "{head}");
    }
}

/// C23: a length is a promise, not an allocation.
#[test]
fn a_huge_length_allocates_nothing() {
    let mut reader = AnswerReader::default();
    assert_eq!(
        reader.push(b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\nx").unwrap(),
        None
    );
    let Stage::Body { body, .. } = &reader.stage else { panic!("the head was not read") };
    assert!(body.kept.capacity() < 1024);
}

/// C29, C34: nothing that follows an answer is taken for the next one.
#[test]
fn bytes_behind_an_answer_end_the_connection() {
    assert_eq!(answered(b"HTTP/1.1 204 No Content\r\n\r\nbody"), (204, String::new(), false));
    assert_eq!(answered(b"HTTP/1.1 304 X\r\ncontent-length: 4\r\n\r\n"), (304, String::new(), true));
    let ok = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(answered(ok.repeat(2).as_bytes()), (200, String::new(), false));
}

/// C11, C12, C26, C35, C37: what was wrong is named, with the bytes that show it.
#[test]
fn another_protocol_is_named() {
    assert_eq!(
        refused(b"220 mail ESMTP\r\n"),
        "no status line of HTTP/1; it begins with \"220 mail ESMTP\\r\\n\""
    );
    for (bytes, why) in [
        (&b"hello"[..], "no status line of HTTP/1"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "no status line of HTTP/1"),
        (b"\x00\x00\x06\x04\x00\x00\x00\x00\x00", "no status line of HTTP/1"),
        (b"HTTP/2 200\r\n\r\n", "no status line of HTTP/1"),
        (b"HTTP/1.1 2000 X\r\n\r\n", "a malformed"),
        (b"HTTP/1.1 99 X\r\n\r\n", "a malformed status line"),
        (b"HTTP/1.1 099 X\r\n\r\n", "a status of 099"),
        (b"HTTP/1.1 200 OK\r\na: b\0c\r\n\r\n", "a forbidden byte in a header value"),
        (b"HTTP/1.1 200 OK\r\na b: c\r\n\r\n", "a malformed header name"),
        (b"HTTP/1.1 200 OK\r\na: b\r\n folded\r\n\r\n", "a malformed header name"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
            "two content-lengths, 1 and 2",
        ),
    ] {
        let told = refused(bytes);
        assert!(told.starts_with(why), "{told} for {}", bytes.escape_ascii());
    }
}

/// C36: line feeds alone end the lines of a head, as RFC 9112 lets a recipient read them.
#[test]
fn bare_line_feeds_are_read_the_same_however_they_come() {
    assert_eq!(answered(b"HTTP/1.1 200 OK\ncontent-length: 2\n\nok"), (200, "ok".into(), true));
    assert_eq!(answered(b"\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\n\r\nok"), (200, "ok".into(), true));
}

/// C27.
#[test]
fn header_values_that_are_not_text_are_kept_as_far_as_they_are() {
    let received =
        read(b"HTTP/1.1 200 \xff\r\nx-name: a\xffb\r\ncontent-length: 2\r\n\r\n\xff\xfe").unwrap().unwrap();
    assert_eq!(received.answer.header("X-Name"), Some("a\u{fffd}b"));
    assert_eq!(received.answer.body, b"\xff\xfe");
}

/// Bytes without sense, and sound answers with a few bytes changed: never a panic, and never more kept than the cap.
#[test]
fn no_bytes_make_it_panic() {
    let samples: [&[u8]; 4] = [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\nconnection: close\r\n\r\nhello, world",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nt: u\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 404 Not Found\r\n\r\n<html>",
    ];
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..20_000 {
        let mut bytes = samples[round % samples.len()].to_vec();
        for _ in 0..random.below(6) {
            let at = random.below(bytes.len() + 1);
            match random.below(3) {
                0 => bytes.insert(at, random.byte()),
                1 if at < bytes.len() => bytes[at] = random.byte(),
                _ => bytes.truncate(at),
            }
        }
        let size = 1 + random.below(bytes.len() + 1);
        if let Ok(Some(received)) = feed(&bytes, size) {
            assert!(received.answer.body.len() <= bytes.len());
        }
        let mut reader = AnswerReader::default();
        if let Ok(None) = reader.push(&bytes) {
            assert!(!matches!(reader.close(), Err(Failure::NotHttp(_))));
        }
    }
}

/// xorshift64: the same bytes in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }

    /// Mostly bytes that mean something here.
    fn byte(&mut self) -> u8 {
        let telling = b"\r\n :;,0123456789abcdefHTTP/.\0\xff\t-";
        if self.below(4) == 0 { self.next().to_le_bytes()[0] } else { telling[self.below(telling.len())] }
    }
}
