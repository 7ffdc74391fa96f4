//! The providers' clauses, read from the fixtures that every language shares.

use alloc::{string::String, vec::Vec};

use hookproof_core::Provider;
use serde::Deserialize;

/// One numbered promise of a provider's documents, in our own words.
#[derive(Clone, Debug, Deserialize)]
pub struct Clause {
    /// `TT-5`.
    pub id: String,
    /// The provider's name, as on the command line.
    pub provider: String,
    /// One word or two: `acknowledge`.
    pub name: String,
    /// What is promised.
    pub paraphrase: String,
}

#[derive(Deserialize)]
struct Clauses {
    clauses: Vec<Clause>,
}

/// Every clause, in the order of the documents.
pub fn clauses() -> Vec<Clause> {
    let parsed: Result<Clauses, _> = serde_json::from_str(include_str!("../../../fixtures/clauses.json"));
    parsed.map(|file| file.clauses).unwrap_or_default()
}

/// The clause with this id.
pub fn clause(id: &str) -> Option<Clause> {
    clauses().into_iter().find(|clause| clause.id == id)
}

/// Whether a clause is one of `provider`'s.
pub(crate) fn belongs_to(id: &str, provider: &Provider) -> bool {
    let prefix = id.split('-').next();
    provider.clause_prefix.is_some() && provider.clause_prefix.as_deref() == prefix
}
