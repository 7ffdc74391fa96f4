//! When each delivery left, and how long its answer took: the whole run as one bar, and each phase on its own scale,
//! because a second of waiting in one would leave no room for the rest.

use alloc::{format, string::String, vec::Vec};
use core::time::Duration;

use super::{
    capital,
    check::area,
    exchange::tone,
    markup::{Markup, tag},
    percent,
};
use crate::{Check, Exchange, Phase, report::span};

/// One delivery.
#[derive(Debug)]
pub(super) struct Mark {
    check: &'static str,
    phase: Phase,
    at: Duration,
    took: Duration,
    tone: &'static str,
    said: String,
}

impl Mark {
    pub(super) fn of(check: &'static Check, exchange: &Exchange) -> Self {
        Self {
            check: check.id,
            phase: check.phase,
            at: exchange.at,
            took: exchange.took,
            tone: tone(exchange),
            said: format!(
                "{}: {}: {} after {}, at {}",
                check.id,
                exchange.sent.summary,
                exchange.result(),
                span(exchange.took),
                span(exchange.at)
            ),
        }
    }

    fn end(&self) -> Duration {
        self.at.saturating_add(self.took)
    }
}

/// When the last delivery was over.
pub(super) fn end(marks: &[Mark]) -> Duration {
    marks.iter().map(Mark::end).max().unwrap_or_default()
}

pub(super) fn timeline(page: &mut Markup, marks: &[Mark]) {
    let phases: Vec<Stretch<'_>> =
        Phase::ALL.into_iter().filter_map(|phase| Stretch::of(phase, marks)).collect();
    page.put(tag("section").class("timeline").with("aria-labelledby", "timeline-title"), |page| {
        page.say(tag("h2").with("id", "timeline-title"), "The run");
        page.put(tag("p").class("hint"), |page| {
            page.text("Each line is a delivery, from when it left to its answer. ");
            for (tone, word) in TONES {
                page.put(tag("span").class("key"), |page| {
                    page.put(tag("i").class(tone), |_| {});
                    page.text(word);
                });
            }
        });
        whole(page, &phases, end(marks));
        for phase in &phases {
            phase.strip(page);
        }
    });
}

/// The deliveries of one phase.
struct Stretch<'a> {
    phase: Phase,
    marks: Vec<&'a Mark>,
    from: Duration,
    to: Duration,
}

impl<'a> Stretch<'a> {
    fn of(phase: Phase, marks: &'a [Mark]) -> Option<Self> {
        let mut marks: Vec<&Mark> = marks.iter().filter(|mark| mark.phase == phase).collect();
        marks.sort_by_key(|mark| mark.at);
        let from = marks.first()?.at;
        let to = marks.iter().map(|mark| mark.end()).max()?;
        Some(Self { phase, marks, from, to })
    }

    fn length(&self) -> Duration {
        self.to.saturating_sub(self.from)
    }

    fn strip(&self, page: &mut Markup) {
        let lanes = lanes(&self.marks);
        let height = (lanes.iter().max().unwrap_or(&0) + 1) * LANE + LANE;
        page.put(tag("div").class("phase"), |page| {
            page.put(tag("h3"), |page| {
                page.put(tag("i").class(swatch(self.phase)), |_| {});
                page.text(&capital(self.phase.name()));
                page.text(" ");
                let count = self.marks.len();
                let word = if count == 1 { "delivery" } else { "deliveries" };
                page.say(tag("small"), format!("{}, {count} {word}: {}", span(self.length()), self.areas()));
            });
            let label =
                format!("{}: {} deliveries in {}", self.phase.name(), self.marks.len(), span(self.length()));
            let drawing = tag("svg").class("strip").with("role", "img").with("aria-label", &label);
            page.put(drawing.with("height", height), |page| {
                page.say(tag("title"), &label);
                for quarter in ["25%", "50%", "75%"] {
                    page.void(
                        tag("line")
                            .class("grid")
                            .with("x1", quarter)
                            .with("x2", quarter)
                            .with("y1", 0)
                            .with("y2", "100%"),
                    );
                }
                for (mark, lane) in self.marks.iter().zip(lanes) {
                    self.line(page, mark, lane * LANE + LANE);
                }
            });
            page.put(tag("div").class("axis").with("aria-hidden", "true"), |page| {
                page.say(tag("span"), format!("at {}", span(self.from)));
                page.say(tag("span"), format!("+{}", span(self.length() / 2)));
                page.say(tag("span"), format!("+{}", span(self.length())));
            });
        });
    }

    fn line(&self, page: &mut Markup, mark: &Mark, y: usize) {
        let at = |moment: Duration| percent(moment.saturating_sub(self.from), self.length());
        let line = tag("line")
            .class(mark.tone)
            .with("x1", at(mark.at))
            .with("x2", at(mark.end()))
            .with("y1", y)
            .with("y2", y)
            .with("data-check", mark.check);
        page.put(line, |page| page.say(tag("title"), &mark.said));
    }

    /// Whose deliveries they are: `acknowledge, signature`.
    fn areas(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for mark in &self.marks {
            if !names.contains(&area(mark.check)) {
                names.push(area(mark.check));
            }
        }
        names.join(", ")
    }
}

/// The phases side by side, as long as they took.
fn whole(page: &mut Markup, phases: &[Stretch<'_>], end: Duration) {
    let said: Vec<String> =
        phases.iter().map(|phase| format!("{} {}", phase.phase.name(), span(phase.length()))).collect();
    let label = format!("The run in {}: {}", span(end), said.join(", "));
    page.put(tag("svg").class("whole").with("role", "img").with("aria-label", &label), |page| {
        page.say(tag("title"), &label);
        for phase in phases {
            let rectangle = tag("rect")
                .class(swatch(phase.phase))
                .with("x", percent(phase.from, end))
                .with("width", percent(phase.length(), end))
                .with("y", 0)
                .with("height", "100%");
            page.put(rectangle, |page| {
                page.say(tag("title"), format!("{}: {}", phase.phase.name(), span(phase.length())));
            });
        }
    });
    page.put(tag("div").class("axis").with("aria-hidden", "true"), |page| {
        page.say(tag("span"), "0 s");
        page.say(tag("span"), span(end));
    });
}

/// For each mark, in the order of their beginnings, the first line in which nothing stands where it does.
fn lanes(marks: &[&Mark]) -> Vec<usize> {
    let mut ends: Vec<Duration> = Vec::new();
    marks
        .iter()
        .enumerate()
        .map(|(at, mark)| {
            if let Some(free) = ends.iter().position(|end| *end <= mark.at) {
                if let Some(end) = ends.get_mut(free) {
                    *end = mark.end();
                }
                free
            } else if ends.len() < MOST_LANES {
                ends.push(mark.end());
                ends.len() - 1
            } else {
                at % MOST_LANES
            }
        })
        .collect()
}

const fn swatch(phase: Phase) -> &'static str {
    match phase {
        Phase::Baseline => "phase-baseline",
        Phase::Sound => "phase-sound",
        Phase::Refused => "phase-refused",
        Phase::Hostile => "phase-hostile",
        Phase::Alone => "phase-alone",
    }
}

/// The classes of [`tone`], and what they mean.
const TONES: [(&str, &str); 4] = [
    ("acknowledged", "acknowledged"),
    ("refused", "refused"),
    ("broken", "error or no answer"),
    ("cut", "cut by us"),
];

/// In CSS pixels.
const LANE: usize = 7;

/// Of two hundred deliveries at once nobody tells one from the other.
const MOST_LANES: usize = 28;

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(at: u64, took: u64) -> Mark {
        let [at, took] = [at, took].map(Duration::from_millis);
        Mark { check: "a/b", phase: Phase::Sound, at, took, tone: "cut", said: String::new() }
    }

    #[test]
    fn deliveries_that_overlap_stand_on_lines_of_their_own() {
        let marks = [mark(0, 10), mark(5, 10), mark(10, 10), mark(12, 1), mark(15, 1)];
        assert_eq!(lanes(&marks.iter().collect::<Vec<_>>()), [0, 1, 0, 2, 1]);
        let crowd: Vec<Mark> = (0..200).map(|_| mark(0, 10)).collect();
        assert_eq!(lanes(&crowd.iter().collect::<Vec<_>>()).into_iter().max(), Some(MOST_LANES - 1));
    }

    #[test]
    fn a_run_that_took_no_time_can_be_drawn() {
        let mut page = Markup::default();
        timeline(&mut page, &[mark(0, 0)]);
        assert!(page.as_str().contains("x1=\"0.00%\" x2=\"0.00%\""), "{}", page.as_str());
    }
}
