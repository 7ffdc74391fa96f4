//! What the pages that are made have in common.

use std::fmt::{Arguments, Write as _};

/// Adds to the page.
pub(crate) fn put(page: &mut String, text: Arguments<'_>) {
    page.write_fmt(text).expect("a String takes all that is written to it");
}

/// A text from elsewhere inside Markdown: on one line, and nothing in it is markup.
pub(crate) fn prose(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().fold(String::new(), |mut escaped, letter| {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|') {
            escaped.push('\\');
        }
        escaped.push(letter);
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(prose("a *b* `c` _d_ [e](f) <g> | \\"), r"a \*b\* \`c\` \_d\_ \[e\](f) \<g\> \| \\");
        assert_eq!(prose("first line\n  - second"), "first line - second");
    }
}
