//! One check: its verdict on one line, and under it the evidence, the cure and every delivery.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{
    beginning, capital,
    exchange::{Room, exchanges},
    markup::{Markup, tag},
    overview::copy,
    prose::prose,
};
use crate::{
    Basis, Check, Finding, Harm, Level, Verdict,
    report::{
        Case, Subject,
        case::Standing,
        evidence::{self, clauses},
        span,
    },
};

/// A check as the page shows it.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) level: Level,
    pub(super) kind: Kind,
    /// What came, or why there is no judgement; nothing where it passes.
    pub(super) said: String,
    /// What follows for the merchant from a failure, where that is grave.
    pub(super) risk: Option<&'static str>,
    pub(super) deliveries: usize,
    /// What the list of known failures has to do with it, where it names the check.
    pub(super) known: Option<String>,
    pub(super) standing: Standing,
    text: Markup,
}

/// What a verdict is, without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Fail,
    Unknown,
    Pass,
    NotApplicable,
}

impl Kind {
    /// As a page shows them side by side.
    pub(super) const ALL: [Self; 4] = [Self::Pass, Self::Fail, Self::Unknown, Self::NotApplicable];

    const fn of(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Fail { .. } => Self::Fail,
            Verdict::Unknown(_) => Self::Unknown,
            Verdict::NotApplicable(_) => Self::NotApplicable,
        }
    }

    /// As in the machine-readable reports.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// As people read it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "do not apply",
        }
    }

    /// On a badge: the sign says it to who sees no colours.
    const fn badge(self) -> (&'static str, &'static str) {
        match self {
            Self::Pass => ("✓", "pass"),
            Self::Fail => ("✕", "fail"),
            Self::Unknown => ("?", "unknown"),
            Self::NotApplicable => ("–", "n/a"),
        }
    }

    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Pass => "is-pass",
            Self::Fail => "is-fail",
            Self::Unknown => "is-unknown",
            Self::NotApplicable => "is-na",
        }
    }

    pub(super) const fn fill(self) -> &'static str {
        match self {
            Self::Pass => "fill-pass",
            Self::Fail => "fill-fail",
            Self::Unknown => "fill-unknown",
            Self::NotApplicable => "fill-na",
        }
    }
}

impl Shown {
    pub(super) fn of(finding: &Finding, subject: &Subject, room: &mut Room) -> Self {
        let check = finding.check;
        let case = Case::of(finding, subject);
        let mut shown = Self {
            id: check.id,
            title: check.title,
            level: check.level_for(&subject.provider),
            kind: Kind::of(&finding.verdict),
            said: match &finding.verdict {
                Verdict::Pass => String::new(),
                // A history follows on lines of its own.
                Verdict::Fail { actual, .. } => actual.lines().next().unwrap_or_default().into(),
                Verdict::Unknown(why) | Verdict::NotApplicable(why) => why.clone(),
            },
            risk: risk(check.harm).filter(|_| finding.verdict.is_fail()),
            deliveries: finding.exchanges.len(),
            known: case.known_words(),
            standing: case.standing(),
            text: Markup::default(),
        };
        shown.text = shown.written(finding, subject, room);
        shown
    }

    /// What stands before the slash of its id.
    pub(super) fn area(&self) -> &'static str {
        area(self.id)
    }

    fn written(&self, finding: &Finding, subject: &Subject, room: &mut Room) -> Markup {
        let check = finding.check;
        let mut page = Markup::default();
        let details = tag("details")
            .class("check")
            .with("id", check.id)
            .with("data-verdict", self.kind.name())
            .with("data-level", self.level.name())
            .with("data-area", self.area())
            .flag("open", self.kind == Kind::Fail && self.standing != Standing::Known);
        page.put(details, |page| {
            page.put(tag("summary"), |page| self.summary(page));
            page.put(tag("div").class("inside"), |page| {
                page.put(tag("dl").class("evidence"), |page| self.evidence(page, finding, subject));
                page.put(tag("details").class("explain"), |page| {
                    page.say(tag("summary"), "What is tried, what it costs to fail it, and the cure");
                    page.put(tag("div").class("prose"), |page| prose(page, check.explain));
                });
                exchanges(page, finding, room);
            });
        });
        page
    }

    fn summary(&self, page: &mut Markup) {
        let (sign, word) = self.kind.badge();
        page.put(tag("span").class("badge").with("data-verdict", self.kind.name()), |page| {
            page.say(tag("span").with("aria-hidden", "true"), sign);
            page.text(word);
        });
        page.put(tag("span").class("name"), |page| {
            page.say(tag("h4"), capital(self.title));
            page.say(tag("code"), self.id);
        });
        match self.standing {
            Standing::Ordinary => {}
            Standing::Known => page.say(tag("span").class("level"), "known"),
            Standing::Mended => page.say(tag("span").class("level"), "no longer fails"),
        }
        page.say(tag("span").class("level"), self.level.name());
    }

    fn evidence(&self, page: &mut Markup, finding: &Finding, subject: &Subject) {
        if let Some(known) = &self.known {
            row(page, "Known", |page| folded(page, known));
        }
        let rows = evidence::evidence(finding, subject);
        let said = |name| rows.iter().filter(move |(row, _)| *row == name).map(|(_, text)| text.as_str());
        for (name, title) in [("expected", "Expected"), ("actual", "Seen"), ("sent", "Sent"), ("ids", "Ids")]
        {
            for text in said(name).filter(|text| !text.is_empty()) {
                row(page, title, |page| folded(page, text));
            }
        }
        if let Some(risk) = self.risk {
            row(page, "At stake", |page| page.text(risk));
        }
        let history: Vec<&str> = said("history").collect();
        if !history.is_empty() {
            row(page, "History", |page| page.put(tag("pre"), |page| page.lines(&history.join("\n"))));
        }
        if matches!(self.kind, Kind::Unknown | Kind::NotApplicable) {
            row(page, "Why", |page| folded(page, &self.said));
        }
        row(page, "Stands on", |page| stands_on(page, finding.check, subject));
        if self.deliveries > 0 {
            row(page, "Took", |page| page.text(&span(finding.took)));
        }
        for text in said("again") {
            row(page, "See it again", |page| {
                let id = format!("again-{}", self.id);
                page.put(tag("div").class("command"), |page| {
                    page.say(tag("code").with("id", &id), text);
                    copy(page, &id);
                });
            });
        }
    }
}

/// Every check, area by area.
pub(super) fn areas(page: &mut Markup, checks: &[Shown]) {
    for of_area in checks.chunk_by(|one, other| one.area() == other.area()) {
        let Some(first) = of_area.first() else { continue };
        page.put(tag("section").class("area").with("data-area", first.area()), |page| {
            page.put(tag("h3"), |page| {
                page.text(&capital(first.area()));
                page.text(" ");
                page.say(tag("small"), of_area.len().to_string());
            });
            for check in of_area {
                page.append(&check.text);
            }
        });
    }
}

const fn risk(harm: Harm) -> Option<&'static str> {
    match harm {
        Harm::EffectLost => Some("a payment is never booked"),
        Harm::EffectDoubled => Some("a payment is booked twice"),
        Harm::EffectMiscounted => Some("a payment is booked twice or never"),
        Harm::ForgeryBelieved => Some("a stranger's event is believed"),
        Harm::AttemptFailed => Some("the provider counts a failed attempt"),
        Harm::Weakness => None,
    }
}

/// What stands before the slash of a check's id.
pub(super) fn area(id: &'static str) -> &'static str {
    id.split_once('/').map_or(id, |(area, _)| area)
}

fn stands_on(page: &mut Markup, check: &Check, subject: &Subject) {
    let clauses = clauses(check, &subject.provider);
    if check.basis_for(&subject.provider) == Basis::Hookproof {
        let reading = if clauses.is_empty() { "Our own reading." } else { "Our own reading, beside:" };
        page.say(tag("p"), reading);
    }
    for clause in clauses {
        page.put(tag("p"), |page| {
            page.say(tag("b"), &clause.id);
            page.text(&format!(" {}", clause.paraphrase));
        });
    }
}

/// A text of which at first only the beginning is shown, where it is long.
fn folded(page: &mut Markup, text: &str) {
    let short = beginning(text);
    if short == text {
        return page.text(text);
    }
    page.put(tag("details").class("folded"), |page| {
        page.say(tag("summary"), short);
        page.say(tag("p"), text);
    });
}

fn row(page: &mut Markup, title: &str, text: impl FnOnce(&mut Markup)) {
    page.put(tag("div"), |page| {
        page.say(tag("dt"), title);
        page.put(tag("dd"), text);
    });
}
