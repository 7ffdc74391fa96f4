//! Texts from outside, made harmless: what would steer a terminal, hide or turn the rest is spelled out.

use alloc::string::String;

/// A text from outside on one line, harmless on a terminal: what cannot be seen is spelled out, and long texts are cut.
pub fn harmless(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => visible(text.get(..end).unwrap_or(text)) + "…",
        None => visible(text),
    }
}

/// A text from outside in which every character can be seen: the others are spelled out, as `\u{1b}`.
pub fn visible(text: &str) -> String {
    spelled(text, |_| false)
}

/// As [`visible`], but on as many lines as it has.
pub fn visible_lines(text: &str) -> String {
    spelled(text, |letter| letter == '\n')
}

fn spelled(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unseen(letter) && !stays(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Whether a character moves the cursor, changes the order of the others (Unicode Standard Annex 9, section 2), or
/// leaves no trace where it stands, so that two texts that differ look alike.
pub(super) fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// A line that nobody reads to its end helps nobody; the JSON report has all of it.
pub(super) const LONGEST_SHOWN: usize = 600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_can_steer_a_terminal() {
        assert_eq!(harmless("a\u{1b}[31mb\r\n\u{202e}c\u{7}"), "a\\u{1b}[31mb\\r\\n\\u{202e}c\\u{7}");
        assert_eq!(harmless(&"x".repeat(2_000)).chars().count(), LONGEST_SHOWN + 1);
        // Eight-bit forms of CSI and OSC, which some terminals still obey.
        assert_eq!(visible("\u{9b}2J\u{9d}0;x\u{9c}"), "\\u{9b}2J\\u{9d}0;x\\u{9c}");
    }

    #[test]
    fn two_texts_that_differ_look_different() {
        for (one, other) in
            [("paid", "pa\u{200b}id"), ("a", "a\u{e0041}"), ("a b", "a\u{2028}b"), ("", "\u{feff}")]
        {
            assert_ne!(visible(one), visible(other));
        }
        assert_eq!(visible("Ærø, 日本, שלום, 🎉"), "Ærø, 日本, שלום, 🎉");
    }

    #[test]
    fn lines_stay_lines_where_they_may() {
        assert_eq!(visible_lines("a\r\nb\tc"), "a\\r\nb\\tc");
    }
}
