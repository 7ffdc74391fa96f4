//! JSON as it comes out of a parser and a printer that together keep its meaning and not its bytes.

/// The document printed again as programs print it: without white space, or over several lines where the
/// original is.
pub(super) fn printed_again(body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let tokens = tokens(&text);
    if text.trim_start().starts_with("{\n") { spread(&tokens) } else { tokens.concat() }.into_bytes()
}

/// Strings, scalars and punctuation, without the white space between them. An escaped solidus is printed
/// plainly, as most printers do.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '{' | '}' | '[' | ']' | ':' | ',' => 1,
            _ => rest
                .find(|letter: char| ",:{}[]\"".contains(letter) || letter.is_whitespace())
                .unwrap_or(rest.len()),
        };
        let (token, behind) = rest.split_at(length);
        tokens.push(token.replace("\\/", "/"));
        rest = behind.trim_start();
    }
    tokens
}

/// The length of the string at the start of a text, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, letter)| {
        let is_end = *letter == '"' && !escaped;
        escaped = *letter == '\\' && !escaped;
        is_end
    });
    end.map_or(text.len(), |(at, quote)| at + quote.len_utf8())
}

/// One member a line, indented by two spaces a level.
fn spread(tokens: &[String]) -> String {
    let mut printed = String::new();
    let mut depth = 0_usize;
    let mut before = "";
    for token in tokens {
        let opens = |token: &str| matches!(token, "{" | "[");
        let closes = matches!(token.as_str(), "}" | "]");
        depth = usize::saturating_sub(depth, usize::from(closes));
        if before == "," || opens(before) != closes && !before.is_empty() {
            printed.push('\n');
            printed.push_str(&"  ".repeat(depth));
        }
        printed.push_str(token);
        if token == ":" {
            printed.push(' ');
        }
        depth += usize::from(opens(token));
        before = token;
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::printed_again;

    #[test]
    fn what_a_program_printed_stays_and_anything_else_changes() {
        for (body, printed) in [
            (r#"{"a":{},"b":[1,"x: y, {"]}"#, r#"{"a":{},"b":[1,"x: y, {"]}"#),
            (r#"{"a": "q\"\/\u0041", "b" : 1 } "#, r#"{"a":"q\"/\u0041","b":1}"#),
            (
                "{\n  \"a\": {},\n  \"b\": [\n    1,\n    2\n  ]\n}",
                "{\n  \"a\": {},\n  \"b\": [\n    1,\n    2\n  ]\n}",
            ),
            ("{\n \t \n  \"a\": 1  }\n", "{\n  \"a\": 1\n}"),
        ] {
            assert_eq!(String::from_utf8_lossy(&printed_again(body.as_bytes())), printed);
        }
    }

    #[test]
    fn what_is_no_json_is_printed_somehow() {
        for body in ["", "\"", "}}", "{\n}}}", "\"\\", "{\n]", "\u{2028}"] {
            printed_again(body.as_bytes());
        }
    }
}
