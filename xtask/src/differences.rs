//! `cargo xtask differences`: what the official SDKs say of our signature vectors, byte for byte the same requests.
//!
//! Each disagreement stands in `docs/differences.md` with our reason. What all official SDKs of a construction
//! refuse, as we do, is flagged in the vectors themselves.

mod page;
mod peer;
mod reason;
mod vectors;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::{self, Fallible, root};
use peer::{PEERS, Peer, Verdict, Verdicts};
use vectors::Vector;

/// Asks the SDKs, and compares page and flags with their verdicts, or with `--update` writes both anew.
///
/// # Errors
///
/// The SDKs cannot be asked, a disagreement has no reason, or page or flags are not current.
pub(crate) fn run(arguments: &[&str]) -> Fallible {
    let update = match arguments {
        [] => false,
        ["--update"] => true,
        _ => return Err("usage: cargo xtask differences [--update]".into()),
    };
    let vectors = vectors::all()?;
    let verdicts = peer::verdicts(&vectors)?;
    let disagreements = disagreements(&vectors, &verdicts);
    let reasons = reason::all()?;
    let explained = reason::explain(&reasons, &disagreements)?;
    let refused = refused_by_every_sdk(&vectors, &verdicts);
    let page = page::render(&vectors, &verdicts, &explained, &refused)?;
    if update {
        write(&page_path(), &page)?;
        write(&list_path(), &list(&refused))?;
        command::run(Command::new("python3").arg(vectors::folder().join("make.py")))?;
    } else {
        demand_current(&page_path(), &page)?;
        demand_current(&list_path(), &list(&refused))?;
        demand_flags(&vectors, &refused)?;
    }
    println!(
        "{} verdicts on {} vectors: {} differ from ours, for {} reasons; {} are refused by every official SDK",
        verdicts.len(),
        vectors.len(),
        disagreements.len(),
        reasons.len(),
        refused.len()
    );
    Ok(())
}

/// An SDK that accepts what we refuse, or the reverse.
#[derive(Debug)]
struct Disagreement<'a> {
    peer: &'static Peer,
    vector: &'a Vector,
    /// The class of what it threw, where it refuses.
    error: Option<&'a str>,
}

impl Disagreement<'_> {
    fn verb(&self) -> &'static str {
        if self.error.is_some() { "refuses" } else { "accepts" }
    }
}

fn disagreements<'a>(vectors: &'a [Vector], verdicts: &'a Verdicts) -> Vec<Disagreement<'a>> {
    let mut found = Vec::new();
    for vector in vectors {
        for peer in PEERS {
            let error = match verdicts.get(&(peer.key.to_owned(), vector.name())) {
                Some(Verdict::Accepted) if !vector.is_accepted() => None,
                Some(Verdict::Refused(error)) if vector.is_accepted() => Some(error.as_str()),
                _ => continue,
            };
            found.push(Disagreement { peer, vector, error });
        }
    }
    found
}

/// The vectors for [`FLAG`]: requests that we and all official SDKs of their construction refuse.
fn refused_by_every_sdk<'a>(vectors: &'a [Vector], verdicts: &Verdicts) -> Vec<&'a Vector> {
    let is_refused = |vector: &Vector| {
        let mut official = PEERS.iter().filter(|peer| peer.is_official && peer.file == vector.file);
        official.all(|peer| {
            matches!(verdicts.get(&(peer.key.to_owned(), vector.name())), Some(Verdict::Refused(_)))
        })
    };
    // Where the fault is the caller's, it is not the request that is refused.
    let is_request = |vector: &Vector| !vector.is_accepted() && !vector.is_flagged("caller");
    vectors.iter().filter(|vector| is_request(vector) && is_refused(vector)).collect()
}

/// What `make.py` reads: a name a line.
fn list(refused: &[&Vector]) -> String {
    refused.iter().map(|vector| vector.name() + "\n").collect()
}

fn demand_flags(vectors: &[Vector], refused: &[&Vector]) -> Fallible {
    let is_measured = |vector: &Vector| refused.iter().any(|other| other.name() == vector.name());
    match vectors.iter().find(|vector| vector.is_flagged(FLAG) != is_measured(vector)) {
        Some(vector) => {
            Err(format!("{}: the flag {FLAG} is not what was measured: run `{UPDATE}`", vector.name()))
        }
        None => Ok(()),
    }
}

fn demand_current(path: &Path, text: &str) -> Fallible {
    if fs::read_to_string(path).is_ok_and(|written| written == text) {
        Ok(())
    } else {
        Err(format!("{} is not current: run `{UPDATE}`", path.display()))
    }
}

fn read_json(path: &Path) -> Fallible<Value> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is not JSON: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Fallible {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn page_path() -> PathBuf {
    root().join("docs/differences.md")
}

fn list_path() -> PathBuf {
    vectors::folder().join("make/refused-by-every-sdk.txt")
}

const FLAG: &str = "refused-by-every-sdk";
const UPDATE: &str = "cargo xtask differences --update";

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn vector(name: &str, result: &str, flags: &[&str]) -> Vector {
        let (file, id) = name.split_once('/').unwrap();
        Vector {
            file: file.to_owned(),
            id: id.to_owned(),
            comment: format!("about <{id}>"),
            result: result.to_owned(),
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
        }
    }

    pub(super) fn said(verdicts: &[(&str, &str, Verdict)]) -> Verdicts {
        let said = |(peer, vector, verdict): &(&str, &str, Verdict)| {
            (((*peer).to_owned(), (*vector).to_owned()), verdict.clone())
        };
        verdicts.iter().map(said).collect()
    }

    pub(super) fn no() -> Verdict {
        Verdict::Refused("Error".to_owned())
    }

    #[test]
    fn only_opposite_verdicts_are_disagreements() {
        let vectors = [vector("timestamped/good", "ok", &[]), vector("timestamped/bad", "no_match", &[])];
        let verdicts = said(&[
            ("stripe-node", "timestamped/good", Verdict::Accepted),
            ("stripe-node", "timestamped/bad", Verdict::Accepted),
            ("stripe-python", "timestamped/good", no()),
            ("stripe-python", "timestamped/bad", Verdict::NotApplicable("no secret".to_owned())),
        ]);
        let found: Vec<_> = disagreements(&vectors, &verdicts)
            .iter()
            .map(|found| format!("{} {} {}", found.peer.key, found.verb(), found.vector.id))
            .collect();
        assert_eq!(found, ["stripe-python refuses good", "stripe-node accepts bad"]);
    }

    #[test]
    fn the_flag_needs_all_official_sdks_and_no_other() {
        let judged = |vector: &Vector, verdicts: &Verdicts| {
            !refused_by_every_sdk(std::slice::from_ref(vector), verdicts).is_empty()
        };
        let bad = vector("standard/bad", "no_match", &[]);
        let verdicts = |python: Verdict| {
            said(&[
                ("standardwebhooks-node", "standard/bad", no()),
                ("standardwebhooks-python", "standard/bad", python),
                ("svix-node", "standard/bad", Verdict::Accepted),
            ])
        };
        assert!(judged(&bad, &verdicts(no())));
        assert!(!judged(&bad, &verdicts(Verdict::Accepted)));
        assert!(!judged(&bad, &verdicts(Verdict::NotApplicable(String::new()))));
        assert!(!judged(&vector("standard/bad", "ok", &[]), &verdicts(no())));
        assert!(!judged(&vector("standard/bad", "blank_secret", &["caller"]), &verdicts(no())));
    }

    #[test]
    fn a_flag_too_many_or_too_few_is_an_error() {
        let plain = vector("body/plain", "no_match", &[]);
        let flagged = vector("body/plain", "no_match", &[FLAG]);
        let message = "body/plain: the flag refused-by-every-sdk is not what was measured: run `cargo xtask differences --update`";
        assert_eq!(demand_flags(std::slice::from_ref(&plain), &[&plain]).unwrap_err(), message);
        assert_eq!(demand_flags(std::slice::from_ref(&flagged), &[]).unwrap_err(), message);
        assert_eq!(demand_flags(std::slice::from_ref(&flagged), &[&flagged]), Ok(()));
    }

    #[test]
    fn an_unknown_option_is_an_error_before_anything_is_installed() {
        assert_eq!(run(&["--updat"]).unwrap_err(), "usage: cargo xtask differences [--update]");
    }
}
