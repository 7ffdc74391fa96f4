//! The loop between a run and the world: start what it asks for, tell it what happened.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hookproof_core::Timestamp;
use hookproof_suite::{Action, Need, Poll, Run, Ticket, Told};
use tokio::{task::JoinSet, time::sleep};

use crate::{Client, Controls, Observer, connection, inspect_tls};

/// Does everything that `run` asks for, until it has finished; `progress` is called after each result.
///
/// Dropping the future ends whatever is under way and leaves the run with the verdicts it has.
pub async fn drive(
    run: &mut Run,
    client: &Client,
    observer: &Observer,
    controls: &Controls,
    mut progress: impl FnMut(&Run),
) {
    let clock = Clock::start();
    let mut under_way: JoinSet<(Ticket, Told)> = JoinSet::new();
    loop {
        match run.poll(clock.now()) {
            Poll::Start(ticket, action) => {
                let (client, observer, controls) = (client.clone(), observer.clone(), controls.clone());
                under_way
                    .spawn(async move { (ticket, perform(action, &client, &observer, &controls).await) });
            }
            Poll::Wait => match under_way.join_next().await {
                Some(Ok((ticket, told))) => {
                    run.tell(ticket, clock.now(), told);
                    progress(run);
                }
                Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
                // A run waits only for what it has started.
                None => return,
            },
            Poll::Finished => return,
        }
    }
}

async fn perform(action: Action, client: &Client, observer: &Observer, controls: &Controls) -> Told {
    match (action, observer) {
        (Action::Send(requests), _) => Told::Outcomes(client.send_together(&requests).await),
        (Action::Pause(duration), _) => {
            sleep(duration).await;
            Told::Paused
        }
        (Action::Look { .. }, Observer::None) => Told::Cannot(Need::Observer),
        (Action::Look { id, .. }, observer) => Told::Reading(observer.look(&id).await),
        (Action::Set { tokens, downstream }, Observer::Sink(sink)) => {
            sink.set(tokens, downstream);
            Told::Set(downstream)
        }
        (Action::Set { .. }, _) => Told::Cannot(Need::Downstream),
        (Action::Restart, _) => controls.restart(client.target()).await,
        (Action::AdvanceClock(by), _) => controls.advance(by).await,
        (Action::Prepare(events), _) => controls.prepare(&events, client.target()).await,
        (Action::LookUp { host, port }, _) => {
            connection::look_up(&host, port, client.target()).await.map_or_else(Told::Failed, Told::Addresses)
        }
        (Action::InspectTls, _) => Told::Tls(inspect_tls(client.target()).await),
    }
}

/// The time of day when it was started, and from then on only what has passed: a system clock that is set
/// while a run goes on moves nothing.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall: Timestamp,
    began: Instant,
}

impl Clock {
    /// Reads the system's clock once.
    pub fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let millis = u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX);
        Self { wall: Timestamp::from_unix_millis(millis), began: Instant::now() }
    }

    /// The moment by this clock.
    pub fn now(&self) -> Timestamp {
        self.wall.saturating_add(self.began.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C66: only what has passed counts.
    #[test]
    fn the_clock_starts_at_the_time_of_day_and_never_goes_back() {
        let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let clock = Clock::start();
        let first = clock.now();
        assert!(first.as_unix_millis() >= u64::try_from(before.as_millis()).unwrap());
        let earlier = Clock { began: Instant::now() + Duration::from_secs(3600), ..clock };
        assert_eq!(earlier.now(), clock.wall, "a clock that was set back moves nothing");
        assert!(clock.now() >= first);
    }
}
