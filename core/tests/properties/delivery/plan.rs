//! What may happen to a delivery, in any order.

use std::time::Duration;

use hookproof_core::{Acknowledgement, Delivery, Jitter, Next, Outcome, Recorded, RetrySchedule, Timestamp};
use proptest::{collection::vec, prelude::*};

/// A delivery, and what happens to it.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) delays: Vec<Duration>,
    pub(super) limit: Duration,
    pub(super) rule: Acknowledgement,
    pub(super) due: Timestamp,
    acts: Vec<Act>,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Time goes by.
    Pass { span: Duration },
    /// The clock is set.
    TurnBack { span: Duration },
    /// A sender that was told to wait does so.
    UntilDue,
    /// The report of an attempt, counted from the one that is awaited.
    Report { ahead: i32, outcome: Outcome },
    /// A wish for an attempt by hand.
    Resend,
    /// Another share of jitter, in thousandths.
    Jitter(i32),
}

/// An act that happened, and the delivery before and after it.
pub(super) struct Moment<'a> {
    pub(super) act: &'a Act,
    pub(super) now: Timestamp,
    /// Attempt, outcome and answer of a report.
    pub(super) told: Option<(u32, Outcome, Recorded)>,
    pub(super) before: &'a Delivery,
    pub(super) after: &'a Delivery,
}

impl Moment<'_> {
    pub(super) fn report(&self) -> Result<(u32, Outcome, Recorded), TestCaseError> {
        self.told.ok_or_else(|| TestCaseError::fail("a report that was not told"))
    }
}

impl Plan {
    /// Lets everything happen, and shows `judge` each act of it.
    pub(super) fn play(
        &self,
        mut judge: impl FnMut(Moment<'_>) -> Result<(), TestCaseError>,
    ) -> Result<(), TestCaseError> {
        let schedule = RetrySchedule::new(self.delays.clone());
        let mut delivery = Delivery::new(schedule, self.limit, self.rule, self.due);
        let mut now = self.due;
        for act in &self.acts {
            let before = delivery.clone();
            let mut told = None;
            match *act {
                Act::Pass { span } => now = now.saturating_add(span),
                Act::TurnBack { span } => now = now.saturating_sub(span),
                Act::UntilDue => {
                    if let Next::Wait { until } = delivery.next(now) {
                        now = until;
                    }
                }
                Act::Resend => delivery.resend(),
                Act::Jitter(share) => {
                    delivery.set_jitter(Jitter::per_mille(share).expect("within a fifth"));
                }
                Act::Report { ahead, outcome } => {
                    let awaited = u32::try_from(delivery.log().len()).expect("few") + 1;
                    let attempt = awaited.wrapping_add_signed(ahead);
                    told = Some((attempt, outcome, delivery.record(attempt, now, outcome)));
                }
            }
            judge(Moment { act, now, told, before: &before, after: &delivery })?;
        }
        Ok(())
    }

    pub(super) fn acknowledges(&self, outcome: Outcome) -> bool {
        match (outcome, self.rule) {
            (Outcome::Answered(status), Acknowledgement::AnySuccess) => (200..300).contains(&status),
            (Outcome::Answered(status), Acknowledgement::Exactly(only)) => status == only,
            (Outcome::TimedOut | Outcome::Unreachable, _) => false,
        }
    }
}

/// Short schedules, so that plans come to their end, and long lists of acts.
pub(super) fn plans() -> impl Strategy<Value = Plan> {
    let rule = prop_oneof![
        Just(Acknowledgement::AnySuccess),
        Just(Acknowledgement::Exactly(200)),
        any::<u16>().prop_map(Acknowledgement::Exactly),
    ];
    let due =
        prop_oneof![3 => 0..2_000_000_000_000_u64, 1 => any::<u64>(), 1 => u64::MAX - 60_000..=u64::MAX];
    (vec(spans(), 0..5), spans(), rule, due.prop_map(Timestamp::from_unix_millis), vec(acts(), 1..40))
        .prop_map(|(delays, limit, rule, due, acts)| Plan { delays, limit, rule, due, acts })
}

fn acts() -> impl Strategy<Value = Act> {
    let ahead = prop_oneof![6 => Just(0), 2 => -3..=3_i32, 1 => any::<i32>()];
    prop_oneof![
        6 => (ahead, outcomes()).prop_map(|(ahead, outcome)| Act::Report { ahead, outcome }),
        3 => Just(Act::UntilDue),
        2 => spans().prop_map(|span| Act::Pass { span }),
        1 => spans().prop_map(|span| Act::TurnBack { span }),
        1 => Just(Act::Resend),
        1 => prop_oneof![Just(-200), Just(200), -200..=200].prop_map(Act::Jitter),
    ]
}

/// Mostly failures: a delivery that succeeds at once shows little.
pub(super) fn outcomes() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        4 => prop_oneof![Just(500), Just(199), Just(300), Just(302), Just(0)].prop_map(Outcome::Answered),
        2 => Just(Outcome::TimedOut),
        2 => Just(Outcome::Unreachable),
        1 => prop_oneof![Just(200), Just(204), Just(299)].prop_map(Outcome::Answered),
        1 => any::<u16>().prop_map(Outcome::Answered),
    ]
}

/// From nothing to the longest that there is, finer than milliseconds too.
fn spans() -> impl Strategy<Value = Duration> {
    prop_oneof![
        1 => Just(Duration::ZERO),
        8 => (0..100_000_u64).prop_map(Duration::from_millis),
        2 => (0..40_000_000_000_000_u64).prop_map(Duration::from_nanos),
        1 => any::<u64>().prop_map(Duration::from_millis),
        1 => Just(Duration::MAX),
    ]
}
