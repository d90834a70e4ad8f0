// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
//! Everything that an engine runs, at one moment of its own clock.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::{StreamExt as _, stream};

use super::Watched;
use crate::app::engines::Place;
use crate::app::observe::{container, container_status};
use crate::app::status::secrets;
use crate::health::observation::{Health, HealthStatus};
use crate::health::{Container, Timestamp};
use crate::sys::Clock;
use crate::sys::engine::{ContainerDetail, ContainerFilter, ContainerStatus, ContainerSummary, Deadline, EngineError};

/// A look at one container. Shorter than other questions: an engine can hang on a single container, and the rest must
/// not wait long for it.
pub(super) const LOOK: Deadline = Deadline::within(Duration::from_secs(5));

/// Looks under way at once: enough to hide the way to the engine, few enough to leave it room.
pub(super) const LOOKS: usize = 8;

/// How much of a container was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Everything.
    Inspected,
    /// One line of the list, because it could not be inspected: no timings, no probes, no restart policy.
    Listed,
}

/// A container that was looked at.
#[derive(Debug)]
pub(super) struct Observed {
    pub(super) container: Container,
    /// What must not be shown of it.
    pub(super) secrets: Vec<String>,
    pub(super) depth: Depth,
}

impl Observed {
    pub(super) fn inspected(detail: &ContainerDetail) -> Self {
        Self { container: container(detail), secrets: secrets(&detail.environment), depth: Depth::Inspected }
    }

    fn listed(summary: &ContainerSummary) -> Self {
        let created_at = summary.created.unwrap_or_default();
        let mut container =
            Container::unseen(&summary.id, &summary.name, &summary.image, summary.labels.clone(), created_at);
        let status = summary.status;
        container.status = container_status(status);
        container.running =
            matches!(status, ContainerStatus::Running | ContainerStatus::Paused | ContainerStatus::Restarting);
        container.paused = status == ContainerStatus::Paused;
        container.restarting = status == ContainerStatus::Restarting;
        // Lists of the engines that are supported have the health in the sentence alone.
        let words = [
            ("(healthy)", HealthStatus::Healthy),
            ("(unhealthy)", HealthStatus::Unhealthy),
            ("(health: starting)", HealthStatus::Starting),
        ];
        let found = words.iter().find(|(word, _)| summary.status_text.ends_with(word));
        container.health = found.map(|(_, status)| Health { status: *status, failing_streak: None, log: Vec::new() });
        Self { container, secrets: Vec::new(), depth: Depth::Listed }
    }
}

/// How far the engine's clock is ahead of ours, at least: a moment corrected by it is never later than the engine's own.
/// Nothing for an engine on this machine, and for one that does not tell its time.
///
/// # Errors
/// The engine cannot be asked.
pub(super) async fn clock_lead(watched: Watched<'_>, clock: &dyn Clock) -> Result<TimeDelta, EngineError> {
    if watched.place == Place::Here {
        return Ok(TimeDelta::zero());
    }
    match watched.engine.info(Deadline::QUESTION).await {
        Ok(info) => Ok(info.time.map_or(TimeDelta::zero(), |time| time - clock.now())),
        Err(error) if error.is_outage() => Err(error),
        // A proxy before the socket may forbid this one call.
        Err(error) => {
            tracing::debug!(%error, "the engine does not tell its time");
            Ok(TimeDelta::zero())
        }
    }
}

/// All containers of the scope; one that goes meanwhile is left out.
///
/// # Errors
/// The engine cannot be asked.
pub(super) async fn containers(watched: Watched<'_>, filter: &ContainerFilter) -> Result<Vec<Observed>, EngineError> {
    let listed = watched.engine.list_containers(filter, Deadline::QUESTION).await?;
    let looks = listed.iter().map(async |summary| (summary, watched.engine.inspect_container(&summary.id, LOOK).await));
    let mut looks = stream::iter(looks).buffer_unordered(LOOKS);
    let mut seen = Vec::with_capacity(listed.len());
    while let Some((summary, result)) = looks.next().await {
        match result {
            Ok(detail) => seen.push(Observed::inspected(&detail)),
            Err(error) if error.is_not_found() => {}
            Err(error @ (EngineError::Unreachable { .. } | EngineError::Denied { .. })) => return Err(error),
            Err(error) => {
                tracing::debug!(%error, container = summary.name, "known from the list alone");
                seen.push(Observed::listed(summary));
            }
        }
    }
    Ok(seen)
}

/// A moment of the engine's clock, and all that it runs then.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// How far the engine's clock is ahead.
    pub(super) lead: TimeDelta,
    /// The moment: everything before it is in the containers.
    pub(super) as_of: Timestamp,
    /// The containers.
    pub(super) seen: Vec<Observed>,
}

/// Reads clock and containers. `as_of` is the moment up to which everything was heard; without one, it is now.
///
/// # Errors
/// The engine cannot be asked.
pub(super) async fn snapshot(
    watched: Watched<'_>,
    filter: &ContainerFilter,
    clock: &dyn Clock,
    as_of: Option<Timestamp>,
) -> Result<Snapshot, EngineError> {
    let lead = clock_lead(watched, clock).await?;
    let as_of = as_of.unwrap_or_else(|| clock.now() + lead);
    Ok(Snapshot { lead, as_of, seen: containers(watched, filter).await? })
}
