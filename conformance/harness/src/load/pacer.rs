//! Who keeps the schedule of an open loop.

use std::{
    ops::ControlFlow,
    sync::{Arc, atomic::Ordering},
    thread,
    time::Duration,
};

use tokio::{
    sync::{Mutex, mpsc},
    time::Instant,
};

use super::{Progress, turn};

/// Hands out the places of a schedule, each when it is due. A thread does it: the runtime's timers go by whole milliseconds,
/// which would be told as the endpoint's.
pub(super) struct Pacer(Mutex<mpsc::UnboundedReceiver<(u64, Instant)>>);

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
    pub(super) first: usize,
    pub(super) step: usize,
}

impl Pacer {
    pub(super) fn start(schedule: Schedule, progress: Arc<Progress>) -> Self {
        let (hand, due) = mpsc::unbounded_channel();
        thread::spawn(move || {
            for (place, moment) in schedule.places() {
                if wait(moment, &progress).is_break() || hand.send((place, moment)).is_err() {
                    return;
                }
                progress.taken.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self(Mutex::new(due))
    }

    /// The next place, as soon as it is due, and since when it is; nothing when all were handed out. What is not asked for
    /// at its time waits.
    pub(super) async fn next(&self) -> Option<(u64, Instant)> {
        self.0.lock().await.recv().await
    }
}

impl Schedule {
    fn places(self) -> impl Iterator<Item = (u64, Instant)> {
        let Self { rate, began, duration, count, first, step } = self;
        let first = u64::try_from(first).unwrap_or(u64::MAX);
        (first..count.unwrap_or(u64::MAX)).step_by(step).map_while(move |place| {
            let due = Duration::try_from_secs_f64(turn::seconds(place, rate)).ok()?;
            (due < duration).then(|| (place, began + due))
        })
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
            let began = schedule.began;
            schedule
                .places()
                .map(|(place, due)| {
                    assert_eq!(due - began, Duration::from_millis(place));
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
    }

    #[tokio::test]
    async fn it_ends_with_the_load() {
        let progress = Arc::new(Progress::default());
        let pacer = Pacer::start(
            Schedule { rate: 0.001, ..schedule(None, Duration::from_secs(86_400)) },
            Arc::clone(&progress),
        );
        progress.stop.store(true, Ordering::Relaxed);
        assert_eq!(pacer.next().await, None);
    }
}
