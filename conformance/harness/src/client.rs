//! Delivers requests: a connection each, or one for every lane; one deadline; no redirect, no hidden retry.

use std::{
    collections::HashMap,
    future::pending,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hookproof_suite::{Failure, Outcome, Request};
use tokio::{
    sync::watch,
    task::{JoinSet, yield_now},
    time::{Instant, sleep, timeout},
};

use crate::{
    LookupApi, Target,
    connection::{Connection, connect},
    exchange::{cut, exchange},
    wire::Outgoing,
};

/// Sends to one target. Its clones share connections.
#[derive(Clone, Debug)]
pub struct Client {
    target: Arc<Target>,
    kept: Arc<Mutex<HashMap<Lane, Connection>>>,
    resent: Arc<AtomicUsize>,
    /// Where what is sent is known before it leaves.
    listed: Option<LookupApi>,
}

type Lane = (u16, u8);

impl Client {
    /// A client without any connection yet.
    pub fn new(target: Target) -> Self {
        Self { target: Arc::new(target), kept: Arc::default(), resent: Arc::default(), listed: None }
    }

    /// The same client, whose deliveries this API knows before they leave.
    #[must_use]
    pub fn listed_on(self, api: LookupApi) -> Self {
        Self { listed: Some(api), ..self }
    }

    /// Where it sends.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// How many requests went out again because their kept connection turned out closed.
    pub fn resent(&self) -> usize {
        self.resent.load(Ordering::Relaxed)
    }

    /// Sends a delivery of the suite; tells what became of it, and how long that took from before the
    /// look-up of the name. One that cannot be written is [`Failure::Unreachable`].
    pub async fn send(&self, request: &Request) -> (Outcome, Duration) {
        self.clone().finish(self.clone().prepare(self.written(request)).await, Company::Alone).await
    }

    /// Sends deliveries at the same moment: all are connected before the first is written. The answers are in
    /// the order of the requests, and waiting for the others' connections is not counted in their times. Requests
    /// that are held are given up when all others are over.
    pub async fn send_together(&self, requests: &[Request]) -> Vec<(Outcome, Duration)> {
        let ready = all(requests.iter().map(|request| self.clone().prepare(self.written(request)))).await;
        let together = ready.into_iter().zip(Company::of(requests));
        all(together.map(|(prepared, company)| self.clone().finish(prepared, company))).await
    }

    /// Sends one request as it is.
    pub async fn deliver(&self, outgoing: Outgoing) -> (Outcome, Duration) {
        self.clone().finish(self.clone().prepare(Ok(outgoing)).await, Company::Alone).await
    }

    fn written(&self, request: &Request) -> Result<Outgoing, Failure> {
        if let Some(api) = &self.listed {
            api.list(request);
        }
        Outgoing::delivery(&self.target.url, request)
            .map_err(|error| Failure::Unreachable(format!("not sent: {error}")))
    }

    async fn prepare(self, outgoing: Result<Outgoing, Failure>) -> Prepared {
        let began = Instant::now();
        let ready = match outgoing {
            Ok(outgoing) => {
                self.connection(&outgoing, began + self.target.time_limit).await.map(|held| (outgoing, held))
            }
            Err(failure) => Err(failure),
        };
        Prepared { ready, spent: began.elapsed() }
    }

    async fn finish(self, prepared: Prepared, company: Company) -> (Outcome, Duration) {
        let began = Instant::now();
        let outcome = match prepared.ready {
            Ok((outgoing, held)) => {
                let limit = self.target.time_limit;
                let patience = outgoing.transport.patience.map_or(limit, |own| own.min(limit));
                let deadline = began + patience.saturating_sub(prepared.spent);
                self.converse(&outgoing, held, deadline, company).await.unwrap_or_else(Outcome::Failed)
            }
            Err(failure) => Outcome::Failed(failure),
        };
        (outcome, prepared.spent + began.elapsed())
    }

    async fn converse(
        &self,
        outgoing: &Outgoing,
        held: Held,
        deadline: Instant,
        company: Company,
    ) -> Result<Outcome, Failure> {
        let Held { mut connection, reused } = held;
        let transport = &outgoing.transport;
        if let Some(longest) = transport.hold() {
            let leave = async { drop(timeout(longest, company.gone()).await) };
            return cut(connection, outgoing, leave, deadline).await.map(|()| Outcome::Cut);
        }
        if transport.cut_before_answer {
            return cut(connection, outgoing, sleep(transport.cut_after), deadline)
                .await
                .map(|()| Outcome::Cut);
        }
        let mut answer = exchange(&mut connection, outgoing, deadline).await;
        if reused && answer == Err(Failure::Closed { partial: false }) {
            // The server closed a connection that had been idle, as it may at any moment.
            self.resent.fetch_add(1, Ordering::Relaxed);
            connection = connect(&self.target, deadline).await?;
            answer = exchange(&mut connection, outgoing, deadline).await;
        }
        let received = answer?;
        if let (Some(lane), true) = (outgoing.transport.lane, received.reusable) {
            self.kept().insert(lane, connection);
        }
        Ok(Outcome::Answered(received.answer))
    }

    /// The connection of the request's lane if it can be used again, or a new one.
    async fn connection(&self, outgoing: &Outgoing, deadline: Instant) -> Result<Held, Failure> {
        let kept = outgoing.transport.lane.and_then(|lane| self.kept().remove(&lane));
        if let Some(mut connection) = kept {
            // Lets the runtime learn what has come on it meanwhile.
            yield_now().await;
            if connection.is_quiet() {
                return Ok(Held { connection, reused: true });
            }
        }
        Ok(Held { connection: connect(&self.target, deadline).await?, reused: false })
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Lane, Connection>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request with the connection that it will travel on, and the time that this took.
struct Prepared {
    ready: Result<(Outgoing, Held), Failure>,
    spent: Duration,
}

struct Held {
    connection: Connection,
    reused: bool,
}

/// Where a request stands among those that were sent together with it.
enum Company {
    /// There are none, or none that end by themselves.
    Alone,
    /// It ends by itself; this is dropped then.
    Ends(#[expect(dead_code, reason = "others see it dropped")] watch::Sender<()>),
    /// It is held for as long as one of the others lasts.
    Stays(watch::Receiver<()>),
}

impl Company {
    fn of(requests: &[Request]) -> Vec<Self> {
        let (ends, stays) = watch::channel(());
        let ending = requests.iter().any(|request| request.transport.hold().is_none());
        let places = requests.iter().map(|request| match request.transport.hold() {
            None => Self::Ends(ends.clone()),
            Some(_) if ending => Self::Stays(stays.clone()),
            Some(_) => Self::Alone,
        });
        places.collect()
    }

    /// When all of those are over that end by themselves.
    async fn gone(self) {
        match self {
            Self::Stays(mut others) => while others.changed().await.is_ok() {},
            Self::Alone | Self::Ends(_) => pending().await,
        }
    }
}

/// Runs futures side by side; what they come to, in their order.
async fn all<F>(futures: impl Iterator<Item = F>) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let mut running = JoinSet::new();
    for (place, future) in futures.enumerate() {
        running.spawn(async move { (place, future.await) });
    }
    let mut done = running.join_all().await;
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, output)| output).collect()
}
