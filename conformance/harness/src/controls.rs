//! Command over the merchant beyond its downstream: stop and start it, move its clock, make it ready for an event.

use std::{
    env, error, fmt, fs, io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use hookproof_core::EndpointUrl;
use hookproof_suite::{Need, Preparation, Told};
use tokio::{
    io::AsyncWriteExt,
    process, select,
    time::{Instant, sleep, timeout_at},
};

use crate::{Target, connection, nonce, prepare::Prepare, server::Switch};

/// Who restarts the merchant, moves its clock and makes it ready for events; nobody, unless said otherwise.
#[derive(Clone, Debug, Default)]
pub struct Controls {
    restart: Lever,
    clock: Lever,
    prepare: Prepare,
}

#[derive(Clone, Debug, Default)]
enum Lever {
    #[default]
    Absent,
    /// The merchant runs in this process.
    Switch(Switch),
    /// A command line for `sh`.
    Command(String),
}

impl Controls {
    /// Over a merchant of this process.
    pub fn over(switch: Switch) -> Self {
        Self { restart: Lever::Switch(switch.clone()), clock: Lever::Switch(switch), ..Self::default() }
    }

    /// With this command line for `sh`, which stops the merchant and starts it again. It may take 30 s, and
    /// another 30 s until the endpoint's port takes connections.
    ///
    /// # Errors
    ///
    /// [`ControlsError::BlankCommand`].
    pub fn with_restart_command(self, line: &str) -> Result<Self, ControlsError> {
        Ok(Self { restart: command(line)?, ..self })
    }

    /// With this command line for `sh`, which moves the merchant's clock ahead by `$1` seconds within 30 s.
    ///
    /// # Errors
    ///
    /// [`ControlsError::BlankCommand`].
    pub fn with_clock_command(self, line: &str) -> Result<Self, ControlsError> {
        Ok(Self { clock: command(line)?, ..self })
    }

    /// With this command line for `sh`, which makes the merchant ready for the event `$1`, whose body is on stdin, within
    /// 30 s.
    ///
    /// # Errors
    ///
    /// [`ControlsError::BlankCommand`].
    pub fn with_prepare_command(self, line: &str) -> Result<Self, ControlsError> {
        Ok(Self { prepare: Prepare::command(line)?, ..self })
    }

    /// With this URL, which makes the merchant ready for the event whose body is posted there, within 30 s.
    pub fn with_prepare_url(self, url: EndpointUrl) -> Self {
        Self { prepare: Prepare::Url(url), ..self }
    }

    /// Makes the merchant ready for these events.
    pub(crate) async fn prepare(&self, events: &[Preparation], target: &Target) -> Told {
        self.prepare.all(events, target).await
    }

    /// Stops the merchant behind `target` and starts it again.
    pub(crate) async fn restart(&self, target: &Target) -> Told {
        let done = match &self.restart {
            Lever::Absent => return Told::Cannot(Need::Restart),
            Lever::Switch(switch) => switch.restart().map_err(|error| error.to_string()),
            Lever::Command(line) => run("restart", line, &[], &[]).await,
        };
        let done = match done {
            Ok(()) => listening(target).await,
            broken => broken,
        };
        done.map_or_else(Told::Failed, |()| Told::Restarted)
    }

    /// Moves the merchant's clock ahead by whole seconds.
    pub(crate) async fn advance(&self, by: Duration) -> Told {
        let done = match &self.clock {
            Lever::Absent => return Told::Cannot(Need::Clock),
            Lever::Switch(switch) => {
                switch.advance_clock(by);
                Ok(())
            }
            Lever::Command(line) => run("clock", line, &[&by.as_secs().to_string()], &[]).await,
        };
        done.map_or_else(Told::Failed, |()| Told::Advanced(by))
    }
}

/// Why a command cannot be used: always the caller's words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ControlsError {
    /// The command is blank.
    BlankCommand,
}

impl fmt::Display for ControlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BlankCommand => f.write_str("the command is blank"),
        }
    }
}

impl error::Error for ControlsError {}

fn command(line: &str) -> Result<Lever, ControlsError> {
    if line.trim().is_empty() { Err(ControlsError::BlankCommand) } else { Ok(Lever::Command(line.into())) }
}

/// Runs a command line, with this on stdin, to its end; what went wrong, in a sentence fragment.
pub(crate) async fn run(what: &str, line: &str, arguments: &[&str], input: &[u8]) -> Result<(), String> {
    let deadline = Instant::now() + LIMIT;
    let complaint = Complaint::new().map_err(|error| format!("the {what} command was not run: {error}"))?;
    let mut child = process::Command::new("sh")
        .args(["-c", line, "sh"])
        .args(arguments)
        .stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() })
        .stdout(Stdio::null())
        .stderr(complaint.stdio().map_err(|error| format!("the {what} command was not run: {error}"))?)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("the {what} command was not run: sh could not be started: {error}"))?;
    let ended = async {
        let mut stdin = child.stdin.take();
        let feeding = async {
            if let Some(stdin) = &mut stdin {
                // A command that does not read ends all the same.
                let _ = stdin.write_all(input).await;
            }
            drop(stdin.take());
        };
        // One that leaves it unread would keep us feeding.
        select! {
            ended = child.wait() => ended,
            () = feeding => child.wait().await,
        }
    };
    match timeout_at(deadline, ended).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(format!("the {what} command ended with {status}{complaint}")),
        Ok(Err(error)) => Err(format!("the {what} command was lost: {error}")),
        Err(_) => Err(format!("the {what} command was not over within {} s{complaint}", LIMIT.as_secs())),
    }
}

/// Waits until the endpoint's port takes connections.
async fn listening(target: &Target) -> Result<(), String> {
    let deadline = Instant::now() + LIMIT;
    loop {
        match connection::dial(target, deadline).await {
            Ok(_) => return Ok(()),
            Err(failure) if Instant::now() + BETWEEN_TRIES >= deadline => {
                return Err(format!(
                    "the endpoint took no connection within {} s of its restart: {failure}",
                    LIMIT.as_secs()
                ));
            }
            Err(_) => sleep(BETWEEN_TRIES).await,
        }
    }
}

/// What a command says on stderr. A server that it leaves running keeps writing there, so this is a file: a pipe
/// would end the server with us, or us with the server.
struct Complaint(PathBuf);

impl Complaint {
    fn new() -> io::Result<Self> {
        let path = env::temp_dir().join(format!("hookproof-{}-{}", std::process::id(), nonce()));
        fs::File::create_new(&path)?;
        Ok(Self(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn stdio(&self) -> io::Result<Stdio> {
        Ok(fs::File::options().append(true).open(self.path())?.into())
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = fs::read(self.path()).unwrap_or_default();
        match said.trim_ascii() {
            [] => Ok(()),
            said => write!(f, ": {}", crate::observer::quoted(said)),
        }
    }
}

impl Drop for Complaint {
    fn drop(&mut self) {
        // Whoever still writes into it keeps it as long as it needs it.
        let _ = fs::remove_file(self.path());
    }
}

const LIMIT: Duration = Duration::from_secs(30);

const BETWEEN_TRIES: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    fn target(url: &str) -> Target {
        Target::new(EndpointUrl::parse(url).unwrap(), Vec::new(), None, Duration::from_secs(5)).unwrap()
    }

    fn told(told: &Told) -> String {
        format!("{told:?}")
    }

    #[tokio::test]
    async fn nobody_restarts_what_nobody_was_named_for() {
        let controls = Controls::default();
        let target = target("http://127.0.0.1:9/");
        assert!(matches!(controls.restart(&target).await, Told::Cannot(Need::Restart)));
        assert!(matches!(controls.advance(Duration::from_secs(1)).await, Told::Cannot(Need::Clock)));
    }

    #[tokio::test]
    async fn the_clock_command_gets_whole_seconds() {
        let controls = Controls::default().with_clock_command("test \"$1\" = 136800").unwrap();
        let told = controls.advance(Duration::from_secs(38 * 3600)).await;
        assert!(matches!(told, Told::Advanced(by) if by == Duration::from_secs(136_800)), "{told:?}");
    }

    #[tokio::test]
    async fn a_command_that_fails_is_told_with_what_it_said() {
        let controls = Controls::default().with_clock_command("echo no such clock >&2; exit 3").unwrap();
        let told = told(&controls.advance(Duration::from_secs(1)).await);
        assert!(
            told.contains("the clock command ended with exit status: 3: \\\"no such clock\\\""),
            "{told}"
        );
    }

    #[tokio::test]
    async fn a_server_that_the_restart_leaves_running_does_not_hold_us() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let target = target(&format!("http://{}/", listener.local_addr().unwrap()));
        let restart = Controls::default().with_restart_command("sleep 600 & echo $! >&2; exit 1").unwrap();
        let told = told(&restart.restart(&target).await);
        let left = told.split("\\\"").nth(1).unwrap_or_else(|| panic!("{told}"));
        std::process::Command::new("kill").arg(left).status().unwrap();
        assert!(told.contains("the restart command ended with exit status: 1"), "{told}");
    }

    #[tokio::test]
    async fn a_restart_is_over_when_the_port_takes_connections() {
        let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let starting = tokio::spawn(async move {
            sleep(Duration::from_millis(150)).await;
            TcpListener::bind(address).await.unwrap()
        });
        let restart = Controls::default().with_restart_command("true").unwrap();
        let told = restart.restart(&target(&format!("http://{address}/"))).await;
        assert!(matches!(told, Told::Restarted), "{told:?}");
        assert!(starting.is_finished(), "it was not up before");
    }

    #[test]
    fn a_blank_command_is_refused() {
        for blank in ["", " \n"] {
            assert_eq!(
                Controls::default().with_restart_command(blank).unwrap_err(),
                ControlsError::BlankCommand
            );
            assert_eq!(
                Controls::default().with_clock_command(blank).unwrap_err(),
                ControlsError::BlankCommand
            );
        }
    }
}
