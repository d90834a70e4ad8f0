// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! An outside in memory, for tests of the use cases: files, standard input, a clock, a container engine, other servers.

mod binaries;
mod disk;
mod engine;
mod host;
mod http;
mod machine;
mod mqtt;
mod programs;
mod prompt;
mod records;
mod talk;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};

pub use binaries::FakeBinaries;
pub use disk::{Crash, DiskFault, FakeDisk};
pub use engine::{FakeEngine, FakeFault, Flavour, OomVictim};
pub use host::FakeHost;
pub use http::{FakeAnswer, FakeHttp};
pub use machine::FakeMachine;
pub use mqtt::FakeBroker;
pub use programs::FakePrograms;
pub use prompt::FakePrompt;
pub use records::FakeRecords;
pub use talk::FakeTalker;

use super::{Clock, FileKind, Files, Input};
use crate::compose::ReadError;

/// Files in memory. Directories exist where a file lies below them.
#[derive(Debug, Clone, Default)]
pub struct FakeFiles {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl FakeFiles {
    /// Files with these absolute paths and texts. A path that ends in `/` is an empty directory.
    #[must_use]
    pub fn new(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| {
            let path = if path.ends_with('/') { format!("{path}.keep") } else { (*path).to_owned() };
            (normal(Path::new(&path)), text.as_bytes().to_vec())
        });
        Self { files: files.collect() }
    }
}

/// The path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                result.pop();
            }
            Component::CurDir => {}
            other => result.push(other),
        }
    }
    result
}

impl Files for FakeFiles {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        match self.kind(path) {
            None => Err(ReadError::NotFound),
            Some(FileKind::Directory) => Err(ReadError::IsDirectory),
            Some(FileKind::File) => match self.files.get(&normal(path)) {
                Some(bytes) if bytes.len() as u64 > limit => Err(ReadError::TooLarge { limit }),
                Some(bytes) => Ok(bytes.clone()),
                None => Err(ReadError::NotFound),
            },
        }
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        let path = normal(path);
        if self.files.contains_key(&path) {
            return Some(FileKind::File);
        }
        self.files.keys().any(|file| file.starts_with(&path)).then_some(FileKind::Directory)
    }

    fn list(&self, directory: &Path) -> Result<Vec<String>, ReadError> {
        let directory = normal(directory);
        let mut names: Vec<String> = self
            .files
            .keys()
            .filter_map(|file| file.strip_prefix(&directory).ok()?.components().next())
            .map(|name| name.as_os_str().to_string_lossy().into_owned())
            .collect();
        names.dedup();
        if names.is_empty() { Err(ReadError::NotFound) } else { Ok(names) }
    }

    fn walk(&self, directory: &Path) -> Result<Vec<PathBuf>, ReadError> {
        let directory = normal(directory);
        Ok(self.files.keys().filter(|file| file.starts_with(&directory)).cloned().collect())
    }
}

/// Standard input with a fixed text.
#[derive(Debug, Clone, Default)]
pub struct FakeInput(pub Vec<u8>);

impl Input for FakeInput {
    fn read_all(&self, limit: u64) -> Result<Vec<u8>, ReadError> {
        if self.0.len() as u64 > limit { Err(ReadError::TooLarge { limit }) } else { Ok(self.0.clone()) }
    }
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct FakeClock(pub DateTime<Utc>);

impl Clock for FakeClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}
