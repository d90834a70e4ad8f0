// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! The real outside: the operating system's files, standard input and clock.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is the outside that others reach through traits"
)]

mod binaries;
mod disk;
mod host;
#[cfg(target_os = "linux")]
mod launch;
mod machine;
pub mod net;
mod programs;
mod prompt;
mod records;
pub mod signal;
#[cfg(target_os = "linux")]
mod threads;
#[cfg(target_os = "linux")]
mod worker;
#[cfg(target_os = "linux")]
mod workers;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use chrono::{DateTime, FixedOffset, Local, TimeZone as _, Utc};

use super::{Clock, FileKind, Files, Input};
use crate::compose::ReadError;

pub use binaries::OsBinaries;
pub use disk::OsDisk;
pub use host::{OsHost, terminal_columns};
#[cfg(target_os = "linux")]
pub use launch::OsLaunch;
pub use machine::OsMachine;
pub use programs::OsPrograms;
pub use prompt::OsPrompt;
pub use records::OsRecords;
#[cfg(target_os = "linux")]
pub use threads::OsThreads;
#[cfg(target_os = "linux")]
pub use worker::{hold_self, kill_self, work_in};
#[cfg(target_os = "linux")]
pub use workers::OsWorkers;

/// The operating system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsFiles;

/// The process's standard input, read once.
#[derive(Debug, Default)]
pub struct OsInput {
    bytes: OnceLock<Result<Vec<u8>, ReadError>>,
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsClock;

/// Translates the system's reason for a failed read.
fn reason(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::NotFound,
        io::ErrorKind::IsADirectory => ReadError::IsDirectory,
        io::ErrorKind::PermissionDenied => ReadError::Denied,
        _ => ReadError::Other(error.to_string()),
    }
}

/// Reads to the end, but never more than one byte past `limit`.
fn read_limited(reader: impl Read, limit: u64, expected: usize) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::with_capacity(expected);
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    if bytes.len() as u64 > limit { Err(ReadError::TooLarge { limit }) } else { Ok(bytes) }
}

impl Files for OsFiles {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        let file = fs::File::open(path).map_err(|error| reason(&error))?;
        let about = file.metadata().map_err(|error| reason(&error))?;
        if about.is_dir() {
            return Err(ReadError::IsDirectory);
        }
        if about.is_file() && about.len() > limit {
            return Err(ReadError::TooLarge { limit });
        }
        let expected = usize::try_from(about.len()).unwrap_or(0).saturating_add(1);
        read_limited(file, limit, if about.is_file() { expected } else { 0 })
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        let about = fs::metadata(path).ok()?;
        Some(if about.is_dir() { FileKind::Directory } else { FileKind::File })
    }

    fn list(&self, directory: &Path) -> Result<Vec<String>, ReadError> {
        let entries = fs::read_dir(directory).map_err(|error| reason(&error))?;
        let mut names: Vec<String> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        Ok(names)
    }

    fn walk(&self, directory: &Path) -> Result<Vec<PathBuf>, ReadError> {
        fs::read_dir(directory).map_err(|error| reason(&error))?;
        let walker = ignore::WalkBuilder::new(directory)
            .hidden(false)
            .ignore(false)
            .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git")
            .build();
        let mut paths: Vec<PathBuf> = walker
            .flatten()
            .filter(|entry| entry.file_type().is_some_and(|kind| !kind.is_dir()))
            .map(ignore::DirEntry::into_path)
            .collect();
        paths.sort();
        Ok(paths)
    }
}

impl Input for OsInput {
    fn read_all(&self, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.bytes.get_or_init(|| read_limited(io::stdin().lock(), limit, 0)).clone()
    }
}

impl Clock for OsClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn offset(&self, at: DateTime<Utc>) -> FixedOffset {
        Local.offset_from_utc_datetime(&at.naive_utc())
    }
}

/// The process environment, names sorted. Bytes that are no UTF-8 become the replacement character.
#[must_use]
pub fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
        .collect()
}

/// The working directory. `PWD` is believed when it is absolute and the same directory, so that a path through a link
/// keeps the name the user knows (Compose gets this from Go's `os.Getwd`).
///
/// # Errors
/// When the directory is gone or may not be seen.
pub fn working_directory() -> io::Result<PathBuf> {
    let actual = std::env::current_dir()?;
    let Some(shown) = std::env::var_os("PWD").map(PathBuf::from) else { return Ok(actual) };
    Ok(if shown.is_absolute() && same_directory(&shown, &actual) { shown } else { actual })
}

#[cfg(unix)]
fn same_directory(left: &Path, right: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (fs::metadata(left), fs::metadata(right)) {
        (Ok(left), Ok(right)) => left.dev() == right.dev() && left.ino() == right.ino(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same_directory(left: &Path, right: &Path) -> bool {
    left == right
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

    use super::*;

    #[test]
    fn reads_up_to_the_limit_and_no_further() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, b"12345").unwrap();
        assert_eq!(OsFiles.read(&path, 5).unwrap(), b"12345");
        assert_eq!(OsFiles.read(&path, 4), Err(ReadError::TooLarge { limit: 4 }));
        assert_eq!(OsFiles.read(folder.path(), 9), Err(ReadError::IsDirectory));
        assert_eq!(OsFiles.read(&folder.path().join("none"), 9), Err(ReadError::NotFound));
        assert_eq!(OsFiles.read(&path.join("below-a-file"), 9), Err(ReadError::NotFound));
    }

    #[test]
    fn walk_leaves_out_what_git_ignores_and_git_itself() {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            (".git/compose.yaml", ""),
            (".gitignore", "ignored/\n"),
            ("ignored/compose.yaml", ""),
            ("b/compose.yaml", ""),
            (".hidden/compose.yaml", ""),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found: Vec<String> = OsFiles
            .walk(folder.path())
            .unwrap()
            .iter()
            .map(|path| path.strip_prefix(folder.path()).unwrap().display().to_string())
            .collect();
        assert_eq!(found, [".gitignore", ".hidden/compose.yaml", "b/compose.yaml"]);
    }
}
