//! A folder of one test's own.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// An empty folder. It is removed with everything in it when this is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// `name` is the test's.
    pub(crate) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The path of a file in it.
    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("it is UTF-8").to_owned()
    }

    /// Writes a file in it, and gives its path.
    pub(crate) fn with(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.file(name);
        fs::write(&path, bytes).expect("it can be written");
        path
    }

    /// The names of what is in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.expect("it can be read").file_name().into_string().expect("it is UTF-8")
        };
        fs::read_dir(&self.0).expect("it can be read").map(name).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is in the target folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}
