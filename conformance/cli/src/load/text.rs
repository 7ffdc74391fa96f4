//! What a person at a terminal reads of a load.

use std::{fmt::Write, time::Duration};

use hookproof_conformance::load::{Figures, LATE, Pace, Times, Trouble};
use hookproof_suite::report::{harmless, span};

use super::Told;

/// The whole report.
pub(super) fn report(told: &Told<'_>) -> String {
    let Told { load, figures, .. } = told;
    let mut text = format!(
        "{} at {}: {}\n",
        told.provider.title,
        harmless(&load.target.url.to_string()),
        harmless(&how(told))
    );
    let mut put = |line: String| writeln!(text, "{}", harmless(&line)).expect("a string takes every text");
    for note in notes(told) {
        put(format!("note: {note}"));
    }
    put(String::new());
    for line in lines(told) {
        put(line);
    }
    put(String::new());
    put(times_line("response", "from the schedule to the answer", &figures.response));
    put(times_line("service", "from the send to the answer", &figures.service));
    if figures.response.count() > 0 && figures.response.within(0.999).is_none() {
        put("p99.9 is told from 10,000 answers on, p99 from 1,000 and p90 from 100".to_owned());
    }
    put(String::new());
    match told.objections.as_slice() {
        [] => put("holds".to_owned()),
        objections => put(format!("fails: {}", objections.join("; "))),
    }
    text
}

/// How it was sent, in one breath.
pub(super) fn how(told: &Told<'_>) -> String {
    let load = told.load;
    let connections = plural(load.connections, "connection");
    let took = told.figures.took;
    // Beside seconds, what the last answer took says nothing.
    let took = span(if took.as_secs() > 0 { Duration::from_secs(took.as_secs()) } else { took });
    match load.pace {
        Pace::Open(rate) => format!("{rate} events a second for {took}, {connections} at the most"),
        Pace::Closed => format!("{connections}, each as fast as it is answered, for {took}"),
    }
}

/// What to know before the figures.
pub(super) fn notes(told: &Told<'_>) -> Vec<String> {
    let Told { figures, load, .. } = told;
    let mut notes = Vec::new();
    if told.interrupted {
        notes.push("interrupted: what follows is what was sent by then".to_owned());
    }
    if figures.troubles.contains_key(&Trouble::OutOfFiles) {
        notes.push(format!(
            "{}, so some deliveries could not leave; they say nothing of the endpoint",
            Trouble::OutOfFiles
        ));
    }
    if figures.dropped > 0 {
        notes.push(format!(
            "{} never left: no connection was free for them within {}, or before the end; more --connections may help",
            plural(figures.dropped, "delivery"),
            span(load.target.time_limit)
        ));
    }
    if figures.late > 0 {
        notes.push(format!(
            "{} left more than {} late; their response times count from the schedule",
            plural(figures.late, "delivery"),
            span(LATE)
        ));
    }
    if figures.response.longest() * 2 > load.target.time_limit {
        notes.push(format!(
            "the slowest answer took {}, and the limit is {}",
            time(figures.response.longest()),
            span(load.target.time_limit)
        ));
    }
    if figures.resent > 0 {
        notes.push(format!(
            "{} met a kept connection that the endpoint had just closed, and left again on another",
            plural(figures.resent, "delivery")
        ));
    }
    notes
}

fn lines(told: &Told<'_>) -> Vec<String> {
    let figures = told.figures;
    let mut lines = vec![format!(
        "{:>12}  sent, {} of them again; {:.1} a second",
        figures.sent,
        figures.again,
        a_second(figures.sent, figures)
    )];
    lines.push(format!(
        "{:>12}  acknowledged, {}",
        figures.acknowledged,
        percent(figures.acknowledged, figures.sent)
    ));
    lines.extend(figures.statuses.iter().map(|(status, count)| format!("{count:>12}  answered {status}")));
    lines.extend(figures.troubles.iter().map(|(trouble, count)| format!("{count:>12}  {trouble}")));
    lines
}

fn times_line(name: &str, what: &str, times: &Times) -> String {
    let shares =
        SHARES.iter().filter_map(|(name, share)| Some(format!("{name} {}", time(times.within(*share)?))));
    let longest = (times.count() > 0).then(|| format!("max {}", time(times.longest())));
    let told: Vec<String> = shares.chain(longest).map(|part| format!("{part:<16}")).collect();
    format!("{name:<9} {} {what}", told.concat())
}

/// How much of a whole.
#[expect(clippy::cast_precision_loss, reason = "2^53 deliveries are more than anybody sends")]
pub(super) fn share(part: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

/// `99.80 %`, and never 100 % of less than all.
pub(super) fn percent(part: u64, of: u64) -> String {
    let hundredths = (share(part, of) * 10_000.0).floor();
    format!("{:.2} %", hundredths / 100.0)
}

#[expect(clippy::cast_precision_loss, reason = "2^53 deliveries are more than anybody sends")]
pub(super) fn a_second(count: u64, figures: &Figures) -> f64 {
    count as f64 / figures.took.as_secs_f64().max(0.001)
}

pub(super) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// As exact as it was measured: `480 us` is `0.48 ms`.
pub(super) fn time(time: Duration) -> String {
    if time < Duration::from_millis(100) {
        format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
    } else {
        span(time)
    }
}

fn plural(count: impl TryInto<u64>, what: &str) -> String {
    match count.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {what}"),
        count if what.ends_with('y') => format!("{count} {}ies", what.trim_end_matches('y')),
        count => format!("{count} {what}s"),
    }
}

/// The shares that are told, where there are answers enough.
pub(super) const SHARES: [(&str, f64); 4] = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_down_so_that_nothing_is_hidden() {
        assert_eq!(percent(1_000_000, 1_000_000), "100.00 %");
        assert_eq!(percent(999_999, 1_000_000), "99.99 %");
        assert_eq!(percent(0, 0), "0.00 %");
    }

    #[test]
    fn times_are_told_as_exactly_as_they_matter() {
        assert_eq!(time(Duration::from_micros(480)), "0.48 ms");
        assert_eq!(time(Duration::from_millis(1_500)), "1.5 s");
        assert_eq!(
            (plural(1_u64, "delivery"), plural(3_u64, "delivery")),
            ("1 delivery".into(), "3 deliveries".into())
        );
    }
}
