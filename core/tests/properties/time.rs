//! Moments and their spelling.

use std::time::Duration;

use hookproof_core::Timestamp;
use proptest::prelude::*;

/// The last moment with a year of four digits.
const YEAR_9999: u64 = 253_402_300_799_999;

proptest! {
    #[test]
    fn a_written_moment_is_read_as_itself(millis in 0..=YEAR_9999) {
        let at = Timestamp::from_unix_millis(millis);
        prop_assert_eq!(Timestamp::parse_rfc3339(&at.rfc3339()), Some(at), "{}", at);
        prop_assert_eq!(at.to_string(), at.rfc3339());
    }

    #[test]
    fn a_zone_only_moves_the_clock(
        secs in 86_400..YEAR_9999 / 1_000 - 86_400,
        hours in 0..24_u64,
        minutes in 0..60_u64,
        east in any::<bool>(),
    ) {
        let at = Timestamp::from_unix_secs(secs);
        let offset = Duration::from_secs(hours * 3_600 + minutes * 60);
        let (local, sign) =
            if east { (at.saturating_add(offset), '+') } else { (at.saturating_sub(offset), '-') };
        let text = local.rfc3339().replace('Z', &format!("{sign}{hours:02}:{minutes:02}"));
        prop_assert_eq!(Timestamp::parse_rfc3339(&text), Some(at), "{}", text);
    }

    #[test]
    fn text_sorts_as_moments_do(first in 0..=YEAR_9999 / 1_000, second in 0..=YEAR_9999 / 1_000) {
        let (first, second) = (Timestamp::from_unix_secs(first), Timestamp::from_unix_secs(second));
        prop_assert_eq!(first.cmp(&second), first.rfc3339().cmp(&second.rfc3339()));
    }

    #[test]
    fn no_text_panics(
        text in prop_oneof![any::<String>(), "[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}[.0-9]{0,5}[Zz+-][0-9:]{0,6}"],
    ) {
        if let Some(at) = Timestamp::parse_rfc3339(&text) {
            prop_assert!(at.as_unix_millis() <= YEAR_9999 + 86_400_000);
        }
    }

    #[test]
    fn spans_add_up(from in any::<u64>(), to in any::<u64>()) {
        let (from, to) = (Timestamp::from_unix_millis(from), Timestamp::from_unix_millis(to));
        prop_assert_eq!(from.abs_diff(to), from.saturating_since(to) + to.saturating_since(from));
        prop_assert_eq!(from.saturating_add(to.saturating_since(from)), from.max(to));
        prop_assert_eq!(from.saturating_sub(from.saturating_since(to)), from.min(to));
    }
}
