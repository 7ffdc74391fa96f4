//! Endpoints that are slow, silent or gone.

use std::time::Duration;

use tokio::time::sleep;

use crate::{
    endpoint::{Endpoint, Line, OK},
    row::row,
};

#[tokio::test]
async fn c01_headers_that_drip_end_at_the_deadline() {
    row!().holds(dripping("HTTP/1.1 200 OK\r\nx-slow: ").await).await;
}

#[tokio::test]
async fn c02_a_body_that_drips_ends_at_the_deadline() {
    row!().holds(dripping("HTTP/1.1 200 OK\r\ncontent-length: 999999\r\n\r\n").await).await;
}

#[tokio::test]
async fn c09_a_100_and_then_nothing_ends_at_the_deadline() {
    row!().holds(Endpoint::answering_and_staying("HTTP/1.1 100 Continue\r\n\r\n").await).await;
}

#[tokio::test]
async fn c15_a_reset_on_accept_is_told_and_nothing_is_sent_again() {
    row!().holds(Endpoint::playing(|line| async move { line.reset() }).await).await;
}

#[tokio::test]
async fn c15_a_reset_in_the_run_does_not_end_it() {
    let endpoint = Endpoint::playing(|mut line| async move {
        match line.number {
            1 => line.reset(),
            _ => line.acknowledge().await,
        }
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c17_an_endpoint_that_never_answers_ends_at_the_deadline() {
    row!().holds(Endpoint::answering_and_staying("").await).await;
}

#[tokio::test]
async fn c18_an_endpoint_that_never_reads_ends_at_the_deadline() {
    let endpoint = Endpoint::playing(|line| async move {
        line.shut().await;
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c19_a_close_without_an_answer_is_not_tried_again() {
    row!().holds(Endpoint::answering("").await).await;
}

#[tokio::test]
async fn c30_an_answer_after_the_deadline_is_none() {
    let endpoint = Endpoint::playing(|mut line| async move {
        line.read().await;
        line.stay().await;
        line.write(OK).await;
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c31_a_head_in_time_with_its_body_after_the_deadline_is_no_answer() {
    let endpoint = Endpoint::playing(|mut line| async move {
        line.read().await;
        line.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n").await;
        line.stay().await;
        line.write("ok").await;
    });
    row!().holds(endpoint.await).await;
}

/// Writes this and then a byte now and then, for as long as the client listens.
async fn dripping(begin: &'static str) -> Endpoint {
    Endpoint::playing(move |mut line: Line| async move {
        line.read().await;
        line.write(begin).await;
        while line.write("x").await {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}
