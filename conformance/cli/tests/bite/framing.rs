//! Answers whose end is hard to find, or that have none.

use crate::{
    endpoint::{Endpoint, Line},
    row::row,
};

#[tokio::test]
async fn c03_a_body_of_chunks_without_end_is_capped() {
    row!().holds(pouring(CHUNKED.into(), chunk(64 * 1024)).await).await;
}

#[tokio::test]
async fn c04_a_body_without_length_or_end_is_capped() {
    row!().holds(pouring("HTTP/1.1 200 OK\r\n\r\n".into(), vec![b'x'; 64 * 1024]).await).await;
}

#[tokio::test]
async fn c05_a_compressed_bomb_is_not_inflated() {
    // Deflate's longest runs: a stored byte, then matches of 258 zeros in two bits each, gigabytes of them.
    let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-type: application/json\r\n\r\n";
    let mut begin = head.as_bytes().to_vec();
    begin.extend(b"\x1f\x8b\x08\0\0\0\0\0\x02\xff\xec\xc1\x01\x01\0\0\0\x80\x90\xfe\xaf\xee\x08\n");
    row!().holds(pouring(begin, vec![0; 64 * 1024]).await).await;
}

#[tokio::test]
async fn c06_a_flood_of_headers_is_cut_off() {
    row!().holds(pouring("HTTP/1.1 200 OK\r\n".into(), b"a: b\r\n".repeat(1000)).await).await;
}

#[tokio::test]
async fn c07_a_giant_header_is_cut_off() {
    row!().holds(pouring("HTTP/1.1 200 OK\r\na: ".into(), vec![b'x'; 64 * 1024]).await).await;
}

#[tokio::test]
async fn c08_a_flood_of_interim_answers_is_cut_off() {
    row!().holds(pouring(Vec::new(), b"HTTP/1.1 102 Processing\r\n\r\n".to_vec()).await).await;
}

#[tokio::test]
async fn c16_a_reset_in_the_body_leaves_no_answer() {
    let endpoint = Endpoint::playing(|mut line| async move {
        line.read().await;
        line.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort").await;
        line.reset();
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c20_a_chunk_extension_without_end_is_cut_off() {
    let begin = [CHUNKED, "1;"].concat();
    row!().holds(pouring(begin.into(), vec![b'x'; 64 * 1024]).await).await;
}

#[tokio::test]
async fn c21_a_chunk_size_beyond_64_bits_is_no_http() {
    row!().holds(staying([CHUNKED, "fffffffffffffffff\r\nx"].concat()).await).await;
}

#[tokio::test]
async fn c22_a_content_length_beyond_64_bits_is_no_http() {
    row!().holds(staying("HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n").await).await;
}

#[tokio::test]
async fn c23_a_huge_content_length_is_not_allocated() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n";
    let held = row!().holds(staying(answer).await).await;
    assert!(held.peak > 0, "somebody looked while it waited");
}

#[tokio::test]
async fn c24_two_content_lengths_are_no_http() {
    row!().holds(staying("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxy").await).await;
}

#[tokio::test]
async fn c25_chunks_beside_a_content_length_are_one_answer() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    row!().holds(staying([answer, "HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n"].concat()).await).await;
}

#[tokio::test]
async fn c29_a_204_with_a_body_is_a_204() {
    row!().holds(staying("HTTP/1.1 204 No Content\r\ncontent-length: 4\r\n\r\nbody").await).await;
}

#[tokio::test]
async fn c32_a_body_that_ends_too_soon_leaves_no_answer() {
    row!().holds(Endpoint::answering("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort").await).await;
}

#[tokio::test]
async fn c32_chunks_without_their_last_leave_no_answer() {
    row!().holds(Endpoint::answering([CHUNKED, "5\r\nhello\r\n"].concat()).await).await;
}

#[tokio::test]
async fn c34_two_answers_to_one_request_are_the_first_of_them() {
    let first = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    row!().holds(staying([first, "HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n"].concat()).await).await;
}

#[tokio::test]
async fn c36_bare_line_feeds_are_read_as_line_ends() {
    row!().holds(staying("HTTP/1.1 200 OK\ncontent-length: 2\n\nok").await).await;
}

/// Writes this and keeps the connection open.
async fn staying(answer: impl Into<Vec<u8>>) -> Endpoint {
    Endpoint::answering_and_staying(answer).await
}

/// Writes one and then the other again and again, for as long as the client takes it.
async fn pouring(begin: Vec<u8>, again: Vec<u8>) -> Endpoint {
    Endpoint::playing(move |mut line: Line| {
        let (begin, again) = (begin.clone(), again.clone());
        async move {
            line.read().await;
            line.write(begin).await;
            while line.write(&again).await {}
        }
    })
    .await
}

fn chunk(length: usize) -> Vec<u8> {
    [format!("{length:x}\r\n").into_bytes(), vec![b'x'; length], b"\r\n".to_vec()].concat()
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
