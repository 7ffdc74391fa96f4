use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use roxmltree::{Document, Node};

use super::*;
use crate::{
    Exchange, Verdict,
    report::{
        tests::{failed, finding, findings, subject, written},
        visible::is_unseen,
    },
    scene::{bench, exchange, outcome},
};

/// What stands in texts to become markup, to end a script, to hide or to turn what follows.
const HOSTILE: &str = "</script></style></pre>\"'><img src=x onerror=alert(1)><svg/onload=alert(2)>]]>-->&lt;\u{202e}\u{1b}]0;x\u{7}\u{0}\u{200b}";

#[test]
fn every_check_is_on_the_page_with_its_evidence_and_its_cure() {
    let page = page_of(&subject("turratech"), &findings());
    let document = parsed(&page);
    for finding in findings() {
        let check = element(&document, finding.check.id);
        assert_eq!(check.attribute("data-verdict"), Some(finding.verdict.name()));
        assert_eq!(check.attribute("open").is_some(), finding.verdict.is_fail());
        let text = text_of(check);
        assert!(text.contains(&capital(finding.check.title)) && text.contains("The cure"), "{text}");
        let shown = check.descendants().filter(|node| node.attribute("class") == Some("exchange")).count();
        assert_eq!(shown, finding.exchanges.len(), "{}", finding.check.id);
    }
    let sequential = text_of(element(&document, "duplicate/sequential"));
    for said in [
        "200, 200, 200, and two effects (POST /ledger twice)",
        "turratech-signature: t=1767225600,v1=<redacted>",
        "TT-8 an event may come more than once",
        "hookproof check http://127.0.0.1:3000/webhooks --only duplicate/sequential --seed 7",
    ] {
        assert!(sequential.contains(said), "{said}: {sequential}");
    }
    assert!(text_of(element(&document, "tls/certificate")).contains("the target is plain HTTP"));
}

#[test]
fn links_and_buttons_lead_to_what_is_there() {
    let page = page_of(&subject("turratech"), &findings());
    let document = parsed(&page);
    let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "an id stands twice");
    let mut links = 0;
    for node in document.descendants() {
        let named =
            ["data-copy", "aria-labelledby", "for"].into_iter().filter_map(|name| node.attribute(name));
        let linked = node.attribute("href").and_then(|place| place.strip_prefix('#'));
        for id in named.chain(linked) {
            assert!(ids.contains(&id), "nothing is called {id}");
            links += 1;
        }
    }
    assert!(links > 10, "{links}");
}

/// C28: endpoints answer with what would run, hide or turn; C27: with bytes that are no text.
#[test]
fn nothing_from_outside_is_markup_or_unseen_on_the_page() {
    let mut subject = subject("turratech");
    subject.target = HOSTILE.into();
    subject.command = HOSTILE.into();
    subject.notes = vec![HOSTILE.into()];
    let hostile = |mut exchange: Exchange| {
        exchange.sent.summary = HOSTILE.into();
        exchange.sent.id = HOSTILE.into();
        exchange.sent.headers = vec![(HOSTILE.into(), HOSTILE.into())];
        exchange.sent.body = HOSTILE.as_bytes().to_vec();
        if let Outcome::Answered(answer) = &mut exchange.outcome {
            answer.headers = vec![(HOSTILE.into(), HOSTILE.into())];
            answer.body = [b"\xff\xfe", HOSTILE.as_bytes()].concat();
        }
        exchange
    };
    let bench = bench("turratech");
    let sent = || vec![hostile(exchange(&bench, &bench.event(1), outcome("200")))];
    let findings = [
        finding("acknowledge/success-status", Verdict::Pass, sent()),
        finding("duplicate/sequential", failed(HOSTILE, HOSTILE), sent()),
        finding("duplicate/concurrent", Verdict::Unknown(HOSTILE.into()), sent()),
        finding("tls/certificate", Verdict::NotApplicable(HOSTILE.into()), sent()),
    ];
    let page = page_of(&subject, &findings);
    let document = parsed(&page);
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        assert!(!["img", "iframe", "object", "embed", "base", "script", "style"].contains(&name), "{name}");
        for attribute in node.attributes() {
            assert!(
                !attribute.name().starts_with("on") && attribute.name() != "style",
                "{}",
                attribute.name()
            );
            let value = attribute.value();
            assert!(
                attribute.name() != "href" || value.starts_with('#') || value.starts_with("data:"),
                "{value}"
            );
        }
    }
    let odd: Vec<char> = page.chars().filter(|letter| is_unseen(*letter) && *letter != '\n').collect();
    assert!(odd.is_empty(), "{odd:?}");
    assert!(page.contains(
        "<span class=\"odd\">\\u{202e}\\u{1b}</span>]0;x<span class=\"odd\">\\u{7}\\u{0}\\u{200b}</span>"
    ));
    assert!(text_of(document.root_element()).contains("Not UTF-8"));
}

#[test]
fn a_page_of_a_run_with_too_much_to_show_says_so_and_stays_small() {
    let bench = bench("turratech");
    let large = |_| {
        let mut exchange = exchange(&bench, &bench.event(1), outcome("200"));
        exchange.sent.body = vec![b'x'; 20_000];
        exchange
    };
    let all: Vec<Exchange> = (0..210).map(large).collect();
    let findings = [
        finding("duplicate/many", Verdict::Pass, all.clone()),
        finding("timing/burst", failed("200", "500"), all),
    ];
    let page = page_of(&subject("turratech"), &findings);
    assert_eq!(page.matches("10 more are not shown here.").count(), 2);
    assert!(page.contains("20000 more bytes are not shown here."));
    assert!(page.len() < 8_000_000, "{}", page.len());
}

#[test]
fn a_run_without_a_delivery_has_a_page_too() {
    let text = text_of(parsed(&page_of(&subject("turnstay"), &[])).root_element());
    assert!(text.contains("No MUST was among these checks") && !text.contains("Answer times"), "{text}");
}

#[test]
fn the_same_run_makes_the_same_page() {
    let page = || page_of(&subject("turratech"), &findings());
    assert_eq!(page(), page());
}

fn page_of(subject: &Subject, findings: &[Finding]) -> String {
    without_assets(&written(&mut Html::default(), subject, findings))
}

/// The page without its script and style, which are no XML; that they end where they end is tested beside them.
pub(super) fn without_assets(page: &str) -> String {
    let without = |page: &str, from: &str, to: &str| {
        let (before, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from}"));
        let (_, after) = rest.split_once(to).unwrap_or_else(|| panic!("no {to}"));
        format!("{before}{after}")
    };
    without(&without(page, "<script>", "</script>"), "<style>", "</style>")
}

#[track_caller]
pub(super) fn parsed(page: &str) -> Document<'_> {
    let (_, page) = page.split_once("<!doctype html>\n").expect("it begins with its type");
    Document::parse(page).unwrap_or_else(|error| panic!("{error}: {page}"))
}

#[track_caller]
fn element<'a>(document: &'a Document<'_>, id: &str) -> Node<'a, 'a> {
    document.descendants().find(|node| node.attribute("id") == Some(id)).unwrap_or_else(|| panic!("no {id}"))
}

fn text_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|node| node.text()).map(ToString::to_string).collect()
}
