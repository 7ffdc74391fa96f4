//! The command under test, built by the cargo that started us.

use std::path::PathBuf;

use serde_json::Value;

use crate::command::{self, Fallible, cargo};

/// Builds the `hookproof` command and tells where it is.
///
/// # Errors
///
/// When it does not compile.
pub(crate) fn build(profile: Profile) -> Fallible<PathBuf> {
    let mut command = cargo(["build", "--quiet", "--package", "hookproof", "--bin", "hookproof"]);
    command.arg("--message-format=json-render-diagnostics");
    if let Profile::Release = profile {
        command.arg("--release");
    }
    let messages = command::read(&mut command)?;
    executable(&messages).ok_or_else(|| "cargo built hookproof and did not tell where it is".to_owned())
}

/// How it is compiled.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// Finds the executable in cargo's messages, one JSON object a line.
fn executable(messages: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages
        .filter(|message| message["target"]["name"] == "hookproof")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::executable;

    #[test]
    fn the_executable_is_found_among_the_messages_of_cargo() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"build-script"},"executable":"/t/other"}
{"reason":"compiler-artifact","target":{"name":"hookproof"},"executable":null}
not json
{"reason":"compiler-artifact","target":{"name":"hookproof"},"executable":"/t/debug/hookproof"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(messages).as_deref(), Some(Path::new("/t/debug/hookproof")));
        assert_eq!(executable(r#"{"reason":"build-finished","success":true}"#), None);
    }
}
