//! One delivery in any hands: what to do next follows from its log alone.

use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use hookproof_core::{
    Acknowledgement, Attempt, Conclusion, Delivery, Jitter, Next, Outcome, Recorded, RetrySchedule, Timestamp,
};

use super::span::Span;

/// Any operations on one delivery, its clock turned back included.
pub fn delivery(data: &[u8]) {
    let Ok(plan) = Plan::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let mut now = Timestamp::default().saturating_add(plan.due.duration());
    let mut model = Model::new(&plan, now);
    let schedule = RetrySchedule::new(model.delays.clone());
    let mut delivery = Delivery::new(schedule, model.limit, model.acknowledgement, now);
    for act in plan.acts {
        match act {
            Act::Wait(span) => now = now.saturating_add(span.duration()),
            Act::TurnBack(span) => now = now.saturating_sub(span.duration()),
            Act::UntilDue => {
                if let Next::Wait { until } = delivery.next(now) {
                    now = until;
                }
            }
            Act::Resend => {
                delivery.resend();
                model.by_hand += u32::from(!model.resending);
                model.resending = true;
            }
            Act::SetJitter(share) => {
                if let Some(jitter) = Jitter::per_mille(share.into()) {
                    delivery.set_jitter(jitter);
                    model.jitter = share.into();
                }
            }
            Act::Record { late, outcome } => {
                let attempt = model.awaited().saturating_sub(late.into());
                let before = delivery.clone();
                let recorded = delivery.record(attempt, now, outcome.told());
                assert_eq!(recorded, model.record(attempt, now, outcome.told()));
                if recorded == Recorded::Applied {
                    // A repeated report changes nothing.
                    let after = delivery.clone();
                    assert_eq!(delivery.record(attempt, now, Outcome::Answered(200)), Recorded::Ignored);
                    assert_eq!(delivery, after);
                } else {
                    assert_eq!(delivery, before, "what is ignored changes nothing");
                }
            }
        }
        let before = delivery.clone();
        assert_eq!(delivery.next(now), model.next(now));
        assert_eq!(delivery, before, "asking changes nothing");
        model.holds(&delivery, now);
    }
    #[cfg(feature = "serde")]
    super::saved::outlives_the_process(&delivery);
}

#[derive(Arbitrary, Debug)]
struct Plan {
    delays: Vec<Span>,
    limit: Span,
    exactly: Option<u8>,
    due: Span,
    acts: Vec<Act>,
}

#[derive(Arbitrary, Debug)]
enum Act {
    Wait(Span),
    TurnBack(Span),
    UntilDue,
    Resend,
    SetJitter(i16),
    Record { late: u8, outcome: Told },
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Told {
    Success(u8),
    Answered(u16),
    TimedOut,
    Unreachable,
}

impl Told {
    fn told(self) -> Outcome {
        match self {
            Self::Success(beyond) => Outcome::Answered(200 + u16::from(beyond)),
            Self::Answered(status) => Outcome::Answered(status),
            Self::TimedOut => Outcome::TimedOut,
            Self::Unreachable => Outcome::Unreachable,
        }
    }
}

/// What somebody knows who has only the configuration and the reports.
struct Model {
    delays: Vec<Duration>,
    limit: Duration,
    acknowledgement: Acknowledgement,
    due: Timestamp,
    jitter: i32,
    resending: bool,
    /// Attempts that were asked for by hand.
    by_hand: u32,
    log: Vec<Attempt>,
}

impl Model {
    fn new(plan: &Plan, due: Timestamp) -> Self {
        Self {
            delays: plan.delays.iter().take(LONGEST).map(|delay| delay.duration()).collect(),
            limit: plan.limit.duration(),
            acknowledgement: match plan.exactly {
                None => Acknowledgement::AnySuccess,
                Some(beyond) => Acknowledgement::Exactly(200 + u16::from(beyond)),
            },
            due,
            jitter: 0,
            resending: false,
            by_hand: 0,
            log: Vec::new(),
        }
    }

    fn next(&self, now: Timestamp) -> Next {
        match self.conclusion() {
            Some(conclusion) if !self.resending => Next::Done(conclusion),
            None if !self.resending && now < self.due => Next::Wait { until: self.due },
            _ => Next::Send { attempt: self.awaited(), deadline: now.saturating_add(self.limit) },
        }
    }

    fn record(&mut self, attempt: u32, now: Timestamp, outcome: Outcome) -> Recorded {
        let over = self.conclusion().is_some() && !self.resending;
        if attempt != self.awaited() || over {
            return Recorded::Ignored;
        }
        let by_hand = std::mem::take(&mut self.resending);
        let delay = self.delays.get(self.scheduled()).copied();
        if let (false, Some(delay)) = (by_hand, delay) {
            let shift = delay.as_nanos() * u128::from(self.jitter.unsigned_abs()) / 1_000;
            let nanos =
                if self.jitter < 0 { delay.as_nanos() - shift } else { delay.as_nanos() + shift } / 1_000_000;
            let millis = u64::try_from(nanos).unwrap_or(u64::MAX);
            self.due = now.saturating_add(Duration::from_millis(millis));
        }
        self.log.push(Attempt { number: attempt, ended: now, outcome, by_hand });
        Recorded::Applied
    }

    fn conclusion(&self) -> Option<Conclusion> {
        if self.log.iter().any(|attempt| self.is_acknowledged(attempt.outcome)) {
            Some(Conclusion::Delivered)
        } else if self.scheduled() > self.delays.len() {
            Some(Conclusion::Exhausted)
        } else {
            None
        }
    }

    fn is_acknowledged(&self, outcome: Outcome) -> bool {
        match (outcome, self.acknowledgement) {
            (Outcome::Answered(status), Acknowledgement::AnySuccess) => status / 100 == 2,
            (Outcome::Answered(status), Acknowledgement::Exactly(only)) => status == only,
            (Outcome::TimedOut | Outcome::Unreachable, _) => false,
        }
    }

    fn scheduled(&self) -> usize {
        self.log.iter().filter(|attempt| !attempt.by_hand).count()
    }

    fn awaited(&self) -> u32 {
        u32::try_from(self.log.len()).map_or(u32::MAX, |made| made + 1)
    }

    /// What must hold in every state, whatever the model says.
    fn holds(&self, delivery: &Delivery, now: Timestamp) {
        assert_eq!(delivery.log(), self.log);
        let allowed = self.delays.len() + 1 + self.by_hand as usize;
        assert!(delivery.log().len() <= allowed, "more attempts than the schedule and the hand have");
        if let Next::Wait { until } = delivery.next(now) {
            assert!(until > now, "a wait that is over");
        }
    }
}

/// Longer schedules show nothing that these do not.
const LONGEST: usize = 12;
