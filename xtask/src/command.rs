//! Starting other programs, and saying plainly which one failed and how.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What every step of xtask returns: the error is one message for a person, which says what to do.
pub(crate) type Fallible<T = ()> = Result<T, String>;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    // Cargo tells at run time too: a target folder shared by two clones holds one binary.
    let xtask =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    xtask.parent().map_or_else(|| xtask.clone(), Path::to_path_buf)
}

/// Where build products go.
pub(crate) fn target() -> PathBuf {
    let root = root();
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// The cargo that started us, at the workspace's root.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Runs to the end, its output on ours.
///
/// # Errors
///
/// When it cannot be started or does not exit with 0.
pub(crate) fn run(command: &mut Command) -> Fallible {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    demand_success(command, status)
}

/// Runs to the end and shows its output only when it fails: for programs that talk at length of success.
///
/// # Errors
///
/// When it cannot be started or does not exit with 0.
pub(crate) fn run_quietly(command: &mut Command) -> Fallible {
    let output = command.output().map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    demand_success(command, output.status)
}

/// Runs to the end and returns what it wrote on stdout, without the last newline.
///
/// # Errors
///
/// When it cannot be started or does not exit with 0.
pub(crate) fn read(command: &mut Command) -> Fallible<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| not_started(command, &error))?;
    demand_success(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// Whether the command can be started and exits with 0; its output is not shown.
pub(crate) fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// Waits for a child's end, and ends it when the limit is over; `None` says that it had to be ended.
///
/// # Errors
///
/// When the system cannot tell how the child fares.
pub(crate) fn wait_within(child: &mut Child, limit: Duration) -> Fallible<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) =
            child.try_wait().map_err(|error| format!("cannot wait for a program: {error}"))?
        {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            // Both fail only when it has just ended by itself.
            drop(child.kill());
            drop(child.wait());
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

/// The message for a program that could not be started.
pub(crate) fn not_started(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}", spelled(command))
}

fn demand_success(command: &Command, status: ExitStatus) -> Fallible {
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", spelled(command))) }
}

/// The command as a person would type it, its program without the folder.
fn spelled(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = [program].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

const POLL: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_as_typed_and_its_status() {
        let message = run(cargo(["--no-such-flag", "x"]).stderr(Stdio::null())).unwrap_err();
        assert_eq!(message, "`cargo --no-such-flag x` failed (exit status: 1)");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let message = run(&mut Command::new("/nowhere/no-such-program")).unwrap_err();
        assert!(message.starts_with("`no-such-program` could not be started: "), "{message}");
    }

    #[test]
    fn output_is_read_without_its_last_newline() {
        assert!(read(&mut cargo(["--version"])).unwrap().starts_with("cargo 1."));
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_outlasts_its_limit_is_ended() {
        // It waits for source code on a pipe that stays open, and fails with a code when the pipe is closed.
        let mut child = Command::new("rustc").arg("-").stdin(Stdio::piped()).spawn().unwrap();
        assert_eq!(wait_within(&mut child, Duration::ZERO).unwrap(), None);
        let status = child.try_wait().unwrap().unwrap();
        assert_eq!(status.code(), None, "not ended by a signal: {status}");
    }
}
