//! What goes to stdout and stderr, and in which colour.

use std::{
    env,
    io::{self, ErrorKind, IsTerminal, Write},
    time::Duration,
};

use hookproof_suite::report::visible_lines;
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    environment::NO_COLOR,
    exit::{Error, Status},
};

/// Prints a result. A reader that went away (`| head`) has seen what it wanted.
pub(crate) fn print(text: &str) -> Result<Status, Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::Tool(format!("stdout cannot be written: {error}")))
        }
        _ => Ok(Status::Holds),
    }
}

/// Says something beside the result. What it quotes may come from an endpoint, and steers no terminal.
pub(crate) fn say(text: &str) {
    // When even stderr is gone there is nobody left to tell.
    let _ = writeln!(io::stderr(), "note: {}", visible_lines(text));
}

/// Says why the command ends.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "hookproof: {}", visible_lines(text));
}

/// Colours the word with which a line of a report begins, where a person is reading.
pub(crate) fn painted(report: &str) -> String {
    if !io::stdout().is_terminal() || env::var_os(NO_COLOR).is_some_and(|value| !value.is_empty()) {
        return report.to_owned();
    }
    paint(report)
}

fn paint(report: &str) -> String {
    let words = [
        ("pass ", "32"),
        ("FAIL ", "1;31"),
        ("unknown ", "33"),
        ("n/a ", "2"),
        ("holds", "1;32"),
        ("fails", "1;31"),
        ("FAILS ", "1;31"),
        ("absent ", "33"),
        ("error ", "1;31"),
        ("not run ", "33"),
    ];
    report
        .split_inclusive('\n')
        .map(|line| match words.iter().find(|(word, _)| line.starts_with(word)) {
            Some((word, colour)) => {
                let word = word.trim_end();
                format!("\u{1b}[{colour}m{word}\u{1b}[0m{}", &line[word.len()..])
            }
            None => line.to_owned(),
        })
        .collect()
}

/// A bar on stderr while a run goes on; nothing where no person is looking.
pub(crate) fn bar() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// A line on stderr that says how far something is; nothing where no person is looking.
pub(crate) fn live() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let line = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{elapsed} {msg}") {
        line.set_style(style);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_word_of_a_verdict_is_coloured() {
        assert_eq!(
            paint("pass    MUST\n        pass on\n"),
            "\u{1b}[32mpass\u{1b}[0m    MUST\n        pass on\n"
        );
    }
}
