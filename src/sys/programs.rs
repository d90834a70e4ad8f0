// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Programs of this machine that people want to be run: a command of the settings, the verification command of a guide.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use super::ProgramFault;

/// A program to run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProgramCall {
    /// Its name, looked up in `PATH`, or its path.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Where it runs; empty = here.
    pub directory: PathBuf,
    /// What its environment has beside that of this process, or instead.
    pub environment: Vec<(String, String)>,
    /// How many bytes of each stream are kept; what comes after is read and dropped.
    pub keep_bytes: usize,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProgramEnd {
    /// Its exit status; 128 more than the signal where one ended it, as shells say it.
    pub status: i32,
    /// The beginning of its standard output.
    pub stdout: Vec<u8>,
    /// The beginning of its standard error.
    pub stderr: Vec<u8>,
    /// Whether more came than was kept.
    pub cut: bool,
}

/// The end of a program, to be awaited. Dropping it ends the program and all that it has started.
pub type Ending<'a> = Pin<Box<dyn Future<Output = Result<ProgramEnd, ProgramFault>> + 'a>>;

/// Runs programs.
pub trait Programs {
    /// Runs a program without standard input, in a process group of its own, to its end or for `within`.
    ///
    /// # Errors
    /// It is missing, cannot be run, or ran too long and was ended with all that it had started.
    fn run<'a>(&'a self, call: &'a ProgramCall, within: Duration) -> Ending<'a>;
}
