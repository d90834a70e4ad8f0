// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What every use case is given.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::catalog::Catalog;
use crate::sys::{Files, Input};

/// The outside, and where the process stands in it.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The file system.
    pub files: &'a dyn Files,
    /// Standard input.
    pub input: &'a dyn Input,
    /// The process environment.
    pub environment: &'a BTreeMap<String, String>,
    /// Absolute working directory.
    pub working_dir: &'a Path,
    /// The known services.
    pub catalog: &'a Catalog,
    /// The largest file that is read, in bytes.
    pub max_file_size: u64,
}

impl Context<'_> {
    /// The absolute form of a path given by a person: relative ones count from the working directory. `.` and `..` are
    /// resolved by text alone, as Compose (Go's `filepath.Abs`) does.
    #[must_use]
    pub fn absolute(&self, path: impl AsRef<Path>) -> PathBuf {
        let mut absolute = PathBuf::new();
        for part in self.working_dir.join(path).components() {
            match part {
                std::path::Component::CurDir => {}
                std::path::Component::ParentDir => {
                    absolute.pop();
                }
                part => absolute.push(part),
            }
        }
        absolute
    }

    /// The name of an absolute path as shown to people: relative where it lies in the working directory.
    #[must_use]
    pub fn display(&self, path: &Path) -> String {
        match path.strip_prefix(self.working_dir) {
            Ok(relative) if relative.as_os_str().is_empty() => ".".to_owned(),
            Ok(relative) => relative.display().to_string(),
            Err(_) => path.display().to_string(),
        }
    }
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The environment is left out: it holds secrets.
        formatter.debug_struct("Context").field("working_dir", &self.working_dir).finish_non_exhaustive()
    }
}
