//! How long answers took: a chart over a scale that grows, and the figures that people quote.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use super::{
    figure,
    markup::{Markup, tag},
};
use crate::report::span;

/// The section on answer times; `waited` is for how long an answer was waited for.
pub(super) fn answer_times(page: &mut Markup, times: &[Duration], waited: Option<Duration>) {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    page.put(tag("section").class("times").with("aria-labelledby", "times-title"), |page| {
        page.say(tag("h2").with("id", "times-title"), "Answer times");
        page.put(tag("dl").class("figures"), |page| {
            for (name, permille) in [("Median", 500), ("p95", 950), ("p99", 990)] {
                if let Some(time) = quantile(&sorted, permille) {
                    figure(page, name, span(time));
                }
            }
            figure(page, "Slowest", span(sorted.last().copied().unwrap_or_default()));
            if let Some(waited) = waited {
                figure(page, "Waited for at most", span(waited));
            }
        });
        let each: Vec<(Duration, usize)> = sorted.iter().map(|time| (*time, 1)).collect();
        histogram(page, "Answers by the time they took", &each);
        page.say(tag("p").class("hint"), "Without deliveries that were cut, failed, or slowed by ourselves.");
    });
}

/// A chart of how many of `times`, each with how often it was taken, lie between the steps of a scale of 1, 2, 5, 10, 20,
/// 50 … milliseconds, and the same as a table.
pub fn histogram(page: &mut Markup, title: &str, times: &[(Duration, usize)]) {
    let bars = bars(times);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    let label = format!("{title}: {}", bars.iter().map(Bar::said).collect::<Vec<_>>().join(", "));
    page.say(tag("p").class("caption"), format!("{title}, in milliseconds"));
    page.put(tag("svg").class("histogram").with("role", "img").with("aria-label", &label), |page| {
        page.say(tag("title"), &label);
        let width = 10_000 / bars.len().max(1);
        let share = |hundredths: usize| format!("{}.{:02}%", hundredths / 100, hundredths % 100);
        for (at, bar) in bars.iter().enumerate() {
            let middle = share(at * width + width / 2);
            // Above 0 a bar can always be seen.
            let height = if bar.count == 0 { 0 } else { (bar.count * BARS / most).max(2) };
            let top = ABOVE + BARS - height;
            let column = tag("rect")
                .class("column")
                .with("x", share(at * width + width / 12))
                .with("width", share(width - width / 6))
                .with("y", top)
                .with("height", height);
            page.put(column, |page| page.say(tag("title"), bar.said()));
            if bar.count > 0 {
                page.say(tag("text").class("count").with("x", &middle).with("y", top - 4), bar.count);
            }
            page.say(tag("text").class("tick").with("x", middle).with("y", ABOVE + BARS + 15), bar.below());
        }
        let floor = ABOVE + BARS;
        page.void(
            tag("line").class("floor").with("x1", 0).with("x2", "100%").with("y1", floor).with("y2", floor),
        );
    });
    page.put(tag("details").class("table"), |page| {
        page.say(tag("summary"), "As a table");
        page.put(tag("table"), |page| {
            page.put(tag("thead"), |page| {
                page.put(tag("tr"), |page| {
                    page.say(tag("th").with("scope", "col"), "Took");
                    page.say(tag("th").with("scope", "col"), "Answers");
                });
            });
            page.put(tag("tbody"), |page| {
                for bar in &bars {
                    page.put(tag("tr"), |page| {
                        page.say(tag("th").with("scope", "row"), bar.range());
                        page.say(tag("td"), bar.count);
                    });
                }
            });
        });
    });
}

/// How many took at least `from` and less than `to`.
#[derive(Debug, PartialEq, Eq)]
struct Bar {
    from: u64,
    to: Option<u64>,
    count: usize,
}

impl Bar {
    fn range(&self) -> String {
        let at = |millis| span(Duration::from_millis(millis));
        match self.to {
            Some(to) => format!("{} to {}", at(self.from), at(to)),
            None => format!("{} and more", at(self.from)),
        }
    }

    /// Its upper end, short enough for a phone.
    fn below(&self) -> String {
        match self.to {
            Some(to) if to < 1_000 => format!("<{to}"),
            Some(to) => format!("<{} s", to / 1_000),
            None => "more".into(),
        }
    }

    fn said(&self) -> String {
        format!("{} in {}", self.count, self.range())
    }
}

/// From the first bar that is not empty to the last, and no fewer than [`FEWEST_BARS`].
fn bars(times: &[(Duration, usize)]) -> Vec<Bar> {
    let ends = STEPS.into_iter().map(Some).chain([None]);
    let mut bars: Vec<Bar> =
        [0].into_iter().chain(STEPS).zip(ends).map(|(from, to)| Bar { from, to, count: 0 }).collect();
    for (time, count) in times {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        if let Some(bar) = bars.iter_mut().find(|bar| bar.to.is_none_or(|to| millis < to)) {
            bar.count += count;
        }
    }
    let first = bars.iter().position(|bar| bar.count > 0).unwrap_or(0).min(bars.len() - FEWEST_BARS);
    let last = bars.iter().rposition(|bar| bar.count > 0).unwrap_or(0).max(first + FEWEST_BARS - 1);
    bars.truncate(last + 1);
    bars.drain(..first);
    bars
}

/// The least time that so many of a thousand do not exceed; nothing where there are too few to speak of.
fn quantile(sorted: &[Duration], permille: usize) -> Option<Duration> {
    let beyond = 1_000 - permille;
    if sorted.len() * beyond < 1_000 {
        return None;
    }
    let rank = (sorted.len() * permille).div_ceil(1_000);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// In milliseconds.
const STEPS: [u64; 15] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000];

const FEWEST_BARS: usize = 6;

/// In CSS pixels, the height of the highest bar and the room for its number.
const BARS: usize = 120;
const ABOVE: usize = 18;

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(times: &[u64]) -> Vec<Duration> {
        times.iter().copied().map(Duration::from_millis).collect()
    }

    #[test]
    fn each_time_is_in_the_bar_whose_ends_it_lies_between() {
        let each = |times: &[u64]| millis(times).into_iter().map(|time| (time, 1)).collect::<Vec<_>>();
        let bars = bars(&each(&[0, 1, 1, 2, 4, 49, 50]));
        let counts: Vec<(u64, usize)> = bars.iter().map(|bar| (bar.from, bar.count)).collect();
        assert_eq!(counts, [(0, 1), (1, 2), (2, 2), (5, 0), (10, 0), (20, 1), (50, 1)]);
        assert_eq!(super::bars(&each(&[90_000])).last(), Some(&Bar { from: 60_000, to: None, count: 1 }));
        assert_eq!(super::bars(&[]).len(), FEWEST_BARS);
        assert_eq!(
            super::bars(&[(Duration::from_millis(3), 7)])[0].count
                + super::bars(&[(Duration::from_millis(3), 7)])[1].count,
            7
        );
    }

    #[test]
    fn no_quantile_is_told_of_too_few() {
        let hundred = millis(&(1..=100).collect::<Vec<_>>());
        assert_eq!(quantile(&hundred, 500), Some(Duration::from_millis(50)));
        assert_eq!(quantile(&hundred, 990), Some(Duration::from_millis(99)));
        assert_eq!(quantile(&hundred[..99], 990), None);
        assert_eq!(quantile(&hundred[..1], 500), None);
    }
}
