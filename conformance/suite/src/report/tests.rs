use alloc::{string::ToString, vec};
use core::time::Duration;

use serde_json::Value;

use super::*;
use crate::{
    CATALOGUE, Draft, Exchange, Outcome, Verdict,
    scene::{bench, exchange, outcome, provider},
};

#[test]
fn a_span_is_said_as_people_say_it() {
    for (millis, said) in [
        (0, "0 ms"),
        (250, "250 ms"),
        (1_500, "1.5 s"),
        (30_000, "30 s"),
        (300_000, "5 min"),
        (90_000, "1 min 30 s"),
        (135_540_000, "37 h 39 min"),
        (36_000_000, "10 h"),
    ] {
        assert_eq!(span(Duration::from_millis(millis)), said);
    }
}

#[test]
fn a_person_reads_this() {
    let text = written(&mut Text::default(), &subject("turratech"), &findings());
    insta::assert_snapshot!(text);
}

#[test]
fn a_machine_reads_this() {
    let text = written(&mut Json::default(), &subject("turratech"), &findings());
    insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn for_a_provider_without_clauses_of_ours_none_are_named() {
    for name in ["stripe", "github", "standard-webhooks"] {
        let text = written(&mut Text::default(), &subject(name), &findings());
        assert!(!text.contains("clause ") && !text.contains("TT-") && !text.contains("TS-"), "{text}");
    }
    let text = written(&mut Text::default(), &subject("turnstay"), &findings());
    assert!(text.contains("clause    TS-6: ") && !text.contains("TT-"), "{text}");
}

#[test]
fn a_json_report_is_of_its_schema() {
    for name in ["turratech", "turnstay", "standard-webhooks", "stripe", "github"] {
        for findings in [findings(), Vec::new()] {
            let report = json(&written(&mut Json::default(), &subject(name), &findings));
            let errors: Vec<String> = schema().iter_errors(&report).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let sound = json(&written(&mut Json::default(), &subject("turratech"), &findings()));
    for (pointer, value) in [
        ("/schema", Value::from(2)),
        ("/summary/pass", Value::from(-1)),
        ("/checks/0/verdict", Value::from("skipped")),
        ("/checks/0/verdict", Value::from("fail")),
        ("/checks/0/level", Value::from("must")),
        ("/checks/1/verdict", Value::from("unknown")),
        ("/checks/1/actual", Value::Null),
        ("/checks/0/exchanges/0/event", Value::from("")),
        ("/checks/0/exchanges/0/request_headers/0", Value::from("no colon")),
    ] {
        let mut report = sound.clone();
        *report.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value.clone();
        assert!(!schema().is_valid(&report), "{pointer}: {value}");
    }
}

#[test]
fn no_line_of_a_text_report_has_a_control_character() {
    let mut subject = subject("turratech");
    subject.target = "http://127.0.0.1/\u{1b}[2J".into();
    subject.notes = vec!["a note\r\u{202e}".into()];
    subject.command = "hookproof check \u{7}".into();
    let text = written(&mut Text::default(), &subject, &findings());
    assert!(
        text.contains("a note\\r\\u{202e}") && text.contains("/\\u{1b}[2J") && text.contains("check \\u{7}")
    );
    for line in text.lines() {
        assert!(!line.chars().any(|letter| letter.is_control() || letter == '\u{202e}'), "{line:?}");
    }
}

#[test]
fn a_json_report_keeps_what_came_and_is_still_json() {
    let bench = bench("turratech");
    let finding = finding(
        "acknowledge/success-status",
        failed("200", "\u{1b}[31m\u{0}\"\\\u{2028}\u{e0041}\u{9b}"),
        vec![{
            let mut odd = exchange(&bench, &bench.event(1), outcome("500 x-odd \u{1b}\u{7}"));
            if let Outcome::Answered(answer) = &mut odd.outcome {
                answer.body = b"\xff\x00\x1b]0;title\x07".to_vec();
            }
            odd
        }],
    );
    let text = written(&mut Json::default(), &subject("turratech"), &[finding]);
    assert!(!text.chars().any(|letter| visible::is_unseen(letter) && letter != '\n'), "{text:?}");
    let report = json(&text);
    assert_eq!(report["checks"][0]["actual"], "\u{1b}[31m\u{0}\"\\\u{2028}\u{e0041}\u{9b}");
    assert_eq!(report["checks"][0]["exchanges"][0]["answer_headers"][0], "x-odd: \u{1b}\u{7}");
    assert_eq!(report["checks"][0]["exchanges"][0]["answer_body"], "\u{fffd}\u{0}\u{1b}]0;title\u{7}");
}

#[test]
fn evidence_is_capped_and_what_is_left_out_is_counted() {
    let bench = bench("turratech");
    let large = bench.event(1).with_body("é".repeat(15_000).into_bytes());
    let exchanges = |count| vec![exchange(&bench, &bench.event(1), outcome("200")); count];
    let findings = [
        finding("acknowledge/success-status", Verdict::Pass, vec![exchange(&bench, &large, outcome("200"))]),
        finding("duplicate/sequential", Verdict::Pass, exchanges(1_990)),
        finding("duplicate/resigned", Verdict::Pass, exchanges(20)),
        finding("duplicate/concurrent", Verdict::Pass, exchanges(3)),
    ];
    let report = json(&written(&mut Json::default(), &subject("turratech"), &findings));
    let kept: Vec<usize> =
        (0..4).map(|at| report["checks"][at]["exchanges"].as_array().unwrap().len()).collect();
    assert_eq!(kept, [1, 200, 20, 3]);
    let left_out: Vec<&Value> = (0..4).map(|at| &report["checks"][at]["exchanges_left_out"]).collect();
    assert_eq!(left_out, [&Value::Null, &Value::from(1_790), &Value::Null, &Value::Null]);
    assert_eq!(report["checks"][0]["exchanges"][0]["request_body"].as_str().unwrap().len(), 20_000);
    assert!(schema().is_valid(&report));
}

#[test]
fn a_summary_counts_levels_as_they_are_for_the_provider() {
    let summary = Summary::of(&findings(), &provider("turratech"));
    assert_eq!((summary.pass, summary.fail, summary.unknown, summary.not_applicable), (2, 4, 2, 1));
    assert_eq!((summary.must_fail, summary.must_unknown, summary.should_fail), (3, 1, 1));
    // Where nobody publishes a limit, a late answer costs an attempt and nothing more.
    let late = [finding("timing/within-limit", failed("30 s", "1 of 3"), Vec::new())];
    for (name, must, should) in [("turratech", 1, 0), ("turnstay", 0, 1), ("stripe", 0, 1)] {
        let summary = Summary::of(&late, &provider(name));
        assert_eq!((summary.must_fail, summary.should_fail), (must, should), "{name}");
    }
}

#[test]
fn a_summary_is_one_line_that_never_says_more_than_was_seen() {
    let unknown = || Verdict::Unknown("nobody looked".into());
    for (verdicts, said) in [
        (vec![Verdict::Pass, Verdict::Pass], "holds: 2 of 2 MUSTs proven, 0 failed, 0 unknown"),
        (
            vec![Verdict::Pass, unknown()],
            "holds as far as was seen: 1 of 2 MUSTs proven, 0 failed, 1 unknown",
        ),
        (
            vec![Verdict::Pass, failed("200", "500"), unknown()],
            "fails: 1 of 3 MUSTs proven, 1 failed, 1 unknown",
        ),
    ] {
        let ids = ["acknowledge/success-status", "duplicate/sequential", "http/survives"];
        let findings: Vec<Finding> =
            ids.iter().zip(verdicts).map(|(id, verdict)| finding(id, verdict, Vec::new())).collect();
        assert_eq!(Summary::of(&findings, &provider("turratech")).to_string(), said);
    }
}

/// One list for every reporter: each verdict, each level, and evidence of each kind.
pub(super) fn findings() -> Vec<Finding> {
    let bench = bench("turratech");
    let of = |draft: &Draft, text: &str| {
        let mut exchange = exchange(&bench, draft, outcome(text));
        // As a run shows them; what a request is made of is the bench's affair.
        exchange.sent.headers = vec![("turratech-signature".into(), "t=1767225600,v1=<redacted>".into())];
        exchange.sent.body = format!("{{\"id\":\"{}\"}}", exchange.sent.id).into_bytes();
        exchange
    };
    let event = || bench.event(1);
    let again = |millis| {
        let exchange = of(&event().repeated().noted("again, the same bytes"), "200");
        Exchange { at: Duration::from_millis(millis), ..exchange }
    };
    let copies = vec![of(&event().noted("one of 16 copies at once"), "200"); 16];
    let unheard_of = bench.event_of(1, "hookproof.unheard_of").noted("type hookproof.unheard_of");
    vec![
        finding("acknowledge/success-status", Verdict::Pass, vec![of(&event(), "204 x-served-by web-1")]),
        finding(
            "acknowledge/unknown-type",
            failed("any 2xx", "event 1, type hookproof.unheard_of: 400"),
            vec![of(&unheard_of, "400")],
        ),
        finding(
            "acknowledge/no-redirect",
            failed("an answer at the address that was called", "302 to /login\u{1b}[2J\r\n\u{202e}"),
            Vec::new(),
        ),
        finding("signature/rejects-forged", Verdict::Pass, vec![of(&event().forged(), "401")]),
        finding(
            "signature/refusal-status",
            Verdict::Unknown("a forgery was answered 200, which refuses nothing".into()),
            vec![of(&event().unsigned(), "200")],
        ),
        finding(
            "duplicate/sequential",
            failed("one effect", "200, 200, 200, and two effects (POST /ledger twice)"),
            vec![of(&event(), "200"), again(1_200), again(2_400)],
        ),
        finding("duplicate/concurrent", failed("one effect", "200 (16 of 16), and 3 effects"), copies),
        finding(
            "duplicate/lost-answer",
            Verdict::Unknown("the redelivery was not answered (no answer within 30 s)".into()),
            vec![
                of(&event().cut_before_answer(Duration::ZERO), "cut"),
                of(&event().noted("again, signed anew"), "late"),
            ],
        ),
        finding("tls/certificate", Verdict::NotApplicable("the target is plain HTTP".into()), Vec::new()),
    ]
}

pub(super) fn finding(id: &str, verdict: Verdict, exchanges: Vec<Exchange>) -> Finding {
    let check = CATALOGUE.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("no check {id}"));
    Finding { check, verdict, exchanges, took: Duration::from_millis(1_250) }
}

pub(super) fn failed(expected: &str, actual: &str) -> Verdict {
    Verdict::Fail { expected: expected.into(), actual: actual.into() }
}

#[test]
fn a_ci_server_reads_this() {
    let text = written(&mut Junit::default(), &subject("turratech"), &findings());
    insta::assert_snapshot!(text);
}

#[test]
fn a_ci_summary_shows_this() {
    let text = written(&mut Markdown::default(), &subject("turratech"), &findings());
    insta::assert_snapshot!(text);
}

#[test]
fn the_cases_of_a_junit_report_fail_as_the_run_does() {
    for (strict, require_observed) in [(false, false), (true, false), (false, true), (true, true)] {
        let findings = findings();
        let text = written(&mut Junit::new(strict, require_observed), &subject("turratech"), &findings);
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let named = |name| document.descendants().filter(move |node| node.has_tag_name(name));
        let summary = Summary::of(&findings, &provider("turratech"));
        let should_unknown = findings.iter().filter(|finding| {
            let level = finding.check.level_for(&provider("turratech"));
            level == crate::Level::Should && matches!(finding.verdict, Verdict::Unknown(_))
        });
        let unknown = summary.must_unknown + if strict { should_unknown.count() } else { 0 };
        let failures = summary.must_fail
            + if strict { summary.should_fail } else { 0 }
            + if require_observed { unknown } else { 0 };
        assert!(failures > 0 && named("failure").count() == failures, "{text}");
        assert_eq!(named("testcase").count(), findings.len());
        for suite in named("testsuite").chain(named("testsuites")) {
            assert_eq!(suite.attribute("failures"), Some(failures.to_string().as_str()));
            assert_eq!(suite.attribute("tests"), Some(findings.len().to_string().as_str()));
            let skipped = named("skipped").count().to_string();
            assert_eq!(suite.attribute("skipped"), Some(skipped.as_str()));
        }
    }
}

#[test]
fn nothing_from_outside_is_markup_in_a_ci_summary() {
    let hostile = "<img src=x> [a](http://b) `c` | *d* _e_ @f #1 ![g](h) https://i www.j &lt;";
    let finding = finding("duplicate/sequential", failed("one effect", hostile), Vec::new());
    let mut subject = subject("turratech");
    subject.target = "http://a/`` | <b>".into();
    let text = written(&mut Markdown::default(), &subject, &[finding]);
    assert!(
        text.contains(
            "- **actual** &lt;img src=x&gt; \\[a\\](http&#58;//b) \\`c\\` \\| \\*d\\* \\_e\\_ &#64;f &#35;1 \
             \\!\\[g\\](h) https&#58;//i www&#46;j &amp;lt;\n"
        ),
        "{text}"
    );
    assert!(text.contains("``` http://a/`` \\| <b> ```"), "{text}");
}

#[test]
fn a_ci_summary_that_would_be_too_long_is_cut_between_checks_and_says_so() {
    let odd = "\u{e0001}".repeat(700);
    let history = format!("two effects\n{}", format!("{odd}\n").repeat(1_000));
    let findings = [
        finding("property/any-history", failed("one effect", &history), Vec::new()),
        finding("duplicate/sequential", failed("one effect", &odd), Vec::new()),
        finding("duplicate/concurrent", Verdict::Unknown(odd.clone()), Vec::new()),
    ];
    let text = written(&mut Markdown::default(), &subject("turratech"), &findings);
    assert!(text.len() < 1_000_000, "{}", text.len());
    assert!(text.contains("\n### Cut short\n") && text.contains("not met either: `property/any-history`."));
    assert!(text.contains("\n### MUST, not met: `duplicate/sequential`") && text.ends_with("\n</details>\n"));
    // Everything else of a run stays far below.
    let all: Vec<Finding> =
        CATALOGUE.iter().map(|check| finding(check.id, Verdict::Unknown(odd.clone()), Vec::new())).collect();
    assert!(written(&mut Markdown::default(), &subject("turratech"), &all).len() < 1_000_000);
}

proptest::proptest! {
    /// C41 and its kin: whatever an endpoint says, the document stays one, and says it again.
    #[test]
    fn a_junit_report_is_xml_whatever_was_said(said in ".*", target in ".*") {
        let finding = finding("duplicate/sequential", failed("one effect", &said), Vec::new());
        let subject = Subject { target: target.clone(), ..subject("turratech") };
        let text = written(&mut Junit::default(), &subject, &[finding]);
        let document = roxmltree::Document::parse(&text).expect("it is XML");
        let failure = document.descendants().find(|node| node.has_tag_name("failure")).expect("one failed");
        let message = failure.attribute("message").expect("it has a message");
        if harmless(&said) == said && !said.chars().any(|letter| u32::from(letter) & 0xfffe == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&letter)) {
            proptest::prop_assert!(message.ends_with(&said), "{message}");
        }
    }
}

pub(super) fn subject(name: &str) -> Subject {
    Subject {
        provider: provider(name),
        target: "http://127.0.0.1:3000/webhooks".into(),
        began: Timestamp::from_unix_secs(1_767_225_600),
        seed: 7,
        command: "hookproof check http://127.0.0.1:3000/webhooks".into(),
        extent: String::new(),
        notes: vec!["no observer is connected".into()],
        known: KnownFailing::default(),
        exit_status: None,
        why: None,
        bar: Bar::default(),
    }
}

pub(super) fn written(reporter: &mut dyn Reporter, subject: &Subject, findings: &[Finding]) -> String {
    let mut text = String::new();
    write(reporter, subject, findings, &mut text).expect("a string takes everything");
    text
}

pub(super) fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it is JSON")
}

pub(super) fn schema() -> jsonschema::Validator {
    let schema = json(include_str!("../../../../fixtures/schema/report.json"));
    jsonschema::draft202012::new(&schema).expect("the schema is one")
}
