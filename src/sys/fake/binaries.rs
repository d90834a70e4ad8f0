// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Programs and libraries in memory.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use crate::sys::worker::helper::Binaries;

/// Files by path, for the processor of the engine in memory.
#[derive(Debug, Clone, Default)]
pub struct FakeBinaries(BTreeMap<PathBuf, Vec<u8>>);

impl FakeBinaries {
    /// These files.
    #[must_use]
    pub fn new(files: &[(&str, &[u8])]) -> Self {
        Self(files.iter().map(|(path, bytes)| (PathBuf::from(path), bytes.to_vec())).collect())
    }
}

impl Binaries for FakeBinaries {
    fn processor(&self) -> String {
        "amd64".to_owned()
    }

    fn open(&self, path: &Path) -> io::Result<(u64, Box<dyn Read + Send>)> {
        let bytes = self.0.get(path).ok_or(io::ErrorKind::NotFound)?.clone();
        Ok((bytes.len() as u64, Box::new(Cursor::new(bytes))))
    }
}
