//! A rehearsal: what a run tells of one event's life.

use hookproof_core::Conclusion;
use hookproof_suite::{
    Plan, Selection, Setting,
    life::{Fault, Rehearsal},
};

use crate::driver::{plan, run, sound};

#[test]
fn a_life_is_told_attempt_by_attempt() {
    let base = plan();
    let faults = "undelivered,answer-lost".parse().expect("there are such faults");
    let rehearsal = Some(Rehearsal { faults, moves_clock: false });
    let plan = Plan {
        setting: Setting { rehearsal, ..base.setting.clone() },
        selection: Selection::baseline(),
        ..base
    };
    let (mut run, driver) = run(plan, sound("turratech"));
    let life = run.life().expect("one was rehearsed");
    let told: Vec<_> = life
        .attempts
        .iter()
        .map(|attempt| (attempt.number, attempt.fault, attempt.exchanges.len(), attempt.effects))
        .collect();
    assert_eq!(
        told,
        [
            (1, Fault::Undelivered, 0, None),
            (2, Fault::AnswerLost, 1, Some(1)),
            (3, Fault::Nothing, 1, Some(1)),
        ]
    );
    assert_eq!(life.attempts[2].at.saturating_since(life.created).as_secs(), 35 * 60);
    assert_eq!(life.conclusion, Some(Conclusion::Delivered));
    assert_eq!(life.effects, Some(1));
    assert_eq!(driver.sent.len(), 4, "an ordinary event before it and one behind it");
}

#[test]
fn a_run_without_a_rehearsal_has_no_life_to_tell() {
    assert!(run(plan(), sound("turratech")).0.life().is_none());
}
