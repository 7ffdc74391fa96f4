//! What a run keeps of what it did: exchanges without secrets, and findings at any moment.

use std::{collections::BTreeSet, time::Duration};

use hookproof_core::{Encoding, Secret, Tolerance, Verifier};
use hookproof_suite::{
    Answer, CATALOGUE, Failure, Intent, MOST_EVIDENCE, Need, Outcome, Plan, Poll, Request, Run, Selection,
    Ticket, Told, Verdict,
    report::{self, Json, Reporter, Subject, Text},
};

use serde_json::Value;

use crate::driver::{
    Driver, Reply, SECRET, finding, headers, name_of, only, plan, plan_for, run, sound, started, verdict, why,
};

#[test]
fn no_secret_and_no_right_mac_is_in_any_finding_or_report() {
    for provider in ["turratech", "standard-webhooks", "stripe", "github"] {
        for escaped in [false, true] {
            let mut healthy = sound(provider);
            // Two hundred events more of the same kind would show nothing else.
            let skip = vec!["timing/burst".into()];
            let selection = Selection::new(Vec::new(), skip).expect("it leaves something");
            let (run, driver) = run(Plan { selection, ..plan_for(provider) }, |request| {
                let reply = healthy(request);
                let Outcome::Answered(answer) = &reply.outcome else { return reply };
                // A debug page that shows the request, and the server's environment.
                let mut page = format!("{:?} SECRET={SECRET}", request.headers);
                if escaped {
                    page = page.replace('/', "\\/");
                }
                // As much as a driver keeps.
                let reflected = request.body.get(..20_000).unwrap_or(&request.body);
                let body = [b"\xff".as_slice(), page.as_bytes(), reflected].concat();
                let headers =
                    request.headers.iter().map(|(name, value)| (format!("x-{name}"), value.clone()));
                let answer = Answer { body, headers: headers.collect(), ..answer.clone() };
                Reply { outcome: Outcome::Answered(answer), ..reply }
            });
            let shown = shown(&run, provider);
            let mut macs = BTreeSet::new();
            for (_, request) in driver.sent.iter().filter(|(_, request)| is_rightly_signed(request)) {
                macs.extend(mac_of(request));
            }
            assert!(macs.len() > 5, "{provider}: only {} right MACs were sent", macs.len());
            for hidden in macs.iter().map(String::as_str).chain([SECRET]) {
                for text in &shown {
                    let spelled = hidden.replace('/', "\\/");
                    assert!(!text.contains(hidden) && !text.contains(&spelled), "{provider} shows {hidden}");
                }
            }
            assert!(shown[0].contains("<redacted>") && shown[0].contains("SECRET="), "{provider}");
        }
    }
}

#[test]
fn the_evidence_has_the_body_that_was_sent_as_far_as_a_report_shows_it() {
    let id = "acknowledge/very-large-event";
    let (run, driver) = run(Plan { selection: only(id), ..plan() }, sound("turratech"));
    for exchange in finding(&run, id).exchanges {
        let (_, sent) = driver.sent.iter().find(|(_, sent)| sent.event == exchange.event).expect("it left");
        let shown = sent.body.len().min(MOST_EVIDENCE);
        assert_eq!(exchange.sent.body, sent.body[..shown], "{}", exchange.sent.summary);
    }
    assert!(driver.sent.iter().any(|(_, sent)| sent.body.len() > MOST_EVIDENCE));
}

#[test]
fn a_right_mac_that_a_refusal_shows_is_told_and_not_shown_again() {
    for (provider, spelling) in [("turratech", Encoding::Hex), ("standard-webhooks", Encoding::Base64)] {
        let scheme = plan_for(provider).provider.signature.expect("it signs");
        let secret = Secret::new(SECRET).expect("it is sound");
        let verifier = Verifier::new(&scheme, &[secret], Tolerance::DEFAULT).expect("it fits");
        let mut healthy = sound(provider);
        let mut shown_macs = BTreeSet::new();
        let (run, _) = run(plan_for(provider), |request| {
            let reply = healthy(request);
            let Ok(signed) = verifier.read(&headers(request)) else { return reply };
            let mac = verifier.mac(&[signed.before_body(), &request.body]).expect("it has a secret");
            let expected = spelling.encode(&mac);
            let Outcome::Answered(answer) = &reply.outcome else { return reply };
            if answer.status == 200 {
                return reply;
            }
            let body = format!("expected {expected}").into_bytes();
            shown_macs.insert(expected);
            Reply { outcome: Outcome::Answered(Answer { body, ..answer.clone() }), ..reply }
        });
        let verdict = verdict(&run, "signature/no-oracle");
        assert!(verdict.is_fail(), "{provider}: {verdict:?}");
        assert!(why(&verdict).contains("signed with another secret: 401"), "{provider}: {verdict:?}");
        assert!(shown_macs.len() > 3, "{provider}");
        let texts = shown(&run, provider);
        for mac in &shown_macs {
            assert!(texts.iter().all(|text| !text.contains(mac)), "{provider} shows {mac}");
        }
    }
}

#[test]
fn a_forged_mac_may_be_seen() {
    let (run, driver) =
        run(Plan { selection: only("signature/rejects-forged"), ..plan() }, sound("turratech"));
    let (_, forged) =
        driver.sent.iter().find(|(_, request)| request.intent == Intent::Refusable).expect("one");
    let mac = mac_of(forged).expect("it is signed");
    let shown = finding(&run, "signature/rejects-forged").exchanges[0].sent.headers.clone();
    assert!(shown.iter().any(|(_, value)| value.contains(&mac)), "{shown:?}");
}

#[test]
fn a_repeated_copy_has_the_same_bytes_however_much_later_it_leaves() {
    for provider in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
        let mut healthy = sound(provider);
        let plan = Plan { selection: only("duplicate/sequential"), ..plan_for(provider) };
        let (_, driver) = run(plan, |request| Reply { took: Duration::from_secs(3), ..healthy(request) });
        let copies: Vec<_> =
            driver.sent.iter().filter(|(_, request)| request.summary.contains("again")).collect();
        assert_eq!(copies.len(), 2, "{provider}");
        let (left, first) =
            driver.sent.iter().find(|(_, request)| request.event == copies[0].1.event).expect("one");
        for (at, copy) in copies {
            assert_eq!((&copy.headers, &copy.body), (&first.headers, &first.body), "{provider}");
            assert!(at.saturating_since(*left) >= Duration::from_secs(3), "{provider}");
        }
    }
}

#[test]
fn a_redelivery_signed_anew_has_another_signature_and_the_same_body() {
    let plan = Plan { selection: only("duplicate/resigned"), ..plan() };
    let (_, driver) = run(plan, sound("turratech"));
    let (_, again) = driver.sent.iter().find(|(_, request)| request.summary.contains("again")).expect("one");
    let (_, first) = driver.sent.iter().find(|(_, request)| request.event == again.event).expect("one");
    assert_eq!(first.body, again.body);
    assert_ne!(mac_of(first), mac_of(again));
}

#[test]
fn evidence_tells_each_delivery_of_its_check_and_no_other() {
    let (run, driver) = run(plan(), sound("turratech"));
    let sequential = finding(&run, "duplicate/sequential");
    assert_eq!(sequential.exchanges.len(), 3);
    let ids: BTreeSet<&str> = sequential.exchanges.iter().map(|exchange| exchange.sent.id.as_str()).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert!(sequential.exchanges.windows(2).all(|pair| pair[0].at < pair[1].at));
    assert!(sequential.took >= Duration::from_millis(250), "{:?}", sequential.took);
    let names: BTreeSet<String> =
        driver.sent.iter().map(|(_, request)| name_of(&plan().provider, request)).collect();
    assert!(names.contains(*ids.first().expect("one")));
    let shown: usize = run.findings().iter().map(|finding| finding.exchanges.len()).sum();
    let canaries = driver.sent.iter().filter(|(_, request)| request.intent == Intent::Canary).count();
    assert_eq!(shown + canaries, driver.sent.len(), "every delivery is some check's, or a canary");
}

#[test]
fn the_signatures_that_look_for_the_cause_of_a_refusal_are_not_shown_either() {
    // They are made with the right secret, only not as they should be.
    for provider in ["turratech", "standard-webhooks", "stripe", "github"] {
        let (run, driver) = run(plan_for(provider), |_| Reply::of(401));
        assert!(driver.sent.len() > 1, "{provider}: nothing was tried");
        let shown = shown(&run, provider);
        for mac in driver.sent.iter().filter_map(|(_, request)| mac_of(request)) {
            assert!(shown.iter().all(|text| !text.contains(&mac)), "{provider} shows {mac}");
        }
    }
}

#[test]
fn the_json_report_of_any_run_is_of_its_schema() {
    let schema = include_str!("../../../../fixtures/schema/report.json");
    let schema: Value = serde_json::from_str(schema).expect("it is JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("it is a schema");
    let judge = |run: &Run, provider: &str| {
        let report: Value = serde_json::from_str(&shown(run, provider)[0]).expect("it is JSON");
        let errors: Vec<String> =
            schema.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{provider}: {errors:#?}");
        assert_eq!(report["checks"].as_array().map(Vec::len), Some(CATALOGUE.len()));
    };
    for provider in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
        judge(&run(plan_for(provider), sound(provider)).0, provider);
        for outcome in [
            Reply::of(500).outcome,
            Reply::of(200).outcome,
            Outcome::Failed(Failure::Refused),
            Outcome::Failed(Failure::TimedOut { sent: true }),
        ] {
            judge(&run(plan_for(provider), |_| Reply::outcome(outcome.clone())).0, provider);
        }
    }
}

#[test]
fn a_run_that_is_interrupted_has_a_finding_of_every_check() {
    let mut driver = Driver::new(&plan(), sound("turratech"));
    let mut run = Run::new(plan(), driver.now()).expect("the plan is sound");
    let open = Verdict::Unknown("the run ended before this check did".into());
    let mut goes_on = true;
    while goes_on {
        goes_on = driver.step(&mut run);
        let findings = run.findings();
        let ids: Vec<&str> = findings.iter().map(|finding| finding.check.id).collect();
        assert_eq!(ids, CATALOGUE.iter().map(|check| check.id).collect::<Vec<_>>());
        let done = findings.iter().filter(|finding| finding.verdict != open).count();
        let (judged, all, phase) = run.progress();
        assert_eq!((judged, all), (done, CATALOGUE.len()));
        assert!(!phase.is_empty());
    }
    assert_eq!(run.progress().0, CATALOGUE.len());
    assert!(run.findings().iter().all(|finding| !finding.verdict.is_fail()));
}

#[test]
fn a_result_that_nobody_asked_for_is_ignored() {
    let mut driver = Driver::new(&plan(), sound("turratech"));
    let mut run = Run::new(plan(), driver.now()).expect("the plan is sound");
    for told in [Told::Paused, Told::Outcomes(Vec::new()), Told::Cannot(Need::Tls)] {
        run.tell(Ticket(0), driver.now(), told.clone());
        run.tell(Ticket(u64::MAX), driver.now(), told);
    }
    // Each ticket is told twice; the second time counts for nothing.
    let mut used = Vec::new();
    while driver.step(&mut run) {
        used.extend((0..400).map(Ticket).find(|ticket| !used.contains(ticket)));
        run.tell(Ticket(u64::MAX), driver.now(), Told::Paused);
    }
    for ticket in used {
        run.tell(ticket, driver.now(), Told::Outcomes(Vec::new()));
    }
    assert!(matches!(run.poll(driver.now()), Poll::Finished));
    for finding in run.findings() {
        let sound = matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable(_));
        assert!(sound, "{}: {:?}", finding.check.id, finding.verdict);
    }
}

#[test]
fn a_driver_that_can_do_nothing_gets_no_judgement_and_an_end() {
    let mut run = Run::new(plan(), started()).expect("the plan is sound");
    let mut asked = 0;
    while let Poll::Start(ticket, _) = run.poll(started()) {
        run.tell(ticket, started(), Told::Cannot(Need::Observer));
        asked += 1;
        assert!(asked < 100, "the run does not end");
    }
    assert!(matches!(run.poll(started()), Poll::Finished));
    for finding in run.findings() {
        assert!(!finding.verdict.is_pass() && !finding.verdict.is_fail(), "{}", finding.check.id);
    }
}

#[test]
fn asking_twice_changes_nothing_while_something_is_under_way() {
    let mut run = Run::new(Plan { jobs: 1, ..plan() }, started()).expect("the plan is sound");
    assert!(matches!(run.poll(started()), Poll::Start(..)));
    for _ in 0..3 {
        assert!(matches!(run.poll(started()), Poll::Wait));
    }
}

/// Every text that a user can see of a run.
fn shown(run: &Run, provider: &str) -> Vec<String> {
    let subject = Subject {
        provider: plan_for(provider).provider,
        target: "http://127.0.0.1:3000/webhooks".into(),
        began: hookproof_core::Timestamp::from_unix_secs(0),
        seed: 1,
        command: "hookproof check http://127.0.0.1:3000/webhooks".into(),
        extent: String::new(),
        notes: Vec::new(),
        known: hookproof_suite::KnownFailing::default(),
        exit_status: None,
        why: None,
        bar: hookproof_suite::report::Bar::default(),
    };
    let reporters: [&mut dyn Reporter; 2] = [&mut Json::default(), &mut Text::default()];
    let mut texts: Vec<String> = reporters
        .into_iter()
        .map(|reporter| {
            let mut text = String::new();
            report::write(reporter, &subject, &run.findings(), &mut text).expect("a string takes everything");
            text
        })
        .collect();
    for finding in run.findings() {
        texts.push(format!("{finding:?}"));
        for exchange in &finding.exchanges {
            texts.push(String::from_utf8_lossy(&exchange.sent.body).into_owned());
            if let Outcome::Answered(answer) = &exchange.outcome {
                texts.push(String::from_utf8_lossy(&answer.body).into_owned());
            }
        }
    }
    texts
}

/// Whether the last of its signatures is made with the right secret.
fn is_rightly_signed(request: &Request) -> bool {
    let summary = &request.summary;
    let is_last_wrong = summary.contains("the first one right") || summary.contains("behind the right one");
    let is_sound = request.intent != Intent::Refusable && !is_last_wrong;
    is_sound || ["changed after signing", "(semicolons)"].iter().any(|note| summary.contains(note))
}

/// What stands behind the last `=` or `,` of the signature's header, without base64's padding.
fn mac_of(request: &Request) -> Option<String> {
    let (_, value) = request.headers.iter().find(|(name, _)| name.to_lowercase().contains("signature"))?;
    let value = value.trim_end_matches('=');
    value.rsplit(['=', ',']).next().map(ToOwned::to_owned)
}
