//! One sender under load: the next event of the schedule, its answer, and so on.

use std::{cell::RefCell, rc::Rc, sync::atomic::Ordering, time::Duration};

use hookproof_suite::Failure;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, timeout_at},
};

use super::{Figures, LATE, Shift, Trouble, Turn};
use crate::{
    answer::AnswerReader,
    connection::{Connection, connect},
    tls,
};

/// Sends what the schedule has for this sender, until it has nothing more.
pub(super) async fn run(shift: Rc<Shift>, figures: Rc<RefCell<Figures>>) {
    let mut lane =
        Lane { request: Vec::with_capacity(ROOM), body: Vec::with_capacity(ROOM), buffer: vec![0; ROOM] };
    while let Some((place, due)) = shift.next().await {
        let left = Instant::now();
        let behind = due.map_or(Duration::ZERO, |due| left.saturating_duration_since(due));
        // Whoever found no connection by then finds none after the end either.
        if behind > shift.load.target.time_limit || (behind > LATE && shift.is_over()) {
            let mut figures = figures.borrow_mut();
            figures.dropped += 1;
            figures.response.note(behind);
            continue;
        }
        let turn = Turn::at(place, shift.load.duplicates, shift.load.seed);
        lane.write(&shift, turn);
        let deadline = left + shift.load.target.time_limit;
        let outcome = match timeout_at(deadline, lane.deliver(&shift, deadline, &figures)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::TimedOut { sent: true }),
        };
        let took = left.elapsed();
        let mut figures = figures.borrow_mut();
        figures.sent += 1;
        figures.again += u64::from(turn.again);
        figures.late += u64::from(behind > LATE);
        figures.bytes += u64::try_from(lane.request.len()).unwrap_or_default();
        let acknowledged = matches!(outcome, Ok(status) if shift.rule.accepts(status));
        match outcome {
            Ok(status) => {
                *figures.statuses.entry(status).or_default() += 1;
                figures.service.note(took);
                figures.response.note(behind + took);
            }
            Err(failure) => {
                // Whoever waited to the end of the limit waited: left out, the slowest would make the rest look quick.
                if let Failure::TimedOut { .. } = failure {
                    figures.service.note(took);
                    figures.response.note(behind + took);
                }
                *figures.troubles.entry(Trouble::of(&failure)).or_default() += 1;
            }
        }
        figures.over(shift.began.elapsed(), acknowledged, behind + took);
        let told = if acknowledged { &shift.progress.acknowledged } else { &shift.progress.failed };
        told.fetch_add(1, Ordering::Relaxed);
    }
}

struct Lane {
    request: Vec<u8>,
    body: Vec<u8>,
    buffer: Vec<u8>,
}

impl Lane {
    /// Makes the request of this turn, signed now.
    fn write(&mut self, shift: &Shift, turn: Turn) {
        self.request.clear();
        self.request.extend_from_slice(&shift.opening);
        shift.editions.pour(turn.event, |mould, number| {
            mould.pour(number, shift.now(), &mut self.request, &mut self.body);
        });
        self.request.extend_from_slice(format!("content-length: {}\r\n\r\n", self.body.len()).as_bytes());
        self.request.extend_from_slice(&self.body);
    }

    /// Sends it and reads the status of its answer. A kept connection that the endpoint closed meanwhile, as it may at
    /// any moment, is replaced once.
    async fn deliver(
        &mut self,
        shift: &Shift,
        deadline: Instant,
        figures: &RefCell<Figures>,
    ) -> Result<u16, Failure> {
        if let Some(mut connection) = shift.kept.take() {
            match exchange(&mut connection, &self.request, &mut self.buffer).await {
                Err(Failure::Closed { partial: false }) => figures.borrow_mut().resent += 1,
                Err(failure) => return Err(failure),
                Ok((status, reusable)) => {
                    shift.kept.put(connection, reusable);
                    return Ok(status);
                }
            }
        }
        let mut connection = connect(&shift.load.target, deadline).await?;
        let (status, reusable) = exchange(&mut connection, &self.request, &mut self.buffer).await?;
        shift.kept.put(connection, reusable);
        Ok(status)
    }
}

/// Writes a request and reads its answer; whether another one may follow.
async fn exchange(
    connection: &mut Connection,
    request: &[u8],
    buffer: &mut [u8],
) -> Result<(u16, bool), Failure> {
    let broken =
        |error: &std::io::Error| tls::failure_in(error).unwrap_or(Failure::Closed { partial: false });
    connection.write_all(request).await.map_err(|error| broken(&error))?;
    connection.flush().await.map_err(|error| broken(&error))?;
    let mut answer = AnswerReader::default();
    loop {
        let received = match connection.read(buffer).await {
            Ok(0) => return answer.close().map(|received| (received.answer.status, false)),
            Ok(length) => answer.push(buffer.get(..length).unwrap_or_default())?,
            Err(error) => return Err(broken(&error)),
        };
        if let Some(received) = received {
            return Ok((received.answer.status, received.reusable));
        }
    }
}

/// Room for a request and for what is read at once, in bytes: most events are shorter.
const ROOM: usize = 16 * 1024;
