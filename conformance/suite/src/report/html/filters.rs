//! The form above the checks. Its script narrows what is shown; without one it stays away.

use alloc::vec::Vec;

use super::{
    check::{Kind, Shown},
    markup::{Markup, Tag, tag},
};
use crate::Level;

pub(super) fn filters(page: &mut Markup, checks: &[Shown]) {
    let form =
        tag("form").with("id", "filters").with("role", "search").with("aria-label", "Filter the checks");
    page.put(form.flag("hidden", true), |page| {
        page.put(tag("div").class("find"), |page| {
            page.say(tag("label").class("unseen").with("for", "search"), "Search in the checks");
            page.void(
                tag("input")
                    .with("type", "search")
                    .with("id", "search")
                    .with("placeholder", "Search")
                    .with("autocomplete", "off")
                    .with("spellcheck", "false"),
            );
            page.say(tag("button").with("type", "button").with("id", "show-all"), "Show all");
        });
        let verdicts =
            Kind::ALL.map(|kind| (kind.name(), kind.word(), count(checks, |check| check.kind == kind)));
        group(page, "verdict", "Verdict", &verdicts);
        let levels = [Level::Must, Level::Should, Level::May]
            .map(|level| (level.name(), level.name(), count(checks, |check| check.level == level)));
        group(page, "level", "Level", &levels);
        let mut areas: Vec<(&str, &str, usize)> = Vec::new();
        for check in checks {
            match areas.iter_mut().find(|(area, ..)| *area == check.area()) {
                Some((.., count)) => *count += 1,
                None => areas.push((check.area(), check.area(), 1)),
            }
        }
        group(page, "area", "Area", &areas);
        page.put(tag("p").with("id", "found").with("role", "status"), |_| {});
    });
}

fn count(checks: &[Shown], is: impl Fn(&Shown) -> bool) -> usize {
    checks.iter().filter(|check| is(check)).count()
}

/// Those that are ticked are shown; when none is, all are.
fn group(page: &mut Markup, name: &'static str, title: &str, values: &[(&str, &str, usize)]) {
    page.put(tag("fieldset").class("chips"), |page| {
        page.say(tag("legend"), title);
        for (value, word, count) in values.iter().filter(|(.., count)| *count > 0) {
            page.put(tag("label"), |page| {
                page.void(choice(name, value));
                page.put(tag("span"), |page| {
                    page.text(word);
                    page.text(" ");
                    page.say(tag("small"), count);
                });
            });
        }
    });
}

fn choice(name: &'static str, value: &str) -> Tag {
    tag("input").with("type", "checkbox").with("name", name).with("value", value)
}
