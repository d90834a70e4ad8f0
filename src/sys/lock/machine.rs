// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What a lock needs of the machine: files that lock, and who is alive.

use std::path::Path;

use super::ProcessIdentity;

/// A locked file. Dropping it unlocks, and so does the end of the process, however it ends.
pub trait HeldFile: Send + Sync + std::fmt::Debug {}

/// The machine that this process runs on.
pub trait Machine: Send + Sync {
    /// This process.
    fn identity(&self) -> ProcessIdentity;

    /// Whether a process of this machine lives, as far as can be seen: `None` when it is in another namespace.
    fn lives(&self, process: &ProcessIdentity) -> Option<bool>;

    /// Locks a file for this process alone and writes a note into it; makes it and its folder when they are not there.
    /// `None` when another holds it.
    ///
    /// # Errors
    /// Why the file cannot be used, in the words of the system.
    fn try_lock(&self, path: &Path, note: &str) -> Result<Option<Box<dyn HeldFile>>, String>;

    /// The note in a locked file; empty when there is none.
    fn note(&self, path: &Path) -> String;
}
