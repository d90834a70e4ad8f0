// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Runs the hooks of containers: commands inside them, word for word, without a shell.

use std::time::Duration;

use tokio::time::Instant;

use super::OperateError;
use crate::sys::engine::{Deadline, Engine, EngineError, ExecRequest};

/// How long a hook may run unless its label says otherwise.
const PATIENCE: Duration = Duration::from_mins(5);

/// How many bytes of what it says are read.
const KEEP_BYTES: usize = 4096;

/// A hook that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HookRun {
    /// The exit code of its command; `None` when it was not done in time or could not be run.
    pub(crate) exit_code: Option<i64>,
    /// How long it took.
    pub(crate) took: Duration,
    /// Whether it did what it should.
    pub(crate) ended: Result<(), OperateError>,
}

/// Runs a command in a container. What it prints is read and dropped: it may hold secrets.
/// One that ends otherwise than with 0, or not in time, has failed. A command that is out of time runs on: the engine cannot
/// end it.
pub(crate) async fn run_hook(
    engine: &dyn Engine,
    (id, name): (&str, &str),
    command: &[String],
    timeout_s: Option<u64>,
) -> HookRun {
    let begun = Instant::now();
    let request = ExecRequest { command: command.to_vec(), keep_bytes: KEEP_BYTES, ..ExecRequest::default() };
    let time = timeout_s.map_or(PATIENCE, Duration::from_secs);
    let program = command.first().cloned().unwrap_or_default();
    let failed = |reason: String| OperateError::Hook { container: name.to_owned(), program: program.clone(), reason };
    let (exit_code, ended) = match engine.exec(id, &request, Deadline::within(time)).await {
        Ok(outcome) if outcome.exit_code == 0 => (Some(0), Ok(())),
        Ok(outcome) => (Some(outcome.exit_code), Err(failed(format!("ended with {}", outcome.exit_code)))),
        Err(EngineError::Timeout { .. }) => (None, Err(failed(format!("was not done after {} s", time.as_secs())))),
        Err(error) => (None, Err(error.into())),
    };
    HookRun { exit_code, took: begun.elapsed(), ended }
}
