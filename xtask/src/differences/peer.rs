//! The SDKs of others, and what they make of our vectors.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::vectors::{self, Vector};
use crate::command::{self, Fallible, root};
use crate::install::{self, Runtime};

/// One SDK that verifies requests of one construction.
#[derive(Debug)]
pub(super) struct Peer {
    /// As `run.mjs` and `run.py` name it.
    pub(super) key: &'static str,
    /// The package's name in its registry.
    pub(super) package: &'static str,
    pub(super) runtime: Runtime,
    /// The file of vectors that it judges.
    pub(super) file: &'static str,
    /// Published by those who published the construction.
    pub(super) is_official: bool,
}

impl Peer {
    /// As the page names it.
    pub(super) fn name(&self) -> String {
        let language = match self.runtime {
            Runtime::Node => "JavaScript",
            Runtime::Python => "Python",
        };
        format!("`{}` for {language}", self.package)
    }

    /// The version that is installed.
    ///
    /// # Errors
    ///
    /// When the lock file has none.
    pub(super) fn version(&self) -> Fallible<String> {
        install::pinned_version(self.runtime, &folder(), self.package)
    }
}

/// What an SDK says of a request.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    Accepted,
    /// With the class of what it threw.
    Refused(String),
    /// It cannot be asked, and why.
    NotApplicable(String),
}

/// Every verdict, by the peer's key and the vector's name.
pub(super) type Verdicts = BTreeMap<(String, String), Verdict>;

/// Installs the SDKs where that is due, and asks each of them about each vector of its construction.
///
/// # Errors
///
/// When they cannot be installed or run, or leave out a vector.
pub(super) fn verdicts(vectors: &[Vector]) -> Fallible<Verdicts> {
    let mut verdicts = Verdicts::new();
    for (runtime, program, name) in
        [(Runtime::Node, "run.mjs", "the SDKs for Node"), (Runtime::Python, "run.py", "the SDKs for Python")]
    {
        install::make_ready(runtime, &folder(), name)?;
        let lines = command::read(
            Command::new(install::interpreter(runtime, &folder()))
                .arg(folder().join(program))
                .arg(vectors::folder())
                .current_dir(folder()),
        )?;
        for line in lines.lines() {
            let (key, verdict) =
                parse(line).ok_or_else(|| format!("{program} wrote a line that is no verdict: {line}"))?;
            verdicts.insert(key, verdict);
        }
    }
    demand_all(vectors, &verdicts)?;
    Ok(verdicts)
}

/// The folder of the lock files and of the programs that ask the SDKs.
pub(super) fn folder() -> PathBuf {
    root().join("xtask/peers")
}

fn parse(line: &str) -> Option<((String, String), Verdict)> {
    let line: Value = serde_json::from_str(line).ok()?;
    let text = |field: &str| line[field].as_str();
    let verdict = match text("verdict")? {
        "accepted" => Verdict::Accepted,
        "refused" => Verdict::Refused(text("error")?.to_owned()),
        "not_applicable" => Verdict::NotApplicable(text("why")?.to_owned()),
        _ => return None,
    };
    Some(((text("peer")?.to_owned(), format!("{}/{}", text("file")?, text("case")?)), verdict))
}

/// A program that stopped early must not look like SDKs that agree.
fn demand_all(vectors: &[Vector], verdicts: &Verdicts) -> Fallible {
    let due = || PEERS.iter().flat_map(|peer| vectors.iter().map(move |vector| (peer, vector)));
    let mut due = due().filter(|(peer, vector)| peer.file == vector.file);
    match due.find(|(peer, vector)| !verdicts.contains_key(&(peer.key.to_owned(), vector.name()))) {
        Some((peer, vector)) => Err(format!("{} was not asked about {}", peer.key, vector.name())),
        None => Ok(()),
    }
}

/// In the order of the page.
pub(super) const PEERS: &[Peer] = &[
    Peer {
        key: "stripe-node",
        package: "stripe",
        runtime: Runtime::Node,
        file: "timestamped",
        is_official: true,
    },
    Peer {
        key: "stripe-python",
        package: "stripe",
        runtime: Runtime::Python,
        file: "timestamped",
        is_official: true,
    },
    Peer {
        key: "standardwebhooks-node",
        package: "standardwebhooks",
        runtime: Runtime::Node,
        file: "standard",
        is_official: true,
    },
    Peer {
        key: "standardwebhooks-python",
        package: "standardwebhooks",
        runtime: Runtime::Python,
        file: "standard",
        is_official: true,
    },
    // Svix's own, for the names of headers that came before the standard; it calls the one above.
    Peer { key: "svix-node", package: "svix", runtime: Runtime::Node, file: "standard", is_official: false },
    Peer {
        key: "octokit-node",
        package: "@octokit/webhooks-methods",
        runtime: Runtime::Node,
        file: "body",
        is_official: true,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_verdict_or_an_error() {
        let line = r#"{"file": "body", "case": "plain", "peer": "octokit-node", "verdict": "refused", "error": "false"}"#;
        let (key, verdict) = parse(line).unwrap();
        assert_eq!(key, ("octokit-node".to_owned(), "body/plain".to_owned()));
        assert_eq!(verdict, Verdict::Refused("false".to_owned()));
        assert_eq!(parse(&line.replace("refused", "agreed")), None);
        assert_eq!(parse(&line.replace("error", "errors")), None);
        assert_eq!(parse("Traceback"), None);
    }

    #[test]
    fn a_vector_that_an_sdk_was_not_asked_about_is_an_error() {
        let vector = super::super::tests::vector("body/plain", "ok", &[]);
        let message = demand_all(std::slice::from_ref(&vector), &Verdicts::new()).unwrap_err();
        assert_eq!(message, "octokit-node was not asked about body/plain");
        let asked = Verdicts::from([(("octokit-node".to_owned(), vector.name()), Verdict::Accepted)]);
        assert_eq!(demand_all(&[vector], &asked), Ok(()));
    }
}
