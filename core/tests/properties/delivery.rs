//! One delivery by any schedule, in any hands: senders that are late, die or tell things twice, people who resend,
//! and clocks that are turned back.

mod model;
mod plan;

use std::{collections::BTreeMap, time::Duration};

use hookproof_core::{
    Acknowledgement, Conclusion, Delivery, Jitter, Next, Outcome, Provider, Recorded, Retries, Timestamp,
};
use proptest::{collection::vec, prelude::*, strategy::ValueTree, test_runner::TestRunner};

use self::{
    model::Model,
    plan::{Act, Moment, Plan, outcomes, plans},
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn it_does_what_its_plainest_model_does(plan in plans()) {
        let mut model = Model::new(&plan);
        plan.play(|moment| {
            match moment.act {
                Act::Resend => model.resend(),
                Act::Jitter(share) => model.set_jitter(*share),
                Act::Report { .. } => {
                    let (attempt, outcome, told) = moment.report()?;
                    prop_assert_eq!(told, model.record(attempt, moment.now, outcome));
                }
                Act::Pass { .. } | Act::TurnBack { .. } | Act::UntilDue => {}
            }
            prop_assert_eq!(moment.after.next(moment.now), model.next(moment.now));
            prop_assert_eq!(moment.after.log(), model.log());
            Ok(())
        })?;
    }

    #[test]
    fn attempts_never_exceed_the_schedule_and_what_was_asked_for_by_hand(plan in plans()) {
        let (allowed, mut wishes) = (plan.delays.len() + 1, 0);
        plan.play(|moment| {
            wishes += usize::from(matches!(moment.act, Act::Resend));
            let by_hand = moment.after.log().iter().filter(|attempt| attempt.by_hand).count();
            prop_assert!(by_hand <= wishes, "{by_hand} by hand");
            prop_assert!(moment.after.log().len() - by_hand <= allowed, "{:?}", moment.after.log());
            Ok(())
        })?;
    }

    #[test]
    fn a_wait_is_never_over_nor_endless_and_a_deadline_never_past(plan in plans()) {
        plan.play(|moment| {
            match moment.after.next(moment.now) {
                Next::Wait { until } => {
                    prop_assert!(until > moment.now);
                    let sends = matches!(moment.after.next(until), Next::Send { .. });
                    prop_assert!(sends, "who waited as long as told is to send");
                }
                Next::Send { deadline, .. } => {
                    prop_assert_eq!(deadline, moment.now.saturating_add(plan.limit));
                }
                Next::Done(_) => {}
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_is_done_stays_so_unless_it_is_resent(plan in plans()) {
        plan.play(|moment| {
            let (before, after) = (moment.before.next(moment.now), moment.after.next(moment.now));
            if let (Next::Done(_), false) = (before, matches!(moment.act, Act::Resend)) {
                prop_assert_eq!(after, before);
                prop_assert_eq!(moment.after.log(), moment.before.log());
            }
            // By hand, a failure is made good, and a delivery is never undone.
            let was_delivered = moment.before.log().iter().any(|attempt| plan.acknowledges(attempt.outcome));
            if let (true, Next::Done(conclusion)) = (was_delivered, after) {
                prop_assert_eq!(conclusion, Conclusion::Delivered);
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_log_is_the_reports_that_were_applied_and_telling_them_again_changes_nothing(
        plan in plans(),
        again in outcomes(),
    ) {
        let mut applied = Vec::new();
        plan.play(|moment| {
            match moment.told {
                Some((attempt, outcome, Recorded::Applied)) => applied.push((attempt, moment.now, outcome)),
                Some((_, _, Recorded::Ignored)) => prop_assert_eq!(moment.after, moment.before),
                None => {}
            }
            let log = moment.after.log().iter();
            let log: Vec<_> = log.map(|attempt| (attempt.number, attempt.ended, attempt.outcome)).collect();
            prop_assert_eq!(&log, &applied);
            prop_assert!(log.iter().map(|(number, ..)| *number).eq(1..=u32::try_from(log.len()).expect("few")));

            let mut delivery = moment.after.clone();
            for (attempt, at, outcome) in log {
                prop_assert_eq!(delivery.record(attempt, at, outcome), Recorded::Ignored);
                prop_assert_eq!(delivery.record(attempt, moment.now, again), Recorded::Ignored);
            }
            prop_assert_eq!(&delivery, moment.after);
            Ok(())
        })?;
    }

    #[test]
    fn asking_at_any_moment_changes_nothing(plan in plans(), moments in vec(any::<u64>(), 4)) {
        plan.play(|moment| {
            let asked = moment.after.clone();
            for at in &moments {
                asked.next(Timestamp::from_unix_millis(*at));
            }
            prop_assert_eq!(&asked, moment.after);
            prop_assert_eq!(asked.next(moment.now), moment.after.next(moment.now));
            Ok(())
        })?;
    }

    /// TT-6, TT-12 and TT-13, with the 45 h 10 min by which the last attempt has ended, whatever the jitter.
    #[test]
    fn an_exhausted_turratech_delivery_lasts_as_long_as_its_table_and_its_attempts(
        took in vec(0..=30_000_u64, 8),
        shares in vec(prop_oneof![Just(-200), Just(0), Just(200), -200..=200], 8),
        start in 0..4_000_000_000_000_u64,
    ) {
        let turratech = Provider::built_in("turratech").expect("built in");
        let Retries::Schedule(schedule) = &turratech.retries else { panic!("published") };
        let limit = turratech.time_limit.expect("published");
        let start = Timestamp::from_unix_millis(start);
        let mut delivery = Delivery::new(schedule.clone(), limit, Acknowledgement::AnySuccess, start);
        let (mut now, mut attempts) = (start, 0);
        loop {
            match delivery.next(now) {
                Next::Wait { until } => {
                    prop_assert!(until > now);
                    now = until;
                }
                Next::Send { attempt, .. } => {
                    attempts += 1;
                    let (took, share) = (took[attempts - 1], shares[attempts - 1]);
                    now = now.saturating_add(Duration::from_millis(took));
                    delivery.set_jitter(Jitter::per_mille(share).expect("within a fifth"));
                    prop_assert_eq!(delivery.record(attempt, now, Outcome::TimedOut), Recorded::Applied);
                }
                Next::Done(conclusion) => break prop_assert_eq!(conclusion, Conclusion::Exhausted),
            }
        }
        prop_assert_eq!(attempts, schedule.attempts());
        let lasted = now.saturating_since(start);
        let sending = Duration::from_millis(took.iter().sum());
        prop_assert!(lasted >= schedule.total() * 4 / 5 + sending, "{lasted:?}");
        prop_assert!(lasted <= schedule.total() * 6 / 5 + sending, "{lasted:?}");
        prop_assert!(lasted <= Duration::from_secs(45 * 3_600 + 10 * 60), "{lasted:?}");
        if shares.iter().all(|share| *share == 0) {
            prop_assert_eq!(lasted, schedule.total() + sending);
            prop_assert!(lasted <= schedule.longest(limit));
        }
    }
}

/// A property says little when its plans never come to the states that it speaks of.
#[test]
fn the_plans_reach_every_state_that_the_properties_speak_of() {
    const PLANS: usize = 1_000;
    let mut runner = TestRunner::deterministic();
    let mut reached: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..PLANS {
        let plan = plans().new_tree(&mut runner).expect("nothing is filtered").current();
        let mut here: BTreeMap<&str, bool> = BTreeMap::new();
        let mut latest = Timestamp::default();
        let judged = plan.play(|moment| {
            for (state, is_here) in states(&plan, &moment, latest) {
                *here.entry(state).or_default() |= is_here;
            }
            latest = latest.max(moment.now);
            Ok(())
        });
        judged.expect("nothing was judged");
        for (state, is_here) in here {
            *reached.entry(state).or_default() += usize::from(is_here);
        }
    }
    for (state, plans) in reached {
        assert!(plans >= PLANS / 20, "{state}: {plans} of {PLANS} plans");
    }
}

fn states(plan: &Plan, moment: &Moment<'_>, latest: Timestamp) -> [(&'static str, bool); 11] {
    let log = moment.after.log();
    let (before, after) = (moment.before.next(moment.now), moment.after.next(moment.now));
    let is_applied = matches!(moment.told, Some((.., Recorded::Applied)));
    let is_resent = matches!(moment.act, Act::Resend);
    let (delivered, exhausted) = (Next::Done(Conclusion::Delivered), Next::Done(Conclusion::Exhausted));
    [
        ("waiting for a retry", matches!(after, Next::Wait { .. }) && !log.is_empty()),
        ("a retry is due", matches!(after, Next::Send { attempt: 2.., .. })),
        ("exhausted after several retries", after == exhausted && plan.delays.len() > 1),
        ("delivered after several attempts", after == delivered && log.len() > 2),
        ("ignored", matches!(moment.told, Some((.., Recorded::Ignored))) && !log.is_empty()),
        ("resent after it was exhausted", before == exhausted && is_resent),
        ("resent after it was delivered", before == delivered && is_resent),
        ("resent while waiting", matches!(before, Next::Wait { .. }) && is_resent),
        ("made by hand", is_applied && log.last().is_some_and(|attempt| attempt.by_hand)),
        ("told after the clock was turned back", is_applied && moment.now < latest),
        ("told near the end of time", is_applied && moment.now.as_unix_millis() > u64::MAX / 2),
    ]
}
