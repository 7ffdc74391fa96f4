//! Spans of time as people write them: `500ms`, `30s`, `5m`, `2h`.

use alloc::{borrow::ToOwned, string::String};
use core::{fmt, str::FromStr, time::Duration};

/// A span of time as a profile and the command line spell it: a whole number and `ms`, `s`, `m` or `h`. A bare
/// number is seconds.
///
/// ```
/// use core::time::Duration;
/// use hookproof_core::Span;
///
/// assert_eq!("5m".parse(), Ok(Span(Duration::from_secs(300))));
/// assert_eq!(Span(Duration::from_secs(300)).to_string(), "5m");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SpanError::NoNumber(text.to_owned()));
        }
        let unit = text.strip_prefix(digits).unwrap_or_default();
        let Some((_, millis)) =
            UNITS.iter().find(|(name, _)| *name == unit).or((unit.is_empty()).then_some(&SECOND))
        else {
            return Err(SpanError::NoUnit(unit.to_owned()));
        };
        let span = digits.parse().ok().and_then(|count: u64| count.checked_mul(*millis));
        span.map(Duration::from_millis).map(Self).ok_or_else(|| SpanError::TooLong(text.to_owned()))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        let whole = |size: u64| millis.checked_rem(size.into()) == Some(0);
        let (unit, size) =
            UNITS.iter().find(|(_, size)| millis > 0 && whole(*size)).copied().unwrap_or(SECOND);
        write!(f, "{}{unit}", millis.checked_div(size.into()).unwrap_or_default())
    }
}

/// Why a text is no span.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpanError {
    /// It does not begin with a whole number; the text.
    NoNumber(String),
    /// It ends with another unit; the unit.
    NoUnit(String),
    /// It is longer than a [`crate::Timestamp`] can hold; the text.
    TooLong(String),
}

impl fmt::Display for SpanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNumber(text) => write!(
                f,
                "\"{}\" is not a time; write a whole number and ms, s, m or h, such as 30s",
                text.escape_debug()
            ),
            Self::NoUnit(unit) => write!(f, "\"{unit}\" is no unit of time; write ms, s, m or h"),
            Self::TooLong(text) => write!(f, "{text} is too long"),
        }
    }
}

impl core::error::Error for SpanError {}

/// Each unit in milliseconds, the largest first.
const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), SECOND, ("ms", 1)];

const SECOND: (&str, u64) = ("s", 1_000);

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_span_has_a_unit_or_is_in_seconds() {
        for (text, millis) in
            [("30s", 30_000), ("500ms", 500), ("5m", 300_000), ("2h", 7_200_000), ("7", 7_000), ("0s", 0)]
        {
            assert_eq!(text.parse(), Ok(Span(Duration::from_millis(millis))), "{text}");
        }
        for (text, code) in [
            ("", "is not a time"),
            ("s", "is not a time"),
            ("-1s", "is not a time"),
            ("+1s", "is not a time"),
            ("1.5s", "is not a time"),
            ("3d", "\"d\" is no unit"),
            ("99999999999999999999", "too long"),
            ("18446744073709551615h", "too long"),
        ] {
            let error = text.parse::<Span>().expect_err(text);
            assert!(error.to_string().contains(code), "{text}: {error}");
        }
    }

    #[test]
    fn a_span_is_written_in_the_largest_unit_that_is_whole() {
        for (millis, text) in [
            (0, "0s"),
            (1, "1ms"),
            (1_500, "1500ms"),
            (90_000, "90s"),
            (300_000, "5m"),
            (36_000_000, "10h"),
            (u64::MAX, "18446744073709551615ms"),
        ] {
            let span = Span(Duration::from_millis(millis));
            assert_eq!(span.to_string(), text);
            assert_eq!(text.parse(), Ok(span));
        }
    }
}
