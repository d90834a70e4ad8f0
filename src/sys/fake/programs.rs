// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Programs in memory: they end as the test says, and what was run is written down.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::sys::ProgramFault;
use crate::sys::programs::{Ending, InteractiveCall, Leaving, ProgramCall, ProgramEnd, Programs};

/// Programs that end as scripted.
#[derive(Debug, Default)]
pub struct FakePrograms {
    ends: BTreeMap<String, ProgramEnd>,
    calls: Mutex<Vec<ProgramCall>>,
    written: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
}

impl FakePrograms {
    /// Programs by name, each with how it ends. Any other is missing.
    #[must_use]
    pub fn new(ends: impl IntoIterator<Item = (&'static str, ProgramEnd)>) -> Self {
        let ends = ends.into_iter().map(|(name, end)| (name.to_owned(), end)).collect();
        Self { ends, calls: Mutex::default(), written: Mutex::default() }
    }

    /// What was run, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<ProgramCall> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Programs for FakePrograms {
    fn own(&self) -> String {
        "stackctl".to_owned()
    }

    fn interactive<'a>(&'a self, call: &'a InteractiveCall) -> Leaving<'a> {
        let run =
            ProgramCall { program: call.program.clone(), arguments: call.arguments.clone(), ..ProgramCall::default() };
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(run);
        let end = self.ends.get(&call.program).map(|end| end.status).ok_or(ProgramFault::Missing);
        Box::pin(async move { end })
    }

    fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<(), String> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.contains_key(path) {
            return Err("it is there already".to_owned());
        }
        written.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn run<'a>(&'a self, call: &'a ProgramCall, _: Duration) -> Ending<'a> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call.clone());
        let end = self.ends.get(&call.program).cloned().ok_or(ProgramFault::Missing);
        Box::pin(async move { end })
    }
}
