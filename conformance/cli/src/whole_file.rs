//! Files that are written whole or not at all, so that nobody reads half a report and takes it for all of one.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    process,
};

/// Writes `text` to `path`: into a file beside it, which then takes its place. What was there before stays until
/// then, and stays when this fails. A device or a pipe is written to as it is, and so is a file in a folder in which
/// nothing can be made.
///
/// # Errors
///
/// What the system says.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    // What a link leads to is replaced, not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let known = fs::metadata(&path).ok();
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return fs::write(path, text);
    }
    let beside = beside(&path);
    let file = match OpenOptions::new().write(true).create_new(true).open(&beside) {
        Ok(file) => file,
        Err(error) if known.is_some() && is_forbidden(&error) => return fs::write(path, text),
        Err(error) => return Err(error),
    };
    let done = fill(file, text).and_then(|()| {
        if let Some(known) = &known {
            // Who may read it stays as it was.
            fs::set_permissions(&beside, known.permissions())?;
        }
        fs::rename(&beside, &path)
    });
    if done.is_err() {
        // The first error says more than that the rest stayed behind.
        let _ = fs::remove_file(&beside);
    }
    done
}

/// A full disk is often told only when the bytes must have arrived.
fn fill(mut file: File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn is_forbidden(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// A name of our own in the same folder: across folders there is no replacing at once.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.part", process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new folder, removed with everything in it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("hookproof-{name}-{}", process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(&self.0).unwrap();
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_file_is_made_and_then_replaced_and_nothing_stays_beside_it() {
        let folder = Folder::new("replaced");
        let path = folder.0.join("report");
        for text in ["first, and longer", "second"] {
            write(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(folder.names(), ["report"]);
    }

    #[test]
    fn what_cannot_take_the_place_leaves_what_was_there() {
        let folder = Folder::new("kept");
        write(&folder.0.join("nowhere/report"), "text").unwrap_err();
        // A folder is no place for a report.
        write(&folder.0, "text").unwrap_err();
        assert!(folder.names().is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_what_they_were() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = Folder::new("link");
        let (path, link) = (folder.0.join("report"), folder.0.join("link"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        symlink(&path, &link).unwrap();
        write(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_device_is_told_and_a_device_stays_one() {
        let error = write(Path::new("/dev/full"), "text").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        write(Path::new("/dev/null"), "text").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
