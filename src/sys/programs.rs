// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Programs of this machine that people want to be run: a command of the settings, the verification command of a guide.

use std::future::Future;
use std::path::{Path, PathBuf};
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

/// A program that has the terminal to itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InteractiveCall {
    /// Its name, looked up in `PATH`, or its path.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// What it reads from standard input; `None`: the terminal.
    pub input: Option<String>,
    /// Whether a key is waited for before the screen comes back, so that its last words can be read.
    pub asks_to_go_on: bool,
}

/// The exit status of a program, to be awaited.
pub type Leaving<'a> = Pin<Box<dyn Future<Output = Result<i32, ProgramFault>> + 'a>>;

/// Runs programs.
pub trait Programs {
    /// The path of this very program.
    fn own(&self) -> String;

    /// Runs a program that has the terminal to itself until it ends.
    ///
    /// # Errors
    /// It is missing, or cannot be run.
    fn interactive<'a>(&'a self, call: &'a InteractiveCall) -> Leaving<'a>;

    /// Writes a new file.
    ///
    /// # Errors
    /// It is there already, or cannot be written; as a fragment.
    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<(), String>;

    /// Runs a program without standard input, in a process group of its own, to its end or for `within`.
    ///
    /// # Errors
    /// It is missing, cannot be run, or ran too long and was ended with all that it had started.
    fn run<'a>(&'a self, call: &'a ProgramCall, within: Duration) -> Ending<'a>;
}
