//! A fleet on one page: the totals, a line for each target, and under it what fails there.

use alloc::{format, string::String, vec::Vec};

use super::{Ending, Target, Totals, by_gravity, took};
use crate::report::{
    Case,
    html::{
        capital, figure,
        markup::{Markup, tag},
        page,
    },
    span,
};

/// One HTML file that asks for nothing from anywhere. The deliveries stand in the JSON report.
pub fn html(targets: &[Target]) -> String {
    let totals = Totals::of(targets);
    page(&format!("{} targets: {totals}", targets.len()), |body| {
        overview(body, targets, &totals);
        body.put(tag("section").with("id", "checks").with("aria-labelledby", "checks-title"), |body| {
            body.say(tag("h2").with("id", "checks-title"), "Every target");
            let mut room = MOST_BYTES;
            for (number, target) in (1..).zip(by_gravity(targets)) {
                let mut written = Markup::default();
                row(&mut written, number, target, true);
                if written.len() > room {
                    written = Markup::default();
                    row(&mut written, number, target, false);
                }
                room = room.saturating_sub(written.len());
                body.append(&written);
            }
        });
    })
}

fn overview(page: &mut Markup, targets: &[Target], totals: &Totals) {
    let tone = match super::exit_status(targets) {
        0 => "pass",
        1 => "fail",
        _ if totals.fail > 0 => "fail",
        _ => "unknown",
    };
    page.put(tag("section").class("verdict").with("data-word", tone), |page| {
        page.say(tag("p").class("kicker"), "A fleet of endpoints");
        page.say(tag("h1"), format!("{} of {} targets hold", totals.hold, targets.len()));
        page.say(tag("p").class("lead"), format!("{totals}."));
        page.put(tag("dl").class("figures"), |page| {
            figure(page, "Fail", totals.fail);
            figure(page, "Could not be reached", totals.unreachable);
            figure(page, "Ended in an error", totals.error);
            figure(page, "Not run", totals.not_run);
            if let Some(slowest) = targets.iter().map(|target| target.took).max() {
                figure(page, "The longest took", span(slowest));
            }
        });
    });
}

/// A target. `whole`: with what fails there, and not only its name.
fn row(page: &mut Markup, number: usize, target: &Target, whole: bool) {
    let failing: Vec<&Case> = match &target.ending {
        Ending::Judged(record) => record.cases.iter().filter(|case| case.is_red()).collect(),
        Ending::Failed(..) | Ending::NotRun(_) => Vec::new(),
    };
    let (verdict, sign) = match target.exit_status() {
        Some(0) => ("pass", "✓"),
        Some(1) => ("fail", "✕"),
        Some(_) => ("unknown", "?"),
        None => ("not_applicable", "–"),
    };
    let details =
        tag("details").class("check").with("id", format!("target-{number}")).with("data-verdict", verdict);
    page.put(details, |page| {
        page.put(tag("summary"), |page| {
            page.put(tag("span").class("badge").with("data-verdict", verdict), |page| {
                page.say(tag("span").with("aria-hidden", "true"), sign);
                page.text(&target.word().to_lowercase());
            });
            page.put(tag("span").class("name"), |page| {
                page.say(tag("h4"), &target.name);
                page.say(tag("code"), &target.url);
            });
            if !failing.is_empty() {
                page.say(tag("span").class("level"), format!("{} to mend", failing.len()));
            }
        });
        page.put(tag("div").class("inside"), |page| {
            page.put(tag("dl").class("evidence"), |page| {
                line(page, "Verdict", &capital(&target.sentence()));
                line(page, "Took", &took(target));
                if !whole {
                    line(
                        page,
                        "Left out",
                        "what fails here would make the page too long; the JSON report has it",
                    );
                }
            });
            for case in failing.iter().filter(|_| whole) {
                failure(page, case);
            }
        });
    });
}

fn failure(page: &mut Markup, case: &Case) {
    page.put(tag("h4"), |page| {
        page.text(&format!("{} {}: {} ", case.level.name(), case.id, case.title));
    });
    page.put(tag("dl").class("evidence"), |page| {
        for (name, text) in case.rows() {
            line(page, &capital(name), &text);
        }
    });
}

fn line(page: &mut Markup, name: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    page.put(tag("div"), |page| {
        page.say(tag("dt"), name);
        page.say(tag("dd"), text);
    });
}

/// Of targets, beside what is the same on every page: browsers take more, and nobody reads it.
const MOST_BYTES: usize = 4_000_000;
