//! What an endpoint says is shown, and steers nothing: no terminal, no document, no reader.

use wiremock::ResponseTemplate;

use crate::{
    call::{SECRET, check, hookproof},
    endpoint::answering,
    folder::Folder,
    report::faults,
};

/// C27, C28: one run, every kind of report.
#[tokio::test]
async fn whatever_an_endpoint_says_every_report_is_sound_and_shows_it_escaped() {
    let folder = Folder::new("hostile-text");
    let reports = ["json", "junit", "markdown", "html"].map(|kind| format!("{kind}={}", folder.file(kind)));
    let location = "/<script>alert(1)</script>|`]]>&\"'";
    let endpoint =
        answering(ResponseTemplate::new(302).insert_header("location", location).set_body_bytes(hostile()))
            .await;
    let mut options = vec!["--only", "acknowledge/success-status,acknowledge/no-redirect,http/survives"];
    for report in &reports {
        options.extend(["--report", report]);
    }
    let ended = check(&endpoint.uri(), options).run().await.exits(1);
    assert!(ended.out.contains(location), "{}", ended.out);
    for text in [&ended.out, &ended.err] {
        assert_eq!(unseen(text), "", "{text:?}");
    }
    let read = |name: &str| std::fs::read_to_string(folder.file(name)).expect("it is written");

    let json = serde_json::from_str(&read("json")).expect("it is JSON");
    assert_eq!(faults(&json), Vec::<String>::new());
    let body = json["checks"][0]["exchanges"][0]["answer_body"].as_str().expect("it is a text");
    assert!(
        body.contains("</script><img src=x onerror=alert(1)>\u{202e}\u{1b}]0;x\u{7}\u{9b}2J"),
        "{body:?}"
    );
    assert_eq!(unseen(&read("json")), "");

    let xml = read("junit");
    let document = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let failures: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("failure"))
        .filter_map(|node| node.text())
        .collect();
    assert!(failures.iter().any(|text| text.contains(location)), "{xml}");
    assert_eq!(unseen(&xml), "");

    let markdown = read("markdown");
    assert!(markdown.contains("/&lt;script&gt;alert(1)&lt;/script&gt;\\|\\`\\]\\]&gt;&amp;"), "{markdown}");
    assert!(!markdown.contains("<script") && !markdown.contains("<img"), "{markdown}");
    assert_eq!(unseen(&markdown), "");

    let html = read("html");
    assert!(html.contains(
        "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;<span class=\"odd\">\\u{202e}\\u{1b}</span>"
    ));
    assert!(
        !html.contains("<img")
            && html.matches("<script").count() == 1
            && html.matches("</script").count() == 1
    );
    assert_eq!(unseen(&html), "");
}

/// C28, R46: the commands that send or read one event.
#[tokio::test]
async fn an_answer_or_an_event_steers_no_terminal() {
    let endpoint = answering(ResponseTemplate::new(500).set_body_bytes(hostile())).await;
    let ended = hookproof(["send", &endpoint.uri()]).secret(SECRET).run().await.exits(1);
    assert!(ended.out.contains("\\u{202e}\\u{1b}]0;x\\u{7}\\u{9b}2J"), "{}", ended.out);
    assert_eq!(unseen(&ended.out), "");

    // TurnStay signs nothing, so anyone may choose the type.
    let event = "{\"id\":\"1\",\"type\":\"a\\u009b2J\\u202e\u{202e}\",\"data\":{\"object\":{}}}";
    for format in ["text", "json"] {
        let call = hookproof(["verify", "--provider", "turnstay", "--format", format]);
        let ended = call.stdin(event).run().await;
        assert_eq!(unseen(&ended.out) + &unseen(&ended.err), "", "{ended:?}");
    }
}

/// No UTF-8 to begin with; then what ends documents, runs, turns and steers.
fn hostile() -> Vec<u8> {
    let text =
        "</script><img src=x onerror=alert(1)>\u{202e}\u{1b}]0;x\u{7}\u{9b}2J\r]]>-->`|\u{0}\u{200b}\u{2028}";
    [b"\xff\xfe\xc0\x80", text.as_bytes()].concat()
}

/// What of a text cannot be seen, newlines aside.
fn unseen(text: &str) -> String {
    let is_unseen = |letter: &char| {
        letter.is_control() && *letter != '\n'
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().filter(is_unseen).collect()
}
