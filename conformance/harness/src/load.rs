//! Load: many events, each one unique and signed as it leaves, and how soon they are answered.
//!
//! In a *closed* loop each connection sends its next event when the last one is answered, so a slow endpoint slows the
//! load down and its slowness is seldom seen. In an *open* loop each event has its time beforehand; what waits for an
//! endpoint that is slow just then counts from that time ([`Figures::response`]), not from when it could leave.

mod editions;
mod figures;
mod kept;
mod lane;
mod pacer;
mod turn;

use std::{
    cell::RefCell,
    io,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use hookproof_core::{Acknowledgement, Timestamp};
use hookproof_suite::Bench;
use tokio::{
    runtime::{Builder, Runtime},
    task::{JoinSet, LocalSet},
    time::Instant,
};

use self::{
    editions::{Editions, Source},
    kept::Kept,
    pacer::{Left, Pacer, Schedule},
};
pub use self::{
    figures::{Figures, LATE, Second, Times, Trouble},
    turn::Turn,
};
use crate::{Clock, Target, wire};

/// What is sent, how fast and for how long.
#[derive(Clone, Debug)]
pub struct Load {
    /// Where to.
    pub target: Target,
    /// When the next event leaves.
    pub pace: Pace,
    /// How many connections there are at the most, each kept open.
    pub connections: usize,
    /// How long events leave.
    pub duration: Duration,
    /// How many leave at the most.
    pub count: Option<u64>,
    /// Which share of what is sent was sent before: from 0, below 1.
    pub duplicates: f64,
    /// Which of the events sent before comes again is drawn from this.
    pub seed: u64,
}

/// When events leave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// As soon as a connection is free.
    Closed,
    /// So many a second, whatever becomes of them.
    Open(f64),
}

/// How far a load is, and the switch that ends it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Taken from the schedule, dropped or not.
    pub taken: AtomicU64,
    /// Acknowledged by now.
    pub acknowledged: AtomicU64,
    /// Answered otherwise, or not at all.
    pub failed: AtomicU64,
    /// Nothing more is sent once this is set.
    pub stop: AtomicBool,
}

impl Load {
    /// Sends events of `bench`, and waits for what was sent: at the most for as long as one answer may take.
    ///
    /// # Errors
    ///
    /// When the events cannot be numbered, see [`Bench::mould`], or no further file may be opened.
    pub async fn run(&self, bench: Bench, progress: Arc<Progress>) -> Result<Figures, String> {
        let source = Arc::new(Source::new(bench)?);
        let threads = thread::available_parallelism().map_or(1, usize::from).min(self.connections).max(1);
        let runtimes = match tokio::task::spawn_blocking(move || runtimes(threads)).await {
            Ok(runtimes) => runtimes.map_err(|error| format!("no runtime can be started: {error}"))?,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        let (clock, began) = (Clock::start(), Instant::now());
        let working = runtimes.into_iter().enumerate().map(|(thread, runtime)| {
            let (load, source, progress) = (self.clone(), Arc::clone(&source), Arc::clone(&progress));
            tokio::task::spawn_blocking(move || {
                let connections =
                    load.connections / threads + usize::from(thread < load.connections % threads);
                let pacer = load.pacer([thread, threads], began, &progress);
                let opening = wire::opening(&load.target.url, &source.bench.setting.headers);
                let rule = source.bench.provider.acknowledgement;
                let (editions, kept) = (Editions::new(source), Kept::default());
                let shift = Shift { load, opening, editions, rule, kept, pacer, progress, clock, began };
                shift.work(&runtime, connections)
            })
        });
        let working: Vec<_> = working.collect();
        let mut figures = Figures::default();
        for thread in working {
            match thread.await {
                Ok(its) => figures.add(&its),
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            }
        }
        figures.took = began.elapsed();
        Ok(figures)
    }

    /// Who keeps one thread's share of the schedule, in an open loop.
    fn pacer(&self, share: [usize; 2], began: Instant, progress: &Arc<Progress>) -> Option<Pacer> {
        let Pace::Open(rate) = self.pace else { return None };
        let [first, step] = share.map(|number| u64::try_from(number).unwrap_or(u64::MAX));
        let schedule = Schedule { rate, began, duration: self.duration, count: self.count, first, step };
        Some(Pacer::start(schedule, Arc::clone(progress)))
    }
}

/// One for each thread, before the first of them sends: its connections may take all the files that there are.
fn runtimes(threads: usize) -> io::Result<Vec<Runtime>> {
    (0..threads).map(|_| Builder::new_current_thread().enable_all().build()).collect()
}

/// What the lanes of one thread share.
struct Shift {
    load: Load,
    /// Of every request.
    opening: Vec<u8>,
    editions: Editions,
    rule: Acknowledgement,
    kept: Kept,
    /// Of an open loop.
    pacer: Option<Pacer>,
    progress: Arc<Progress>,
    clock: Clock,
    began: Instant,
}

impl Shift {
    /// Sends over so many connections until all have left.
    fn work(self, runtime: &Runtime, connections: usize) -> Figures {
        let shift = Rc::new(self);
        let figures = Rc::new(RefCell::new(Figures::default()));
        let lanes = async {
            let mut lanes = JoinSet::new();
            for _ in 0..connections {
                lanes.spawn_local(lane::run(Rc::clone(&shift), Rc::clone(&figures)));
            }
            lanes.join_all().await;
        };
        runtime.block_on(LocalSet::new().run_until(lanes));
        let mut figures = figures.take();
        let pacer = Rc::into_inner(shift).and_then(|shift| shift.pacer);
        if let Some(Left { places, waited }) = pacer.and_then(Pacer::end) {
            figures.dropped += places;
            figures.response.note_each(places, waited);
        }
        figures
    }

    /// The next delivery and, in an open loop, when it was due; nothing when all have left.
    async fn next(&self) -> Option<(u64, Option<Instant>)> {
        if let Some(pacer) = &self.pacer {
            let (place, due) = pacer.next().await?;
            // What waited for a connection when the load was ended never leaves.
            return (!self.is_ended()).then_some((place, Some(due)));
        }
        if self.is_ended() || self.is_over() {
            return None;
        }
        let place = self.progress.taken.fetch_add(1, Ordering::Relaxed);
        if self.load.count.is_none_or(|count| place < count) {
            return Some((place, None));
        }
        self.progress.taken.fetch_sub(1, Ordering::Relaxed);
        None
    }

    /// Whether the time is over in which events leave.
    fn is_over(&self) -> bool {
        self.began.elapsed() >= self.load.duration
    }

    fn is_ended(&self) -> bool {
        self.progress.stop.load(Ordering::Relaxed)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
