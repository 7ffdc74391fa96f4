//! The list of merchants, and which software each stands on.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::Fallible;
use crate::install::{self, Runtime};

/// One receiver of `merchants.json`.
#[derive(Clone, Debug)]
pub(super) struct Merchant {
    pub(super) name: String,
    pub(super) folder: String,
    /// One sentence on what it is.
    pub(super) about: String,
    /// As `hookproof check --provider` takes it.
    pub(super) provider: String,
    pub(super) runtime: Runtime,
    pub(super) command: Vec<String>,
    /// The packages under test, without versions: those stand in the lock file.
    pub(super) software: Vec<String>,
    /// `None` where the provider signs nothing.
    pub(super) secret: Option<String>,
    /// Event types for `--events`; none leaves the choice to the provider's catalogue.
    pub(super) events: Vec<String>,
    /// Whether it claims to keep every promise, so that nothing may fail.
    pub(super) sound: bool,
    /// Whether it keeps its events on disk, so that it can be killed and started again in the middle of a run.
    pub(super) restart: bool,
    /// What else `hookproof check` is told of it.
    pub(super) options: Vec<String>,
    /// Why a check fails, by check id: a sentence on the merchant's software that no report can know.
    pub(super) reasons: Vec<(String, String)>,
}

/// Reads `merchants.json`.
///
/// # Errors
///
/// When it cannot be read, or an entry lacks a field: the message names both.
pub(super) fn all(folder: &Path) -> Fallible<Vec<Merchant>> {
    let path = folder.join("merchants.json");
    let text =
        fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    parse(&text).map_err(|error| format!("{}: {error}", path.display()))
}

impl Merchant {
    /// Whether it verifies with the npm package of this repository, which must be built then.
    pub(super) fn stands_on_our_package(&self) -> bool {
        self.software.iter().any(|package| package == "hookproof")
    }

    /// Each package under test with the version that the lock file pins, `stripe 23.1.0`.
    ///
    /// # Errors
    ///
    /// When the lock file does not pin one of them.
    pub(super) fn software_with_versions(&self, folder: &Path) -> Fallible<Vec<String>> {
        let folder = folder.join(&self.folder);
        let version = |package: &String| {
            let version = install::pinned_version(self.runtime, &folder, package)?;
            Ok(format!("{package} {version}"))
        };
        self.software.iter().map(version).collect()
    }
}

fn parse(text: &str) -> Fallible<Vec<Merchant>> {
    let list: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    let entries = list["merchants"].as_array().ok_or("`merchants` is not a list")?;
    entries
        .iter()
        .enumerate()
        .map(|(n, entry)| merchant(entry).map_err(|error| format!("merchant {n}: {error}")))
        .collect()
}

fn merchant(entry: &Value) -> Fallible<Merchant> {
    let text = |field: &str| {
        entry[field].as_str().map(str::to_owned).ok_or_else(|| format!("`{field}` is not a text"))
    };
    let texts = |field: &str| {
        let items = entry[field]
            .as_array()
            .and_then(|items| items.iter().map(|item| item.as_str().map(str::to_owned)).collect());
        items.ok_or_else(|| format!("`{field}` is not a list of texts"))
    };
    let is_absent = |field: &str| entry[field].is_null();
    let says_so = |field: &str| match &entry[field] {
        Value::Null => Ok(false),
        value => value.as_bool().ok_or_else(|| format!("`{field}` is neither true nor false")),
    };
    Ok(Merchant {
        name: text("name")?,
        folder: text("folder")?,
        about: text("about")?,
        provider: text("provider")?,
        runtime: match text("runtime")?.as_str() {
            "node" => Runtime::Node,
            "python" => Runtime::Python,
            other => return Err(format!("`runtime` is `{other}`, neither node nor python")),
        },
        command: texts("command")?,
        software: texts("software")?,
        secret: if is_absent("secret") { None } else { Some(text("secret")?) },
        events: texts("events")?,
        sound: says_so("sound")?,
        restart: says_so("restart")?,
        options: if is_absent("options") { Vec::new() } else { texts("options")? },
        reasons: reasons(&entry["reasons"])?,
    })
}

fn reasons(entry: &Value) -> Fallible<Vec<(String, String)>> {
    let Some(reasons) = entry.as_object() else {
        return if entry.is_null() { Ok(Vec::new()) } else { Err("`reasons` is not an object".to_owned()) };
    };
    let reason = |(check, why): (&String, &Value)| Some((check.clone(), why.as_str()?.to_owned()));
    reasons
        .iter()
        .map(reason)
        .collect::<Option<_>>()
        .ok_or_else(|| "`reasons` holds something that is not a text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"{"merchants": [{"name": "shop", "folder": "shop", "about": "A shop.", "provider": "stripe",
        "runtime": "node", "command": ["node", "server.js"], "software": ["express"], "secret": null, "events": [],
        "reasons": {"duplicate/sequential": "It keeps no ids."}}]}"#;

    #[test]
    fn an_entry_is_read_whole() {
        let shop = &parse(ENTRY).unwrap()[0];
        assert_eq!((shop.name.as_str(), shop.runtime, &shop.secret), ("shop", Runtime::Node, &None));
        assert_eq!(shop.command, ["node", "server.js"]);
        assert!(!shop.sound && !shop.restart && shop.options.is_empty());
        assert_eq!(shop.reasons, [("duplicate/sequential".to_owned(), "It keeps no ids.".to_owned())]);
    }

    #[test]
    fn a_merchant_with_a_store_says_so() {
        let entry =
            ENTRY.replacen("\"events\"", "\"restart\": true, \"options\": [\"--full\"], \"events\"", 1);
        let shop = &parse(&entry).unwrap()[0];
        assert!(shop.restart);
        assert_eq!(shop.options, ["--full"]);
    }

    #[test]
    fn an_error_says_which_entry_lacks_what() {
        let broken = |from, to| parse(&ENTRY.replacen(from, to, 1)).unwrap_err();
        assert_eq!(broken("\"about\"", "\"abuot\""), "merchant 0: `about` is not a text");
        assert_eq!(
            broken("\"node\",", "\"deno\","),
            "merchant 0: `runtime` is `deno`, neither node nor python"
        );
        assert_eq!(broken("[\"express\"]", "\"express\""), "merchant 0: `software` is not a list of texts");
        assert_eq!(
            broken("\"events\"", "\"restart\": 1, \"events\""),
            "merchant 0: `restart` is neither true nor false"
        );
        assert_eq!(
            broken("\"It keeps no ids.\"", "1"),
            "merchant 0: `reasons` holds something that is not a text"
        );
        assert_eq!(parse("{}").unwrap_err(), "`merchants` is not a list");
    }

    #[test]
    fn every_real_merchant_is_complete() {
        let folder = crate::command::root().join("conformance/merchants");
        let merchants = all(&folder).unwrap();
        assert!(!merchants.is_empty());
        for merchant in merchants {
            let software = merchant.software_with_versions(&folder).unwrap();
            assert_eq!(software.len(), merchant.software.len(), "{}", merchant.name);
            let [_, file] = merchant.command.as_slice() else {
                panic!("{}: {:?}", merchant.name, merchant.command)
            };
            assert!(folder.join(&merchant.folder).join(file).is_file(), "{}: {file}", merchant.name);
        }
    }
}
