//! Moments, in a unit that cannot be confused.

use alloc::{format, string::String};
use core::{fmt, time::Duration};

use crate::decimal;

/// A moment, in whole milliseconds since the Unix epoch.
///
/// Seconds against milliseconds is the classic webhook bug, so a number becomes a moment only through a
/// constructor that names its unit. Arithmetic saturates: a header cannot make it overflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// From whole seconds, the unit of signed timestamps and of TurraTech's `created` (TT-1).
    pub const fn from_unix_secs(secs: u64) -> Self {
        // Not `saturating_mul`, which is made in software where 64 bits are the most that a machine multiplies.
        Self(if secs > u64::MAX / 1_000 { u64::MAX } else { secs.wrapping_mul(1_000) })
    }

    /// From milliseconds, the unit of JavaScript's `Date.now()`.
    pub const fn from_unix_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Whole seconds, rounded down.
    pub const fn as_unix_secs(self) -> u64 {
        self.0 / 1_000
    }

    /// Milliseconds.
    pub const fn as_unix_millis(self) -> u64 {
        self.0
    }

    /// This moment and `span` more; the last moment there is where that overflows.
    #[must_use]
    pub const fn saturating_add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(millis(span)))
    }

    /// This moment less `span`; the epoch where that lies before it.
    #[must_use]
    pub const fn saturating_sub(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(millis(span)))
    }

    /// The span since `earlier`; zero if that is the later one.
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// The span between two moments, whichever is the earlier.
    pub const fn abs_diff(self, other: Self) -> Duration {
        Duration::from_millis(self.0.abs_diff(other.0))
    }

    /// `2024-01-01T00:00:00Z`; milliseconds are shown only where there are any.
    pub fn rfc3339(self) -> String {
        format!("{self}")
    }

    /// Reads a time such as `2024-01-01T00:00:00Z` or `2024-01-01T01:00:00.5+01:00` (RFC 3339); what is finer
    /// than a millisecond is dropped. Nothing for another text, and for a time before 1970.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let (date, rest) = text.as_bytes().split_at_checked(DATE.len())?;
        let [year, month, day, hour, minute, second] = numbers(date, DATE)?;
        let (millis, zone) = match rest {
            [b'.', rest @ ..] => {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let (fraction, zone) = rest.split_at_checked(digits)?;
                (thousandths(fraction)?, zone)
            }
            zone => (0, zone),
        };
        let (hours, minutes, sign) = match zone {
            b"Z" | b"z" => (0, 0, 0),
            [sign @ (b'+' | b'-'), zone @ ..] => {
                let [hours, minutes, ..] = numbers(zone, ZONE)?;
                (hours, minutes, if *sign == b'-' { 1 } else { -1 })
            }
            _ => return None,
        };
        let is_sound = (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day)
            && hour.max(hours) < 24
            && minute.max(second).max(minutes) < 60;
        let days = days_before(year, month).wrapping_add(day).wrapping_sub(1);
        let clock = |hours: i64, minutes: i64| hours.wrapping_mul(60).wrapping_add(minutes).wrapping_mul(60);
        let behind = clock(hours, minutes).wrapping_mul(sign);
        let secs = days.wrapping_mul(86_400).wrapping_add(clock(hour, minute)).wrapping_add(second);
        let millis = secs.wrapping_add(behind).wrapping_mul(1_000).wrapping_add(millis);
        u64::try_from(millis).ok().filter(|_| is_sound).map(Self)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secs = self.as_unix_secs();
        let (year, month, day) = civil(secs / 86_400);
        let (hour, minute, second) = (secs / 3_600 % 24, secs / 60 % 60, secs % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match self.0 % 1_000 {
            0 => f.write_str("Z"),
            millis => write!(f, ".{millis:03}Z"),
        }
    }
}

const fn millis(span: Duration) -> u64 {
    let millis = span.as_millis();
    if millis > u64::MAX as u128 {
        u64::MAX
    } else {
        #[expect(clippy::cast_possible_truncation, reason = "compared with the largest value above")]
        {
            millis as u64
        }
    }
}

/// RFC 3339's forms: a zero is a digit, and anything else stands for itself; letters in either case.
const DATE: &[u8; 19] = b"0000-00-00T00:00:00";
const ZONE: &[u8; 5] = b"00:00";

/// The numbers of a text that has such a form, in order; those that the form lacks are 0.
fn numbers(text: &[u8], form: &[u8]) -> Option<[i64; 6]> {
    let mut numbers = [0_i64; 6];
    let mut place = numbers.iter_mut();
    let mut number = place.next()?;
    if text.len() != form.len() {
        return None;
    }
    for (byte, form) in text.iter().zip(form) {
        match form {
            b'0' => *number = number.wrapping_mul(10).wrapping_add_unsigned(decimal::digit(*byte)?),
            separator if byte.eq_ignore_ascii_case(separator) => number = place.next()?,
            _ => return None,
        }
    }
    Some(numbers)
}

/// The milliseconds of a fraction's digits, of which there must be one.
fn thousandths(digits: &[u8]) -> Option<i64> {
    let digit = |at: usize| digits.get(at).map_or(0, |digit| i64::from(digit & 15));
    digits
        .first()
        .map(|_| digit(0).wrapping_mul(100).wrapping_add(digit(1).wrapping_mul(10)).wrapping_add(digit(2)))
}

/// Days of a month, in the Gregorian calendar.
const fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from the epoch to the first of a month, in the Gregorian calendar.
#[expect(clippy::arithmetic_side_effects, reason = "four digits are a year and two a month")]
const fn days_before(year: i64, month: i64) -> i64 {
    // Years that begin in March end with their leap day.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leaps + (month * 153 + 2) / 5 - 719_468
}

/// Year, month and day of a day since the epoch, in the Gregorian calendar. Years are counted from March, so
/// that the leap day is the last day of one and every 400 years are alike.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "u64::MAX milliseconds are 2e11 days, far below every limit here"
)]
const fn civil(days: u64) -> (u64, u64, u64) {
    const DAYS_OF_400_YEARS: u64 = 146_097;
    const FROM_MARCH_OF_YEAR_ZERO: u64 = 719_468;
    let days = days + FROM_MARCH_OF_YEAR_ZERO;
    let (era, day) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let first = (153 * month + 2) / 5;
    let (year, month, day) =
        (year + era * 400, if month < 10 { month + 3 } else { month - 9 }, day - first + 1);
    (if month <= 2 { year + 1 } else { year }, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (secs, date) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_704_067_199, "2023-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(Timestamp::from_unix_secs(secs).rfc3339(), date);
        }
        assert_eq!(Timestamp::from_unix_millis(1_250).rfc3339(), "1970-01-01T00:00:01.250Z");
    }

    #[test]
    fn a_time_is_read_as_it_is_written() {
        for (text, millis) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T00:00:00Z", Some(951_782_400_000)),
            ("2024-01-01T01:00:00.5+01:00", Some(1_704_067_200_500)),
            ("2023-12-31T23:30:00.12345-00:30", Some(1_704_067_200_123)),
            ("2024-01-01 00:00:00Z", None),
            ("2024-02-29T00:00:00Z", Some(1_709_164_800_000)),
            ("2024-12-31T00:00:00Z", Some(1_735_603_200_000)),
            ("2024-13-01T00:00:00Z", None),
            ("2024-02-30T00:00:00Z", None),
            ("2023-02-29T00:00:00Z", None),
            ("2024-04-31T00:00:00Z", None),
            ("2024-01-01T00:00:60Z", None),
            ("2024-01-01T00:00:00+24:00", None),
            ("2024-01-01T00:00:00", None),
            ("2024-01-01T00:00:00.Z", None),
            ("1969-12-31T23:59:59Z", None),
            ("２024-01-01T00:00:00Z", None),
            ("", None),
        ] {
            assert_eq!(Timestamp::parse_rfc3339(text).map(Timestamp::as_unix_millis), millis, "{text}");
        }
    }

    #[test]
    fn arithmetic_saturates_at_both_ends() {
        let last = Timestamp::from_unix_secs(u64::MAX);
        assert_eq!(last.saturating_add(Duration::MAX), Timestamp::from_unix_millis(u64::MAX));
        assert_eq!(Timestamp::default().saturating_sub(Duration::MAX), Timestamp::default());
        assert_eq!(Timestamp::default().saturating_since(last), Duration::ZERO);
        assert!(!last.rfc3339().is_empty());
    }
}
