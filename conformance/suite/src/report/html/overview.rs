//! What a run came to, for who reads no further: the sentence, the counts, what to mend, what nobody saw.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use super::{
    beginning, capital,
    check::{Kind, Shown},
    figure,
    markup::{Markup, tag},
};
use crate::report::{Subject, Summary, span};

pub(super) fn overview(
    page: &mut Markup,
    subject: &Subject,
    summary: &Summary,
    checks: &[Shown],
    took: Duration,
) {
    page.put(tag("section").class("verdict").with("data-word", tone(summary)), |page| {
        page.put(tag("p").class("kicker"), |page| {
            page.text(&format!("{} at ", subject.provider.title));
            page.say(tag("code"), &subject.target);
        });
        page.say(tag("h1"), headline(summary));
        page.say(tag("p").class("lead"), sentence(summary));
        balance(page, checks);
        page.put(tag("dl").class("figures"), |page| {
            figure(page, "Began", moment(subject));
            let deliveries: usize = checks.iter().map(|check| check.deliveries).sum();
            figure(page, "Deliveries", format!("{deliveries} in {}", span(took)));
            figure(page, "Seed", subject.seed);
        });
        if !subject.notes.is_empty() {
            page.put(tag("ul").class("notes"), |page| {
                for note in &subject.notes {
                    page.say(tag("li"), capital(note));
                }
            });
        }
        page.put(tag("div").class("command"), |page| {
            page.say(tag("code").with("id", "command"), subject.whole());
            copy(page, "command");
        });
    });
    let failed: Vec<&Shown> =
        checks.iter().filter(|check| check.standing.is_red(check.kind == Kind::Fail)).collect();
    if !failed.is_empty() {
        to_mend(page, &failed);
    }
    let unknown: Vec<&Shown> = checks.iter().filter(|check| check.kind == Kind::Unknown).collect();
    if !unknown.is_empty() {
        unseen(page, &unknown);
    }
}

/// A button that copies the text of the element with this id; the script shows it where it can work.
pub(super) fn copy(page: &mut Markup, id: &str) {
    let button =
        tag("button").with("type", "button").class("copy").with("data-copy", id).flag("hidden", true);
    page.say(button, "Copy");
}

/// When the run began, as people write it.
fn moment(subject: &Subject) -> String {
    let text = subject.began.rfc3339();
    let seconds = text.split_once('.').map_or(text.as_str(), |(seconds, _)| seconds);
    format!("{} UTC", seconds.trim_end_matches('Z').replace('T', " "))
}

fn headline(summary: &Summary) -> String {
    let musts = summary.musts();
    if summary.mended() > 0 && summary.new_must_fail() == 0 {
        return "A check that is known to fail passes".into();
    }
    if summary.must_fail > 0 && summary.new_must_fail() == 0 {
        return format!("{} of {musts} MUSTs fail, as is known", summary.must_fail);
    }
    match (summary.must_fail, summary.must_unknown) {
        (0, 0) if musts == 0 => "No MUST was among these checks".into(),
        (0, 0) => format!("All {musts} MUSTs hold"),
        (0, _) if summary.must_pass == 0 => "Nothing is proven".into(),
        (0, unknown) => format!("No MUST fails, {unknown} of {musts} could not be seen"),
        (failed, _) => format!("{failed} of {musts} MUSTs {}", if failed == 1 { "fails" } else { "fail" }),
    }
}

fn sentence(summary: &Summary) -> String {
    let shoulds = match summary.should_fail {
        0 => String::new(),
        1 => ". One SHOULD is not met".into(),
        several => format!(". {several} SHOULDs are not met"),
    };
    let known = match summary.known().must_fail {
        0 => String::new(),
        known => format!(" ({known} of them known)"),
    };
    format!(
        "{} proven, {} failed{known}, {} unknown{shoulds}.",
        summary.must_pass, summary.must_fail, summary.must_unknown
    )
}

/// Which colour the sentence has.
fn tone(summary: &Summary) -> &'static str {
    match (summary.new_must_fail() + summary.mended(), summary.must_unknown + summary.known().must_fail) {
        (0, 0) => "pass",
        (0, _) => "unknown",
        _ => "fail",
    }
}

/// All verdicts, as a bar and as numbers.
fn balance(page: &mut Markup, checks: &[Shown]) {
    let count = |kind| checks.iter().filter(|check| check.kind == kind).count();
    let said: Vec<String> =
        Kind::ALL.into_iter().map(|kind| format!("{} {}", count(kind), kind.word())).collect();
    let label = format!("Of {} checks: {}", checks.len(), said.join(", "));
    page.put(tag("svg").class("balance").with("role", "img").with("aria-label", &label), |page| {
        page.say(tag("title"), &label);
        let mut at = 0;
        for kind in Kind::ALL {
            let [x, width] = [at, count(kind)].map(|part| share(part, checks.len()));
            page.void(
                tag("rect")
                    .class(kind.fill())
                    .with("x", x)
                    .with("y", 0)
                    .with("width", width)
                    .with("height", "100%"),
            );
            at += count(kind);
        }
    });
    page.put(tag("ul").class("counts"), |page| {
        for kind in Kind::ALL {
            page.put(tag("li").class(kind.class()), |page| {
                page.say(tag("b"), count(kind));
                page.text(" ");
                page.say(tag("span"), kind.word());
            });
        }
    });
}

fn share(part: usize, whole: usize) -> String {
    let hundredths = part * 10_000 / whole.max(1);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn to_mend(page: &mut Markup, failed: &[&Shown]) {
    page.put(tag("section").class("mend").with("aria-labelledby", "mend-title"), |page| {
        page.say(tag("h2").with("id", "mend-title"), "What to mend");
        page.put(tag("ol"), |page| {
            // Those that make the run fail come first.
            let mut failed = failed.to_vec();
            failed.sort_by_key(|check| check.level);
            for check in failed {
                page.put(tag("li"), |page| {
                    page.put(tag("a").with("href", format!("#{}", check.id)), |page| {
                        page.say(tag("span").class("level"), check.level.name());
                        page.text(" ");
                        page.say(tag("b"), capital(check.title));
                    });
                    if let Some(risk) = check.risk {
                        page.say(tag("p").class("risk"), format!("At stake: {risk}"));
                    }
                    match &check.known {
                        Some(known) => page.say(tag("p"), capital(known)),
                        None => page.say(tag("p"), format!("Seen: {}", beginning(&check.said))),
                    }
                });
            }
        });
    });
}

/// Unknown verdicts by their reason: one option often settles many.
fn unseen(page: &mut Markup, unknown: &[&Shown]) {
    let mut reasons: Vec<(&str, Vec<&Shown>)> = Vec::new();
    for check in unknown {
        match reasons.iter_mut().find(|(why, _)| *why == check.said) {
            Some((_, checks)) => checks.push(check),
            None => reasons.push((&check.said, alloc::vec![check])),
        }
    }
    reasons.sort_by_key(|(_, checks)| core::cmp::Reverse(checks.len()));
    page.put(tag("section").class("unseen-checks").with("aria-labelledby", "unseen-title"), |page| {
        page.say(tag("h2").with("id", "unseen-title"), "What could not be seen");
        page.put(tag("ul"), |page| {
            for (why, checks) in reasons {
                page.put(tag("li"), |page| {
                    page.say(tag("p"), beginning(&capital(why)));
                    page.put(tag("p").class("links"), |page| {
                        for check in checks {
                            page.say(tag("a").with("href", format!("#{}", check.id)), check.id);
                            page.text(" ");
                        }
                    });
                });
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Known;

    #[test]
    fn the_headline_says_no_more_than_was_proven() {
        let summary = |must_pass, must_fail, must_unknown| Summary {
            must_pass,
            must_fail,
            must_unknown,
            ..Summary::default()
        };
        let known = |summary, must_fail, pass| Summary {
            known_failing: Some(Known { must_fail, fail: must_fail, pass, ..Known::default() }),
            ..summary
        };
        for (summary, said, colour) in [
            (summary(30, 0, 0), "All 30 MUSTs hold", "pass"),
            (summary(25, 0, 5), "No MUST fails, 5 of 30 could not be seen", "unknown"),
            (summary(0, 0, 5), "Nothing is proven", "unknown"),
            (summary(28, 1, 1), "1 of 30 MUSTs fails", "fail"),
            (summary(28, 2, 0), "2 of 30 MUSTs fail", "fail"),
            (summary(0, 0, 0), "No MUST was among these checks", "pass"),
            (known(summary(28, 2, 0), 2, 0), "2 of 30 MUSTs fail, as is known", "unknown"),
            (known(summary(29, 1, 0), 0, 0), "1 of 30 MUSTs fails", "fail"),
            (known(summary(30, 0, 0), 0, 1), "A check that is known to fail passes", "fail"),
        ] {
            assert_eq!((headline(&summary).as_str(), tone(&summary)), (said, colour));
        }
    }
}
