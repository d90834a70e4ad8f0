// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Carries decisions out, one at a time for each engine, under the project lock.
//!
//! What was decided may be out of date when its turn comes: each target is looked at once more, and one that somebody
//! stopped, froze, removed or started meanwhile is left alone.
//!
//! Limits: an interrupted restart is finished by the engine; a command is ended with the run.

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;

use super::error::ActFault;
use super::sight::Run;
use crate::health::board::SlotKey;
use crate::health::policy::{Action, ActionKind};
use crate::sys::Clock;
use crate::sys::engine::{ContainerDetail, ContainerStatus, Deadline, Engine, Grace, HealthStatus};
use crate::sys::lock::{LockRequest, Machine, ProjectLock};
use crate::sys::programs::{ProgramCall, Programs};

/// What the engine needs to restart a container beside the time that its process gets to end.
const RESTART_MARGIN: Duration = Duration::from_mins(1);
/// The time that a process gets to end unless its container says otherwise.
const ENGINE_GRACE: Duration = Duration::from_secs(10);
/// A dependency that was restarted with its stack is waited for no longer than this.
const SETTLE: Duration = Duration::from_mins(2);
/// How often it is looked at.
const SETTLE_STEP: Duration = Duration::from_millis(500);
/// How long a command of the settings may run.
const COMMAND_TIME: Duration = Duration::from_mins(5);

/// Something to do, with the runs that it was decided about.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    pub(super) action: Action,
    pub(super) runs: Vec<(SlotKey, Run)>,
    /// What the command of the settings is told of the service.
    pub(super) verdict: &'static str,
    pub(super) engine_address: String,
    /// How far the engine's clock is ahead of ours.
    pub(super) lead: TimeDelta,
}

/// What acting needs of the outside.
#[derive(Clone, Copy)]
pub(super) struct Hands<'a> {
    pub(super) clock: &'a dyn Clock,
    pub(super) machine: &'a dyn Machine,
    pub(super) programs: &'a dyn Programs,
    pub(super) lock_folder: &'a Path,
}

/// Does it.
///
/// # Errors
/// Why it was not done, or not wholly.
pub(super) async fn act(deed: &Deed, engine: &dyn Engine, hands: Hands<'_>) -> Result<(), ActFault> {
    if let ActionKind::Command(words) = &deed.action.kind {
        return command(deed, words, hands).await;
    }
    let project = &deed.action.cause.project;
    let request = LockRequest {
        project,
        folder: hands.lock_folder,
        command: "supervise",
        now: hands.clock.now(),
        break_lock: false,
    };
    let lock = ProjectLock::acquire(engine, hands.machine, request).await?;
    let result = restart_all(deed, engine).await;
    if let Err(error) = lock.release(engine).await {
        tracing::warn!(%error, project, "the project lock is left behind");
    }
    result
}

async fn restart_all(deed: &Deed, engine: &dyn Engine) -> Result<(), ActFault> {
    let mut first_fault = None;
    for (index, (key, run)) in deed.runs.iter().enumerate() {
        let result = restart(key, run, engine).await;
        let is_last = index + 1 == deed.runs.len();
        match result {
            Ok(()) if !is_last => settle(&run.container, engine).await,
            Ok(()) => {}
            // One that went its own way meanwhile is no reason to leave the rest of the stack half restarted.
            Err(fault) if *key != deed.action.cause => {
                tracing::warn!(%fault, service = key.service, "not restarted with its stack");
                first_fault.get_or_insert(fault);
            }
            Err(fault) => return Err(fault),
        }
    }
    first_fault.map_or(Ok(()), Err)
}

async fn restart(key: &SlotKey, run: &Run, engine: &dyn Engine) -> Result<(), ActFault> {
    let changed = |what| ActFault::Changed { service: key.service.clone(), what };
    let detail = match engine.inspect_container(&run.container, Deadline::QUESTION).await {
        Ok(detail) => detail,
        Err(error) if error.is_not_found() => return Err(changed("was removed meanwhile")),
        Err(error) => return Err(error.into()),
    };
    if let Some(what) = change(&detail, run) {
        return Err(changed(what));
    }
    let grace = detail.stop_grace.unwrap_or(ENGINE_GRACE);
    engine.restart_container(&run.container, Grace::OWN, Deadline::within(grace + RESTART_MARGIN)).await?;
    Ok(())
}

/// What has become of the run that a decision was about; `None` when nothing has.
fn change(detail: &ContainerDetail, run: &Run) -> Option<&'static str> {
    match detail.state.status {
        ContainerStatus::Paused => Some("was paused meanwhile"),
        ContainerStatus::Removing | ContainerStatus::Dead => Some("is being removed"),
        _ if detail.state.started != run.started_at => Some("was started meanwhile"),
        ContainerStatus::Exited | ContainerStatus::Created if run.is_up => Some("has ended meanwhile"),
        _ => None,
    }
}

/// Waits until a restarted container has made up its mind, so that what needs it finds it there.
async fn settle(container: &str, engine: &dyn Engine) {
    let settled = async {
        loop {
            let Ok(detail) = engine.inspect_container(container, Deadline::QUESTION).await else { return };
            let is_starting = detail.state.status == ContainerStatus::Running
                && detail.state.health.is_some_and(|health| health.status == HealthStatus::Starting);
            if !is_starting {
                return;
            }
            tokio::time::sleep(SETTLE_STEP).await;
        }
    };
    let _ = tokio::time::timeout(SETTLE, settled).await;
}

async fn command(deed: &Deed, words: &[String], hands: Hands<'_>) -> Result<(), ActFault> {
    let key = &deed.action.cause;
    let Some((program, arguments)) = words.split_first() else {
        return Err(ActFault::NoCommand { service: key.service.clone() });
    };
    let container = deed.runs.iter().find(|(other, _)| other == key).map_or("", |(_, run)| run.container.as_str());
    let told = [
        ("STACKCTL_HEAL_PROJECT", key.project.as_str()),
        ("STACKCTL_HEAL_SERVICE", key.service.as_str()),
        ("STACKCTL_HEAL_CONTAINER", container),
        ("STACKCTL_HEAL_VERDICT", deed.verdict),
        ("STACKCTL_HEAL_REASON", deed.action.reason.as_str()),
        ("DOCKER_HOST", deed.engine_address.as_str()),
    ];
    let mut environment: Vec<(String, String)> =
        told.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    environment.push(("STACKCTL_HEAL_ATTEMPT".to_owned(), deed.action.attempt.to_string()));
    let call = ProgramCall {
        program: program.clone(),
        arguments: arguments.to_vec(),
        environment,
        keep_bytes: 4096,
        ..ProgramCall::default()
    };
    let fault = |reason| ActFault::Command { program: program.clone(), reason };
    let ended = hands.programs.run(&call, COMMAND_TIME).await.map_err(|missing| fault(missing.to_string()))?;
    if ended.status == 0 {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&ended.stderr);
    let first = words.lines().next().unwrap_or_default().trim();
    let said = if first.is_empty() { String::new() } else { format!(": {first}") };
    Err(fault(format!("ended with {}{said}", ended.status)))
}
