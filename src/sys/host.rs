// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! What this machine is like, as far as `doctor` asks.

use std::fmt;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;

/// The answer of a program, to be awaited.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<String, ProgramFault>> + 'a>>;

/// Room on a file system, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// All of it.
    pub total_bytes: u64,
    /// What an ordinary user may still write.
    pub free_bytes: u64,
}

/// Why a program gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramFault {
    /// It is not installed.
    Missing,
    /// It ended with another status than 0, or not in time.
    Failed(String),
}

impl fmt::Display for ProgramFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => formatter.write_str("not installed"),
            Self::Failed(words) => formatter.write_str(words),
        }
    }
}

/// This machine.
pub trait Host {
    /// Operating system and processor, such as `linux/amd64`, in the engine's words.
    fn platform(&self) -> String;

    /// The kernel's own name for its release; empty where unknown. Names `microsoft` under WSL.
    fn kernel(&self) -> String;

    /// The room on the file system that holds a path; `None` where it cannot be told.
    fn room(&self, path: &Path) -> Option<Room>;

    /// The number of the file system that this path is on; `None` when it cannot be told.
    fn device(&self, path: &Path) -> Option<u64>;

    /// Whether files can be made in this folder, or in the nearest folder above it that is there.
    fn can_write(&self, folder: &Path) -> bool;

    /// Runs a program to its end, for ten seconds at most, and gives its standard output.
    fn output<'a>(&'a self, program: &'a str, arguments: &'a [&'a str]) -> Answer<'a>;
}
