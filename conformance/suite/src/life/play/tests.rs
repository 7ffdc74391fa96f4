use alloc::{string::ToString, vec, vec::Vec};

use super::*;
use crate::{
    Setting,
    scene::{Played, STARTED, assert_verdict, bench_with, drafts, play, setting},
};

fn bench(faults: &str, setting: Setting) -> Bench {
    let rehearsal = Rehearsal { faults: faults.parse().unwrap(), moves_clock: false };
    bench_with("turratech", Setting { rehearsal: Some(rehearsal), ..setting })
}

fn rehearsed(faults: &str, replies: &[&str]) -> Played {
    play(&REHEARSAL, &bench(faults, setting()), replies)
}

/// The same replies eight times, and then the last count.
fn eight_times<'a>(each: &[&'a str], last: &'a str) -> Vec<&'a str> {
    let mut replies = each.repeat(8);
    replies.push(last);
    replies
}

#[test]
fn an_event_has_one_effect_whatever_befell_its_attempts() {
    for (faults, replies, expected) in [
        ("none", vec!["200", "1", "1"], "pass"),
        ("undelivered,answer-lost", vec!["cut", "1", "200", "1", "1"], "pass"),
        ("undelivered,answer-lost", vec!["cut", "0", "200", "1", "1"], "pass"),
        ("answer-lost", vec!["cut", "1", "200", "2", "2"], "fail: 2 effects"),
        ("answer-lost", vec!["cut", "1", "200", "1", "2"], "fail: 2 effects"),
        ("none", vec!["200", "0", "0"], "fail: no effect"),
        ("twice", vec!["200 x 1, 409 x 1", "1", "1"], "pass"),
        ("twice", vec!["200 x 2", "2", "2"], "fail: 2 effects"),
        ("restart", vec!["restarted", "200", "1", "1"], "pass"),
        ("restart", vec!["broke"], "unknown: the command ended with 1"),
        ("restart", vec!["cannot"], "unknown: --restart-cmd"),
        ("downstream-fails", vec!["set", "500", "set", "0", "200", "1", "1"], "pass"),
        ("downstream-fails", vec!["set", "200", "set", "1", "1"], "pass"),
        ("downstream-fails", vec!["no-downstream"], "unknown: --effects-listen"),
        // It may try again by itself, or not.
        ("downstream-fails", vec!["set", "200", "set", "0", "0"], "unknown: --own-retry-within"),
        ("none", vec!["500", "0", "200", "1", "1"], "pass"),
        ("answer-lost", vec!["cut", "no-observer", "200"], "unknown: --effects-listen"),
        ("answer-lost*8", eight_times(&["cut", "1"], "1"), "pass"),
        ("answer-lost*8", eight_times(&["cut", "0"], "0"), "pass"),
        ("answer-lost*8", eight_times(&["cut", "2"], "2"), "fail: 2 effects"),
        ("none", eight_times(&["500", "0"], "0"), "fail: attempt 1: 500"),
        ("none", eight_times(&["late", "1"], "1"), "fail: attempt 1: no answer within 30 s"),
        ("none", eight_times(&["409", "0"], "0"), "unknown: still busy at each attempt (409)"),
        ("undelivered*8", vec![], "unknown: no attempt was delivered"),
    ] {
        let played = rehearsed(faults, &replies);
        assert_verdict(&played.verdict, expected, faults);
    }
}

#[test]
fn who_promises_to_try_again_is_given_that_time() {
    let own_retry_within = Some(Duration::from_secs(20));
    let bench = bench("downstream-fails", Setting { own_retry_within, ..setting() });
    for (last, expected) in [("1", "pass"), ("0", "fail: no effect")] {
        let played = play(&REHEARSAL, &bench, &["set", "200", "set", "0", "0", last]);
        assert_verdict(&played.verdict, expected, last);
        let paused = |step: &Step| matches!(step, Step::Pause(within) if Some(*within) == own_retry_within);
        assert!(played.steps.iter().any(paused));
    }
}

#[test]
fn who_keeps_a_failed_event_is_held_to_the_time_that_it_promises() {
    let mut replies = vec!["set", "500", "set", "0"];
    replies.extend(["500", "0"].repeat(7));
    replies.push("0");
    for (own_retry_within, expected) in [
        (None, "unknown: --own-retry-within"),
        (Some(Duration::ZERO), "fail: attempt 2: 500"),
        (Some(Duration::from_secs(90)), "fail: attempt 2: 500"),
    ] {
        let bench = bench("downstream-fails", Setting { own_retry_within, ..setting() });
        let played = play(&REHEARSAL, &bench, &replies);
        assert_verdict(&played.verdict, expected, "kept");
        let longest = played
            .steps
            .iter()
            .filter_map(|step| if let Step::Pause(time) = step { Some(*time) } else { None });
        assert_eq!(longest.max(), own_retry_within.max(Some(A_MOMENT)));
    }
}

#[test]
fn every_attempt_has_the_same_bytes_and_a_signature_of_its_own() {
    let played = rehearsed("answer-lost*3", &["cut", "1", "cut", "1", "cut", "1", "200", "1", "1"]);
    let bench = bench("answer-lost*3", setting());
    let sealed: Vec<_> = drafts(&played).iter().map(|draft| bench.seal(draft, STARTED)).collect();
    assert_eq!(sealed.len(), 4);
    for (at, one) in sealed.iter().enumerate() {
        for other in &sealed[..at] {
            assert_eq!(one.body, other.body);
            assert_ne!(one.headers, other.headers);
        }
    }
    // 5 min, 30 min and 2 h after it was created, the fourth attempt is made.
    let created = STARTED.saturating_sub(Duration::from_secs(9_300)).as_unix_secs().to_string();
    assert!(core::str::from_utf8(&sealed[0].body).unwrap().contains(&created));
}

#[test]
fn an_endpoint_that_asks_for_time_gets_it_before_the_next_attempt() {
    let played = rehearsed("none", &["429 retry-after 3", "0", "200", "1", "1"]);
    let pauses: Vec<_> = played
        .steps
        .iter()
        .filter_map(|step| if let Step::Pause(time) = step { Some(*time) } else { None })
        .collect();
    assert_eq!(pauses, [Duration::from_secs(3)]);
}

#[test]
fn a_clock_that_obeys_is_moved_by_each_delay() {
    let rehearsal = Rehearsal { faults: "answer-lost*2".parse().unwrap(), moves_clock: true };
    let bench = bench_with("turratech", Setting { rehearsal: Some(rehearsal), ..setting() });
    let played = play(&REHEARSAL, &bench, &["cut", "1", "advanced", "cut", "1", "advanced", "200", "1", "1"]);
    assert_verdict(&played.verdict, "pass", "moved");
    let moved: Vec<u64> = played
        .steps
        .iter()
        .filter_map(|step| if let Step::AdvanceClock(by) = step { Some(by.as_secs()) } else { None })
        .collect();
    assert_eq!(moved, [300, 1_800]);
    let created = STARTED.as_unix_secs().to_string();
    assert!(core::str::from_utf8(&bench.seal(drafts(&played)[0], STARTED).body).unwrap().contains(&created));
}

#[test]
fn a_provider_without_a_schedule_has_no_such_life() {
    let rehearsal = Some(Rehearsal::default());
    let bench = bench_with("turnstay", Setting { rehearsal, ..setting() });
    assert!(life(&bench, &[]).is_none());
    assert!(REHEARSAL.not_applicable(&bench.provider, &bench.setting).is_some());
}
