//! `cargo xtask docs`: the output in the README is what the command prints, and `docs/reference.md` and
//! `docs/hostile-endpoints.md` what its code and its tests say.
//!
//! A block of text under a line `<!-- made by: hookproof … -->` is that command's output.

use std::fs;
use std::process::Command;

use crate::command::{self, Fallible, cargo, root};
use crate::hookproof::{self, Profile};

/// Compares every made block of the README with its command's output, or with `--update` writes it anew.
///
/// # Errors
///
/// A block that is not current, with the command that mends it.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    let update = match arguments {
        [] => false,
        ["--update"] => true,
        _ => return Err("usage: cargo xtask docs [--update]".into()),
    };
    tested_page(["--bin", "hookproof", "reference"], update)?;
    tested_page(["--test", "bite", "the_page_is_made_of_the_table"], update)?;
    let binary = hookproof::build(Profile::Dev)?;
    let path = root().join("README.md");
    let was = fs::read_to_string(&path).map_err(|error| format!("README.md cannot be read: {error}"))?;
    let is = remade(&was, |words| {
        let output = Command::new(&binary)
            .args(words)
            .env("NO_COLOR", "1")
            .output()
            .map_err(|error| format!("hookproof cannot be run: {error}"))?;
        Ok(stable(&String::from_utf8_lossy(&output.stdout)))
    })?;
    if was == is {
        println!("README.md is current");
        return Ok(());
    }
    if !update {
        return Err("README.md does not show what the command prints; run `cargo xtask docs --update`".into());
    }
    fs::write(&path, is).map_err(|error| format!("README.md cannot be written: {error}"))?;
    println!("README.md is made anew");
    Ok(())
}

/// A page that a test of the command makes: it alone knows the options, or what a run comes to.
fn tested_page(test: [&str; 3], update: bool) -> Fallible {
    let mut tests = cargo(["test", "--quiet", "--package", "hookproof"]);
    tests.args(test);
    if update {
        tests.env("HOOKPROOF_UPDATE", "1");
    }
    command::run_quietly(&mut tests)
}

/// A document in which each made block is what `print` gives for its command.
fn remade(document: &str, print: impl Fn(&[&str]) -> Result<String, String>) -> Result<String, String> {
    let mut made = String::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        made.push_str(line);
        made.push('\n');
        let Some(command) = line.strip_prefix(MARK).and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        let words: Vec<&str> = command.split_whitespace().collect();
        match lines.next() {
            Some(fence @ "```text") => made.push_str(fence),
            _ => return Err(format!("`{line}` is not followed by a block ```text")),
        }
        made.push('\n');
        made.push_str(&print(&words)?);
        if !lines.by_ref().any(|line| line == "```") {
            return Err(format!("the block under `{line}` does not end"));
        }
        made.push_str("```\n");
    }
    Ok(made)
}

/// Output without what differs from run to run: ports and the ids of events.
fn stable(output: &str) -> String {
    let mut text = String::new();
    for word in output.split_inclusive([' ', '\n', ';', ')']) {
        let shown = match (word.find("127.0.0.1:"), word.find("evt_hp_")) {
            (Some(at), _) => with_digits_replaced(word, at + "127.0.0.1:".len(), "3000"),
            (_, Some(at)) => {
                let nonce = at + "evt_hp_".len();
                let end = word[nonce..].find('_').map_or(word.len(), |end| nonce + end);
                format!("{}7d1k9x2m{}", &word[..nonce], &word[end..])
            }
            _ => word.to_owned(),
        };
        text.push_str(&shown);
    }
    text
}

fn with_digits_replaced(word: &str, from: usize, with: &str) -> String {
    let (before, rest) = word.split_at(from);
    format!("{before}{with}{}", rest.trim_start_matches(|letter: char| letter.is_ascii_digit()))
}

const MARK: &str = "<!-- made by: hookproof ";

#[cfg(test)]
mod tests {
    use super::{remade, stable};

    #[test]
    fn a_made_block_is_replaced_and_everything_else_stays() {
        let document = "# A\n<!-- made by: hookproof list --x -->\n```text\nold\n```\nend\n";
        let made = remade(document, |words| Ok(format!("{}\n", words.join("+")))).unwrap();
        assert_eq!(made, "# A\n<!-- made by: hookproof list --x -->\n```text\nlist+--x\n```\nend\n");
        assert!(remade("<!-- made by: hookproof list -->\ntext\n", |_| Ok(String::new())).is_err());
        assert!(remade("<!-- made by: hookproof list -->\n```text\n", |_| Ok(String::new())).is_err());
    }

    #[test]
    fn ports_and_nonces_do_not_change_a_document() {
        let output = "at (http://127.0.0.1:41234/webhooks)\n  event 1 is evt_hp_ab12cd34_14001; event 2";
        assert_eq!(
            stable(output),
            "at (http://127.0.0.1:3000/webhooks)\n  event 1 is evt_hp_7d1k9x2m_14001; event 2"
        );
    }
}
