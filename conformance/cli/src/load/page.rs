//! A load as a page: what it came to, second by second and by the time that answers took.

use std::time::Duration;

use hookproof_conformance::load::{Second, Times};
use hookproof_suite::report::html::{
    histogram,
    markup::{Markup, tag},
    page as whole,
};

use super::{Told, text};

/// The whole document.
pub(super) fn page(told: &Told<'_>) -> String {
    let target = told.load.target.url.to_string();
    whole(&format!("Load on {target}: {}", headline(told)), |body| {
        overview(body, told, &target);
        body.put(
            tag("section").class("times").with("id", "checks").with("aria-labelledby", "seconds"),
            |body| {
                body.say(tag("h2").with("id", "seconds"), "Second by second");
                seconds(body, &told.figures.seconds);
            },
        );
        body.put(tag("section").class("times").with("aria-labelledby", "times"), |body| {
            body.say(tag("h2").with("id", "times"), "Response times");
            quantiles(body, &told.figures.response, &told.figures.service);
            let each: Vec<(Duration, usize)> = told
                .figures
                .response
                .each()
                .map(|(time, count)| (time, usize::try_from(count).unwrap_or(usize::MAX)))
                .collect();
            histogram(body, "Answers by their response time", &each);
        });
    })
}

fn overview(page: &mut Markup, told: &Told<'_>, target: &str) {
    let figures = told.figures;
    let word = if told.objections.is_empty() { "pass" } else { "fail" };
    page.put(tag("section").class("verdict").with("data-word", word), |page| {
        page.put(tag("p").class("kicker"), |page| {
            page.text(&format!("{} at ", told.provider.title));
            page.say(tag("code"), target);
        });
        page.say(tag("h1"), headline(told));
        page.say(tag("p").class("lead"), format!("{}.", text::how(told)));
        page.put(tag("dl").class("figures"), |page| {
            let statuses: Vec<String> =
                figures.statuses.iter().map(|(status, count)| format!("{status}: {count}")).collect();
            for (name, value) in [
                ("Sent", figures.sent.to_string()),
                ("Of them again", figures.again.to_string()),
                ("Acknowledged a second", format!("{:.1}", text::a_second(figures.acknowledged, figures))),
                ("Answers", statuses.join(", ")),
                ("Late", figures.late.to_string()),
                ("Dropped", figures.dropped.to_string()),
            ] {
                page.put(tag("div"), |page| {
                    page.say(tag("dt"), name);
                    page.say(tag("dd"), value);
                });
            }
        });
        let troubles = figures.troubles.iter().map(|(trouble, count)| format!("{count} times: {trouble}"));
        let said: Vec<String> =
            told.objections.iter().cloned().chain(text::notes(told)).chain(troubles).collect();
        if !said.is_empty() {
            page.put(tag("ul").class("notes"), |page| {
                for note in said {
                    page.say(tag("li"), note);
                }
            });
        }
    });
}

fn headline(told: &Told<'_>) -> String {
    format!("{} acknowledged", text::percent(told.figures.acknowledged, told.figures.sent))
}

/// The shares that are told, from the schedule and from the send.
fn quantiles(page: &mut Markup, response: &Times, service: &Times) {
    page.put(tag("table"), |page| {
        page.put(tag("thead"), |page| {
            page.put(tag("tr"), |page| {
                for title in ["Within", "from the schedule", "from the send"] {
                    page.say(tag("th").with("scope", "col"), title);
                }
            });
        });
        page.put(tag("tbody"), |page| {
            let longest = [("all", response.longest(), service.longest())];
            let shares = text::SHARES
                .into_iter()
                .filter_map(|(name, share)| Some((name, response.within(share)?, service.within(share)?)));
            for (name, response, service) in shares.chain(longest) {
                page.put(tag("tr"), |page| {
                    page.say(tag("th").with("scope", "row"), name);
                    page.say(tag("td"), text::time(response));
                    page.say(tag("td"), text::time(service));
                });
            }
        });
    });
    page.say(
        tag("p").class("hint"),
        "A share is told when ten answers lie beyond it: p99.9 from 10,000 answers on. What was given up or never left counts \
         with the time for which it had waited.",
    );
}

/// What was acknowledged in each second and on top of it what was not, and below it the slowest answers.
fn seconds(page: &mut Markup, seconds: &[Second]) {
    let columns: Vec<Second> =
        seconds.chunks(seconds.len().div_ceil(MOST_COLUMNS).max(1)).map(together).collect();
    let said = |column: &Second| {
        let slowest = text::time(column.longest);
        format!("{} acknowledged, {} not; the slowest took {slowest}", column.acknowledged, column.failed)
    };
    let column = |parts: fn(&Second) -> [(&'static str, u64); 2]| {
        columns.iter().map(move |second| (parts(second), said(second))).collect::<Vec<_>>()
    };
    let answers = column(|second| [("column", second.acknowledged), ("fill-fail", second.failed)]);
    let slowest = column(|second| [("fill-unknown", text::micros(second.longest)), ("column", 0)]);
    chart(page, "Answers", &answers, seconds.len(), |most| format!("at most {most}"));
    chart(page, "Slowest answer", &slowest, seconds.len(), |most| {
        format!("at most {}", text::time(Duration::from_micros(most)))
    });
}

/// Columns of two parts, the second on top of the first.
fn chart(
    page: &mut Markup,
    title: &str,
    columns: &[([(&'static str, u64); 2], String)],
    seconds: usize,
    scale: impl Fn(u64) -> String,
) {
    let most = columns.iter().map(|(parts, _)| parts[0].1 + parts[1].1).max().unwrap_or(0).max(1);
    let label = format!("{title}, second by second: {}", scale(most));
    page.say(tag("p").class("hint"), format!("{title}: {}", scale(most)));
    page.put(tag("svg").class("histogram").with("role", "img").with("aria-label", &label), |page| {
        page.say(tag("title"), &label);
        let share = |at: usize| format!("{:.2}%", 100.0 * text::share(count(at), count(columns.len())));
        for (at, ([lower, upper], said)) in columns.iter().enumerate() {
            let mut floor = HEIGHT;
            for (class, value) in [lower, upper] {
                let height = value.saturating_mul(HEIGHT).div_ceil(most).min(floor);
                floor -= height;
                let bar = tag("rect").class(class).with("x", share(at)).with("width", share(1));
                page.put(bar.with("y", floor).with("height", height), |page| page.say(tag("title"), said));
            }
        }
        page.void(
            tag("line").class("floor").with("x1", 0).with("x2", "100%").with("y1", HEIGHT).with("y2", HEIGHT),
        );
    });
    page.put(tag("p").class("axis"), |page| {
        page.say(tag("span"), "0 s");
        page.say(tag("span"), format!("{seconds} s"));
    });
}

fn together(seconds: &[Second]) -> Second {
    seconds.iter().fold(Second::default(), |sum, second| Second {
        acknowledged: sum.acknowledged + second.acknowledged,
        failed: sum.failed + second.failed,
        longest: sum.longest.max(second.longest),
    })
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// As many as can be told apart on a phone.
const MOST_COLUMNS: usize = 120;

/// In CSS pixels.
const HEIGHT: u64 = 150;
