//! One event's life on a page: the sentence, a line of its attempts on the provider's time, and each attempt.

use alloc::{format, string::String};
use core::{fmt, fmt::Write, time::Duration};

use super::{
    capital,
    exchange::{Room, each, tone},
    figure,
    markup::{Markup, tag},
    overview::copy,
    page, percent,
};
use crate::{
    Verdict,
    life::{Attempt, Fault, Life},
    report::{
        Subject,
        life::{effects, ending, happened, later, moment, promise},
        span,
    },
};

/// The page of one life.
///
/// # Errors
///
/// Whatever `out` refuses.
pub fn write_life(life: &Life, verdict: &Verdict, subject: &Subject, out: &mut dyn Write) -> fmt::Result {
    let title = format!("{} rehearsed at {}: {}", subject.provider.title, subject.target, word(verdict));
    out.write_str(&page(&title, |body| {
        overview(body, life, verdict, subject);
        if !life.attempts.is_empty() {
            attempts(body, life);
        }
    }))
}

fn overview(page: &mut Markup, life: &Life, verdict: &Verdict, subject: &Subject) {
    page.put(tag("section").class("verdict").with("data-word", tone_of(verdict)), |page| {
        page.put(tag("p").class("kicker"), |page| {
            page.text(&format!("One {} of {} at ", life.kind, subject.provider.title));
            page.say(tag("code"), &subject.target);
        });
        page.say(tag("h1"), capital(&ending(life)));
        page.put(tag("p").class("lead"), |page| match verdict {
            Verdict::Pass => page.text(&format!("It holds: {}.", promise())),
            Verdict::Fail { expected, actual } => {
                page.text(&format!("Expected was {expected}; what came: {actual}."));
            }
            Verdict::Unknown(why) | Verdict::NotApplicable(why) => page.text(&format!("Unknown: {why}.")),
        });
        page.put(tag("dl").class("figures"), |page| {
            figure(page, "Event", &life.id);
            figure(page, "Created", moment(life.created));
            figure(page, "Attempts", life.attempts.len());
        });
        if !subject.notes.is_empty() {
            page.put(tag("ul").class("notes"), |page| {
                for note in &subject.notes {
                    page.say(tag("li"), capital(note));
                }
            });
        }
        page.put(tag("div").class("command"), |page| {
            page.say(tag("code").with("id", "command"), &subject.command);
            copy(page, "command");
        });
    });
}

fn attempts(page: &mut Markup, life: &Life) {
    page.put(
        tag("section").class("timeline").with("id", "checks").with("aria-labelledby", "attempts"),
        |page| {
            page.say(tag("h2").with("id", "attempts"), "Every attempt, when the provider would make it");
            line(page, life);
            let mut room = Room::default();
            let mut before = None;
            page.put(tag("ol").class("life"), |page| {
                for attempt in &life.attempts {
                    page.put(tag("li"), |page| one(page, attempt, &later(attempt.at, before), &mut room));
                    before = Some(attempt.at);
                }
            });
        },
    );
}

/// The attempts on one axis, from the first to the last.
fn line(page: &mut Markup, life: &Life) {
    let whole = life.attempts.last().map_or(Duration::ZERO, |last| last.at.saturating_since(life.created));
    if whole.is_zero() {
        return;
    }
    let label = format!("{} attempts in {}", life.attempts.len(), span(whole));
    page.put(
        tag("svg").class("strip").with("height", 34).with("role", "img").with("aria-label", &label),
        |page| {
            for attempt in &life.attempts {
                let x = percent(attempt.at.saturating_since(life.created), whole);
                let mark = tag("line").class(colour(attempt));
                page.put(mark.with("x1", &x).with("x2", &x).with("y1", 8).with("y2", 26), |page| {
                    page.say(tag("title"), said(attempt));
                });
            }
        },
    );
    page.put(tag("p").class("axis"), |page| {
        page.say(tag("span"), "first");
        page.say(tag("span"), format!("{} later", span(whole)));
    });
}

fn one(page: &mut Markup, attempt: &Attempt, later: &str, room: &mut Room) {
    page.put(tag("div").class("attempt"), |page| {
        page.say(tag("b").class("number"), attempt.number);
        page.put(tag("span").class("when"), |page| {
            page.text(&moment(attempt.at));
            page.text(" ");
            page.say(tag("small"), later);
        });
        page.put(tag("span").class("sent"), |page| {
            page.say(tag("b").class(colour(attempt)), happened(attempt));
        });
        page.say(tag("span").class("took"), attempt.effects.map_or_else(String::new, effects));
    });
    each(page, &attempt.exchanges, room);
}

/// What a reader is told of an attempt in one breath.
fn said(attempt: &Attempt) -> String {
    format!("attempt {}: {}", attempt.number, happened(attempt))
}

fn colour(attempt: &Attempt) -> &'static str {
    match (attempt.fault, attempt.exchanges.first()) {
        _ if attempt.is_acknowledged() => "acknowledged",
        (Fault::Undelivered, _) | (_, None) => "cut",
        (_, Some(exchange)) => tone(exchange),
    }
}

const fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "holds",
        Verdict::Fail { .. } => "fails",
        Verdict::Unknown(_) | Verdict::NotApplicable(_) => "unknown",
    }
}

const fn tone_of(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail { .. } => "fail",
        Verdict::Unknown(_) | Verdict::NotApplicable(_) => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use hookproof_core::Conclusion;

    use super::*;
    use crate::report::{
        html::tests::{parsed, without_assets},
        life::tests::life,
        tests::subject,
    };

    fn written(life: &Life, verdict: &Verdict, target: &str) -> String {
        let subject = Subject { target: target.into(), ..subject("turratech") };
        let mut text = String::new();
        write_life(life, verdict, &subject, &mut text).unwrap();
        without_assets(&text)
    }

    #[test]
    fn every_attempt_is_on_the_page_with_its_deliveries() {
        let page =
            written(&life(["500", "200"], Some(Conclusion::Delivered)), &Verdict::Pass, "http://127.0.0.1/");
        let document = parsed(&page);
        let of = |class: &'static str| {
            let elements = document.descendants();
            elements.filter(move |node| node.attribute("class") == Some(class)).count()
        };
        assert_eq!((of("attempt"), of("exchange")), (3, 3));
        let said: String = document.descendants().filter_map(|node| node.text()).collect();
        for words in [
            "Acknowledged at attempt 3, 35 min after the first; 2 effects",
            "not delivered",
            "downstream fails: 500 in 5 ms",
            "delivered twice at once: 200 and 409 in 5 ms",
            "2026-01-01 00:35:00 UTC",
            "30 min later",
        ] {
            assert!(said.contains(words), "{words}: {said}");
        }
    }

    #[test]
    fn nothing_that_came_from_elsewhere_is_markup() {
        let mut life = life(["500", "200"], None);
        life.id = "</code><script>alert(1)</script>".into();
        life.kind = "<img src=x onerror=alert(2)>".into();
        for verdict in [
            Verdict::Unknown("<b>".into()),
            Verdict::Fail { expected: "<b>".into(), actual: "\"'><b>".into() },
        ] {
            let page = written(&life, &verdict, "<script>alert(3)</script>");
            assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("<b>\""), "{page}");
            parsed(&page);
        }
    }
}
