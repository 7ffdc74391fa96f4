mod world;

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use super::*;
use crate::{
    Draft, Effects, EventName, Setting,
    scene::{assert_verdict, bench_with, setting},
};
use world::{Way, World, short_memory, sound};

fn bench_of_seed(seed: u64) -> Bench {
    bench_with("turratech", Setting { seed, ..setting() })
}

fn script_in(verdict: &Verdict) -> String {
    let Verdict::Fail { actual, .. } = verdict else { panic!("{verdict:?}") };
    actual.split_once('\n').expect("a script stands below").1.into()
}

fn replayed(script: &str) -> Bench {
    let replay = Some(script.parse().unwrap_or_else(|error| panic!("{error}: {script}")));
    bench_with("turratech", Setting { replay, ..setting() })
}

#[test]
fn a_sound_endpoint_passes_under_every_seed_and_every_provider() {
    for provider in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
        for seed in 1..=4 {
            for downstream in [Ok(()), Err(Need::Downstream)] {
                let bench = bench_with(provider, Setting { seed, ..setting() });
                let mut world = World { downstream, ..World::new() };
                let verdict = world.play(&bench, &mut sound());
                assert_eq!(verdict, Verdict::Pass, "{provider}, seed {seed}");
                let events: BTreeSet<_> = world.effects.keys().collect();
                assert!(events.len() >= 30, "only {} events", events.len());
            }
        }
    }
}

#[test]
fn a_fault_that_needs_four_deliveries_is_found_and_shrunk_to_these() {
    for seed in 1..=12 {
        let verdict = World::new().play(&bench_of_seed(seed), &mut short_memory());
        let script = script_in(&verdict);
        assert_eq!(script, "deliver 1\ndeliver 2\ndeliver 3\ndeliver 1", "seed {seed}");
        let again = World::new().play(&replayed(&script), &mut short_memory());
        let Verdict::Fail { expected, actual } = &again else { panic!("seed {seed}: {again:?}") };
        assert_eq!(expected, "one effect for each event, however it is delivered");
        let said = "200, 200, and two effects (POST /fulfil twice), after this history";
        let id = bench_of_seed(seed).id(bench_of_seed(seed).name(1));
        assert_eq!(*actual, format!("event 1 ({id}): {said}\n{script}"));
        assert_eq!(World::new().play(&replayed(&script), &mut sound()), Verdict::Pass);
    }
}

#[test]
fn a_claim_that_is_dropped_after_a_failure_and_a_cut_is_found() {
    let endpoint = || {
        let (mut failed, mut done) = (BTreeSet::new(), BTreeSet::new());
        move |world: &mut World, event: EventName, way: Way| {
            if done.contains(&event) {
                return "200";
            }
            if !world.call(event) {
                failed.insert(event);
                return "500";
            }
            // The work of a retry is noted by whoever writes the answer.
            if !(failed.contains(&event) && way == Way::Cut) {
                done.insert(event);
            }
            "200"
        }
    };
    let verdict = World::new().play(&bench_of_seed(1), &mut endpoint());
    let script = script_in(&verdict);
    assert_eq!(script, "downstream of 1 fails once\ndeliver 1\ncut 1 at once");
    assert!(World::new().play(&replayed(&script), &mut endpoint()).is_fail());
    // Without a downstream under command nobody can know.
    let mut world = World { downstream: Err(Need::Downstream), ..World::new() };
    assert_eq!(world.play(&bench_of_seed(1), &mut endpoint()), Verdict::Pass);
    let mut world = World { downstream: Err(Need::Downstream), ..World::new() };
    let verdict = world.play(&replayed(&script), &mut endpoint());
    assert_verdict(&verdict, "unknown: fails or is slow on command", "a replay");
    assert_eq!(world.steps.len(), 2, "and nothing is sent");
}

#[test]
fn an_acknowledged_event_without_its_effect_is_lost() {
    let endpoint = || {
        let mut known = BTreeSet::new();
        move |world: &mut World, event: EventName, way: Way| {
            // It is noted before the work, which dies with the connection.
            if known.insert(event) && way != Way::Cut {
                world.call(event);
            }
            "200"
        }
    };
    let mut world = World { downstream: Err(Need::Downstream), ..World::new() };
    let verdict = world.play(&bench_of_seed(3), &mut endpoint());
    assert_eq!(script_in(&verdict), "cut 1 at once");
    assert_verdict(&verdict, "fail: ): cut by us before the answer, 200, and no effect", "it");
    let observed = world.steps.iter().filter(|step| matches!(step, Step::ObserveEach(_, Expecting::Some)));
    assert_eq!(observed.count(), 3, "for the cases, for what is played again, and for the smallest");
}

#[test]
fn whether_a_failed_effect_comes_by_itself_is_for_the_endpoint_to_say() {
    let endpoint = || {
        let mut known = BTreeSet::new();
        move |world: &mut World, event: EventName, _: Way| {
            if known.insert(event) {
                world.call(event);
            }
            "200"
        }
    };
    let verdict = World::new().play(&bench_of_seed(1), &mut endpoint());
    assert_verdict(&verdict, "unknown: --own-retry-within", "without a promise");
    let own_retry_within = Some(core::time::Duration::from_secs(60));
    let bench = bench_with("turratech", Setting { own_retry_within, ..setting() });
    let mut world = World::new();
    let verdict = world.play(&bench, &mut endpoint());
    assert_eq!(script_in(&verdict), "downstream of 1 fails once\ndeliver 1");
    assert_eq!(minutes_waited(&world), 3);
}

#[test]
fn for_how_long_a_failed_event_is_kept_is_for_the_endpoint_to_say_too() {
    let endpoint = |minutes: usize| {
        let (mut failed, mut done) = (BTreeSet::new(), BTreeSet::new());
        move |world: &mut World, event: EventName, _: Way| {
            if done.contains(&event) {
                return "200";
            }
            if failed.contains(&event) && minutes_waited(world) < minutes {
                return "500";
            }
            if world.call(event) {
                done.insert(event);
                return "200";
            }
            failed.insert(event);
            "500"
        }
    };
    let verdict = World::new().play(&bench_of_seed(1), &mut endpoint(1));
    assert_verdict(&verdict, "unknown: for how long with --own-retry-within", "without a promise");
    let own_retry_within = Some(core::time::Duration::from_secs(60));
    let bench = bench_with("turratech", Setting { own_retry_within, ..setting() });
    assert_verdict(&World::new().play(&bench, &mut endpoint(1)), "pass", "with one");
    let broken = World::new().play(&bench, &mut endpoint(usize::MAX));
    assert_eq!(script_in(&broken), "downstream of 1 fails once\ndeliver 1");
}

/// How often a script has waited for a minute.
fn minutes_waited(world: &World) -> usize {
    world.steps.iter().filter(|step| matches!(step, Step::Pause(span) if span.as_secs() == 60)).count()
}

#[test]
fn an_event_that_is_never_acknowledged_again_fails_unless_the_endpoint_is_unwell() {
    let endpoint = |world: &mut World, failed: &mut BTreeSet<EventName>, event: EventName| {
        if failed.contains(&event) {
            return "400";
        }
        if world.effects.contains_key(&event) || world.call(event) {
            return "200";
        }
        failed.insert(event);
        "500"
    };
    let mut failed = BTreeSet::new();
    let mut refusing = |world: &mut World, event: EventName, _: Way| endpoint(world, &mut failed, event);
    let verdict = World::new().play(&bench_of_seed(1), &mut refusing);
    assert_eq!(script_in(&verdict), "downstream of 1 fails once\ndeliver 1");
    assert_verdict(&verdict, "fail: ): 500, 400, 400, 400, and no effect", "it");

    // One that stops at the first failure, whatever comes then.
    let mut stopped = false;
    let mut breaker = |world: &mut World, event: EventName, _: Way| {
        stopped |= !world.effects.contains_key(&event) && !world.call(event);
        if stopped { "500" } else { "200" }
    };
    let verdict = World::new().play(&bench_of_seed(1), &mut breaker);
    assert_verdict(&verdict, "unknown: an event that nothing had happened to", "a breaker");
}

#[test]
fn who_is_busy_or_silent_about_some_events_to_the_end_is_not_judged_by_them() {
    for (answer, verdict) in [
        ("409", "unknown: still not acknowledged when it came for the last time (409)"),
        ("429", "unknown: still not acknowledged when it came for the last time (429)"),
        ("503 retry-after 3", "unknown: still not acknowledged when it came for the last time (503)"),
        ("late", "unknown: not answered when it came for the last time (no answer within 30 s)"),
        ("closed", "unknown: not answered when it came for the last time (connection closed"),
    ] {
        let mut others = sound();
        let mut endpoint = |world: &mut World, event: EventName, way: Way| match event.number % 7 {
            3 => answer,
            _ => others(world, event, way),
        };
        let mut world = World::new();
        assert_verdict(&world.play(&bench_of_seed(1), &mut endpoint), verdict, answer);
        let pauses = world.steps.iter().filter(|step| matches!(step, Step::Pause(_))).count();
        assert!((2..=20).contains(&pauses), "{answer}: {pauses} pauses");
    }
}

#[test]
fn an_endpoint_that_asks_for_time_gets_it_and_the_delivery_again() {
    let (mut others, mut arrivals) = (sound(), 0);
    let mut endpoint = |world: &mut World, event: EventName, way: Way| {
        arrivals += 1;
        if arrivals % 30 == 0 { "429 retry-after 2" } else { others(world, event, way) }
    };
    let mut world = World::new();
    assert_eq!(world.play(&bench_of_seed(1), &mut endpoint), Verdict::Pass);
    let pauses = world.steps.iter().filter_map(|step| match step {
        Step::Pause(span) => Some(span.as_secs()),
        _ => None,
    });
    assert!(pauses.clone().count() > 0 && pauses.clone().all(|secs| (1..=2).contains(&secs)), "{pauses:?}");
}

#[test]
fn what_went_wrong_once_and_not_again_is_unknown() {
    let (mut others, mut effects) = (sound(), 0);
    let mut endpoint = |world: &mut World, event: EventName, way: Way| {
        effects += 1;
        if effects == 30 {
            world.call(event);
            world.call(event);
        }
        others(world, event, way)
    };
    let verdict = World::new().play(&bench_of_seed(1), &mut endpoint);
    assert_verdict(&verdict, "unknown: effects (POST /fulfil twice); played again, none", "it");
}

#[test]
fn what_is_done_again_late_is_waited_for_when_it_is_played_again() {
    let (mut others, mut arrivals) = (sound(), 0);
    let mut endpoint = |world: &mut World, event: EventName, way: Way| {
        arrivals += 1;
        if arrivals == 30 {
            world.call(event);
        } else if !world.effects.contains_key(&event) {
            world.late.push(event);
        }
        others(world, event, way)
    };
    let verdict = World::new().play(&bench_of_seed(1), &mut endpoint);
    assert_verdict(&verdict, "fail: two effects", "it");
}

#[test]
fn a_downstream_fails_and_is_slow_as_the_history_says() {
    let commands = |script: &str| -> Vec<Downstream> {
        let mut world = World::new();
        assert_eq!(world.play(&replayed(script), &mut sound()), Verdict::Pass, "{script}");
        let commands = world.steps.iter().filter_map(|step| match step {
            Step::Set(_, downstream) => Some(*downstream),
            _ => None,
        });
        // The first one asks whether the downstream obeys, the last one lets it be sound again.
        commands.skip(1).collect()
    };
    let slow = core::time::Duration::from_millis(100);
    assert_eq!(commands("deliver 1"), []);
    assert_eq!(
        commands("downstream of 1 takes 100ms\ndeliver 1"),
        [Downstream { delay: slow, failures: 0 }, Downstream::SOUND]
    );
    assert_eq!(
        commands("downstream of 1 takes 100ms\ndownstream of 1 fails 2 times\ndeliver 1"),
        [Downstream { delay: slow, failures: 0 }, Downstream { delay: slow, failures: 2 }, Downstream::SOUND]
    );
}

#[test]
fn the_time_of_an_own_retry_is_waited_for_only_where_the_downstream_failed() {
    let own_retry_within = Some(core::time::Duration::from_secs(60));
    let play = |script: &str, endpoint: world::Endpoint<'_>| {
        let replay = Some(script.parse().expect("it is a script"));
        let mut world = World::new();
        let setting = Setting { replay, own_retry_within, ..setting() };
        let verdict = world.play(&bench_with("turratech", setting), endpoint);
        (verdict, minutes_waited(&world))
    };
    assert_eq!(play("deliver 1", &mut sound()), (Verdict::Pass, 0));
    let mut refusing = |_: &mut World, event: EventName, _: Way| match event.number {
        1 | 2 => "400",
        _ => "200",
    };
    for (script, minutes) in [("deliver 1", 0), ("downstream of 1 fails once\ndeliver 1", 1)] {
        assert_eq!(play(script, &mut refusing).1, minutes, "{script}");
    }
}

#[test]
fn no_more_is_played_again_than_was_promised() {
    // Four events must have come since an event did, in any form: there is much to try in vain.
    for seed in 1..=5 {
        let mut met: Vec<EventName> = Vec::new();
        let mut endpoint = |world: &mut World, event: EventName, _: Way| {
            let since = met.iter().rev().take_while(|other| **other != event).collect::<BTreeSet<_>>().len();
            if !met.contains(&event) || (since >= 2 && met.len().is_multiple_of(2)) {
                world.call(event);
            }
            met.push(event);
            "200"
        };
        let mut world = World { downstream: Err(Need::Downstream), ..World::new() };
        world.play(&bench_of_seed(seed), &mut endpoint);
        let numbers = world.effects.keys().map(|event| event.number);
        let replays =
            world.steps.iter().filter(|step| matches!(step, Step::ObserveEach(_, Expecting::Quiet)));
        assert!(replays.count() <= 2 + 2 + MOST_REPLAYS, "seed {seed}");
        assert!(numbers.max() <= Some(20 * 4 + 64 * 4 + 8), "seed {seed}");
    }
}

#[test]
fn the_number_of_histories_is_the_callers() {
    for (cases, most) in [(1, 4), (3, 12)] {
        let bench = bench_with("turratech", Setting { cases, ..setting() });
        let mut world = World::new();
        assert_eq!(world.play(&bench, &mut sound()), Verdict::Pass);
        assert!((1..=most).contains(&world.effects.len()), "{cases}: {} events", world.effects.len());
    }
    let setting = Setting { cases: u16::MAX, ..setting() };
    assert_eq!(cases(&setting, true).len(), usize::from(MOST_CASES), "or events would run out of numbers");
}

#[test]
fn without_an_observer_nothing_is_sent() {
    for (need, said) in
        [(Need::Observer, "unknown: nothing observes effects"), (Need::WiredObserver, "unknown: is it wired")]
    {
        let mut world = World { observer: Err(need), ..World::new() };
        assert_verdict(&world.play(&bench_of_seed(1), &mut sound()), said, "it");
        assert_eq!(world.steps.len(), 1);
    }
}

#[test]
fn a_downstream_that_does_not_obey_is_not_commanded() {
    let mut world = World { downstream: Err(Need::Downstream), ..World::new() };
    assert_eq!(world.play(&bench_of_seed(1), &mut sound()), Verdict::Pass);
    let commands = world.steps.iter().filter(|step| matches!(step, Step::Set(..)));
    assert_eq!(commands.count(), 1, "it was asked once");
}

#[test]
fn the_last_count_of_the_run_turns_the_verdict() {
    let bench = bench_of_seed(1);
    let mut world = World::new();
    assert_eq!(world.play(&bench, &mut sound()), Verdict::Pass);
    for counted in tallied(&mut world.seen).filter(|effects| effects.event.number == 3) {
        counted.count = 2;
    }
    let late = any_history(&bench, &world.seen);
    assert!(matches!(&late, Step::Decide(verdict) if verdict.is_fail()), "{late:?}");

    let mut world = World::new();
    let before = world.play(&bench, &mut short_memory());
    assert!(before.is_fail());
    // Whatever is said of the way to it, the smallest history decides.
    let last = world.seen.iter().rposition(|seen| matches!(seen, Seen::Tallied(_))).unwrap();
    for counted in tallied(&mut world.seen[..last]) {
        counted.count = 1;
    }
    let Step::Decide(after) = any_history(&bench, &world.seen) else { panic!("it is over") };
    assert_eq!(after, before);
    for counted in tallied(&mut world.seen) {
        counted.count = 1;
    }
    let after = any_history(&bench, &world.seen);
    assert!(matches!(after, Step::Decide(Verdict::Pass)), "{after:?}");
}

#[test]
fn a_redelivery_bears_the_same_bytes_or_a_later_signature() {
    let bench = replayed("deliver 2\ndeliver 1\ndeliver 2\ndeliver 2 signed anew\ndeliver 2 signed anew");
    let mut world = World::new();
    assert_eq!(world.play(&bench, &mut sound()), Verdict::Pass);
    let drafts: Vec<&Draft> = world
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Send(draft) => Some(draft),
            _ => None,
        })
        .collect();
    let secs = |draft: &Draft| (draft.created_ago.as_secs(), draft.signed_ago.as_secs(), draft.repeats);
    let sent: Vec<_> = drafts.into_iter().map(secs).collect();
    assert_eq!(
        sent,
        [(60, 20, true), (120, 20, true), (60, 20, true), (60, 19, false), (60, 18, false)],
        "created, signed, the same bytes"
    );
}

fn tallied(seen: &mut [Seen]) -> impl Iterator<Item = &mut Effects> {
    seen.iter_mut()
        .filter_map(|seen| match seen {
            Seen::Tallied(effects) => Some(effects),
            _ => None,
        })
        .flatten()
}
