// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Ends and removes what is left of an operation's helpers, whoever made them: they are found by their label alone.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::sys::engine::{ContainerFilter, Deadline, Engine, EngineError};
use crate::sys::worker::{LABEL, WorkerError};

/// How long is waited between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Looks until something that does not go is told.
const LOOKS: usize = 300;

/// The operations of a project that left something, as their labels name them.
///
/// # Errors
/// The engine's.
pub(super) async fn owners(engine: &dyn Engine, beginning: &str) -> Result<BTreeSet<String>, WorkerError> {
    let filter = ContainerFilter { labels: vec![(LABEL.to_owned(), None)], only_running: false };
    let containers = engine.list_containers(&filter, Deadline::QUESTION).await?;
    let volumes = engine.list_volumes(LABEL, Deadline::QUESTION).await?;
    let labels = containers.iter().map(|one| &one.labels).chain(volumes.iter().map(|one| &one.labels));
    let owners = labels.filter_map(|labels| labels.get(LABEL)).filter(|owner| owner.starts_with(beginning));
    Ok(owners.cloned().collect())
}

/// Removes containers first: volumes cannot go while one uses them. What goes away by itself meanwhile is well; what is
/// being removed already is waited for.
///
/// # Errors
/// The engine's; that of the last attempt when something does not go.
pub(super) async fn sweep(engine: &dyn Engine, operation: &str) -> Result<(), WorkerError> {
    let (filter, label) = (ContainerFilter::labelled(LABEL, operation), format!("{LABEL}={operation}"));
    let mut refusal = None;
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let containers = engine.list_containers(&filter, Deadline::QUESTION).await?;
        for container in &containers {
            refusal = tolerated(engine.remove_container(&container.id, Deadline::CHANGE).await)?.or(refusal);
        }
        if !containers.is_empty() {
            continue;
        }
        let volumes = engine.list_volumes(&label, Deadline::QUESTION).await?;
        for volume in &volumes {
            refusal = tolerated(engine.remove_volume(&volume.name, Deadline::CHANGE).await)?.or(refusal);
        }
        if volumes.is_empty() {
            return Ok(());
        }
    }
    Err(refusal.map_or_else(
        || WorkerError::Impossible(format!("helpers of {operation} cannot be removed")),
        WorkerError::Engine,
    ))
}

/// Whatever is about the object may change until the next look.
fn tolerated(removed: Result<(), EngineError>) -> Result<Option<EngineError>, EngineError> {
    match removed {
        Ok(()) => Ok(None),
        Err(error) if error.is_outage() => Err(error),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Ok(Some(error)),
    }
}
