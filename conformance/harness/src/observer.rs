//! Who tells what a delivery did at the merchant's, beyond the status code that it was answered with.

mod command;
mod sink;
mod url;

use std::{error, fmt};

use hookproof_suite::{Observer as Kind, Reading};

pub use self::{command::Command, sink::Sink, url::Url};

/// Something to ask for the effects of an event.
#[derive(Clone, Debug)]
pub enum Observer {
    /// Nobody observes.
    None,
    /// A stand-in for the merchant's downstream.
    Sink(Sink),
    /// A command that prints a number.
    Command(Command),
    /// A URL that answers with a number.
    Url(Url),
}

impl Observer {
    /// Asks about the event called `id`. Always answers in time; what goes wrong is a [`Reading::Failed`].
    pub async fn look(&self, id: &str) -> Reading {
        match self {
            Self::None => Reading::Failed("nothing observes effects".into()),
            Self::Sink(sink) => sink.take(),
            Self::Command(command) => command.look(id).await,
            Self::Url(url) => url.look(id).await,
        }
    }

    /// What a run must know of it.
    pub fn kind(&self) -> Kind {
        match self {
            Self::None => Kind::None,
            Self::Sink(_) => Kind::Calls,
            Self::Command(_) | Self::Url(_) => Kind::Counts,
        }
    }
}

/// Why an observer cannot be used: always the caller's words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ObserverError {
    /// The sink's address cannot be listened on; the system's words.
    Listen(String),
    /// The command is blank.
    BlankCommand,
    /// The URL has no `{id}`, so it would count the same for every event.
    NoHole,
    /// The URL is none; why.
    Url(String),
}

impl fmt::Display for ObserverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(why) => write!(f, "the effect sink cannot listen there: {why}"),
            Self::BlankCommand => f.write_str("the command that counts effects is blank"),
            Self::NoHole => f.write_str("the URL that counts effects has no {id} to tell it the event"),
            Self::Url(why) => write!(f, "the URL that counts effects is none: {why}"),
        }
    }
}

impl error::Error for ObserverError {}

/// The count in what an observer said.
fn count(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii();
    let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(text).ok().filter(|_| is_number)?.parse().ok()
}

/// The beginning of what an observer said, for a message.
pub(crate) fn quoted(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text.trim_ascii());
    let mut shown: String = text.chars().take(MAX_QUOTED).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("\"{}\"", shown.escape_debug())
}

const MAX_QUOTED: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_whole_number_and_nothing_else() {
        assert_eq!(count(b" 12\n"), Some(12));
        for text in ["", "-1", "+1", "1.0", "1e3", "one", "1 2", "99999999999999999999", "\"1\""] {
            assert_eq!(count(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn what_was_said_is_quoted_in_part_and_without_control_characters() {
        assert_eq!(quoted(b"no such\ttable\n"), "\"no such\\ttable\"");
        assert_eq!(quoted("é".repeat(101).as_bytes()), format!("\"{}…\"", "é".repeat(100)));
    }
}
