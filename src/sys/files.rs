// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Reading files, as the use cases see it.

use std::path::{Path, PathBuf};

use crate::compose::ReadError;

/// What stands at a path, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A directory.
    Directory,
    /// A regular file, or anything else that can be read like one (a pipe, a device).
    File,
}

/// The file system. Paths are absolute or relative to the working directory.
pub trait Files {
    /// The bytes of a file of at most `limit` bytes.
    ///
    /// # Errors
    /// Why it cannot be read; `TooLarge` as soon as more than `limit` bytes arrive.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError>;

    /// What stands at a path; `None` when there is nothing, or nothing that may be seen.
    fn kind(&self, path: &Path) -> Option<FileKind>;

    /// The names in a directory, sorted.
    ///
    /// # Errors
    /// Why it cannot be listed.
    fn list(&self, directory: &Path) -> Result<Vec<String>, ReadError>;

    /// All files below a directory, sorted, without those that git ignores, links not followed, `.git` left out.
    ///
    /// # Errors
    /// Why the directory itself cannot be read; folders below it that cannot be read are left out.
    fn walk(&self, directory: &Path) -> Result<Vec<PathBuf>, ReadError>;

    /// Whether something stands at a path.
    fn exists(&self, path: &Path) -> bool {
        self.kind(path).is_some()
    }

    /// Whether a directory stands at a path.
    fn is_directory(&self, path: &Path) -> bool {
        self.kind(path) == Some(FileKind::Directory)
    }

    /// Whether a readable file stands at a path.
    fn is_file(&self, path: &Path) -> bool {
        self.kind(path) == Some(FileKind::File)
    }
}

/// Standard input.
pub trait Input {
    /// Everything that arrives, at most `limit` bytes. A second call gets the same bytes again.
    ///
    /// # Errors
    /// Why it cannot be read; `TooLarge` as soon as more than `limit` bytes arrive.
    fn read_all(&self, limit: u64) -> Result<Vec<u8>, ReadError>;
}
