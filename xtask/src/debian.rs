//! Debian's packages: which are missing, and their installation where we may.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Once;

use crate::command::{self, Fallible};

/// Whether this machine has Debian's package manager and naming (Ubuntu counts).
pub(crate) fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|release| descends_from_debian(&release))
}

/// Whether we are root, who may install.
pub(crate) fn is_root() -> bool {
    command::read(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// Those of the packages that are not installed.
pub(crate) fn missing<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    packages.iter().copied().filter(|package| !is_installed(package)).collect()
}

/// Installs packages; only root on Debian should call this.
///
/// # Errors
///
/// When `apt-get` fails, with what to run by hand.
pub(crate) fn install(packages: &[&str]) -> Fallible {
    println!("installing {} with apt-get", packages.join(", "));
    static UPDATE: Once = Once::new();
    // A package list that cannot be refreshed may still be good enough: the installation decides.
    UPDATE.call_once(|| drop(command::run_quietly(apt_get().arg("update"))));
    command::run_quietly(apt_get().args(["--yes", "--no-install-recommends", "install"]).args(packages))
        .map_err(|error| format!("{error}; install by hand: {}", by_hand(packages)))
}

/// Makes sure of packages that `what` needs: installs them where we may, else tells the command that does.
///
/// # Errors
///
/// One line with what is missing and the command to run.
pub(crate) fn require(packages: &[&str], what: &str, elsewhere: &str) -> Fallible {
    match (is_debian(), is_root()) {
        (true, true) => install(packages),
        (true, false) => Err(format!("{what} is missing: run `{}`", by_hand(packages))),
        (false, _) => Err(format!("{what} is missing: {elsewhere}")),
    }
}

/// The command for a person who is not root.
pub(crate) fn by_hand(packages: &[&str]) -> String {
    format!("sudo apt-get install --yes {}", packages.join(" "))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
    command
}

fn is_installed(package: &str) -> bool {
    let query =
        Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]).output();
    query.is_ok_and(|answer| answer.stdout == b"installed")
}

/// Reads `ID` and `ID_LIKE` of os-release(5).
fn descends_from_debian(release: &str) -> bool {
    release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches(['"', '\'']).split(' '))
        .any(|id| id == "debian")
}

#[cfg(test)]
mod tests {
    use super::descends_from_debian;

    #[test]
    fn debian_and_its_descendants_are_recognised() {
        assert!(descends_from_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(descends_from_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(descends_from_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
    }

    #[test]
    fn others_are_not_debian_even_when_they_mention_it() {
        assert!(!descends_from_debian("ID=fedora\nHOME_URL=\"https://not-debian.example/debian\"\n"));
        assert!(!descends_from_debian("ID=arch\nVERSION_ID=debian\n"));
        assert!(!descends_from_debian("ID=undebian\n"));
        assert!(!descends_from_debian(""));
    }
}
