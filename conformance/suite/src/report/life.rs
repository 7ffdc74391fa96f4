//! One event's life as a person at a terminal reads it: a line for each attempt, with its date.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{
    fmt::{self, Write},
    time::Duration,
};

use hookproof_core::{Conclusion, Timestamp};

use super::{Subject, harmless, span};
use crate::{
    Verdict,
    life::{Attempt, Life},
};

/// The life of an event, attempt by attempt, and what it comes to.
///
/// # Errors
///
/// Whatever `out` refuses.
pub fn write_life(life: &Life, verdict: &Verdict, subject: &Subject, out: &mut dyn Write) -> fmt::Result {
    let title = &subject.provider.title;
    let (id, kind) = (harmless(&life.id), harmless(&life.kind));
    writeln!(out, "{title} delivers {kind} {id} to {}", harmless(&subject.target))?;
    for note in &subject.notes {
        writeln!(out, "note: {}", harmless(note))?;
    }
    writeln!(out)?;
    let rows: Vec<(String, String)> = life
        .attempts
        .iter()
        .scan(None, |before: &mut Option<Timestamp>, attempt| {
            let later = later(attempt.at, before.replace(attempt.at));
            Some((later, harmless(&happened(attempt))))
        })
        .collect();
    let widest = |width: fn(&(String, String)) -> usize| rows.iter().map(width).max().unwrap_or_default();
    let later = widest(|row| row.0.chars().count());
    let happened = widest(|row| row.1.chars().count());
    for (attempt, row) in life.attempts.iter().zip(&rows) {
        let line = format!(
            "attempt {:<2} {}  {:>later$}  {:<happened$}  {}",
            attempt.number,
            moment(attempt.at),
            row.0,
            row.1,
            attempt.effects.map_or_else(String::new, effects),
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "\n{}", harmless(&ending(life)))?;
    match verdict {
        Verdict::Pass => writeln!(out, "holds: {}", promise()),
        Verdict::Fail { expected, actual } => {
            writeln!(out, "fails: {} was expected, {} came", harmless(expected), harmless(actual))
        }
        Verdict::Unknown(why) | Verdict::NotApplicable(why) => writeln!(out, "unknown: {}", harmless(why)),
    }
}

/// What every life is held to.
pub(super) fn promise() -> &'static str {
    crate::life::REHEARSAL.title
}

/// How the delivery ended, as a sentence.
pub(super) fn ending(life: &Life) -> String {
    let last = life.attempts.last();
    let (number, took) =
        last.map_or((0, Duration::ZERO), |last| (last.number, last.at.saturating_since(life.created)));
    let after = if took.is_zero() { String::new() } else { format!(", {} after the first", span(took)) };
    let counted = life.effects.map_or_else(|| "effects were not observed".to_string(), effects);
    match life.conclusion {
        Some(Conclusion::Delivered) => format!("acknowledged at attempt {number}{after}; {counted}"),
        Some(Conclusion::Exhausted) => format!("given up after attempt {number}{after}; {counted}"),
        None if number == 0 => "no attempt was made".to_string(),
        None => format!("not over: attempt {number} was the last{after}; {counted}"),
    }
}

/// A second of the provider's time, as people write it.
pub(super) fn moment(at: Timestamp) -> String {
    let text = at.rfc3339();
    let seconds = text.split_once('.').map_or(text.as_str(), |(seconds, _)| seconds);
    format!("{} UTC", seconds.trim_end_matches('Z').replace('T', " "))
}

/// How long after the attempt before.
pub(super) fn later(at: Timestamp, before: Option<Timestamp>) -> String {
    before.map_or_else(String::new, |before| format!("{} later", whole(at.saturating_since(before))))
}

/// What befell an attempt and what the provider read of it, in one breath: `downstream fails: 500 in 3 ms`.
pub(super) fn happened(attempt: &Attempt) -> String {
    let results = attempt.results();
    let answer = match attempt.exchanges.iter().map(|sent| sent.took).max() {
        Some(took) if !results.is_empty() => format!("{results} in {}", span(took)),
        _ => results,
    };
    match attempt.fault.phrase() {
        "" => answer,
        fault if answer.is_empty() => fault.into(),
        fault => format!("{fault}: {answer}"),
    }
}

/// `no effect`, `one effect`, `2 effects`.
pub(super) fn effects(count: u64) -> String {
    match count {
        0 => "no effect".into(),
        1 => "one effect".into(),
        more => format!("{more} effects"),
    }
}

/// Without the milliseconds that an answer took: the provider's delays are minutes and hours.
fn whole(time: Duration) -> String {
    span(if time.as_secs() == 0 { time } else { Duration::from_secs(time.as_secs()) })
}

#[cfg(test)]
pub(super) mod tests {
    use alloc::vec;

    use super::*;
    use crate::{
        Exchange,
        life::Fault,
        report::tests::subject,
        scene::{STARTED, bench, exchange, outcome},
    };

    /// A life of three attempts, the answers of which are `answers`.
    pub(crate) fn life(answers: [&str; 2], conclusion: Option<Conclusion>) -> Life {
        let bench = bench("turratech");
        let sent = |text| exchange(&bench, &bench.event(1), outcome(text));
        let attempt = |number, secs, fault, exchanges: Vec<Exchange>, effects| Attempt {
            number,
            at: STARTED.saturating_add(Duration::from_secs(secs)),
            fault,
            exchanges,
            effects,
        };
        Life {
            id: "evt_1".into(),
            kind: "payment.succeeded".into(),
            created: STARTED,
            attempts: vec![
                attempt(1, 0, Fault::Undelivered, Vec::new(), None),
                attempt(2, 300, Fault::DownstreamFails, vec![sent(answers[0])], Some(0)),
                attempt(3, 2_100, Fault::Twice, vec![sent(answers[1]), sent("409")], Some(2)),
            ],
            conclusion,
            effects: Some(2),
        }
    }

    #[test]
    fn a_person_reads_a_line_for_each_attempt() {
        let life = life(["500", "200"], Some(Conclusion::Delivered));
        let verdict = Verdict::Fail { expected: "one effect".into(), actual: "2 effects".into() };
        let mut text = String::new();
        write_life(&life, &verdict, &subject("turratech"), &mut text).unwrap();
        insta::assert_snapshot!(text);
    }

    #[test]
    fn how_it_ended_is_one_sentence() {
        for (conclusion, effects, said) in [
            (
                Some(Conclusion::Delivered),
                Some(1),
                "acknowledged at attempt 3, 35 min after the first; one effect",
            ),
            (
                Some(Conclusion::Exhausted),
                Some(0),
                "given up after attempt 3, 35 min after the first; no effect",
            ),
            (
                None,
                None,
                "not over: attempt 3 was the last, 35 min after the first; effects were not observed",
            ),
        ] {
            assert_eq!(ending(&Life { conclusion, effects, ..life(["500", "200"], None) }), said);
        }
        let unborn = Life { attempts: Vec::new(), ..life(["500", "200"], None) };
        assert_eq!(ending(&unborn), "no attempt was made");
    }

    #[test]
    fn what_an_endpoint_says_steers_no_terminal() {
        let mut life = life(["500", "200"], Some(Conclusion::Delivered));
        life.id = "evt\u{1b}[2J\u{202e}".into();
        let mut text = String::new();
        write_life(&life, &Verdict::Unknown("\u{7}".into()), &subject("turratech"), &mut text).unwrap();
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text:?}");
    }
}
