//! Patterns over check ids: `*` stands for any run of characters.

/// Whether `pattern` matches the whole of `text`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| rest.get(at..).is_some_and(|tail| matches(after, tail)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        for (pattern, text, expected) in [
            ("signature/*", "signature/raw-body", true),
            ("*/sequential", "duplicate/sequential", true),
            ("*", "anything", true),
            ("signature/*-*", "signature/rejects-forged", true),
            ("duplicate", "duplicate/sequential", false),
            ("signature/*x", "signature/raw-body", false),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }
}
