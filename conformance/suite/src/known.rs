//! Checks that are known to fail: they run as the others do, and only what differs from the list makes a run fail.
//!
//! A line names one check by its id, and a reason may follow: `duplicate/sequential  until the ledger has a key`.
//! With a fleet a line may be for one target: `shop-a: duplicate/sequential`. A line that begins with `#` says
//! something to its reader.

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::fmt;

use crate::{CATALOGUE, nearest::nearest};

/// The checks that are known to fail, each with the reason that was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownFailing {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    target: Option<String>,
    check: &'static str,
    reason: String,
}

impl KnownFailing {
    /// Reads a list.
    ///
    /// # Errors
    ///
    /// [`KnownFailingError`], with its line, when a check does not exist or is listed twice.
    pub fn parse(text: &str) -> Result<Self, KnownFailingError> {
        let mut known = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let entry = Entry::parse(line).map_err(|fault| KnownFailingError { line: number, fault })?;
            let is_same = |other: &&Entry| other.check == entry.check && other.target == entry.target;
            if known.entries.iter().find(is_same).is_some() {
                return Err(KnownFailingError { line: number, fault: Fault::Twice(entry.check) });
            }
            known.entries.push(entry);
        }
        Ok(known)
    }

    /// What of the list is for this target; a line of its own comes before one for all.
    #[must_use]
    pub fn of_target(&self, name: &str) -> Self {
        let own = self.entries.iter().filter(|entry| entry.target.as_deref() == Some(name));
        let common = self.entries.iter().filter(|entry| entry.target.is_none());
        let mut entries: Vec<Entry> = Vec::new();
        for entry in own.chain(common) {
            if !entries.iter().any(|kept| kept.check == entry.check) {
                entries.push(Entry { target: None, ..entry.clone() });
            }
        }
        Self { entries }
    }

    /// This list and, where it does not name a check, the other.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        for entry in &other.entries {
            if !self.entries.iter().any(|own| own.check == entry.check && own.target == entry.target) {
                self.entries.push(entry.clone());
            }
        }
        self
    }

    /// The targets that lines are limited to.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|entry| entry.target.as_deref())
    }

    /// The reason that was given for the check, empty where none was; nothing where it is not listed.
    pub fn reason(&self, check: &str) -> Option<&str> {
        let of_all = self.entries.iter().filter(|entry| entry.target.is_none());
        of_all.filter(|entry| entry.check == check).map(|entry| entry.reason.as_str()).next()
    }

    /// Whether nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Entry {
    fn parse(line: &str) -> Result<Self, Fault> {
        let (first, rest) = word(line);
        let (target, name, reason) = match first.strip_suffix(':') {
            Some(target) => {
                let (name, reason) = word(rest);
                (Some(target.to_owned()), name, reason)
            }
            None => (None, first, rest),
        };
        let check = CATALOGUE.iter().find(|check| check.id == name);
        let check = check.ok_or_else(|| Fault::NoCheck(name.to_owned()))?.id;
        Ok(Self { target, check, reason: reason.trim_start_matches('#').trim().to_owned() })
    }
}

/// The first word, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first, rest.trim_start())
}

/// Why a list is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFailingError {
    /// Counted from 1.
    pub line: usize,
    fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    NoCheck(String),
    Twice(&'static str),
}

impl fmt::Display for KnownFailingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.fault {
            Fault::NoCheck(name) => {
                write!(f, "there is no check \"{}\"", name.escape_debug())?;
                match nearest(name) {
                    _ if name.contains('*') => {
                        f.write_str("; a pattern would hide what is new: name each by its id")
                    }
                    Some(id) => write!(f, "; is {id} meant?"),
                    None => f.write_str("; `hookproof list` names them all"),
                }
            }
            Fault::Twice(check) => write!(f, "{check} is listed twice"),
        }
    }
}

impl core::error::Error for KnownFailingError {}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    const LIST: &str = "\
# What we know of the shops
duplicate/sequential   # issue 12

  shop-a: signature/raw-body until the proxy is gone
shop-a: duplicate/sequential its own
http/survives";

    #[test]
    fn a_line_is_a_check_and_its_reason() {
        let known = KnownFailing::parse(LIST).expect("it is sound");
        assert_eq!(known.reason("duplicate/sequential"), Some("issue 12"));
        assert_eq!(known.reason("http/survives"), Some(""));
        assert_eq!(known.reason("signature/raw-body"), None, "that is of one target");
        assert_eq!(known.targets().collect::<Vec<_>>(), ["shop-a", "shop-a"]);
    }

    #[test]
    fn a_line_for_a_target_is_for_no_other_and_comes_first() {
        let known = KnownFailing::parse(LIST).expect("it is sound");
        let (a, b) = (known.of_target("shop-a"), known.of_target("shop-b"));
        assert_eq!(a.reason("signature/raw-body"), Some("until the proxy is gone"));
        assert_eq!(a.reason("duplicate/sequential"), Some("its own"));
        assert_eq!(b.reason("signature/raw-body"), None);
        assert_eq!(b.reason("duplicate/sequential"), Some("issue 12"));
    }

    #[test]
    fn what_is_no_check_is_told_with_its_line_and_the_nearest() {
        for (text, said) in [
            (
                "\nduplicate/sequentia",
                "line 2: there is no check \"duplicate/sequentia\"; is duplicate/sequential meant?",
            ),
            (
                "duplicate/*",
                "line 1: there is no check \"duplicate/*\"; a pattern would hide what is new: name each by its id",
            ),
            ("shop:", "line 1: there is no check \"\"; `hookproof list` names them all"),
            ("http/survives\nhttp/survives again", "line 2: http/survives is listed twice"),
        ] {
            let error = KnownFailing::parse(text).expect_err("it is wrong");
            assert_eq!(format!("{error}"), said);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_is_read_was_written(text in ".*", at in 0..CATALOGUE.len(), reason in "[a-z ]*") {
            let _ = KnownFailing::parse(&text);
            let id = CATALOGUE[at].id;
            let known = KnownFailing::parse(&format!("{id} {reason}")).expect("it is sound");
            proptest::prop_assert_eq!(known.reason(id), Some(reason.trim()));
        }
    }
}
