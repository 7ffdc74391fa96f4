//! The JSON report of a fleet, written while it is under way: a whole document at any moment, so that nothing that was
//! judged is lost with the run.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use hookproof_suite::report::fleet::{Head, TAIL, head};

use crate::whole_file;

pub(crate) struct Journal {
    path: PathBuf,
    place: Place,
    is_empty: bool,
}

/// Where targets are added: in a file, before its tail; or, where nothing can be taken back (a pipe), to a text that is
/// written in the end.
enum Place {
    File { file: File, end: u64 },
    Text(String),
}

impl Journal {
    /// Begins a report with the lines of targets that were judged before. What was in the file stays until they are in
    /// it, too.
    pub(crate) fn begin<'a>(
        path: &Path,
        opening: &Head,
        lines: impl IntoIterator<Item = &'a str>,
    ) -> io::Result<Self> {
        let lines: Vec<&str> = lines.into_iter().collect();
        let text = head(opening) + &lines.join(",\n");
        let is_device = fs::metadata(path).is_ok_and(|known| !known.is_file());
        let place = if is_device {
            Place::Text(text)
        } else {
            whole_file::write(path, &(text.clone() + TAIL))?;
            Place::File { file: OpenOptions::new().write(true).open(path)?, end: text.len() as u64 }
        };
        Ok(Self { path: path.to_owned(), place, is_empty: lines.is_empty() })
    }

    /// Adds a target, in one write.
    pub(crate) fn add(&mut self, line: &str) -> io::Result<()> {
        let separator = if self.is_empty { "" } else { ",\n" };
        self.is_empty = false;
        match &mut self.place {
            Place::File { file, end } => {
                file.seek(SeekFrom::Start(*end))?;
                file.write_all(format!("{separator}{line}{TAIL}").as_bytes())?;
                *end += (separator.len() + line.len()) as u64;
                Ok(())
            }
            Place::Text(text) => {
                text.push_str(separator);
                text.push_str(line);
                Ok(())
            }
        }
    }

    /// The file that has it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Ends it.
    pub(crate) fn end(self) -> io::Result<()> {
        match self.place {
            Place::File { file, .. } => file.sync_all(),
            Place::Text(text) => fs::write(&self.path, text + TAIL),
        }
    }
}
