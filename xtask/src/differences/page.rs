//! `docs/differences.md`: how many vectors each SDK judges as we do, why it judges others otherwise, and what all refuse.

use super::Disagreement;
use super::peer::{PEERS, Peer, Verdict, Verdicts};
use super::reason::Reason;
use super::vectors::{FILES, Vector};
use crate::command::Fallible;
use crate::markdown::{prose, put};

/// The whole page.
///
/// # Errors
///
/// When a lock file does not pin an SDK.
pub(super) fn render(
    vectors: &[Vector],
    verdicts: &Verdicts,
    explained: &[(&Reason, Vec<&Disagreement<'_>>)],
    refused: &[&Vector],
) -> Fallible<String> {
    let mut page = INTRODUCTION.to_owned();
    page.push_str(&overview(vectors, verdicts)?);
    page.push_str(&not_asked(verdicts));
    page.push_str(METHOD);
    page.push_str("\n## Where they differ, and why\n");
    for (reason, disagreements) in explained {
        page.push_str(&section(reason, disagreements));
    }
    page.push_str(&refusals(refused));
    Ok(page)
}

fn overview(vectors: &[Vector], verdicts: &Verdicts) -> Fallible<String> {
    let mut table = String::from(
        "\n| SDK | version | vectors | judged alike | accepts what we refuse | refuses what we accept |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for peer in PEERS {
        let [mut asked, mut alike, mut laxer, mut stricter] = [0; 4];
        for vector in vectors {
            let count = match (verdicts.get(&(peer.key.to_owned(), vector.name())), vector.is_accepted()) {
                (None | Some(Verdict::NotApplicable(_)), _) => continue,
                (Some(Verdict::Accepted), true) | (Some(Verdict::Refused(_)), false) => &mut alike,
                (Some(Verdict::Accepted), false) => &mut laxer,
                (Some(Verdict::Refused(_)), true) => &mut stricter,
            };
            *count += 1;
            asked += 1;
        }
        let (name, version) = (peer.name(), peer.version()?);
        put(
            &mut table,
            format_args!(
                "| {name} | {version} | {asked} of `{}` | {alike} | {laxer} | {stricter} |\n",
                peer.file
            ),
        );
    }
    Ok(table)
}

/// The vectors on which an SDK has no verdict, one line for each cause.
fn not_asked(verdicts: &Verdicts) -> String {
    let mut lines = String::from("\nNot asked:\n\n");
    for peer in PEERS {
        let mut causes: Vec<(&str, Vec<&str>)> = Vec::new();
        for ((key, vector), verdict) in verdicts {
            let Verdict::NotApplicable(why) = verdict else { continue };
            if key != peer.key {
                continue;
            }
            match causes.iter_mut().find(|(cause, _)| cause == why) {
                Some((_, vectors)) => vectors.push(vector),
                None => causes.push((why, vec![vector])),
            }
        }
        for (why, vectors) in causes {
            put(&mut lines, format_args!("- {}: {}; {}.\n", peer.name(), quoted(&vectors), prose(why)));
        }
    }
    lines
}

fn section(reason: &Reason, disagreements: &[&Disagreement<'_>]) -> String {
    let mut section = format!("\n### {}\n\n{}\n\n", reason.title, reason.text);
    section.push_str("| vector | what it is | we say | they say |\n| --- | --- | --- | --- |\n");
    let mut vectors: Vec<&Vector> = Vec::new();
    for disagreement in disagreements {
        if vectors.iter().all(|vector| vector.name() != disagreement.vector.name()) {
            vectors.push(disagreement.vector);
        }
    }
    for vector in vectors {
        let theirs: Vec<String> = disagreements
            .iter()
            .filter(|disagreement| disagreement.vector.name() == vector.name())
            .map(|disagreement| theirs(disagreement))
            .collect();
        put(
            &mut section,
            format_args!(
                "| `{}` | {} | `{}` | {} |\n",
                vector.name(),
                prose(&vector.comment),
                vector.result,
                theirs.join("; ")
            ),
        );
    }
    section
}

fn theirs(disagreement: &Disagreement<'_>) -> String {
    let name = disagreement.peer.name();
    match disagreement.error {
        None => format!("{name} accepts it"),
        Some("false") => format!("{name} returns `false`"),
        Some(error) => format!("{name} throws `{error}`"),
    }
}

fn refusals(refused: &[&Vector]) -> String {
    let mut section = format!("\n## What every official SDK refuses\n\n{REFUSALS}");
    for file in FILES {
        let of_file: Vec<&&Vector> = refused.iter().filter(|vector| vector.file == file).collect();
        let official: Vec<String> =
            PEERS.iter().filter(|peer| peer.file == file && peer.is_official).map(Peer::name).collect();
        put(
            &mut section,
            format_args!(
                "\n### {} of `{file}`, by {}\n\n| vector | what it is | we say |\n| --- | --- | --- |\n",
                of_file.len(),
                official.join(" and ")
            ),
        );
        for vector in of_file {
            put(
                &mut section,
                format_args!("| `{}` | {} | `{}` |\n", vector.id, prose(&vector.comment), vector.result),
            );
        }
    }
    section
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

const INTRODUCTION: &str = "\
# Differences from the official SDKs

Every signature vector in `fixtures/signatures` is also judged by the SDKs that people use for it, from the same
bytes. This page lists each disagreement with our reason. It is made by `cargo xtask differences --update`, which
fails when a disagreement has no reason; `cargo xtask test` asks them again and compares.
";

const METHOD: &str = "
How each is called: `constructEvent`, `construct_event` or `verify`, as its documentation tells, at the vector's
time (its clock is set to it). The body is given as bytes where the call takes bytes and as text otherwise; lines
of one header are joined as Node and WSGI join them. Where a vector has several secrets, the SDK is called with
each in turn, and one that is accepted is enough. A switched-off check of the age is their tolerance of 0. An error
of the JSON parser comes after the signature was accepted, so it counts as accepted.

`standardwebhooks` for Rust is not among them: it reads the system's clock, which no caller can set.
";

const REFUSALS: &str = "\
These carry the flag `refused-by-every-sdk`: whoever accepts one is alone with it. Vectors in which the fault is the
caller's are not counted, because the request is not what is refused.
";

#[cfg(test)]
mod tests {
    use super::super::tests::{no, said, vector};
    use super::*;

    #[test]
    fn a_reason_is_told_with_each_vector_once_and_each_sdk() {
        let vector = vector("timestamped/ahead", "too_new", &[]);
        let reason = Reason {
            title: "Time".to_owned(),
            text: "Because.".to_owned(),
            peers: Vec::new(),
            vectors: Vec::new(),
        };
        let [node, python] = [&PEERS[0], &PEERS[1]];
        let found = [
            Disagreement { peer: node, vector: &vector, error: None },
            Disagreement { peer: python, vector: &vector, error: Some("ValueError") },
        ];
        let text = section(&reason, &found.iter().collect::<Vec<_>>());
        assert_eq!(
            text,
            "\n### Time\n\nBecause.\n\n| vector | what it is | we say | they say |\n| --- | --- | --- | --- |\n\
             | `timestamped/ahead` | about \\<ahead\\> | `too_new` | \
             `stripe` for JavaScript accepts it; `stripe` for Python throws `ValueError` |\n"
        );
    }

    #[test]
    fn the_overview_counts_both_ways_of_differing_and_leaves_out_who_was_not_asked() {
        let vectors = [
            vector("body/good", "ok", &[]),
            vector("body/bad", "no_match", &[]),
            vector("body/worse", "no_match", &[]),
            vector("body/base64", "ok", &[]),
        ];
        let verdicts = said(&[
            ("octokit-node", "body/good", no()),
            ("octokit-node", "body/bad", Verdict::Accepted),
            ("octokit-node", "body/worse", no()),
            ("octokit-node", "body/base64", Verdict::NotApplicable("hex only".to_owned())),
        ]);
        let table = overview(&vectors, &verdicts).unwrap();
        assert!(table.contains(" | 3 of `body` | 1 | 1 | 1 |\n"), "{table}");
        let lines = not_asked(&verdicts);
        assert_eq!(
            lines,
            "\nNot asked:\n\n- `@octokit/webhooks-methods` for JavaScript: `body/base64`; hex only.\n"
        );
    }

    #[test]
    fn what_every_sdk_refuses_is_listed_by_construction_under_its_flag() {
        let vector = vector("body/bad", "no_match", &[]);
        let text = refusals(&[&vector]);
        assert!(text.contains(super::super::FLAG));
        assert!(
            text.contains("\n### 1 of `body`, by `@octokit/webhooks-methods` for JavaScript\n"),
            "{text}"
        );
        assert!(text.ends_with("\n| `bad` | about \\<bad\\> | `no_match` |\n"), "{text}");
    }
}
