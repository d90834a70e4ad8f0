// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Small files that stackctl keeps for itself, readable by their owner alone.

use std::path::Path;

/// Keeps records. They are read through `Files`.
pub trait Records {
    /// Puts a file in place as a whole: whoever reads it sees the old text or the new one, also after a crash. The file is
    /// made with mode 0600, folders that are missing with 0700.
    ///
    /// # Errors
    /// Why not, in the words of the system.
    fn write(&self, path: &Path, text: &str) -> Result<(), String>;
}
