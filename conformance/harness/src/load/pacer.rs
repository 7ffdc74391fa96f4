//! Who keeps the schedule of an open loop.

use std::{
    ops::ControlFlow,
    panic::resume_unwind,
    sync::{Arc, atomic::Ordering},
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::{
    sync::{Mutex, mpsc},
    time::Instant,
};

use super::{LATE, Progress, turn};

/// Hands out the places of a schedule, each when it is due. A thread does it: the runtime's timers go by whole milliseconds,
/// which would be told as the endpoint's.
pub(super) struct Pacer {
    due: Mutex<mpsc::Receiver<(u64, Instant)>>,
    thread: JoinHandle<Option<Left>>,
}

/// What was not even handed out when the time of a load was over: nobody had asked for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) places: u64,
    /// For how long, in the middle of them.
    pub(super) waited: Duration,
}

/// Which places are handed out, and when.
pub(super) struct Schedule {
    /// Places a second.
    pub(super) rate: f64,
    pub(super) began: Instant,
    /// No place is due later than this after the beginning.
    pub(super) duration: Duration,
    /// How many places there are at the most.
    pub(super) count: Option<u64>,
    /// The first place that is ours; from there every `step`th one is.
    pub(super) first: u64,
    pub(super) step: u64,
}

impl Pacer {
    pub(super) fn start(schedule: Schedule, progress: Arc<Progress>) -> Self {
        let (hand, due) = mpsc::channel(WAITING);
        let thread = thread::spawn(move || schedule.keep(&hand, &progress));
        Self { due: Mutex::new(due), thread }
    }

    /// The next place, as soon as it is due, and since when it is; nothing when all were handed out. What is not asked for
    /// at its time waits.
    pub(super) async fn next(&self) -> Option<(u64, Instant)> {
        self.due.lock().await.recv().await
    }

    /// What is left when nobody asks any more.
    pub(super) fn end(self) -> Option<Left> {
        drop(self.due);
        self.thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl Schedule {
    /// Hands out all of it, or as much as is asked for before its time is over.
    fn keep(self, hand: &mpsc::Sender<(u64, Instant)>, progress: &Progress) -> Option<Left> {
        for number in 0..self.places() {
            let (place, due) = self.place(number);
            wait(due, progress).continue_value()?;
            let now = Instant::now();
            if now > self.began + self.duration + LATE {
                let places = self.places() - number;
                let (_, middle) = self.place(number + places / 2);
                return Some(Left { places, waited: now.saturating_duration_since(middle) });
            }
            hand.blocking_send((place, due)).ok()?;
            progress.taken.fetch_add(1, Ordering::Relaxed);
        }
        None
    }

    /// How many places are ours.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "more than 2^64 are sent by nobody"
    )]
    fn places(&self) -> u64 {
        let all = (self.rate * self.duration.as_secs_f64()).ceil() as u64;
        let all = self.count.map_or(all, |count| all.min(count));
        all.saturating_sub(self.first).div_ceil(self.step)
    }

    /// One of ours, and when it is due.
    fn place(&self, number: u64) -> (u64, Instant) {
        let place = self.first + number * self.step;
        let due = Duration::try_from_secs_f64(turn::seconds(place, self.rate)).unwrap_or(self.duration);
        (place, self.began + due.min(self.duration))
    }
}

/// Until a moment, unless the load is ended before.
fn wait(moment: Instant, progress: &Progress) -> ControlFlow<()> {
    loop {
        if progress.stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        let left = moment.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return ControlFlow::Continue(());
        }
        thread::sleep(left.min(GLANCE));
    }
}

/// How many places may be due that nobody has asked for yet.
const WAITING: usize = 4_096;

/// How soon it is noticed that a load was ended.
const GLANCE: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(count: Option<u64>, duration: Duration) -> Schedule {
        Schedule { rate: 1_000.0, began: Instant::now(), duration, count, first: 1, step: 3 }
    }

    #[test]
    fn a_share_of_the_schedule_has_each_third_place_to_the_end() {
        let places = |count, millis| {
            let schedule = schedule(count, Duration::from_millis(millis));
            let each = (0..schedule.places()).map(|number| schedule.place(number));
            each.map(|(place, due)| {
                assert_eq!(due - schedule.began, Duration::from_millis(place));
                place
            })
            .collect::<Vec<_>>()
        };
        assert_eq!(places(None, 8), [1, 4, 7]);
        assert_eq!(places(None, 7), [1, 4], "what is due at the end is not sent");
        assert_eq!(places(Some(4), 1_000), [1]);
        assert_eq!(places(Some(1), 1_000), [] as [u64; 0]);
    }

    #[tokio::test]
    async fn nothing_is_handed_out_before_its_time_or_twice() {
        let progress = Arc::new(Progress::default());
        let pacer = Pacer::start(schedule(Some(50), Duration::from_secs(600)), Arc::clone(&progress));
        let mut handed = Vec::new();
        while let Some((place, due)) = pacer.next().await {
            assert!(Instant::now() >= due);
            handed.push(place);
        }
        assert_eq!(handed, (1..50).step_by(3).collect::<Vec<_>>());
        assert_eq!(progress.taken.load(Ordering::Relaxed), 17);
        assert_eq!(pacer.end(), None);
    }

    #[tokio::test]
    async fn it_ends_with_the_load() {
        let progress = Arc::new(Progress::default());
        let late = Schedule { rate: 0.001, ..schedule(None, Duration::from_secs(86_400)) };
        let pacer = Pacer::start(late, Arc::clone(&progress));
        progress.stop.store(true, Ordering::Relaxed);
        assert_eq!(pacer.next().await, None);
        assert_eq!(pacer.end(), None);
    }

    #[test]
    fn what_nobody_asked_for_in_time_is_left_and_not_kept() {
        let began = Instant::now().checked_sub(Duration::from_millis(3_700)).expect("it was after the start");
        let duration = Duration::from_millis(100);
        let schedule = Schedule { rate: 1e9, began, duration, count: None, first: 0, step: 2 };
        let (hand, _due) = mpsc::channel(1);
        let Left { places, waited } = schedule.keep(&hand, &Progress::default()).expect("it is over");
        assert_eq!(places, 50_000_000);
        assert!(waited >= Duration::from_millis(3_650), "{waited:?}");
    }
}
