// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a store needs of a disk. Every call does one thing and is on disk only after the sync that belongs to it, so
//! that the order of a store's steps can be tried against crashes.

use std::fmt;
use std::io::{self, Read, Write};
use std::path::Path;

use crate::sys::lock::HeldFile;

/// A file that is written.
pub trait DiskFile: Write + Send {
    /// Waits until what was written is on disk.
    ///
    /// # Errors
    /// It may be lost. Trying again proves nothing: the system may have dropped what it could not write.
    fn sync(&mut self) -> io::Result<()>;
}

/// What an entry of a folder is. Links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder.
    Folder,
    /// A regular file.
    File,
    /// Anything else.
    Other,
}

/// An entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name; bytes that are no UTF-8 are replaced.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// The size of a file.
    pub bytes: u64,
}

/// A disk. Folders are made with mode 0700, files with 0600. All errors are those of the system.
#[expect(clippy::missing_errors_doc, reason = "the errors of the system, for every call")]
pub trait Disk: Send + Sync + fmt::Debug {
    /// Makes a folder; an error when something stands there.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes a file; an error when something stands there.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a file to write at its end; makes it.
    fn append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a regular file to read; a link is refused.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>>;

    /// Cuts a file.
    fn truncate(&self, path: &Path, bytes: u64) -> io::Result<()>;

    /// Waits until the content of a file is on disk.
    fn sync_file(&self, path: &Path) -> io::Result<()>;

    /// Waits until the names in a folder are on disk.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// Gives something another name; an error when something stands there.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives a file another name in place of the file there.
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives a file a second name; an error when something stands there.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file, or a link.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Removes an empty folder.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// The entries of a folder, sorted by name.
    fn list(&self, path: &Path) -> io::Result<Vec<Entry>>;

    /// Whether two folders are on one file system.
    fn is_same_file_system(&self, left: &Path, right: &Path) -> io::Result<bool>;

    /// What an ordinary user may still write, in bytes.
    fn free_bytes(&self, path: &Path) -> io::Result<u64>;

    /// Locks a file for this process alone and writes a note into it; makes it. `None` when another holds it.
    fn lock(&self, path: &Path, note: &str) -> io::Result<Option<Box<dyn HeldFile>>>;
}
