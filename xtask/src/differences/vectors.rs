//! The signature vectors, as far as a comparison of verdicts needs them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Fallible, root};

/// One request of `fixtures/signatures/`, and what we make of it.
#[derive(Debug)]
pub(super) struct Vector {
    /// The construction: the file's name without its ending.
    pub(super) file: String,
    pub(super) id: String,
    pub(super) comment: String,
    /// `ok`, or the code of our error; the core's own tests hold that it is the core's verdict.
    pub(super) result: String,
    pub(super) flags: Vec<String>,
}

impl Vector {
    pub(super) fn is_accepted(&self) -> bool {
        self.result == "ok"
    }

    pub(super) fn is_flagged(&self, flag: &str) -> bool {
        self.flags.iter().any(|other| other == flag)
    }

    /// Unique among all files: `timestamped/plain`.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.file, self.id)
    }
}

/// All vectors, in the order of [`FILES`] and of their lines.
///
/// # Errors
///
/// When a file cannot be read or a case lacks a field.
pub(super) fn all() -> Fallible<Vec<Vector>> {
    let mut vectors = Vec::new();
    for file in FILES {
        let path = folder().join(file).with_extension("json");
        let document = super::read_json(&path)?;
        let cases = document["cases"].as_array().ok_or_else(|| format!("{} has no cases", path.display()))?;
        for case in cases {
            vectors.push(vector(file, case).ok_or_else(|| incomplete(&path, case))?);
        }
    }
    Ok(vectors)
}

pub(super) fn folder() -> PathBuf {
    root().join("fixtures/signatures")
}

fn vector(file: &str, case: &Value) -> Option<Vector> {
    let text = |field: &str| case[field].as_str().map(str::to_owned);
    Some(Vector {
        file: file.to_owned(),
        id: text("id")?,
        comment: text("comment")?,
        result: text("result")?,
        flags: case["flags"]
            .as_array()?
            .iter()
            .map(|flag| flag.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
    })
}

fn incomplete(path: &Path, case: &Value) -> String {
    format!("{}: {} lacks an id, a comment, a result or flags", path.display(), case["id"])
}

/// One file a construction.
pub(super) const FILES: [&str; 3] = ["timestamped", "standard", "body"];
