//! Histories as text: a move a line, for people and for `--replay`.
//!
//! ```text
//! # Anything behind a # is a remark. Events are numbered in the order of their creation.
//! downstream of 1 fails 2 times
//! downstream of 2 takes 150ms
//! deliver 1
//! deliver 1 signed anew
//! together 1 1 2
//! cut 2 at once
//! cut 2 after 40ms
//! ```

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt, str::FromStr, time::Duration};

use super::history::{History, Move};

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.moves.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{step}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deliver { event, anew: false } => write!(f, "deliver {event}"),
            Self::Deliver { event, anew: true } => write!(f, "deliver {event} signed anew"),
            Self::Together(events) => {
                f.write_str("together")?;
                events.iter().try_for_each(|event| write!(f, " {event}"))
            }
            Self::Cut { event, after } if after.is_zero() => write!(f, "cut {event} at once"),
            Self::Cut { event, after } => write!(f, "cut {event} after {}ms", after.as_millis()),
            Self::Fails { event, times: 1 } => write!(f, "downstream of {event} fails once"),
            Self::Fails { event, times } => write!(f, "downstream of {event} fails {times} times"),
            Self::Takes { event, delay } => write!(f, "downstream of {event} takes {}ms", delay.as_millis()),
        }
    }
}

/// Why a text is no script of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScriptError {
    /// No move stands in it.
    Empty,
    /// No move delivers anything.
    NothingDelivered,
    /// It has more moves than any history is played with.
    TooLong,
    /// A line is no move.
    Line {
        /// Its number, counted from 1.
        line: usize,
        /// What is wrong with it, and what would be right.
        why: String,
    },
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no move in it; a move is a line such as \"deliver 1\""),
            Self::NothingDelivered => {
                f.write_str("no move delivers anything; deliver, together and cut do, such as \"deliver 1\"")
            }
            Self::TooLong => write!(f, "there are more than {MOST_MOVES} moves in it"),
            Self::Line { line, why } => write!(f, "line {line}: {why}"),
        }
    }
}

impl core::error::Error for ScriptError {}

impl FromStr for History {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let mut moves: Vec<Move> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let said = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = said.split_whitespace().collect();
            if words.is_empty() {
                continue;
            }
            moves.push(parse(&words).map_err(|why| ScriptError::Line { line: number, why })?);
            if moves.len() > MOST_MOVES {
                return Err(ScriptError::TooLong);
            }
        }
        match moves.iter().any(Move::delivers) {
            _ if moves.is_empty() => Err(ScriptError::Empty),
            false => Err(ScriptError::NothingDelivered),
            true => Ok(Self { moves }),
        }
    }
}

fn parse(words: &[&str]) -> Result<Move, String> {
    match words {
        ["deliver", event] => Ok(Move::Deliver { event: number_of(event)?, anew: false }),
        ["deliver", event, "signed", "anew"] => Ok(Move::Deliver { event: number_of(event)?, anew: true }),
        ["together", events @ ..] if (2..=MOST_TOGETHER).contains(&events.len()) => {
            Ok(Move::Together(events.iter().map(|event| number_of(event)).collect::<Result<_, _>>()?))
        }
        ["cut", event, "at", "once"] => Ok(Move::Cut { event: number_of(event)?, after: Duration::ZERO }),
        ["cut", event, "after", span] => Ok(Move::Cut { event: number_of(event)?, after: millis(span)? }),
        ["downstream", "of", event, "fails", "once"] => {
            Ok(Move::Fails { event: number_of(event)?, times: 1 })
        }
        ["downstream", "of", event, "fails", times, "times"] => {
            let failures = times.parse().ok().filter(|times| (1..=MOST_FAILURES).contains(times));
            let times =
                failures.ok_or_else(|| format!("{times:?} is no number from 1 to {MOST_FAILURES}"))?;
            Ok(Move::Fails { event: number_of(event)?, times })
        }
        ["downstream", "of", event, "takes", span] => {
            Ok(Move::Takes { event: number_of(event)?, delay: millis(span)? })
        }
        [first, ..] => Err(match FORMS.iter().find(|(word, _)| word == first) {
            Some((_, forms)) => format!("{:?} is to be {forms}", words.join(" ")),
            None => format!("{first:?} is no move; moves are deliver, together, cut and downstream"),
        }),
        [] => Err("there is no move".to_string()),
    }
}

fn number_of(event: &str) -> Result<u16, String> {
    let number = event.parse().ok().filter(|number| (1..=MOST_EVENTS).contains(number));
    number.ok_or_else(|| format!("{event:?} is no event; events are numbered from 1 to {MOST_EVENTS}"))
}

/// `40ms`, `2s`
fn millis(span: &str) -> Result<Duration, String> {
    let (digits, unit) = match (span.strip_suffix("ms"), span.strip_suffix('s')) {
        (Some(digits), _) => (digits, 1),
        (None, Some(digits)) => (digits, 1_000),
        (None, None) => ("", 1),
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let millis = is_number.then(|| digits.parse::<u64>().ok()?.checked_mul(unit)).flatten();
    let span_of = |millis| Duration::from_millis(millis);
    millis
        .filter(|millis| *millis <= LONGEST_MILLIS)
        .map(span_of)
        .ok_or_else(|| format!("{span:?} is no time; times are such as 40ms or 2s, and at most 600s"))
}

/// What may stand behind the first word of a line.
const FORMS: [(&str, &str); 4] = [
    ("deliver", "\"deliver 1\" or \"deliver 1 signed anew\""),
    ("together", "\"together 1 1 2\", with two events to 64"),
    ("cut", "\"cut 1 at once\" or \"cut 1 after 40ms\""),
    ("downstream", "\"downstream of 1 fails 2 times\" or \"downstream of 1 takes 100ms\""),
];

/// A history that needs more is not the smallest, and its author would not see through it.
const MOST_MOVES: usize = 200;

pub(super) const MOST_EVENTS: u16 = 99;

const MOST_TOGETHER: usize = 64;

const MOST_FAILURES: u32 = 1_000;

const LONGEST_MILLIS: u64 = 600_000;

#[cfg(test)]
mod tests {
    use alloc::{string::ToString, vec};

    use super::*;

    const SCRIPT: &str = "\
downstream of 1 fails once
downstream of 1 fails 2 times
downstream of 2 takes 150ms
deliver 1
deliver 1 signed anew
together 1 1 2
cut 2 at once
cut 2 after 40ms";

    #[test]
    fn a_printed_script_is_read_back() {
        let history: History = SCRIPT.parse().unwrap();
        assert_eq!(history.moves.len(), 8);
        assert_eq!(history.moves[5], Move::Together(vec![1, 1, 2]));
        assert_eq!(history.to_string(), SCRIPT);
    }

    #[test]
    fn remarks_blank_lines_and_spare_white_space_say_nothing() {
        let history: History = "\n# a remark\r\n  deliver   1 # again\n\n\tcut 1 after 2s\n".parse().unwrap();
        assert_eq!(history.to_string(), "deliver 1\ncut 1 after 2000ms");
    }

    #[test]
    fn a_line_that_is_no_move_is_named_with_what_would_be_right() {
        for (script, message) in [
            ("", "there is no move in it; a move is a line such as \"deliver 1\""),
            (
                "downstream of 1 fails once",
                "no move delivers anything; deliver, together and cut do, such as \"deliver 1\"",
            ),
            (
                "deliver 1\n\ndelivr 1",
                "line 3: \"delivr\" is no move; moves are deliver, together, cut and downstream",
            ),
            (
                "deliver 1 twice",
                "line 1: \"deliver 1 twice\" is to be \"deliver 1\" or \"deliver 1 signed anew\"",
            ),
            ("deliver", "line 1: \"deliver\" is to be \"deliver 1\" or \"deliver 1 signed anew\""),
            ("together 1", "line 1: \"together 1\" is to be \"together 1 1 2\", with two events to 64"),
            ("cut 1", "line 1: \"cut 1\" is to be \"cut 1 at once\" or \"cut 1 after 40ms\""),
            (
                "downstream 1 fails",
                "line 1: \"downstream 1 fails\" is to be \"downstream of 1 fails 2 times\" or \"downstream of 1 takes 100ms\"",
            ),
            ("deliver 0", "line 1: \"0\" is no event; events are numbered from 1 to 99"),
            ("deliver one", "line 1: \"one\" is no event; events are numbered from 1 to 99"),
            ("together 1 100", "line 1: \"100\" is no event; events are numbered from 1 to 99"),
            ("cut 1 after 40", "line 1: \"40\" is no time; times are such as 40ms or 2s, and at most 600s"),
            (
                "cut 1 after 601s",
                "line 1: \"601s\" is no time; times are such as 40ms or 2s, and at most 600s",
            ),
            ("cut 1 after +4s", "line 1: \"+4s\" is no time; times are such as 40ms or 2s, and at most 600s"),
            ("downstream of 1 fails 0 times", "line 1: \"0\" is no number from 1 to 1000"),
        ] {
            let error = script.parse::<History>().expect_err(script);
            assert_eq!(error.to_string(), message);
        }
        let longest = "deliver 1\n".repeat(MOST_MOVES);
        assert!(longest.parse::<History>().is_ok());
        let long = longest + "deliver 1";
        assert_eq!(long.parse::<History>(), Err(ScriptError::TooLong));
    }
}
