//! The merchant's own books, asked through a command.

use std::{process::Stdio, time::Duration};

use hookproof_suite::Reading;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process,
    time::timeout,
};

use super::{ObserverError, count, quoted};

/// A shell command that prints how many effects the event `$1` had.
#[derive(Clone, Debug)]
pub struct Command {
    line: String,
    limit: Duration,
}

impl Command {
    /// A command line for `sh`, which may take ten seconds each time.
    ///
    /// # Errors
    ///
    /// [`ObserverError::BlankCommand`].
    pub fn new(line: &str) -> Result<Self, ObserverError> {
        if line.trim().is_empty() {
            return Err(ObserverError::BlankCommand);
        }
        Ok(Self { line: line.into(), limit: LIMIT })
    }

    /// The same command with another limit.
    #[must_use]
    pub fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    pub(super) async fn look(&self, id: &str) -> Reading {
        match timeout(self.limit, self.run(id)).await {
            Ok(Ok(count)) => Reading::Count(count),
            Ok(Err(why)) => Reading::Failed(why),
            Err(_) => Reading::Failed(format!("the command gave no number within {:?}", self.limit)),
        }
    }

    async fn run(&self, id: &str) -> Result<u64, String> {
        // The id is an argument of its own: whatever it holds, the shell does not read it as a command.
        let mut child = process::Command::new("sh")
            .args(["-c", &self.line, "sh", id])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("sh could not be started: {error}"))?;
        let (printed, complaint) =
            tokio::join!(beginning(child.stdout.take()), beginning(child.stderr.take()));
        let status = child.wait().await.map_err(|error| format!("the command was lost: {error}"))?;
        if !status.success() {
            let complaint = if complaint.is_empty() { printed } else { complaint };
            return Err(format!(
                "the command ended with {status} and {}, not with a number",
                quoted(&complaint)
            ));
        }
        count(&printed).ok_or_else(|| format!("the command printed {}, not a whole number", quoted(&printed)))
    }
}

/// The first bytes of a stream. It is closed behind them, so that a command that prints without end ends.
async fn beginning(stream: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        // What was read before an error is all there is.
        let _ = stream.take(MAX_PRINTED).read_to_end(&mut bytes).await;
    }
    bytes
}

const LIMIT: Duration = Duration::from_secs(10);

const MAX_PRINTED: u64 = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    async fn look(line: &str, id: &str) -> Reading {
        Command::new(line).unwrap().look(id).await
    }

    #[tokio::test]
    async fn the_id_is_the_first_argument_and_never_read_by_the_shell() {
        assert_eq!(look("test \"$1\" = evt_1 && echo 2", "evt_1").await, Reading::Count(2));
        let hostile = "$(exit 3); `false` \"' -n";
        assert_eq!(look("printf %s \"$1\" | wc -c", hostile).await, Reading::Count(hostile.len() as u64));
    }

    #[tokio::test]
    async fn what_is_no_number_is_told_with_what_was_wanted() {
        for (line, why) in [
            ("echo -1", "the command printed \"-1\", not a whole number"),
            ("true", "the command printed \"\", not a whole number"),
            (
                "echo 1; echo gone >&2; exit 3",
                "the command ended with exit status: 3 and \"gone\", not with a number",
            ),
        ] {
            assert_eq!(look(line, "evt_1").await, Reading::Failed(why.into()), "{line}");
        }
    }

    #[tokio::test]
    async fn a_command_that_hangs_or_prints_without_end_does_not_hold_the_run() {
        let hanging = Command::new("exec sleep 600").unwrap().within(Duration::from_millis(50));
        assert_eq!(hanging.look("x").await, Reading::Failed("the command gave no number within 50ms".into()));
        let Reading::Failed(why) = look("exec yes", "x").await else { panic!("yes is no number") };
        assert!(why.contains("y\\ny\\n"), "{why}");
    }

    #[test]
    fn a_blank_command_is_refused() {
        assert_eq!(Command::new(" ").unwrap_err(), ObserverError::BlankCommand);
    }
}
