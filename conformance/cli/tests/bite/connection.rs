//! Endpoints that are slow, silent or gone.

use std::time::Duration;

use tokio::{io::AsyncWriteExt, time::sleep};

use crate::{
    endpoint::{ERROR, Endpoint, Line, OK, blackhole, mortal},
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

#[tokio::test]
async fn c38_an_endpoint_that_fails_every_second_event_is_called_flaky() {
    let endpoint = Endpoint::playing(|mut line| async move {
        line.read().await;
        line.write(if line.number % 2 == 0 { OK } else { ERROR }).await;
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c41_an_endpoint_that_stops_accepting_cannot_be_reached() {
    let (address, _filling) = blackhole().await;
    row!().run(&format!("http://{address}/hook"), &[]).await;
}

#[tokio::test]
async fn c56_an_end_while_we_still_send_is_told_and_breaks_nothing() {
    let endpoint = Endpoint::playing(|mut line| async move {
        if line.announces().await.is_some_and(|length| length > 1_000_000) {
            line.stream.shutdown().await.expect("it is open");
            line.stay().await;
        } else {
            line.acknowledge().await;
        }
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c57_a_kept_connection_that_was_closed_is_no_failure_and_the_second_sending_is_told() {
    let endpoint = Endpoint::playing(|mut line| async move {
        line.read().await;
        line.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n").await;
        // The next request meets a connection whose server has just decided to close it.
        line.read().await;
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c58_a_connection_that_is_kept_although_we_close_it_is_fine() {
    let answer =
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\nkeep-alive: timeout=0\r\n\r\n";
    let endpoint = Endpoint::playing(move |mut line| async move {
        while line.read().await.is_some() {
            line.write(answer).await;
        }
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c60_a_login_page_passes_by_its_status_and_is_warned_of() {
    let page = "<!doctype html><title>Log in</title><form action=/login>";
    let answer =
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{page}", page.len());
    row!().holds(Endpoint::answering(answer).await).await;
}

#[tokio::test]
async fn c62_an_answer_near_the_limit_is_warned_of() {
    let endpoint = Endpoint::playing(|mut line| async move {
        line.read().await;
        sleep(Duration::from_millis(1_600)).await;
        line.write(OK).await;
    });
    row!().holds(endpoint.await).await;
}

#[tokio::test]
async fn c65_an_endpoint_that_goes_away_in_the_run_is_told_and_the_run_ends() {
    let (listener, _port) = mortal();
    let endpoint = Endpoint::over(listener, 1, |mut line| async move { line.acknowledge().await });
    row!().holds(endpoint).await;
}
