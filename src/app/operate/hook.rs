// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Runs the hooks of containers: commands inside them, word for word, without a shell.

use std::time::Duration;

use super::OperateError;
use crate::sys::engine::{Deadline, Engine, EngineError, ExecRequest};

/// How long a hook may run unless its label says otherwise.
const PATIENCE: Duration = Duration::from_mins(5);

/// How many bytes of what it says are read.
const KEEP_BYTES: usize = 4096;

/// Runs a command in a container. What it prints is read and dropped: it may hold secrets.
///
/// # Errors
/// It ended otherwise than with 0, or not in time. A command that is out of time runs on: the engine cannot end it.
pub(crate) async fn run_hook(
    engine: &dyn Engine,
    (id, name): (&str, &str),
    command: &[String],
    timeout_s: Option<u64>,
) -> Result<(), OperateError> {
    let request = ExecRequest { command: command.to_vec(), keep_bytes: KEEP_BYTES, ..ExecRequest::default() };
    let time = timeout_s.map_or(PATIENCE, Duration::from_secs);
    let program = command.first().cloned().unwrap_or_default();
    let failed = |reason: String| OperateError::Hook { container: name.to_owned(), program: program.clone(), reason };
    match engine.exec(id, &request, Deadline::within(time)).await {
        Ok(outcome) if outcome.exit_code == 0 => Ok(()),
        Ok(outcome) => Err(failed(format!("ended with {}", outcome.exit_code))),
        Err(EngineError::Timeout { .. }) => Err(failed(format!("was not done after {} s", time.as_secs()))),
        Err(error) => Err(error.into()),
    }
}
