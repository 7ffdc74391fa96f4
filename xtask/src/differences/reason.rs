//! Why we differ from an SDK: written by hand in `xtask/peers/reasons.json`, and neither missing nor left over.

use serde_json::Value;

use super::Disagreement;
use super::peer;
use crate::command::Fallible;

/// One cause of disagreements.
#[derive(Debug)]
pub(super) struct Reason {
    pub(super) title: String,
    pub(super) text: String,
    /// The keys of the SDKs that it is about.
    pub(super) peers: Vec<String>,
    /// The names of the vectors that show it.
    pub(super) vectors: Vec<String>,
}

impl Reason {
    fn covers(&self, disagreement: &Disagreement<'_>) -> bool {
        self.peers.iter().any(|peer| peer == disagreement.peer.key)
            && self.vectors.contains(&disagreement.vector.name())
    }
}

/// Reads `reasons.json`.
///
/// # Errors
///
/// When it cannot be read, or an entry lacks a field.
pub(super) fn all() -> Fallible<Vec<Reason>> {
    let path = peer::folder().join("reasons.json");
    let document = super::read_json(&path)?;
    let entries = document["reasons"].as_array().ok_or("`reasons` is not a list")?;
    let reasons = entries.iter().map(reason).collect::<Option<_>>();
    reasons.ok_or_else(|| format!("{}: a reason lacks a title, a text, peers or vectors", path.display()))
}

/// Each reason with the disagreements that it explains, both in their order.
///
/// # Errors
///
/// When a disagreement has no reason or two, or a reason names an SDK or a vector that it is not needed for.
pub(super) fn explain<'a>(
    reasons: &'a [Reason],
    disagreements: &'a [Disagreement<'a>],
) -> Fallible<Vec<(&'a Reason, Vec<&'a Disagreement<'a>>)>> {
    for disagreement in disagreements {
        let count = reasons.iter().filter(|reason| reason.covers(disagreement)).count();
        if count != 1 {
            return Err(format!(
                "{} {} {}, and reasons.json has {count} reasons for that, not one",
                disagreement.peer.key,
                disagreement.verb(),
                disagreement.vector.name(),
            ));
        }
    }
    let mut explained = Vec::new();
    for reason in reasons {
        let covered: Vec<_> =
            disagreements.iter().filter(|disagreement| reason.covers(disagreement)).collect();
        let is_peer_idle = |peer: &&String| covered.iter().all(|it| it.peer.key != **peer);
        let is_vector_idle = |vector: &&String| covered.iter().all(|it| it.vector.name() != **vector);
        let idle = reason.peers.iter().find(is_peer_idle).or(reason.vectors.iter().find(is_vector_idle));
        if let Some(idle) = idle {
            return Err(format!("reasons.json: `{}` names {idle}, where nobody disagrees", reason.title));
        }
        explained.push((reason, covered));
    }
    Ok(explained)
}

fn reason(entry: &Value) -> Option<Reason> {
    let text = |field: &str| entry[field].as_str().map(str::to_owned);
    let texts = |field: &str| {
        entry[field]
            .as_array()?
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
    };
    Some(Reason {
        title: text("title")?,
        text: text("text")?,
        peers: texts("peers")?,
        vectors: texts("vectors")?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::vector;
    use super::*;

    fn because(peers: &[&str], vectors: &[&str]) -> Reason {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Reason { title: "Time".to_owned(), text: String::new(), peers: owned(peers), vectors: owned(vectors) }
    }

    #[test]
    fn a_disagreement_needs_one_reason_and_a_reason_a_disagreement() {
        let vector = vector("timestamped/ahead", "too_new", &[]);
        let found = [Disagreement { peer: &peer::PEERS[0], vector: &vector, error: None }];
        let told = because(&["stripe-node"], &["timestamped/ahead"]);
        let explained = explain(std::slice::from_ref(&told), &found).unwrap();
        assert_eq!(explained[0].1.len(), 1);

        let message = |reasons: &[Reason]| explain(reasons, &found).unwrap_err();
        assert_eq!(
            message(&[]),
            "stripe-node accepts timestamped/ahead, and reasons.json has 0 reasons for that, not one"
        );
        assert!(
            message(&[told, because(&["stripe-node"], &["timestamped/ahead"])]).contains("has 2 reasons")
        );
        assert_eq!(
            message(&[because(&["stripe-node", "stripe-python"], &["timestamped/ahead"])]),
            "reasons.json: `Time` names stripe-python, where nobody disagrees"
        );
        assert_eq!(
            message(&[because(&["stripe-node"], &["timestamped/ahead", "timestamped/old"])]),
            "reasons.json: `Time` names timestamped/old, where nobody disagrees"
        );
    }
}
