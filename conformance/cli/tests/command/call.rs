//! One call of the command.

use std::{path::Path, process::Stdio};

use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
};

/// The secret of every endpoint here; its form suits every scheme.
pub(crate) const SECRET: &str = "whsec_YSBzZWNyZXQgb2YgdGhlIGNvbW1hbmQncyB0ZXN0cw==";

/// A call with these arguments, nothing on stdin and no secret.
pub(crate) fn hookproof<'a>(args: impl IntoIterator<Item = &'a str>) -> Call {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hookproof"));
    command.args(args).env_remove("HOOKPROOF_SECRET").env("NO_COLOR", "1").kill_on_drop(true);
    Call { command, stdin: None }
}

/// A call of `check` on this URL, with the right secret.
pub(crate) fn check<'a>(url: &'a str, options: impl IntoIterator<Item = &'a str>) -> Call {
    hookproof(["check", url].into_iter().chain(options)).secret(SECRET)
}

/// A call that has not been made.
pub(crate) struct Call {
    command: Command,
    stdin: Option<Vec<u8>>,
}

impl Call {
    /// With this text in `HOOKPROOF_SECRET`.
    pub(crate) fn secret(mut self, text: &str) -> Self {
        self.command.env("HOOKPROOF_SECRET", text);
        self
    }

    /// With these bytes on stdin.
    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// In this folder.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// With stdout going there, and nothing of it kept.
    pub(crate) fn stdout(mut self, to: impl Into<Stdio>) -> Child {
        self.command.stdin(Stdio::null()).stdout(to).stderr(Stdio::piped());
        self.command.spawn().expect("the command is built")
    }

    /// Makes the call and leaves it running.
    pub(crate) fn start(self) -> Child {
        self.stdout(Stdio::piped())
    }

    /// Makes the call and waits for its end.
    pub(crate) async fn run(mut self) -> Ended {
        self.command.stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the command is built");
        if let (Some(mut to), Some(bytes)) = (child.stdin.take(), &self.stdin) {
            // A command that refuses its arguments does not read.
            let _ = to.write_all(bytes).await;
        }
        Ended::of(child).await
    }
}

/// What a call came to.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// Waits for the end of a call that was left running.
    pub(crate) async fn of(child: Child) -> Self {
        let output = child.wait_with_output().await.expect("it can be waited for");
        let text = |bytes| String::from_utf8(bytes).expect("the command prints UTF-8");
        let ended = Self { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
        assert!(!ended.err.contains("panicked"), "{ended:#?}");
        ended
    }

    /// Holds it to this exit status.
    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "\n{}\n{}", self.out, self.err);
        self
    }

    /// Holds it to a wrong call: status 2, nothing on stdout, and these words on stderr.
    #[track_caller]
    pub(crate) fn refuses(self, words: &[&str]) {
        let ended = self.exits(2);
        assert_eq!(ended.out, "", "{}", ended.err);
        for word in words {
            assert!(ended.err.contains(word), "{word:?} is not in\n{}", ended.err);
        }
    }

    /// How a check's line begins: `pass`, `FAIL`, `unknown` or `n/a`.
    #[track_caller]
    pub(crate) fn verdict(&self, id: &str) -> &str {
        self.verdicts()
            .into_iter()
            .find(|(name, _)| *name == id)
            .unwrap_or_else(|| panic!("{id} has no verdict in\n{}\n{}", self.out, self.err))
            .1
    }

    /// Every check with its verdict, in order.
    pub(crate) fn verdicts(&self) -> Vec<(&str, &str)> {
        self.out
            .lines()
            .filter_map(|line| match line.split_whitespace().collect::<Vec<_>>()[..] {
                [word @ ("pass" | "FAIL" | "unknown" | "n/a"), "MUST" | "SHOULD" | "MAY", id, ..] => {
                    Some((id, word))
                }
                _ => None,
            })
            .collect()
    }
}
