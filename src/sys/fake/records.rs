// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Records in memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::sys::Records;

/// Records that are kept, or a disk that refuses them.
#[derive(Debug, Default)]
pub struct FakeRecords {
    refusal: Option<String>,
    written: Mutex<BTreeMap<PathBuf, String>>,
}

impl FakeRecords {
    /// A disk that refuses everything with these words.
    #[must_use]
    pub fn refusing(words: &str) -> Self {
        Self { refusal: Some(words.to_owned()), ..Self::default() }
    }

    /// What was written, by path.
    #[must_use]
    pub fn written(&self) -> BTreeMap<PathBuf, String> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Records for FakeRecords {
    fn write(&self, path: &Path, text: &str) -> Result<(), String> {
        if let Some(words) = &self.refusal {
            return Err(words.clone());
        }
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.insert(path.to_owned(), text.to_owned());
        Ok(())
    }
}
