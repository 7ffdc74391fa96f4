//! What is sent when: the baseline, the phases and their canaries, the choice of checks, and the jobs.

use std::{cell::Cell, time::Duration};

use hookproof_suite::{
    CATALOGUE, Failure, Feature, Intent, Need, Observer, Outcome, Phase, Plan, Request, Run, Selection,
    Setting, Verdict,
};

use crate::driver::{
    Driver, Reply, finding, name_of, only, plan, plan_for, run, sound, started, verdict, why,
};

#[test]
fn a_sound_endpoint_passes_all_that_applies() {
    for provider in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
        for observer in [Observer::Calls, Observer::Counts] {
            let (run, _) = run(Plan { observer, ..plan_for(provider) }, sound(provider));
            for finding in run.findings() {
                let verdict = &finding.verdict;
                let sound = match observer {
                    Observer::Counts if finding.check.needs.contains(&Need::Downstream) => {
                        matches!(verdict, Verdict::Unknown(_) | Verdict::NotApplicable(_))
                    }
                    _ => matches!(verdict, Verdict::Pass | Verdict::NotApplicable(_)),
                };
                assert!(sound, "{provider} {observer:?}: {} is {verdict:?}", finding.check.id);
            }
            assert_eq!(run.unmatched_calls(), 0);
        }
    }
}

#[test]
fn the_time_of_each_phase_is_told_and_all_of_them_are_the_run() {
    let (run, driver) = run(plan(), sound("turratech"));
    let phases = run.phases();
    let names: Vec<_> = phases.iter().map(|(name, _)| *name).collect();
    assert_eq!(names[..2], ["baseline", "sound traffic"]);
    assert_eq!(names.last(), Some(&"counting effects again"));
    assert!(phases.iter().all(|(name, took)| *name != "sound traffic" || !took.is_zero()), "{phases:?}");
    let total: Duration = phases.iter().map(|(_, took)| *took).sum();
    assert_eq!(total, driver.now().saturating_since(started()));
}

#[test]
fn when_the_opening_event_is_refused_what_rests_on_it_is_unknown() {
    let (run, driver) = run(plan(), |_| Reply::of(500));
    assert_eq!(ordinary(&driver), 1, "nothing else is sent in earnest");
    assert!(!run.accepted());
    for finding in run.findings() {
        let (check, verdict) = (finding.check, &finding.verdict);
        if check.id == "acknowledge/success-status" {
            assert!(verdict.is_fail());
        } else if check.needs.contains(&Need::Accepted) && !matches!(verdict, Verdict::NotApplicable(_)) {
            assert_eq!(*verdict, Verdict::Unknown(Need::Accepted.why_missing().into()), "{}", check.id);
        } else {
            assert!(!verdict.is_fail(), "{}: {verdict:?}", check.id);
        }
    }
}

#[test]
fn an_endpoint_that_cannot_be_reached_gets_one_request_and_no_judgement() {
    for failure in [Failure::Refused, Failure::Unreachable("no such name".into()), Failure::ConnectTimeout] {
        let (run, driver) = run(plan(), |_| Reply::outcome(Outcome::Failed(failure.clone())));
        assert_eq!(driver.sent.len(), 1);
        assert_eq!(run.unreachable(), Some(&failure));
        for finding in run.findings() {
            match &finding.verdict {
                Verdict::NotApplicable(_) => {}
                Verdict::Unknown(why) => {
                    assert!(why.contains("could not be reached"), "{}: {why}", finding.check.id);
                }
                other => panic!("{}: {other:?}", finding.check.id),
            }
        }
    }
}

#[test]
fn a_failed_handshake_or_a_silence_is_not_unreachable() {
    for failure in [
        Failure::Tls("self-signed".into()),
        Failure::Closed { partial: false },
        Failure::TimedOut { sent: true },
        Failure::NotHttp("no status line".into()),
    ] {
        let (run, driver) = run(plan(), |_| Reply::outcome(Outcome::Failed(failure.clone())));
        assert_eq!((run.unreachable(), driver.sent.len()), (None, 1), "{failure}");
        assert!(verdict(&run, "acknowledge/success-status").is_fail(), "{failure}");
    }
}

#[test]
fn each_phase_ends_with_an_ordinary_event() {
    let (run, driver) = run(plan(), sound("turratech"));
    let intents: Vec<Intent> = driver.sent.iter().map(|(_, request)| request.intent).collect();
    let canaries = intents.iter().filter(|intent| **intent == Intent::Canary).count();
    assert_eq!(canaries, 4, "after the sound traffic, the forgeries, what is hostile, and at the end");
    let numbered = driver.sent.iter().filter(|(_, request)| request.intent == Intent::Canary);
    for (_, request) in numbered {
        let id = name_of(&run.bench().provider, request);
        assert!(id.contains("_90"), "{id} is of an event that nothing else sends");
    }
    let first_forgery = intents.iter().position(|intent| *intent == Intent::Refusable);
    let first_canary = intents.iter().position(|intent| *intent == Intent::Canary);
    assert!(first_canary < first_forgery, "no forgery leaves before the sound traffic is over");
    assert!(intents.last() == Some(&Intent::Canary));
    assert!(run.accepted());
    assert!(finding(&run, "http/survives").verdict.is_pass());
}

#[test]
fn a_phase_whose_canary_fails_is_taken_back_and_the_run_stops() {
    let dead = Cell::new(false);
    let mut healthy = sound("turratech");
    let (run, driver) = run(plan(), |request| {
        dead.set(dead.get() || request.intent == Intent::Canary);
        if dead.get() { Reply::of(500) } else { healthy(request) }
    });
    for finding in run.findings() {
        let (check, verdict) = (finding.check, &finding.verdict);
        match (check.id, check.phase) {
            _ if matches!(verdict, Verdict::NotApplicable(_)) => {}
            ("http/survives", _) => assert_eq!(why(verdict), "twice, a second apart: 500"),
            // Three are judged by all of the run: what is sound so far stays so.
            ("acknowledge/success-status" | "acknowledge/no-redirect" | "timing/within-limit" | "timing/headroom", _) => assert!(verdict.is_pass(), "{verdict:?}"),
            ("signature/no-oracle", _) => assert_eq!(why(verdict), "no forgery was answered with a refusal"),
            (id, Phase::Sound) => assert_eq!(
                *verdict,
                Verdict::Unknown(
                    "an ordinary event sent after the sound traffic was not acknowledged (500), so nothing it showed is believed".into()
                ),
                "{id}"
            ),
            (id, _) => {
                assert!(matches!(verdict, Verdict::Unknown(_)), "{id}: {verdict:?}");
                assert!(why(verdict).starts_with("not tried: an ordinary event sent after the sound traffic"), "{id}: {verdict:?}");
            }
        }
    }
    assert!(driver.sent.iter().all(|(_, request)| request.intent != Intent::Refusable));
    let canaries = canaries(&driver);
    assert_eq!(canaries.len(), 2);
    assert!(canaries[1] - canaries[0] >= Duration::from_secs(1), "{canaries:?}");
    assert!(!driver.sent.iter().any(|(_, request)| is_probe(request)), "nothing is sent behind them");
}

#[test]
fn what_was_unknown_before_a_canary_failed_keeps_its_own_reason() {
    let mut healthy = sound("turratech");
    let (run, _) = run(Plan { observer: Observer::None, ..plan() }, |request| {
        if request.intent == Intent::Canary { Reply::of(500) } else { healthy(request) }
    });
    assert_eq!(verdict(&run, "duplicate/sequential"), Verdict::Unknown(Need::Observer.why_missing().into()));
    assert!(why(&verdict(&run, "acknowledge/every-type")).starts_with("an ordinary event sent after"));
}

#[test]
fn checks_that_stand_alone_begin_when_the_last_one_is_over() {
    let mut driver = Driver::new(&plan(), sound("turratech"));
    let mut run = Run::new(plan(), driver.now()).expect("the plan is sound");
    let mut most = 0;
    while driver.step(&mut run) {
        let alone = run.under_way().into_iter().filter(|check| check.phase == Phase::Alone).count();
        assert!(alone <= 1, "{:?}", run.under_way().iter().map(|check| check.id).collect::<Vec<_>>());
        most = most.max(alone);
    }
    assert_eq!(most, 1, "they are told while they are under way");
    assert!(run.under_way().is_empty());
}

#[test]
fn one_canary_that_fails_is_followed_by_another_before_anything_is_taken_back() {
    let failed = Cell::new(0);
    let mut healthy = sound("turratech");
    let (run, _) = run(plan(), |request| {
        if request.intent == Intent::Canary && failed.get() == 0 {
            failed.set(1);
            return Reply::of(503);
        }
        healthy(request)
    });
    assert_eq!(failed.get(), 1);
    for finding in run.findings() {
        let sound = matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable(_));
        assert!(sound, "{}: {:?}", finding.check.id, finding.verdict);
    }
}

#[test]
fn what_comes_behind_a_canary_waits_for_its_effect() {
    const LATE: Duration = Duration::from_millis(300);
    for failing in [0, 1] {
        let failed = Cell::new(0);
        let mut healthy = sound("turratech");
        let (_, driver) = run(plan(), |request| {
            let mut reply = healthy(request);
            if request.intent == Intent::Canary {
                if failed.get() < failing {
                    failed.set(failed.get() + 1);
                    return Reply::of(503);
                }
                reply.effects = vec![LATE];
            }
            reply
        });
        let of = |intent| driver.sent.iter().filter(move |(_, request)| request.intent == intent);
        let first = of(Intent::Refusable).map(|(at, _)| *at).min().expect("forgeries are sent");
        let canary = of(Intent::Canary).map(|(at, _)| *at).filter(|at| *at < first).max();
        let waited = first.saturating_since(canary.expect("a canary goes before them"));
        assert!(waited >= LATE, "{waited:?} behind the canary, of which {failing} failed");
    }
}

#[test]
fn a_second_canary_is_sent_a_second_after_the_first_one_failed() {
    let failed = Cell::new(false);
    let mut healthy = sound("turratech");
    let (_, driver) = run(plan(), |request| {
        let reply = healthy(request);
        let first = request.intent == Intent::Canary
            && !failed.replace(request.intent == Intent::Canary || failed.get());
        if first { Reply { effects: Vec::new(), ..Reply::of(503) } } else { reply }
    });
    let canaries = canaries(&driver);
    let between = canaries[1].saturating_sub(canaries[0]);
    assert!((Duration::from_secs(1)..Duration::from_millis(1_100)).contains(&between), "{canaries:?}");
    assert!(
        !driver.sent.iter().any(|(_, request)| is_probe(request)),
        "no effect of what was refused is awaited"
    );
}

#[test]
fn a_restart_that_fails_is_no_verdict() {
    let plan = Plan { selection: only("duplicate/restart"), ..plan() };
    let mut driver = Driver::new(&plan, sound("turratech"));
    driver.unrestartable = Some("the restart command ended with 3".into());
    let mut run = Run::new(plan, driver.now()).expect("the plan is sound");
    driver.drive(&mut run);
    assert_eq!(
        verdict(&run, "duplicate/restart"),
        Verdict::Unknown("the restart command ended with 3".into())
    );
}

#[test]
fn a_block_after_the_forgeries_takes_back_no_more_than_the_forgeries() {
    for status in [403, 429] {
        let refused = Cell::new(false);
        let mut healthy = sound("turratech");
        let (run, _) = run(plan(), |request| {
            let reply = healthy(request);
            refused.set(refused.get() || request.intent == Intent::Refusable);
            if refused.get() && request.intent == Intent::Canary { Reply::of(status) } else { reply }
        });
        let forged = verdict(&run, "signature/rejects-forged");
        assert!(matches!(forged, Verdict::Unknown(_)), "{forged:?}");
        assert!(why(&forged).ends_with("something before the endpoint seems to block us"), "{forged:?}");
        let survives = verdict(&run, "http/survives");
        assert!(matches!(survives, Verdict::Unknown(_)), "{survives:?}");
        assert!(verdict(&run, "duplicate/sequential").is_pass());
        // Nothing shows any more that wrong signatures are refused.
        assert_eq!(verdict(&run, "signature/raw-body"), Verdict::Unknown(Need::Refuses.why_missing().into()));
    }
}

#[test]
fn an_endpoint_that_believes_everyone_proves_nothing_by_believing_us() {
    let (run, _) = run(plan(), |_| Reply::of(200));
    for id in ["signature/raw-body", "signature/header-case"] {
        assert_eq!(verdict(&run, id), Verdict::Unknown(Need::Refuses.why_missing().into()));
    }
}

#[test]
fn one_chosen_check_brings_with_it_what_it_rests_on_and_nothing_more() {
    for (id, forgeries, most) in [
        ("signature/raw-body", 1, 8),
        ("signature/header-case", 1, 7),
        ("duplicate/sequential", 0, 5),
        ("acknowledge/success-status", 0, 1),
        ("signature/refusal-status", 2, 4),
        ("tls/certificate", 0, 2),
    ] {
        let (run, driver) = run(Plan { selection: only(id), ..plan() }, sound("turratech"));
        let ids: Vec<&str> = run.findings().iter().map(|finding| finding.check.id).collect();
        assert_eq!(ids, [id], "what it rests on is not reported");
        assert!(!verdict(&run, id).is_fail());
        let refusable = driver.sent.iter().filter(|(_, request)| request.intent == Intent::Refusable).count();
        assert_eq!(refusable, forgeries, "{id}");
        assert_eq!(driver.sent[0].1.intent, Intent::Ordinary, "{id} opens with the baseline");
        assert!(driver.sent.len() <= most, "{id} sends {}", driver.sent.len());
        assert_eq!(run.progress().1, 1, "{id}");
    }
}

#[test]
fn the_opening_event_counts_also_when_it_is_skipped() {
    let skipped = Selection::new(Vec::new(), vec!["acknowledge/success-status".into()]).expect("it matches");
    let (run, driver) = run(Plan { selection: skipped, ..plan() }, |_| Reply::of(400));
    assert_eq!((ordinary(&driver), run.accepted()), (1, false));
    assert_eq!(run.findings().len(), CATALOGUE.len() - 1);
    assert!(run.findings().iter().all(|finding| !finding.verdict.is_fail()));
}

#[test]
fn what_does_not_apply_is_not_tried() {
    let (run, driver) = run(plan_for("turnstay"), sound("turnstay"));
    let is_refusable = |intent: Intent| intent == Intent::Refusable;
    let hostile = run.findings().into_iter().filter(|finding| finding.check.phase > Phase::Refused);
    let theirs = hostile.flat_map(|finding| finding.exchanges);
    assert_eq!(
        driver.sent.iter().filter(|(_, request)| is_refusable(request.intent)).count(),
        theirs.filter(|exchange| is_refusable(exchange.intent)).count(),
        "no forgery is sent"
    );
    for finding in
        run.findings().iter().filter(|finding| finding.check.rests_on.contains(&Feature::Signature))
    {
        assert!(matches!(finding.verdict, Verdict::NotApplicable(_)), "{}", finding.check.id);
        assert!(finding.exchanges.is_empty());
    }
}

#[test]
fn no_more_deliveries_are_in_flight_than_jobs_allow() {
    for jobs in [0, 1, 2, 3, 8, 15, 16, 17, 64] {
        let (run, driver) = run(Plan { jobs, ..plan() }, sound("turratech"));
        let most = jobs.max(1);
        for (before, more) in &driver.loads {
            // Copies that must leave together are more than the jobs allow; then they are alone.
            assert!(*before == 0 || before + more <= most, "{more} beside {before} with {jobs} jobs");
        }
        assert!(driver.loads.iter().any(|(_, more)| *more == 16), "the copies left together");
        let widest = driver.loads.iter().map(|(before, more)| before + more).max();
        assert!(widest >= Some(most.min(24)), "{jobs} jobs are never used: {widest:?}");
        assert!(run.findings().iter().all(|finding| !finding.verdict.is_fail()), "with {jobs} jobs");
    }
}

#[test]
fn one_job_or_many_and_any_seed_or_nonce_give_the_same_verdicts() {
    let verdicts = |jobs, seed, nonce: &str, flawed: bool| {
        let base = plan();
        let setting = Setting { seed, nonce: nonce.into(), ..base.setting.clone() };
        let mut healthy = sound("turratech");
        let (run, _) = run(Plan { jobs, setting, ..base }, move |request: &Request| {
            let reply = healthy(request);
            if flawed && reply.effects.is_empty() {
                reply.with_effect_after(Duration::from_millis(30))
            } else {
                reply
            }
        });
        names(&run)
    };
    for flawed in [false, true] {
        let first = verdicts(8, 1, "k3w9x1q0", flawed);
        assert_eq!(first.iter().any(|(_, name)| *name == "fail"), flawed);
        for (jobs, seed, nonce) in
            [(8, 1, "zzzzzzzz"), (8, 2, "k3w9x1q0"), (1, 1, "k3w9x1q0"), (64, 7, "00000001")]
        {
            assert_eq!(verdicts(jobs, seed, nonce, flawed), first, "{jobs} {seed} {nonce}");
        }
    }
}

#[test]
fn a_provider_that_signs_needs_its_secret() {
    let refused = Run::new(Plan { secret: None, ..plan() }, started()).expect_err("it is refused");
    assert_eq!(refused.code(), "blank_secret");
    assert!(Run::new(Plan { secret: None, ..plan_for("turnstay") }, started()).is_ok());
}

fn is_probe(request: &Request) -> bool {
    request.summary.contains("whether effects are observed")
}

fn ordinary(driver: &Driver<'_>) -> usize {
    driver.sent.iter().filter(|(_, request)| request.intent != Intent::Refusable).count()
}

fn canaries(driver: &Driver<'_>) -> Vec<Duration> {
    let sent = driver.sent.iter().filter(|(_, request)| request.intent == Intent::Canary);
    sent.map(|(at, _)| at.saturating_since(started())).collect()
}

fn names(run: &Run) -> Vec<(&'static str, &'static str)> {
    run.findings().iter().map(|finding| (finding.check.id, finding.verdict.name())).collect()
}
